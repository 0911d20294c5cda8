"""What must hold of figures for any events whatever."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.board.figures import NOTHING, Counting, figures_of, says_nothing, together, work_of
from bot.board.figures_days import DAY, span_of
from bot.domain import events as ev
from bot.domain.errors import IllegalMove
from bot.domain.events import Recorded
from bot.domain.evolve import evolve
from bot.domain.ids import PageId, PersonId, TeamName, TicketId
from bot.domain.ticket import Ticket
from escalation.policy import AnsweredBy, UnknownCategory, UnknownSeverity
from escalation.sla import Clock, ClockKind
from escalation.targets import Counts
from tests.builders import ZONE, policy
from tests.contract.storage_samples import lean
from tests.contract.storage_samples import ticket as sample

DATE = dt.date(2026, 11, 23)
MINUTES = dt.timedelta(minutes=1)
START = span_of(ZONE, DATE).start
PEOPLE = ("ada", "grace")
IDS = [TicketId(f"MIT-{n}") for n in range(1, 5)]


def tickets(answers: Sequence[int | None], breached: Sequence[int | None]) -> dict[TicketId, Ticket]:
    """Answered and breached so many hours after START."""

    def at(hours: int | None) -> dt.datetime | None:
        return None if hours is None else START + hours * 60 * MINUTES

    found = {}
    for n, id in enumerate(IDS):
        response = Clock(
            kind=ClockKind.RESPONSE, target="1h", counts=Counts.ALWAYS, started=START, stopped=at(answers[n])
        )
        resolution = Clock(
            kind=ClockKind.RESOLUTION,
            target="8h" if n else "negotiated",
            counts=Counts.ALWAYS,
            started=START,
            breached_at=at(breached[n]),
        )
        found[id] = sample(
            id,
            team="desk" if n < 3 else "other",
            policy="managed-it",
            policy_version="test",
            severity="high",
            opened=START,
            answered=at(answers[n]),
            clocks=(response, resolution),
        )
    return found


HOURS = st.integers(0, 72)
MAYBE = st.lists(st.none() | HOURS, min_size=4, max_size=4)
WHO = st.sampled_from(PEOPLE).map(PersonId)
EVENTS = st.one_of(
    st.just(ev.Reopened(by=ev.STANDBY)),
    st.builds(ev.Resolved, person=WHO, text=st.just("")),
    st.builds(ev.Rated, score=st.integers(1, 5)),
    st.builds(ev.Acknowledged, person=WHO, via=st.just("Slack")),
    st.builds(
        ev.PageAttempted,
        page=st.sampled_from(["p1", "p2"]).map(PageId),
        person=WHO,
        method=st.just("sms"),
        attempt=st.just(1),
    ),
    st.builds(ev.ClockBreached, clock=st.sampled_from(list(ClockKind)), at=st.just(START)),
)
LOGS = st.lists(st.tuples(HOURS, st.sampled_from([*IDS, TicketId("GONE-1")]), EVENTS), max_size=40)


@given(log=LOGS, answers=MAYBE, breached=MAYBE)
def test_a_longer_time_is_its_days_put_together(
    log: list[tuple[int, TicketId, ev.Event]], answers: list[int | None], breached: list[int | None]
) -> None:
    rows = sorted(
        (
            Recorded(seq=seq, ticket=id, at=START + hours * 60 * MINUTES, event=event)
            for seq, (hours, id, event) in enumerate(log)
        ),
        key=lambda row: (row.at, row.seq),
    )
    known, of = tickets(answers, breached), policy()
    whole = figures_of(rows, known, lambda ticket: of)
    days = [
        figures_of([r for r in rows if span.start <= r.at < span.end], known, lambda ticket: of)
        for n in range(4)
        for span in [span_of(ZONE, DATE + n * DAY)]
    ]
    for team in ("desk", "other"):
        parts = [day[TeamName(team)] for day in days if TeamName(team) in day]
        assert together(parts) == whole.get(TeamName(team), NOTHING)
        assert together(reversed(parts)) == together(parts)
    everything = together(whole.values())
    for kept in (everything.response, everything.resolution):
        assert kept.share is None or 0 <= kept.share <= 1
        assert len(kept.times) <= len(rows)
        half, most = kept.time_of(50), kept.time_of(90)
        assert (half is None) == (most is None) == (not kept.times)
        assert half is None or most is None or half <= most
    assert everything.rating is None or 1 <= everything.rating <= 5


@given(log=LOGS, answers=MAYBE, at=st.integers(0, 40))
def test_in_pieces_it_is_the_same(
    log: list[tuple[int, TicketId, ev.Event]], answers: list[int | None], at: int
) -> None:
    rows = [
        Recorded(seq=seq, ticket=id, at=START + hours * 60 * MINUTES, event=event)
        for seq, (hours, id, event) in enumerate(log)
    ]
    known, of = tickets(answers, [None] * 4), policy()
    counting = Counting(policy_of=lambda ticket: of)
    counting.add(rows[:at], known)
    counting.add(rows[at:], known)
    assert counting.figures() == figures_of(rows, known, lambda ticket: of)


@pytest.mark.parametrize("kind", [k for k in ev.KINDS.values() if k is not ev.TicketOpened])
def test_what_says_nothing_answers_nobody(kind: type[ev.Event]) -> None:
    """Each that can answer a customer is counted, whatever it is called."""
    known = next(iter(tickets([None] * 4, [None] * 4).values()))
    event, of = lean(kind), policy(answered_by=AnsweredBy.ACKNOWLEDGE)
    if says_nothing(event):
        with contextlib.suppress(IllegalMove, UnknownCategory, UnknownSeverity):
            assert evolve(known, event, START, of).answered is None


def test_nothing_put_together_is_nothing() -> None:
    assert together(()) == NOTHING == together((NOTHING, NOTHING))
    assert (NOTHING.response.share, NOTHING.response.time_of(50), work_of(NOTHING)) == (None, None, ())


@pytest.mark.parametrize(
    ("times", "half", "most"),
    [((5,), 5, 5), ((1, 9), 1, 9), (tuple(range(1, 11)), 5, 9), (tuple(range(1, 31)), 15, 27)],
)
def test_the_nearest_rank(times: tuple[int, ...], half: int, most: int) -> None:
    kept = dataclasses.replace(NOTHING.response, times=times)
    assert kept.time_of(50) == dt.timedelta(seconds=half)
    assert kept.time_of(90) == dt.timedelta(seconds=most)
