"""The kinds of values that only a policy file has, and what is said about one that is none."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from bot.config.problems import Report
from bot.config.values import duration, is_slug
from escalation.escalate import Trigger, parse_trigger

_DAYS = re.compile(r"([1-9]\d{0,3})\s*d")
_TIER = re.compile(r"tier:[1-9]")


def _page(value: Any) -> bool | str:
    if isinstance(value, bool) or is_slug(value):
        return bool(value) if isinstance(value, bool) else str(value)
    raise ValueError("write true, false or the name of a chain")


def _within(value: Any) -> dt.timedelta | None:
    if value == "always":
        return None
    found = _DAYS.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise ValueError("write always, or a number of days, such as 30d")
    return dt.timedelta(days=int(found[1]))


SHORTEST_WAIT = dt.timedelta(minutes=1)


def _wait(value: Any) -> dt.timedelta:
    """How long somebody has to do something; nobody can in no time."""
    length = duration(value)
    if length < SHORTEST_WAIT:
        raise ValueError("too short for anybody to write in; give them 1m or more")
    return length


def _trigger(value: Any) -> Trigger:
    if not isinstance(value, str):
        raise ValueError("write it as a string")
    return parse_trigger(value)


def _goal(value: Any) -> str:
    kind, _, name = value.partition(":") if isinstance(value, str) else ("", "", "")
    if value in ("leads", "everyone") or _TIER.fullmatch(str(value)):
        return str(value)
    if kind in ("person", "schedule") and is_slug(name):
        return str(value)
    raise ValueError("escalate to tier:N (1 to 9), leads, everyone, person:ID or schedule:NAME")


def check_orders(raw: Mapping[str, Any], report: Report) -> None:
    """Add the lists of numbers that are out of order, also those with another mistake in them."""
    for before, after in _neighbours(raw.get("milestones")):
        if after <= before:
            report.add("milestones", f"write them rising, each once: {after} stands after {before}")
            break
    versions = raw.get("versions")
    for before, after in _neighbours(versions.get("supported") if isinstance(versions, Mapping) else None):
        if after >= before:
            message = f"write the current one first, each once: {after} stands after {before}"
            report.add("versions.supported", message)
            break


def _neighbours(value: object) -> Iterator[tuple[int, int]]:
    numbers = [n for n in value if type(n) is int] if isinstance(value, list) else []
    return itertools.pairwise(numbers)


Page = Annotated[bool | str, BeforeValidator(_page)]
Within = Annotated[dt.timedelta | None, BeforeValidator(_within)]
When = Annotated[Any, BeforeValidator(_trigger)]
Wait = Annotated[dt.timedelta, BeforeValidator(_wait)]
Goal = Annotated[str, BeforeValidator(_goal)]
Requirable = Literal["name", "email", "phone"]
Milestones = tuple[Annotated[int, Field(strict=True, ge=1, le=1000)], ...]
Majors = Annotated[tuple[Annotated[int, Field(strict=True, ge=0, le=9999)], ...], Field(min_length=1)]
Percent = Annotated[float, Field(gt=0, le=100)]
