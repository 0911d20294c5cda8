"""What a deadline costs, in microseconds, once the year's table is warm: `python -m benchmarks.deadlines`."""

import datetime as dt
import timeit
from collections.abc import Callable
from zoneinfo import ZoneInfo

from escalation import sla
from escalation.calendar import WEEKDAYS, BusinessCalendar
from escalation.countdown import countdown
from escalation.targets import Counts, parse_target, promise

DESK = BusinessCalendar(
    zone=ZoneInfo("Europe/Warsaw"), hours={day: ["09:00-12:00", "13:00-17:00"] for day in WEEKDAYS[:5]}
)
START = dt.datetime(2026, 3, 27, 15, 30, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
CLOCK = sla.start_clock(sla.ClockKind.RESPONSE, "1h-4h", Counts.OFFICE_HOURS, START)
PAUSES = [(START + HOUR / 2, START + 72 * HOUR)]


def promised(text: str) -> Callable[[], object]:
    return lambda: promise(parse_target(text), Counts.OFFICE_HOURS, DESK, START)


MEASURED: dict[str, Callable[[], object]] = {
    "due": lambda: DESK.due(START, 4 * HOUR),
    "due, one pause": lambda: DESK.due(START, 4 * HOUR, PAUSES),
    "measure": lambda: DESK.measure(START, START + 200 * HOUR),
    **{text: promised(text) for text in ("4h", "1h-4h", "2bd", "next business day", "same day")},
    "countdown": lambda: countdown(CLOCK, DESK, START + HOUR, DESK.zone),
}


def main() -> None:
    for name, call in MEASURED.items():
        call()
        best = min(timeit.repeat(call, number=5000, repeat=5)) / 5000
        print(f"{name:20} {best * 1e6:8.2f} µs")


if __name__ == "__main__":
    main()
