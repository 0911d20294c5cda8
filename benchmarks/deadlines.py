"""What a deadline costs beside two libraries, on the same cases in one run: `python -m benchmarks.deadlines`.

CPU time of this process, the best of several rounds, the calendar's years warm. Every library's answers are compared
with ours first. `businesstimedelta` adds and measures; `business-duration` only measures, knows one span a day and
takes local times. Gate: a deadline of ours costs at most 5 µs.
"""

import datetime as dt
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from time import process_time
from zoneinfo import ZoneInfo

import holidays

from escalation import sla
from escalation.calendar import WEEKDAYS, BusinessCalendar
from escalation.countdown import countdown
from escalation.targets import Counts, parse_target, promise

LIMIT = 5.0
"""Microseconds of CPU for a deadline."""
ROUNDS, AT_LEAST = 9, 0.02  # seconds a round
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
ZONE = ZoneInfo("Europe/Warsaw")
CLOSED = {date for date in holidays.country_holidays("PL", years=range(2025, 2029)) if date.weekday() < 5}


def desk(*spans: str) -> BusinessCalendar:
    return BusinessCalendar(zone=ZONE, hours=dict.fromkeys(WEEKDAYS[:5], spans), holidays=CLOSED)


LUNCH, PLAIN = desk("09:00-12:00", "13:00-17:00"), desk("09:00-17:00")
LENGTHS = [HOUR / 2, 4 * HOUR, 9 * HOUR, 40 * HOUR]
STARTS = [dt.datetime(2026, 1, 2, tzinfo=dt.UTC) + n * 197 * HOUR + n * 13 * HOUR / 60 for n in range(40)]
ADDED = [(start, length) for start in STARTS for length in LENGTHS]
MEASURED = [(start, start + days * DAY + 5 * HOUR) for start in STARTS for days in (0, 1, 4, 20)]

Instant = dt.datetime


@dataclass(frozen=True)
class Library:
    """A library's way to do what ours does; `add` and `measure` take and give aware instants."""

    package: str
    add: Callable[[Instant, dt.timedelta], Instant] | None = None
    measure: Callable[[Instant, Instant], dt.timedelta] | None = None
    measured_by: BusinessCalendar = LUNCH

    @property
    def name(self) -> str:
        return f"{self.package} {version(self.package)}"


def businesstimedelta() -> Library:
    import businesstimedelta as library
    import pytz

    zone, week = pytz.timezone(ZONE.key), [0, 1, 2, 3, 4]
    closed = dict.fromkeys(CLOSED, "closed")
    rules = library.Rules(
        [
            library.WorkDayRule(start_time=dt.time(9), end_time=dt.time(17), working_days=week, tz=zone),
            library.LunchTimeRule(start_time=dt.time(12), end_time=dt.time(13), working_days=week, tz=zone),
            library.HolidayRule(closed, tz=zone),
        ]
    )
    return Library(
        package="businesstimedelta",
        add=lambda start, length: start + library.BusinessTimeDelta(rules, timedelta=length),
        measure=lambda start, end: rules.difference(start, end).timedelta,
    )


def business_duration() -> Library:
    from business_duration import businessDuration

    opens, closes = dt.time(9), dt.time(17)

    def measure(start: Instant, end: Instant) -> dt.timedelta:
        a, b = (at.astimezone(ZONE).replace(tzinfo=None) for at in (start, end))
        seconds = businessDuration(a, b, opens, closes, holidaylist=CLOSED, unit="sec")
        return dt.timedelta(seconds=float(seconds))

    return Library(package="business-duration", measure=measure, measured_by=PLAIN)


def found() -> list[Library]:
    """Return the libraries that are installed; say which are not."""
    libraries = []
    for make in (businesstimedelta, business_duration):
        try:
            libraries.append(make())
        except (ImportError, PackageNotFoundError) as missing:
            print(
                f"{make.__name__.replace('_', '-')}: missing, not compared ({missing}); make bench installs it"
            )
    return libraries


def cost(call: Callable[[], object], operations: int = 1) -> float:
    """Return the microseconds of CPU an operation takes: the best of several rounds of `call`, warm."""
    call()
    repeats, best = 1, float("inf")
    while (taken := timed(call, repeats)) < AT_LEAST:
        repeats *= 2
    for _ in range(ROUNDS if taken < 1 else 1):
        best = min(best, timed(call, repeats))
    return min(best, taken) / repeats / operations * 1e6


def timed(call: Callable[[], object], repeats: int) -> float:
    before = process_time()
    for _ in range(repeats):
        call()
    return process_time() - before


def every(act: Callable[..., object], cases: Sequence[tuple[object, object]]) -> Callable[[], object]:
    """Return a call that does `act` for each case, so that the loop costs everyone the same."""

    def run() -> None:
        for first, second in cases:
            act(first, second)

    return run


def compared(
    theirs: Library,
    act: Callable[..., object],
    ours: Callable[..., object],
    cases: Sequence[tuple[object, object]],
) -> None:
    """Check that the answers are equal, then print both costs and how many times ours the other is."""
    different = [case for case in cases if act(*case) != ours(*case)]
    if different:
        case = different[0]
        sys.exit(
            f"{theirs.name} differs in {len(different)} of {len(cases)}: {case}: {act(*case)}, we {ours(*case)}"
        )
    mine, other = cost(every(ours, cases), len(cases)), cost(every(act, cases), len(cases))
    print(f"  {'ours':26} {mine:9.2f} µs")
    print(f"  {theirs.name:26} {other:9.2f} µs   {other / mine:6.0f} times ours")


START = dt.datetime(2026, 3, 27, 15, 30, tzinfo=dt.UTC)
CLOCK = sla.start_clock(sla.ClockKind.RESPONSE, "1h-4h", Counts.OFFICE_HOURS, START)
PAUSES = [(START + HOUR / 2, START + 72 * HOUR)]


def promised(text: str) -> Callable[[], object]:
    return lambda: promise(parse_target(text), Counts.OFFICE_HOURS, LUNCH, START)


DEADLINES: dict[str, Callable[[], object]] = {
    "due": lambda: LUNCH.due(START, 4 * HOUR),
    "due, one pause": lambda: LUNCH.due(START, 4 * HOUR, PAUSES),
    **{text: promised(text) for text in ("4h", "1h-4h", "2bd", "next business day", "same day")},
}
OTHERS: dict[str, Callable[[], object]] = {
    "elapsed": lambda: sla.elapsed(CLOCK, LUNCH, START + 60 * HOUR),
    "countdown": lambda: countdown(CLOCK, LUNCH, START + HOUR / 4, ZONE),
}


def main() -> None:
    for library in found():
        if library.add is not None:
            print(f"\nadding, {len(ADDED)} cases with equal results, CPU per deadline")
            compared(library, library.add, LUNCH.due, ADDED)
        if library.measure is not None:
            print(f"\nmeasuring, {len(MEASURED)} cases with equal results, CPU per case")
            compared(library, library.measure, library.measured_by.measure, MEASURED)
    print("\nours, CPU each")
    costs = {name: cost(call) for name, call in (DEADLINES | OTHERS).items()}
    costs["due, of the cases above"] = cost(every(LUNCH.due, ADDED), len(ADDED))
    for name, taken in costs.items():
        print(f"  {name:26} {taken:9.2f} µs")
    worst = max(costs.keys() - OTHERS.keys(), key=costs.__getitem__)
    kept = costs[worst] <= LIMIT
    print(
        f"\nlimit: a deadline at most {LIMIT} µs; the dearest is {worst}, {costs[worst]:.2f} µs: {'ok' if kept else 'FAILED'}"
    )
    sys.exit(not kept)


if __name__ == "__main__":
    main()
