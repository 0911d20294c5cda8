"""Who is on call: layers, overrides, gaps."""

import datetime as dt
from zoneinfo import ZoneInfo

from escalation.instants import Span
from escalation.rotation import Period, Rotation, Unit, WeeklyWindow
from escalation.schedule import Override, Schedule, gaps, next_change, on_call

ZONE = ZoneInfo("Africa/Johannesburg")


def at(text: str) -> dt.datetime:
    """Read `09 20:00` as 20:00 on 9 January 2026, a Friday."""
    return dt.datetime.fromisoformat(f"2026-01-{text}").replace(tzinfo=ZONE)


def span(start: str, end: str) -> Span:
    return Span(start=at(start), end=at(end))


def layer(*people: str, windows: tuple[WeeklyWindow, ...] = ()) -> Rotation:
    week, first = Period(count=1, unit=Unit.WEEKS), dt.datetime(2026, 1, 5, 9)  # noqa: DTZ001 - a wall time
    return Rotation(people=people, every=week, handover=first, zone=ZONE, restrictions=windows)


WEEKEND = WeeklyWindow(days=("sat", "sun"), start=dt.time(8), end=dt.time(20))
WEEKDAYS = WeeklyWindow(days=("mon", "tue", "wed", "thu", "fri"), start=dt.time(8), end=dt.time(18))


def schedule(*layers: Rotation, overrides: tuple[Override, ...] = ()) -> Schedule:
    return Schedule(name="standby", zone=ZONE, layers=layers, overrides=overrides)


def test_the_higher_layer_wins_where_it_covers() -> None:
    two = schedule(layer("ada", "grace"), layer("lin", windows=(WEEKEND,)))
    assert [on_call(two, at(when)) for when in ("09 12:00", "10 12:00", "10 20:00")] == [
        ("ada",),
        ("lin",),
        ("ada",),
    ]
    assert next_change(two, at("09 12:00")) == at("10 08:00")
    assert next_change(two, at("11 20:00")) == at("12 09:00")


def test_overrides_beat_layers() -> None:
    whole = Override(person="kay", span=span("06 10:00", "06 12:00"))
    swap = Override(person="joe", span=span("06 11:00", "06 14:00"), replaces="ada")
    both = Override(person="sam", span=span("06 10:00", "06 11:00"))
    standby = schedule(layer("ada", "grace"), overrides=(whole, swap, both))
    said = {
        when: on_call(standby, at(f"06 {when}")) for when in ("09:59", "10:00", "11:00", "12:00", "14:00")
    }
    assert said == {
        "09:59": ("ada",),
        "10:00": ("kay", "sam"),
        "11:00": ("kay",),
        "12:00": ("joe",),
        "14:00": ("ada",),
    }
    assert next_change(standby, at("06 12:00")) == at("06 14:00")


def test_a_swap_of_someone_who_is_not_on_changes_nothing() -> None:
    swap = Override(person="joe", span=span("06 11:00", "06 14:00"), replaces="grace")
    assert on_call(schedule(layer("ada", "grace"), overrides=(swap,)), at("06 12:00")) == ("ada",)


def test_gaps_are_reported() -> None:
    desk = schedule(
        layer("ada", windows=(WEEKDAYS,)),
        overrides=(Override(person="lin", span=span("10 10:00", "10 12:00")),),
    )
    assert gaps(desk, at("09 12:00"), at("12 12:00")) == (
        span("09 18:00", "10 10:00"),
        span("10 12:00", "12 08:00"),
    )
    assert gaps(schedule(layer("ada")), at("01 00:00"), at("31 00:00")) == ()
    assert gaps(schedule(), at("01 00:00"), at("31 00:00")) == (span("01 00:00", "31 00:00"),)


def test_one_person_alone_never_changes() -> None:
    assert next_change(schedule(layer("ada")), at("06 12:00")) is None
    assert next_change(schedule(), at("06 12:00")) is None
    desk = schedule(layer("ada"), layer("ada", windows=(WEEKDAYS,)))
    assert next_change(desk, at("06 12:00")) is None
