"""The kinds of values that only a policy file has, and what is said about one that is none."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from bot.config.values import is_slug
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
    raise ValueError("escalate to tier:N, leads, everyone, person:ID or schedule:NAME")


def _rising(value: tuple[int, ...]) -> tuple[int, ...]:
    for before, after in itertools.pairwise(value):
        if after <= before:
            raise ValueError(f"write them rising, each once: {after} stands after {before}")
    return value


def _current_first(value: tuple[int, ...]) -> tuple[int, ...]:
    for before, after in itertools.pairwise(value):
        if after >= before:
            raise ValueError(f"write the current one first, each once: {after} stands after {before}")
    return value


Page = Annotated[bool | str, BeforeValidator(_page)]
Within = Annotated[dt.timedelta | None, BeforeValidator(_within)]
When = Annotated[Any, BeforeValidator(_trigger)]
Goal = Annotated[str, BeforeValidator(_goal)]
Requirable = Literal["name", "email", "phone"]
Milestones = Annotated[tuple[Annotated[int, Field(strict=True, ge=1, le=1000)], ...], AfterValidator(_rising)]
Majors = Annotated[
    tuple[Annotated[int, Field(strict=True, ge=0, le=9999)], ...],
    Field(min_length=1),
    AfterValidator(_current_first),
]
Percent = Annotated[float, Field(gt=0, le=100)]
