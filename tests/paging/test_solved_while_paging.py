"""Resolved, closed or reopened while a page runs."""

from tests.fakes.line import Line, line

GONE = "MIT-1001 (Acme Clinics) needs nobody any more."


async def _paged(t: Line) -> None:
    await t.emergency()
    t.paged("Ada", by=["slack", "sms"])
    t.thread_says("📟 Step 1/2: paging Ada (Slack, SMS).")


async def test_resolved_by_a_colleague() -> None:
    async with line() as t:
        await _paged(t)
        await t.engineer("Grace").types("resolve MIT-1001 The queue is empty again.")
        t.reads("Grace", "slack only them: Done: MIT-1001 is resolved.")
        over = "MIT-1001 (Acme Clinics) needs nobody any more."
        t.reads("Ada", f"slack changed: {over}", f"sms: {over}")
        t.thread_says("✅ Grace resolved it. The queue is empty again.")
        t.customer_reads(
            "*Grace* says MIT-1001 is resolved.\nThe queue is empty again.\nIf it is not, just answer here and it is open again.\n"
            "[It works]\n[Not yet]"
        )
        await t.passes(hours=1)


async def test_closed_by_the_customer() -> None:
    async with line() as t:
        await _paged(t)
        await t.customer.writes("close")
        t.customer_reads("*MIT-1001* is closed. Thank you. Write here whenever you need us.")
        t.reads("Ada", f"slack changed: {GONE}", f"sms: {GONE}")
        t.thread_says("Thandi closed it.", "Paging stopped: closed.")
        await t.passes(hours=1)


async def test_reopened_pages_again() -> None:
    async with line() as t:
        await _paged(t)
        first = t.code("Ada")
        await t.engineer("Ada").replies("Restarted, please try again.")
        await t.engineer("Ada").types("resolve MIT-1001")
        t.looks_away()
        await t.passes(minutes=10)
        await t.customer.writes("It is still down")
        t.paged("Ada", by=["slack", "sms"])
        assert t.code("Ada") != first
        t.customer_reads(
            "*MIT-1001* is open again. We are calling the engineer on standby now. "
            "An engineer answers you here *by 03:10 (in 1 h)*."
        )
        t.thread_says(
            "@Ada Reopened by Thandi.", "Thandi: It is still down", "📟 Step 1/2: paging Ada (Slack, SMS)."
        )
        await t.passes(minutes=4, seconds=59)
        t.paged("Ada", by=["sms", "sms"])
        await t.engineer("Ada").texts(f"ack {t.code('Ada')}")
        t.looks_away()
        await t.passes(minutes=5)
