"""The calendars that schedules are read from, read again and again. The last good copy counts until there is a better."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import hashlib
from zoneinfo import ZoneInfo

import httpx

from bot.app.bus import Log, Runner
from bot.app.context import Context, Setup
from bot.app.duty import Roster
from bot.app.places import at_desks
from bot.app.ports import Clock, Wake
from bot.app.rota_changed import rota_changed
from bot.app.rows import StorageError, UnitOfWork
from bot.calendars.apart import read_apart
from bot.calendars.fetch import Text, client, fetch, label_of
from bot.calendars.parse import Reading
from bot.calendars.sources import Known, Source, known_to, sources_of, teams_of
from bot.domain import rota_notices as no
from bot.domain.calendar_faults import CalendarError

EVERY = dt.timedelta(minutes=15)
SOON = dt.timedelta(minutes=1)
"""Until one is tried again that has never been read: nobody is on call from it."""
PATIENCE = dt.timedelta(hours=1)
"""So long may one fail before its desks are told; without any copy SHORT_PATIENCE."""
SHORT_PATIENCE = dt.timedelta(minutes=5)
STALE = dt.timedelta(days=1)
"""After this also an unchanged text is read again: the coming year has moved on."""
AFTER_STORAGE = dt.timedelta(seconds=30)
STRANGERS = "nobody here is called: "
"""What `error` of a roster begins with that is well, but has events that put nobody on call."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Seen:
    """What a source gave us last, and for whom and where it was read."""

    given: Text
    digest: str
    reading: Reading
    at: dt.datetime
    zone: ZoneInfo
    known: Known


class Calendars:
    """`forever` reads them all at the start, every 15 minutes, and whenever `setup` is replaced."""

    def __init__(self, *, setup: Setup, run: Runner, clock: Clock, wake: Wake, log: Log) -> None:
        self._setup, self._run, self._clock, self._wake, self._log = setup, run, clock, wake, log
        self._seen: dict[str, _Seen] = {}
        self._said: dict[str, frozenset[str]] = {}
        self._changed = asyncio.Event()
        self._one_by_one = asyncio.Lock()

    @property
    def setup(self) -> Setup:
        """What is in force. A new one has the calendars read at once."""
        return self._setup

    @setup.setter
    def setup(self, setup: Setup) -> None:
        self._setup = setup
        self._changed.set()

    async def forever(self) -> None:
        """Look at all of them; sleep until the next look or a reload."""
        async with client() as http:
            while True:
                self._changed.clear()
                await self._wait(await self.once(http))

    async def _wait(self, at: dt.datetime | None) -> None:
        if at is None:
            await self._changed.wait()
            return
        try:
            async with asyncio.timeout(max(self._clock.real_seconds_until(at), 0.001)):
                await self._changed.wait()
        except TimeoutError:
            return

    async def once(self, http: httpx.AsyncClient) -> dt.datetime | None:
        """One look at each; returns when the next is due, None without any calendar."""
        by_place: dict[str, list[Source]] = {}
        for source in sources_of(self._setup.directory):
            by_place.setdefault(source.at, []).append(source)
        self._seen = {at: seen for at, seen in self._seen.items() if at in by_place}
        looks = (self._look(http, self._setup, sources) for sources in by_place.values())
        return min(await asyncio.gather(*looks), default=None)

    async def _look(self, http: httpx.AsyncClient, setup: Setup, sources: list[Source]) -> dt.datetime:
        """One calendar: read, and what came of it written down."""
        now, source = self._clock.now(), sources[0]
        error: CalendarError | None = None
        seen: _Seen | None = None
        try:
            seen = await self._read(http, setup, source, now)
        except CalendarError as failed:
            error = failed
            self._log("calendar_failed", schedule=source.schedule, calendar=failed.label, why=failed.what)
        try:
            kept = await self._run(lambda uow: self._keep(uow, setup, sources, now, seen or error))
        except StorageError as refused:
            self._log("storage_refused", task="calendars", error=str(refused))
            return now + AFTER_STORAGE
        if seen is not None:
            self._seen[source.at] = seen
            self._said[source.at] = frozenset(seen.reading.strangers)
        self._wake()
        return now + (EVERY if kept.fetched is not None else SOON)

    async def _read(self, http: httpx.AsyncClient, setup: Setup, source: Source, now: dt.datetime) -> _Seen:
        """What it says now; the same as before where neither it nor we have changed. Raises CalendarError."""
        known, seen = known_to(setup.directory, source.at), self._seen.get(source.at)
        if seen and (seen.known != known or seen.zone != source.zone or now - seen.at >= STALE):
            seen = None
        given = await fetch(http, source.at, seen.given if seen else None)
        if given is None and seen is not None:
            return seen
        given = given or Text(text="")
        digest = hashlib.sha256(given.text.encode("utf-8", "replace")).hexdigest()
        bare = dataclasses.replace(given, text="")
        if seen is not None and seen.digest == digest:
            return dataclasses.replace(seen, given=bare)
        async with self._one_by_one:
            label = label_of(source.at)
            reading = await read_apart(
                given.text, label=label, zone=source.zone, now=now, people=known.people, titles=known.titles
            )
        self._log("calendar_read", schedule=source.schedule, calendar=label, shifts=len(reading.shifts))
        return _Seen(given=bare, digest=digest, reading=reading, at=now, zone=source.zone, known=known)

    def _keep(
        self,
        uow: UnitOfWork,
        setup: Setup,
        sources: list[Source],
        now: dt.datetime,
        found: _Seen | CalendarError | None,
    ) -> Roster:
        """The roster with what was found, saved; and the desks told what is to be told."""
        at = sources[0].at
        ctx = Context(uow=uow, now=now, setup=setup)
        was = uow.rota.roster(at) or Roster(source=at)
        if isinstance(found, _Seen):
            kept = self._well(ctx, was, sources, found.reading)
        else:
            kept = _failing(ctx, was, sources, found or CalendarError("empty"))
        uow.rota.save_roster(kept)
        return kept

    def _well(self, ctx: Context, was: Roster, sources: list[Source], reading: Reading) -> Roster:
        for source in sources:
            place = {"schedule": source.schedule, "calendar": label_of(source.at)}
            if was.told:
                at_desks(ctx, teams_of(ctx.directory, source.schedule), no.CalendarBack(**place))
            said = self._said.get(source.at, _said_before(was))
            if fresh := tuple(name for name in reading.strangers if name not in said):
                at_desks(
                    ctx, teams_of(ctx.directory, source.schedule), no.CalendarStrangers(**place, names=fresh)
                )
            if was.shifts != reading.shifts:
                rota_changed(ctx, source.schedule)
        odd = STRANGERS + ", ".join(reading.strangers) if reading.strangers else ""
        return dataclasses.replace(
            was, shifts=reading.shifts, fetched=ctx.now, failing=None, error=odd, told=False
        )


def _said_before(was: Roster) -> frozenset[str]:
    """The strangers that were told before we were started."""
    if was.failing is not None or not was.error.startswith(STRANGERS):
        return frozenset()
    return frozenset(was.error.removeprefix(STRANGERS).split(", "))


def _failing(ctx: Context, was: Roster, sources: list[Source], error: CalendarError) -> Roster:
    """The last good copy stays. Told once, when it has failed for long enough."""
    since = was.failing or ctx.now
    patience = PATIENCE if was.fetched is not None else SHORT_PATIENCE
    due = not was.told and ctx.now - since >= patience
    for source in sources if due else ():
        notice = no.CalendarFailing(
            schedule=source.schedule,
            calendar=label_of(source.at),
            since=since,
            fetched=was.fetched,
            why=error.what,
            text=error.text,
            n=error.n,
        )
        at_desks(ctx, teams_of(ctx.directory, source.schedule), notice)
    return dataclasses.replace(was, failing=since, error=str(error), told=was.told or due)
