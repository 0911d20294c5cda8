"""Two reports of the same trouble are merged while they page."""

from tests.fakes.line import Line, line


async def _two_of_one_customer(t: Line, urgency: str) -> None:
    await t.emergency()
    await t.customer.writes("new")
    await t.customer.writes("Our server is down too")
    await t.passes(seconds=10)
    await t.customer.answers(urgency)
    t.take_all()


async def test_a_report_is_merged_into_the_one_that_pages() -> None:
    async with line() as t:
        await _two_of_one_customer(t, "4")
        await t.engineer("Grace").types("merge MIT-1002 into MIT-1001")
        t.looks_away("Thandi", "Grace", "thread")
        t.reads("Ada")
        await t.passes(minutes=4, seconds=50)
        t.paged("Ada", by=["sms", "sms"])
        t.paged("Grace", by=["slack", "sms"])
        t.thread_says("📟 Step 2/2: paging Grace (Slack, SMS).")


async def test_of_two_that_page_one_is_merged_and_its_page_ends() -> None:
    async with line() as t:
        await _two_of_one_customer(t, "1")
        await t.engineer("Grace").types("merge MIT-1002 into MIT-1001")
        told = t.read("Ada")
        assert "slack changed: MIT-1002 (Acme Clinics) needs nobody any more." in told
        assert "MIT-1001" not in told
        t.take_all()
        await t.passes(minutes=5)
        pages = t.read_pages("Ada") + t.read_pages("Grace")
        assert len(pages) == 4
        assert all("MIT-1001" in text for text in pages)
        t.take_all()
