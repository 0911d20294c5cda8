"""What engineers do with a page: acknowledge it, `page` somebody, `escalate`, `snooze`, `handover`."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Callable, Iterable

from bot.app import pages, trust_words
from bot.app.asked import Asked, ticket_of
from bot.app.attempts import reachable
from bot.app.context import Context
from bot.app.phrases import choice
from bot.app.record import carry_out
from bot.domain import commands as cmd
from bot.domain import notices as no
from bot.domain.decision import PageWanted, next_due
from bot.domain.errors import DomainError, NotPossible
from bot.domain.ids import TicketId
from bot.domain.page import Page
from bot.domain.people import Person
from bot.domain.rota import people_named
from bot.domain.status import Move, after
from bot.domain.ticket import Ticket
from bot.domain.times import TimeError, parse_time

MOST_OFFERED = 8
LONGEST_SNOOZE = dt.timedelta(hours=24)
_SNOOZE = dt.timedelta(minutes=15)
_BARE_MINUTES = re.compile(r"\d{1,4}")
_FOR = re.compile(r"^\s*(?:for|until|till|to|na|do)\s+", re.I)
_UNTIL = re.compile(r"^\s*(?:until|till|to|do)\s+", re.I)
_TO = re.compile(r"^\s*(?:to|for|do|dla)\s+", re.I)


# ---------------------------------------------------------------- acknowledging
def whose(ctx: Context, ticket: Ticket, person: Person) -> no.Told:
    """Who has it."""
    if ticket.owner == person.id:
        return no.Told(what="you_have_it", ticket=ticket.id)
    return no.Told(
        what="has_it", ticket=ticket.id, name=ctx.setup.name_of(ticket.owner) if ticket.owner else ""
    )


def acknowledge(ctx: Context, person: Person, id: TicketId, via: str) -> no.Told:
    """Whoever is called in for a ticket that somebody has joins them."""
    asked = Asked(person=person, via=via, ticket=id, rest="")
    ticket = ticket_of(ctx, asked)
    helps = (
        ticket.acknowledged is not None
        and ticket.owner not in (None, person.id)
        and ctx.uow.pages.open_of(id) is not None
    )
    now = carry_out(ctx, ticket, asked.to(cmd.Acknowledge))
    told = whose(ctx, now, person)
    return no.Told(what="you_joined", ticket=told.ticket, name=told.name) if helps else told


def acknowledge_all(ctx: Context, person: Person, via: str) -> no.Notice:
    """Everything that is open and that they were paged for."""
    mine = [page.ticket for page in ctx.uow.pages.open() if _was_paged(ctx, page, person)]
    return acknowledge_these(ctx, person, mine, via)


def acknowledge_these(ctx: Context, person: Person, tickets: Iterable[TicketId], via: str) -> no.Notice:
    """Each of them that somebody is still needed for; what ended meanwhile stands in no other's way."""
    done: list[no.Told] = []
    for id in sorted(set(tickets)):  # locked in one order
        ctx.uow.tickets.get(id)
        if ctx.uow.pages.open_of(id) is not None:
            with contextlib.suppress(DomainError):
                done.append(acknowledge(ctx, person, id, via))
    if not done:
        return no.Told(what="no_open_page")
    return done[0] if len(done) == 1 else no.Told(what="you_have_all", text=", ".join(d.ticket for d in done))


def _was_paged(ctx: Context, page: Page, person: Person) -> bool:
    rows = ctx.uow.outbox.of_page(page.id)
    return ctx.directory.may_work(person, page.team) and any(r.person == person.id for r in rows)


# ---------------------------------------------------------------- page
def _page(ctx: Context, asked: Asked) -> no.Notice:
    """`page REF [WHO]`: page them for a ticket now; `page test [PERSON]`: try a person's ways out."""
    word, _, rest = asked.rest.partition(" ")
    if word.casefold() == "test":
        return trust_words.page_test(ctx, asked, rest.strip())
    if asked.ticket is None:
        return no.Told(what="page_help")
    ticket = ticket_of(ctx, asked)
    after(ticket.id, ticket.status, Move.TAKE)
    who = _TO.sub("", asked.rest)
    people = _meant(ctx, ticket, who) if who else ()
    running = ctx.uow.pages.open_of(ticket.id)
    name = asked.person.name
    people = tuple(p for p in people if p.id != asked.person.id) or people
    if running is not None:
        if not people:
            raise NotPossible(
                "{ticket} is being paged already; write whom else, such as {example}", **_example(ctx, ticket)
            )
        pages.call_in(ctx, ticket, running, people, name)
    else:
        handling = ticket.handling(ctx.policy(ticket))
        first = (*(f"person:{p.id}" for p in people), f"person:{asked.person.id}") if people else ()
        wanted = PageWanted(
            urgency=ticket.severity,
            chain=handling.chain,
            first=tuple(dict.fromkeys(first)),
            handed_by=name,
            gives_up=not handling.pages or ticket.acknowledged is not None,
        )
        pages.start(ctx, ticket, wanted)
    return no.Told(what="done_paged", ticket=ticket.id, text=", ".join(p.name for p in people))


def _example(ctx: Context, ticket: Ticket) -> dict[str, str]:
    people = ctx.directory.people_of(ticket.team) or ctx.directory.people
    return {"ticket": ticket.id, "example": f"page {ticket.id} {people[-1].id}"}


def _meant(ctx: Context, ticket: Ticket, who: str) -> tuple[Person, ...]:
    """People by name or id, a schedule's now, `tier 2`, `leads`, `everyone`. Raises NotPossible."""
    said = " ".join(who.split()).casefold().lstrip("@")
    named = people_named(ctx.directory, said)
    if len(named) == 1:
        found: tuple[Person, ...] = named
        if not ctx.directory.may_work(named[0], ticket.team):
            raise NotPossible(
                "{name} does not work for this team and could not acknowledge", name=named[0].name
            )
    elif said in [s.name.casefold() for s in ctx.directory.schedules]:
        name = next(s.name for s in ctx.directory.schedules if s.name.casefold() == said)
        found = tuple(p for p in ctx.on_call(name) if ctx.directory.may_work(p, ticket.team))
        if not found:
            raise NotPossible("Nobody of this team is on call on {name} now", name=name)
    elif said in ("leads", "everyone") or re.fullmatch(r"tier[: ]?\d+", said):
        target = f"tier:{said.removeprefix('tier').strip(': ')}" if said.startswith("tier") else said
        found = ctx.resolve(target, ticket.team)
    else:
        known = ", ".join(p.id for p in ctx.directory.people_of(ticket.team))
        raise NotPossible('There is nobody called "{who}" here; there are {known}', who=who, known=known)
    if not found:
        raise NotPossible('Nobody is meant by "{who}"', who=who)
    if not reachable(ctx, found):
        names = ", ".join(p.name for p in found)
        raise NotPossible("{name} has no way to be paged by; write somebody else", name=names)
    return found


# ---------------------------------------------------------------- escalate, hand over, snooze
def escalate(ctx: Context, asked: Asked) -> no.Told:
    """The next step now. A button and a key say of which step they are (`CODE/STEP`): a stale one does nothing."""
    ticket = ticket_of(ctx, asked)
    page = ctx.uow.pages.open_of(ticket.id)
    if "/" in asked.rest and (page is None or asked.rest != f"{page.code}/{page.steps}"):
        return no.Told(what="stale", ticket=ticket.id)
    if page is not None:
        pages.escalate(ctx, ticket, page, asked.person.id)
        return no.Told(what="done_escalated", ticket=ticket.id)
    after(ticket.id, ticket.status, Move.TAKE)
    carry_out(ctx, ticket, asked.to(cmd.HandOver))
    return no.Told(what="done_escalated", ticket=ticket.id)


def _hand_over(ctx: Context, asked: Asked) -> no.Told:
    """`handover REF PERSON`: paged for it, and theirs once they acknowledge."""
    ticket = ticket_of(ctx, asked)
    who = _TO.sub("", asked.rest)
    if not who:
        others = [p for p in ctx.directory.people_of(ticket.team) if p.id != asked.person.id]
        offered = tuple(choice("handover", ticket.id, p.name, p.id) for p in others[:MOST_OFFERED])
        example = _example(ctx, ticket)["example"].replace("page", "handover", 1)
        return no.Told(what="pick_person", ticket=ticket.id, text=example, choices=offered)
    people = _meant(ctx, ticket, who)
    if len(people) != 1:
        raise NotPossible("A ticket is handed to one person; {who} are {n}", who=who, n=str(len(people)))
    if people[0].id == ticket.owner and ticket.acknowledged is not None:
        return whose(ctx, ticket, people[0] if people[0].id != asked.person.id else asked.person)
    after(ticket.id, ticket.status, Move.TAKE)
    if people[0].id == asked.person.id:
        carry_out(ctx, ticket, asked.to(cmd.Take))
        return no.Told(what="you_have_it", ticket=ticket.id)
    carry_out(ctx, ticket, asked.to(cmd.HandOver, to=people[0].id, to_name=people[0].name))
    return no.Told(what="done_handed_over", ticket=ticket.id, name=people[0].name)


def _snooze(ctx: Context, asked: Asked) -> no.Told:
    """`snooze REF 20m`: I have it; page me again then, unless the customer was written to."""
    ticket = ticket_of(ctx, asked)
    after(ticket.id, ticket.status, Move.ACKNOWLEDGE)
    policy = ctx.policy(ticket)
    words = _FOR.sub("", asked.rest)
    if _BARE_MINUTES.fullmatch(words):
        until_hour = _UNTIL.match(asked.rest) is not None and int(words) < 24
        words = f"{words}:00" if until_hour else f"{words}m"
    try:
        until = parse_time(words, policy, ticket.severity, ctx.now) if words else ctx.now + _SNOOZE
    except TimeError as error:
        raise NotPossible(
            '"{text}" is no time; write snooze {ticket} 20m, or until 16:00', text=words, ticket=ticket.id
        ) from error
    due = next_due(ticket, policy, ctx.now)
    if due is not None and ctx.now < due < until:
        raise NotPossible(
            "The customer is promised an answer before that: snooze {ticket} for less, or hand it over",
            ticket=ticket.id,
        )
    if until > ctx.now + LONGEST_SNOOZE:
        raise NotPossible(
            "That is long: snooze {ticket} for 24 hours at most, or hand it over", ticket=ticket.id
        )
    carry_out(ctx, ticket, asked.to(cmd.Snooze, until=until))
    return no.Told(what="done_snoozed", ticket=ticket.id, due=until)


PAGING: dict[str, Callable[[Context, Asked], no.Notice]] = {
    "page": _page,
    "escalate": escalate,
    "snooze": _snooze,
    "handover": _hand_over,
}
