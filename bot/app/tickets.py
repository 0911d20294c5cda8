"""What engineers do: by button, by command, by form, by a reply to a page. One table of words."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from zoneinfo import ZoneInfo

from bot.app.asked import Asked, ticket_of
from bot.app.board_word import BOARD
from bot.app.callback_asked import CALLBACK
from bot.app.context import Context
from bot.app.customers import open_for
from bot.app.desk_wording import DESK_WORDS, TOLD
from bot.app.inbound import ActionIn, CommandIn, FormIn, Inbound, MessageIn
from bot.app.paging_words import PAGING, acknowledge, acknowledge_all, whose
from bot.app.phrases import choice
from bot.app.ports import Outcome
from bot.app.record import carry_out
from bot.app.refusals import refused
from bot.app.rota_reading import names_like_references
from bot.app.rota_words import ROTA, names_shift, take_shift
from bot.app.rows import Conversation
from bot.app.saying import tell
from bot.app.speech import Speech
from bot.app.terms import TERMS
from bot.app.trust_words import TRUST, code_answered
from bot.domain import commands as cmd
from bot.domain import notices as no
from bot.domain.decision import next_due, solved_by
from bot.domain.errors import (
    DomainError,
    NotAllowed,
)
from bot.domain.events import Actor, By, How
from bot.domain.grammar import ENGINEER_WORDS, NO_TICKET, Words, page_code, page_codes, parse_words
from bot.domain.ids import Address, TicketId
from bot.domain.message import Message
from bot.domain.page import Page
from bot.domain.people import Contact, Person
from bot.domain.triage import propose


def on_words(
    ctx: Context, inbound: Inbound, person: Person, text: str, ticket: TicketId | None = None
) -> Outcome:
    """`ack MIT-1042` from a slash command, a DM or a topic. What went wrong is said, never raised."""
    try:
        words = parse_words(text or "help", ENGINEER_WORDS, names_like_references(ctx))
        asked = Asked(
            person=person,
            via=ctx.setup.label(inbound.channel),
            ticket=words.ticket or (None if _is_about_shift(ctx, words) else ticket),
            rest=words.rest,
            word=words.word,
        )
        told: no.Notice = _WORDS[words.word](ctx, asked)
    except DomainError as error:
        told = refused(ctx, error, person)
    return _answer(ctx, inbound, told)


def _is_about_shift(ctx: Context, words: Words) -> bool:
    """`take standby`, also in a ticket's thread."""
    return words.word == "take" and words.ticket is None and names_shift(ctx, words.rest)


def on_action(ctx: Context, a: ActionIn, person: Person) -> Outcome:
    """A button of ours."""
    asked = Asked(person=person, via=ctx.setup.label(a.channel), ticket=a.action.ticket, rest=a.action.value)
    if a.action.ticket == NO_TICKET:
        asked = dataclasses.replace(asked, ticket=None)
    if a.action.verb == "ack" and a.action.ticket != NO_TICKET:
        asked = dataclasses.replace(asked, rest="")
    handler = _WORDS.get(a.action.verb)
    if handler is None:
        return Outcome()
    try:
        return _answer(ctx, a, handler(ctx, asked), quiet=True)
    except DomainError as error:
        return _answer(ctx, a, refused(ctx, error, person))


def on_form(ctx: Context, f: FormIn, person: Person) -> Outcome:
    """A filled form of ours."""
    try:
        if f.form == "new":
            return _answer(ctx, f, _open_form(ctx, f, person))
        asked = Asked(
            person=person,
            via=ctx.setup.label(f.channel),
            ticket=TicketId(f.ticket),
            rest=f.severity or f.text,
            more=f.more,
        )
        return _answer(ctx, f, _WORDS[f.form](ctx, asked), quiet=True)
    except DomainError as error:
        return _answer(ctx, f, refused(ctx, error, person))


def on_board(ctx: Context, asked: Asked) -> Message:
    """`asked.word` at the board: what chat would answer."""
    try:
        told = _WORDS[asked.word](ctx, asked)
    except DomainError as error:
        told = refused(ctx, error, asked.person)
    speech = Speech(language=ctx.language_of(asked.person), zone=asked.person.zone, now=ctx.now)
    return DESK_WORDS[type(told)](told, speech, ctx.setup.name_of)


def on_direct(ctx: Context, m: MessageIn, person: Person) -> Outcome:
    """A private message of one of us: a reply to a page, or a command."""
    talk = ctx.uow.conversations.get(m.address.root()) or Conversation(address=m.address.root())
    ctx.uow.conversations.save(dataclasses.replace(talk, last_inbound=ctx.now))
    tested = code_answered(ctx, m, person)
    if tested is not None:
        return _answer(ctx, m, tested)
    code = page_code(m.text)
    if code is None and not _is_command(m.text):
        open_codes = {p.code for p in ctx.uow.pages.open() if ctx.directory.may_work(person, p.team)}
        code = next((c for c in page_codes(m.text) if c in open_codes), None)
    if code is None:
        return on_words(ctx, m, person, m.text)
    try:
        told: no.Notice = _acknowledge_page(ctx, person, code, ctx.setup.label(m.channel))
    except DomainError as error:
        told = refused(ctx, error, person)
    return _answer(ctx, m, told)


def _is_command(text: str) -> bool:
    """Four digits in it are a time or a year, not the code of a page."""
    first = text.split(maxsplit=1)[0].lower().lstrip("/") if text.strip() else ""
    return first in ENGINEER_WORDS and first != "ack"


def _acknowledge_page(ctx: Context, person: Person, code: str, via: str) -> no.Notice:
    """The code picks the page; without one, the only page that is open for this person's teams."""
    mine = [p for p in ctx.uow.pages.open() if ctx.directory.may_work(person, p.team)]
    pages = [p for p in mine if p.code == code] if code else mine
    if len(pages) == 1:
        return acknowledge(ctx, person, pages[0].ticket, via)
    if code:
        return _late_code(ctx, person, code, via)
    return no.Told(what="which_page" if pages else "no_open_page")


def _late_code(ctx: Context, person: Person, code: str, via: str) -> no.Notice:
    """A code that is not open: late, or a slip. The code of an earlier page of a ticket that pages again is as good as
    the new one; else say who has it, where we know."""
    page: Page | None = ctx.uow.pages.by_code(code)
    if page is None or not ctx.directory.may_work(person, page.team):
        return no.Told(what="wrong_code", text=code)
    ticket = ctx.ticket(page.ticket)
    if ticket.acknowledged is None and ctx.uow.pages.open_of(ticket.id) is not None:
        return acknowledge(ctx, person, ticket.id, via)
    if ticket.owner is None:
        return no.Told(what="no_open_page")
    return whose(ctx, ticket, person)


# ---------------------------------------------------------------- the words
MOST_LISTED = 20


def _ack(ctx: Context, asked: Asked) -> no.Notice:
    if asked.rest.casefold().strip(" .!") in ("all", "wszystkie", "wszystko"):
        return acknowledge_all(ctx, asked.person, asked.via)
    if asked.ticket is None and not asked.rest:
        return _acknowledge_page(ctx, asked.person, "", asked.via)
    if code := page_code(asked.rest):  # it says which page, wherever it was written
        return _acknowledge_page(ctx, asked.person, code, asked.via)
    if asked.ticket is None:
        return _acknowledge_page(ctx, asked.person, page_code(asked.rest) or asked.rest, asked.via)
    return acknowledge(ctx, asked.person, asked.ticket, asked.via)


def _take(ctx: Context, asked: Asked) -> no.Notice:
    if asked.ticket is None and names_shift(ctx, asked.rest):
        return take_shift(ctx, asked)
    ticket = carry_out(ctx, ticket_of(ctx, asked), asked.to(cmd.Take))
    return no.Told(what="you_have_it", ticket=ticket.id)


def _severity(ctx: Context, asked: Asked) -> no.Told:
    ticket = ticket_of(ctx, asked)
    policy = ctx.policy(ticket)
    if not asked.rest:
        choices = tuple(choice("severity", ticket.id, s.label, s.id) for s in policy.severities)
        return no.Told(what="pick_severity", ticket=ticket.id, choices=choices)
    wanted = asked.rest.casefold()
    found = [s for s in policy.severities if wanted in (s.id.casefold(), s.label.casefold())]
    if not found:
        return no.Told(
            what="unknown_severity",
            text=asked.rest,
            name=", ".join(s.id for s in policy.severities),
        )
    carry_out(ctx, ticket, cmd.SetSeverity(severity=found[0].id, how=How.CHANGED, by=asked.actor))
    return no.Told(what="done_severity", ticket=ticket.id, text=found[0].label)


def _need(ctx: Context, asked: Asked) -> no.Told:
    ticket = ticket_of(ctx, asked)
    if not asked.rest:
        return no.Told(what="need_words", text=f"/need {ticket.id} a screenshot of the error")
    carry_out(ctx, ticket, asked.to(cmd.AskInfo, text=asked.rest))
    return no.Told(what="done_asked", ticket=ticket.id)


def _resolve(ctx: Context, asked: Asked) -> no.Told:
    ticket = carry_out(ctx, ticket_of(ctx, asked), asked.to(cmd.Resolve, text=asked.rest))
    return no.Told(what="done_resolved", ticket=ticket.id)


def _reopen(ctx: Context, asked: Asked) -> no.Told:
    ticket = carry_out(ctx, ticket_of(ctx, asked), cmd.Reopen(by=asked.actor))
    return no.Told(what="done_reopened", ticket=ticket.id)


def _close(ctx: Context, asked: Asked) -> no.Told:
    ticket = carry_out(ctx, ticket_of(ctx, asked), cmd.Close(by=asked.actor))
    return no.Told(what="done_closed", ticket=ticket.id)


def _note(ctx: Context, asked: Asked) -> no.Told:
    ticket = ticket_of(ctx, asked)
    if not asked.rest:
        return no.Told(what="need_words", text=f"note {ticket.id} the switch was replaced")
    carry_out(ctx, ticket, asked.to(cmd.WriteNote, text=asked.rest))
    return no.Told(what="done_noted", ticket=ticket.id)


def _status(ctx: Context, asked: Asked) -> no.OpenTickets:
    tickets = [t for team in sorted(asked.person.teams) for t in ctx.uow.tickets.unfinished(team)]
    lines = []
    for ticket in tickets[:MOST_LISTED]:
        policy = ctx.policy(ticket)
        lines.append(
            no.OpenTicket(
                ticket=ticket.id,
                severity=policy.severity(ticket.severity).label,
                organisation=ticket.organisation_name,
                status=ticket.status,
                person=ctx.setup.name_of(ticket.owner) if ticket.owner else "",
                due=next_due(ticket, policy, ctx.now) or solved_by(ticket, policy, ctx.now),
            )
        )
    return no.OpenTickets(lines=tuple(lines))


def _help(ctx: Context, asked: Asked) -> no.Told:
    return no.Told(what="help")


def _new(ctx: Context, asked: Asked) -> no.Told:
    return no.Told(what="whose_contact")


_WORDS: dict[str, Callable[[Context, Asked], no.Notice]] = {
    "new": _new,
    "ack": _ack,
    "take": _take,
    "severity": _severity,
    "need": _need,
    "resolve": _resolve,
    "reopen": _reopen,
    "close": _close,
    "note": _note,
    "status": _status,
    "help": _help,
    **TERMS,
    **ROTA,
    **PAGING,
    **CALLBACK,
    **TRUST,
    **BOARD,
}


# ---------------------------------------------------------------- forms and answers
def _open_form(ctx: Context, f: FormIn, person: Person) -> no.Told:
    contact: Contact | None = None
    if f.contact:
        known = {c.id: c for c in ctx.directory.contacts}
        contact = known.get(f.contact)  # type: ignore[call-overload]
    if contact is None:
        return no.Told(what="whose_contact")
    place = _reach(ctx, contact)
    if place is None:
        return no.Told(what="no_reach", name=contact.name)
    team = ctx.directory.team(ctx.directory.organisation(contact.organisation).team)
    if not person.is_engineer_of(team.name):
        raise NotAllowed
    policy = ctx.directory.policy(team.policy)
    offered = f.severity in [s.id for s in policy.severities]
    severity = f.severity if offered else propose(f.text, policy, vip=contact.vip).id
    actor = Actor(by=By.ENGINEER, id=person.id, name=person.name)
    ticket = open_for(ctx, contact, place, f.text.strip(), severity, actor, f.category)
    return no.Told(what="opened", ticket=ticket.id, name=contact.name)


def _reach(ctx: Context, contact: Contact) -> Address | None:
    """The contact's first place that we can write to, in the order of the configuration's channels: never a call."""
    for channel, can in ctx.setup.capabilities.items():
        if channel in contact.identities and not can.rings:
            return Address(channel=channel, place=contact.identities[channel])
    return None


_SHOWN = frozenset({what for what in TOLD if what.startswith("done_")} - {"done_escalated"} | {"you_have_it"})
"""What a button or a form did, and the thread or the message itself shows anyway."""


def _answer(ctx: Context, inbound: Inbound, told: no.Notice, *, quiet: bool = False) -> Outcome:
    """Where the channel answers in the same breath it does; elsewhere, and where the answer is too long for that, it
    goes through the outbox.

    `quiet`: what a button or form did shows in the thread anyway; only what needs saying is said."""
    person = ctx.directory.person_at(inbound.channel, inbound.sender.id)
    zone = person.zone if person else ZoneInfo("UTC")
    speech = Speech(language=ctx.language_of(person), zone=zone, now=ctx.now)
    reply = DESK_WORDS[type(told)](told, speech, ctx.setup.name_of)
    can = ctx.setup.can(inbound.channel)
    room = can.toast_limit if can is not None and isinstance(inbound, ActionIn) else 0
    at_once = isinstance(inbound, CommandIn) or 0 < len(reply.text) <= room
    shows = isinstance(told, no.Told) and told.what in _SHOWN
    if not at_once and not (quiet and shows):
        tell(
            ctx,
            told,
            inbound.address,
            only_for=inbound.sender.id if ctx.directory.desk_at(inbound.address) else "",
        )
    elif reply.choices and isinstance(inbound, ActionIn):
        tell(ctx, told, inbound.address)
    return Outcome(reply=reply if at_once else None)
