"""The words that engineers read: lines in the thread, pages, answers to commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.app.speech import Speech, Value
from bot.domain import notices as no
from bot.domain.grammar import Action
from bot.domain.ids import PersonId
from bot.domain.message import Choice, Message, Part, Style, Tone

NameOf = Callable[[PersonId], str]

LINES: dict[str, str] = {
    "severity_confirmed": "The customer says *{severity}*. Answer {by}.",
    "severity_stands": "No word from the customer: *{severity}* stands. Answer {by}.",
    "severity_changed": "{name} set the severity to *{severity}*. Answer {by}.",
    "wait_over": "The customer answered: the wait is over.",
    "contact_named": "The customer is *{name}*, {text} (as they say).",
    "acknowledged": "✅ *{name}* has it ({text}).",
    "taken": "✅ *{name}* took it.",
    "info_asked": "⏸ *{name}* asked the customer: {text}",
    "resolved": "✅ *{name}* resolved it. {text}",
    "desk_failed": "⚠️ A message of {name} on {text} could not be posted at the desk. Look after it, please.",
    "reopened": "Reopened by {name}.",
    "closed": "{name} closed it.",
    "breached": "🔴 The {clock} time ran out {when}.",
    "paging": "📟 Step {text}: paging {people}.",
    "page_skipped": "⚠️ Step {text} of the chain has nobody who can be reached. Going on.",
    "page_everyone": "🔴 The chain is spent and nobody has it. Paging everyone: {people}.",
    "page_nobody": "🔴 Nobody at all can be paged for this ticket. Somebody take it, please.",
    "page_failed": "⚠️ {text} to {name} failed.",
    "page_unneeded": "Paging stopped: {text}.",
    "no_chain": "⚠️ {severity} pages, but the team has no chain for it: everyone is called.",
    "not_delivered": "⚠️ Not delivered to the customer ({text}). Reach them another way.",
    "files_not_relayed": "⚠️ Files from {name} stay here; the customer got the words only.",
    "put_aside": "⚠️ A message could not be handled and was put aside: {text}",
}

TOLD: dict[str, str] = {
    "not_engineer": "You are not listed as an engineer of this team, so that was not done and nothing went to the customer.",
    "unknown_ticket": "There is no ticket {ticket} here.",
    "which_ticket": "Which ticket? Write its reference too, such as *ack MIT-1042*.",
    "has_it": "{name} has {ticket} already.",
    "you_have_it": "You have *{ticket}*.",
    "done": "Done: {ticket} {text}.",
    "illegal": "{text}.",
    "not_understood": "I don't know *{text}*. {name}",
    "help": "*new* words · *ack* · *take* · *severity* REF high · *need* REF text · *resolve* REF text · *reopen* · *note* · *status* · *oncall*. "
    "In a ticket's thread just write: it goes to the customer; a line starting with // stays inside.",
    "need_words": "Write what you need after it, such as *{text}*.",
    "no_open_page": "No page is open for you.",
    "wrong_code": "{text} is not the code of an open page.",
    "which_page": "Several pages are open: reply with the code of one.",
    "whose_contact": "Pick the customer's contact, so that they hear of it.",
    "opened": "*{ticket}* is open for {name}.",
    "no_tickets": "No open tickets.",
    "on_call": "On call now: {text}",
    "tickets": "{text}",
    "pick_severity": "Which severity for {ticket}?",
    "unknown_severity": "{text}",
    "no_reach": "{name} has no channel that we can write to.",
}


def _customer_said(n: no.CustomerSaid, s: Speech, name_of: NameOf) -> Message:
    parts = (
        (*s.say("*{name}*: ", name=n.name), Part(text=n.text)) if n.text else s.say("*{name}*", name=n.name)
    )
    if n.attachments:
        parts += s.say("\n📎 {files}", files=", ".join(n.attachments))
    return Message(parts=parts)


def _colleague_said(n: no.ColleagueSaid, s: Speech, name_of: NameOf) -> Message:
    template = (
        "🔒 *{name}* (internal, {where}): {text}" if n.internal else "*{name}* → customer ({where}): {text}"
    )
    return Message(parts=s.say(template, name=n.name, where=n.where, text=n.text))


def _desk_line(n: no.DeskLine, s: Speech, name_of: NameOf) -> Message:
    values: dict[str, Value] = {
        "name": n.name or s.text("Standby"),
        "severity": n.severity,
        "text": n.text,
        "clock": s.text(n.text.replace("_", " ")),
        "people": ", ".join(n.people),
        "by": s.by(n.due) if n.due else s.text("when they can"),
        "when": s.when(n.due) if n.due else "",
    }
    mentions = [Part(text=name_of(p), style=Style.MENTION, person=p) for p in n.mention]
    spaced = tuple(part for m in mentions for part in (m, Part(text=" ")))
    return Message(parts=spaced + s.say(LINES[n.what].strip(), **values))


def _page_call(n: no.PageCall, s: Speech, name_of: NameOf) -> Message:
    head = "🔴 Still nobody has it: *{severity} {ticket}*" if n.last_resort else "🚨 *{severity} {ticket}*"
    parts = s.say(
        head + " {organisation}, {contact}: ",
        severity=n.severity,
        ticket=n.ticket,
        organisation=n.organisation,
        contact=n.contact,
    )
    parts += (Part(text=_short(n.text)),)
    if n.due is not None:
        late = n.due <= s.now
        parts += s.say(
            "\nThe answer was due *{when}*." if late else "\nAnswer *{by}*.",
            by=s.by(n.due),
            when=s.when(n.due),
        )
    parts += s.say(" Reply ACK {code}", code=n.code)
    button = Choice(
        id=str(Action(verb="ack", ticket=n.ticket, value=n.code)), label=s.text("Acknowledge"), tone=Tone.MAIN
    )
    return Message(parts=parts, choices=(button,), template="page")


def _short(text: str, limit: int = 220) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1].rstrip() + "…"


def _page_over(n: no.PageOver, s: Speech, name_of: NameOf) -> Message:
    if n.yours:
        return Message(
            parts=s.say(
                "✅ You have *{ticket}* ({organisation}).", ticket=n.ticket, organisation=n.organisation
            )
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


def _told(n: no.Told, s: Speech, name_of: NameOf) -> Message:
    parts = s.say(TOLD[n.what], ticket=n.ticket, name=n.name, text=n.text)
    return Message(parts=parts, choices=n.choices)


DESK_WORDS: dict[type[no.Notice], Callable[[Any, Speech, NameOf], Message]] = {
    no.CustomerSaid: _customer_said,
    no.ColleagueSaid: _colleague_said,
    no.DeskLine: _desk_line,
    no.PageCall: _page_call,
    no.PageOver: _page_over,
    no.Told: _told,
}
