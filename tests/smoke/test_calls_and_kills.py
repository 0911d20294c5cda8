"""Somebody calls, and the process is killed (kill -9) between any two requests of the call and inside each of them.

It starts again, and the call goes on from what was stored: Twilio asks again, as our URLs have it; or, where it does not,
the number's fallback answers. In every case there is one ticket and one engineer on the line, and the page goes on until
somebody has it.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import re
import shutil
import signal
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.app.rows import UnitOfWork
from bot.demo import stage as st
from bot.domain.hotline import Call, End
from bot.domain.ticket import Ticket
from channels.twilio.fallback import accept, fallback, screen
from channels.twilio.signature import AGAIN
from playground import Playground
from playground.courier import Delivered
from playground.journal import Entry
from playground.twilio.conversations import conversations, most_at_once
from playground.twilio.people import UNANSWERED, Person, answers, calls, leaves_message
from playground.server import Served
from storage.engine import open_store
from storage.schema import upgrade
from tests.fakes.line_vendors import twiml_heard, violations
from tests.smoke.conftest import PUBLIC, Bot
from tests.smoke.nursery import Nursery

WORDS = "The server room is under water"
TALKS = calls("2", talks=30)
LEAVES_MESSAGE = leaves_message(20, WORDS, "2", ends="#")
INCOMING = f"{PUBLIC}/twilio/voice/incoming"


@pytest.fixture
async def playground() -> AsyncIterator[Playground]:
    """In which nobody waits for anything."""
    play = Playground(pace=0.0)
    await play.start()
    st.furnish(play)
    heard = twiml_heard(play)
    yield play
    await asyncio.wait_for(play.settle(), 5)
    await play.stop()
    assert violations(play, heard) == []


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    it = Nursery()
    yield it
    it.close()


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which nothing is."""
    path = tmp_path_factory.mktemp("empty") / "standby.db"
    upgrade(f"sqlite:///{path}")
    return path


def write(folder: Path, play: Playground, storage: str) -> None:
    """The demo's configuration, of a desk that is closed today and tomorrow."""
    config = st.write_config(folder, play, storage=storage)
    today = dt.datetime.now(ZoneInfo("Africa/Johannesburg")).date()
    closed = "".join(f"{today + dt.timedelta(days=n)} = []\n" for n in (0, 1))
    policy = st.POLICY.read_text("utf-8")
    assert "\n[overrides]" in policy
    head, _, tail = policy.partition("\n[overrides]")
    rest = tail.partition("\n")[2]
    (folder / "policy.toml").write_text(f"{head}\n[overrides]\n{closed}{rest}", "utf-8")
    config.write_text(config.read_text("utf-8").replace(str(st.POLICY), "policy.toml"), "utf-8")


class Forked(Bot):
    """As Bot, from the nursery; killed and started again where a call is."""

    nursery: Nursery
    pid = 0
    answered = 0
    kill_after: frozenset[int] = frozenset()
    """Behind the answers to which requests of the call it is killed."""
    kills = 0
    crash_again = ""
    """Where it dies when it has been started again."""

    async def start(self, crash_at: str = "") -> None:
        config = self.folder / "config.toml"
        if not config.exists():
            write(self.folder, self.playground, self.storage)
        environ = st.environ(self.playground) | {"STANDBY_CRASH_AT": crash_at}
        log = self.folder / "bot.log"
        self.nursery.bear(config=str(config), cwd=str(self.folder), log=str(log), environ=environ)
        self.pid = int((await self.nursery.line()).removeprefix("pid "))
        line = await self.nursery.line()
        assert "listens on" in line, line + self.log()
        self.url = line.split()[-1]
        self.playground.bot_url, self.playground.public_url = self.url, PUBLIC

    async def died(self) -> int:
        self.pid = 0
        return int((await self.nursery.line()).removeprefix("died "))

    async def kill(self) -> None:
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            await self.died()

    async def stop(self) -> int:
        os.kill(self.pid, signal.SIGTERM)
        return await self.died()

    def watch(self) -> None:
        """Whatever Twilio asks from now on finds the bot where it is then; who finds it dead sees it start again."""
        courier = self.playground.twilio._account.stage.courier
        post, one_at_a_time = courier.post, asyncio.Lock()

        async def watched(url: str, body: bytes, headers: Mapping[str, str], **more: Any) -> Delivered:
            if b"CallSid" not in body or "/twilio/" not in url:
                return await post(url, body, headers, **more)
            async with one_at_a_time:
                answer = await post(re.sub(r"^http://[^/]+", self.url, url), body, headers, **more)
                if answer.status == 0:
                    assert await self.died() == -9, answer.body
                    await self._again()
                    return answer
                self.answered += 1
                if self.answered in self.kill_after:
                    await self.kill()
                    await self._again()
            return answer

        courier.post = watched  # type: ignore[method-assign]

    async def _again(self) -> None:
        self.kills += 1
        await self.start(self.crash_again)


@pytest.fixture
async def bot(tmp_path: Path, playground: Playground, nursery: Nursery, empty: Path) -> AsyncIterator[Forked]:
    shutil.copyfile(empty, tmp_path / "standby.db")
    it = Forked(tmp_path, playground)
    it.nursery = nursery
    twilio = playground.twilio
    twilio.receipts = False
    twilio.phones.line().voice_url = INCOMING + AGAIN
    twilio.phones.script(st.ADA_PHONE, UNANSWERED)
    twilio.phones.script(st.GRACE_PHONE, UNANSWERED)
    it.watch()
    yield it
    await it.kill()


# ---------------------------------------------------------------- what is stored
def stored(bot: Forked) -> tuple[list[Ticket], list[Call], bool]:
    """The tickets, the calls, and whether a page looks for somebody."""

    def read(uow: UnitOfWork) -> tuple[list[Ticket], list[Call], bool]:
        tickets = [ticket for _, ticket in uow.tickets.every(0, 10)]
        found = [call for ticket in tickets for call in uow.calls.of(ticket.id)]
        return tickets, found, any(uow.pages.open_of(ticket.id) for ticket in tickets)

    store = open_store(bot.storage or f"sqlite:///{bot.folder / 'standby.db'}", alone=False)
    try:
        return store.transact(read)
    finally:
        store.close()


async def somebody_calls(bot: Forked, person: Person) -> None:
    """And everything that comes of it on the phone."""
    await bot.playground.twilio.phones.call(st.THANDI, person=person)
    await bot.playground.settle()


async def they_have_talked(bot: Forked) -> None:
    """Grace, and nobody else, has the ticket, and the call is told."""
    play = bot.playground
    await play.journal.wait_for(lambda e: "Grace talked to Thandi" in e.text, timeout=15)
    (ticket,), (call,), paging = stored(bot)
    assert (ticket.owner, ticket.severity) == ("grace", "emergency")
    assert ticket.acknowledged is not None and not paging
    assert call.end is End.TALKED
    (talk,) = conversations(play.journal)
    assert (talk.callee, talk.ended is not None) == (st.GRACE_PHONE, True)
    nothing_is_wrong(play)


async def everybody_is_awake(bot: Forked) -> None:
    """The message is in the thread and with Grace, Ada is paged as well, and the page goes on."""
    play = bot.playground
    await play.journal.wait_for(lambda e: _is_page(e) and e.to == st.ADA, timeout=15)
    await play.journal.wait_for(
        lambda e: _is_page(e) and e.to == st.GRACE and "They left a message" in e.text, timeout=15
    )
    await play.journal.wait_for(lambda e: "Thandi has left a message (20 seconds)" in e.text, timeout=15)
    (ticket,), (call,), paging = stored(bot)
    assert ticket.severity == "emergency" and paging
    assert call.end is End.MESSAGE and call.recording
    assert conversations(play.journal) == []
    nothing_is_wrong(play)


def _is_page(e: Entry) -> bool:
    return e.kind == "dm" and "Emergency MIT-1001" in e.text


def nothing_is_wrong(play: Playground) -> None:
    """Of what may have been sent when it died, it is said that it is a repeat."""
    assert most_at_once(play.journal) <= 1
    assert [e for e in play.journal if e.kind == "twiml_error" and e.id != "11200"] == []
    said = [e.text for e in play.journal.entries("slack", "message") if "possible repeat" not in e.text]
    assert sum("is on the emergency line" in text for text in said) <= 1
    assert sum("has left a message" in text for text in said) <= 1


# ---------------------------------------------------------------- killed, and asked again
TALK, MESSAGE = 7, 10
"""Requests of a call that Grace takes (Ada's phone rings in vain first), and of one that nobody takes."""


async def test_killed_after_each_request_of_a_call_that_is_taken(bot: Forked) -> None:
    bot.playground.twilio.phones.script(st.GRACE_PHONE, answers("1"))
    await bot.start()
    bot.kill_after = frozenset(range(1, TALK + 1))
    await somebody_calls(bot, TALKS)
    assert (bot.answered, bot.kills) == (TALK, TALK)
    await they_have_talked(bot)


async def test_killed_after_each_request_of_a_call_that_nobody_takes(bot: Forked) -> None:
    await bot.start()
    bot.kill_after = frozenset(range(1, MESSAGE + 1))
    await somebody_calls(bot, LEAVES_MESSAGE)
    assert (bot.answered, bot.kills) == (MESSAGE, MESSAGE)
    await everybody_is_awake(bot)


@pytest.mark.parametrize("point", ["in.before_commit", "in.after_commit"])
async def test_killed_inside_each_request_of_a_call_that_is_taken(bot: Forked, point: str) -> None:
    """Started again, it is asked once more, and dies in the next request."""
    bot.playground.twilio.phones.script(st.GRACE_PHONE, answers("1"))
    await bot.start(f"{point}:1")
    bot.crash_again = f"{point}:2"
    await somebody_calls(bot, TALKS)
    assert (bot.answered, bot.kills) == (TALK, TALK)
    await they_have_talked(bot)


@pytest.mark.parametrize("point", ["in.before_commit", "in.after_commit"])
async def test_killed_inside_each_request_of_a_call_that_nobody_takes(bot: Forked, point: str) -> None:
    await bot.start(f"{point}:1")
    bot.crash_again = f"{point}:2"
    await somebody_calls(bot, LEAVES_MESSAGE)
    assert (bot.answered, bot.kills) == (MESSAGE, MESSAGE)
    await everybody_is_awake(bot)


# ---------------------------------------------------------------- killed, and not asked again
class Bins:
    """The vendor's host of the fallback's documents."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.server = Served(
            Starlette(routes=[Route("/{name}", self._document, methods=["POST"])]), "127.0.0.1", 0
        )

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.server.port}/{name}"

    async def _document(self, request: Request) -> Response:
        name = request.path_params["name"]
        self.asked.append(name)
        numbers = (st.ADA_PHONE, st.GRACE_PHONE)
        documents = {
            "line": fallback(numbers, "en", "", st.VOICE, self.url("screen"), self.url("accept")),
            "screen": screen("en", "", self.url("accept")),
            "accept": accept(),
        }
        return Response(documents[name], media_type="text/xml")


@pytest.fixture
async def bins(bot: Forked) -> AsyncIterator[Bins]:
    """Twilio asks nothing twice, and the number has its fallback."""
    it = Bins()
    await it.server.start()
    twilio = bot.playground.twilio
    twilio.retries = 0
    twilio.phones.line().fallback = it.url("line")
    yield it
    await it.server.stop()


async def it_is_looked_after(bot: Forked) -> None:
    """Somebody has the ticket, or a page looks for somebody."""
    (ticket,), (call,), paging = stored(bot)
    assert ticket.severity == "emergency"
    assert ticket.acknowledged is not None or paging
    assert call.ended is not None
    nothing_is_wrong(bot.playground)


UNKNOWN = pytest.mark.xfail(
    strict=True,
    reason="on_report() knows no call whose first request was lost: no ticket, and nobody is paged",
)
LOST = [
    pytest.param("in.before_commit:1", marks=UNKNOWN),
    *(f"in.before_commit:{n}" for n in range(2, TALK)),
    *(f"in.after_commit:{n}" for n in range(1, TALK + 1)),
]
"""Whose answer, or who altogether, is lost for good. (The very last request, lost, is found by the chore of a dead line.)"""


@pytest.mark.parametrize("point", LOST)
async def test_the_fallback_takes_over(bot: Forked, bins: Bins, point: str) -> None:
    """The caller talks to Grace, with or without us, and afterwards we know that they called."""
    bot.playground.twilio.phones.script(st.GRACE_PHONE, answers("1"))
    await bot.start(point)
    await somebody_calls(bot, TALKS)
    assert bot.kills == 1
    talks = conversations(bot.playground.journal)
    assert [talk.callee for talk in talks] == [st.GRACE_PHONE]
    await it_is_looked_after(bot)


@pytest.mark.parametrize("point", ["in.after_commit:1", "in.before_commit:2", "in.before_commit:7"])
async def test_the_fallback_takes_a_message(bot: Forked, bins: Bins, point: str) -> None:
    """Nobody takes the call: the vendor keeps the message, and somebody is paged to call back."""
    await bot.start(point)
    await somebody_calls(bot, LEAVES_MESSAGE)
    assert bot.kills == 1 and bins.asked[-1] == "accept"
    assert [e.text for e in bot.playground.journal.entries("twilio", "recorded")][-1] == WORDS
    await it_is_looked_after(bot)
    await bot.playground.journal.wait_for(lambda e: _is_page(e) and e.to == st.ADA, timeout=15)
