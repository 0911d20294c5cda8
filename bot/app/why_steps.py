"""The steps of a page that began, whom each tried, who was called in meanwhile, and what became of every attempt."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from typing import TypeVar

from bot.app.context import Context
from bot.app.rows import OutboxItem, SendState
from bot.app.why import on_target
from bot.app.why_calls import held_for
from bot.domain import events as ev
from bot.domain import notices as no
from bot.domain import why_notices as why
from bot.domain.events import Recorded
from bot.domain.hotline import Call
from bot.domain.ids import PageId, PersonId
from bot.domain.page import Page
from escalation.chain import Position, step_at

E = TypeVar("E", bound=ev.Event)
Made = dict[tuple[str, str], deque[dt.datetime]]
_FATES = {
    SendState.PENDING: why.Fate.TO_COME,
    SendState.SENDING: why.Fate.SENDING,
    SendState.ACCEPTED: why.Fate.ACCEPTED,
    SendState.DELIVERED: why.Fate.DELIVERED,
    SendState.FAILED: why.Fate.FAILED,
    SendState.CANCELLED: why.Fate.CANCELLED,
}


@dataclasses.dataclass(kw_only=True)
class _Begun:
    """An event that a step began, or that people were called into the running one; and the rows that it made."""

    at: dt.datetime
    event: ev.PageStepped
    rows: list[OutboxItem] = dataclasses.field(default_factory=list)
    called: list[_Begun] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Known:
    """What the attempts of a page are told from: when they were made, and the calls about the ticket."""

    page: Page
    made: Made
    calls: Sequence[Call]


def of_page(log: Sequence[Recorded], kind: type[E], page: PageId) -> Iterator[tuple[dt.datetime, E]]:
    """The events of this kind about a page, each with its instant."""
    for recorded in log:
        if isinstance(recorded.event, kind) and getattr(recorded.event, "page", None) == page:
            yield recorded.at, recorded.event


def steps_of(ctx: Context, page: Page, log: Sequence[Recorded]) -> Iterator[why.StepStory]:
    """Every step, the first to begin first. Whoever was called in meanwhile is shown within the running one."""
    items = ctx.uow.outbox.of_page(page.id)
    begun = [_Begun(at=at, event=event) for at, event in of_page(log, ev.PageStepped, page.id)]
    steps = _apart(begun, items)
    for item in _not_replaced(items) if steps else ():
        _maker(item, page, steps, begun).rows.append(item)
    known = _Known(page=page, made=_made_at(page, log), calls=ctx.uow.calls.of(page.ticket))
    for step in steps:
        event, skipped = step.event, not step.event.people and not step.event.last_resort
        yield why.StepStory(
            round=event.round + 1,
            step=event.step + 1,
            at=step.at,
            last_resort=event.last_resort,
            targets=() if event.last_resort else _targets(page, event),
            people=_names(ctx, event),
            tried=_all_tried(ctx, step, known),
            empty=tuple(_empty(ctx, page, event, step.at)) if skipped else (),
            called_in=tuple(_called_in(ctx, one, known) for one in step.called),
        )


def _apart(begun: list[_Begun], items: Sequence[OutboxItem]) -> list[_Begun]:
    """The steps, each with who was called into it; those who were called in before the first belong to it too."""
    steps: list[_Begun] = []
    early: list[_Begun] = []
    for one in begun:
        if not _is_call_in(one, steps, items):
            one.called, early = early, []
            steps.append(one)
        elif steps:
            steps[-1].called.append(one)
        else:
            early.append(one)
    if early:
        early[0].called = early[1:]
    return steps or early[:1]


def _is_call_in(begun: _Begun, steps: Sequence[_Begun], items: Sequence[OutboxItem]) -> bool:
    """What its rows say tells: the number of the step that the page was at. Without rows: a walk comes to no place twice
    but to everyone, and then to all of them."""
    made = (i for i in items if i.created == begun.at and i.person in begun.event.people)
    numbers = [call.step for item in made if (call := _call(item)) is not None]
    if numbers:
        return max(numbers) <= len(steps)
    if not steps:
        return False
    event, last = begun.event, steps[-1].event
    if (event.round, event.step, event.last_resort) != (last.round, last.step, last.last_resort):
        return False
    return not event.last_resort or (bool(event.people) and not set(event.people) >= set(last.people))


def _not_replaced(items: Sequence[OutboxItem]) -> list[OutboxItem]:
    """Without what was not sent since a later step tried the same person by the same way: that one is shown there."""
    newest: dict[tuple[str, str], int] = defaultdict(int)
    for item in items:
        if (call := _call(item)) is not None:
            newest[item.person, item.method] = max(newest[item.person, item.method], call.step)
    return [
        item
        for item in items
        if item.state != SendState.CANCELLED
        or (call := _call(item)) is None
        or call.step == newest[item.person, item.method]
    ]


def _maker(item: OutboxItem, page: Page, steps: Sequence[_Begun], begun: Sequence[_Begun]) -> _Begun:
    """What made a row: the step that it names; of those called into it, whoever was the last to be."""
    call = _call(item)
    if call is None or not 0 <= call.step <= len(steps):
        before = [one for one in begun if one.at <= item.created]
        with_them = [one for one in before if item.person in one.event.people]
        return (with_them or before or list(begun))[-1]
    step = steps[max(call.step, 1) - 1]
    if item.created == step.at and call.handed_by in ("", page.handed_by):
        return step
    called = [one for one in step.called if one.at <= item.created and item.person in one.event.people]
    return called[-1] if called else step


def _call(item: OutboxItem) -> no.PageCall | None:
    """What a row says of its own page, also where it goes out with others."""
    said = item.notice.own if isinstance(item.notice, no.PageBundle) else item.notice
    return said if isinstance(said, no.PageCall) else None


def _called_in(ctx: Context, begun: _Begun, known: _Known) -> why.CalledIn:
    calls = [call for item in begun.rows if (call := _call(item)) is not None]
    return why.CalledIn(
        at=begun.at,
        people=_names(ctx, begun.event),
        by=next((call.handed_by for call in calls), ""),
        tried=_all_tried(ctx, begun, known),
    )


def _names(ctx: Context, event: ev.PageStepped) -> tuple[str, ...]:
    return tuple(ctx.setup.name_of(person) for person in event.people)


def _all_tried(ctx: Context, begun: _Begun, known: _Known) -> tuple[why.Tried, ...]:
    return tuple(sorted((_tried(ctx, item, known) for item in begun.rows), key=lambda tried: tried.at))


def _made_at(page: Page, log: Sequence[Recorded]) -> Made:
    """When the attempts of each person by each method were first made, in their order."""
    made: Made = defaultdict(deque)
    for at, event in of_page(log, ev.PageAttempted, page.id):
        if event.attempt == 1:
            made[event.person, event.method].append(at)
    return made


def _tried(ctx: Context, item: OutboxItem, known: _Known) -> why.Tried:
    times = known.made[item.person, item.method]
    at = times.popleft() if item.attempts and times else item.due
    fate = _FATES[item.state]
    if item.held and fate is why.Fate.TO_COME:
        fate = why.Fate.HELD
    fate = held_for(ctx, known.page, item, known.calls) or fate
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
