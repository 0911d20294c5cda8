"""The attempts of a page: by which ways each person is tried, and when; what is held back where there are too many."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable

from bot.app.callback_number import has_caller
from bot.app.context import Context
from bot.app.page_end import line
from bot.app.recording_key import recording_url
from bot.app.rows import OutboxItem, Priority, SendState
from bot.app.saying import row, who
from bot.domain import notices as no
from bot.domain.decision import next_due
from bot.domain.hotline import End, Phase
from bot.domain.ids import Address, ChannelName
from bot.domain.page import Page
from bot.domain.people import Person
from bot.domain.ticket import Ticket
from bot.domain.triage import is_no, is_yes
from escalation import paging
from escalation.storm import HOUR, is_held


def methods_of(ctx: Context, person: Person) -> tuple[ChannelName, ...]:
    """The ways by which they can be paged now, the first to be tried first. Those whose vendor is down are left out
    where there is another."""
    able = tuple(c for c in person.identities if (can := ctx.setup.can(c)) and can.pages)
    return tuple(c for c in able if not ctx.setup.down(c)) or able


def reachable(ctx: Context, people: Iterable[Person]) -> tuple[Person, ...]:
    """Those who have any way at all."""
    return tuple(p for p in people if methods_of(ctx, p))


def call_of(ctx: Context, page: Page, ticket: Ticket, handed_by: str = "") -> no.PageCall:
    """What a page says, as the ticket is now."""
    policy = ctx.policy(ticket)
    return no.PageCall(
        page=page.id,
        ticket=ticket.id,
        severity=policy.severity(ticket.severity).label,
        organisation=ticket.organisation_name,
        contact=who(ctx, ticket),
        text=_telling(ticket),
        due=next_due(ticket, policy, ctx.now),
        code=page.code,
        step=page.steps,
        last_resort=page.last_resort,
        handed_by=handed_by,
        owner=ctx.setup.name_of(ticket.owner) if ticket.owner else "",
        answered=ticket.answered is not None,
        message=_message_of(ctx, ticket),
        caller=_caller_of(ctx, ticket),
        callback=has_caller(ctx, ticket),
    )


def refresh(ctx: Context, ticket: Ticket) -> None:
    """What has not been sent yet of its page knows of the caller: how they are called back, what they have said."""
    page = ctx.uow.pages.open_of(ticket.id)
    for item in ctx.uow.outbox.of_page(page.id) if page is not None else ():
        if item.state == SendState.PENDING and isinstance(item.notice, no.PageCall):
            notice = dataclasses.replace(
                item.notice,
                message=_message_of(ctx, ticket),
                caller=_caller_of(ctx, ticket),
                callback=has_caller(ctx, ticket),
            )
            ctx.uow.outbox.save(dataclasses.replace(item, notice=notice))


def _message_of(ctx: Context, ticket: Ticket) -> str:
    """Where the last message can be heard that its caller left."""
    left = [call.recording for call in ctx.uow.calls.of(ticket.id) if call.recording]
    return recording_url(ctx.uow, ctx.setup.random, ctx.setup.public_url, left[-1]) if left else ""


def _caller_of(ctx: Context, ticket: Ticket) -> str:
    """Where whoever called about it is now."""
    calls = [call for call in ctx.uow.calls.of(ticket.id) if call.by is None]
    if any(call.ended is None and call.phase not in (Phase.TALKING, Phase.MESSAGE) for call in calls):
        return "waits"
    return "hung up" if calls and calls[-1].end is End.HUNG_UP and calls[-1].reach else ""


def skipped(ctx: Context, ticket: Ticket, n: int, targets: tuple[str, ...], people: Iterable[Person]) -> None:
    """Step `n` (from 0) reached nobody: said in the thread, with whom it means and why not them."""
    names = tuple(person.name for person in people)
    rota = any(target.startswith("schedule:") for target in targets)
    what = "page_skipped_unable" if names else "page_skipped_nobody" if rota else "page_skipped_gone"
    line(ctx, ticket, what, text=str(n + 1), people=names or targets)


def _telling(ticket: Ticket) -> str:
    """The customer's latest words; a yes, a no or a number tells nobody what is wrong."""
    said = ticket.said
    return ticket.text if not said or is_yes(said) or is_no(said) or said.strip().isdigit() else said


def add(
    ctx: Context,
    page: Page,
    ticket: Ticket,
    people: Iterable[Person],
    wait: dt.timedelta,
    handed_by: str = "",
) -> list[OutboxItem]:
    """Put the attempts to all of them into the outbox, each by their own rules, until the step has waited. What an
    earlier step would still send to one of them is sent no more; what is held back is said in the thread."""
    notice = call_of(ctx, page, ticket, handed_by)
    made: list[OutboxItem] = []
    for person in people:
        items = _rows(ctx, page, ticket, person, notice, wait)
        held_until = _held_until(ctx, page, ticket, person)
        if held_until is not None:
            items = _bundled(items, held_until, ctx.now)
            if not any(i.held and i.person == person.id for i in ctx.uow.outbox.of_page(page.id)):
                line(ctx, ticket, "page_held", name=person.name, due=items[0].due if items else held_until)
        made += items
    made = _in_place_of_older(ctx, page, made)
    ctx.uow.outbox.add(made)
    return made


def _rows(
    ctx: Context, page: Page, ticket: Ticket, person: Person, notice: no.PageCall, wait: dt.timedelta
) -> list[OutboxItem]:
    rules = paging.rules_for(page.urgency, person.rules)
    tries = paging.attempts(rules, methods_of(ctx, person), ctx.now, ctx.now + wait)
    return [
        attempt_row(
            ctx, page, ticket, person, Address(channel=ChannelName(t.method), place=_place(person, t.method)),
            notice=notice, due=t.at, lane_key=f"page:{page.id}:{page.steps}:{person.id}:{n}",
        )
        for n, t in enumerate(tries)
    ]  # fmt: skip


def _place(person: Person, method: str) -> str:
    return person.identities[ChannelName(method)]


def attempt_row(
    ctx: Context, page: Page, ticket: Ticket, person: Person, address: Address, **fields: object
) -> OutboxItem:
    """One attempt, by the way that `address` is."""
    return row(
        ctx,
        address,
        ctx.policy(ticket).language,
        person.zone.key,
        priority=Priority.PAGE,
        ticket=ticket.id,
        page=page.id,
        person=person.id,
        method=address.channel,
        **fields,
    )


def _held_until(ctx: Context, page: Page, ticket: Ticket, person: Person) -> dt.datetime | None:
    """When the next bundle to this person goes out, where they have had too many pages; None: page them now.

    The first page of a most urgent ticket is never held back."""
    lately = ctx.uow.outbox.paged_lately(person.id, ctx.now - HOUR)
    tried = {p.ticket for p in lately if p.tried}
    if page.urgency == ctx.policy(ticket).most_urgent.id and ticket.id not in tried:
        return None
    others = [p.first for p in lately if p.page != page.id and not p.held]
    if not is_held(others, ctx.directory.limits, ctx.now):
        return None
    waiting = [p.waits for p in lately if p.waits is not None]
    return max(min([*waiting, ctx.now + ctx.directory.limits.bundle]), ctx.now)


def _bundled(items: list[OutboxItem], at: dt.datetime, now: dt.datetime) -> list[OutboxItem]:
    """Once by each way, from when the bundle goes out."""
    firsts: dict[str, OutboxItem] = {}
    for item in items:
        firsts.setdefault(item.method, item)
    return [dataclasses.replace(i, held=True, due=at + (i.due - now)) for i in firsts.values()]


def _in_place_of_older(ctx: Context, page: Page, made: list[OutboxItem]) -> list[OutboxItem]:
    """Whoever is tried anew by a way gets nothing old by it; but what was to come soon is not put off by it, or a step
    after the other would put it off for ever. A bundle carries other pages too and goes its own way."""
    soonest: dict[tuple[str, str], dt.datetime] = {}
    ways = {(i.person, i.method) for i in made}
    for item in ctx.uow.outbox.of_page(page.id):
        way = (item.person, item.method)
        if item.state == SendState.PENDING and way in ways and not isinstance(item.notice, no.PageBundle):
            ctx.uow.outbox.save(dataclasses.replace(item, state=SendState.CANCELLED))
            soonest[way] = min(soonest.get(way, item.due), item.due)
    kept = []
    for item in made:  # each way's first comes when the older one would have
        due = soonest.pop((item.person, item.method), item.due)
        kept.append(dataclasses.replace(item, due=max(min(item.due, due), ctx.now)))
    return kept
