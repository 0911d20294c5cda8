"""The words to a customer whose ticket opens: what is asked, what is promised, what else they should know."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.app.arithmetic import date_of
from bot.app.phrases import choice, in_time, yes_no
from bot.app.speech import Speech
from bot.domain import notices as no
from bot.domain.message import Message, Part
from escalation.entitlement import Entitled


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


def _promised(n: no.Promised, s: Speech) -> Message:
    parts = _it_is(n, s)
    if n.paging:
        parts += s.say("We are calling the engineer on standby now. ")
    parts += _by_when(n, s)
    if n.reopens is not None:
        parts += s.say(" The desk opens again {when}.", when=s.when(n.reopens, starts=True))
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
    if n.called:
        thanks = s.say("Thank you for your call. Your reference is *{ticket}*. ", ticket=n.ticket)
        return thanks + (s.say("It is set to *{severity}*. ", **named) if n.severity else ())
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
    if n.arranged:
        return s.say("We write to you here to arrange it.")
    if n.due is not None and n.with_plan:
        parts = s.say("An engineer answers you here with a solution or a plan *{by}*.", by=in_time(n.due, s))
    elif n.due is not None:
        parts = s.say("An engineer answers you here *{by}*.", by=in_time(n.due, s))
    elif n.solved is not None:
        return s.say("It is to be solved *{by}*.", by=in_time(n.solved, s))
    else:
        parts = s.say("An engineer answers you here.")
    if n.solved is not None:
        parts += s.say(" It is to be solved *{by}*.", by=in_time(n.solved, s))
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
    until = date_of(s, n.until) if n.until else ""
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
        when=s.when(n.reopens, starts=True),
    )
    if n.until is not None:
        parts += s.say("\n\nNo answer {until}: we call, to be on the safe side.", until=s.by(n.until))
    else:
        parts += s.say("\n\nWe are calling already, to be on the safe side; with 2 we stop.")
    return yes_no(parts, "consent", n.ticket, s.text("Yes, call now"), s.text("No, wait"))


def _consent_settled(n: no.ConsentSettled, s: Speech) -> Message:
    if n.agreed is False and n.reopens is not None:
        return Message(
            parts=s.say(
                "All right, nobody is called out for *{ticket}*. The desk looks at it when it opens, {when}. "
                "If it can't wait after all, write *urgent*: then we call, and it is charged.",
                ticket=n.ticket,
                when=s.when(n.reopens, starts=True),
            )
        )
    if n.agreed is False:
        return Message(parts=s.say("All right. The engineer who has *{ticket}* knows.", ticket=n.ticket))
    parts = s.say("Thank you, that is noted on *{ticket}*. ", ticket=n.ticket) if n.agreed else ()
    if n.paging:
        parts += s.say("We are calling the engineer on standby now. ")
    if n.due is not None:
        parts += s.say("An engineer answers you here *{by}*.", by=in_time(n.due, s))
    return Message(parts=parts)


OPENING_WORDS: dict[type[no.Notice], Callable[[Any, Speech], Message]] = {
    no.SeverityAsked: _severity_asked,
    no.CategoryAsked: _category_asked,
    no.Promised: _promised,
    no.GoodToKnow: _good_to_know,
    no.ConsentQuestion: _consent_question,
    no.ConsentSettled: _consent_settled,
}
