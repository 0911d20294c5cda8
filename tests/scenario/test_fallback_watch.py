"""What the vendor has for when Standby is down is looked at once a day; the desk hears once what is wrong with it."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
from collections.abc import Iterator

import pytest

from bot.app import chores
from bot.app.context import Context
from bot.app.fallback_check import Hosted
from bot.app.fallback_watch import FallbackWatch
from bot.app.rows import StorageError, UnitOfWork
from bot.domain.people import Directory
from channels.twilio import fallback as twiml
from channels.twilio.settings import TwilioSettings
from tests.fakes.bins import ACCOUNT, TOKEN, Bins, serving
from tests.fakes.world import MONDAY_NOON, World
from tests.scenario.test_fallback_numbers import ADA, ADA_TOO, GRACE, LIN, engineer, house

OURS = "+14155550102"
SCREEN = "https://handler.example.com/twiml/EHscreen"
RUN = " Run standby doctor --voice-fallback and paste the new document."
WRONG_TURN = (
    "⚠️ If Standby is down, the emergency line calls the wrong phones first: it is the turn of Ada." + RUN
)
RIGHT = "✅ If Standby is down, the emergency line calls the right phones again."


class Night:
    """A world, the vendor's host and the watch between them."""

    def __init__(self, bins: Bins, people: Directory | None = None) -> None:
        self.bins, self.world = bins, World(people=people or house())
        self.hosts(ADA, ADA_TOO, GRACE)
        self.watch = self.restarted()

    def restarted(self, path: str = "line") -> FallbackWatch:
        settings = TwilioSettings.model_validate(
            {
                "account_sid": ACCOUNT,
                "auth_token": TOKEN,
                "voice_fallback_url": self.bins.url(path),
                "voice_screen_url": SCREEN,
            }
        )
        read, screen_url = twiml.watched(settings)
        self.watch = FallbackWatch(
            read=read,
            screen_url=screen_url,
            setup=self.world.setup,
            run=self.world.run,
            clock=self.world.clock,
            wake=lambda: None,
            log=self.world._log,
        )
        return self.watch

    def hosts(self, *numbers: str, screen: str = SCREEN) -> None:
        self.bins.documents["line"] = twiml.fallback(numbers, "en", "", OURS, screen)

    async def looks(self, **later: float) -> tuple[list[str], dt.timedelta]:
        """After a while, a look: what the desk hears, and how long to the next."""
        self.world.clock.at += dt.timedelta(**later)
        due = await self.watch.once()
        await self.world.settle()
        sent = self.world.channels["slack"].sent
        said = [one.text for one in sent]
        sent.clear()
        assert due is not None
        return said, due - self.world.clock.at


@pytest.fixture
def bins() -> Iterator[Bins]:
    with serving() as it:
        yield it


DAY, HOUR, SOON = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=10)


async def test_what_is_right_is_not_told(bins: Bins) -> None:
    night = Night(bins)
    assert await night.looks() == ([], DAY)
    night.hosts(ADA_TOO, ADA)
    assert await night.looks(days=1) == ([], DAY)


async def test_what_is_wrong_is_told_once_and_again_when_it_is_right(bins: Bins) -> None:
    night = Night(bins)
    night.hosts(GRACE, ADA, ADA_TOO)
    assert await night.looks() == ([WRONG_TURN], HOUR)
    assert await night.looks(hours=1) == ([], HOUR)
    night.restarted()
    assert await night.looks(days=1) == ([], HOUR)
    night.hosts(ADA, ADA_TOO, GRACE, LIN)
    assert await night.looks(hours=1) == ([RIGHT], DAY)
    assert await night.looks(days=1) == ([], DAY)


async def test_each_thing_that_can_be_wrong(bins: Bins) -> None:
    night = Night(bins)
    night.hosts(ADA, ADA_TOO, "+27115557777")
    stranger = "⚠️ If Standby is down, the emergency line calls +27115557777, which is nobody's phone here."
    assert (await night.looks())[0] == [stranger + RUN]
    night.hosts()
    assert (await night.looks())[0] == ["⚠️ If Standby is down, the emergency line calls nobody." + RUN]
    night.hosts(ADA, ADA_TOO, screen="https://handler.example.com/twiml/EHother")
    (voicemail,) = (await night.looks())[0]
    assert voicemail.startswith("⚠️ If Standby is down, a voicemail could take a call to the emergency line")
    night.hosts(GRACE, "+27115557777", screen="")
    assert (await night.looks())[0] == [stranger + RUN]
    night.hosts(GRACE)
    assert (await night.looks())[0] == [WRONG_TURN]


async def test_what_cannot_be_read_is_told_at_the_second_time(bins: Bins) -> None:
    night = Night(bins)
    bins.status = 500
    assert await night.looks() == ([], SOON)
    (said,), again = await night.looks(minutes=10)
    assert said.endswith("its server answers 500. Run standby doctor.") and again == SOON
    assert await night.looks(minutes=10) == ([], SOON)
    bins.status = 200
    assert await night.looks(minutes=10) == ([RIGHT], DAY)
    bins.status = 500
    assert await night.looks(days=1) == ([], SOON)
    bins.status = 200
    assert await night.looks(minutes=10) == ([], DAY)


async def test_a_document_that_no_call_can_follow(bins: Bins) -> None:
    night = Night(bins)
    bins.documents["line"] = "<html>Sign in</html>"
    await night.looks()
    (said,), _ = await night.looks(minutes=10)
    assert said.startswith("⚠️ What answers the emergency line if Standby is down is no document")


async def test_whoever_is_on_call_now_is_meant_each_time(bins: Bins) -> None:
    night = Night(bins)
    assert await night.looks() == ([], DAY)
    people = (*(p for p in house().people if p.id != "ada"), engineer("ada", "+27115550021"))
    setup = dataclasses.replace(night.world.setup, directory=house(people=people))
    night.watch.setup = setup
    (said,), _ = await night.looks()
    assert said.startswith(
        f"⚠️ If Standby is down, the emergency line calls {ADA}, {ADA_TOO}, which is nobody's"
    )


async def test_a_reload_has_it_looked_at_at_once(bins: Bins) -> None:
    night, asked = Night(bins), asyncio.Event()
    read = night.watch._read
    assert read is not None

    async def reading() -> Hosted:
        asked.set()
        return await read()

    night.watch._read = reading
    task = asyncio.create_task(night.watch.forever())
    try:
        async with asyncio.timeout(10):
            await asked.wait()
            asked.clear()
            night.watch.setup = night.world.setup
            await asked.wait()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_without_a_document_there_is_nothing_to_look_at(bins: Bins) -> None:
    night = Night(bins)
    night.watch._read = None
    assert await night.watch.once() is None
    assert bins.asked == 0


async def test_what_was_told_outlives_the_day(bins: Bins) -> None:
    """The row is a chore: planning and doing the chores neither drop it nor forget what it says."""
    night = Night(bins)
    night.hosts(GRACE)
    assert (await night.looks())[0] == [WRONG_TURN]
    world = night.world

    def context(uow: UnitOfWork) -> Context:
        return Context(uow=uow, now=world.clock.at, setup=world.setup)

    world.clock.at = MONDAY_NOON + dt.timedelta(days=1, minutes=1)
    await chores.plan_all(world.run, context, world._log)
    while await chores.one(world.run, context, world._log):
        pass
    assert (await night.looks())[0].count(WRONG_TURN) == 0


async def test_a_database_that_refuses_puts_it_off(bins: Bins, monkeypatch: pytest.MonkeyPatch) -> None:
    night = Night(bins)

    async def refusing(_: object) -> bool:
        raise StorageError("the disk is full")

    monkeypatch.setattr(night.watch, "_run", refusing)
    assert await night.looks() == ([], SOON)
    assert night.world.logged[-1][0] == "fallback_not_looked_at"
