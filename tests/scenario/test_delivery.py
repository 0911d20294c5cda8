"""Sending: what is temporary is tried again, what is final is said, what is unknown is repeated and marked."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.app import delivery
from bot.app.ports import NeedsTemplate, OutcomeUnknown, Permanent, Temporary
from bot.domain import notices as no
from tests.builders import ADA, ADA_PHONE, DESK, GRACE_PHONE, THANDI
from tests.fakes.world import World


async def test_a_rate_limit_is_waited_out_for_as_long_as_the_vendor_says() -> None:
    world = World()
    world.channels["whatsapp"].fail = [Temporary("429", retry_after=7)]
    await world.says(THANDI, "The printer is slow")
    assert world.texts("whatsapp") == []
    await world.passes(seconds=6)
    assert world.texts("whatsapp") == []
    await world.passes(seconds=2)
    assert len(world.texts("whatsapp")) == 1


async def test_order_within_a_conversation_survives_a_failure() -> None:
    world = World()
    await world.says(THANDI, "The printer is slow")
    world.look_away()
    world.channels["whatsapp"].fail = [Temporary("503")]
    await world.says(ADA, "first", via="slack", place=DESK, thread=world.thread())
    await world.says(ADA, "second", via="slack", place=DESK, thread=world.thread())
    assert [t for t in world.texts("whatsapp") if "first" in t or "second" in t] == []
    await world.passes(seconds=10)
    said = [t for t in world.texts("whatsapp") if "first" in t or "second" in t]
    assert ["first" in said[0], "second" in said[1]] == [True, True]


async def test_an_unknown_outcome_of_a_page_is_repeated_at_once_and_marked() -> None:
    world = World()
    world.channels["sms"].fail = [OutcomeUnknown("read timeout")]
    await world.says(THANDI, "urgent everything is down")
    (page,) = world.seen("sms", ADA_PHONE)
    assert page.again


@pytest.mark.parametrize("way", ["refused", "undelivered"])
async def test_a_page_that_can_not_be_delivered_is_said_and_the_next_step_starts_when_all_failed(
    way: str,
) -> None:
    world = World()
    if way == "refused":
        world.channels["sms"].fail = [Permanent("21610 opted out")]
        await world.says(THANDI, "urgent everything is down")
    else:
        await world.says(THANDI, "urgent everything is down")
        (sms,) = world.seen("sms", ADA_PHONE)
        await world.receipt("sms", sms.token, "failed", code="30005", error="unknown number")
    assert any(s.text == "⚠️ SMS to Ada failed." for s in world.seen("slack", DESK))
    assert world.texts("sms", GRACE_PHONE) == []


async def test_every_attempt_failed_so_the_next_step_starts_at_once() -> None:
    world = World()
    world.channels["sms"].broken = {ADA_PHONE}
    world.channels["slack"].broken = {ADA}
    world.channels["telegram"].broken = {"10001"}
    await world.says(THANDI, "urgent everything is down")
    assert world.seen("sms", GRACE_PHONE), "Grace is paged at once, not when Ada's five minutes are over"


async def test_a_failed_way_starts_the_next_way_of_that_person_at_once() -> None:
    world = World()
    world.channels["sms"].broken = {ADA_PHONE}
    world.channels["slack"].broken = {ADA}
    await world.says(THANDI, "urgent everything is down")
    assert [s.place for s in world.seen("telegram")] == ["10001"]
    assert world.seen("sms", GRACE_PHONE) == []


async def test_no_more_than_three_tries_when_nobody_knows_what_became_of_it() -> None:
    world = World()
    await world.says(THANDI, "The printer is slow")
    world.look_away()
    world.channels["whatsapp"].fail = [OutcomeUnknown("odd answer")] * 50
    await world.says(ADA, "Hello", via="slack", place=DESK, thread=world.thread())
    await world.passes(hours=2)
    assert len(world.channels["whatsapp"].fail) >= 46
    assert any("Not delivered to the customer" in s.text for s in world.seen("slack", DESK))


async def test_what_can_not_be_put_into_words_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    await world.says(THANDI, "The printer is slow")
    world.look_away()
    real, broken = delivery.words, [True]

    def words(notice: object, speech: object, name_of: object) -> object:
        if isinstance(notice, no.Answer) and broken:
            broken.pop()
            raise KeyError("a bad placeholder")
        return real(notice, speech, name_of)  # type: ignore[arg-type]

    monkeypatch.setattr(delivery, "words", words)
    await world.says(ADA, "first", via="slack", place=DESK, thread=world.thread())
    await world.says(ADA, "second", via="slack", place=DESK, thread=world.thread())
    assert any("second" in t for t in world.texts("whatsapp"))
    assert any("Not delivered" in s.text for s in world.seen("slack", DESK))


async def test_outside_the_window_the_template_is_used() -> None:
    world = World()
    await world.says(THANDI, "The printer is slow")
    await world.passes(hours=25)
    world.look_away()
    await world.says(ADA, "It is fixed now", via="slack", place=DESK, thread=world.thread())
    assert [s.templated for s in world.seen("whatsapp") if "fixed" in s.text] == [True]


@pytest.mark.parametrize("when", ["at once", "afterwards"])
async def test_63016_switches_to_the_template(when: str) -> None:
    world = World()
    await world.says(THANDI, "The printer is slow")
    world.look_away()
    if when == "at once":
        world.channels["whatsapp"].fail = [NeedsTemplate("63016")]
    await world.fills(ADA, "need", ticket="MIT-1001", text="A photo, please")
    if when == "afterwards":
        (first,) = world.seen("whatsapp")
        assert not first.templated
        await world.receipt("whatsapp", first.token, "failed", code="63016", switch=True)
    (last,) = world.seen("whatsapp")
    assert last.templated and "A photo, please" in last.text


async def test_what_the_customer_did_not_get_is_said_in_the_thread_and_marked() -> None:
    world = World()
    await world.says(THANDI, "The printer is slow")
    world.look_away()
    world.channels["whatsapp"].fail = [Permanent("63024 no such recipient")]
    said = await world.says(ADA, "Hello?", via="slack", place=DESK, thread=world.thread())
    assert any("Not delivered to the customer" in s.text for s in world.seen("slack", DESK))
    assert (said, "failed") in world.channels["slack"].marks


async def test_receipts_in_any_order_never_bring_a_row_down() -> None:
    world = World()
    await world.says(THANDI, "The printer is slow")
    (asked,) = world.seen("whatsapp")
    await world.receipt("whatsapp", asked.token, "delivered")
    await world.receipt("whatsapp", asked.token, "failed", code="30008", retry=True)
    await world.passes(minutes=10)
    assert [t for t in world.texts("whatsapp") if "How urgent" in t] == []


async def test_a_long_reply_is_cut_into_pieces_and_nothing_is_lost() -> None:
    world = World()
    await world.says(THANDI, "The printer is slow")
    world.look_away()
    words = " ".join(f"word{n}" for n in range(700))
    await world.says(ADA, words, via="slack", place=DESK, thread=world.thread())
    pieces = [s.text.partition(": ")[2] for s in world.seen("whatsapp", THANDI) if "word" in s.text]
    assert len(pieces) > 2 and all(len(p) <= 1500 for p in pieces)
    assert " ".join(pieces).split() == words.split()


async def test_an_acknowledgement_cancels_what_is_still_to_come() -> None:
    world = World()
    world.channels["sms"].fail = [Temporary("503")] * 3
    await world.says(THANDI, "urgent everything is down")
    await world.commands(ADA, "ack MIT-1001")
    world.look_away()
    await world.passes(minutes=10)
    assert [s.text for s in world.seen("sms") if "ACK" in s.text] == []


async def test_a_card_is_edited_only_when_it_looks_different() -> None:
    world = World()
    await world.says(THANDI, "urgent everything is down")
    await world.commands(ADA, "ack")
    edits = world.channels["slack"].edits
    await world.passes(minutes=50)
    assert 8 <= world.channels["slack"].edits - edits <= 12, "every five minutes of the hour"
    assert world.card().clock == "10 min left, answer by 13:00"
    assert world.clock.at - (await world.ticket()).opened == dt.timedelta(minutes=50)
