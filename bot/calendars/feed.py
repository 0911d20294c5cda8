"""On call as a calendar: GET /oncall/{schedule}.ics?key=... (&person=ID for one person's shifts).

Calendar programs can't log in: the key is the permission. What it does not open is not there (404).
"""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import hashlib
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.app.bus import Runner
from bot.app.calendar_key import KEPT_AS, is_key
from bot.app.context import Context, Setup
from bot.app.ports import Clock
from bot.app.rows import StorageError
from bot.calendars.write import written
from bot.domain.people import Unlisted
from escalation.instants import DAY
from escalation.schedule import Schedule, Shift, shifts_of

BEHIND, AHEAD = 7 * DAY, 180 * DAY
WHOLE = 31 * DAY
"""A shift that reaches out of the window is shown whole, so that it is the same event from day to day; up to this."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Made:
    """A calendar that was written, and from what."""

    schedule: Schedule
    names: dict[str, str]
    day: dt.datetime
    body: bytes
    tag: str


@dataclasses.dataclass(kw_only=True)
class Feed:
    """`setup` gives the one in force. What was written last for a URL is kept, since programs ask every hour."""

    run: Runner
    setup: Callable[[], Setup]
    clock: Clock
    secret: str | None = None
    made: dict[tuple[str, str], _Made] = dataclasses.field(default_factory=dict)

    @property
    def route(self) -> Route:
        return Route("/oncall/{schedule:path}.ics", self.serve, methods=["GET"])

    async def serve(self, request: Request) -> Response:
        """The calendar; 304 where the asker has it; 404 without the right key."""
        schedule, person = request.path_params["schedule"], request.query_params.get("person", "")
        try:
            if not await self._may(request.query_params.get("key", ""), schedule, person):
                return _missing()
            found = await self._find(schedule, person)
        except Unlisted:
            return _missing()
        except StorageError:
            return Response("busy", 503, {"retry-after": "60"})
        headers = {"etag": f'"{found.tag}"', "cache-control": "private, no-cache"}
        if _has(request.headers.get("if-none-match", ""), found.tag):
            return Response(status_code=304, headers=headers)
        return Response(found.body, headers=headers | {"content-type": "text/calendar; charset=utf-8"})

    async def _may(self, key: str, schedule: str, person: str) -> bool:
        """Before any URL was handed out there is no secret, and nobody may."""
        if self.secret is None:
            self.secret = await self.run(lambda uow: uow.secrets.get(KEPT_AS))
        return self.secret is not None and is_key(key, self.secret, schedule, person)

    async def _find(self, name: str, person: str) -> _Made:
        """Raises Unlisted for a schedule or a person that there is not."""
        setup, now = self.setup(), self.clock.now()
        day = now.replace(hour=0, minute=0, second=0, microsecond=0)
        if person:
            setup.directory.person(person)
        schedule = await self.run(
            lambda uow: Context(uow=uow, now=now, setup=setup).schedule(name, day - BEHIND - WHOLE)
        )
        names: dict[str, str] = {p.id: p.name for p in setup.directory.people}
        known = self.made.get((name, person))
        if known is not None and (known.schedule, known.names, known.day) == (schedule, names, day):
            return known
        made = await asyncio.to_thread(_make, schedule, person, names, day)
        self.made[name, person] = made
        return made


def _make(schedule: Schedule, person: str, names: dict[str, str], day: dt.datetime) -> _Made:
    start, end = day - BEHIND, day + AHEAD
    shifts = tuple(
        shift
        for shift in shifts_of(schedule, start - WHOLE, end + WHOLE)
        if shift.span.start < end and shift.span.end > start
        if shift.person in names and person in ("", shift.person)
    )
    body = _body(schedule, shifts, names, day, person)
    tag = hashlib.sha256(body).hexdigest()[:32]
    return _Made(schedule=schedule, names=names, day=day, body=body, tag=tag)


def _body(
    schedule: Schedule, shifts: tuple[Shift, ...], names: dict[str, str], day: dt.datetime, person: str
) -> bytes:
    title = f"{schedule.name}: {names[person]}" if person else schedule.name
    return written(shifts, schedule=schedule.name, title=title, names=names, stamp=day)


def _has(asked: str, tag: str) -> bool:
    """Is it one of the tags of If-None-Match, weak or not?"""
    tags = [one.strip().removeprefix("W/").strip('"') for one in asked.split(",")]
    return tag in tags or tags == ["*"]


def _missing() -> Response:
    return Response("not found", 404)
