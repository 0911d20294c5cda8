"""Whatever people do, calls end once, nobody is put through to two at a time, and the bot is told of each end."""

import random
from collections import Counter

import pytest

from playground import Playground
from playground.twilio.conversations import conversations, most_at_once
from playground.twilio.people import (
    BUSY,
    SILENT,
    UNANSWERED,
    VOICEMAIL,
    Person,
    answers,
    calls,
    calls_and_leaves,
    hangs_up,
    leaves_message,
)
from tests.playground.test_twilio_hotline import INCOMING, Desk, desk
from tests.playground.test_twilio_hotline_dial import ADA, ASKS, GRACE, rings

__all__ = ["desk"]

ENGINEERS = (UNANSWERED, BUSY, SILENT, VOICEMAIL, hangs_up(), answers("1", talks=20), answers("1", rings=20))
CALLERS = (
    SILENT,
    calls("2", talks=9),
    calls("2", patience=10),
    calls("2", patience=33),
    calls_and_leaves("2"),
    leaves_message(30, "Help", "2", ends="hang up"),
)


def _pages(desk: Desk, several: bool) -> None:
    desk.says(
        INCOMING, '<Gather numDigits="1" action="/menu"><Say>2?</Say></Gather><Redirect>/menu</Redirect>'
    )
    desk.says("/menu", rings(ADA, GRACE) if several else rings(ADA))
    desk.says("/whisper", ASKS)
    desk.says("/rung", rings(GRACE), '<Record action="/recorded"/>')
    desk.says("/recorded", "<Hangup/>")


@pytest.mark.parametrize("seed", range(25))
async def test_any_night(play: Playground, desk: Desk, seed: int) -> None:
    dice = random.Random(seed)
    phones = play.twilio.phones
    for night in range(4):
        _pages(desk, several=dice.random() < 0.3)
        phones.script(ADA, dice.choice(ENGINEERS))
        phones.script(GRACE, dice.choice(ENGINEERS))
        callers: list[Person] = [dice.choice(CALLERS) for _ in range(dice.randint(1, 3))]
        for i, person in enumerate(callers):
            await phones.call(f"+2711555{night}{i:03}", person=person)
        await play.settle()
    legs = phones.legs.values()
    assert all(leg.over and leg.dial is None for leg in legs)
    ends = Counter(e.id for e in play.journal.entries("twilio", "call_ended"))
    assert ends == Counter(leg.sid for leg in legs)
    told = Counter(h.form["CallSid"] for h in desk.at("/twilio/status"))
    assert told == Counter(leg.sid for leg in legs if leg.inbound)
    dialled = Counter(leg.of for leg in legs if leg.of is not None)
    assert len(dialled) == len(desk.at("/rung"))
    assert most_at_once(play.journal) <= 1
    assert all(talk.ended and talk.hung_up and talk.last for talk in conversations(play.journal))
