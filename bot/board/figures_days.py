"""Days of figures: read from the log in small pieces, each its own unit of work, and kept once they are over."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import enum
from collections.abc import Collection, Mapping, Sequence
from zoneinfo import ZoneInfo

from bot.app.rows import UnitOfWork
from bot.board.figures import Counting, Figures, says_nothing
from bot.board.viewer import House
from bot.domain.events import Recorded
from bot.domain.ids import TeamName, TicketId
from bot.domain.people import Unlisted
from bot.domain.ticket import Ticket
from escalation.instants import Span, from_local
from escalation.policy import Policy

PIECE = 500
"""Rows a unit of work: about 5 ms of the writer's time."""
AT_ONCE = 100_000
"""Events that are counted for one look at the page; the days that remain are counted for the next."""
SETTLED = dt.timedelta(minutes=10)
"""So long after its end nothing is written into a day any more."""
MOST_DAYS = 1500
DAY = dt.timedelta(days=1)

ByTeam = Mapping[TeamName, Figures]


class Grain(enum.StrEnum):
    """How long the times are that are shown beside each other."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Period:
    """The local dates [first, end)."""

    first: dt.date
    end: dt.date

    @property
    def days(self) -> tuple[dt.date, ...]:
        return tuple(self.first + n * DAY for n in range((self.end - self.first).days))


def periods(grain: Grain, today: dt.date, count: int) -> tuple[Period, ...]:
    """The last `count`, the oldest first; the last one has today in it. A week begins on Monday."""
    found: list[Period] = []
    end = _next(grain, today)
    for _ in range(count):
        first = _first(grain, end - DAY)
        found.append(Period(first=first, end=end))
        end = first
    return tuple(reversed(found))


def _first(grain: Grain, date: dt.date) -> dt.date:
    if grain is Grain.WEEK:
        return date - date.weekday() * DAY
    return date.replace(day=1) if grain is Grain.MONTH else date


def _next(grain: Grain, date: dt.date) -> dt.date:
    """The first date after the period of this date."""
    if grain is Grain.MONTH:
        return (date.replace(day=1) + 31 * DAY).replace(day=1)
    return _first(grain, date) + (7 * DAY if grain is Grain.WEEK else DAY)


def span_of(zone: ZoneInfo, date: dt.date) -> Span:
    """From one midnight to the next: 23 or 25 hours where the clocks change."""
    midnights = (from_local(zone, day, dt.time()) for day in (date, date + DAY))
    start, end = midnights
    return Span(start=start, end=end)


@dataclasses.dataclass(kw_only=True)
class Days:
    """Counts days, one look after the other, so that two who look at the same time do not count twice."""

    house: House
    kept: dict[tuple[str, dt.date], ByTeam] = dataclasses.field(default_factory=dict)
    turn: asyncio.Lock = dataclasses.field(default_factory=asyncio.Lock)

    async def of(self, zone: ZoneInfo, dates: Sequence[dt.date]) -> Mapping[dt.date, ByTeam]:
        """The figures of these days, by team. Of a long past that was never counted, the oldest days are left out when
        it gets too much for one look; what was counted is kept."""
        found: dict[dt.date, ByTeam] = {}
        left = AT_ONCE
        async with self.turn:
            for date in sorted(dates, reverse=True):
                kept = self.kept.get((zone.key, date))
                if kept is None and left <= 0:
                    break
                if kept is None:
                    kept, events = await self._count(zone, date)
                    left -= events
                found[date] = kept
        return found

    async def _count(self, zone: ZoneInfo, date: dt.date) -> tuple[ByTeam, int]:
        """The day's figures, and how many events it has so far."""
        span, counting, events = span_of(zone, date), Counting(policy_of=self._policy_of), 0
        after: Recorded | None = None
        while span.start <= self.house.clock.now():
            log = await self._piece(span, after)
            events += len(log)
            telling = [entry for entry in log if not says_nothing(entry.event)]
            tickets = await self._tickets({entry.ticket for entry in telling})
            await asyncio.to_thread(counting.add, telling, tickets)
            if len(log) < PIECE:
                break
            after = log[-1]
        counted = counting.figures()
        if span.end + SETTLED <= self.house.clock.now():
            while len(self.kept) >= MOST_DAYS:
                self.kept.pop(next(iter(self.kept)))
            self.kept[zone.key, date] = counted
        return counted, events

    async def _piece(self, span: Span, after: Recorded | None) -> Sequence[Recorded]:
        return await self.house.run(lambda uow: uow.log.piece(span.start, span.end, after, PIECE))

    async def _tickets(self, ids: Collection[TicketId]) -> dict[TicketId, Ticket]:
        if not ids:
            return {}

        def read(uow: UnitOfWork) -> dict[TicketId, Ticket]:
            return {id: ticket for id in ids if (ticket := uow.tickets.peek(id)) is not None}

        return await self.house.run(read)

    def _policy_of(self, ticket: Ticket) -> Policy | None:
        """At the ticket's version where it is kept, else as it is now."""
        try:
            return self.house.setup().directory.policy_of(ticket.policy, ticket.policy_version)
        except Unlisted:
            return None
