"""The life of a ticket, written out: what the code says is what this table says."""

from __future__ import annotations

import dataclasses

import pytest

from bot.domain import events as ev
from bot.domain.errors import IllegalMove
from bot.domain.evolve import evolve
from bot.domain.status import MOVES, Move, Status, after, diagram
from tests.unit.domain.dialogue import CUSTOMER, MONDAY, POLICY, opened

TABLE = """
                 new      active    waiting   resolved  closed
SET_SEVERITY     new      active    waiting   -         -
CUSTOMER_WRITES  new      active    active    resolved  -
NOTE             new      active    waiting   resolved  closed
ACKNOWLEDGE      active   active    waiting   -         -
TAKE             active   active    waiting   -         -
ANSWER           active   active    waiting   resolved  -
ASK              waiting  waiting   waiting   -         -
RESOLVE          resolved resolved  resolved  -         -
REOPEN           -        -         -         new       -
CLOSE            closed   closed    closed    closed    -
MERGE            closed   closed    closed    closed    -
"""

EVENTS: dict[Move, ev.Event] = {
    Move.SET_SEVERITY: ev.SeveritySet(severity="high", previous="normal", how=ev.How.CHANGED, by=ev.STANDBY),
    Move.CUSTOMER_WRITES: ev.CustomerWrote(text="more", contact=CUSTOMER),
    Move.NOTE: ev.NoteWritten(person="ada", text="hm"),
    Move.ACKNOWLEDGE: ev.Acknowledged(person="ada", via="Slack"),
    Move.TAKE: ev.Taken(person="ada", previous=None),
    Move.ANSWER: ev.EngineerWrote(person="ada", text="on it"),
    Move.ASK: ev.InfoAsked(person="ada", text="a photo?"),
    Move.RESOLVE: ev.Resolved(person="ada", text="done"),
    Move.REOPEN: ev.Reopened(by=ev.STANDBY),
    Move.CLOSE: ev.Closed(by=ev.STANDBY),
    Move.MERGE: ev.MergedInto(ticket="MIT-1000", by=ev.STANDBY),
}


def written() -> dict[tuple[Status, Move], Status | None]:
    """The table as values; None where there is no such move."""
    head, *lines = [line.split() for line in TABLE.strip().splitlines()]
    return {
        (Status(status), Move[move]): None if target == "-" else Status(target)
        for move, *targets in lines
        for status, target in zip(head, targets, strict=True)
    }


def test_the_table_has_every_status_and_every_move() -> None:
    assert set(written()) == {(status, move) for status in Status for move in Move}


def test_each_move_leads_where_it_is_written() -> None:
    assert {(s, m): MOVES[s].get(m) for s in Status for m in Move} == written()


def test_what_is_not_written_raises_and_changes_nothing() -> None:
    before = {status: dict(moves) for status, moves in MOVES.items()}
    for (status, move), target in written().items():
        if target is not None:
            assert after("MIT-1001", status, move) is target
            continue
        with pytest.raises(IllegalMove) as caught:
            after("MIT-1001", status, move)
        assert (caught.value.ticket, caught.value.status, caught.value.move) == ("MIT-1001", status, move)
        assert str(caught.value).startswith(f"MIT-1001 is {status}")
    assert before == MOVES


def test_every_event_moves_a_ticket_by_the_table_and_by_nothing_else() -> None:
    said = {}
    for status, move in written():
        ticket = dataclasses.replace(opened().ticket, status=status)
        kept = dataclasses.replace(ticket)
        try:
            said[status, move] = evolve(ticket, EVENTS[move], MONDAY, POLICY).status
        except IllegalMove:
            said[status, move] = None
        assert ticket == kept
    assert said == written()


def test_a_status_that_is_there_already_is_called_so() -> None:
    said = {
        (Status.RESOLVED, Move.RESOLVE): "MIT-1 is resolved already",
        (Status.CLOSED, Move.CLOSE): "MIT-1 is closed already",
        (Status.CLOSED, Move.RESOLVE): "MIT-1 is closed; it can't be resolved",
        (Status.NEW, Move.REOPEN): "MIT-1 is new; it can't be reopened",
    }
    assert {(s, m): str(IllegalMove("MIT-1", s, m)) for s, m in said} == said


def test_what_is_open_is_what_somebody_still_works_on() -> None:
    assert {s for s in Status if s.is_open} == {Status.NEW, Status.ACTIVE, Status.WAITING}


def test_the_diagram_has_every_status_and_every_change_of_one() -> None:
    lines = diagram().splitlines()
    assert lines[0] == "stateDiagram-v2" and "    closed --> [*]" in lines
    for (status, move), target in written().items():
        drawn = [line for line in lines if line.startswith(f"    {status} --> {target}: ")]
        if target is not None and target is not status:
            assert len(drawn) == 1 and move.name.lower().replace("_", " ") in drawn[0]
        elif target is status:
            assert drawn == []
    assert all(any(line.strip().startswith(status) for line in lines) for status in Status)
