"""Paging: start a page and walk it, by its timer and by what fails. Its rows go out through the outbox like everything
else, only first."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt

from bot.app.context import Context
from bot.app.page_end import end, line, log
from bot.app.rows import OutboxItem, Priority, SendState
from bot.app.saying import row, who
from bot.domain import events as ev
from bot.domain import notices as no
from bot.domain.decide import PageAnswered, PageChange, PageUnwanted, PageWanted, next_due
from bot.domain.ids import Address, ChannelName, PageId, PersonId
from bot.domain.page import Page, PageState
from bot.domain.people import Person, Unlisted
from bot.domain.ticket import Ticket
from bot.domain.timers import Timer, TimerKind
from escalation import paging
from escalation.chain import LAST_RESORT_EVERY, Chain, Position, Step, advance, step_at


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
    elif isinstance(wanted, PageUnwanted):
        end(ctx, page, ticket, PageState.STOPPED, wanted.reason, None)
        line(
            ctx,
            ticket,
            "page_unneeded",
            text=wanted.reason,
        )


def start(ctx: Context, ticket: Ticket, wanted: PageWanted) -> None:
    """A new page along the chain of the ticket's severity, or the one that the policy names for this hour; one that
    runs for a lesser severity gives way to it."""
    running, urgency = ctx.uow.pages.open_of(ticket.id), wanted.urgency
    if running is not None:
        if not _more_urgent(ctx, ticket, urgency, running.urgency):
            return
        end(ctx, running, ticket, PageState.STOPPED, "the severity was raised", None)
    chain = _chain(ctx, ticket, urgency, wanted.chain)
    if wanted.first is not None and not _is_alone_first(ctx, ticket, chain, wanted.first):
        again = Step(targets=(f"person:{wanted.first}",), wait=chain.steps[0].wait)
        chain = dataclasses.replace(chain, steps=(again, *chain.steps))
    page = Page(
        id=PageId(ctx.setup.random.token()),
        ticket=ticket.id,
        team=ticket.team,
        urgency=urgency,
        chain=chain,
        code=_free_code(ctx),
        started=ctx.now,
    )
    log(ctx, ticket, ev.PageStarted(page=page.id, chain=chain.name, code=page.code))
    step(ctx, page, ticket)


def _is_alone_first(ctx: Context, ticket: Ticket, chain: Chain, person: PersonId) -> bool:
    """Does the chain begin with them anyway?"""
    with contextlib.suppress(Unlisted):
        found = {p.id for t in chain.steps[0].targets for p in ctx.directory.resolve(t, ticket.team, ctx.now)}
        return found == {person}
    return False


def _more_urgent(ctx: Context, ticket: Ticket, urgency: str, than: str) -> bool:
    ranks = [s.id for s in ctx.policy(ticket).severities]
    return than not in ranks or ranks.index(urgency) < ranks.index(than)


def _chain(ctx: Context, ticket: Ticket, urgency: str, own: str) -> Chain:
    """The policy's own chain for the hour, or the team's for this severity. Without one, everyone: a hole in the
    configuration must not be silence."""
    with contextlib.suppress(Unlisted):
        return ctx.directory.chain(own)
    with contextlib.suppress(Unlisted):
        return ctx.directory.chain(ctx.directory.team(ticket.team).chains.get(urgency, ""))
    line(ctx, ticket, "no_chain", severity=ctx.policy(ticket).severity(urgency).label)
    return Chain(name="everyone", steps=(Step(targets=("everyone",), wait=LAST_RESORT_EVERY),))


def _free_code(ctx: Context) -> str:
    taken = {page.code for page in ctx.uow.pages.open()}
    for _ in range(200):
        code = paging.page_code(ctx.setup.random.below(9000))
        if code not in taken:
            return code
    raise RuntimeError("more than a thousand pages are open: no free code")


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
        people = _reachable(ctx, page, _people_at(ctx, page, position))
        if people:
            _attempt(ctx, page, ticket, people, step_at(page.chain, position).wait)
            return
        log(ctx, ticket, ev.PageStepped(page=page.id, round=position.round, step=position.step, people=()))
        line(ctx, ticket, "page_skipped", text=str(position.step + 1))
    _everyone(ctx, page, ticket)


def _everyone(ctx: Context, page: Page, ticket: Ticket) -> None:
    """The chain is spent: everybody of the team and the leads, every five minutes, until someone acknowledges."""
    again = page.last_resort
    page = dataclasses.replace(page, last_resort=True, steps=page.steps + 1)
    people = _reachable(ctx, page, ctx.directory.people_of(page.team) or ctx.directory.people)
    if not people:
        log(ctx, ticket, ev.PageStepped(page=page.id, round=0, step=0, people=(), last_resort=True))
        line(ctx, ticket, "page_nobody")
        _wait(ctx, page, LAST_RESORT_EVERY)
        return
    _attempt(ctx, page, ticket, people, LAST_RESORT_EVERY, told=again)


def _people_at(ctx: Context, page: Page, position: Position) -> tuple[Person, ...]:
    found: dict[PersonId, Person] = {}
    for target in step_at(page.chain, position).targets:
        with contextlib.suppress(Unlisted):  # gone from the configuration since the page began: nobody
            for person in ctx.directory.resolve(target, page.team, ctx.now):
                found.setdefault(person.id, person)
    return tuple(found.values())


def _methods(ctx: Context, person: Person) -> tuple[ChannelName, ...]:
    return tuple(c for c in person.identities if (can := ctx.setup.can(c)) and can.pages)


def _reachable(ctx: Context, page: Page, people: tuple[Person, ...]) -> tuple[Person, ...]:
    return tuple(p for p in people if _methods(ctx, p))


def _attempt(
    ctx: Context,
    page: Page,
    ticket: Ticket,
    people: tuple[Person, ...],
    wait: dt.timedelta,
    *,
    told: bool = False,
) -> None:
    """Try all of them, each by their own rules. `told`: the thread knows that everyone is being paged."""
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
    items = [item for person in people for item in _attempts(ctx, page, ticket, person)]
    ctx.uow.outbox.add(items)
    named = tuple(f"{p.name} ({', '.join(_first_methods(ctx, items, p))})" for p in people)
    what = "page_everyone" if page.last_resort else "paging"
    if not told:
        line(ctx, ticket, what, people=named, text=f"{position.step + 1}/{len(page.chain.steps)}")
    _wait(ctx, page, wait)


def _first_methods(ctx: Context, items: list[OutboxItem], person: Person) -> tuple[str, ...]:
    mine = [i for i in items if i.person == person.id]
    return tuple(dict.fromkeys(ctx.setup.label(i.method) for i in mine if i.due == mine[0].due))


def _attempts(ctx: Context, page: Page, ticket: Ticket, person: Person) -> list[OutboxItem]:
    policy = ctx.policy(ticket)
    notice = no.PageCall(
        page=page.id,
        ticket=ticket.id,
        severity=policy.severity(ticket.severity).label,
        organisation=ticket.organisation_name,
        contact=who(ctx, ticket),
        text=ticket.said or ticket.text,
        due=next_due(ticket, policy, ctx.now),
        code=page.code,
        step=page.steps,
        last_resort=page.last_resort,
    )
    rules = paging.rules_for(page.urgency, person.rules)
    return [
        row(
            ctx,
            _address(person, attempt.method),
            policy.language,
            person.zone.key,
            notice=notice,
            priority=Priority.PAGE,
            lane_key=f"page:{page.id}:{page.steps}:{person.id}:{n}",
            due=attempt.at,
            ticket=ticket.id,
            page=page.id,
            person=person.id,
            method=attempt.method,
        )
        for n, attempt in enumerate(paging.attempts(rules, _methods(ctx, person), ctx.now))
    ]


def _address(person: Person, method: str) -> Address:
    channel = ChannelName(method)
    return Address(channel=channel, place=person.identities[channel])


def _wait(ctx: Context, page: Page, wait: dt.timedelta) -> None:
    page = dataclasses.replace(page, until=ctx.now + wait)
    ctx.uow.pages.save(page)
    timer = Timer(ticket=page.ticket, kind=TimerKind.PAGE, due=ctx.now + wait)
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
        ctx.uow.timers.replace(
            ticket.id, (TimerKind.PAGE,), (Timer(ticket=ticket.id, kind=TimerKind.PAGE, due=page.until),)
        )
        return
    step(ctx, page, ticket)


def attempt_failed(ctx: Context, item: OutboxItem, error: str) -> None:
    """Said in the thread; the person's next method starts at once, and when every method of everyone in the step
    has failed, the next step does."""
    if item.page is None or item.ticket is None:
        return
    ticket = ctx.ticket(item.ticket)  # its lock comes before the page is read
    page = ctx.uow.pages.get(item.page)
    if page is None:
        return
    failed = ev.PageFailed(page=page.id, person=PersonId(item.person), method=item.method, error=error)
    log(ctx, ticket, failed)
    line(
        ctx,
        ticket,
        "page_failed",
        name=ctx.setup.name_of(PersonId(item.person)),
        text=ctx.setup.label(item.method),
    )
    if not page.is_open or not isinstance(item.notice, no.PageCall) or item.notice.step != page.steps:
        return
    if not _next_method(ctx, page, item) and _all_failed(ctx, page):
        step(ctx, page, ticket)


def _of_step(ctx: Context, page: Page) -> list[OutboxItem]:
    """The attempts of the step that the page is at."""
    return [
        i
        for i in ctx.uow.outbox.of_page(page.id)
        if isinstance(i.notice, no.PageCall) and i.notice.step == page.steps
    ]


def _next_method(ctx: Context, page: Page, failed: OutboxItem) -> bool:
    """Bring forward what was to come later by a way that has not failed, else try the next way the person has."""
    mine = [i for i in _of_step(ctx, page) if i.person == failed.person]
    gone = {i.method for i in mine if i.state == SendState.FAILED}
    later = [i for i in mine if i.state == SendState.PENDING and i.attempts == 0 and i.method not in gone]
    if later:
        soonest = min(later, key=lambda i: i.due)
        ctx.uow.outbox.save(dataclasses.replace(soonest, due=min(soonest.due, ctx.now)))
        return True
    methods = _methods(ctx, ctx.directory.person(failed.person)) if _is_listed(ctx, failed.person) else ()
    method = paging.next_method({i.method for i in mine}, methods)
    if method is None:
        return False
    address = _address(ctx.directory.person(failed.person), method)
    another = dataclasses.replace(
        failed,
        channel=address.channel,
        address=address,
        method=method,
        lane_key=f"{failed.lane_key}:{method}",
    )
    ctx.uow.outbox.add([another.afresh(ctx.now)])
    return True


def _is_listed(ctx: Context, person: str) -> bool:
    return any(p.id == person for p in ctx.directory.people)


def _all_failed(ctx: Context, page: Page) -> bool:
    """An attempt still to come by a way that has failed already counts as failed."""
    mine = _of_step(ctx, page)
    gone = {(i.person, i.method) for i in mine if i.state == SendState.FAILED}
    over = (SendState.FAILED, SendState.CANCELLED)
    return all(
        i.state in over or (i.state == SendState.PENDING and (i.person, i.method) in gone) for i in mine
    )
