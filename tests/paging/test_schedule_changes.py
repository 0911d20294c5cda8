"""Who is on call is asked anew at every step: a hand-over or an override in the middle of a page counts at once."""

from tests.fakes.line import Line, line

STEPS = (("schedule:standby", "5m"), ("person:lin", "5m"))
CHAT = '[{ after = "0m", by = ["chat"] }]'
QUIET = {"ada": CHAT, "grace": CHAT, "lin": CHAT}
"""Once a step by chat: this is about who, not about how."""


async def _ten_minutes(t: Line, first: str) -> None:
    """One of the rota, then Lin; up to the first instant of what follows."""
    t.thread_says(f"📟 Step 1/2: paging {first} (Slack).")
    t.paged(first, by=["slack"])
    await t.passes(minutes=5)
    t.thread_says("📟 Step 2/2: paging Lin (Telegram).")
    t.paged("Lin", by=["telegram"])
    await t.passes(minutes=5)


async def test_the_shift_is_handed_over_between_a_step_and_its_repeat() -> None:
    async with line(at="2026-11-23T08:53", rota=("ada", "grace"), steps=STEPS, repeat=1, rules=QUIET) as t:
        await t.emergency()
        await _ten_minutes(t, "Grace")
        await _ten_minutes(t, "Ada")
        assert "📟 standby: Ada on call until Mon 30 Nov 09:00. Before: Grace." in t.read("desk")
        assert "MIT-1001 Emergency, Acme Clinics: nobody yet, 53 min left" in t.read("Ada")
        t.take_all()


async def test_an_override_between_a_step_and_its_repeat() -> None:
    async with line(steps=STEPS, repeat=1, rules=QUIET) as t:
        await t.emergency()
        t.thread_says("📟 Step 1/2: paging Ada (Slack).")
        t.paged("Ada", by=["slack"])
        await t.engineer("Grace").types("override standby grace instead of ada for 3h")
        t.paged("Grace", by=["slack"])  # she comes on call in the middle of it
        t.thread_says("📟 Standby calls in Grace (Slack).")
        _heard_of_it(t)
        await t.passes(minutes=5)
        t.thread_says("📟 Step 2/2: paging Lin (Telegram).")
        t.paged("Lin", by=["telegram"])
        await t.passes(minutes=5)
        await _ten_minutes(t, "Grace")
        t.take_all()


async def test_whoever_takes_the_shift_is_paged_for_what_comes_next() -> None:
    async with line(steps=STEPS, rules=QUIET) as t:
        await t.engineer("Grace").types("take standby for 3h")
        t.take_all()
        await t.emergency()
        t.thread_says("📟 Step 1/2: paging Grace (Slack).")
        t.paged("Grace", by=["slack"])
        t.not_paged("Ada")


def _heard_of_it(t: Line) -> None:
    change = "From Tue 02:00 to Tue 05:00: Grace instead of Ada (standby)."
    t.desk_says(f"🔁 Grace changed who is on call. {change}")
    assert change in t.read("Grace")
    assert "you are not on call" in t.read("Ada")
