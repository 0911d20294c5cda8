"""Who is on call, as it is shown: in the answer to `oncall`, in lists, on the home page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from bot.app.calendar_key import calendar_url
from bot.app.context import Context
from bot.app.duty import Swap
from bot.domain import rota
from bot.domain import rota_notices as rn
from bot.domain.errors import NotPossible
from bot.domain.ids import PersonId
from bot.domain.people import Person
from escalation.instants import Span
from escalation.schedule import HORIZON, Override, Schedule, gaps, next_change

GAPS_AHEAD = dt.timedelta(days=30)
MOST_GAPS = 3
SHIFT_AHEAD = dt.timedelta(days=60)


def who_is_on(
    ctx: Context, person: Person, schedules: Sequence[str], at: dt.datetime | None = None
) -> rn.WhoIsOnCall:
    """These schedules now, or at another instant; with gaps, open swaps and the person's own next shift for now."""
    lines = tuple(schedule_line(ctx, name, at) for name in schedules)
    if at is not None:
        return rn.WhoIsOnCall(lines=lines, at=at)
    swaps = [s for s in ctx.uow.rota.swaps(ctx.now) if s.schedule in schedules]
    return rn.WhoIsOnCall(
        lines=lines,
        mine=next_shift(ctx, person, schedules),
        swaps=tuple(swap_line(ctx, s) for s in swaps),
    )


def schedule_line(ctx: Context, name: str, at: dt.datetime | None = None) -> rn.ScheduleLine:
    """Who is on and who is next; the gaps of the next thirty days where it is about now."""
    schedule = ctx.schedule(name, min(at, ctx.now) if at else None)
    current, following = rota.turn_at(schedule, at or ctx.now)
    ahead = ctx.now + GAPS_AHEAD
    holes = gaps(schedule, ctx.now, ahead) if at is None else ()
    return rn.ScheduleLine(
        schedule=name,
        people=names(ctx, current.people),
        until=following.span.start if following else None,
        following=names(ctx, following.people) if following else (),
        gaps=tuple(
            (gap.start, gap.end if gap.end < ahead else next_change(schedule, gap.start))
            for gap in holes[:MOST_GAPS]
        ),
        more=max(len(holes) - MOST_GAPS, 0),
    )


def next_shift(ctx: Context, person: Person, schedules: Iterable[str]) -> rn.ShiftLine | None:
    """The person's next shift that has not begun, on any of the schedules."""
    ahead = Span(start=ctx.now, end=ctx.now + SHIFT_AHEAD)
    found = [
        rn.ShiftLine(
            schedule=name, start=shift.start, end=_end(ctx, ctx.schedule(name), shift, person.id, ahead)
        )
        for name in schedules
        for shift in rota.shifts_of(ctx.schedule(name), person.id, ahead)
        if shift.start > ctx.now
    ]
    return min(found, key=lambda shift: shift.start, default=None)


def _end(ctx: Context, schedule: Schedule, shift: Span, person: PersonId, ahead: Span) -> dt.datetime | None:
    """When the shift ends, also where that is beyond what was looked at; None where no end is in sight."""
    if shift.end < ahead.end:
        return shift.end
    longer = Span(start=shift.start, end=ctx.now + HORIZON)
    end = rota.shifts_of(schedule, person, longer)[0].end
    return end if end < longer.end else None


def names(ctx: Context, people: Iterable[PersonId]) -> tuple[str, ...]:
    return tuple(ctx.setup.name_of(person) for person in people)


def swap_line(ctx: Context, swap: Swap) -> rn.SwapLine:
    return rn.SwapLine(
        id=swap.id,
        schedule=swap.schedule,
        asker=ctx.setup.name_of(swap.asker),
        asked_of=ctx.setup.name_of(swap.asked_of) if swap.asked_of else "",
        start=swap.span.start,
        end=swap.span.end,
    )


def links(ctx: Context, person: Person) -> rn.CalendarLinks:
    """Where a calendar program reads the schedules, and the person's own shifts in those that page their teams.

    Raises NotPossible where the bot has no address."""
    if not ctx.setup.public_url:
        raise NotPossible("There is no link: bot.public_url of the configuration is empty")
    known = [schedule.name for schedule in ctx.directory.schedules]
    own = [schedule.name for schedule in rota.schedules_for(ctx.directory, person)]
    return rn.CalendarLinks(
        links=tuple(
            rn.CalendarLink(
                schedule=name,
                mine=mine,
                url=calendar_url(
                    ctx.uow, ctx.setup.random, ctx.setup.public_url, name, person.id if mine else ""
                ),
            )
            for mine, names_of in ((False, known), (True, own))
            for name in names_of
        )
    )


def overrides(ctx: Context) -> rn.OverrideList:
    """All that is arranged from now on, the next to begin first."""
    lines = []
    for schedule in ctx.directory.schedules:
        for kept in ctx.uow.rota.overrides(schedule.name, ctx.now):
            lines.append(_override(ctx, schedule.name, kept.override, kept.id, ctx.setup.name_of(kept.by)))
        configured = [o for o in schedule.overrides if o.span.end > ctx.now]
        lines += [_override(ctx, schedule.name, o, 0, "") for o in configured]
    return rn.OverrideList(lines=tuple(sorted(lines, key=lambda line: (line.start, line.id))))


def _override(ctx: Context, schedule: str, override: Override, id: int, by: str) -> rn.OverrideLine:
    return rn.OverrideLine(
        id=id,
        schedule=schedule,
        person=ctx.setup.name_of(PersonId(override.person)),
        change=override.change,
        replaces=ctx.setup.name_of(PersonId(override.replaces)) if override.replaces else "",
        start=override.span.start,
        end=override.span.end,
        by=by,
    )
