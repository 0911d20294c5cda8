"""The life of a ticket as one table. docs/map.md draws its diagram from here."""

from __future__ import annotations

import enum

from bot.domain.errors import IllegalMove


class Status(enum.StrEnum):
    """Where a ticket stands."""

    NEW = "new"  # open, nobody has it
    ACTIVE = "active"  # an engineer has it
    WAITING = "waiting"  # for the customer
    RESOLVED = "resolved"  # done, the customer may still reopen it
    CLOSED = "closed"  # over

    @property
    def is_open(self) -> bool:
        return self in (Status.NEW, Status.ACTIVE, Status.WAITING)


class Move(enum.StrEnum):
    """What can happen to a ticket, as far as its status is concerned."""

    SET_SEVERITY = "change severity"
    CUSTOMER_WRITES = "take a customer's message"
    NOTE = "take a note"
    ACKNOWLEDGE = "be acknowledged"
    TAKE = "be taken"
    ANSWER = "be answered"
    ASK = "wait for the customer"
    RESOLVE = "be resolved"
    REOPEN = "be reopened"
    CLOSE = "be closed"
    MERGE = "be merged"


_N, _A, _W, _R, _C = Status.NEW, Status.ACTIVE, Status.WAITING, Status.RESOLVED, Status.CLOSED

MOVES: dict[Status, dict[Move, Status]] = {
    _N: {
        Move.SET_SEVERITY: _N,
        Move.CUSTOMER_WRITES: _N,
        Move.NOTE: _N,
        Move.ACKNOWLEDGE: _A,
        Move.TAKE: _A,
        Move.ANSWER: _A,
        Move.ASK: _W,
        Move.RESOLVE: _R,
        Move.CLOSE: _C,
        Move.MERGE: _C,
    },
    _A: {
        Move.SET_SEVERITY: _A,
        Move.CUSTOMER_WRITES: _A,
        Move.NOTE: _A,
        Move.ACKNOWLEDGE: _A,
        Move.TAKE: _A,
        Move.ANSWER: _A,
        Move.ASK: _W,
        Move.RESOLVE: _R,
        Move.CLOSE: _C,
        Move.MERGE: _C,
    },
    _W: {
        Move.SET_SEVERITY: _W,
        Move.CUSTOMER_WRITES: _A,
        Move.NOTE: _W,
        Move.ACKNOWLEDGE: _W,
        Move.TAKE: _W,
        Move.ANSWER: _W,
        Move.ASK: _W,
        Move.RESOLVE: _R,
        Move.CLOSE: _C,
        Move.MERGE: _C,
    },
    _R: {
        Move.CUSTOMER_WRITES: _R,
        Move.NOTE: _R,
        Move.ANSWER: _R,
        Move.REOPEN: _N,
        Move.CLOSE: _C,
        Move.MERGE: _C,
    },
    _C: {Move.NOTE: _C},
}


def after(ticket: str, status: Status, move: Move) -> Status:
    """The status that follows; raises IllegalMove where the table has none."""
    try:
        return MOVES[status][move]
    except KeyError:
        raise IllegalMove(ticket, status.value, move.value) from None


def diagram() -> str:
    """The table as a Mermaid state diagram: moves that change nothing are left out."""
    lines = ["stateDiagram-v2", "    [*] --> new: opened"]
    for status, moves in MOVES.items():
        targets: dict[Status, list[str]] = {}
        for move, target in moves.items():
            if target is not status:
                targets.setdefault(target, []).append(move.name.lower().replace("_", " "))
        lines += [f"    {status} --> {target}: {', '.join(names)}" for target, names in targets.items()]
    return "\n".join([*lines, "    closed --> [*]"])
