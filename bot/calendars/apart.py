"""A calendar is read in a process of its own: whatever stands in it costs so much time and memory and no more, the bot
goes on meanwhile, and what reads it has none of our secrets."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.calendars.parse import Reading, read_shifts
from bot.domain.calendar_faults import CalendarError
from escalation.instants import Span
from escalation.schedule import Shift

SECONDS = 20.0
MEMORY = 1_000_000_000
"""Bytes."""
_ROOT = Path(__file__).parents[2]
_KEPT = ("LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH", "PYTHONTZPATH", "SYSTEMROOT")


async def read_apart(
    text: str,
    *,
    label: str,
    zone: ZoneInfo,
    now: dt.datetime,
    people: tuple[tuple[str, str], ...],
    titles: tuple[str, ...] = (),
    seconds: float = SECONDS,
) -> Reading:
    """What `read_shifts` says. Raises CalendarError."""
    asked = {
        "text": text,
        "zone": zone.key,
        "now": now.isoformat(),
        "people": people,
        "titles": titles,
        "seconds": seconds,
    }
    process = await _started(label)
    try:
        async with asyncio.timeout(seconds):
            said, _ = await process.communicate(json.dumps(asked).encode())
    except TimeoutError:
        raise CalendarError("too_slow", label=label) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        too_slow = process.returncode in (-signal.SIGKILL, -getattr(signal, "SIGXCPU", 0))
        raise CalendarError("too_slow" if too_slow else "broken", label=label, text="it can't be read")
    return _reading(json.loads(said), label)


async def _started(label: str) -> asyncio.subprocess.Process:
    try:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot.calendars.apart",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=_ROOT,
            env={name: os.environ[name] for name in _KEPT if name in os.environ},
        )
    except OSError as error:
        raise CalendarError("no_room", label=label, text=error.strerror or "?") from error


def _reading(answer: Any, label: str) -> Reading:
    if "what" in answer:
        raise CalendarError(answer["what"], label=label, text=answer["text"], n=answer["n"])
    at = dt.datetime.fromisoformat
    shifts = tuple(
        Shift(person=person, span=Span(start=at(start), end=at(end)))
        for person, start, end in answer["shifts"]
    )
    return Reading(shifts=shifts, strangers=tuple(answer["strangers"]))


def answered(asked: Any) -> dict[str, Any]:
    """What the process of its own answers: shifts and strangers, or what is wrong."""
    people = tuple((id, name) for id, name in asked["people"])
    now, zone = dt.datetime.fromisoformat(asked["now"]), ZoneInfo(asked["zone"])
    titles = tuple(asked["titles"])
    try:
        found = read_shifts(asked["text"], label="", zone=zone, now=now, people=people, titles=titles)
    except CalendarError as error:
        return {"what": error.what, "text": error.text, "n": error.n}
    shifts = [(s.person, s.span.start.isoformat(), s.span.end.isoformat()) for s in found.shifts]
    return {"shifts": shifts, "strangers": found.strangers}


def _bound(seconds: float) -> None:
    """Should whoever started us be gone, the system ends us."""
    with contextlib.suppress(ImportError):
        import resource

        whole = int(seconds) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (whole, whole))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


if __name__ == "__main__":
    question = json.load(sys.stdin)
    _bound(question["seconds"])
    json.dump(answered(question), sys.stdout)
