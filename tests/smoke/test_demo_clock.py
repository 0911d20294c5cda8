"""The demo's clock: it stands, runs and is sent forward, and whoever waits by it is right each time."""

from __future__ import annotations

import asyncio
import datetime as dt

from bot.board.wire import speed_of
from bot.demo.clock import PAUSED, PlayClock

START = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
SOON = 5.0
"""Real seconds within which what is to happen at once has happened."""


async def test_it_stands_while_paused() -> None:
    clock = PlayClock(START, 0.0)
    assert clock.now() == START
    assert clock.real_seconds_until(START + HOUR) == PAUSED
    assert clock.real_seconds_until(START) == 0.0
    assert speed_of(clock) == 0.0, "the board draws a standing clock"


async def test_waiters_hear_how_long_as_the_speed_is_now() -> None:
    clock = PlayClock(START, 0.0)
    woken: list[float] = []
    clock.woken = lambda: woken.append(clock.speed)
    for speed in (1.0, 60.0, 600.0):
        clock.run(speed)
        left = clock.real_seconds_until(clock.now() + HOUR)
        assert abs(left - 3600 / speed) < 1
        assert abs(speed_of(clock) - speed) < speed / 100
    clock.run(0.0)
    assert woken == [1.0, 60.0, 600.0, 0.0], "each change wakes every loop of the bot"


async def test_it_is_sent_forward_and_never_back() -> None:
    clock = PlayClock(START, 0.0)
    clock.to(START + HOUR)
    clock.to(START)
    assert clock.now() == START + HOUR


async def test_an_alarm_goes_off_after_a_jump_also_while_it_stands() -> None:
    clock = PlayClock(START, 0.0)
    waiting = asyncio.create_task(clock.until(START + HOUR))
    await asyncio.sleep(0)
    assert clock.next_alarm() == START + HOUR
    clock.to(START + HOUR / 2)
    await asyncio.sleep(0)
    assert not waiting.done()
    clock.to(START + HOUR)
    await asyncio.wait_for(waiting, SOON)
    assert clock.next_alarm() is None


async def test_an_alarm_follows_a_change_of_speed() -> None:
    clock = PlayClock(START, 1.0)
    waiting = asyncio.create_task(clock.until(START + HOUR))
    await asyncio.sleep(0)
    clock.run(36_000.0)
    await asyncio.wait_for(waiting, SOON)
    assert clock.now() >= START + HOUR


async def test_what_is_short_is_not_waited_for_and_what_is_long_passes_with_the_clock() -> None:
    clock = PlayClock(START, 0.0)
    await asyncio.wait_for(clock.pause(5.0), SOON)
    ringing = asyncio.create_task(clock.pause(25.0))
    await asyncio.sleep(0)
    assert not ringing.done()
    clock.to(START + dt.timedelta(seconds=25))
    await asyncio.wait_for(ringing, SOON)
