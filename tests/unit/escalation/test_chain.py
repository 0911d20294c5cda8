"""A walk visits every step in order, 1 + repeat times, and ends."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escalation.chain import Chain, Position, Step, advance, step_at
from escalation.escalate import parse_trigger

WAIT = dt.timedelta(minutes=5)
DUTY = Step(targets=("schedule:standby",), wait=WAIT)
LIN = Step(targets=("person:lin", "tier:2"), wait=2 * WAIT)


def walk(chain: Chain) -> list[Position]:
    visited, position = [], advance(chain, None)
    while position is not None:
        visited.append(position)
        position = advance(chain, position)
    return visited


def test_walks_again_as_often_as_it_repeats() -> None:
    chain = Chain(name="standby", steps=(DUTY, LIN), repeat=2)
    assert [(at.round, at.step) for at in walk(chain)] == [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)]
    assert [step_at(chain, at) for at in walk(chain)] == [DUTY, LIN] * 3


def test_an_empty_chain_is_spent_at_once() -> None:
    assert walk(Chain(name="nobody", steps=(), repeat=3)) == []


def test_what_cannot_be_walked_is_refused() -> None:
    with pytest.raises(ValueError, match="standby: repeat is -1"):
        Chain(name="standby", steps=(DUTY,), repeat=-1)
    with pytest.raises(ValueError, match="negative time"):
        Chain(name="standby", steps=(Step(targets=(), wait=-WAIT),))
    with pytest.raises(ValueError, match='"24h unanswered" is no share of a clock'):
        Step(targets=("leads",), wait=WAIT, at=parse_trigger("24h unanswered"))


def test_a_step_may_have_its_place_on_a_clock() -> None:
    for text in ("50% of response", "breach of resolution", "200% of next response"):
        assert Step(targets=("leads",), wait=WAIT, at=parse_trigger(text)).at == parse_trigger(text)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 5), st.integers(0, 5))
def test_every_walk_ends_in_order(steps: int, repeat: int) -> None:
    visited = walk(Chain(name="any", steps=(DUTY,) * steps, repeat=repeat))
    assert len(visited) == steps * (1 + repeat) and visited == sorted(set(visited))
