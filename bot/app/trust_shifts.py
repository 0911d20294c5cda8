"""Hand-overs: the desk hears who is on call now, and whoever goes on call what they find."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Sequence

from bot.app.context import Context
from bot.app.duty import Chore
from bot.app.places import at_desks, privately
from bot.app.trust_places import UNREAD, is_read
from bot.domain.decision import next_due, solved_by
from bot.domain.people import Team
from bot.domain.rota import teams_of
from bot.domain.status import Status
from bot.domain.ticket import Ticket
from bot.domain.trust_notices import OpenWork, PagedBefore, ShiftBegan, ShiftSummary
from escalation.schedule import Schedule, next_change, on_call
from escalation.sla import ClockKind

LONG = dt.timedelta(hours=4)
"""Shorter shifts are no news at the desk."""
EVERY = dt.timedelta(hours=1)
"""Who is on call may be changed at any time, so it is looked this often besides."""
MOST_LISTED = 15


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Seen:
    """Who was on call at the last look (`at`), and since when, as far as is known."""

    people: tuple[str, ...]
    since: dt.datetime
    at: dt.datetime

    def __str__(self) -> str:
        times = {"since": self.since.isoformat(), "at": self.at.isoformat()}
        return json.dumps({"people": self.people, **times})


def _seen(note: str) -> _Seen | None:
    if not note:
        return None
    kept = json.loads(note)
    since, at = (dt.datetime.fromisoformat(kept[key]).astimezone(dt.UTC) for key in ("since", "at"))
    return _Seen(people=tuple(kept["people"]), since=since, at=at)


def look(ctx: Context, chore: Chore, name: str) -> Chore:
    """Others are on call than at the last look: say so. What changed more than once meanwhile is one change.

    Raises Unlisted."""
    if not is_read(ctx, name):
        return dataclasses.replace(chore, due=ctx.now + UNREAD)
    before = _seen(chore.note)
    schedule = ctx.schedule(name, before.at if before else ctx.now)
    people = on_call(schedule, ctx.now)
    now = _Seen(people=people, since=ctx.now, at=ctx.now)
    if before is not None:
        same = set(people) == set(before.people)
        now = dataclasses.replace(now, since=before.since if same else _began(schedule, before.at, ctx.now))
        if not same:
            _hand_over(ctx, schedule, before, now)
    change = next_change(schedule, ctx.now)
    return dataclasses.replace(chore, due=min(change or ctx.now + EVERY, ctx.now + EVERY), note=str(now))


def _began(schedule: Schedule, after: dt.datetime, now: dt.datetime) -> dt.datetime:
    """The last change by now; what was arranged without one begins now."""
    began, at = now, after
    while (change := next_change(schedule, at)) is not None and change <= now:
        began = at = change
    return began


def _hand_over(ctx: Context, schedule: Schedule, before: _Seen, now: _Seen) -> None:
    teams = teams_of(ctx.directory, schedule.name)
    if not teams:
        return
    until = next_change(schedule, ctx.now)
    is_long = until is None or until - now.since >= LONG
    if is_long and not _was_told(ctx, schedule.name, before):
        names = [tuple(ctx.setup.name_of(p) for p in people) for people in (now.people, before.people)]  # type: ignore[arg-type]
        began = ShiftBegan(schedule=schedule.name, now=names[0], before=names[1], until=until)
        at_desks(ctx, teams, began)
    summary = _summary(ctx, schedule.name, teams, before, now, until)
    if not is_long and not summary.work:
        return
    for id in now.people:
        person = ctx.directory.listed(id)
        if person is not None and id not in before.people:
            privately(ctx, person, summary)


def _was_told(ctx: Context, schedule: str, before: _Seen) -> bool:
    """Arranged in chat since the last look, to begin at once: then the desk has heard it."""
    kept = ctx.uow.rota.overrides(schedule, before.at)
    return any(it.made >= before.at and it.override.span.start <= ctx.now for it in kept)


# ---------------------------------------------------------------- what they find
def _summary(
    ctx: Context,
    schedule: str,
    teams: Sequence[Team],
    before: _Seen,
    now: _Seen,
    until: dt.datetime | None,
) -> ShiftSummary:
    tickets = [t for team in teams for t in ctx.uow.tickets.unfinished(team.name)]
    return ShiftSummary(
        schedule=schedule,
        until=until,
        work=tuple(_open(ctx, ticket) for ticket in tickets[:MOST_LISTED]),
        more=max(len(tickets) - MOST_LISTED, 0),
        paged=_paged(ctx, teams, before.since, ctx.now),
    )


def _open(ctx: Context, ticket: Ticket) -> OpenWork:
    policy = ctx.policy(ticket)
    return OpenWork(
        ticket=ticket.id,
        severity=policy.severity(ticket.severity).label,
        organisation=ticket.organisation_name,
        holder=ctx.setup.name_of(ticket.owner) if ticket.owner else "",
        due=next_due(ticket, policy, ctx.now) or solved_by(ticket, policy, ctx.now),
        waits=_waits(ticket),
        paging=ctx.uow.pages.open_of(ticket.id) is not None,
    )


def _waits(ticket: Ticket) -> str:
    if ticket.status is Status.WAITING:
        return "them"
    if ticket.answered is None:
        return "us"
    clock = ticket.clock(ClockKind.NEXT_RESPONSE)
    return "us" if clock is not None and clock.stopped is None else ""


def _paged(
    ctx: Context, teams: Sequence[Team], since: dt.datetime, until: dt.datetime
) -> tuple[PagedBefore, ...]:
    """What somebody was called for in the last shift; what is still being paged is among the open tickets."""
    names = {team.name for team in teams}
    pages = [p for p in ctx.uow.pages.between(since, until) if p.team in names and not p.is_open]
    return tuple(
        PagedBefore(
            ticket=page.ticket,
            at=page.started,
            name=ctx.setup.name_of(page.acknowledged_by) if page.acknowledged_by else "",
            after=page.ended - page.started if page.acknowledged_by and page.ended else None,
        )
        for page in pages[-MOST_LISTED:]
    )
