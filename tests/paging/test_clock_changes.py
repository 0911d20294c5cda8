"""The wall clock goes back at the end of summer time; this machine's clock is set back by hand."""

from tests.fakes.line import line


async def test_the_hour_that_comes_twice() -> None:
    """Warsaw, 25 Oct 2026: 02:20 to 03:00 comes twice. The daily hand-over at 02:30 happens once, the first time."""
    async with line(
        at="2026-10-25T02:20",
        zone="Europe/Warsaw",
        rota=("ada", "grace"),
        turn="1 day",
        handover="2026-10-24T02:30",
        steps=(("schedule:standby", "10m"),),
        repeat=20,
        rules=dict.fromkeys(("ada", "grace"), '[{ after = "0m", by = ["chat"] }]'),
    ) as t:
        await t.emergency()
        t.paged("Ada", by=["slack"])
        t.thread_says("📟 Step 1/1: paging Ada (Slack).")
        for _ in range(9):
            await t.passes(minutes=9, seconds=59)
            t.not_paged("Ada", "Grace")
            await t.passes(seconds=1)
            t.paged("Grace", by=["slack"])
            t.not_paged("Ada")
        assert t.read("desk").count("📟 standby: Grace on call until Mon 02:30. Before: Ada.") == 1
        assert t.read("Grace").count("You are on call until Mon 02:30") == 1
        assert t.clock.at.astimezone(t.zone).strftime("%H:%M") == "02:50"
        t.looks_away("thread")


async def test_the_clock_is_set_back_by_an_hour() -> None:
    async with line() as t:
        await t.emergency()
        t.paged("Ada", by=["slack", "sms"])
        t.thread_says("📟 Step 1/2: paging Ada (Slack, SMS).")
        await t.passes(minutes=2)
        t.paged("Ada", by=["sms"])
        t.comes(hours=-1)
        await t.passes(minutes=2, seconds=59)
        t.paged("Ada", by=["sms"])
        t.not_paged("Grace")
        await t.passes(seconds=1)
        t.paged("Grace", by=["slack", "sms"])
        t.thread_says("📟 Step 2/2: paging Grace (Slack, SMS).")


async def test_the_clock_is_set_back_while_the_process_is_down() -> None:
    """Nobody saw by how much: it can't be less than to the last thing that is written down, a minute before the end."""
    async with line() as t:
        await t.emergency()
        t.paged("Ada", by=["slack", "sms"])
        t.thread_says("📟 Step 1/2: paging Ada (Slack, SMS).")
        await t.passes(minutes=2)
        t.paged("Ada", by=["sms"])
        await t.is_down(hours=-1)
        await t.passes(minutes=4)
        t.paged("Ada", by=["sms"])
        t.paged("Grace", by=["slack", "sms"])
        t.thread_says("📟 Step 2/2: paging Grace (Slack, SMS).")


async def test_the_clock_leaps_ahead() -> None:
    async with line() as t:
        await t.emergency()
        t.paged("Ada", by=["slack", "sms"])
        t.thread_says("📟 Step 1/2: paging Ada (Slack, SMS).")
        t.comes(hours=2)
        await t.passes(seconds=0)
        t.looks_away("thread", "Thandi")
        t.paged("Grace", by=["slack", "sms"])
        t.looks_away("Ada")
        await t.passes(minutes=4, seconds=59)
        t.paged("Grace", by=["sms", "sms"])
