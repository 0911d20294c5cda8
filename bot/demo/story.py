"""One emergency, played to its end. Each step waits until it is seen at the stand-ins, or the story fails."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from typing import Any

from bot.demo import stage as st
from bot.demo.transcript import line
from playground.twilio.people import MACHINE, UNANSWERED

TITLE = """An emergency at 02:00. Acme Clinics are looked after by a desk of three: Ada is on standby, Grace is the next
step, Lin leads. Time is on the left, as a clock on the wall in Johannesburg shows it.
"""


class NotSeen(Exception):
    """A step of the story did not happen."""


class Story:
    """Plays, prints what everybody sees, and keeps what it needs to go on."""

    def __init__(self, stage: st.Stage, out: Callable[[str], None]) -> None:
        self.stage, self.play, self.out = stage, stage.playground, out
        self.told = 0
        self.card = ""
        self.steps = 0

    def catch_up(self) -> None:
        """Print what happened since the last look."""
        for entry in list(self.play.journal)[self.told :]:
            if (told := line(entry)) is not None:
                self.out(told)
        self.told = len(self.play.journal)

    async def sees(self, what: str, fits: Callable[[Any], bool], *, after: int | None = None) -> Any:
        """Wait until somebody sees it; the transcript goes up to there."""
        try:
            entry = await self.play.journal.wait_for(
                fits, timeout=10.0, after=self.mark if after is None else after
            )
        except TimeoutError as error:
            self.catch_up()
            raise NotSeen(f"{what}: not seen\n{error}") from None
        self.steps += 1
        return entry

    def chapter(self, title: str) -> None:
        self.catch_up()
        self.out(f"\n--- {title}")
        self.mark = len(self.play.journal)

    mark = 0


def _at(
    platform: str, kind: str, *words: str, to: str = "", where: str = "", thread: str | None = None
) -> Callable[[Any], bool]:
    def fits(e: Any) -> bool:
        return (
            e.platform == platform
            and e.kind == kind
            and (not to or e.to == to)
            and (not where or e.where == where)
            and (thread is None or e.thread == thread)
            and all(w in e.text for w in words)
        )

    return fits


async def _raise(s: Story) -> None:
    s.chapter("Thandi writes on WhatsApp; the desk sees a card at once")
    await s.play.twilio.whatsapp_says(st.THANDI, "Our mail server is down, nobody can work", to=st.WHATSAPP)
    await s.sees("the severity is asked", _at("twilio", "whatsapp", "MIT-1001", "1 Emergency", to=st.THANDI))
    card = await s.sees("the card", _at("slack", "message", "MIT-1001", "Acme Clinics", where=st.DESK))
    s.card = card.id


async def _confirm(s: Story) -> None:
    s.chapter("She answers with one digit; Ada is paged, she is told by when")
    await s.play.twilio.whatsapp_says(st.THANDI, "1", to=st.WHATSAPP)
    await s.sees("the promise", _at("twilio", "whatsapp", "Emergency", "by 03:00", to=st.THANDI))
    await s.sees("the page by chat", _at("slack", "dm", "MIT-1001", to=st.ADA))
    await s.sees("the page by SMS", _at("twilio", "sms", "MIT-1001", "ACK", to=st.ADA_PHONE))
    await s.sees("the thread says who is paged", _at("slack", "message", "Ada", where=st.DESK, thread=s.card))
    await s.sees("the card says so too", _at("slack", "edited", "Paging Ada", where=st.DESK))


async def _unanswered(s: Story) -> None:
    s.chapter(
        "Ada does not wake up. Her phone rings: her voicemail picks up, which is no answer. It rings again"
    )
    s.play.twilio.phones.script(st.ADA_PHONE, MACHINE, UNANSWERED)
    s.stage.jump(minutes=1)
    await s.sees("her phone rings", _at("twilio", "call_rings", to=st.ADA_PHONE))
    await s.sees("the call says what it is about", _at("twilio", "call_heard", "Emergency", to=st.ADA_PHONE))
    await s.sees(
        "the thread knows", _at("slack", "message", "an answering machine", where=st.DESK, thread=s.card)
    )
    after = len(s.play.journal)
    s.stage.jump(minutes=2)
    await s.sees("it rings again", _at("twilio", "call_rings", to=st.ADA_PHONE), after=after)
    s.chapter("After five minutes the next step: Grace")
    s.stage.jump(minutes=2)
    await s.sees("the next step's chat page", _at("slack", "dm", "MIT-1001", to=st.GRACE))
    await s.sees("the next step's SMS", _at("twilio", "sms", "MIT-1001", "ACK", to=st.GRACE_PHONE))
    await s.sees("the countdown on the card", _at("slack", "edited", "55 min left", where=st.DESK))


async def _acknowledge(s: Story) -> None:
    page = next(e for e in s.play.journal.entries("slack", "dm") if e.to == st.GRACE)
    s.chapter("Grace taps Acknowledge; card, messages and customer all show it")
    action = next(a["action_id"] for b in page.raw["blocks"] if b["type"] == "actions" for a in b["elements"])
    await s.play.slack.press(st.GRACE, page.where, page.id, action)
    await s.sees(
        "the customer knows who has it", _at("twilio", "whatsapp", "Grace* has MIT-1001", to=st.THANDI)
    )
    await s.sees("her own message says so", _at("slack", "edited", "You have MIT-1001", where=page.where))
    await s.sees("the card says so", _at("slack", "edited", "Grace", where=st.DESK))
    await s.sees("Ada may sleep on", _at("twilio", "sms", "Grace has MIT-1001", to=st.ADA_PHONE))


async def _countdown(s: Story) -> None:
    s.chapter("The card counts down by itself")
    s.stage.jump(minutes=5)
    await s.sees("50 minutes", _at("slack", "edited", "50 min left", where=st.DESK))
    s.stage.jump(minutes=5)
    await s.sees("45 minutes", _at("slack", "edited", "45 min left", where=st.DESK))


async def _talk(s: Story) -> None:
    s.chapter("Both write; a line with // stays inside, and each line gets its mark")
    await s.play.slack.message(
        st.DESK, st.GRACE, "The mail queue is full. Clearing it now, 10 minutes.", s.card
    )
    await s.sees("the reply", _at("twilio", "whatsapp", "Grace", "Clearing it now", to=st.THANDI))
    await s.sees("its mark", _at("slack", "reaction", where=st.DESK))
    await s.play.slack.message(st.DESK, st.GRACE, "// same disk as in March, order a bigger one", s.card)
    await s.sees("the inside mark", lambda e: e.kind == "reaction" and "lock" in e.text)
    await s.play.twilio.whatsapp_says(st.THANDI, "Thank you! First mails are coming in", to=st.WHATSAPP)
    await s.sees("the customer's words", _at("slack", "message", "First mails", where=st.DESK, thread=s.card))
    leaked = [e for e in s.play.journal if e.platform == "twilio" and "bigger one" in e.text]
    if leaked:
        raise NotSeen("an internal line reached the customer")


async def _resolve(s: Story) -> None:
    s.chapter("Grace resolves it; Thandi confirms")
    await s.play.slack.command(
        st.GRACE, st.DESK, "/standby", "resolve MIT-1001 The queue is empty and mail flows again."
    )
    await s.sees(
        "the customer hears it", _at("twilio", "whatsapp", "resolved", "mail flows again", to=st.THANDI)
    )
    await s.sees("the card is done", _at("slack", "edited", "resolved", where=st.DESK))
    await s.play.twilio.whatsapp_says(st.THANDI, "close", to=st.WHATSAPP)
    await s.sees("closed, with thanks", _at("twilio", "whatsapp", "MIT-1001* is closed", to=st.THANDI))


CHAPTERS: tuple[Callable[[Story], Awaitable[None]], ...] = (
    _raise,
    _confirm,
    _unanswered,
    _acknowledge,
    _countdown,
    _talk,
    _resolve,
)


async def play(out: Callable[[str], None] = print) -> int:
    """Exit code 0 only if every step was seen."""
    out(TITLE)
    async with st.raised(start=st.NIGHT, log=_quiet) as stage:
        story = Story(stage, out)
        try:
            for chapter in CHAPTERS:
                await chapter(story)
        except NotSeen as error:
            print(f"\nThe story broke off: {error}", file=sys.stderr)
            return 1
        finally:
            await stage.playground.settle()
            story.catch_up()
        refused = stage.playground.journal.entries(kind="refused")
        if refused:
            print(f"\nA vendor refused something: {refused[0]}", file=sys.stderr)
            return 1
        out(f"\nAll {story.steps} steps were seen.")
    return 0


def _quiet(event: str, /, **fields: Any) -> None:
    """The story is the output; only trouble is worth another line."""
    if event in (
        "task_died",
        "sending_broke",
        "not_sent",
        "card_not_sent",
        "inbound_failed",
        "channel_start_failed",
    ):
        print(f"  ! {event} {fields}", file=sys.stderr)
