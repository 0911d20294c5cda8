"""Two tickets page the same engineer: the code says which one is meant."""

from tests.fakes.line import Line, line


async def _two(t: Line) -> tuple[str, str]:
    """The codes of both pages."""
    await t.emergency()
    first = t.code("Ada")
    await t.emergency("Our server is down too", by=t.other_customer, thinks=10)
    t.take_all()
    return first, t.code("Ada")


async def test_ack_alone_is_not_enough() -> None:
    async with line() as t:
        first, second = await _two(t)
        assert first != second
        ada = t.engineer("Ada")
        await ada.texts("ack")
        t.reads("Ada", "sms: Several pages are open: reply with the code of one.")
        await ada.texts(f"ack {first}")
        assert "sms: You have MIT-1001." in t.read("Ada")
        t.thread_says("✅ Ada has it (SMS).")
        await ada.texts("ack")
        assert "sms: You have MIT-1002." in t.read("Ada")
        t.thread_says("✅ Ada has it (SMS).")
        t.looks_away("Thandi", "Peter")
        await t.passes(minutes=10)


async def test_each_button_is_of_its_own_page() -> None:
    async with line() as t:
        await t.emergency()
        page = t.last_page("Ada", "slack")
        await t.emergency("Our server is down too", by=t.other_customer, thinks=10)
        t.take_all()
        await t.engineer("Ada").taps_on(page.where, page.id, "Acknowledge")
        t.reads("Ada", "slack changed: ✅ You have MIT-1001 (Acme Clinics).")
        t.thread_says("✅ Ada has it (Slack).")
        t.looks_away("Thandi")
        await t.passes(seconds=50)
        for text in t.paged("Ada", by=[]):
            assert "MIT-1002" in text
        await t.passes(seconds=10)
        (text,) = t.paged("Ada", by=["sms"])
        assert "MIT-1002" in text
