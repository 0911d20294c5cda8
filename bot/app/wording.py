"""The words of every notice to a customer and to a paged engineer. One table; the desk's lines are in desk_wording.py."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from bot.app.arithmetic import arithmetic, day_of
from bot.app.desk_wording import DESK_WORDS
from bot.app.speech import Speech
from bot.domain import notices as no
from bot.domain.grammar import Action
from bot.domain.ids import PersonId, TicketId
from bot.domain.message import Choice, Message, Part, Style, Tone
from escalation.entitlement import Entitled

NameOf = Callable[[PersonId], str]


def words(notice: no.Notice, speech: Speech, name_of: NameOf) -> Message:
    """What `notice` says to this reader now."""
    wording = _CUSTOMER_WORDS.get(type(notice))
    if wording is not None:
        return wording(notice, speech)
    return DESK_WORDS[type(notice)](notice, speech, name_of)


def choice(verb: str, ticket: TicketId, label: str, value: str = "", tone: Tone = Tone.NORMAL) -> Choice:
    return Choice(id=str(Action(verb=verb, ticket=ticket, value=value)), label=label[:20], tone=tone)


def quote(text: str) -> Part:
    return Part(text=text, style=Style.QUOTE)


def _severity_asked(n: no.SeverityAsked, s: Speech) -> Message:
    numbered = [f"{i} {o.label}" for i, o in enumerate(n.options, 1)]
    return Message(
        parts=(
            *s.say(
                "Ticket *{ticket}* is open. This looks like *{severity}*",
                ticket=n.ticket,
                severity=n.proposed,
            ),
            *s.say(" ({meaning})", meaning=n.meaning.rstrip(".")) * bool(n.meaning),
            *s.say(
                ".\n\nHow urgent is it? Answer with a number:\n{options}\n\n", options="\n".join(numbered)
            ),
            *s.say("No answer {until}: we treat it as {severity}.", until=s.by(n.until), severity=n.proposed),
        ),
        choices=tuple(choice("sev", n.ticket, o.label, o.id) for o in n.options),
        digits=True,
    )


def _category_asked(n: no.CategoryAsked, s: Speech) -> Message:
    numbered = "\n".join(f"{i} {o.label}" for i, o in enumerate(n.options, 1))
    parts = s.say("Ticket *{ticket}* is open.", ticket=n.ticket)
    if n.proposed:
        parts += s.say(" It seems to be about: *{category}*.", category=n.proposed)
    parts += s.say("\n\nWhat is it about? Answer with a number:\n{options}\n\n", options=numbered)
    if n.proposed:
        parts += s.say(
            "No answer {until}: we take it as {category}.", until=s.by(n.until), category=n.proposed
        )
    else:
        parts += s.say("No answer {until}: we find out ourselves.", until=s.by(n.until))
    choices = tuple(choice("cat", n.ticket, o.label, o.id) for o in n.options)
    return Message(parts=parts, choices=choices, digits=True)


def _in_time(due: dt.datetime, s: Speech) -> str:
    """By when; of a time that has passed, what is true now."""
    return s.by(due) if due > s.now else s.text("as soon as possible")


def _promised(n: no.Promised, s: Speech) -> Message:
    parts = _it_is(n, s)
    if n.paging:
        parts += s.say("We are calling the engineer on standby now. ")
    parts += _by_when(n, s)
    if n.reopens is not None:
        parts += s.say(" The desk opens again {when}.", when=s.when(n.reopens))
        if n.can_raise and n.severity:
            parts += s.say(" If it gets worse before, write *urgent*.")
    if n.tell:
        parts += s.say("\n{text}", text=n.tell)
    if n.introduce:
        parts += s.say("\n\nSo that we know who you are: please send us your name and email.")
    elif n.missing:
        parts += s.say(_MISSING.get(n.missing, "\n\nPlease send us your name, email and phone number too."))
    return Message(parts=parts)


_MISSING = {
    ("email",): "\n\nWe have no email address of yours. Please send it here.",
    ("name",): "\n\nWe do not know your name yet. Please send it here, with your email.",
    ("phone",): "\n\nWe have no phone number of yours. Please send it here.",
    ("name", "email"): "\n\nPlease send us your name and email too.",
}


def _it_is(n: no.Promised, s: Speech) -> tuple[Part, ...]:
    """What the ticket is now, and who says so."""
    named = {"ticket": n.ticket, "severity": n.severity, "category": n.category, "person": n.changed_by}
    if n.opened_by:
        parts = s.say(
            '{person} opened *{ticket}* for you: "{text}"\n', person=n.opened_by, ticket=n.ticket, text=n.text
        )
        return parts + (s.say("It is set to *{severity}*. ", **named) if n.severity else ())
    return s.say(_IS[_how(n), "severity" if n.severity else "category" if n.category else ""], **named)


def _how(n: no.Promised) -> str:
    if n.changed:
        return "by us" if n.changed_by else "changed"
    return "silence" if n.by_silence else "set"


_IS = {
    ("set", "severity"): "*{ticket}* is set to *{severity}*. ",
    ("silence", "severity"): "We treat *{ticket}* as *{severity}*. ",
    ("changed", "severity"): "*{ticket}* is now *{severity}*. ",
    ("by us", "severity"): "{person} set *{ticket}* to *{severity}*. ",
    ("set", "category"): "*{ticket}* is about: *{category}*. ",
    ("silence", "category"): "We take *{ticket}* as: *{category}*. ",
    ("changed", "category"): "*{ticket}* is now about: *{category}*. ",
    ("by us", "category"): "{person} set what *{ticket}* is about: *{category}*. ",
    ("set", ""): "We have your request, *{ticket}*. ",
    ("silence", ""): "We have your request, *{ticket}*. ",
    ("changed", ""): "*{ticket}* has changed. ",
    ("by us", ""): "{person} changed *{ticket}*. ",
}


def _by_when(n: no.Promised, s: Speech) -> tuple[Part, ...]:
    if n.due is not None and n.with_plan:
        parts = s.say("An engineer answers you here with a solution or a plan *{by}*.", by=_in_time(n.due, s))
    elif n.due is not None:
        parts = s.say("An engineer answers you here *{by}*.", by=_in_time(n.due, s))
    elif n.solved is not None:
        return s.say("It is to be solved *{by}*.", by=_in_time(n.solved, s))
    else:
        parts = s.say("An engineer answers you here.")
    if n.solved is not None:
        parts += s.say(" It is to be solved *{by}*.", by=_in_time(n.solved, s))
    elif n.negotiated:
        parts += s.say(" Then we agree with you on when it is done.")
    return parts


def _good_to_know(n: no.GoodToKnow, s: Speech) -> Message:
    lines = [*_about_service(n, s), *_about_limits(n, s), *_advice(n, s)]
    parts = tuple(part for line in lines for part in (*s.say("\n\n"), *line))
    return Message(parts=parts[1:])


def _about_service(n: no.GoodToKnow, s: Speech) -> list[tuple[Part, ...]]:
    if not n.service:
        return []
    until = day_of(s, n.until) if n.until else ""
    lines = [s.say(_ENTITLED[Entitled(n.entitled)], service=n.service, until=until)]
    if n.entitled == Entitled.INCLUDED and n.until:
        lines[0] += s.say(" You can have it until {until}.", until=until)
    if n.note and n.entitled == Entitled.INCLUDED:
        lines.append(s.say("{text}", text=n.note))
    return lines


_ENTITLED = {
    Entitled.INCLUDED: "*{service}* is included in your plan.",
    Entitled.OTHER_PLAN: "*{service}* is not part of your plan. A colleague tells you what is possible.",
    Entitled.TOO_LATE: "*{service}* was included until {until}. A colleague tells you what is possible.",
    Entitled.USED: "*{service}* is included once, and you have had it. A colleague tells you what is possible.",
    Entitled.UNKNOWN_START: "*{service}*: a colleague looks up whether it is included in your plan.",
}


def _about_limits(n: no.GoodToKnow, s: Speech) -> list[tuple[Part, ...]]:
    lines = []
    if n.version is not None:
        supported = ", ".join(str(v) for v in n.supported)
        lines.append(
            s.say(
                "Version {version} of {product} is out of support: errors are corrected in versions {supported} only. "
                "An engineer looks at it all the same.",
                version=str(n.version),
                product=n.product,
                supported=supported,
            )
        )
    if n.excluded:
        lines.append(
            s.say("This may be something that our support does not cover: *{what}*.", what=n.excluded)
            + (s.say(" {text}", text=n.instead) if n.instead else ())
            + s.say(" An engineer looks at it and tells you for sure.")
        )
    return lines


def _advice(n: no.GoodToKnow, s: Speech) -> list[tuple[Part, ...]]:
    lines = []
    if n.steps:
        steps = "\n".join(f"{i}. {step}" for i, step in enumerate(n.steps, 1))
        lines.append(s.say("What you can try meanwhile:\n{steps}", steps=steps))
    if n.articles:
        lines.append(s.say("To read: {articles}", articles="\n".join(n.articles)))
    return lines


def _consent_question(n: no.ConsentQuestion, s: Speech) -> Message:
    parts = s.say(
        "The desk is closed now, and in your plan calling an engineer out is charged. "
        "Shall we call the engineer on standby?\n1 Yes, call now\n2 No, wait until {when}",
        when=s.when(n.reopens),
    )
    if n.until is not None:
        parts += s.say("\n\nNo answer {until}: we call, to be on the safe side.", until=s.by(n.until))
    else:
        parts += s.say("\n\nWe are calling already, to be on the safe side; with 2 we stop.")
    return _yes_no(parts, "consent", n.ticket, s.text("Yes, call now"), s.text("No, wait"))


def _yes_no(parts: tuple[Part, ...], verb: str, ticket: TicketId, yes: str, no_: str) -> Message:
    choices = (choice(verb, ticket, yes, "yes", Tone.MAIN), choice(verb, ticket, no_, "no"))
    return Message(parts=parts, choices=choices, digits=True)


def _consent_settled(n: no.ConsentSettled, s: Speech) -> Message:
    if n.agreed is False and n.reopens is not None:
        return Message(
            parts=s.say(
                "All right, nobody is called out for *{ticket}*. The desk looks at it when it opens, {when}. "
                "If it can't wait after all, write *urgent*: then we call, and it is charged.",
                ticket=n.ticket,
                when=s.when(n.reopens),
            )
        )
    if n.agreed is False:
        return Message(parts=s.say("All right. The engineer who has *{ticket}* knows.", ticket=n.ticket))
    parts = s.say("Thank you, that is noted on *{ticket}*. ", ticket=n.ticket) if n.agreed else ()
    parts += s.say("We are calling the engineer on standby now. ")
    if n.due is not None:
        parts += s.say("An engineer answers you here *{by}*.", by=_in_time(n.due, s))
    return Message(parts=parts)


def _wait_over(n: no.WaitOver, s: Speech) -> Message:
    return Message(
        parts=s.say(
            "Thank you, we go on with *{ticket}*. It is to be solved *{by}*: the time in which we waited for you "
            "does not count.",
            ticket=n.ticket,
            by=_in_time(n.solved, s),
        )
    )


def _plan(n: no.PlanForYou, s: Speech) -> Message:
    parts = s.say("*{person}* ({ticket}) has a plan:\n{text}", person=n.person, ticket=n.ticket, text=n.ours)
    if n.theirs:
        parts += s.say("\n\nWhat we need from you:\n{text}", text=n.theirs)
    return Message(parts=parts)


def _time_proposed(n: no.TimeProposed, s: Speech) -> Message:
    parts = s.say(
        "*{person}* proposes to have *{ticket}* done *{by}*. Is that all right?\n1 Yes\n2 No",
        person=n.person,
        ticket=n.ticket,
        by=s.by(n.due),
    )
    return _yes_no(parts, "agree", n.ticket, s.text("Yes"), s.text("No"))


def _time_answered(n: no.TimeAnswered, s: Speech) -> Message:
    if n.accepted:
        return Message(parts=s.say("Agreed: *{ticket}* is done *{by}*.", ticket=n.ticket, by=s.by(n.due)))
    return Message(
        parts=s.say(
            "All right, {person} knows. When do you need *{ticket}*? Just write it here.",
            person=n.person,
            ticket=n.ticket,
        )
    )


def _call_offered(n: no.CallOffered, s: Speech) -> Message:
    parts = s.say(
        "*{ticket}* takes longer than we want it to. Shall one of our engineers call you about it?\n1 Yes\n2 No",
        ticket=n.ticket,
    )
    return _yes_no(parts, "call", n.ticket, s.text("Yes, call me"), s.text("No"))


def _call_settled(n: no.CallSettled, s: Speech) -> Message:
    if n.wanted:
        return Message(
            parts=s.say(
                "An engineer calls you about *{ticket}*. Write here if a time suits you best.",
                ticket=n.ticket,
            )
        )
    return Message(parts=s.say("All right, we go on here in writing."))


def _not_covered(n: no.NotCovered, s: Speech) -> Message:
    if not n.label:
        return Message(
            parts=s.say(
                "*{ticket}* is covered after all, {person} goes on with it.", ticket=n.ticket, person=n.person
            )
        )
    parts = s.say("Our support does not cover this (*{ticket}*): {what}.", ticket=n.ticket, what=n.label)
    if n.instead:
        parts += s.say(" {text}", text=n.instead)
    return Message(parts=parts + s.say("\nIf you see it differently, just answer here."))


def _merged(n: no.MergedForYou, s: Speech) -> Message:
    return Message(
        parts=s.say(
            "*{ticket}* and *{into}* are the same thing, so we go on with *{into}* for both.",
            ticket=n.ticket,
            into=n.into,
        )
    )


def _rating_asked(n: no.RatingAsked, s: Speech) -> Message:
    parts = s.say(
        "How was it with *{ticket}*? Answer with a number, 1 (bad) to 5 (very good).", ticket=n.ticket
    )
    choices = tuple(choice("rate", n.ticket, str(score), str(score)) for score in range(1, 6))
    return Message(parts=parts, choices=choices, digits=True)


def _rating_thanks(n: no.RatingThanks, s: Speech) -> Message:
    return Message(parts=s.say("Thank you. That helps us to get better."))


def _bad_email(n: no.BadEmail, s: Speech) -> Message:
    return Message(parts=s.say("That is no email address. Please write it as name@example.com."))


def _language_changed(n: no.LanguageChanged, s: Speech) -> Message:
    if n.known:
        return Message(parts=s.say("From now on we write to you in English."))
    return Message(parts=s.say("We speak English and Polish: write *language en* or *language pl*."))


def _has_it(n: no.HasIt, s: Speech) -> Message:
    parts = s.say("*{person}* has {ticket} now and is looking into it.", person=n.person, ticket=n.ticket)
    if n.due is not None:
        parts += s.say(" You hear from {person} {by}.", person=n.person, by=_in_time(n.due, s))
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
        parts += s.say("An engineer answers you here *{by}*.", by=_in_time(n.due, s))
    return Message(parts=parts)


def _worse_asked(n: no.WorseAsked, s: Speech) -> Message:
    return Message(
        parts=s.say(
            "This sounds worse. Is *{ticket}* an *{severity}* now? Then write *urgent*, and we call the engineer on standby.",
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
        parts += s.say(
            "*{ticket}* ({severity}): {status}",
            ticket=line.ticket,
            severity=line.severity,
            status=_state(line, s),
        )
        if line.due is not None:
            parts += s.say(", answer {by}", by=_in_time(line.due, s))
        if line.solved is not None:
            parts += s.say(", solved {by}", by=_in_time(line.solved, s))
        worth = [clock for clock in line.why if len(clock.steps) > 2]  # more than one stretch and the result
        for clock in worth if len(n.lines) == 1 else ():
            parts += s.say("\n") + arithmetic(clock, ZoneInfo(line.zone), s)
    return Message(parts=parts)


def _state(line: no.StatusLine, s: Speech) -> str:
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
            "\n*status* your tickets · *new* another ticket · *urgent* it got worse · *close* it is done · *reopen* it is not"
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
    no.SeverityAsked: _severity_asked,
    no.CategoryAsked: _category_asked,
    no.GoodToKnow: _good_to_know,
    no.ConsentQuestion: _consent_question,
    no.ConsentSettled: _consent_settled,
    no.WaitOver: _wait_over,
    no.PlanForYou: _plan,
    no.TimeProposed: _time_proposed,
    no.TimeAnswered: _time_answered,
    no.CallOffered: _call_offered,
    no.CallSettled: _call_settled,
    no.NotCovered: _not_covered,
    no.MergedForYou: _merged,
    no.RatingAsked: _rating_asked,
    no.RatingThanks: _rating_thanks,
    no.BadEmail: _bad_email,
    no.LanguageChanged: _language_changed,
    no.Promised: _promised,
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
