"""What a browser hears while the board is open."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import datetime as dt
import json
from collections.abc import AsyncIterator

import pytest

from bot.board import hub as hub_module
from bot.board import stream as stream_module
from bot.board.lines import Filter
from bot.board.tail import PATIENCE, Tail
from bot.board.wire import event
from bot.domain import events as ev
from bot.domain.events import Recorded
from bot.domain.ids import TicketId
from tests.board.desk import HARM, Desk
from tests.builders import ADA, THANDI
from tests.fakes.world import MONDAY_NOON, World, tap


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """Two tickets, and the hub at work."""
    made = Desk(World())
    await made.asks("our mail server is down", "1")
    await made.asks("the printer is slow", "3")
    async with running(made):
        yield made


@contextlib.asynccontextmanager
async def running(desk: Desk) -> AsyncIterator[None]:
    task = asyncio.create_task(desk.hub.forever())
    desk.world.bus.wake = desk.hub.wake
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def since(desk: Desk) -> str:
    """What a page that is loaded now goes on from."""
    return (await desk.hub.listing(desk.viewer(), Filter())).id


async def test_a_sign_of_life_has_the_time(desk: Desk) -> None:
    chunk = await anext(desk.stream.events(desk.viewer(), {"since": await since(desk)}, ""))
    assert chunk.startswith(b"retry: ")
    kind, data = chunk.decode().split("\n\n")[1].split("\n")
    assert kind == "event: beat"
    told = json.loads(data.removeprefix("data: "))
    assert told == {"now": MONDAY_NOON.timestamp() * 1000, "speed": 1.0}


async def test_a_change_is_one_small_event(desk: Desk) -> None:
    async with desk.watching(since=await since(desk)) as browser:
        await desk.world.taps(ADA, tap("take"), via="slack", place="C0DESK", thread=desk.world.thread())
        [(kind, html, id), *more] = await browser.hears()
        assert (kind, more) == ("line", [])
        assert 'id="t-MIT-1001"' in html and "<dd>Ada</dd>" in html
        assert len(html) < 2500
        assert id == await since(desk)


async def test_a_new_ticket_comes_and_a_resolved_one_goes(desk: Desk) -> None:
    async with desk.watching(since=await since(desk)) as browser:
        await desk.asks("nobody can log in", "1")
        heard = await browser.hears()
        assert {kind for kind, _, _ in heard} == {"line"}
        assert all('id="t-MIT-1003"' in html for _, html, _ in heard)
        await desk.world.commands(ADA, "resolve MIT-1002 a new cable")
        await browser.hears_of("gone", "MIT-1002")


async def test_a_line_changes_by_itself_when_its_time_is_up(desk: Desk) -> None:
    async with desk.watching(since=await since(desk)) as browser:
        desk.world.clock.at += dt.timedelta(hours=1, seconds=1)
        desk.hub.wake()
        assert any("MIT-1001" in html for _, html, _ in await browser.hears_of("line", "overdue"))


async def test_the_hub_wakes_itself_for_that(desk: Desk) -> None:
    """The clock says how long to wait: half an hour before the end passes in a moment here."""
    async with desk.watching(since=await since(desk)) as browser:
        desk.world.clock.real_seconds_until = lambda at: 0.01  # type: ignore[method-assign]
        desk.world.clock.at += dt.timedelta(hours=1, seconds=1)
        desk.hub.wake()
        await browser.hears_of("line", "overdue")


async def test_nobody_hears_of_another_team(desk: Desk) -> None:
    async with (
        desk.watching(desk.viewer("other"), since=await since(desk)) as other,
        desk.watching(since=await since(desk)) as mine,
    ):
        await desk.world.taps(ADA, tap("take"), via="slack", place="C0DESK", thread=desk.world.thread())
        assert await mine.hears()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await other.hears()


async def test_a_filter_lets_through_what_fits_and_says_what_no_longer_does(desk: Desk) -> None:
    async with desk.watching(since=await since(desk), severity="emergency") as browser:
        await desk.world.commands(ADA, "note MIT-1002 a cable?")
        await desk.world.commands(ADA, "severity MIT-1001 high")
        heard = await browser.hears_of("gone", "MIT-1001")
        assert not any("MIT-1002" in data for _, data, _ in heard)
        await desk.world.commands(ADA, "severity MIT-1002 emergency")
        await browser.hears_of("line", "MIT-1002")


async def test_who_comes_back_hears_what_they_missed(desk: Desk) -> None:
    last = await since(desk)
    await desk.world.commands(ADA, "take MIT-1001")
    await desk.world.commands(ADA, "resolve MIT-1002 a new cable")
    async with desk.watching(last=last) as browser:
        heard = await browser.hears()
        assert {(kind, "MIT-1001" in data) for kind, data, _ in heard} == {("line", True), ("gone", False)}
        assert heard[-1][2] == await since(desk)


@pytest.mark.parametrize("last", ["", "nonsense", "another-start-7", "-1"])
async def test_who_can_not_go_on_fetches_the_list_anew(desk: Desk, last: str) -> None:
    async with desk.watching(last=last) as browser:
        assert [kind for kind, _, _ in await browser.hears()] == ["reset"]


async def test_many_changes_at_once_are_one_word(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_module, "BULK", 1)
    async with desk.watching(since=await since(desk)) as browser:
        await desk.world.commands(ADA, "take MIT-1001")
        desk.world.clock.at += dt.timedelta(hours=6)
        desk.hub.wake()
        await browser.hears_of("reset")


async def test_after_midnight_tomorrow_is_today(desk: Desk) -> None:
    async with desk.watching(since=await since(desk)) as browser:
        desk.world.clock.at = dt.datetime(2026, 11, 23, 22, 0, 1, tzinfo=dt.UTC)
        desk.hub.wake()
        await browser.hears_of("reset")


async def test_a_clock_that_jumps_is_told_at_once(desk: Desk) -> None:
    async with desk.watching(since=await since(desk)) as browser:
        desk.world.clock.at += dt.timedelta(minutes=3)
        desk.hub.wake()
        await browser.hears_of("beat")


async def test_who_does_not_keep_up_is_cut_off_and_the_others_are_not(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_module, "ROOM", 2)
    async with desk.watching(since=await since(desk)) as slow:
        for note in ("one", "two", "three", "four"):
            await desk.world.commands(ADA, f"note MIT-1001 {note}")
            await desk.hub.look()
        with pytest.raises(StopAsyncIteration):
            await slow.hears()
        assert desk.hub.watchers == set()


async def test_a_sign_of_life_comes_also_when_nothing_happens(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream_module, "BEAT", 0.01)
    async with desk.watching(since=await since(desk)) as browser:
        assert [kind for kind, _, _ in await browser.hears()] == ["beat"]


async def test_the_database_is_left_alone_while_nothing_happens(desk: Desk) -> None:
    async with desk.watching(since=await since(desk)):
        await asyncio.sleep(0)
        await desk.hub.look()
        before = desk.ran
        await asyncio.sleep(0.05)
        assert desk.ran == before


async def test_while_nobody_looks_a_wake_reads_nothing(desk: Desk) -> None:
    await since(desk)
    before = desk.ran
    await desk.world.commands(ADA, "note MIT-1001 something")
    await asyncio.sleep(0.02)
    assert desk.ran == before


async def test_a_reload_makes_everything_anew(desk: Desk) -> None:
    async with desk.watching(since=await since(desk)) as browser:
        desk.world.setup = dataclasses.replace(desk.world.setup)
        desk.hub.wake()
        await browser.hears_of("reset")


async def test_words_of_people_stay_words(desk: Desk) -> None:
    async with desk.watching(since=await since(desk)) as browser:
        await desk.world.says(THANDI, f"new: {HARM}\r\nevent: gone\rdata: MIT-1001\n\ndata: x")
        heard = await browser.hears()
        assert {kind for kind, _, _ in heard} == {"line"}
        assert all(HARM not in html and "&lt;script&gt;" in html for _, html, _ in heard)


def test_no_data_can_become_an_event_of_its_own() -> None:
    assert event("line", "a\r\nb\rc\nevent: gone", "x-1") == (
        b"id: x-1\nevent: line\ndata: a\ndata: b\ndata: c\ndata: event: gone\n\n"
    )


def test_a_number_that_comes_late_is_not_missed() -> None:
    """With several writers a later number may be seen first."""
    now = MONDAY_NOON

    def recorded(seq: int) -> Recorded:
        ticket = TicketId(f"MIT-{seq}")
        return Recorded(seq=seq, ticket=ticket, at=now, event=ev.NoteWritten(person="ada", text=""))  # type: ignore[arg-type]

    tail = Tail(seq=10)
    assert tail.floor(now) == 10
    assert tail.fresh([recorded(13)]) == {"MIT-13"}
    tail.take([recorded(13)], now)
    assert tail.floor(now) == 10, "11 and 12 may still come"
    assert tail.fresh([recorded(12), recorded(13)]) == {"MIT-12"}
    tail.take([recorded(12), recorded(13)], now)
    assert tail.fresh([recorded(11), recorded(12), recorded(13)]) == {"MIT-11"}
    assert tail.floor(now + PATIENCE) == 13, "11 was rolled back"
