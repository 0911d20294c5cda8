"""What engineers settle with the customer, and why a time is what it is: `plan`, `due`, `category`, `exclude`,
`merge`, `why`."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from bot.app.asked import Asked, ticket_of
from bot.app.context import Context
from bot.app.phrases import choice
from bot.app.record import carry_out
from bot.app.why_asked import asked_why
from bot.domain import commands as cmd
from bot.domain import notices as no
from bot.domain.decide_opening import exclusion_label
from bot.domain.errors import NotPossible
from bot.domain.events import How
from bot.domain.grammar import COVERED, REFERENCE
from bot.domain.ids import TicketId
from bot.domain.message import Choice
from bot.domain.status import Move, after
from bot.domain.ticket import Ticket
from bot.domain.times import TimeError, parse_time

_SIDES = re.compile(
    r"^\s*(?:we|us|my)\s*:\s*(?P<ours>.*?)[\s;]*\b(?:you|wy)\s*:\s*(?P<theirs>.*)$", re.DOTALL | re.I
)


_OURS = re.compile(r"^\s*(?:we|us|my)\s*:\s*", re.I)


class Labelled(Protocol):
    """Something of a policy that is picked by id or by name."""

    @property
    def id(self) -> str: ...
    @property
    def label(self) -> str: ...


L = TypeVar("L", bound=Labelled)


def _plan(ctx: Context, asked: Asked) -> no.Told:
    """`plan REF we: ...; you: ...`, or just what we do."""
    ticket = ticket_of(ctx, asked)
    ours, theirs = asked.rest, asked.more
    if not theirs and (sides := _SIDES.match(asked.rest)):
        ours, theirs = sides["ours"].strip(), sides["theirs"].strip()
    ours = _OURS.sub("", ours)
    if not ours:
        example = f"plan {ticket.id} we: restart the server tonight; you: keep the devices on"
        return no.Told(what="need_words", text=example)
    carry_out(ctx, ticket, asked.to(cmd.GivePlan, ours=ours, theirs=theirs))
    return no.Told(what="done_planned", ticket=ticket.id)


def _due(ctx: Context, asked: Asked) -> no.Told:
    """`due REF friday 16:00`: proposed to the customer, who agrees or not."""
    ticket = ticket_of(ctx, asked)
    if not asked.rest:
        return no.Told(what="need_words", text=f"due {ticket.id} friday 16:00")
    try:
        at = parse_time(asked.rest, ctx.policy(ticket), ticket.severity, ctx.now)
    except TimeError as error:
        raise NotPossible(error.template, text=asked.rest) from error
    carry_out(ctx, ticket, asked.to(cmd.ProposeTime, due=at))
    return no.Told(what="proposed", ticket=ticket.id, due=at)


def _category(ctx: Context, asked: Asked) -> no.Told:
    ticket = ticket_of(ctx, asked)
    offered = ctx.policy(ticket).categories
    if not offered:
        raise NotPossible("The policy of {ticket} has no categories", ticket=ticket.id)
    found = _picked(asked.rest, offered)
    if found is None:
        return _which("pick_category", "category", ticket.id, asked.rest, offered)
    carry_out(ctx, ticket, cmd.SetCategory(category=found.id, how=How.CHANGED, by=asked.actor))
    return no.Told(what="done_category", ticket=ticket.id, text=found.label)


def _exclude(ctx: Context, asked: Asked) -> no.Told:
    """`exclude REF` proposes what it sounds like; on a ticket that is excluded it takes that back."""
    ticket = ticket_of(ctx, asked)
    policy = ctx.policy(ticket)
    if asked.rest == COVERED or (ticket.exclusion and not asked.rest):
        carry_out(ctx, ticket, asked.to(cmd.Exclude, exclusion=""))
        return no.Told(what="done_covered", ticket=ticket.id)
    if not policy.exclusions:
        raise NotPossible("The policy of {ticket} excludes nothing", ticket=ticket.id)
    found = _picked(asked.rest, policy.exclusions)
    if found is None:
        return _which("pick_exclusion", "exclude", ticket.id, asked.rest, policy.exclusions)
    carry_out(ctx, ticket, asked.to(cmd.Exclude, exclusion=found.id))
    return no.Told(what="done_excluded", ticket=ticket.id, text=exclusion_label(found.id, policy))


def _picked(said: str, offered: Sequence[L]) -> L | None:
    wanted = said.casefold().strip()
    return next((one for one in offered if wanted in (one.id.casefold(), one.label.casefold())), None)


def _which(what: str, verb: str, ticket: TicketId, said: str, offered: Sequence[Labelled]) -> no.Told:
    """Buttons to pick from; the ids, for those who type."""
    choices: tuple[Choice, ...] = tuple(choice(verb, ticket, one.label, one.id) for one in offered)
    return no.Told(
        what=what, ticket=ticket, name=said, text=", ".join(o.id for o in offered), choices=choices
    )


def _merge(ctx: Context, asked: Asked) -> no.Told:
    """`merge REF into REF`: only tickets of one customer, raised at one place: nobody sees what is another's. The more
    urgent one is kept, so that no page is lost."""
    found = REFERENCE.search(asked.rest)
    if asked.ticket is None or found is None:
        ticket = ticket_of(ctx, asked)
        return no.Told(what="need_words", text=f"merge {ticket.id} into {ticket.id.partition('-')[0]}-1001")
    kept = dataclasses.replace(asked, ticket=TicketId(found[1].upper()))
    for id in sorted({asked.ticket, kept.ticket or asked.ticket}):
        ctx.uow.tickets.get(id)  # locked in one order, whichever way round two merges are
    ticket, into = ticket_of(ctx, asked), ticket_of(ctx, kept)
    _may_merge(ctx, ticket, into)
    carry_out(ctx, into, cmd.TakeIn(other=ticket.id, text=ticket.text, by=asked.actor))
    carry_out(ctx, ticket, cmd.Merge(into=into.id, by=asked.actor))
    for its in ctx.uow.calls.of(ticket.id):
        if (call := ctx.uow.calls.get(its.id)) is not None:  # under its lock
            ctx.uow.calls.save(dataclasses.replace(call, ticket=into.id))
    return no.Told(what="done_merged", ticket=ticket.id, text=into.id)


def _may_merge(ctx: Context, ticket: Ticket, into: Ticket) -> None:
    """Raises NotPossible or IllegalMove, before anything is written."""
    if into.id == ticket.id:
        raise NotPossible("{ticket} is that ticket", ticket=ticket.id)
    known = ticket.known and into.contact == ticket.contact  # wherever they wrote or called from
    if not known and (into.contact, into.place) != (ticket.contact, ticket.place):
        raise NotPossible("{ticket} and {into} are of different customers", ticket=ticket.id, into=into.id)
    after(ticket.id, ticket.status, Move.MERGE)
    if not into.status.is_open:
        raise NotPossible("{ticket} is not open: merge into one that is", ticket=into.id)
    ranks = [s.id for s in ctx.policy(into).severities]
    if ticket.severity in ranks and ranks.index(ticket.severity) < ranks.index(into.severity):
        raise NotPossible("{ticket} is more urgent: merge {into} into it", ticket=ticket.id, into=into.id)
    kept = into.acknowledged is not None or ctx.uow.pages.open_of(into.id) is not None
    if ctx.uow.pages.open_of(ticket.id) is not None and not kept:
        raise NotPossible(
            "{ticket} is being paged and nobody has {into}: acknowledge {ticket} first",
            ticket=ticket.id,
            into=into.id,
        )


TERMS: dict[str, Callable[[Context, Asked], no.Notice]] = {
    "plan": _plan,
    "due": _due,
    "category": _category,
    "exclude": _exclude,
    "merge": _merge,
    "why": asked_why,
}
