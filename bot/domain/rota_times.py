"""When a shift is, as an engineer types it, in their own zone: `fri 18:00 to sat 09:00`, `for 3h`, `until 18:00`,
`tomorrow 9:00 for 4h`, `24.12 - 26.12`, `od piątku 18:00 do soboty 9:00`. A day without a time is that whole day."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from zoneinfo import ZoneInfo

from bot.domain.times import FARTHEST, PASSED, TimeError, named_day
from escalation.instants import DAY, Span, from_wall, parse_wall

LONGEST = dt.timedelta(days=366)
NO_SPAN = '"{text}" is no time of a shift'
NO_INSTANT = '"{text}" is no time'
BACKWARDS = '"{text}" ends before it begins'
TOO_LONG = '"{text}" is longer than a year'

_NOW = ("now", "teraz")
_FILLERS = frozenset({"on", "at", "by", "next", "this", "the", "o", "w", "we", "godz"})
_FROM = re.compile(r"^(?:from|od)\s+")
_UNTIL = re.compile(r"^(?:until|till|to|do)\s+")
_TO = re.compile(r"\s+(?:to|until|till|through|do)\s+|\s*[-–—]\s*")
_FOR = re.compile(r"(?:^|(?<=\s))(?:for|przez|na)\s+(?P<length>\d.*)$")
_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})(?:t(?=\d))?")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})(?:\.(\d{4}))?\.?")
_CLOCK = re.compile(r"(\d{1,2})(?::(\d{2}))?(am|pm|h)?")
_PIECE = re.compile(r"(\d{1,4})\s*([^\W\d]+)\s*")
_MINUTES = {"m": 1, "h": 60, "g": 60}
_DAYS = {"d": 1, "w": 7, "t": 7}
_MOST_DAYS = 800
_UNITS = re.compile(
    r"m|min|mins|minutes?|minut[aęy]?|h|hr|hrs|hours?|g|godz|godzin[aęy]?|d|days?|dni|dzień|w|weeks?|tydzień|tygodnie|tygodni"
)
_MONTHS = (
    ("jan", "sty"), ("feb", "lut"), ("mar",), ("apr", "kwi"), ("may", "maj"), ("jun", "cze"),
    ("jul", "lip"), ("aug", "sie"), ("sep", "wrz"), ("oct", "paź"), ("nov", "lis"), ("dec", "gru"),
)  # fmt: skip


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Point:
    """A date, a weekday (Monday is 0) or neither, and what the clock shows then; None where it was not said."""

    day: dt.date | int | None = None
    wall: dt.timedelta | None = None


def parse_span(text: str, zone: ZoneInfo, now: dt.datetime) -> Span:
    """The span that the words mean, the nearest that is not over; one that has begun begins now.

    Raises TimeError for anything else, for one that is over, ends before it begins, or is longer than a year."""
    words = _plain(text)
    try:
        span = _counted(words, zone, now) or _until(words, zone, now) or _between(words, zone, now)
    except OverflowError:
        span = None
    if span is None or span.start > now + FARTHEST:
        raise TimeError(NO_SPAN, text.strip())
    if span.end <= span.start:
        raise TimeError(BACKWARDS, text.strip())
    if span.end <= now:
        raise TimeError(PASSED, text.strip())
    if span.length > LONGEST:
        raise TimeError(TOO_LONG, text.strip())
    return Span(start=max(span.start, now), end=span.end)


def parse_instant(text: str, zone: ZoneInfo, now: dt.datetime) -> dt.datetime:
    """The nearest instant that the words mean and that is still to come; a day without a time is when it begins.

    Raises TimeError."""
    words = _plain(text)
    if words in _NOW:
        return now
    today = now.astimezone(zone).date()
    point = _point(words, today)
    at = None if point is None or _is_far(point, now) else _first(point, zone, now, today)
    if point is None or at is None:
        raise TimeError(NO_INSTANT, text.strip())
    if isinstance(point.day, dt.date) and point.day < today:
        raise TimeError(PASSED, text.strip())
    return max(at, now)


def _is_far(point: _Point, now: dt.datetime) -> bool:
    return isinstance(point.day, dt.date) and abs(point.day - now.date()) > FARTHEST


def _plain(text: str) -> str:
    words = " ".join(text.split()).casefold().strip(" .,")
    return _ISO.sub(lambda found: f"{int(found[3])}.{int(found[2])}.{found[1]} ", words)


def _counted(words: str, zone: ZoneInfo, now: dt.datetime) -> Span | None:
    """`for 3h`, `tomorrow 9:00 for 2 days`. A day is as long as the clock says, 24 hours are 24 hours."""
    found = _FOR.search(words)
    length = _length(found["length"]) if found else None
    if found is None or length is None:
        return None
    before = _FROM.sub("", words[: found.start()].strip())
    start = now
    if before and before not in _NOW:
        today = now.astimezone(zone).date()
        point = _point(before, today)
        if point is None:
            return None
        start = _first(point, zone, now, today)
    days, rest = length
    local = start.astimezone(zone).replace(tzinfo=None)
    later = (local + days * DAY).replace(tzinfo=zone).astimezone(dt.UTC) if days else start
    return Span(start=start, end=later + rest)


def _length(words: str) -> tuple[int, dt.timedelta] | None:
    """Days, and what is counted in hours: `3h`, `1h 30m`, `2 days`, `3 godziny`."""
    pieces = _PIECE.findall(words)
    if "".join(words.split()) != "".join(number + unit for number, unit in pieces):
        return None
    if not pieces or any(not _UNITS.fullmatch(unit) for _, unit in pieces):
        return None
    counted = [(int(number), unit[0]) for number, unit in pieces]
    days = sum(n * _DAYS[unit] for n, unit in counted if unit in _DAYS)
    minutes = sum(n * _MINUTES[unit] for n, unit in counted if unit in _MINUTES)
    if not days and not minutes:
        return None
    return min(days, _MOST_DAYS), dt.timedelta(minutes=minutes)


def _until(words: str, zone: ZoneInfo, now: dt.datetime) -> Span | None:
    found = _UNTIL.match(words)
    point = _point(words[found.end() :], now.astimezone(zone).date(), bare=True) if found else None
    return None if point is None else Span(start=now, end=_end(point, zone, now))


def _between(words: str, zone: ZoneInfo, now: dt.datetime) -> Span | None:
    today = now.astimezone(zone).date()
    begin, *ends = _TO.split(_FROM.sub("", words))
    if len(ends) > 1:
        return None
    if begin in _NOW and ends:
        return _until(f"to {ends[0]}", zone, now)
    first, last = _point(begin, today), _point(ends[0] if ends else begin, today)
    if first is None or last is None or (not ends and first.wall is not None):
        return None
    start = _at(_day_from(first.day, today), first.wall, zone)
    end = _end(last, zone, start)
    if end <= now and not isinstance(first.day, dt.date):
        later = today + DAY
        start = _at(_day_from(first.day, later), first.wall, zone)
        end = _end(last, zone, start)
    return Span(start=start, end=end)


def _first(point: _Point, zone: ZoneInfo, after: dt.datetime, today: dt.date) -> dt.datetime:
    """The first instant that the point means, from today on, and after `after` where there is a choice."""
    at = _at(_day_from(point.day, today), point.wall, zone)
    if at > after or isinstance(point.day, dt.date) or point.wall is None:
        return at
    return _at(_day_from(point.day, today + DAY), point.wall, zone)


def _end(point: _Point, zone: ZoneInfo, start: dt.datetime) -> dt.datetime:
    """The first instant after `start` that the point means as an end: a day without a time ends when it is over."""
    wall = DAY if point.wall is None else point.wall
    day = start.astimezone(zone).date()
    at = _at(_day_from(point.day, day), wall, zone)
    if at > start or isinstance(point.day, dt.date):
        return at
    return _at(_day_from(point.day, day + DAY), wall, zone)


def _day_from(day: dt.date | int | None, first: dt.date) -> dt.date:
    """The first such day from `first` on."""
    if isinstance(day, int):
        return first + dt.timedelta(days=(day - first.weekday()) % 7)
    return first if day is None else day


def _at(day: dt.date, wall: dt.timedelta | None, zone: ZoneInfo) -> dt.datetime:
    return from_wall(zone, day, wall or dt.timedelta())


# ---------------------------------------------------------------- words
def _point(words: str, today: dt.date, *, bare: bool = False) -> _Point | None:
    """`friday 18:00`, `24 dec`, `24.12 9:00`, `6pm`; None for what has a word too many. `bare`: a number is an hour."""
    tokens = [t for raw in words.replace(",", " ").split() if (t := raw.strip(".,")) not in _FILLERS and t]
    day, wall = None, None
    tokens, month_day = _without_month(tokens, today)
    weekday = False
    for token in tokens:
        if (
            wall is None
            and (clock := _clock(token, bare=bare or bool(day is not None or month_day))) is not None
        ):
            wall = clock
            continue
        named = _dotted(token, today) or named_day(token, today)
        is_date = isinstance(named, dt.date)
        if named is None or (day is not None and not (weekday and is_date)):
            return None
        weekday = not is_date
        day = named
    if not tokens and month_day is None:
        return None
    return _Point(day=month_day or day, wall=wall)


def _clock(token: str, *, bare: bool) -> dt.timedelta | None:
    """`18:00`, `18h`, `6pm`; a number alone only behind a day."""
    found = _CLOCK.fullmatch(token)
    if found is None or not (found[2] or found[3] or bare):
        return None
    hour = int(found[1])
    if found[3] in ("am", "pm"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found[3] == "pm" else 0)
    try:
        return parse_wall(f"{hour}:{found[2] or '00'}")
    except ValueError:
        return None


def _dotted(token: str, today: dt.date) -> dt.date | None:
    found = _DOTTED.fullmatch(token)
    return _date(int(found[1]), int(found[2]), found[3], today) if found else None


def _without_month(tokens: list[str], today: dt.date) -> tuple[list[str], dt.date | None]:
    """`24 december 2026`, `dec 24` taken out of the words, as a date."""
    for n, token in enumerate(tokens):
        month = next((m for m, names in enumerate(_MONTHS, 1) if token.startswith(names)), None)
        if month is None or not token.isalpha():
            continue
        beside = [i for i in (n - 1, n + 1) if 0 <= i < len(tokens) and re.fullmatch(r"\d{1,2}", tokens[i])]
        if not beside:
            return tokens, None
        used = {n, beside[0]}
        year = next((i for i in range(n, min(n + 3, len(tokens))) if re.fullmatch(r"\d{4}", tokens[i])), None)
        date = _date(int(tokens[beside[0]]), month, tokens[year] if year is not None else None, today)
        used |= {year} if year is not None else set()
        return [t for i, t in enumerate(tokens) if i not in used], date
    return tokens, None


def _date(day: int, month: int, year: str | None, today: dt.date) -> dt.date | None:
    """Without a year, the coming one."""
    try:
        if year is not None:
            return dt.date(int(year), month, day)
        found = dt.date(today.year, month, day)
        return found if found >= today else dt.date(today.year + 1, month, day)
    except ValueError:
        return None
