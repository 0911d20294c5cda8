"""The board's pages as they are sent."""

from __future__ import annotations

import re

import pytest

from bot.app.speech import Speech
from bot.board.timeline import Teller
from bot.board.timeline_words import KIND, WORDS
from bot.domain import events as ev
from bot.domain.events import Recorded
from tests.board.desk import HARM, Desk
from tests.builders import ADA, THANDI, ZONE
from tests.contract.storage_samples import full, lean
from tests.fakes.world import MONDAY_NOON, World, tap


@pytest.fixture
async def desk() -> Desk:
    made = Desk(World())
    await made.asks("our mail server is down", "1")
    await made.asks("the printer is slow", "3")
    return made


def ids(page: str) -> list[str]:
    return re.findall(r'id="t-(MIT-\d+)"', page)


def counts(page: str) -> dict[str, int]:
    return {name: int(n) for name, n in re.findall(r'data-count="(\w+)">(\d+)<', page)}


async def test_the_open_tickets_by_time_left(desk: Desk) -> None:
    page = await desk.pages.board(desk.viewer(), {})
    assert ids(page) == ["MIT-1001", "MIT-1002"]
    assert counts(page) == {"open": 2, "overdue": 0, "waiting": 0, "unclaimed": 2}
    assert "Paging Ada" in page
    assert "answer by 13:00" in page


async def test_a_filter_without_a_script(desk: Desk) -> None:
    page = await desk.pages.board(desk.viewer(), {"severity": "normal"})
    assert ids(page) == ["MIT-1002"]
    assert '<option value="normal" selected>Normal</option>' in page
    page = await desk.pages.board(desk.viewer(), {"severity": HARM})
    assert ids(page) == [] and "No open ticket fits this choice." in page
    assert HARM not in page


async def test_nothing_is_open() -> None:
    page = await Desk(World()).pages.board(Desk(World()).viewer(), {})
    assert "No open tickets. Enjoy the quiet." in page


async def test_the_list_alone_and_what_stands_beside_it(desk: Desk) -> None:
    page = await desk.pages.fragment(desk.viewer(), {"severity": "emergency"})
    assert page.lstrip().startswith('<div id="list"') and ids(page) == ["MIT-1001"]
    side = await desk.pages.fragment(desk.viewer(), {"part": "panels"})
    assert side.lstrip().startswith('<aside class="side" id="panels"') and ids(side) == []


async def test_nothing_runs_in_the_page_itself(desk: Desk) -> None:
    """The content security policy allows no inline script or style."""
    for page in (
        await desk.pages.board(desk.viewer(), {}),
        await desk.pages.ticket(desk.viewer(), "MIT-1001", "Done.") or "",
    ):
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|javascript:", page)
        assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", page)


async def test_another_teams_tickets_are_not_there(desk: Desk) -> None:
    other = desk.viewer("other")
    assert ids(await desk.pages.board(other, {})) == []
    assert await desk.pages.ticket(other, "MIT-1001") is None
    assert await desk.pages.ticket(desk.viewer(), "MIT-9999") is None


async def test_a_ticket_with_all_that_happened(desk: Desk) -> None:
    world = desk.world
    await world.taps(ADA, tap("take"), via="slack", place="C0DESK", thread="card-3")
    await world.commands(ADA, "take MIT-1001")
    await world.commands(ADA, f"note MIT-1001 {HARM}")
    await world.commands(ADA, "need MIT-1001 which server?")
    page = await desk.pages.ticket(desk.viewer(), "MIT-1001", "You have MIT-1001.") or ""
    for words in (
        "You have MIT-1001.",
        "Thandi opened it",
        "Step 1: paging Ada.",
        "SMS to Ada.",
        "Ada took it.",
        "Ada noted:",
        '<span class="badge">internal</span>',
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "Ada asked the customer:",
        "which server?",
    ):
        assert words in page, words
    assert HARM not in page
    assert page.count('name="csrf" value="csrf-1"') >= 2
    assert 'action="/board/ticket/MIT-1001/note"' in page


async def test_what_is_done_is_not_offered_again(desk: Desk) -> None:
    page = await desk.pages.ticket(desk.viewer(), "MIT-1001") or ""
    assert "/MIT-1001/ack" in page and "/MIT-1001/take" in page
    await desk.world.commands(ADA, "ack MIT-1001")
    page = await desk.pages.ticket(desk.viewer(), "MIT-1001") or ""
    assert "/MIT-1001/ack" not in page and "/MIT-1001/take" in page
    await desk.world.commands(ADA, "close MIT-1001")
    page = await desk.pages.ticket(desk.viewer(), "MIT-1001") or ""
    assert "/MIT-1001/take" not in page and "/MIT-1001/note" not in page


async def test_in_the_readers_language_and_zone(desk: Desk) -> None:
    page = await desk.pages.board(desk.viewer(language="pl", zone="Europe/Warsaw"), {})
    assert '<html lang="pl">' in page
    assert "jeszcze nikt" in page and "12:00" in page


async def test_the_customers_words_are_not_markup(desk: Desk) -> None:
    await desk.world.says(THANDI, f"new: {HARM}")
    page = await desk.pages.board(desk.viewer(), {})
    assert HARM not in page and "&lt;script&gt;" in page


# ---------------------------------------------------------------- every kind of event has words
@pytest.mark.parametrize("language", ["en", "pl"])
@pytest.mark.parametrize("make", [full, lean])
@pytest.mark.parametrize("kind", ev.KINDS.values(), ids=lambda kind: kind.__name__)
async def test_every_kind_of_event_is_told(desk: Desk, kind: type[ev.Event], make, language: str) -> None:
    event = make(kind)
    if isinstance(event, ev.AimPassed | ev.MilestonePassed | ev.ClockBreached):
        event = type(event)(**{**event.__dict__, "clock": "response"})
    ticket = await desk.world.ticket()
    speech = Speech(language=language, zone=ZONE, now=MONDAY_NOON)
    teller = Teller(setup=desk.world.setup, ticket=ticket, policy=desk.world.setup.policy(ticket), s=speech)
    told = teller.entry(Recorded(seq=1, ticket=ticket.id, at=MONDAY_NOON, event=event))
    assert told.words and told.time == "12:00"
    assert not re.search(r"\{\w*\}", told.words), told.words
    assert told.internal is (kind is ev.NoteWritten)


def test_no_event_is_left_without_words() -> None:
    assert {key.partition(".")[0] for key in WORDS} == set(ev.KINDS)
    assert set(KIND) <= set(ev.KINDS.values())


CALLS = [key.partition(".")[2] for key in WORDS if key.startswith("Called.")]


@pytest.mark.parametrize("what", [*CALLS, "something new"])
async def test_every_step_of_a_call_is_told(desk: Desk, what: str) -> None:
    ticket = await desk.world.ticket()
    speech = Speech(language="en", zone=ZONE, now=MONDAY_NOON)
    teller = Teller(setup=desk.world.setup, ticket=ticket, policy=desk.world.setup.policy(ticket), s=speech)
    event = ev.Called(call="c1", what=what, person="ada", seconds=240)  # type: ignore[arg-type]
    words = teller.entry(Recorded(seq=1, ticket=ticket.id, at=MONDAY_NOON, event=event)).words
    assert words.endswith(".") and "{" not in words
    assert words != "A step of a call." or what == "something new"
