"""A calendar is read in a process of its own, which ends in time whatever it is given."""

from __future__ import annotations

import asyncio
import datetime as dt
import signal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.calendars.apart import read_apart
from bot.calendars.parse import Reading, read_shifts
from bot.domain.calendar_faults import CalendarError
from tests.unit.calendars.ical import calendar, shift

NOW = dt.datetime(2026, 3, 20, 12, tzinfo=dt.UTC)
GIVEN = {
    "label": "rota.ics",
    "zone": ZoneInfo("Europe/Warsaw"),
    "now": NOW,
    "people": (("ada", "Ada Żółw"), ("ben", "Ben")),
}
BOMB = calendar(shift("Ben", "20000101T000000Z", "20000101T000001Z", "RRULE:FREQ=SECONDLY"))


async def read(text: str, seconds: float = 20.0) -> Reading:
    return await read_apart(text, **GIVEN, seconds=seconds)  # type: ignore[arg-type]


async def test_it_says_what_is_said_here() -> None:
    text = calendar(shift("Ada Żółw, Eve", "20260323T090000", "20260330T090000", "RRULE:FREQ=WEEKLY;COUNT=3"))
    assert await read(text) == read_shifts(text, **GIVEN)  # type: ignore[arg-type]


async def test_what_is_wrong_comes_back_whole() -> None:
    for text in ("<html>", calendar(), calendar(shift("Eve", "20260323T090000", "20260330T090000"))):
        with pytest.raises(CalendarError) as here:
            read_shifts(text, **GIVEN)  # type: ignore[arg-type]
        with pytest.raises(CalendarError) as there:
            await read(text)
        assert str(there.value) == str(here.value)
        assert there.value.what == here.value.what


async def test_a_rule_without_end_ends() -> None:
    with pytest.raises(CalendarError) as caught:
        await read(BOMB, 1.5)
    assert str(caught.value) == "rota.ics: it takes too long to read"


async def test_nothing_of_it_is_left_when_we_are_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: asyncio.Future[asyncio.subprocess.Process] = asyncio.get_running_loop().create_future()
    real = asyncio.create_subprocess_exec

    async def begin(*args: str, **options: Any) -> asyncio.subprocess.Process:
        begun.set_result(await real(*args, **options))
        return begun.result()

    monkeypatch.setattr(asyncio, "create_subprocess_exec", begin)
    reading = asyncio.create_task(read(BOMB))
    process = await begun
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    assert process.returncode == -signal.SIGKILL


async def test_it_has_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[dict[str, str]] = []
    real = asyncio.create_subprocess_exec

    async def begin(*args: str, **options: Any) -> asyncio.subprocess.Process:
        given.append(options["env"])
        return await real(*args, **options)

    monkeypatch.setattr(asyncio, "create_subprocess_exec", begin)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-hush")
    await read(calendar(shift("Ben", "20260323T090000", "20260330T090000")))
    assert "SLACK_BOT_TOKEN" not in given[0]
