"""Wherever somebody acknowledges, every place says so at once, and nothing more is sent."""

from collections.abc import Awaitable, Callable

import pytest

from tests.fakes.line import Line, line

TEAM = (("person:ada person:grace person:lin", "5m"),)
OVER = "✅ Ada has MIT-1001 (Acme Clinics). Nothing to do."
YOURS = "✅ You have MIT-1001 (Acme Clinics)."
Doing = Callable[[Line], Awaitable[None]]


async def paged_together(t: Line) -> None:
    await t.emergency()
    t.paged("Ada", by=["slack", "sms"])
    t.paged("Grace", by=["slack", "sms"])
    t.paged("Lin", by=["telegram"])
    t.thread_says("📟 Step 1/1: paging Ada (Slack, SMS), Grace (Slack, SMS), Lin (Telegram).")


ADAS: dict[str, tuple[Doing, str, tuple[str, ...]]] = {
    "the button of her page": (lambda t: t.engineer("Ada").taps(), "Slack", ()),
    "the button of the card": (lambda t: t.engineer("Ada").taps_card(), "Slack", ()),
    "a command": (
        lambda t: t.engineer("Ada").types("ack MIT-1001"),
        "Slack",
        ("slack only them: You have MIT-1001.",),
    ),
    "a command with nothing more": (
        lambda t: t.engineer("Ada").types("ack"),
        "Slack",
        ("slack only them: You have MIT-1001.",),
    ),
    "ack in the thread": (lambda t: t.engineer("Ada").replies("ack"), "Slack", ()),
    "her own Slack chat": (lambda t: t.engineer("Ada").dms("ack"), "Slack", ("slack: You have MIT-1001.",)),
    "her own Slack chat, with the code": (
        lambda t: t.engineer("Ada").dms(f"ack {t.code('Ada')}"),
        "Slack",
        ("slack: You have MIT-1001.",),
    ),
    "WhatsApp": (
        lambda t: t.engineer("Ada").whatsapps(f"ack {t.code('Ada')}"),
        "WhatsApp",
        ("whatsapp: You have *MIT-1001*.",),
    ),
}


@pytest.mark.parametrize("place", ADAS)
async def test_ada_acknowledges(place: str) -> None:
    doing, via, answers = ADAS[place]
    async with line(steps=TEAM) as t:
        await paged_together(t)
        await doing(t)
        t.thread_says(f"✅ Ada has it ({via}).")
        t.customer_reads(
            "*Ada* has MIT-1001 now and is looking into it. You hear from Ada by 03:00 (in 1 h)."
        )
        t.reads("Ada", f"slack changed: {YOURS}", *answers)
        _the_others_may_sleep_on(t)
        await t.passes(seconds=5)
        t.card_says("Ada")
        await t.passes(minutes=15)


SPELLINGS = (
    "ACK {}",
    "ack {}",
    "Ack {}.",
    "ack{}",
    "{}",
    " {} ",
    "ack",
    "ACK!",
    "Acknowledge",
    "ok {}, on it",
)


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_an_sms_in_several_spellings(spelling: str) -> None:
    async with line(steps=TEAM) as t:
        await paged_together(t)
        await t.engineer("Ada").texts(spelling.format(t.code("Ada")))
        t.thread_says("✅ Ada has it (SMS).")
        t.customer_reads(
            "*Ada* has MIT-1001 now and is looking into it. You hear from Ada by 03:00 (in 1 h)."
        )
        t.reads("Ada", f"slack changed: {YOURS}", "sms: You have MIT-1001.")
        _the_others_may_sleep_on(t)
        await t.passes(minutes=15)


@pytest.mark.parametrize("words", ["", "ack", "ack {}"])
async def test_lin_acknowledges_by_telegram(words: str) -> None:
    async with line(steps=TEAM) as t:
        await paged_together(t)
        lin = t.engineer("Lin")
        await (lin.telegrams(words.format(t.code("Ada"))) if words else lin.taps_telegram())
        t.thread_says("✅ Lin has it (Telegram).")
        t.customer_reads(
            "*Lin* has MIT-1001 now and is looking into it. You hear from Lin by 03:00 (in 1 h)."
        )
        answer = "telegram: You have MIT-1001." if words else "telegram toast: You have MIT-1001."
        t.reads("Lin", f"telegram changed: {YOURS}", answer)
        over = OVER.replace("Ada", "Lin")
        t.reads("Ada", f"slack changed: {over}", f"sms: {over}")
        t.reads("Grace", f"slack changed: {over}", f"sms: {over}")
        await t.passes(minutes=15)


async def test_a_reply_to_the_customer_acknowledges_too() -> None:
    async with line(steps=TEAM) as t:
        await paged_together(t)
        await t.engineer("Ada").replies("We are on it: the disk is full.")
        t.thread_says("✅ Ada has it (Slack).")
        t.customer_reads("*Ada* (MIT-1001): We are on it: the disk is full.")
        t.reads("Ada", f"slack changed: {YOURS}")
        _the_others_may_sleep_on(t)
        await t.passes(minutes=15)


async def test_an_internal_line_does_not() -> None:
    async with line(steps=TEAM) as t:
        await paged_together(t)
        await t.engineer("Ada").replies("// what is this about?")
        t.thread_says()
        await t.passes(minutes=1)
        t.paged("Ada", by=["sms"])
        t.paged("Grace", by=["sms"])
        t.paged("Lin", by=["telegram"])


def _the_others_may_sleep_on(t: Line) -> None:
    t.reads("Grace", f"slack changed: {OVER}", f"sms: {OVER}")
    t.reads("Lin", f"telegram changed: {OVER}")
