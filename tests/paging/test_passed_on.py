"""Somebody does not want to wait, or can't: `escalate`, the button and key for it, `handover`, `page`, `snooze`."""

from tests.fakes.line import Line, line

THREE = (("schedule:standby", "5m"), ("person:grace", "5m"), ("person:lin", "5m"))


async def _paged(t: Line) -> None:
    await t.emergency()
    t.paged("Ada", by=["slack", "sms"])
    t.thread_says("📟 Step 1/3: paging Ada (Slack, SMS).")
    await t.passes(seconds=30)


async def test_the_button_under_the_page_is_the_next_step_now() -> None:
    async with line(steps=THREE) as t:
        await _paged(t)
        await t.engineer("Ada").taps("Pass it on")
        t.thread_says("📟 Step 2/3: paging Grace (Slack, SMS).")
        t.paged("Grace", by=["slack", "sms"])
        t.reads("Ada", "slack: Done: MIT-1001 goes on to the next.")
        await t.engineer("Ada").taps("Pass it on")
        t.reads("Ada", "slack: MIT-1001 has moved on since; nothing was changed.")
        t.not_paged("Lin")
        t.thread_says()


async def test_whoever_passes_it_on_is_left_alone() -> None:
    async with line(steps=THREE) as t:
        await _paged(t)
        await t.engineer("Ada").taps("Pass it on")
        t.paged("Grace", by=["slack", "sms"])
        t.reads("Ada", "slack: Done: MIT-1001 goes on to the next.")
        t.looks_away("thread")
        await t.passes(minutes=4, seconds=59)
        t.paged("Grace", by=["sms", "sms"])
        t.not_paged("Ada")


async def test_escalate_as_a_command() -> None:
    async with line(steps=THREE) as t:
        await _paged(t)
        await t.engineer("Grace").types("escalate MIT-1001")
        t.reads("Grace", "slack only them: Done: MIT-1001 goes on to the next.")
        t.thread_says("📟 Step 2/3: paging Grace (Slack, SMS).")
        t.paged("Grace", by=["slack", "sms"])
        await t.passes(minutes=4, seconds=59)
        t.looks_away("Ada")
        t.paged("Grace", by=["sms", "sms"])
        await t.passes(seconds=1)
        t.thread_says("📟 Step 3/3: paging Lin (Telegram).")
        t.paged("Lin", by=["telegram"])


async def test_handed_to_a_colleague_who_has_it_once_she_acknowledges() -> None:
    async with line(steps=THREE) as t:
        await _paged(t)
        await t.engineer("Ada").taps()
        t.looks_away()
        await t.engineer("Ada").types("handover MIT-1001 grace")
        t.reads(
            "Ada", "slack only them: Done: Grace is paged for MIT-1001. It is yours until they acknowledge."
        )
        t.thread_says(
            "🤝 Ada hands it to Grace, who is being paged.", "📟 Step 1/5: paging Grace (Slack, SMS)."
        )
        for text in t.paged("Grace", by=["slack", "sms"]):
            assert text.startswith("Ada asks you: 🚨 Emergency MIT-1001")
        t.customer_reads()
        await t.engineer("Grace").texts(f"ack {t.code('Grace')}")
        t.thread_says("✅ Grace has it (SMS).")
        t.looks_away("Grace", "Thandi")
        await t.passes(minutes=10)


async def test_handed_over_and_not_answered_comes_back() -> None:
    async with line(steps=THREE) as t:
        await _paged(t)
        await t.engineer("Ada").taps()
        await t.engineer("Ada").types("handover MIT-1001 grace")
        t.take_all()
        await t.passes(minutes=4, seconds=59)
        t.paged("Grace", by=["sms", "sms"])
        await t.passes(seconds=1)
        t.paged("Ada", by=["slack", "sms"])
        t.thread_says("📟 Step 2/5: paging Ada (Slack, SMS).")


async def test_another_is_called_in() -> None:
    async with line(steps=THREE) as t:
        await _paged(t)
        await t.engineer("Ada").types("page MIT-1001 lin")
        t.reads("Ada", "slack only them: Done: Lin is paged for MIT-1001.")
        t.thread_says("📟 Ada calls in Lin (Telegram).")
        (text,) = t.paged("Lin", by=["telegram"])
        assert text.startswith("Ada asks you: 🚨")
        await t.engineer("Lin").taps_telegram()
        t.thread_says("✅ Lin has it (Telegram).")
        t.looks_away()
        await t.passes(minutes=20)


async def test_snoozed_and_paged_again() -> None:
    async with line(steps=THREE) as t:
        await _paged(t)
        await t.engineer("Ada").types("snooze MIT-1001 20m")
        t.thread_says(
            "✅ Ada has it (Slack).",
            "💤 Ada snoozed it: paged again 02:20 unless the customer was written to.",
        )
        t.looks_away("Ada", "Thandi")
        await t.passes(minutes=19, seconds=59)
        t.not_paged("Ada", "Grace", "Lin")
        t.thread_says()
        await t.passes(seconds=1)
        t.paged("Ada", by=["slack", "sms"])
        t.looks_away("thread")


async def test_snoozed_and_the_customer_was_written_to() -> None:
    async with line(steps=THREE) as t:
        await _paged(t)
        await t.engineer("Ada").types("snooze MIT-1001 20m")
        await t.engineer("Ada").replies("We are on our way.")
        t.take_all()
        await t.passes(minutes=40)
        t.not_paged("Ada", "Grace", "Lin")
        t.looks_away("thread")
