"""The answer to a tap: a toast where it fits into one, a message at the same place where it does not."""

import dataclasses

import pytest

from bot.domain.ids import Address, ChannelName
from channels.slack.outbound import SlackChannel
from channels.telegram.outbound import TelegramChannel
from tests.builders import ADA, DESK, directory
from tests.fakes.world import World

ADA_TELEGRAM, FORUM, TOPIC = "10001", "-1001", "7"
LONG = "help|MIT-1001|"
"""Its answer has more characters than a toast holds."""


@pytest.fixture
def world() -> World:
    people = directory()
    team = people.teams[0]
    desks = (*team.desks, Address(channel=ChannelName("telegram"), place=FORUM))
    return World(people=dataclasses.replace(people, teams=(dataclasses.replace(team, desks=desks),)))


def test_who_has_toasts() -> None:
    assert TelegramChannel.capabilities.toast_limit == 190  # of Telegram's 200: an emoji counts twice
    assert SlackChannel.capabilities.toast_limit == 0


async def test_a_short_answer_is_a_toast(world: World) -> None:
    outcome = await world.taps(ADA_TELEGRAM, "take|MIT-404|", via="telegram", place=FORUM, thread=TOPIC)
    assert outcome.reply is not None and outcome.reply.text == "There is no ticket MIT-404 here."
    assert world.channels["telegram"].sent == []


async def test_a_long_answer_is_a_message_in_the_topic(world: World) -> None:
    outcome = await world.taps(ADA_TELEGRAM, LONG, via="telegram", place=FORUM, thread=TOPIC)
    assert outcome.reply is None
    (said,) = world.channels["telegram"].sent
    assert (said.place, said.thread, said.only_for) == (FORUM, TOPIC, ADA_TELEGRAM)
    assert len(said.text) > 190 and "…" not in said.text


async def test_in_slack_any_answer_to_a_tap_is_a_whisper(world: World) -> None:
    for action in ("take|MIT-404|", LONG):
        outcome = await world.taps(ADA, action, via="slack", place=DESK, thread="1.2")
        assert outcome.reply is None
    short, long = world.channels["slack"].sent
    assert [(s.place, s.thread, s.only_for) for s in (short, long)] == [(DESK, "1.2", ADA)] * 2
