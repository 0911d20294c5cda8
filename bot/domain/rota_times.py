"""When a shift is, as an engineer types it, in their own zone: `fri 18:00 to sat 09:00`, `for 3h`, `until 18:00`,
`tomorrow 9:00 for 4h`, `24.12 - 26.12`, `tonight`, `od piątku 18:00 do soboty 9:00`. A day without a time is that whole
day."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from zoneinfo import ZoneInfo

from bot.domain.days import Day, DayOfYear, day_word, first_from, folded, last_until, one_day, without_month
from bot.domain.times import FARTHEST, PASSED, TimeError
from escalation.instants import DAY, Span, from_wall, parse_wall

LONGEST = dt.timedelta(days=366)
NO_SPAN = '"{text}" is no time of a shift'
NO_INSTANT = '"{text}" is no time'
BACKWARDS = '"{text}" ends before it begins'
LEFT_OUT = '"{text}" is the hour that the clocks leave out that day'
TOO_LONG = '"{text}" is longer than a year'

NIGHT_FROM, NIGHT_UNTIL = dt.timedelta(hours=18), dt.timedelta(hours=8)
_SMALL_HOURS = dt.timedelta(hours=5)
"""Before that hour, tonight is the night that has begun."""
_HALF_YEAR = dt.timedelta(days=183)
_NOW = ("now", "teraz")
_TONIGHT = ("tonight", "night", "nocy", "noc")
_FILLERS = frozenset({"on", "at", "by", "next", "this", "the", "from", "o", "w", "we", "od", "godz"})
_FROM = re.compile(r"^(?:from|od)\s+")
_UNTIL = re.compile(r"^(?:until|till|to|do)\s+")
_TO = re.compile(r"\s+(?:to|until|till|through|do)\s+|\s*[-–—]\s*")
_FOR = re.compile(r"(?:^|(?<=\s))(?:for|przez|na)\s+(?P<length>.+)$")
_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})(?:t(?=\d))?")
_CLOCK = re.compile(r"(\d{1,2})(?::(\d{2}))?(am|pm|h)?")
_PIECE = re.compile(r"(\d{1,4})\s*([^\W\d]+)\s*")
_ONE = re.compile(r"^(?:(?:an?|one)\s+)?(?=(?:hour|day|week|godzine|dobe|dzien|tydzien)$)")
_HALF_HOUR = re.compile(r"^(?:half an hour|pol godziny)$")
_MINUTES = {"m": 1, "h": 60, "g": 60}
_DAYS = {"d": 1, "w": 7, "t": 7}
_MOST_DAYS = 800
_UNITS = re.compile(
    r"m|min|mins|minutes?|minut[aey]?|h|hr|hrs|hours?|g|godz|godzin[aey]?|d|days?|dni|dzien|dob[aey]|w|weeks?|tydzien|"
    r"tygodnie|tygodni"
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Point:
    """A day or none, and what the clock shows then; None where it was not said. `night`: `tonight`, `fri night`."""

    day: Day | None = None
    wall: dt.timedelta | None = None
    night: bool = False

    @property
    def begins(self) -> dt.timedelta:
        if self.wall is None:
            return NIGHT_FROM if self.night else dt.timedelta()
        return self.wall


class _Unusable(Exception):
    """A span that can't be meant; `template` says why."""

    def __init__(self, template: str) -> None:
        super().__init__(template)
        self.template = template


def parse_span(text: str, zone: ZoneInfo, now: dt.datetime) -> Span:
    """The span that the words mean, the nearest that is not over; one that has begun begins now.

    Raises TimeError for anything else, for one that is over, ends before it begins, or is longer than a year."""
    words = _plain(text)
    try:
        span = _counted(words, zone, now) or _until(words, zone, now) or _between(words, zone, now)
    except OverflowError:
        span = None
    except _Unusable as error:
        raise TimeError(error.template, text.strip()) from error
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
    if point is None or at is None or at > now + FARTHEST:
        raise TimeError(NO_INSTANT, text.strip())
    if isinstance(point.day, dt.date) and point.day < today:
        raise TimeError(PASSED, text.strip())
    return max(at, now)


def _is_far(point: _Point, now: dt.datetime) -> bool:
    return isinstance(point.day, dt.date) and abs(point.day - now.date()) > FARTHEST


def _plain(text: str) -> str:
    words = folded(text).strip(" .,")
    return _ISO.sub(lambda found: f"{int(found[3])}.{int(found[2])}.{found[1]} ", words)


def _counted(words: str, zone: ZoneInfo, now: dt.datetime) -> Span | None:
    """`for 3h`, `tomorrow 9:00 for 2 days`. A day is as long as the clock says, 24 hours are 24 hours."""
    found = _FOR.search(words)
    length = _length(found["length"]) if found else None
    if found is None or length is None:
        return None
    before = _FROM.sub("", words[: found.start()].strip())
    starts = [now]
    if before and before not in _NOW:
        point = _point(before, now.astimezone(zone).date())
        if point is None:
            return None
        starts = [_at(day, point.begins, zone) for day in _days(point, zone, now)]
    return _nearest([Span(start=start, end=_later(start, length, zone)) for start in starts], now)


def _later(start: dt.datetime, length: tuple[int, dt.timedelta], zone: ZoneInfo) -> dt.datetime:
    days, rest = length
    local = start.astimezone(zone).replace(tzinfo=None)
    later = (local + days * DAY).replace(tzinfo=zone).astimezone(dt.UTC) if days else start
    return later + rest


def _length(words: str) -> tuple[int, dt.timedelta] | None:
    """Days, and what is counted in hours: `3h`, `1h 30m`, `2 days`, `3 godziny`, `an hour`."""
    words = _ONE.sub("1 ", _HALF_HOUR.sub("30m", words), count=1)
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
    if point is None or _is_a_night(point):
        return None
    span = Span(start=now, end=_end(point, zone, now))
    if isinstance(point.day, DayOfYear) and span.length > _HALF_YEAR:
        raise _Unusable(PASSED)
    return span


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
    if ends and _is_a_night(last):
        return None
    spans = [_one(first, last, day, zone) for day in _days(first, zone, now)]
    span = _nearest(spans, now)
    _check(span, first, last, zone)
    return span


def _one(first: _Point, last: _Point, day: dt.date, zone: ZoneInfo) -> Span:
    """From one point to the other, the first on that day."""
    start = _at(day, first.begins, zone)
    if _is_a_night(last):
        return Span(start=start, end=_at(day + DAY, NIGHT_UNTIL, zone))
    return Span(start=start, end=_end(last, zone, start, first.begins))


def _is_a_night(point: _Point) -> bool:
    """Without a time, it says when something begins, not when it ends."""
    return point.night and point.wall is None


def _nearest(spans: list[Span], now: dt.datetime) -> Span:
    """The first that is not over; a later one where that is much too long to be meant."""
    coming = [span for span in spans if span.end > now] or spans[-1:]
    return min(coming, key=lambda span: span.length > _HALF_YEAR)


def _check(span: Span, first: _Point, last: _Point, zone: ZoneInfo) -> None:
    """Raises _Unusable for an end that is before the beginning: in the hour that the clocks leave out, or where two dates
    without a year are the wrong way round."""
    start, end = (at.astimezone(zone) for at in span)
    begun = dt.timedelta(hours=start.hour, minutes=start.minute)
    if span.end <= span.start and begun != first.begins % DAY:
        raise _Unusable(LEFT_OUT)
    wraps = (end.month, end.day) < (start.month, start.day)
    if isinstance(last.day, DayOfYear) and wraps and span.length > _HALF_YEAR:
        raise _Unusable(BACKWARDS)


def _days(point: _Point, zone: ZoneInfo, now: dt.datetime) -> tuple[dt.date, ...]:
    """The days on which it may begin: the last one that may still be running, and the next."""
    today = now.astimezone(zone).date()
    if point.night and point.day in (None, today):
        return (now.astimezone(zone).replace(tzinfo=None) - _SMALL_HOURS).date(), today
    match point.day:
        case dt.date():
            return (point.day,)
        case DayOfYear():
            return last_until(point.day, today), first_from(point.day, today)
    return first_from(point.day, today), first_from(point.day, today + DAY)


def _first(point: _Point, zone: ZoneInfo, after: dt.datetime, today: dt.date) -> dt.datetime:
    """The first instant that the point means, from today on, and after `after` where there is a choice."""
    at = _at(first_from(point.day, today), point.begins, zone)
    if at > after or not isinstance(point.day, int | None) or point.wall is None:
        return at
    return _at(first_from(point.day, today + DAY), point.begins, zone)


def _end(point: _Point, zone: ZoneInfo, start: dt.datetime, begins: dt.timedelta = DAY) -> dt.datetime:
    """The first instant after `start` that the point means as an end: a day without a time ends when it is over.

    `begins`: what the clock was said to show at the start. Later on the same day is never another day."""
    wall = DAY if point.wall is None else point.wall
    day = start.astimezone(zone).date()
    date = first_from(point.day, day)
    at = _at(date, wall, zone)
    same = date == day and wall > begins
    if at > start or same or isinstance(point.day, dt.date):
        return at
    return _at(first_from(point.day, day + DAY), wall, zone)


def _at(day: dt.date, wall: dt.timedelta, zone: ZoneInfo) -> dt.datetime:
    return from_wall(zone, day, wall)


# ---------------------------------------------------------------- words
def _point(words: str, today: dt.date, *, bare: bool = False) -> _Point | None:
    """`friday 18:00`, `24 dec`, `24.12 9:00`, `6pm`; None for what has a word too many. `bare`: a number is an hour."""
    tokens = [t for raw in words.replace(",", " ").split() if (t := raw.strip(".,")) not in _FILLERS and t]
    taken = without_month(tokens)
    if taken is None or not tokens:
        return None
    rest, found = taken
    wall, night = None, False
    for token in rest:
        clock = _clock(token, bare=bare or bool(found)) if wall is None else None
        if clock is not None:
            wall = clock
        elif token in _TONIGHT and not night:
            night = True
        elif (named := day_word(token, today)) is not None:
            found = [*found, named]
        else:
            return None
    day = one_day(found)
    return None if found and day is None else _Point(day=day, wall=wall, night=night)


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
