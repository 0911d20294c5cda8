"""Where a line of the board stands: what ticks, what stands still, what is late, and in which order."""

from __future__ import annotations

import dataclasses
import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from bot.app.speech import Speech
from bot.board.lines import Filter, Line, Phase, Standing, line_of, may_see, standing_of
from bot.domain.status import Status
from bot.domain.ticket import Ticket
from tests.board.desk import Desk
from tests.builders import ADA, ZONE
from tests.fakes.world import MONDAY_NOON, World, tap

MINUTE = dt.timedelta(minutes=1)
EVENING = MONDAY_NOON + dt.timedelta(hours=8)  # 20:00 in Johannesburg: the desk is closed


async def made(severity: str, at: dt.datetime = MONDAY_NOON) -> tuple[World, Ticket]:
    world = World(at=at)
    await Desk(world).asks(severity=severity)
    return world, await world.ticket()


def stands(world: World, ticket: Ticket, at: dt.datetime) -> Standing:
    return standing_of(world.setup, ticket, at)


def read(world: World, ticket: Ticket, at: dt.datetime, language: str = "en", zone: ZoneInfo = ZONE) -> Line:
    speech = Speech(language=language, zone=zone, now=at)
    return line_of(world.setup, ticket, None, stands(world, ticket, at), speech)


async def test_a_running_clock_ticks_to_its_end() -> None:
    world, ticket = await made("1")
    standing = stands(world, ticket, MONDAY_NOON + 10 * MINUTE)
    hour = MONDAY_NOON + 60 * MINUTE
    assert (standing.phase, standing.runs) == (Phase.RUNNING, True)
    assert (standing.left, standing.length) == (50 * MINUTE, 60 * MINUTE)
    assert (standing.ends, standing.due, standing.started) == (hour, hour, MONDAY_NOON)
    line = read(world, ticket, MONDAY_NOON + 10 * MINUTE)
    assert (line.left, line.clock, line.phase_words) == ("50 min", "answer by 13:00", "left")
    assert line.used == 167


async def test_it_changes_by_itself_when_it_gets_worth_a_look_and_when_it_is_late() -> None:
    world, ticket = await made("1")
    at, seen = MONDAY_NOON, []
    for _ in range(2):
        standing = stands(world, ticket, at)
        assert standing.changes is not None and standing.changes > at
        at = standing.changes
        seen.append((at - MONDAY_NOON, read(world, ticket, at).view.urgency))
    assert seen[0] == (45 * MINUTE, 2), "three quarters are used up"
    assert seen[1] == (60 * MINUTE + dt.timedelta(microseconds=1), 3)
    assert stands(world, ticket, at).phase is Phase.OVERDUE


async def test_overdue_counts_up() -> None:
    world, ticket = await made("1")
    line = read(world, ticket, MONDAY_NOON + 72 * MINUTE)
    assert (line.standing.phase, line.standing.runs) == (Phase.OVERDUE, True)
    assert line.standing.left == -12 * MINUTE
    assert line.standing.ends == MONDAY_NOON + 60 * MINUTE
    assert (line.phase_words, line.clock, line.used) == ("overdue", "answer was due 13:00", 1000)


async def test_a_closed_desk_stands_still_and_says_when_it_counts_again() -> None:
    world, ticket = await made("2", at=EVENING)
    line = read(world, ticket, EVENING)
    assert (line.standing.phase, line.standing.runs, line.standing.ends) == (Phase.STILL, False, None)
    assert line.phase_words == "stands still, counts again tomorrow 08:30"
    opens = dt.datetime(2026, 11, 24, 8, 30, tzinfo=ZONE)
    assert line.standing.changes == opens
    assert stands(world, ticket, opens).phase is Phase.RUNNING


async def test_a_clock_stops_ticking_when_the_desk_closes() -> None:
    world, ticket = await made("2", at=MONDAY_NOON + dt.timedelta(hours=4))  # 16:00, two hours to answer
    standing = stands(world, ticket, world.clock.now())
    closes = dt.datetime(2026, 11, 23, 17, tzinfo=ZONE)
    assert standing.changes is not None and standing.changes <= closes
    assert standing.ends != standing.due, "an hour of it is tomorrow's"
    assert stands(world, ticket, closes).phase is Phase.STILL


async def test_waiting_for_the_customer_is_paused() -> None:
    world, ticket = await made("1")
    await world.commands(ADA, f"need {ticket.id} which server is it?")
    line = read(world, await world.ticket(), world.clock.now())
    assert (line.standing.phase, line.standing.runs, line.waiting) == (Phase.PAUSED, False, True)
    assert line.phase_words == "paused: waiting for the customer"
    assert line.waits is None, "it is the customer's turn"


async def test_the_customer_waits_until_somebody_answers() -> None:
    world, ticket = await made("1")
    assert read(world, ticket, MONDAY_NOON + 5 * MINUTE).waits == MONDAY_NOON
    assert read(world, ticket, MONDAY_NOON + 5 * MINUTE).waits_words == "5 min"
    await world.says(ADA, "on it", via="slack", place="C0DESK", thread=world.thread())
    assert read(world, await world.ticket(), world.clock.now()).waits is None


async def test_who_has_it() -> None:
    world, ticket = await made("1")
    line = read(world, ticket, MONDAY_NOON)
    assert (line.view.holder, line.acknowledged, line.channel, line.tier) == (
        "nobody yet",
        False,
        "WhatsApp",
        1,
    )
    await world.taps(ADA, tap("take"), via="slack", place="C0DESK", thread=world.thread())
    line = read(world, await world.ticket(), MONDAY_NOON)
    assert (line.view.holder, line.acknowledged) == ("Ada", True)


async def test_the_card_in_chat_says_the_same() -> None:
    """One view model feeds both."""
    world, ticket = await made("1")
    line = read(world, ticket, world.clock.now())
    assert dataclasses.replace(line.view, paging="") == dataclasses.replace(world.card(), paging="")


async def test_in_the_readers_words_and_zone() -> None:
    world, ticket = await made("1")
    line = read(world, ticket, MONDAY_NOON, language="pl", zone=ZoneInfo("Europe/Warsaw"))
    assert "12:00" in line.clock
    assert line.view.holder == "jeszcze nikt"


async def test_overdue_first_then_by_time_left_then_what_stands_still() -> None:
    desk = Desk(World(at=EVENING))
    for severity in ("2", "1", "4", "1"):
        await desk.asks(severity=severity)
        await desk.world.passes(minutes=15)
    await desk.world.commands(ADA, "need MIT-1001 which one?")
    await desk.world.passes(minutes=25)
    shown = (await desk.hub.listing(desk.viewer(), Filter())).lines
    phases = [(k.ticket.id, k.standing.phase) for k in shown]
    assert phases == [
        ("MIT-1002", Phase.OVERDUE),
        ("MIT-1004", Phase.RUNNING),
        ("MIT-1003", Phase.STILL),
        ("MIT-1001", Phase.PAUSED),
    ]


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        (Filter(), True),
        (Filter(team="desk", severity="emergency"), True),
        (Filter(policy="managed-it", organisation="acme", ticket="MIT-1001"), True),
        (Filter(severity="low"), False),
        (Filter(organisation="other"), False),
    ],
)
async def test_a_filter(wanted: Filter, fits: bool) -> None:
    _, ticket = await made("1")
    assert wanted.fits(ticket) is fits


async def test_only_ones_own_teams() -> None:
    world, ticket = await made("1")
    desk = Desk(world)
    assert may_see(desk.viewer("desk"), ticket)
    assert not may_see(desk.viewer("other"), ticket)


async def test_an_open_ticket_without_a_clock_has_no_time() -> None:
    world, ticket = await made("1")
    bare = dataclasses.replace(ticket, clocks=(), status=Status.ACTIVE)
    line = read(world, bare, MONDAY_NOON)
    assert (line.standing.phase, line.left, line.phase_words) == (Phase.OVER, "", "no promise of a time")
