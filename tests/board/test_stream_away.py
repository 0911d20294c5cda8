"""What a page shows is true after it was away, too."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

import pytest

from bot.board import hub as hub_module
from bot.board.lines import Filter, may_see
from bot.board.open_tickets import Kept, Key
from bot.domain.events import Recorded
from bot.domain.ids import TeamName, TicketId
from tests.board.desk import Desk
from tests.builders import ADA
from tests.fakes.world import World

TIMES = re.compile(r"data-time>([^<]*)<")


@pytest.fixture
async def desk() -> Desk:
    """An emergency and two small things."""
    made = Desk(World())
    await made.asks("our mail server is down", "1")
    await made.asks("the printer is slow", "3")
    await made.asks("a question", "4")
    return made


async def mark(desk: Desk, **wanted: str) -> str:
    """What a page that is loaded now goes on from."""
    return (await desk.hub.listing(desk.viewer(), Filter(**wanted))).id


async def heard_after(desk: Desk, since: str, **query: str) -> list[tuple[str, str]]:
    """What somebody hears first who comes back, up to a sign of life that is told once more."""
    async with desk.watching(since=since, **query) as browser:
        watcher = next(iter(desk.hub.watchers))
        watcher.queue.put_nowait(b"event: end\ndata: x\n\n")
        return [(kind, data) for kind, data, _ in await browser.hears_of("end")][:-1]


async def test_what_left_the_filter_meanwhile_is_gone(desk: Desk) -> None:
    since = await mark(desk, severity="emergency")
    await desk.world.commands(ADA, "severity MIT-1001 high")
    assert await heard_after(desk, since, severity="emergency") == [("gone", "MIT-1001")]


async def test_what_left_the_filter_and_then_ended_is_gone(desk: Desk) -> None:
    since = await mark(desk, severity="emergency")
    await desk.world.commands(ADA, "severity MIT-1001 high")
    await desk.hub.look()
    await desk.world.commands(ADA, "resolve MIT-1001 a new cable")
    assert ("gone", "MIT-1001") in await heard_after(desk, since, severity="emergency")


async def test_a_tickets_page_hears_nothing_of_others(desk: Desk) -> None:
    since = await mark(desk, ticket="MIT-1002")
    await desk.world.commands(ADA, "severity MIT-1001 high")
    await desk.world.commands(ADA, "resolve MIT-1003 done")
    assert await heard_after(desk, since, ticket="MIT-1002") == []


async def test_nobody_hears_of_another_teams_tickets_that_changed(desk: Desk) -> None:
    since = await mark(desk)
    await desk.world.commands(ADA, "severity MIT-1001 high")
    await desk.world.commands(ADA, "resolve MIT-1003 done")
    async with desk.watching(desk.viewer("other"), since=since):
        (watcher,) = desk.hub.watchers
        assert watcher.queue.empty()


async def test_so_much_was_missed_that_the_list_is_fetched_anew(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And no place for it is ever too small, or the page would come back for ever."""
    monkeypatch.setattr(hub_module, "ROOM", 2)
    since = await mark(desk)
    for n in (1, 2):
        await desk.world.commands(ADA, f"resolve MIT-100{n} done")
    async with desk.watching(last=since) as browser:
        ((kind, _, id),) = await browser.hears()
        assert (kind, id) == ("reset", await mark(desk))
    assert await heard_after(desk, id) == []


async def test_a_number_that_is_none_of_ours(desk: Desk) -> None:
    epoch = (await mark(desk)).rpartition("-")[0]
    for number in ("9" * 5000, "x", "-1", ""):
        assert [kind for kind, _ in await heard_after(desk, f"{epoch}-{number}")] == ["reset"]


async def test_a_page_has_the_words_of_now(desk: Desk) -> None:
    """Not those of when the ticket changed last."""
    await desk.pages.board(desk.viewer(), {})
    desk.world.clock.at += dt.timedelta(minutes=25)
    again = TIMES.findall(await desk.pages.board(desk.viewer(), {}))
    assert again == TIMES.findall(await Desk(desk.world).pages.board(desk.viewer(), {}))
    assert again[0] == "35 min"


async def test_midnight_while_a_page_is_made(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.world.clock.at += dt.timedelta(hours=11, minutes=50)
    hub, loop, write = desk.hub, asyncio.get_running_loop(), desk.hub._write

    def slowly(several: Iterable[Kept], key: Key) -> None:
        write(several, key)
        if desk.world.clock.at.hour < 22:
            desk.world.clock.at += dt.timedelta(minutes=20)
            asyncio.run_coroutine_threadsafe(hub.look(), loop).result(5)

    monkeypatch.setattr(hub, "_write", slowly)
    page = await hub.listing(desk.viewer(), Filter())
    assert len(page.html) == 3
    assert [kind for kind, _ in await heard_after(desk, page.id)] == ["reset"], (
        "it may say tomorrow for today"
    )


async def test_a_ticket_of_a_team_that_the_configuration_has_lost(desk: Desk) -> None:
    """As in chat: every engineer's."""
    old, new = desk.world.directory, TeamName("helpdesk")
    renamed = dataclasses.replace(
        old,
        teams=tuple(dataclasses.replace(t, name=new) for t in old.teams if t.name == "desk"),
        people=tuple(dataclasses.replace(p, teams=frozenset({new})) for p in old.people),
    )
    ticket = desk.world.store.transact(lambda uow: uow.tickets.peek(TicketId("MIT-1001")))
    assert ticket is not None
    ada = dataclasses.replace(desk.viewer("helpdesk"), person=renamed.person("ada"))
    nobody = dataclasses.replace(ada, person=dataclasses.replace(ada.person, roles=frozenset({"operator"})))
    assert may_see(ada, ticket, renamed)
    assert not may_see(nobody, ticket, renamed)
    assert not may_see(ada, ticket, old), "there it is another team's"


@pytest.fixture
def logs_read(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[TicketId]:
    """Whose log is read."""
    log: Any = desk.world.store.transact(lambda uow: type(uow.log))
    read, of = list[TicketId](), log.of

    def noted(self: object, id: TicketId) -> list[Recorded]:
        read.append(id)
        found: list[Recorded] = of(self, id)
        return found

    monkeypatch.setattr(log, "of", noted)
    return read


async def test_another_teams_log_is_not_read(desk: Desk, logs_read: list[TicketId]) -> None:
    assert await desk.pages.ticket(desk.viewer("other"), TicketId("MIT-1001")) is None
    assert logs_read == []


async def test_of_a_long_story_the_latest_is_shown(desk: Desk) -> None:
    for n in range(210):
        await desk.world.commands(ADA, f"note MIT-1001 number {n}.")
    page = await desk.pages.ticket(desk.viewer(), TicketId("MIT-1001"))
    assert page is not None
    assert page.count('<li class="entry') == 200
    assert "number 209." in page and "number 9." not in page
    assert "Only the latest 200 entries are shown." in page
    other = await desk.pages.ticket(desk.viewer(), TicketId("MIT-1002"))
    assert other is not None and "Only the latest" not in other
