"""Somebody calls, and the process is killed (kill -9) between any two requests of the call and inside each of them.

It starts again, and the call goes on from what was stored: Twilio asks again, as our URLs have it; or, where it does not,
the number's fallback answers. In every case there is one ticket and one engineer on the line, and the page goes on until
somebody has it.
"""

from __future__ import annotations

import dataclasses

import pytest

from bot.app.rows import UnitOfWork
from bot.demo import stage as st
from bot.domain.events import Called
from bot.domain.hotline import Call, End
from bot.domain.ticket import Ticket
from playground import Playground
from playground.journal import Entry
from playground.twilio.conversations import conversations, most_at_once
from playground.twilio.people import Person, answers, calls, leaves_message
from storage.engine import open_store
from storage.schema import upgrade
from tests.contract.postgres import postgres_server, postgres_url
from tests.smoke.killed import Bins, Forked, bins, bot, empty, nursery, playground

__all__ = ["bins", "bot", "empty", "nursery", "playground", "postgres_server", "postgres_url"]

WORDS = "The server room is under water"
TALKS = calls("2", talks=30)
LEAVES_MESSAGE = leaves_message(20, WORDS, "2", ends="#")


# ---------------------------------------------------------------- what is stored
@dataclasses.dataclass(frozen=True, kw_only=True)
class Stored:
    """`paging`: a page looks for somebody. `told` is what the ticket's log has of the call, in order."""

    ticket: Ticket
    call: Call
    paging: bool
    told: list[str]


def stored(bot: Forked) -> Stored:
    """Of the one ticket and the one call that there are."""

    def read(uow: UnitOfWork) -> Stored:
        ((_, ticket),) = uow.tickets.every(0, 10)
        (call,) = uow.calls.of(ticket.id)
        told = [found.event.what for found in uow.log.of(ticket.id) if isinstance(found.event, Called)]
        return Stored(ticket=ticket, call=call, paging=uow.pages.open_of(ticket.id) is not None, told=told)

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
    it = stored(bot)
    assert (it.ticket.owner, it.ticket.severity) == ("grace", "emergency")
    assert it.ticket.acknowledged is not None and not it.paging
    assert it.call.end is End.TALKED
    assert it.told[:4] == ["came", "rang", "rang", "connected"]
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
    it = stored(bot)
    assert it.ticket.severity == "emergency" and it.paging
    assert it.call.end is End.MESSAGE and it.call.recording
    assert it.told == ["came", *["rang"] * 4, "message"]
    assert conversations(play.journal) == []
    nothing_is_wrong(play)


def _is_page(e: Entry) -> bool:
    return e.kind == "dm" and "Emergency MIT-1001" in e.text


def nothing_is_wrong(play: Playground) -> None:
    assert most_at_once(play.journal) <= 1
    assert [e for e in play.journal if e.kind == "twiml_error" and e.id != "11200"] == []


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


async def test_killed_inside_requests_on_postgresql(bot: Forked, postgres_url: str) -> None:
    """While Grace presses 1: the first time before it is stored, the second time after."""
    upgrade(postgres_url)
    bot.storage = postgres_url
    bot.playground.twilio.phones.script(st.GRACE_PHONE, answers("1"))
    await bot.start("in.before_commit:5")
    bot.crash_again = "in.after_commit:1"
    bot.lives_from = 2
    await somebody_calls(bot, TALKS)
    assert (bot.answered, bot.kills) == (TALK, 2)
    await they_have_talked(bot)


# ---------------------------------------------------------------- killed, and not asked again


async def it_is_looked_after(bot: Forked) -> None:
    """Somebody has the ticket, or a page looks for somebody."""
    it = stored(bot)
    assert it.ticket.severity == "emergency"
    assert it.ticket.acknowledged is not None or it.paging
    assert it.call.ended is not None
    nothing_is_wrong(bot.playground)


LOST = [
    *(f"in.before_commit:{n}" for n in range(1, TALK)),
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
