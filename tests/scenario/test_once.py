"""Whatever comes five times has one effect; what fails is kept, tried again, and in the end put aside loudly."""

from __future__ import annotations

import pytest

from bot.app import bus, intake, pages
from bot.app.context import Context
from bot.app.inbound import MessageIn
from bot.app.ports import Overloaded
from bot.app.rows import StorageError
from bot.domain.ticket import Ticket
from tests.builders import ADA, DESK, GRACE_PHONE, THANDI
from tests.fakes.world import World


async def test_a_message_five_times_is_one_ticket() -> None:
    world = World()
    for _ in range(5):
        await world.says(THANDI, "The mail server is down", id="SM1")
    await world.passes(hours=2)
    await world.says(THANDI, "The mail server is down", id="SM1")
    assert len(world.channels["slack"].cards) == 1
    assert len([s for s in world.channels["whatsapp"].sent if "is open" in s.text]) == 1


async def test_a_reply_five_times_reaches_the_customer_once() -> None:
    world = World()
    await world.says(THANDI, "The printer is slow")
    world.seen("whatsapp")
    for _ in range(5):
        await world.says(ADA, "Try again now", via="slack", place=DESK, thread=world.thread(), id="Ev1")
    assert len([t for t in world.texts("whatsapp") if "Try again now" in t]) == 1


async def test_a_handler_that_fails_keeps_the_message_and_tries_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World()
    broken = [True]

    def sometimes(ctx: object, m: MessageIn) -> object:
        if broken[0]:
            raise ValueError("a bug")
        return intake.on_message(ctx, m)  # type: ignore[arg-type]

    monkeypatch.setitem(bus.ROUTES, MessageIn, sometimes)
    await world.says(THANDI, "The mail server is down", id="SM1")
    assert world.channels["slack"].cards == {}
    broken[0] = False
    await world.passes(seconds=30)
    assert world.card().words == "The mail server is down"
    await world.says(THANDI, "The mail server is down", id="SM1")
    assert len(world.channels["slack"].cards) == 1


async def test_what_never_works_is_put_aside_and_the_team_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()

    def never(ctx: object, m: MessageIn) -> object:
        raise ValueError("a bug")

    monkeypatch.setitem(bus.ROUTES, MessageIn, never)
    await world.says(THANDI, "Everything is down", id="SM1", name="Thandi")
    await world.passes(hours=1)
    assert world.card().words == "Everything is down", "its words are a ticket"
    assert world.seen("sms"), "and an emergency is one, handled or not"


async def test_what_can_not_even_become_a_ticket_is_said_at_the_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()

    def never(ctx: object, m: object) -> object:
        raise ValueError("a bug")

    monkeypatch.setitem(bus.ROUTES, MessageIn, never)
    monkeypatch.setattr(intake, "open_bare", never)
    await world.says(THANDI, "Secret words", id="SM1", name="Thandi")
    await world.passes(hours=1)
    (told,) = world.seen("slack", DESK)
    assert "put aside" in told.text and "Secret" not in told.text


async def test_a_timer_that_fails_stands_in_nobodys_way(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    await world.says(THANDI, "urgent everything is down")
    await world.says("+27115550200", "urgent our shop is down")
    real = pages.on_timer

    def odd(ctx: Context, ticket: Ticket) -> None:
        if ticket.id == "MIT-1001":
            raise LookupError("no person 'ghost'")
        real(ctx, ticket)

    monkeypatch.setattr(pages, "on_timer", odd)
    world.look_away()
    await world.passes(minutes=6)
    assert any("MIT-1002" in s.text for s in world.seen("sms", GRACE_PHONE))
    monkeypatch.setattr(pages, "on_timer", real)
    await world.passes(minutes=1)
    assert any("MIT-1001" in s.text for s in world.seen("sms", GRACE_PHONE)), "and it is asked again"


async def test_a_database_that_says_no_is_answered_with_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()

    def full(work: object) -> object:
        raise StorageError("disk full")

    monkeypatch.setattr(world.store, "transact", full)
    with pytest.raises(Overloaded):
        await world.bus.receive(_message(world))


async def test_no_more_than_the_limit_at_once() -> None:
    world = World()
    world.bus.limit = 0
    with pytest.raises(Overloaded):
        await world.bus.receive(_message(world))


def _message(world: World) -> MessageIn:
    from bot.app.inbound import Sender
    from bot.domain.ids import Address, ChannelName

    sms = ChannelName("sms")
    return MessageIn(
        channel=sms,
        external_id="1",
        sender=Sender(id=THANDI),
        address=Address(channel=sms, place=THANDI),
        text="hi",
    )
