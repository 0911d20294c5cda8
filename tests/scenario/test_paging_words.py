"""What engineers do with a page beside acknowledging it: call somebody in, pass it on, snooze it, hand it over."""

from __future__ import annotations

from bot.domain import events as ev
from tests.builders import ADA, ADA_PHONE, DESK, GRACE, GRACE_PHONE, LIN, THANDI, directory, person
from tests.fakes.world import Sent, World, tap

T = "MIT-1001"


def line_of_three() -> World:
    ada = person("ada", "Ada", ADA, ADA_PHONE, calls=True)
    grace = person("grace", "Grace", GRACE, GRACE_PHONE)
    lin = person("lin", "Lin", LIN, tier=2, roles=frozenset({"lead"}))
    return World(people=directory(people=(ada, grace, lin)))


async def emergency(world: World) -> None:
    await world.says(THANDI, "Our mail server is down, nobody can work")
    await world.says(THANDI, "1")


def thread(world: World) -> list[str]:
    return world.texts("slack", DESK)


def paged(world: World) -> set[str]:
    """Who was sent a page since the last look."""
    names = {ADA: "Ada", ADA_PHONE: "Ada", GRACE: "Grace", GRACE_PHONE: "Grace", LIN: "Lin"}
    sent = [s for c in ("slack", "sms") for s in world.seen(c)]
    return {names[s.place] for s in sent if "ACK" in s.text and not s.edits and s.place in names}


async def open_pages(world: World) -> int:
    return len(await world.run(lambda uow: list(uow.pages.open())))


# ---------------------------------------------------------------- escalate
async def test_escalate_begins_the_next_step_now() -> None:
    world = line_of_three()
    await emergency(world)
    world.look_away()
    assert await world.commands(ADA, f"escalate {T}") == f"Done: {T} goes on to the next."
    assert paged(world) == {"Grace"}


async def test_the_button_of_a_step_that_is_over_does_nothing() -> None:
    world = line_of_three()
    await emergency(world)
    page = next(s for s in world.seen("slack", ADA) if "ACK" in s.text)
    stale = next(c for c in page.choices if c.startswith("escalate"))
    world.look_away()
    await world.passes(minutes=5)  # Grace's turn
    assert paged(world) == {"Grace"}
    await world.taps(ADA, stale, via="slack")
    assert world.texts("slack", ADA) == [f"{T} has moved on since; nothing was changed."]
    assert paged(world) == set()


async def test_whoever_has_it_passes_it_on_up_the_chain() -> None:
    world = line_of_three()
    await emergency(world)
    await world.commands(ADA, f"ack {T}")
    world.look_away()
    await world.commands(ADA, f"escalate {T}")
    assert paged(world) == {"Grace"}
    assert (await world.ticket()).owner == "ada"
    await world.commands(GRACE, f"ack {T}")
    assert (await world.ticket()).owner == "grace" and await open_pages(world) == 0


# ---------------------------------------------------------------- hand over
async def test_a_colleague_is_asked_and_has_it_once_they_say_so() -> None:
    world = line_of_three()
    await emergency(world)
    await world.commands(ADA, f"ack {T}")
    world.look_away()
    assert (
        await world.commands(ADA, f"handover {T} grace")
        == f"Done: Grace is paged for {T}. It is yours until they acknowledge."
    )
    (page,) = world.seen("sms", GRACE_PHONE)
    assert page.text.startswith(f"Ada asks you: 🚨 Emergency {T}")
    assert "🤝 Ada hands it to Grace, who is being paged." in thread(world)
    assert world.texts("whatsapp", THANDI) == []
    await world.says(GRACE_PHONE, "ack", via="sms")
    assert (await world.ticket()).owner == "grace"
    assert world.texts("whatsapp", THANDI)[-1].startswith("Grace has MIT-1001 now")


async def test_a_colleague_who_sleeps_gives_it_back_and_then_the_chain_goes_on() -> None:
    world = line_of_three()
    await emergency(world)
    await world.commands(ADA, f"ack {T}")
    await world.commands(ADA, f"handover {T} lin")
    world.look_away()
    await world.passes(minutes=4, seconds=59)
    assert paged(world) == {"Lin"}
    await world.passes(seconds=1)
    assert paged(world) == {"Ada"}
    await world.passes(minutes=10)
    assert paged(world) >= {"Grace"}


async def test_nobody_is_handed_what_they_could_not_acknowledge() -> None:
    world = line_of_three()
    await emergency(world)
    said = await world.commands(ADA, f"handover {T} thandi")
    assert said == 'There is nobody called "thandi" here; there are ada, grace, lin.'
    assert await world.commands(ADA, f"handover {T}") == f"Who is to have {T}? In words: handover {T} lin."


# ---------------------------------------------------------------- snooze
async def test_snoozed_is_acknowledged_and_comes_back() -> None:
    world = line_of_three()
    await emergency(world)
    world.look_away()
    said = await world.commands(ADA, f"snooze {T} 20m")
    assert said == f"Done: you have {T}, and are paged again 12:20 unless the customer was written to."
    assert await open_pages(world) == 0
    world.look_away()
    await world.passes(minutes=19)
    assert paged(world) == set()
    await world.passes(minutes=1)
    assert paged(world) == {"Ada"}


async def test_a_bare_number_is_minutes_and_after_until_an_hour() -> None:
    for words, when in (("20", "12:20"), ("for 20", "12:20"), ("until 13", "13:00"), ("do 13", "13:00")):
        world = line_of_three()
        await emergency(world)
        assert f"paged again {when}" in await world.commands(ADA, f"snooze {T} {words}"), words


async def test_whoever_wrote_to_the_customer_is_left_alone() -> None:
    world = line_of_three()
    await emergency(world)
    await world.commands(ADA, f"snooze {T} 20")
    await world.says(ADA, "We are looking into it", via="slack", place=DESK, thread=world.thread())
    world.look_away()
    await world.passes(minutes=25)
    assert paged(world) == set()


async def test_not_longer_than_the_customer_was_promised() -> None:
    world = line_of_three()
    await emergency(world)
    said = await world.commands(ADA, f"snooze {T} 3h")
    assert said == f"The customer is promised an answer before that: snooze {T} for less, or hand it over."
    assert await open_pages(world) == 1
    assert (await world.commands(ADA, f"snooze {T} soon")).startswith('"soon" is no time; write snooze')


# ---------------------------------------------------------------- page
async def test_somebody_is_called_in_for_what_is_being_paged() -> None:
    world = line_of_three()
    await emergency(world)
    world.look_away()
    assert await world.commands(GRACE, f"page {T} lin") == f"Done: Lin is paged for {T}."
    assert paged(world) == {"Lin"}


async def test_whoever_is_called_in_later_joins_and_the_owner_stays() -> None:
    world = line_of_three()
    await emergency(world)
    await world.commands(ADA, f"ack {T}")
    world.look_away()
    await world.commands(ADA, f"page {T} grace")
    assert paged(world) == {"Grace"}
    said = await world.commands(GRACE, f"ack {T}")
    assert said == f"You help with {T}; Ada has it."
    assert (await world.ticket()).owner == "ada" and await open_pages(world) == 0
    assert "✅ Grace joins." in thread(world)


async def test_a_quiet_ticket_is_paged_for_by_hand() -> None:
    world = line_of_three()
    await world.says(THANDI, "The printer is slow")
    await world.says(THANDI, "3")
    world.look_away()
    await world.commands(LIN, f"page {T} standby")
    assert paged(world) == {"Ada"}


async def test_nobody_else_is_woken_for_a_quiet_ticket() -> None:
    world = line_of_three()
    await world.says(THANDI, "The printer is slow")
    await world.says(THANDI, "3")
    world.look_away()
    await world.commands(LIN, f"page {T} grace")
    assert paged(world) == {"Grace"}
    await world.passes(minutes=5)
    assert paged(world) - {"Grace"} == {"Lin"}
    await world.passes(minutes=6)
    assert "📟 Nobody answered the page that Lin asked for." in thread(world)
    world.look_away()
    await world.passes(hours=3)
    assert paged(world) == set() and await open_pages(world) == 0


async def test_page_says_what_it_wants() -> None:
    world = line_of_three()
    await emergency(world)
    assert (await world.commands(ADA, "page")).startswith("Write page MIT-1042 grace")
    assert await world.commands(ADA, f"page {T}") == (
        f"{T} is being paged already; write whom else, such as page {T} lin."
    )


# ---------------------------------------------------------------- keys
async def called(world: World) -> Sent:
    await emergency(world)
    await world.passes(minutes=1)
    (call,) = world.seen("call")
    return call


async def test_the_call_says_what_matters_and_one_key_is_an_answer() -> None:
    world = line_of_three()
    call = await called(world)
    assert call.spoken == (
        "Emergency. Acme Clinics. Our mail server is down, nobody can work. The answer is due in 59 minutes."
    )
    assert call.keys == ("1", "2")
    assert await world.presses(call, "1") == f"You have {T}."
    assert (await world.ticket()).owner == "ada"
    acknowledged = [e for e in await world.events() if isinstance(e, ev.Acknowledged)]
    assert [e.via for e in acknowledged] == ["Call"]
    assert [s for s in world.seen("call") if s.edits] == []  # the call ends by itself


async def test_two_passes_it_on_and_anything_else_is_asked_again() -> None:
    world = line_of_three()
    call = await called(world)
    assert (await world.presses(call, "7")).startswith("Emergency. Acme Clinics.")
    world.look_away()
    assert await world.presses(call, "2") == f"Done: {T} goes on to the next."
    assert paged(world) == {"Grace"}
    assert await world.presses(call, "2") == f"{T} has moved on since; nothing was changed."


async def test_a_phone_that_still_rings_is_hung_up() -> None:
    world = line_of_three()
    call = await called(world)
    await world.commands(GRACE, f"ack {T}")
    assert [s.edits for s in world.seen("call")] == [call.id]
    assert await world.presses(call, "1") == f"Grace has {T} already."


async def test_a_key_of_a_call_that_was_made_again_counts() -> None:
    world = line_of_three()
    call = await called(world)
    assert await world.presses(call, "1", token="of-the-call-before") == f"You have {T}."


async def test_nobody_is_called_to_hear_that_it_is_over() -> None:
    world = line_of_three()
    call = await called(world)
    await world.receipt("call", call.token, "failed", code="no-answer")
    world.look_away()
    await world.commands(GRACE, f"ack {T}")
    assert world.seen("call") == []


async def test_a_card_button_passes_on_nothing_of_another_team() -> None:
    world = line_of_three()
    await emergency(world)
    await world.taps("U0STRANGER", tap("escalate", T, ""), via="slack", place=DESK)
    assert await open_pages(world) == 1
