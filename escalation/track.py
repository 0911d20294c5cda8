"""What holds from when until when: a track is its pieces in order, each beginning where the one before ends (UTC).

Tracks have no end, so that whoever walks one stops when they have seen enough.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from escalation.instants import Span, utc

A = TypeVar("A")
B = TypeVar("B")
T_co = TypeVar("T_co", covariant=True)


class Piece(NamedTuple, Generic[T_co]):
    """`value` holds `until` then; None: for ever, and this is the last piece."""

    until: dt.datetime | None
    value: T_co


def listed(spans: Iterable[tuple[Span, A]], start: dt.datetime) -> Iterator[Piece[tuple[A, ...]]]:
    """Yield from `start` on whose spans are running, in the order in which they are listed."""
    known: list[A] = []
    edges: defaultdict[dt.datetime, list[int]] = defaultdict(list)
    for span, value in spans:
        begin, end = max(utc(span.start), start), utc(span.end)
        if begin < end:
            edges[begin].append(len(known))
            edges[end].append(len(known))
            known.append(value)
    running = set(edges.pop(start, ()))
    for edge in sorted(edges):
        yield Piece(until=edge, value=tuple(known[n] for n in sorted(running)))
        running.symmetric_difference_update(edges[edge])
    yield Piece(until=None, value=())


def together(tracks: Sequence[Iterator[Piece[A]]]) -> Iterator[Piece[tuple[A, ...]]]:
    """Yield what all of them say, a piece from one change to the next. They begin at the same instant."""
    pieces = [next(track) for track in tracks]
    while True:
        until = min((piece.until for piece in pieces if piece.until is not None), default=None)
        yield Piece(until=until, value=tuple(piece.value for piece in pieces))
        if until is None:
            return
        pieces = [
            next(track) if piece.until == until else piece
            for track, piece in zip(tracks, pieces, strict=True)
        ]


def both(one: Iterator[Piece[A]], other: Iterator[Piece[B]]) -> Iterator[Piece[tuple[A, B]]]:
    """Yield what two tracks of different kinds say."""
    tracks: tuple[Iterator[Piece[Any]], ...] = (one, other)
    for until, (a, b) in together(tracks):
        yield Piece(until=until, value=(a, b))
