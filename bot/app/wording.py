"""The words of every notice to a customer and to a paged engineer. One table; the desk's lines are in desk_wording.py."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from bot.app.arithmetic import arithmetic
from bot.app.desk_wording import DESK_WORDS
from bot.app.opening_wording import OPENING_WORDS
from bot.app.phrases import choice, in_time
from bot.app.speech import Speech
from bot.app.terms_wording import TERMS_WORDS
from bot.domain import notices as no
from bot.domain.ids import PersonId
from bot.domain.message import Message, Part, Tone
from escalation.targets import StepKind

NameOf = Callable[[PersonId], str]


def words(notice: no.Notice, speech: Speech, name_of: NameOf) -> Message:
    """What `notice` says to this reader now."""
    wording = _CUSTOMER_WORDS.get(type(notice))
    if wording is not None:
        return _trimmed(wording(notice, speech))
    return DESK_WORDS[type(notice)](notice, speech, name_of)


def _trimmed(message: Message) -> Message:
    """Without the space after a sentence that nothing followed."""
    *most, last = message.parts
    if last.text == last.text.rstrip():
        return message
    return dataclasses.replace(message, parts=(*most, dataclasses.replace(last, text=last.text.rstrip())))


def _bad_email(n: no.BadEmail, s: Speech) -> Message:
    return Message(parts=s.say("That is no email address. Please write it as name@example.com."))


def _welcome(n: no.YoureWelcome, s: Speech) -> Message:
    return Message(parts=s.say("You are welcome. Write here whenever you need us."))


def _closed_already(n: no.ClosedAlready, s: Speech) -> Message:
    return Message(
        parts=s.say("*{ticket}* is closed. Write what is wrong, and we open another ticket.", ticket=n.ticket)
    )


def _urgent_noted(n: no.UrgentNoted, s: Speech) -> Message:
    return Message(parts=s.say("The team knows that *{ticket}* is urgent for you.", ticket=n.ticket))


def _language_changed(n: no.LanguageChanged, s: Speech) -> Message:
    if n.known:
        return Message(parts=s.say("From now on we write to you in English."))
    return Message(parts=s.say("We speak English and Polish: write *language en* or *language pl*."))


def _has_it(n: no.HasIt, s: Speech) -> Message:
    parts = s.say("*{person}* has {ticket} now and is looking into it.", person=n.person, ticket=n.ticket)
    if n.due is not None:
        parts += s.say(" You hear from {person} {by}.", person=n.person, by=in_time(n.due, s))
    return Message(parts=parts)


def _answer(n: no.Answer, s: Speech) -> Message:
    return Message(
        parts=s.say("*{person}* ({ticket}): {text}", person=n.person, ticket=n.ticket, text=n.text)
    )


def _info_needed(n: no.InfoNeeded, s: Speech) -> Message:
    parts = s.say(
        "*{person}* ({ticket}) needs something from you:\n{text}\n",
        person=n.person,
        ticket=n.ticket,
        text=n.text,
    )
    return Message(parts=parts + s.say("Answer here; we go on as soon as you do."))


def _resolved(n: no.ResolvedForYou, s: Speech) -> Message:
    parts = s.say("*{person}* says {ticket} is resolved.", person=n.person, ticket=n.ticket)
    if n.text:
        parts += s.say("\n{text}", text=n.text)
    parts += s.say("\nIf it is not, just answer here and it is open again.")
    choices = (
        choice("works", n.ticket, s.text("It works"), tone=Tone.MAIN),
        choice("reopen", n.ticket, s.text("Not yet")),
    )
    return Message(parts=parts, choices=choices)


def _reopened(n: no.ReopenedForYou, s: Speech) -> Message:
    parts = s.say("*{ticket}* is open again. ", ticket=n.ticket)
    if n.paging:
        parts += s.say("We are calling the engineer on standby now. ")
    if n.due is not None:
        parts += s.say("An engineer answers you here *{by}*.", by=in_time(n.due, s))
    if n.solved is not None:
        parts += s.say(" It is to be solved *{by}*.", by=in_time(n.solved, s))
    return Message(parts=parts)


def _worse_asked(n: no.WorseAsked, s: Speech) -> Message:
    return Message(
        parts=s.say(
            "This sounds worse. Should *{ticket}* be *{severity}* now? With *yes* or *urgent* we call the engineer on standby.",
            ticket=n.ticket,
            severity=n.severity,
        ),
        choices=(choice("sev", n.ticket, n.severity, n.id, Tone.GRAVE),),
    )


def _new_asked(n: no.NewAsked, s: Speech) -> Message:
    return Message(parts=s.say("What is wrong? Your next message opens another ticket."))


def _closed(n: no.ClosedForYou, s: Speech) -> Message:
    return Message(
        parts=s.say("*{ticket}* is closed. Thank you. Write here whenever you need us.", ticket=n.ticket)
    )


def _thanks_for_name(n: no.ThanksForName, s: Speech) -> Message:
    return Message(parts=s.say("Thank you, {name}. It is noted on {ticket}.", name=n.name, ticket=n.ticket))


def _status(n: no.StatusReport, s: Speech) -> Message:
    if not n.lines:
        return Message(
            parts=s.say("You have no open ticket. Write in one message what is wrong, and we open one.")
        )
    parts: tuple[Part, ...] = ()
    for line in n.lines:
        parts += s.say("\n" if parts else "")
        named = "*{ticket}* ({severity}): {status}" if line.severity else "*{ticket}*: {status}"
        parts += s.say(named, ticket=line.ticket, severity=line.severity, status=_state(line, s))
        parts += _due(line, s)
        worth = [clock for clock in line.why if _is_worth_it(clock)]
        for clock in worth if len(n.lines) == 1 else ():
            parts += s.say("\n") + arithmetic(clock, ZoneInfo(line.zone), s, inside=False)
    return Message(parts=parts)


def _is_worth_it(clock: no.ExplainedClock) -> bool:
    """More than one stretch, and the result."""
    return len([step for step in clock.steps if step.kind is not StepKind.AIM]) > 2


def _due(line: no.StatusLine, s: Speech) -> tuple[Part, ...]:
    """By when; what has passed is called by its name."""
    parts: tuple[Part, ...] = ()
    if line.due is not None and line.due > s.now:
        parts += s.say(", answer {by}", by=s.by(line.due))
    elif line.due is not None:
        parts += s.say(", the answer was due ({when}) and comes as soon as possible", when=s.when(line.due))
    if line.solved is not None and line.solved > s.now:
        parts += s.say(", solved {by}", by=s.by(line.solved))
    elif line.solved is not None:
        parts += s.say(", was to be solved ({when}); we are at it", when=s.when(line.solved))
    return parts


def _state(line: no.StatusLine, s: Speech) -> str:
    if line.status == "excluded":
        return s.text("not covered by our support")
    if line.status == "active" and line.person:
        return s.text("{person} has it", person=line.person)
    told = {
        "new": "waiting for an engineer",
        "active": "an engineer has it",
        "waiting": "waiting for your answer",
        "resolved": "resolved",
        "closed": "closed",
    }
    return s.text(told[line.status])


def _help(n: no.CustomerHelp, s: Speech) -> Message:
    hello = s.say("Hello. ") if n.greeting else ()
    return Message(
        parts=hello
        + s.say("Write in one message what is wrong, and we open a ticket.")
        + s.say(
            "\n*status* your tickets · *new* another ticket · *urgent* it got worse · *close* it is done · *reopen* it is not · "
            "*language pl* po polsku"
        )
    )


def _severity_already(n: no.SeverityAlready, s: Speech) -> Message:
    return Message(
        parts=s.say(
            "*{ticket}* is {severity} already. If it got worse, write *urgent*.",
            ticket=n.ticket,
            severity=n.severity,
        )
    )


_CUSTOMER_WORDS: dict[type[no.Notice], Callable[[Any, Speech], Message]] = {
    **OPENING_WORDS,
    **TERMS_WORDS,
    no.BadEmail: _bad_email,
    no.YoureWelcome: _welcome,
    no.UrgentNoted: _urgent_noted,
    no.ClosedAlready: _closed_already,
    no.LanguageChanged: _language_changed,
    no.HasIt: _has_it,
    no.Answer: _answer,
    no.InfoNeeded: _info_needed,
    no.ResolvedForYou: _resolved,
    no.ReopenedForYou: _reopened,
    no.WorseAsked: _worse_asked,
    no.NewAsked: _new_asked,
    no.ClosedForYou: _closed,
    no.ThanksForName: _thanks_for_name,
    no.StatusReport: _status,
    no.CustomerHelp: _help,
    no.SeverityAlready: _severity_already,
}
