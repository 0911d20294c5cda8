"""The calendars of a configuration, looked at before it is in force: by `standby check`, and by a reload."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from bot.calendars.check import check_calendars
from bot.cli import app
from bot.config import Config, load
from bot.wiring import PLUGINS
from escalation.schedule import Roster, Schedule
from tests.builders import directory, people, person
from tests.contract.calendars.server import serving
from tests.contract.config.plugins import ENVIRON as SHIPPED
from tests.contract.test_reload import ENVIRON, Company, company  # noqa: F401
from tests.unit.calendars.ical import calendar, shift

ROOT = Path(__file__).parents[3]
NOW = dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC)
DAY = ("20261123T000000", "20261124T000000")
GOOD = calendar(shift("Ada", *DAY))
COUNTS = 'what counts is the id or name of somebody who can acknowledge its pages, alone or with words like "on call"'


def config(*schedules: Schedule) -> Config:
    shipped = load(ROOT / "config.toml", PLUGINS, SHIPPED)
    return dataclasses.replace(shipped, directory=directory(schedules=schedules))


def schedule(*sources: str, zone: str = "Europe/Warsaw") -> Schedule:
    return Schedule(
        name="standby", zone=ZoneInfo(zone), layers=tuple(Roster(source=source) for source in sources)
    )


async def found(*schedules: Schedule) -> tuple[list[str], list[str]]:
    problems, warnings = await check_calendars(config(*schedules), NOW)
    return [str(problem) for problem in problems], list(warnings)


async def test_a_good_one_is_not_mentioned(tmp_path: Path) -> None:
    path = tmp_path / "rota.ics"
    path.write_text(GOOD)
    async with serving() as server:
        server.text = GOOD
        assert await found(schedule(str(path), server.url())) == ([], [])


async def test_a_broken_one_is_a_mistake_with_its_key(tmp_path: Path) -> None:
    path = tmp_path / "rota.ics"
    path.write_text("<html>")
    async with serving() as server:
        server.text = calendar(shift("Eve", *DAY))
        problems, warnings = await found(schedule(str(path)), schedule(str(path), server.url("private-hush")))
    assert problems == [
        "schedules[0].layers[0].ical: rota.ics: this is no iCalendar: it does not begin with BEGIN:VCALENDAR",
        "schedules[1].layers[0].ical: rota.ics: this is no iCalendar: it does not begin with BEGIN:VCALENDAR",
        'schedules[1].layers[1].ical: 127.0.0.1: it names nobody whom we know, only "Eve"',
    ]
    assert warnings == []


async def test_what_may_be_right_is_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "rota.ics"
    path.write_text(calendar(shift("Ada, Eve", *DAY)))
    async with serving() as server:
        server.status = 503
        away = server.url()
        problems, warnings = await found(schedule(away, str(path)), schedule(str(path), zone="Asia/Tokyo"))
    assert problems == []
    assert warnings == [
        "schedules[0].layers[0].ical: 127.0.0.1: the server answers 503",
        'schedules[0].layers[1].ical: rota.ics: nobody is on call for "Eve"; ' + COUNTS,
        'schedules[1].layers[0].ical: rota.ics: nobody is on call for "Eve"; ' + COUNTS,
        "schedules[1].layers[0].ical: its whole days are taken in the zone of standby, which names it too",
    ]
    assert (await found(schedule(away)))[1] == [
        "schedules[0].layers[0].ical: 127.0.0.1: the server can't be reached"
    ]


async def test_whoever_could_not_acknowledge_is_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "rota.ics"
    path.write_text(calendar(shift("Ada, Opal", *DAY), shift("Vacation: Grace", *DAY)))
    opal = person("opal", "Opal", "U0OPAL", roles=frozenset({"operator"}))
    there = directory(people=(*people(), opal), schedules=(schedule(str(path)),))
    told = await check_calendars(dataclasses.replace(config(), directory=there), NOW)
    warning = (
        f'schedules[0].layers[0].ical: rota.ics: nobody is on call for "Opal", "Vacation: Grace"; {COUNTS}'
    )
    assert told == ((), (warning,))


def _with_calendar(company: Company, text: str) -> Path:  # noqa: F811
    """The demo's schedule gets a calendar as its highest layer."""
    path = company.config.parent / "rota.ics"
    path.write_text(text)
    written = company.config.read_text()
    begin = written.index("[[schedules.layers]]")
    layer = '[[schedules.layers]]\nical = "rota.ics"\n\n'
    company.config.write_text(written[:begin] + layer + written[begin:])
    return path


async def test_a_broken_calendar_refuses_a_reload(company: Company) -> None:  # noqa: F811
    before = company.standby.bus.setup.directory
    path = _with_calendar(company, "<html>")
    done = await company.standby.reload()
    assert [line.partition(": ")[0] for line in done.problems] == ["schedules[0].layers[0].ical"]
    assert company.standby.bus.setup.directory is before
    assert "config_problem" in company.events()
    path.write_text(calendar(shift("Eve", *DAY)))
    done = await company.standby.reload()
    assert "it names nobody whom we know" in done.problems[0]
    assert "Eve" not in str(company.logged)
    person = before.people[0].name
    path.write_text(calendar(shift(person, *DAY, "RRULE:FREQ=DAILY;COUNT=400")))
    assert (await company.standby.reload()).problems == ()
    assert company.standby.calendars.setup is company.standby.bus.setup


def test_check_tells_mistakes_and_warnings(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)
    path = _with_calendar(company, "<html>")
    command = ["check", "--json", "--config", str(company.config)]
    answer = CliRunner().invoke(app, command)
    said = json.loads(answer.output)
    assert (answer.exit_code, said["ok"]) == (1, False)
    assert said["problems"][0].startswith("schedules[0].layers[0].ical: rota.ics: this is no iCalendar")
    person = company.standby.bus.setup.directory.people[0].name
    today = dt.datetime.now(dt.UTC).strftime("%Y%m%dT000000")
    path.write_text(calendar(shift(f"{person}, Eve", today, today[:9] + "235900")))
    answer = CliRunner().invoke(app, command)
    said = json.loads(answer.output)
    assert (answer.exit_code, said["ok"]) == (0, True)
    assert 'schedules[0].layers[0].ical: rota.ics: nobody is on call for "Eve"; ' + COUNTS in said["warnings"]
