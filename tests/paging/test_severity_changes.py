"""The severity changes while a page runs."""

from tests.fakes.line import line
from tests.paging.test_calls import paged_and_ringing


async def test_it_was_nothing_urgent() -> None:
    async with line(calls=True) as t:
        await paged_and_ringing(t)
        await t.engineer("Grace").types("severity MIT-1001 low")
        assert not t.phone("Ada").is_on
        gone = "MIT-1001 (Acme Clinics) needs nobody any more."
        t.reads("Ada", f"slack changed: {gone}", f"sms: {gone}", "call ended by us: completed")
        said = t.thread_lines()
        assert said[0].startswith("Grace set the severity to Low.")
        assert any(line.startswith("Paging stopped") for line in said)
        t.looks_away("Grace", "Thandi")
        await t.passes(minutes=20)
        t.not_paged("Ada", "Grace", "Lin")
        t.looks_away("thread")
