"""Paging: start a page and walk it, by its timer and by what fails. Its rows go out through the outbox like everything
else, only first."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt

from bot.app import attempts, failover
from bot.app.context import Context
from bot.app.page_chain import more_urgent, walk_of
from bot.app.page_end import end, let_rest, line, log
from bot.app.rows import OutboxItem, SendState
from bot.domain import events as ev
from bot.domain.decide import PageAnswered, PageChange, PageUnwanted, PageWanted
from bot.domain.ids import PageId, PersonId
from bot.domain.page import Page, PageState
from bot.domain.people import Person, Unlisted
from bot.domain.ticket import Ticket
from bot.domain.timers import Timer, TimerKind
from escalation import paging, sla
from escalation.chain import LAST_RESORT_EVERY, Chain, Position, advance, step_at

AROUND = failover.AROUND
AT_LEAST = dt.timedelta(minutes=1)
"""A step has this long before the next, also where the next is placed at an instant of the SLA that has passed."""


def change(ctx: Context, ticket: Ticket, wanted: PageChange) -> None:
    """What a decision wants of the ticket's page."""
    if isinstance(wanted, PageWanted):
        start(ctx, ticket, wanted)
        return
    page = ctx.uow.pages.open_of(ticket.id)
    if page is None:
        return
    if isinstance(wanted, PageAnswered):
        end(ctx, page, ticket, PageState.ACKNOWLEDGED, "acknowledged", wanted.person)
        if wanted.joins:
            line(ctx, ticket, "joined", name=wanted.name)
    elif isinstance(wanted, PageUnwanted):
        if wanted.reason == "severity" and page.handed_by:
            return  # a colleague asked for it, whatever the severity
        end(ctx, page, ticket, PageState.STOPPED, wanted.reason, None)
        line(ctx, ticket, "page_unneeded", text=wanted.reason)


def start(ctx: Context, ticket: Ticket, wanted: PageWanted) -> None:
    """A new page along the chain of the ticket's severity, or the one that the policy names for this hour; one that
    runs for a lesser severity gives way to it."""
    running, urgency = ctx.uow.pages.open_of(ticket.id), wanted.urgency
    if running is not None:
        if not wanted.anew and not more_urgent(ctx, ticket, urgency, running.urgency):
            return
        reason = "it begins anew" if wanted.anew else "the severity was raised"
        end(ctx, running, ticket, PageState.STOPPED, reason, None)
    page = Page(
        id=PageId(ctx.setup.random.token()),
        ticket=ticket.id,
        team=ticket.team,
        urgency=urgency,
        chain=walk_of(ctx, ticket, wanted),
        code=_free_code(ctx),
        started=ctx.now,
        handed_by=wanted.handed_by,
        gives_up=wanted.gives_up,
    )
    log(ctx, ticket, ev.PageStarted(page=page.id, chain=page.chain.name, code=page.code))
    first = _placed_at(ctx, ticket, page.chain, Position(round=0, step=0))
    if first is not None and first > ctx.now:
        line(ctx, ticket, "page_placed", text="1", due=first)
        _wait_until(ctx, page, first)
        return
    step(ctx, page, ticket)


def _free_code(ctx: Context) -> str:
    """One that no open page has. Where nearly all are taken, one that is: a page without a code of its own is better
    than none."""
    code = ""
    for _ in range(200):
        code = paging.page_code(ctx.setup.random.below(8800))
        last = ctx.uow.pages.by_code(code)
        if last is None or not last.is_open:
            break
    return code


def step(ctx: Context, page: Page, ticket: Ticket) -> None:
    """Begin the next step that reaches somebody; the steps that reach nobody are skipped at once, and said."""
    position = None if page.steps == 0 else page.position
    exhausted = page.last_resort
    while not exhausted:
        position = advance(page.chain, position)
        if position is None:
            exhausted = True
            break
        page = dataclasses.replace(page, position=position, steps=page.steps + 1)
        meant = _people_at(ctx, page, position)
        people = attempts.reachable(ctx, meant)
        if people:
            _begin(ctx, page, ticket, people, *_over_at(ctx, page, ticket, position))
            return
        log(ctx, ticket, ev.PageStepped(page=page.id, round=position.round, step=position.step, people=()))
        attempts.skipped(ctx, ticket, position.step, step_at(page.chain, position).targets, meant)
    if page.gives_up:
        end(ctx, page, ticket, PageState.STOPPED, "nobody answered", None)
        line(ctx, ticket, "page_given_up", name=page.handed_by)
        return
    _everyone(ctx, page, ticket)


def everyone(ctx: Context, ticket: Ticket) -> None:
    """Nobody took the call: everybody now, whatever the chain says, also where somebody had acknowledged."""
    page = _running(ctx, ticket)
    if page is not None and not page.last_resort:
        _everyone(ctx, page, ticket, called=True)


def call_back(ctx: Context, ticket: Ticket) -> None:
    """A caller has hung up: they are to be called back, so somebody is paged, and by phone at once."""
    page = _running(ctx, ticket)
    if page is None:
        return
    if page.steps == 0:  # its first step was to wait
        step(ctx, page, ticket)
    for item in ctx.uow.outbox.of_page(page.id):
        can = ctx.setup.can(item.channel)
        if item.state == SendState.PENDING and can is not None and can.rings and not item.held:
            ctx.uow.outbox.save(dataclasses.replace(item, due=min(item.due, ctx.now)))


def _running(ctx: Context, ticket: Ticket) -> Page | None:
    """Its page; a new one where it has none. Of a ticket that is over, or that nobody is to be paged for, there is
    none."""
    if not ticket.status.is_open or not ticket.may_page:
        return None
    running = ctx.uow.pages.open_of(ticket.id)
    if running is not None and running.gives_up:  # it was a colleague's page, and is the caller's now
        ctx.uow.pages.save(dataclasses.replace(running, gives_up=False))
    if running is None:
        first = (f"person:{ticket.owner}",) if ticket.owner else ()
        start(ctx, ticket, PageWanted(urgency=ticket.severity, first=first, anew=True))
    return ctx.uow.pages.open_of(ticket.id)


def _everyone(ctx: Context, page: Page, ticket: Ticket, *, called: bool = False) -> None:
    """The chain is spent: everybody of the team and the leads, every five minutes, until someone acknowledges."""
    again = page.last_resort
    page = dataclasses.replace(page, last_resort=True, steps=page.steps + 1)
    people = attempts.reachable(ctx, ctx.directory.people_of(page.team) or ctx.directory.people)
    over = ctx.now + LAST_RESORT_EVERY
    if not people:
        log(ctx, ticket, ev.PageStepped(page=page.id, round=0, step=0, people=(), last_resort=True))
        line(ctx, ticket, "page_nobody")
        _wait_until(ctx, page, over)
        return
    _begin(ctx, page, ticket, people, over, None, told=again, called=called)


def _people_at(ctx: Context, page: Page, position: Position) -> tuple[Person, ...]:
    found: dict[PersonId, Person] = {}
    for target in step_at(page.chain, position).targets:
        with contextlib.suppress(Unlisted):  # gone from the configuration since the page began: nobody
            for person in ctx.resolve(target, page.team):
                found.setdefault(person.id, person)
    return tuple(found.values())


def _over_at(
    ctx: Context, page: Page, ticket: Ticket, position: Position
) -> tuple[dt.datetime, dt.datetime | None]:
    """When this step has waited long enough, and the instant of the SLA that says so, where the next step has one."""
    after = advance(page.chain, position)
    placed = _placed_at(ctx, ticket, page.chain, after) if after else None
    if placed is None:
        return ctx.now + step_at(page.chain, position).wait, None
    return max(placed, ctx.now + AT_LEAST), placed


def _placed_at(ctx: Context, ticket: Ticket, chain: Chain, position: Position) -> dt.datetime | None:
    """The instant at which a step is placed in the SLA; None where it is not, or its clock does not run."""
    trigger = step_at(chain, position).at if position.round == 0 else None
    clock = ticket.clock(trigger.clock) if trigger is not None and trigger.clock is not None else None
    if trigger is None or clock is None or clock.stopped is not None:
        return None
    calendar = ctx.policy(ticket).calendar_of(ticket.severity)
    return sla.at_fraction(clock, calendar, trigger.fraction, ctx.now)


def _begin(
    ctx: Context,
    page: Page,
    ticket: Ticket,
    people: tuple[Person, ...],
    over: dt.datetime,
    placed: dt.datetime | None,
    *,
    told: bool = False,
    called: bool = False,
) -> None:
    """Try all of them. `told`: the thread knows that everyone is being paged; `called`: nobody took a call."""
    page = dataclasses.replace(page, step_people=tuple(p.id for p in people))
    position = page.position or Position(round=0, step=0)
    log(
        ctx,
        ticket,
        ev.PageStepped(
            page=page.id,
            round=position.round,
            step=position.step,
            people=page.step_people,
            last_resort=page.last_resort,
        ),
    )
    handed_by = page.handed_by if page.steps == 1 else ""
    items = attempts.add(ctx, page, ticket, people, over - ctx.now, handed_by)
    named = _named(ctx, items, people)
    what = "page_everyone_called" if called else "page_everyone" if page.last_resort else "paging"
    if named and not told:
        owner = ctx.setup.name_of(ticket.owner) if ticket.owner and page.last_resort else ""
        place = f"{position.step + 1}/{len(page.chain.steps)}"
        reason = "answered" if ticket.answered is not None else ""
        line(ctx, ticket, what, people=named, text=place, name=owner, reason=reason)
    _wait_until(ctx, page, over)


def _named(ctx: Context, items: list[OutboxItem], people: tuple[Person, ...]) -> tuple[str, ...]:
    """Who is tried now, and by what first; whoever's page waits for others was named already."""
    named = []
    for person in people:
        mine = [i for i in items if i.person == person.id and not i.held]
        firsts = dict.fromkeys(ctx.setup.label(i.method) for i in mine if i.due == mine[0].due)
        named += [f"{person.name} ({', '.join(firsts)})"] if mine else []
    return tuple(named)


def _wait_until(ctx: Context, page: Page, at: dt.datetime) -> None:
    page = dataclasses.replace(page, until=at, waiting_since=ctx.now)
    ctx.uow.pages.save(page)
    _alarm(ctx, page, at)


def _alarm(ctx: Context, page: Page, at: dt.datetime) -> None:
    timer = Timer(ticket=page.ticket, kind=TimerKind.PAGE, due=at)
    ctx.uow.timers.replace(page.ticket, (TimerKind.PAGE,), (timer,))


def on_timer(ctx: Context, ticket: Ticket) -> None:
    """The step has waited long enough and nobody acknowledged."""
    page = ctx.uow.pages.open_of(ticket.id)
    if page is None:
        return
    if not ticket.status.is_open:
        end(ctx, page, ticket, PageState.STOPPED, str(ticket.status), None)
        return
    if page.until is not None and ctx.now < page.until:
        _alarm(ctx, page, page.until)
        return
    step(ctx, page, ticket)


def clock_went_back(ctx: Context, by: dt.timedelta | None = None) -> None:
    """This machine's clock was set back: nobody waits that much longer for the next attempt or step. Where nobody saw it
    (None), it went back at least to where a step that has begun begins only now."""
    if by is not None:
        ctx.uow.outbox.hurry(ctx.now, by)
    for found in sorted(ctx.uow.pages.open(), key=lambda page: page.ticket):
        ctx.uow.tickets.get(found.ticket)  # its lock comes before the page is read
        page = ctx.uow.pages.get(found.id)
        if page is None or not page.is_open or page.until is None:
            continue
        if page.waiting_since is None or page.waiting_since <= ctx.now:
            continue
        seen = (r.at for r in ctx.uow.log.of(page.ticket)) if by is None else ()
        back = max(page.waiting_since, *seen) - ctx.now if by is None else by
        page = dataclasses.replace(
            page, until=max(page.until - back, ctx.now), waiting_since=page.waiting_since - back
        )
        ctx.uow.pages.save(page)
        _alarm(ctx, page, page.until or ctx.now)
        for item in ctx.uow.outbox.of_page(page.id):
            if item.state == SendState.PENDING and item.due > ctx.now:
                ctx.uow.outbox.save(dataclasses.replace(item, due=max(item.due - back, ctx.now)))


# ---------------------------------------------------------------- by hand
def escalate(ctx: Context, ticket: Ticket, page: Page, person: PersonId) -> None:
    """Somebody does not want to wait: the next step now, and they are left alone."""
    let_rest(ctx, page, ticket, person)
    step(ctx, page, ticket)


def call_in(ctx: Context, ticket: Ticket, page: Page, people: tuple[Person, ...], by: str) -> None:
    """More people are paged for what is being paged already; the walk goes on as it was."""
    fresh = attempts.reachable(ctx, people)
    wait = max((page.until or ctx.now) - ctx.now, AT_LEAST)
    items = attempts.add(ctx, page, ticket, fresh, wait, by)
    also = tuple(p.id for p in fresh if p.id not in page.step_people)
    ctx.uow.pages.save(dataclasses.replace(page, step_people=(*page.step_people, *also)))
    log(
        ctx,
        ticket,
        ev.PageStepped(
            page=page.id,
            round=page.position.round if page.position else 0,
            step=page.position.step if page.position else 0,
            people=tuple(p.id for p in fresh),
            last_resort=page.last_resort,
        ),
    )
    line(ctx, ticket, "page_called_in", name=by, people=_named(ctx, items, fresh))


# ---------------------------------------------------------------- what becomes of attempts
def attempt_failed(ctx: Context, item: OutboxItem, error: str) -> None:
    """It will never arrive."""
    failover.attempt_failed(ctx, item, error, step)


def attempt_delayed(ctx: Context, item: OutboxItem, error: str) -> None:
    """Nobody can say when it arrives."""
    failover.attempt_delayed(ctx, item, error, step)
