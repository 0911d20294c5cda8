"""Times at which nobody is on call: looked for 30 days ahead each morning, told when they are new, and on Mondays."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.app.context import Context
from bot.app.duty import Chore
from bot.app.places import at_desks
from bot.app.trust_hours import monday, next_morning
from bot.app.trust_places import UNREAD, is_read, people_on
from bot.domain.rota import may_be_on, teams_of
from bot.domain.trust_notices import GapsAhead
from escalation.instants import DAY, Span
from escalation.schedule import gaps

AHEAD = dt.timedelta(days=30)


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Said:
    """What the desks were told last: when, the gaps, and how far was looked."""

    at: dt.datetime
    until: dt.datetime
    gaps: tuple[Span, ...]

    def __str__(self) -> str:
        spans = [[gap.start.isoformat(), gap.end.isoformat()] for gap in self.gaps]
        return json.dumps({"at": self.at.isoformat(), "until": self.until.isoformat(), "gaps": spans})


def _said(note: str) -> _Said | None:
    if not note:
        return None
    kept = json.loads(note)
    return _Said(
        at=_instant(kept["at"]),
        until=_instant(kept["until"]),
        gaps=tuple(Span(start=_instant(start), end=_instant(end)) for start, end in kept["gaps"]),
    )


def _instant(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC)


def look(ctx: Context, chore: Chore, name: str) -> Chore:
    """Tell the teams whom this schedule pages, if there is something to tell. Raises Unlisted."""
    if not is_read(ctx, name):
        return dataclasses.replace(chore, due=ctx.now + UNREAD)
    schedule = ctx.schedule(name)
    until = ctx.now + AHEAD
    found = gaps(schedule, ctx.now, until)
    said = _said(chore.note)
    after = dataclasses.replace(chore, due=next_morning(schedule.zone, ctx.now))
    if not found:
        return dataclasses.replace(after, note="")
    if said is not None and not _is_news(found, said, schedule.zone, ctx.now):
        return after
    able = (person.id for person in ctx.directory.people if may_be_on(ctx.directory, name, person))
    person = next(iter((*people_on(ctx.directory.schedule(name)), *able)), "PERSON")
    notice = GapsAhead(schedule=name, gaps=found, until=until, person=person)
    at_desks(ctx, teams_of(ctx.directory, name), notice)
    return dataclasses.replace(after, note=str(_Said(at=ctx.now, until=until, gaps=found)))


def _is_news(found: Sequence[Span], said: _Said, zone: ZoneInfo, now: dt.datetime) -> bool:
    """Something is different as far as was looked then; what has come within sight since waits for Monday, and what was
    said shortly before a Monday for the one after it."""
    if _within(found, now, said.until) != _within(said.gaps, now, said.until):
        return True
    return said.at < monday(zone, now) - DAY


def _within(spans: Sequence[Span], start: dt.datetime, end: dt.datetime) -> list[Span]:
    cut = (Span(start=max(span.start, start), end=min(span.end, end)) for span in spans)
    return [span for span in cut if span.start < span.end]
