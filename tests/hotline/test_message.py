"""Nobody took the call: the caller leaves a message, and everybody is paged with it."""

from __future__ import annotations

import dataclasses

from bot.app.inbound import CallIn, Sender
from bot.domain.hotline import End, Heard
from bot.domain.ids import TicketId
from bot.domain.script import HangUp, Record
from tests import builders as b
from tests.fakes.phones import Caller
from tests.fakes.world import Sent, World, tap
from tests.hotline.nights import HIDDEN, STRANGER, SUNDAY_NIGHT, company, nobody_has_a_phone

LINK = "https://standby.example/twilio/voice/recording/RE1?key="
MOBILE = "+27825550100"


def world_with_links(**changes: object) -> World:
    """As it runs: links begin with where the bot can be reached."""
    found = company()
    thandi = b.contact("thandi", "Thandi", MOBILE)
    fields = {"contacts": (thandi, found.contacts[1])} | changes
    world = World(at=SUNDAY_NIGHT, people=company(**fields))
    world.setup = dataclasses.replace(world.setup, public_url="https://standby.example")
    for reader in (world.bus, *world.lanes):
        reader.setup = world.setup
    return world


async def asked_for_a_message(world: World | None = None, number: str = MOBILE) -> Caller:
    caller = Caller(world or world_with_links(), number)
    await caller.calls()
    await caller.presses("2")
    if not number:
        await caller.presses("0115550177")
    while caller.ringing:
        await caller.no_answer()
    caller.world.look_away()
    return caller


def pages(sent: list[Sent]) -> list[Sent]:
    return [s for s in sent if s.place != b.DESK and s.text.startswith(("🚨", "🔴"))]


async def record_row(caller: Caller, *, gone: bool, seconds: int, recording: str) -> None:
    """The end of the recording as the vendor tells it, from a caller who may be gone."""
    assert caller.script is not None
    await caller._happens(Heard.RECORDED, seconds=seconds, recording=recording, gone=gone)


async def test_what_the_caller_hears() -> None:
    caller = await asked_for_a_message()
    assert caller.script is not None
    assert caller.script.say == (
        "Sorry, nobody has answered yet.",
        "We are going to wake everybody.",
        "After the tone, please say what has happened and where we can reach you.",
        "Press the hash key when you are done.",
    )
    assert caller.script.verb == Record(seconds=120, transcribe=True)
    await caller.speaks(20)
    assert caller.text == (
        "Thank you. Everybody is being called now, and somebody will call you back. "
        "Your reference is M I T, 1 0 0 1. Goodbye."
    )
    assert isinstance(caller.script.verb, HangUp)


async def test_the_thread_has_the_link_and_the_button() -> None:
    caller = await asked_for_a_message()
    await caller.speaks(20)
    line = caller.world.seen("slack", b.DESK)[0]
    assert line.text.startswith(f"☎️ Thandi has left a message (20 seconds): {LINK}")
    assert line.choices == ("callback|MIT-1001|", "talked|MIT-1001|")


async def test_everybody_is_paged_exactly_once_by_each_way_with_the_link_and_the_button() -> None:
    caller = await asked_for_a_message()
    await caller.speaks(20)
    await caller.reports("recording", recording="RE1", seconds=20)
    await caller.reports("over")
    world = caller.world
    slack, sms = pages(world.seen("slack")), pages(world.seen("sms"))
    assert sorted(s.place for s in slack) == sorted([b.ADA, b.GRACE, b.LIN])
    assert sorted(s.place for s in sms) == sorted([b.ADA_PHONE, b.GRACE_PHONE])
    for page in (*slack, *sms):
        assert f"🎧 They left a message: {LINK}" in page.text
        assert "callback|MIT-1001|" in page.choices


async def test_the_phones_ring_within_a_minute_and_key_3_puts_them_through() -> None:
    caller = await asked_for_a_message()
    await caller.speaks(20)
    await caller.world.passes(minutes=2)
    calls = caller.world.seen("call")
    assert [c.place for c in calls] == [b.ADA_PHONE, b.GRACE_PHONE]
    assert all(c.keys == ("1", "2", "3") for c in calls)


async def test_the_customer_never_gets_the_link() -> None:
    caller = await asked_for_a_message()
    await caller.speaks(20)
    await caller.reports("transcript", text="The server room is under water")
    await caller.world.passes(hours=1)
    await caller.world.taps(b.ADA, tap("ack"), via="slack", place=b.ADA)
    sent = [s for channel in caller.world.channels.values() for s in channel.sent if s.place == MOBILE]
    assert sent and not [s for s in sent if "recording" in s.text or "standby.example" in s.text]
    assert "recording" not in " ".join(caller.heard)


async def test_one_acknowledgement_ends_it_for_all() -> None:
    caller = await asked_for_a_message()
    await caller.speaks(20)
    await caller.world.taps(b.LIN, tap("ack"), via="slack", place=b.LIN)
    caller.world.look_away()
    await caller.world.passes(minutes=15)
    assert caller.world.seen("call") == [] and (await caller.world.ticket()).owner == "lin"


async def test_nothing_was_said() -> None:
    caller = await asked_for_a_message()
    await caller.speaks(0)
    assert (await caller.stored()).end is End.MESSAGE
    lines = caller.world.texts("slack", b.DESK)
    assert lines[0] == "☎️ Thandi has left no message. Call them back, please."
    assert [s.place for s in pages(caller.world.channels["sms"].sent)].count(b.GRACE_PHONE) == 1


async def test_nobody_is_thanked_for_nothing() -> None:
    caller = await asked_for_a_message()
    await caller.speaks(0)
    assert not caller.text.startswith("Thank you.")


async def test_hung_up_over_it_with_something_said() -> None:
    """The vendor tells the end of the recording, of a call that is over."""
    caller = await asked_for_a_message()
    await record_row(caller, gone=True, seconds=15, recording="RE1")
    await caller.reports("over")
    world = caller.world
    call = await caller.stored()
    assert (call.end, call.recording, call.seconds) == (End.MESSAGE, "RE1", 15)
    lines = [s.text for s in world.seen("slack", b.DESK)]
    assert [line for line in lines if "message" in line] == [lines[0]] and LINK in lines[0]
    assert [s.place for s in pages(world.seen("sms"))] == [b.ADA_PHONE, b.GRACE_PHONE]


async def test_hung_up_over_it_without_a_word() -> None:
    caller = await asked_for_a_message()
    await caller.hangs_up()
    lines = caller.world.texts("slack", b.DESK)
    assert lines[0] == "☎️ Thandi has hung up. Call them back, please."
    assert [s.place for s in pages(caller.world.seen("sms"))] == [b.ADA_PHONE, b.GRACE_PHONE]


async def test_the_recording_comes_only_afterwards() -> None:
    """They hung up over it, and the vendor tells of the recording later: the thread has it, nobody is paged anew."""
    caller = await asked_for_a_message()
    await caller.hangs_up()
    caller.world.look_away()
    await caller.reports("recording", recording="RE1", seconds=15)
    (line,) = caller.world.seen("slack", b.DESK)
    assert line.text.startswith(f"☎️ Thandi has left a message (15 seconds): {LINK}")
    assert pages(caller.world.seen("sms")) == []


async def test_and_whoever_is_paged_from_then_on_is_given_the_link() -> None:
    caller = await asked_for_a_message()
    await caller.hangs_up()
    caller.world.look_away()
    await caller.reports("recording", recording="RE1", seconds=15)
    await caller.world.passes(minutes=4)
    again = pages(caller.world.seen("slack", b.LIN))
    assert again and all(LINK in page.text for page in again)


async def test_the_recording_is_told_of_twice() -> None:
    caller = await asked_for_a_message()
    await caller.speaks(20)
    caller.world.look_away()
    await caller.reports("recording", recording="RE1", seconds=20)
    assert caller.world.seen("slack", b.DESK) == []


async def test_a_recording_of_no_length_is_none() -> None:
    caller = await asked_for_a_message()
    await caller.hangs_up()
    caller.world.look_away()
    await caller.reports("recording", recording="RE1", seconds=0)
    assert caller.world.seen("slack", b.DESK) == []


async def test_the_transcript_is_the_customers_words() -> None:
    caller = await asked_for_a_message()
    await caller.speaks(20)
    caller.world.look_away()
    await caller.reports("transcript", text=" The server room is under water ")
    assert caller.world.texts("slack", b.DESK) == ["Thandi: The server room is under water"]
    assert (await caller.world.ticket()).said == "The server room is under water"
    await caller.world.passes(minutes=6)
    calls = caller.world.seen("call")
    assert "The server room is under water." in calls[-1].spoken


async def test_a_transcript_without_a_word_says_nothing() -> None:
    caller = await asked_for_a_message()
    await caller.speaks(20)
    caller.world.look_away()
    await caller.reports("transcript", text="  ")
    assert caller.world.seen("slack", b.DESK) == []


async def test_a_transcript_is_not_taken_for_an_answer_to_a_question() -> None:
    caller = await asked_for_a_message()
    await caller.speaks(20)
    await caller.reports("transcript", text="No.")
    ticket = await caller.world.ticket()
    assert ticket.severity == "emergency" and ticket.status.is_open


async def test_only_english_is_written_down() -> None:
    """The vendor writes down no other language."""
    acme = dataclasses.replace(company().organisations[0], language="pl")
    caller = await asked_for_a_message(world_with_links(organisations=(acme, company().organisations[1])))
    assert caller.script is not None and caller.script.verb == Record(seconds=120, transcribe=False)


async def test_there_is_no_phone_at_all() -> None:
    caller = Caller(World(at=SUNDAY_NIGHT, people=nobody_has_a_phone()))
    await caller.calls()
    await caller.presses("2")
    assert caller.script is not None and isinstance(caller.script.verb, Record)
    lines = caller.world.texts("slack", b.DESK)
    assert lines[-1] == "🔴 There is nobody whose phone could ring. The caller is asked for a message."


async def test_a_hidden_number_that_typed_nothing_has_no_button_that_calls() -> None:
    caller = Caller(world_with_links(), HIDDEN)
    await caller.calls()
    await caller.presses("2")
    for _ in range(3):
        await caller.is_silent()
    while caller.ringing:
        await caller.no_answer()
    caller.world.look_away()
    await caller.speaks(20)
    assert caller.world.seen("slack", b.DESK)[0].choices == ("talked|MIT-1001|",)


async def test_a_stranger_leaves_one_as_well() -> None:
    caller = await asked_for_a_message(number=STRANGER)
    await caller.speaks(20)
    page = await caller.world.run(lambda uow: uow.pages.open_of(TicketId("MIT-1001")))
    assert page is not None and page.last_resort


async def test_acknowledged_while_they_speak_and_everybody_hears_of_it_all_the_same() -> None:
    """Whoever acknowledged in chat has not talked to them: nobody took the call."""
    caller = await asked_for_a_message()
    await caller.world.taps(b.GRACE, tap("ack"), via="slack", place=b.GRACE)
    caller.world.look_away()
    await caller.speaks(20)
    assert sorted(s.place for s in pages(caller.world.seen("slack"))) == sorted([b.ADA, b.GRACE, b.LIN])


async def test_the_thread_does_not_say_that_the_chain_is_spent() -> None:
    caller = await asked_for_a_message()
    await caller.speaks(20)
    assert not [line for line in caller.world.texts("slack", b.DESK) if "The chain is spent" in line]


async def test_the_message_comes_twice() -> None:
    caller = await asked_for_a_message()
    turn = (await caller.stored()).turn
    await caller.speaks(20)
    caller.world.look_away()
    where = caller._where
    again = CallIn(
        sender=Sender(id=caller.number), external_id="late", call=caller.id, heard=Heard.RECORDED, turn=turn, seconds=20,
        recording="RE2", **where,  # type: ignore[arg-type]
    )  # fmt: skip
    script = await caller.again(again)
    assert isinstance(script.verb, HangUp)
    assert (await caller.stored()).recording == "RE1" and caller.world.seen("slack") == []
