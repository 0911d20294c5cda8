"""A change of who is on call: may it be, write it down, tell whom it concerns."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from bot.app.context import Context
from bot.app.duty import KeptOverride
from bot.app.places import at_desks, privately
from bot.app.rota_changed import rota_changed
from bot.domain import notices as no
from bot.domain import rota
from bot.domain import rota_notices as rn
from bot.domain.errors import NotPossible
from bot.domain.ids import PersonId
from bot.domain.people import Person
from escalation.instants import Span
from escalation.schedule import Override


# ---------------------------------------------------------------- may it be
def check_asker(ctx: Context, schedule: str, asker: Person) -> None:
    """Only engineers of a team that the schedule pages change it. Raises NotPossible."""
    if not rota.is_engineer(asker):
        raise NotPossible("Only engineers and leads change who is on call; ask one of them")
    if not rota.may_be_on(ctx.directory, schedule, asker):
        raise NotPossible(
            "Only engineers of {teams} change who is on call for {schedule}; ask one of them",
            teams=_teams(ctx, schedule),
            schedule=schedule,
        )


def check_person(ctx: Context, schedule: str, person: Person) -> None:
    """Whoever is put on call must be one of those whom it pages, and reachable. Raises NotPossible."""
    if not rota.may_be_on(ctx.directory, schedule, person):
        raise NotPossible(
            "{name} is no engineer of {teams}, whom {schedule} pages; write the name of one who is",
            name=person.name,
            teams=_teams(ctx, schedule) or "-",
            schedule=schedule,
        )
    if not _is_reachable(ctx, person):
        raise NotPossible(
            "{name} has no phone and no chat that we could page; write the name of somebody who has",
            name=person.name,
        )


def _teams(ctx: Context, schedule: str) -> str:
    return ", ".join(team.name for team in rota.teams_of(ctx.directory, schedule))


def _is_reachable(ctx: Context, person: Person) -> bool:
    return any((can := ctx.setup.can(channel)) and can.pages for channel in person.identities)


# ---------------------------------------------------------------- write it down
def arrange(
    ctx: Context, schedule: str, override: Override, by: PersonId, swap: int = 0
) -> tuple[KeptOverride, tuple[rota.Change, ...]]:
    """Keep the override; returns it with its number, and what it changes. Raises NotPossible where that is nothing."""
    for kept in ctx.uow.rota.overrides(schedule, ctx.now):
        if kept.override == override:
            raise NotPossible("That is arranged already; override cancel {id} undoes it", id=str(kept.id))
    found = rota.changes(ctx.schedule(schedule), override)
    if not found:
        raise NotPossible(
            "That changes nothing: it is who is on call then anyway; write another person or another time"
        )
    new = KeptOverride(schedule=schedule, override=override, by=by, made=ctx.now, swap=swap)
    kept = ctx.uow.rota.add_override(new)
    rota_changed(ctx, schedule)
    return kept, found


def cancel(ctx: Context, kept: KeptOverride) -> tuple[rota.Change, ...]:
    """It is no more from now on; what was until now stays true. Returns what that changes."""
    before, span = ctx.schedule(kept.schedule), kept.override.span
    if span.start < ctx.now:
        over = dataclasses.replace(kept.override, span=Span(start=span.start, end=ctx.now))
        ctx.uow.rota.save_override(dataclasses.replace(kept, override=over))
    else:
        ctx.uow.rota.save_override(dataclasses.replace(kept, cancelled=ctx.now))
    rota_changed(ctx, kept.schedule)
    rest = Span(start=max(span.start, ctx.now), end=span.end)
    return rota.differences(before, ctx.schedule(kept.schedule), rest)


# ---------------------------------------------------------------- tell
def changed(
    ctx: Context,
    kept: KeptOverride,
    found: tuple[rota.Change, ...],
    *,
    by: str = "",
    undone: bool = False,
    called: tuple[rn.CalledIn, ...] = (),
) -> rn.RotaChanged:
    """What was changed; `by` is empty for whoever did it."""
    return rn.RotaChanged(
        id=kept.id,
        schedule=kept.schedule,
        by=by,
        lines=tuple(_line(ctx, change) for change in found),
        undone=undone,
        called=called,
    )


def _line(ctx: Context, change: rota.Change) -> rn.ChangeLine:
    return rn.ChangeLine(
        start=change.span.start,
        end=change.span.end,
        people=_names(ctx, change.after),
        on=_names(ctx, (p for p in change.after if p not in change.before)),
        off=_names(ctx, (p for p in change.before if p not in change.after)),
    )


def _names(ctx: Context, people: Iterable[PersonId]) -> tuple[str, ...]:
    return tuple(ctx.setup.name_of(person) for person in people)


def announce(
    ctx: Context, kept: KeptOverride, found: tuple[rota.Change, ...], by: Person, *, undone: bool = False
) -> None:
    """Tell the desks, and in private everybody whom it puts on call or takes off, but for whoever did it."""
    tell_desks(ctx, kept.schedule, changed(ctx, kept, found, by=by.name, undone=undone))
    concerned = dict.fromkeys(
        p for c in found for p in (*c.before, *c.after) if (p in c.before) != (p in c.after)
    )
    for id in concerned:
        person = ctx.directory.listed(id)
        if person is None or person.id == by.id:
            continue
        notice = rn.YourShiftChanged(
            schedule=kept.schedule,
            by=by.name,
            on=tuple((c.span.start, c.span.end) for c in found if id in c.after and id not in c.before),
            off=tuple(_line(ctx, c) for c in found if id in c.before and id not in c.after),
        )
        privately(ctx, person, notice)


def tell_desks(ctx: Context, schedule: str, notice: no.Notice) -> None:
    """At the desks of the teams that the schedule pages; of one that pages nobody's, at all of them."""
    at_desks(ctx, rota.teams_of(ctx.directory, schedule) or ctx.directory.teams, notice)
