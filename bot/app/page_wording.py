"""The words of a page: what whoever is paged reads and hears, and what they read once it is over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from bot.app.callback_wording import callback_button
from bot.app.phrases import choice, in_time
from bot.app.speech import Speech
from bot.domain import notices as no
from bot.domain.grammar import NO_TICKET
from bot.domain.ids import PersonId
from bot.domain.message import Message, Part, Tone

NameOf = Callable[[PersonId], str]

CALL_FAILURES = {
    "machine": "an answering machine",
    "busy": "the line is busy",
    "no-answer": "nobody picks up",
    "no key": "no key was pressed",
    "failed": "the phone can't be reached",
    "not dialled": "calls to this number are not allowed",
}
"""What a call's failure begins with, and what it means."""


def why_failed(error: str, s: Speech) -> str:
    code = next((code for code in CALL_FAILURES if error.startswith(code)), "")
    return s.text(CALL_FAILURES[code]) if code else ""


def _page_call(n: no.PageCall, s: Speech, name_of: NameOf) -> Message:
    head = _LAST_RESORT[_state(n)] if n.last_resort else "🚨 *{severity} {ticket}*"
    parts = s.say("{name} asks you: ", name=n.handed_by) if n.handed_by else ()
    parts += s.say(
        head + " {organisation}, {contact}: ",
        severity=n.severity,
        ticket=n.ticket,
        organisation=n.organisation,
        contact=n.contact,
        owner=n.owner,
    )
    parts += (Part(text=_short(n.text)),)
    if n.caller == "waits":
        parts += s.say("\n☎️ They are on the line now: your phone may ring for them.")
    elif n.caller == "hung up":
        parts += s.say("\n☎️ They have hung up. To call them back: CALL {ticket}", ticket=n.ticket)
    if n.message:
        parts += s.say("\n🎧 They left a message: {url}", url=n.message)
    if n.due is not None:
        late = n.due <= s.now
        parts += s.say(
            "\nThe answer was due *{when}*." if late else "\nAnswer *{by}*.",
            by=s.by(n.due),
            when=s.when(n.due),
        )
    parts += s.say(" Reply ACK {code}" if n.due is not None else "\nReply ACK {code}", code=n.code)
    choices = (
        choice("ack", n.ticket, s.text("Acknowledge"), n.code, tone=Tone.MAIN),
        *callback_button(n.ticket if n.callback else None, s),
        choice("escalate", n.ticket, s.text("Pass it on"), f"{n.code}/{n.step}"),
    )
    return Message(parts=parts, choices=choices, template="page", spoken=_spoken_page(n, s), keys=_keys(n, s))


_LAST_RESORT = {
    "": "🔴 Still nobody has it: *{severity} {ticket}*",
    "lapsed": "🔴 Still no answer for the customer; {owner} has it: *{severity} {ticket}*",
    "handed": "🔴 Still not acknowledged; {owner} has it: *{severity} {ticket}*",
}


def _state(n: no.PageCall) -> str:
    """Nobody has the ticket; or whoever has it has not answered; or has, and another was asked for."""
    if not n.owner:
        return ""
    return "handed" if n.answered else "lapsed"


def _spoken_page(n: no.PageCall, s: Speech) -> str:
    """Whom it is about first, then what, then how long there is."""
    said = s.text(
        "{severity}. {organisation}. {text}.",
        severity=n.severity,
        organisation=_ended(n.organisation),
        text=_ended(_short(n.text, 160)),
    )
    return " ".join((said, spoken_due(n.due, s))).rstrip()


def spoken_due(due: dt.datetime | None, s: Speech) -> str:
    """How long there is; empty without a promise."""
    if due is None:
        return ""
    if due <= s.now:
        return s.text("The answer is overdue.")
    return s.text("The answer is due in {left}.", left=_spoken_span(due - s.now, s))


def _ended(text: str) -> str:
    """Without the mark at its end: the sentence around it has its own."""
    return text.rstrip(" .!?")


def _spoken_span(length: dt.timedelta, s: Speech) -> str:
    """`1 hour 5 minutes`: whole words, rounded up to the minute, two units at most."""
    minutes = max(-(-int(length.total_seconds()) // 60), 0)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    said = [
        s.plural("{n} day", "{n} days", days) if days else "",
        s.plural("{n} hour", "{n} hours", hours) if hours else "",
        s.plural("{n} minute", "{n} minutes", minutes) if minutes or not (days or hours) else "",
    ]
    return " ".join([unit for unit in said if unit][:2])


def _keys(n: no.PageCall, s: Speech) -> tuple[tuple[str, str], ...]:
    through = (("3", s.text("Press 3 to be put through to the caller.")),) if n.callback else ()
    return (("1", s.text("Press 1 to acknowledge.")), ("2", s.text("Press 2 to pass it on.")), *through)


def _page_bundle(n: no.PageBundle, s: Speech, name_of: NameOf) -> Message:
    if not n.pages:
        return Message(parts=s.say("✅ Nothing of this waits for you any more."))
    count = s.plural("{n} ticket waits for you:", "{n} tickets wait for you:", len(n.pages))
    parts: tuple[Part, ...] = s.say("🚨 *{count}*", count=count)
    for b in n.pages:
        parts += s.say(
            "\n*{severity} {ticket}* {organisation}",
            severity=b.severity,
            ticket=b.ticket,
            organisation=b.organisation,
        )
        parts += s.say(", answer {by}", by=in_time(b.due, s)) if b.due is not None else ()
        parts += s.say(" (ACK {code})", code=b.code)
    parts += s.say("\nReply ACK ALL for all of them, or the code of one.")
    button = choice("ack", NO_TICKET, s.text("Acknowledge all"), "all", tone=Tone.MAIN)
    spoken = " ".join((count, *(f"{b.severity}, {_ended(b.organisation)}." for b in n.pages[:5])))
    keys = (("1", s.text("Press 1 to acknowledge all of them.")),)
    return Message(parts=parts, choices=(button,), template="page", spoken=spoken, keys=keys)


def _short(text: str, limit: int = 220) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1].rstrip() + "…"


def _page_over(n: no.PageOver, s: Speech, name_of: NameOf) -> Message:
    if n.yours:
        return Message(
            parts=s.say(
                "✅ You have *{ticket}* ({organisation}).", ticket=n.ticket, organisation=n.organisation
            ),
            choices=callback_button(n.ticket if n.callback else None, s),
        )
    if n.person:
        return Message(
            parts=s.say(
                "✅ {person} has *{ticket}* ({organisation}). Nothing to do.",
                person=n.person,
                ticket=n.ticket,
                organisation=n.organisation,
            )
        )
    return Message(
        parts=s.say(
            "*{ticket}* ({organisation}) needs nobody any more.", ticket=n.ticket, organisation=n.organisation
        )
    )


PAGE_WORDS: dict[type[no.Notice], Callable[[Any, Speech, NameOf], Message]] = {
    no.PageCall: _page_call,
    no.PageBundle: _page_bundle,
    no.PageOver: _page_over,
}
