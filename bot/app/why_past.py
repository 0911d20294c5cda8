"""What became of a ticket's pages: every step, every attempt, who acknowledged; and why nobody was paged."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from typing import TypeVar

from bot.app.attempts import methods_of
from bot.app.context import Context
from bot.app.rows import OutboxItem, SendState
from bot.app.why import everyone, on_target, verdict
from bot.domain import events as ev
from bot.domain import why_notices as why
from bot.domain.events import Consent, Recorded
from bot.domain.ids import PageId, PersonId
from bot.domain.page import Page, PageState
from bot.domain.people import Person
from bot.domain.ticket import Ticket
from escalation.chain import Position, advance, step_at

E = TypeVar("E", bound=ev.Event)
_FATES = {
    SendState.PENDING: why.Fate.TO_COME,
    SendState.SENDING: why.Fate.SENDING,
    SendState.ACCEPTED: why.Fate.ACCEPTED,
    SendState.DELIVERED: why.Fate.DELIVERED,
    SendState.FAILED: why.Fate.FAILED,
    SendState.CANCELLED: why.Fate.CANCELLED,
}


def stories(ctx: Context, ticket: Ticket, log: Sequence[Recorded]) -> tuple[why.PageStory, ...]:
    """What became of each of its pages, the oldest first."""
    started = [r.event.page for r in log if isinstance(r.event, ev.PageStarted)]
    pages = [page for id in started if (page := ctx.uow.pages.get(id)) is not None]
    return tuple(_story(ctx, ticket, page, log) for page in pages)


def _story(ctx: Context, ticket: Ticket, page: Page, log: Sequence[Recorded]) -> why.PageStory:
    by, via = acknowledgement(page, log)
    stopped = next(of_page(log, ev.PageStopped, page.id), None)
    return why.PageStory(
        page=page.id,
        started=page.started,
        severity=ctx.policy(ticket).knowing(page.urgency).severity(page.urgency).label,
        chain=page.chain.name,
        steps=tuple(_steps(ctx, page, log)),
        ended=page.ended,
        acknowledged_by=ctx.setup.name_of(by) if by else "",
        via=via,
        reason=stopped[1].reason if stopped and by is None else "",
        coming=_coming(ctx, page) if page.is_open else None,
    )


def of_page(log: Sequence[Recorded], kind: type[E], page: PageId) -> Iterator[tuple[dt.datetime, E]]:
    """The events of this kind about a page, each with its instant."""
    for recorded in log:
        if isinstance(recorded.event, kind) and getattr(recorded.event, "page", None) == page:
            yield recorded.at, recorded.event


def acknowledgement(page: Page, log: Sequence[Recorded]) -> tuple[PersonId | None, str]:
    """Who acknowledged a page, and by what; empty where taking the ticket was enough."""
    if page.state is not PageState.ACKNOWLEDGED or page.acknowledged_by is None:
        return None, ""
    said = [
        r.event.via
        for r in log
        if isinstance(r.event, ev.Acknowledged)
        and r.event.person == page.acknowledged_by
        and page.started <= r.at
        and (page.ended is None or r.at <= page.ended)
    ]
    return page.acknowledged_by, said[-1] if said else ""


# ---------------------------------------------------------------- steps and attempts
def _steps(ctx: Context, page: Page, log: Sequence[Recorded]) -> Iterator[why.StepStory]:
    """Attempts belong to the step that was the last to begin when their row was made."""
    begun = list(of_page(log, ev.PageStepped, page.id))
    made = _made_at(page, log)
    rows: dict[int, list[why.Tried]] = defaultdict(list)
    for item in ctx.uow.outbox.of_page(page.id):
        rows[_step_of(item, begun)].append(_tried(ctx, item, made))
    for n, (at, event) in enumerate(begun):
        skipped = not event.people and not event.last_resort
        yield why.StepStory(
            round=event.round + 1,
            step=event.step + 1,
            at=at,
            last_resort=event.last_resort,
            targets=() if event.last_resort else _targets(page, event),
            people=tuple(ctx.setup.name_of(person) for person in event.people),
            tried=tuple(sorted(rows[n], key=lambda tried: tried.at)),
            empty=tuple(_empty(ctx, page, event, at)) if skipped else (),
        )


def _step_of(item: OutboxItem, begun: Sequence[tuple[dt.datetime, ev.PageStepped]]) -> int:
    """Of several at one instant, the one that has this person."""
    before = [n for n, (at, _) in enumerate(begun) if at <= item.created]
    with_them = [n for n in before if item.person in begun[n][1].people]
    return max(with_them or before or [0])


def _made_at(page: Page, log: Sequence[Recorded]) -> dict[tuple[str, str], deque[dt.datetime]]:
    """When the attempts of each person by each method were first made, in their order."""
    made: dict[tuple[str, str], deque[dt.datetime]] = defaultdict(deque)
    for at, event in of_page(log, ev.PageAttempted, page.id):
        if event.attempt == 1:
            made[event.person, event.method].append(at)
    return made


def _tried(ctx: Context, item: OutboxItem, made: dict[tuple[str, str], deque[dt.datetime]]) -> why.Tried:
    times = made[item.person, item.method]
    at = times.popleft() if item.attempts and times else item.due
    fate = _FATES[item.state]
    if item.held and fate is why.Fate.TO_COME:
        fate = why.Fate.HELD
    return why.Tried(
        person=PersonId(item.person),
        name=ctx.setup.name_of(PersonId(item.person)),
        method=ctx.setup.label(item.method),
        at=at,
        fate=fate,
        error=item.error if fate in (why.Fate.FAILED, why.Fate.TO_COME) else "",
        again=item.again,
    )


def _empty(ctx: Context, page: Page, event: ev.PageStepped, at: dt.datetime) -> Iterator[why.EmptyTarget]:
    """Why a step came to nobody, as far as today's configuration can tell."""
    for target in _targets(page, event):
        people = tuple(person.name for person, _ in on_target(ctx, target, page.team, at))
        yield why.EmptyTarget(target=target, people=people)


def _targets(page: Page, event: ev.PageStepped) -> tuple[str, ...]:
    with contextlib.suppress(IndexError):
        return step_at(page.chain, Position(round=event.round, step=event.step)).targets
    return ()


def _coming(ctx: Context, page: Page) -> why.Coming | None:
    """The next step that reaches somebody, at the end of the running one."""
    if page.until is None:
        return None
    at = max(page.until, ctx.now)
    position = advance(page.chain, None if page.steps == 0 else page.position)
    while position is not None and not page.last_resort:
        people = _named(ctx, page, position, at)
        if people:
            return why.Coming(at=at, step=position.step + 1, people=people)
        position = advance(page.chain, position)
    return why.Coming(at=at, people=everyone(ctx, page.team))


def _named(ctx: Context, page: Page, position: Position, at: dt.datetime) -> tuple[str, ...]:
    targets = step_at(page.chain, position).targets
    found = (person for target in targets for person, _ in on_target(ctx, target, page.team, at))
    return tuple(dict.fromkeys(person.name for person in found if methods_of(ctx, person)))


# ---------------------------------------------------------------- why not
def never(ctx: Context, ticket: Ticket, log: Sequence[Recorded]) -> why.Never:
    """Why nobody was paged for a ticket so far."""
    policy = ctx.policy(ticket)
    found = verdict(policy, ticket.severity, ticket.plan, ticket.handled or ticket.opened)
    reason, until, name = _unpaged(ctx, ticket, found, log)
    label = policy.severity(ticket.severity).label
    return why.Never(why=reason, severity=label, verdict=found, until=until, name=name)


def _unpaged(
    ctx: Context, ticket: Ticket, found: why.Verdict, log: Sequence[Recorded]
) -> tuple[why.Unpaged, dt.datetime | None, str]:
    if not found.pages:
        return why.Unpaged.POLICY, None, ""
    if ticket.consent is Consent.DECLINED:
        return why.Unpaged.DECLINED, ticket.desk_opens, ""
    had = next((r.event.person for r in log if isinstance(r.event, ev.Acknowledged)), None)
    if had is not None:
        return why.Unpaged.HAD_IT, None, ctx.setup.name_of(had)
    if not ticket.status.is_open:
        return why.Unpaged.OVER, None, ""
    if ticket.consent is Consent.ASKED and ticket.consent_until is not None:
        return why.Unpaged.CHARGE_ASKED, ticket.consent_until, ""
    return why.Unpaged.ASKED, ticket.opened + ctx.policy(ticket).patience, ""


def you(ctx: Context, ticket: Ticket, person: Person, log: Sequence[Recorded]) -> tuple[why.You | None, int]:
    """Why the one who asks was not paged, and in which step of the last page they would have been; None: they were."""
    stepped = [r.event for r in log if isinstance(r.event, ev.PageStepped)]
    page = ctx.uow.pages.latest_of(ticket.id)
    if page is None or any(person.id in event.people for event in stepped):
        return None, 0
    if not methods_of(ctx, person):
        return why.You.NO_WAY, 0
    at, position = page.ended or ctx.now, page.position
    while not page.last_resort and (position := advance(page.chain, position)) is not None:
        for target in step_at(page.chain, position).targets:
            if any(p.id == person.id for p, _ in on_target(ctx, target, page.team, at)):
                return why.You.TO_COME if page.is_open else why.You.LATER, position.step + 1
    return why.You.NOT_YOU, 0
