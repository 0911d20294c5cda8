"""Who is on call: layers, overrides, gaps."""

import datetime as dt
from zoneinfo import ZoneInfo

from escalation.instants import Span
from escalation.rotation import Period, Rotation, Unit, WeeklyWindow
from escalation.schedule import (
    Change,
    Override,
    Roster,
    Schedule,
    Shift,
    Source,
    explain_on_call,
    gaps,
    next_change,
    on_call,
    shifts_of,
)

ZONE = ZoneInfo("Africa/Johannesburg")


def at(text: str) -> dt.datetime:
    """Read `09 20:00` as 20:00 on 9 January 2026, a Friday."""
    return dt.datetime.fromisoformat(f"2026-01-{text}").replace(tzinfo=ZONE)


def span(start: str, end: str) -> Span:
    return Span(start=at(start), end=at(end))


def layer(*people: str, windows: tuple[WeeklyWindow, ...] = (), joins: bool = False) -> Rotation:
    week, first = Period(count=1, unit=Unit.WEEKS), dt.datetime(2026, 1, 5, 9)  # noqa: DTZ001 - a wall time
    return Rotation(people=people, every=week, handover=first, zone=ZONE, restrictions=windows, joins=joins)


def roster(*shifts: tuple[str, str, str], joins: bool = False) -> Roster:
    listed = tuple(Shift(person=person, span=span(start, end)) for person, start, end in shifts)
    return Roster(source="rota.ics", shifts=listed, joins=joins)


WEEKEND = WeeklyWindow(days=("sat", "sun"), start=dt.time(8), end=dt.time(20))
WEEKDAYS = WeeklyWindow(days=("mon", "tue", "wed", "thu", "fri"), start=dt.time(8), end=dt.time(18))


def schedule(*layers: Rotation | Roster, overrides: tuple[Override, ...] = ()) -> Schedule:
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
        "10:00": ("sam",),
        "11:00": ("kay",),
        "12:00": ("joe",),
        "14:00": ("ada",),
    }
    assert next_change(standby, at("06 12:00")) == at("06 14:00")


def test_the_last_override_that_was_made_wins() -> None:
    day = span("06 00:00", "07 00:00")
    swap = Override(person="joe", span=day, replaces="ada")
    again = Override(person="kay", span=day, replaces="joe")
    off = Override(person="kay", span=day, change=Change.REMOVE)
    too = Override(person="kay", span=day, change=Change.ADD)
    alone = Override(person="sam", span=day)

    def with_(*overrides: Override) -> tuple[str, ...]:
        return on_call(schedule(layer("ada"), overrides=overrides), at("06 12:00"))

    assert with_(swap, again) == ("kay",)
    assert with_(again, swap) == ("joe",), "kay stood in for joe, who was not on then"
    assert (with_(off, too), with_(too, off)) == (("ada", "kay"), ("ada",))
    assert (with_(too, alone), with_(alone, too)) == (("sam",), ("sam", "kay"))
    assert with_(too, swap, again) == ("kay",), "nobody twice"


def test_who_is_taken_off_may_leave_a_gap() -> None:
    off = Override(person="ada", span=span("06 10:00", "06 12:00"), change=Change.REMOVE)
    alone = schedule(layer("ada"), overrides=(off,))
    assert gaps(alone, at("06 00:00"), at("07 00:00")) == (span("06 10:00", "06 12:00"),)
    assert on_call(schedule(layer("ada"), layer("lin", joins=True), overrides=(off,)), at("06 11:00")) == (
        "lin",
    )


def test_a_layer_that_joins_is_on_together_with_those_below() -> None:
    weekend = layer("lin", windows=(WEEKEND,), joins=True)
    assert on_call(schedule(layer("ada"), weekend), at("09 12:00")) == ("ada",)
    assert on_call(schedule(layer("ada"), weekend), at("10 12:00")) == ("ada", "lin")
    assert on_call(schedule(layer("sam"), layer("ada"), weekend), at("10 12:00")) == ("ada", "lin")
    assert on_call(schedule(layer("lin"), weekend), at("10 12:00")) == ("lin",), "nobody twice"
    assert on_call(schedule(weekend), at("10 12:00")) == ("lin",)


def test_the_shifts_of_a_roster_are_on_together() -> None:
    listed = roster(("ada", "06 08:00", "06 20:00"), ("lin", "06 12:00", "06 22:00"))
    desk = schedule(layer("kay"), listed)
    said = [on_call(desk, at(f"06 {when}")) for when in ("07:59", "08:00", "12:00", "20:00", "22:00")]
    assert said == [("kay",), ("ada",), ("ada", "lin"), ("lin",), ("kay",)]
    assert next_change(desk, at("06 00:00")) == at("06 08:00")
    assert on_call(
        schedule(layer("kay"), roster(("ada", "06 08:00", "06 20:00"), joins=True)), at("06 09:00")
    ) == (
        "kay",
        "ada",
    )


def test_shifts_are_as_long_as_they_can_be() -> None:
    swap = Override(person="lin", span=span("13 10:00", "13 12:00"), replaces="grace")
    desk = schedule(layer("ada", "grace"), roster(("ada", "12 09:00", "12 17:00")), overrides=(swap,))
    assert shifts_of(desk, at("12 00:00"), at("14 00:00")) == (
        Shift(person="ada", span=span("12 00:00", "12 17:00")),  # her turn, then a shift that touches it
        Shift(person="grace", span=span("12 17:00", "13 10:00")),
        Shift(person="lin", span=span("13 10:00", "13 12:00")),
        Shift(person="grace", span=span("13 12:00", "14 00:00")),
    )
    assert shifts_of(desk, at("14 00:00"), at("12 00:00")) == ()


def test_who_is_on_call_is_explained() -> None:
    too = Override(person="kay", span=span("10 10:00", "10 14:00"), change=Change.ADD)
    desk = schedule(layer("ada"), layer("lin", "sam", windows=(WEEKEND,), joins=True), overrides=(too,))
    assert explain_on_call(desk, at("10 12:00")) == (
        Source(person="ada", layer=0),  # for ever
        Source(person="lin", layer=1, since=at("10 08:00"), until=at("10 20:00")),
        Source(person="kay", override=too, since=at("10 10:00"), until=at("10 14:00")),
    )
    assert explain_on_call(schedule(), at("10 12:00")) == ()
    weeks = explain_on_call(schedule(layer("ada", "grace", "lin")), at("06 12:00"))
    assert weeks == (Source(person="ada", layer=0, since=at("05 09:00"), until=at("12 09:00")),)


def test_two_who_change_places_are_no_change() -> None:
    pair = schedule(layer("ada", "grace"), layer("grace", "ada", joins=True))
    assert next_change(pair, at("06 12:00")) is None


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
