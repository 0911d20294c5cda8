"""On call as a calendar to subscribe to: what it says, who may see it, and that it reads back as it was written."""

from __future__ import annotations

import dataclasses
import datetime as dt

import httpx
import icalendar
import pytest
from starlette.routing import Router

from bot.app.calendar_key import calendar_url
from bot.app.duty import KeptOverride
from bot.app.duty import Roster as Kept
from bot.app.rows import StorageError
from bot.calendars.feed import Feed
from bot.calendars.parse import read_shifts
from bot.domain.ids import PersonId
from bot.wiring import SystemRandom
from escalation.instants import Span
from escalation.rotation import Period, Rotation, Unit
from escalation.schedule import Override, Roster, Schedule, Shift
from tests.builders import ZONE, directory, people, person
from tests.contract.test_reload import Company, company  # noqa: F401
from tests.fakes.world import World

URL = "http://desk.example"
HOSTILE = "Zoë; DROP\r\nEND:VEVENT\r\nATTENDEE:x, \\n 🦆 " + "long" * 30


def at(day: int, hour: int = 7) -> dt.datetime:
    """In November 2026; the world begins on the 23rd at 10:00 UTC."""
    return dt.datetime(2026, 11, day, hour, tzinfo=dt.UTC)


def weekly(*people: str) -> Rotation:
    handover = dt.datetime(2026, 1, 5, 9, 0)  # noqa: DTZ001
    return Rotation(people=people, every=Period(count=1, unit=Unit.WEEKS), handover=handover, zone=ZONE)


class Desk:
    """A world, and a calendar program that asks it."""

    def __init__(self, *layers: Rotation | Roster) -> None:
        everyone = (*people(), person("odd", HOSTILE, "U0ODD"))
        rota = Schedule(name="standby", zone=ZONE, layers=layers or (weekly("ada", "grace"),))
        self.world = World(people=directory(people=everyone, schedules=(rota,)))
        self.setup = self.world.setup
        self.feed = Feed(run=self.world.run, setup=lambda: self.setup, clock=self.world.clock)
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(Router([self.feed.route])), base_url=URL, trust_env=False
        )

    def url(self, schedule: str = "standby", person: str = "") -> str:
        return self.world.store.transact(
            lambda uow: calendar_url(uow, self.world.random, URL, schedule, person)
        )

    async def get(self, url: str = "", **headers: str) -> httpx.Response:
        return await self.http.get(url or self.url(), headers=headers)

    async def shifts(self, url: str = "") -> list[str]:
        """`Ada 11-16 07:00 11-23 07:00`, in UTC."""
        answer = await self.get(url)
        assert answer.status_code == 200
        found = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
        return [
            f"{str(e['SUMMARY']).removesuffix(' (standby)')} {e.start:%m-%d %H:%M} {e.end:%m-%d %H:%M}"
            for e in found
        ]

    def override(self, **changes: object) -> None:
        over = Override(person="lin", span=Span(start=at(24), end=at(25)), **changes)  # type: ignore[arg-type]
        kept = KeptOverride(schedule="standby", override=over, by=PersonId("lin"), made=self.world.clock.at)
        self.world.store.transact(lambda uow: uow.rota.add_override(kept))


async def test_it_says_who_is_on_call_from_a_week_ago_to_half_a_year_ahead() -> None:
    desk = Desk()
    found = await desk.shifts()
    assert found[:3] == [
        "Ada 11-09 07:00 11-16 07:00",
        "Grace 11-16 07:00 11-23 07:00",
        "Ada 11-23 07:00 11-30 07:00",
    ]
    assert (len(found), found[-1]) == (28, "Grace 05-17 07:00 05-24 07:00")


async def test_a_calendar_program_understands_it() -> None:
    answer = await Desk().get()
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    text = answer.text
    head = text.partition("BEGIN:VEVENT")[0].split("\r\n")
    assert {
        "VERSION:2.0",
        "METHOD:PUBLISH",
        "PRODID:-//Standby//On call//EN",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "X-WR-CALNAME:standby",
    } <= set(head)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert text.endswith("END:VCALENDAR\r\n") and "\n" not in text.replace("\r\n", "")


async def test_changes_made_in_chat_are_in_it_and_what_they_leave_alone_keeps_its_uid() -> None:
    desk = Desk()
    before = icalendar.Calendar.from_ical((await desk.get()).content)
    desk.override()
    after = icalendar.Calendar.from_ical((await desk.get()).content)
    found = await desk.shifts()
    assert "Lin 11-24 07:00 11-25 07:00" in found
    uids = [{str(e["UID"]) for e in cal.walk("VEVENT")} for cal in (before, after)]
    assert (len(uids[0] - uids[1]), len(uids[1] - uids[0])) == (1, 3)
    desk.world.clock.at += dt.timedelta(days=2)
    later = {str(e["UID"]) for e in icalendar.Calendar.from_ical((await desk.get()).content).walk("VEVENT")}
    assert len(uids[1] - later) == 1  # the shift that is more than a week ago now


async def test_it_reads_back_as_it_was_written() -> None:
    """Also by a Standby that reads it as its own layer, whatever people are called."""
    shifts = tuple(
        Shift(person=who, span=Span(start=at(start), end=at(end)))
        for who, start, end in (("ada", 20, 23), ("odd", 21, 24), ("grace", 25, 26), ("ada", 26, 27))
    )
    desk = Desk(Roster(source="https://calendar.example/x.ics"))
    kept = Kept(source="https://calendar.example/x.ics", shifts=shifts)
    desk.world.store.transact(lambda uow: uow.rota.save_roster(kept))
    answer = await desk.get()
    named = tuple((p.id, p.name) for p in desk.setup.directory.people)
    again = read_shifts(answer.text, label="", zone=ZONE, now=desk.world.clock.at, people=named)
    assert again.shifts == tuple(sorted(shifts, key=lambda s: (s.span.start, s.span.end, s.person)))
    assert again.strangers == ()
    assert answer.text.count("\r\nEND:VEVENT\r\n") == 4 and "\nATTENDEE" not in answer.text


async def test_one_persons_calendar_has_their_shifts_only() -> None:
    desk = Desk()
    url = desk.url(person="grace")
    found = await desk.shifts(url)
    assert len(found) == 14
    assert {line.split()[0] for line in found} == {"Grace"}
    assert "X-WR-CALNAME:standby: Grace" in (await desk.get(url)).text
    assert await desk.shifts(desk.url(person="lin")) == []


async def test_who_has_it_already_is_told_so() -> None:
    desk = Desk()
    first = await desk.get()
    for tags in (first.headers["etag"], f'"x", W/{first.headers["etag"]}', "*"):
        again = await desk.get(**{"if-none-match": tags})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
    desk.override()
    changed = await desk.get(**{"if-none-match": first.headers["etag"]})
    assert changed.status_code == 200 and changed.headers["etag"] != first.headers["etag"]


async def test_what_was_written_is_kept_for_the_next_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk()
    first = await desk.get()
    monkeypatch.setattr("bot.calendars.feed.written", None)
    assert (await desk.get()).content == first.content


async def test_without_the_right_key_there_is_nothing() -> None:
    desk = Desk()
    assert (await desk.get(f"{URL}/oncall/standby.ics?key=" + "0" * 32)).status_code == 404
    url = desk.url()
    mine = desk.url(person="ada")
    for wrong in (
        url[:-1],
        url[:-1] + ("0" if url[-1] != "0" else "1"),
        url.partition("?")[0],
        url + "&person=ada",
        mine.replace("person=ada", "person=grace"),
        mine.replace("&person=ada", ""),
        url.replace("standby.ics", "second.ics"),
        desk.url("second"),
        desk.url(person="nobody"),
        url.replace("key=", "key=%C5%82"),
    ):
        answer = await desk.get(wrong)
        assert (answer.status_code, answer.text) == (404, "not found"), wrong
    assert (await desk.get()).status_code == 200


async def test_a_database_in_trouble_is_asked_again_later() -> None:
    desk = Desk()
    url = desk.url()

    async def refusing(work: object) -> None:
        raise StorageError("locked")

    desk.feed = dataclasses.replace(desk.feed, run=refusing)  # type: ignore[arg-type]
    desk.http = httpx.AsyncClient(
        transport=httpx.ASGITransport(Router([desk.feed.route])), base_url=URL, trust_env=False
    )
    answer = await desk.get(url)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")


async def test_who_has_left_is_not_in_it() -> None:
    desk = Desk()
    without = tuple(p for p in desk.setup.directory.people if p.id != "grace")
    desk.setup = dataclasses.replace(
        desk.setup, directory=dataclasses.replace(desk.setup.directory, people=without)
    )
    assert {line.split()[0] for line in await desk.shifts()} == {"Ada"}


async def test_the_whole_standby_serves_it(company: Company) -> None:  # noqa: F811
    standby = company.standby
    name = standby.reload.setup.directory.schedules[0].name
    url = await standby.run(lambda uow: calendar_url(uow, SystemRandom(), URL, name))
    transport = httpx.ASGITransport(standby._web())
    async with httpx.AsyncClient(transport=transport, trust_env=False) as http:
        answer = await http.get(url)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, no-cache")
        assert "BEGIN:VEVENT" in answer.text
        assert (await http.get(url[:-1])).status_code == 404
