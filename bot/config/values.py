"""The kinds of values that a file may hold, and what is said about one that is none."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from pydantic import BeforeValidator, Field

from bot.config.problems import did_you_mean
from escalation.calendar import parse_hours
from escalation.escalate import Trigger, TriggerError, parse_trigger
from escalation.instants import parse_wall
from escalation.rotation import Period, Unit
from escalation.targets import Agreed, Target, TargetError, parse_target

_DURATION = re.compile(r"(\d{1,6})\s*([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_TURN = re.compile(r"(\d{1,4})\s+(hour|day|week|month)s?")
_SLUG = re.compile(r"[a-z0-9][a-z0-9_.-]{0,31}")
_PREFIX = re.compile(r"[A-Z][A-Z0-9]{1,9}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")
_COUNTRIES = {"UK": "GB", "uk": "GB"}
LONGEST_GREETING = 200
_LISTEN = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^\s:/\[\]]+):(\d{1,5})")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("write it as a string")
    if not value.strip():
        raise ValueError("must not be empty")
    return value.strip()


def is_slug(value: Any) -> bool:
    """Is it an id, as files write them?"""
    return isinstance(value, str) and bool(_SLUG.fullmatch(value))


def _slug(value: Any) -> str:
    if not is_slug(value):
        raise ValueError("not an id; use small letters, digits, -, _ and ., at most 32")
    return str(value)


def _prefix(value: Any) -> str:
    if not isinstance(value, str) or not _PREFIX.fullmatch(value):
        raise ValueError("not a prefix; use 2 to 10 capital letters and digits, such as MIT")
    return value


def _language(value: Any) -> str:
    if not isinstance(value, str) or not _LANGUAGE.fullmatch(value):
        raise ValueError("not a language; write its two letters, such as en")
    return value


def duration(value: Any) -> dt.timedelta:
    found = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise ValueError("not a duration; write a number and s, m, h or d, such as 5m")
    return dt.timedelta(seconds=int(found[1]) * _SECONDS[found[2]])


def written(length: dt.timedelta) -> str:
    """A duration as files have it, in its largest whole unit: 5m, 90s."""
    seconds = int(length.total_seconds())
    unit = next((unit for unit in "dhm" if seconds and seconds % _SECONDS[unit] == 0), "s")
    return f"{seconds // _SECONDS[unit]}{unit}"


def between(shortest: str, longest: str) -> BeforeValidator:
    """A duration within these, both included."""
    low, high = duration(shortest), duration(longest)

    def checked(value: Any) -> dt.timedelta:
        found = duration(value)
        if not low <= found <= high:
            raise ValueError(f"must be from {shortest} to {longest}")
        return found

    return BeforeValidator(checked)


def at_least(shortest: str) -> BeforeValidator:
    """A duration that is no shorter."""
    low = duration(shortest)

    def checked(value: Any) -> dt.timedelta:
        found = duration(value)
        if found < low:
            raise ValueError(f"must be at least {shortest}")
        return found

    return BeforeValidator(checked)


def _share(value: Any) -> Trigger:
    try:
        trigger = parse_trigger(_text(value))
    except TriggerError:
        trigger = None
    if trigger is None or trigger.clock is None:
        raise ValueError("not a share of a clock; write 50% of response (or next response, resolution)")
    return trigger


def _calendar(value: Any) -> str:
    text = _text(value)
    scheme, colon, _ = text.partition("://")
    if not colon:
        return text
    try:
        good = scheme in ("http", "https") and bool(urlsplit(text).hostname) and not re.search(r"\s", text)
    except ValueError:
        good = False
    if not good:
        raise ValueError("not a calendar; write https://... or the name of a file, such as rota.ics")
    return text


def _turn(value: Any) -> Period:
    found = _TURN.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None or int(found[1]) == 0:
        raise ValueError("not a turn; write a number and hours, days, weeks or months, such as 1 week")
    return Period(count=int(found[1]), unit=Unit(f"{found[2]}s"))


def _handover(value: Any) -> dt.datetime:
    try:
        at = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        at = None
    if not isinstance(at, dt.datetime):
        raise ValueError("not a local time; write it as 2026-01-05T09:00")
    if at.tzinfo is not None:
        raise ValueError("a hand-over is a local time; write it without an offset, as 2026-01-05T09:00")
    return at


def _time_of_day(value: Any) -> dt.time:
    if isinstance(value, dt.time):
        return value
    wall = parse_wall(_text(value))
    return dt.time(*divmod(int(wall.total_seconds()) // 60 % 1440, 60))


def _date(value: Any) -> dt.date:
    try:
        date = dt.date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        date = None
    if not isinstance(date, dt.date) or isinstance(date, dt.datetime):
        raise ValueError("not a date; write it as 2026-12-24")
    return date


def _zone(value: Any) -> ZoneInfo:
    if isinstance(value, str) and value:
        try:
            return ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            known = available_timezones()
            hint = did_you_mean(value, known)
            raise ValueError(
                "unknown time zone" + (hint if "did you" in hint else "; write it as Africa/Johannesburg")
            ) from None
    raise ValueError("not a time zone; write it as Africa/Johannesburg")


def _phone(value: Any) -> str:
    try:
        number = phonenumbers.parse(value if isinstance(value, str) else "", None)
        possible = phonenumbers.is_possible_number(number)
    except phonenumbers.NumberParseException:
        possible = False
    if not possible or number.extension:
        raise ValueError("not a phone number; write it as +27115550001")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _country(value: Any) -> str:
    if isinstance(value, str) and value in phonenumbers.SUPPORTED_REGIONS:
        return value
    hint = _COUNTRIES.get(value, value).upper() if isinstance(value, str) else ""
    if hint in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError(f'not a country; did you mean "{hint}"?')
    raise ValueError("not a country; write its two letters, such as ZA")


def _greeting(value: Any) -> str:
    text = " ".join(value.split()) if isinstance(value, str) else None
    if text is None:
        raise ValueError("write it as a string")
    if len(text) > LONGEST_GREETING:
        raise ValueError(f"must have at most {LONGEST_GREETING} characters; callers wait until it is said")
    return text


def _email(value: Any) -> str:
    try:
        checked = validate_email(value if isinstance(value, str) else "", check_deliverability=False)
    except EmailNotValidError:
        raise ValueError("not an email address; write it as name@example.com") from None
    return checked.normalized


def _identity(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int) or not str(value).strip():
        raise ValueError("write it as a string or a number")
    return str(value).strip()


def _listen(value: Any) -> tuple[str, int]:
    found = _LISTEN.fullmatch(value) if isinstance(value, str) else None
    if found is None or int(found[2]) > 65535:
        raise ValueError("not host:port; write it as 127.0.0.1:8080")
    return found[1].strip("[]"), int(found[2])


def _public_url(value: Any) -> str:
    try:
        parts = urlsplit(value.strip() if isinstance(value, str) else "")
        good = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1) > 0
    except ValueError:
        good = False
    if not good or parts.query or parts.fragment or parts.username or re.search(r"\s", parts.geturl()):
        raise ValueError("not an address that vendors can call; write it as https://desk.example.com")
    return parts.geturl().rstrip("/")


def _storage_url(value: Any) -> str:
    if isinstance(value, str) and re.match(r"sqlite:///(?!:memory:).|postgresql\+psycopg://.", value):
        return value
    if isinstance(value, str) and value.startswith("sqlite:"):
        raise ValueError("needs a file; write it as sqlite:///data/standby.db")
    if isinstance(value, str) and value.startswith(("postgresql://", "postgres://", "postgresql+")):
        raise ValueError("PostgreSQL is reached through psycopg; begin with postgresql+psycopg://")
    raise ValueError("unknown database; begin with sqlite:/// or postgresql+psycopg://")


def _target(value: Any) -> Target:
    try:
        target = parse_target(_text(value))
    except TargetError as error:
        raise ValueError(error.problem) from error
    if isinstance(target, Agreed):
        raise ValueError("a time is agreed on within a ticket, not in a policy; write negotiated")
    return target


def _hours(value: Any) -> str:
    text = _text(value)
    parse_hours([text])
    return text


Text = Annotated[str, BeforeValidator(_text)]
Slug = Annotated[str, BeforeValidator(_slug)]
Prefix = Annotated[str, BeforeValidator(_prefix)]
Language = Annotated[str, BeforeValidator(_language)]
Duration = Annotated[dt.timedelta, BeforeValidator(duration)]
Drill = Annotated[dt.timedelta, between("5m", "7d")]
Repeat = Annotated[dt.timedelta, between("30s", "1d")]
Wait = Annotated[dt.timedelta, at_least("10s")]
Idle = Annotated[dt.timedelta, between("1m", "1d")]
Sitting = Annotated[dt.timedelta, between("5m", "7d")]
Bundle = Annotated[dt.timedelta, between("30s", "30m")]
Share = Annotated[Any, BeforeValidator(_share)]
Calendar = Annotated[str, BeforeValidator(_calendar)]
Turn = Annotated[Any, BeforeValidator(_turn)]
Handover = Annotated[dt.datetime, BeforeValidator(_handover)]
TimeOfDay = Annotated[dt.time, BeforeValidator(_time_of_day)]
Date = Annotated[dt.date, BeforeValidator(_date)]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
Phone = Annotated[str, BeforeValidator(_phone)]
Country = Annotated[str, BeforeValidator(_country)]
Greeting = Annotated[str, BeforeValidator(_greeting)]
Email = Annotated[str, BeforeValidator(_email)]
Identity = Annotated[str, BeforeValidator(_identity)]
Listen = Annotated[tuple[str, int], BeforeValidator(_listen)]
PublicUrl = Annotated[str, BeforeValidator(_public_url)]
StorageUrl = Annotated[str, BeforeValidator(_storage_url)]
Promise = Annotated[Any, BeforeValidator(_target)]
Hours = Annotated[str, BeforeValidator(_hours)]
Tier = Annotated[int, Field(ge=1, le=9)]
