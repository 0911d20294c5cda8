"""The first thread through every layer: an emergency from the first word to the resolution."""

from __future__ import annotations

from bot.domain import events as ev
from bot.domain.status import Status
from tests.builders import ADA, ADA_PHONE, DESK, GRACE, GRACE_PHONE, THANDI
from tests.fakes.world import World, tap


async def opened() -> World:
    world = World()
    await world.says(THANDI, "Our mail server is down, nobody can work")
    await world.says(THANDI, "1")
    return world


async def test_the_customer_is_asked_then_promised_a_time() -> None:
    world = World()
    await world.says(THANDI, "Our mail server is down, nobody can work")
    (asked,) = world.seen("whatsapp", THANDI)
    assert "MIT-1001" in asked.text and "Emergency" in asked.text and "1 Emergency\n2 High" in asked.text
    assert world.card().severity == "Emergency (proposed)"
    assert world.texts("sms") == []

    await world.says(THANDI, "1")
    (promised,) = world.seen("whatsapp", THANDI)
    assert promised.text == (
        "MIT-1001 is set to Emergency. We are calling the engineer on standby now. "
        "An engineer answers you here by 13:00 (in 1 h)."
    )
    assert (await world.ticket()).status is Status.NEW


async def test_the_engineer_on_standby_is_paged_by_chat_and_sms_at_once() -> None:
    world = await opened()
    (sms,) = world.seen("sms", ADA_PHONE)
    assert sms.text.startswith("🚨 Emergency MIT-1001 Acme Clinics, Thandi: Our mail server is down")
    assert "Answer by 13:00 (in 1 h)." in sms.text and "Reply ACK " in sms.text
    dm = [s for s in world.seen("slack") if s.place == ADA]
    assert len(dm) == 1 and dm[0].choices[0].startswith("ack|MIT-1001|")
    assert world.card().paging == "Paging Ada (step 1 of 2)"


async def test_nobody_acknowledges_the_next_step_is_paged_then_everyone() -> None:
    world = await opened()
    world.look_away()
    await world.passes(minutes=5)
    assert [s.place for s in world.seen("sms")] == [ADA_PHONE, ADA_PHONE, GRACE_PHONE], (
        "Ada twice more, then Grace"
    )
    assert any(s.place == GRACE for s in world.seen("slack"))
    await world.passes(minutes=15)  # both steps once more: repeat = 1
    world.look_away()
    await world.passes(minutes=5)
    assert {s.place for s in world.seen("sms")} == {ADA_PHONE, GRACE_PHONE}
    assert {s.place for s in world.seen("slack") if s.place != DESK} == {ADA, GRACE, "U0LIN"}
    await world.passes(minutes=5)
    assert len(world.seen("sms")) >= 2, "and again, every five minutes"


async def test_an_acknowledgement_shows_everywhere_and_stops_the_page() -> None:
    world = await opened()
    (dm,) = [s for s in world.seen("slack") if s.place == ADA]
    world.look_away()
    await world.taps(ADA, dm.choices[0], via="slack", place="D0ADA")
    assert world.texts("whatsapp", THANDI) == [
        "Ada has MIT-1001 now and is looking into it. You hear from Ada by 13:00 (in 1 h)."
    ]
    said = world.seen("slack")
    assert [s.text for s in said if s.edits == dm.id] == ["✅ You have MIT-1001 (Acme Clinics)."]
    assert any(s.place == DESK and "Ada has it" in s.text for s in said)
    assert world.card().holder == "Ada" and world.card().paging == ""
    assert not any(c.id.startswith("ack|") for c in world.card().choices)
    await world.passes(minutes=29)
    await world.says(ADA, "We restart it now", via="slack", place=DESK, thread=world.thread())
    await world.passes(minutes=30)
    assert world.seen("sms") == []


async def test_acknowledged_by_sms_code_and_the_late_one_hears_who_has_it() -> None:
    world = await opened()
    (sms,) = world.seen("sms", ADA_PHONE)
    code = sms.text.rsplit(" ", 1)[1]
    await world.passes(minutes=6)
    world.seen("sms")
    await world.says(ADA_PHONE, f"ACK {code}", via="sms")
    told = {s.place: s.text for s in world.seen("sms")}
    assert told[ADA_PHONE] == "You have MIT-1001."
    assert told[GRACE_PHONE] == "✅ Ada has MIT-1001 (Acme Clinics). Nothing to do."
    await world.says(GRACE_PHONE, code, via="sms")
    assert world.texts("sms", GRACE_PHONE) == ["Ada has MIT-1001 already."]


async def test_replies_go_both_ways_and_double_slash_stays_inside() -> None:
    world = await opened()
    thread = world.thread()
    world.seen("whatsapp")
    said = await world.says(ADA, "We restart it now, 10 minutes", via="slack", place=DESK, thread=thread)
    assert world.texts("whatsapp", THANDI)[0] == "Ada (MIT-1001): We restart it now, 10 minutes"
    assert (said, "sent") in world.channels["slack"].marks
    noted = await world.says(ADA, "// password is in the vault", via="slack", place=DESK, thread=thread)
    assert world.texts("whatsapp", THANDI) == []
    assert (noted, "internal") in world.channels["slack"].marks
    world.seen("slack")
    await world.says(THANDI, "Thanks, still down here")
    assert [s.text for s in world.seen("slack") if s.place == DESK] == ["Thandi: Thanks, still down here"]
    assert world.channels["slack"].sent[-1].thread == thread


async def test_resolved_then_confirmed_or_reopened() -> None:
    world = await opened()
    thread = world.thread()
    await world.says(ADA, "On it", via="slack", place=DESK, thread=thread)
    world.seen("whatsapp")
    await world.fills(ADA, "resolve", ticket="MIT-1001", text="The disk was full.")
    (told,) = world.seen("whatsapp", THANDI)
    assert "Ada says MIT-1001 is resolved." in told.text and "The disk was full." in told.text
    assert world.card().over and world.card().choices[0].id == "reopen|MIT-1001|"
    await world.says(THANDI, "It is down again!")
    assert (await world.ticket()).status is Status.NEW
    assert any(isinstance(e, ev.PageStarted) for e in (await world.events())[-6:]), "an emergency pages again"
    await world.taps(THANDI, tap("works"))
    assert (await world.ticket()).status is Status.CLOSED


async def test_silence_means_the_proposed_severity_stands() -> None:
    world = World()
    await world.says(THANDI, "Our mail server is down, nobody can work")
    world.seen("whatsapp")
    await world.passes(seconds=61)
    assert world.texts("whatsapp", THANDI)[0].startswith("We treat MIT-1001 as Emergency. We are calling")
    assert len(world.seen("sms", ADA_PHONE)) == 1


async def test_a_breach_is_recorded_at_its_instant_and_said() -> None:
    world = await opened()
    opened_at = (await world.ticket()).opened
    await world.passes(hours=1, minutes=1)
    (breach,) = [e for e in await world.events() if isinstance(e, ev.ClockBreached)]
    assert (breach.at - opened_at).total_seconds() == 3600
    assert any("ran out" in s.text for s in world.seen("slack"))
    assert world.card().urgency == 3
