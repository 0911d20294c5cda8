"""Work that comes again, each a row that says when it is due next: one unit of work a time, behind timers and pages.

KINDS at the end is the table: what each kind does, and for whom it is made.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable

from bot.app import (
    fallback_check,
    hotline_watch,
    trust,
    trust_gaps,
    trust_reach,
    trust_shifts,
    trust_swaps,
    trust_tests,
)
from bot.app.context import Context
from bot.app.duty import Chore
from bot.app.rota_changed import name_of
from bot.app.rows import StorageError, UnitOfWork
from bot.app.running import Log, Runner
from bot.domain.people import Directory

AGAIN = dt.timedelta(minutes=5)
"""A chore that failed is done again after this; the others go on meanwhile."""
SOONEST = dt.timedelta(minutes=1)
"""No chore comes again before."""

Do = Callable[[Context, Chore, str], Chore | None]
"""Does it for a subject, and returns it as it is next; None: that was it."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Kind:
    """`subjects` are those of the configuration that it is done for; None: whoever needs one makes it. It is first due
    at `first`, and again at once when the configuration was read again, where it is `about_it`."""

    do: Do
    subjects: Callable[[Directory], Iterable[str]] | None = None
    first: Callable[[Context, str], dt.datetime] = lambda ctx, subject: ctx.now
    about_it: bool = False


def plan(ctx: Context) -> None:
    """Make what the configuration needs, drop what it has lost: at a start, and after a reload."""
    kept = {chore.name: chore for chore in ctx.uow.chores.all()}
    wanted = {
        name_of(kind, subject): (KINDS[kind], subject)
        for kind, it in KINDS.items()
        for subject in (it.subjects(ctx.directory) if it.subjects else ())
    }
    for name, (kind, subject) in wanted.items():
        chore = kept.get(name)
        if chore is None:
            ctx.uow.chores.save(Chore(name=name, due=kind.first(ctx, subject)))
        elif kind.about_it:
            ctx.uow.chores.save(dataclasses.replace(chore, due=min(chore.due, ctx.now)))
    for name in kept.keys() - wanted.keys():
        known = KINDS.get(name.partition(":")[0])
        if known is not None and known.subjects is not None:
            ctx.uow.chores.drop(name)


async def plan_all(run: Runner, context: Callable[[UnitOfWork], Context], log: Log) -> None:
    """The same, whatever comes of it: chores can wait, pages can't."""
    try:
        await run(lambda uow: plan(context(uow)))
    except Exception as error:
        log("chores_not_planned", error=f"{type(error).__name__}: {error}"[:200])


async def one(run: Runner, context: Callable[[UnitOfWork], Context], log: Log) -> bool:
    """Do the one that has been due for longest, if any is due. One that fails is put off. Raises StorageError."""
    found: list[Chore] = []
    try:
        await run(lambda uow: _do(context(uow), found))
    except StorageError:
        raise
    except Exception as error:
        if not found:
            raise
        log("chore_failed", chore=found[0].name, error=f"{type(error).__name__}: {error}"[:200])
        await run(lambda uow: _postpone(context(uow), found))
    return bool(found)


def _do(ctx: Context, found: list[Chore]) -> None:
    """It puts what is due into `found`, at most one."""
    found.extend(ctx.uow.chores.due(ctx.now, 1))
    for chore in found:
        kind, _, subject = chore.name.partition(":")
        known = KINDS.get(kind)
        after = known.do(ctx, chore, subject) if known else None
        if after is None:
            ctx.uow.chores.drop(chore.name)
        else:
            ctx.uow.chores.save(dataclasses.replace(after, due=max(after.due, ctx.now + SOONEST)))


def _postpone(ctx: Context, found: list[Chore]) -> None:
    """It stays to be done, but stands in nobody's way."""
    for chore in found:
        ctx.uow.chores.save(dataclasses.replace(chore, due=ctx.now + AGAIN))


def _schedules(directory: Directory) -> Iterable[str]:
    return [schedule.name for schedule in directory.schedules]


def _drilled(directory: Directory) -> Iterable[str]:
    return [schedule.name for schedule in directory.schedules if schedule.drill is not None]


def _teams(directory: Directory) -> Iterable[str]:
    return [team.name for team in directory.teams]


KINDS: dict[str, Kind] = {
    "gaps": Kind(do=trust_gaps.look, subjects=_schedules, about_it=True),
    "handover": Kind(do=trust_shifts.look, subjects=_schedules, about_it=True),
    "drill": Kind(do=trust_tests.look, subjects=_drilled, about_it=True),
    "reachability": Kind(do=trust_reach.look, subjects=_teams, first=trust_reach.first),
    hotline_watch.KIND: Kind(do=hotline_watch.look),
    "swaps": Kind(do=trust_swaps.look, subjects=lambda directory: [""]),
    trust.ENDING: Kind(do=trust.on_time),
    fallback_check.KIND: Kind(do=fallback_check.keep),
}
