"""Phones ring for a caller: whispers, who is put through to whom, and what the bot is told of it."""

import pytest

from playground import Playground
from playground.twilio.conversations import conversations, most_at_once
from playground.twilio.people import (
    BUSY,
    BY_HAND,
    DECLINES,
    MACHINE,
    SILENT,
    UNANSWERED,
    UNREACHABLE,
    VOICEMAIL,
    Person,
    answers,
    calls,
    hangs_up,
)
from tests.playground.test_twilio_hotline import INCOMING, LINE, THANDI, Desk, desk, spoken

__all__ = ["desk"]

ADA, GRACE = "+27115550001", "+27115550002"
OVER = "<Say>Nobody is there</Say><Hangup/>"
ASKS = '<Gather numDigits="1" timeout="8" action="/accept"><Say>Thandi, server down. Press 1</Say></Gather><Hangup/>'


def rings(*numbers: str, more: str = 'callerId="+14155550102"') -> str:
    phones = "".join(f'<Number url="/whisper?to={n[1:]}">{n}</Number>' for n in numbers)
    return f'<Say>We call</Say><Dial action="/rung" timeout="25" timeLimit="600" {more}>{phones}</Dial>'


@pytest.fixture(autouse=True)
def pages(desk: Desk) -> None:
    desk.says(INCOMING, rings(ADA))
    desk.says("/whisper", ASKS)
    desk.says("/rung", OVER)


async def test_an_engineer_presses_1_and_talks(play: Playground, desk: Desk) -> None:
    phones = play.twilio.phones
    phones.script(ADA, answers("1"))
    leg = await phones.call(THANDI, person=calls(talks=90))
    await play.settle()
    child = next(c for c in play.twilio.calls.values() if c["parent_call_sid"] == leg.sid)
    whisper, accept, rung = desk.one("/whisper"), desk.one("/accept"), desk.one("/rung")
    assert desk.at("/whisper")[0].path == f"/whisper?to={ADA[1:]}"
    for told in (whisper, accept):
        assert (told["CallSid"], told["ParentCallSid"]) == (child["sid"], leg.sid)
        assert (told["From"], told["To"], told["Direction"]) == (LINE, ADA, "outbound-dial")
        assert told["CallStatus"] == "in-progress"
    assert accept["Digits"] == "1"
    assert rung["CallSid"] == leg.sid and "ParentCallSid" not in rung and rung["CallStatus"] == "completed"
    assert (rung["DialCallStatus"], rung["DialCallSid"]) == ("completed", child["sid"])
    assert (rung["DialCallDuration"], rung["DialBridged"]) == ("90", "true")
    (talk,) = conversations(play.journal)
    assert (talk.caller, talk.callee, talk.seconds, talk.hung_up) == (THANDI, ADA, 90, THANDI)
    assert talk.ended is not None and (talk.ended - talk.began).total_seconds() == 90
    assert desk.paths[-1] == "/twilio/status" and int(desk.one("/twilio/status")["CallDuration"]) >= 93
    assert spoken(play, ADA) == ["Thandi, server down. Press 1"] and spoken(play) == ["We call"]


async def test_the_engineer_hangs_up_first_and_the_caller_hears_more(play: Playground, desk: Desk) -> None:
    play.twilio.phones.script(ADA, answers("1", talks=30))
    await play.twilio.phones.call(THANDI, person=SILENT)
    await play.settle()
    assert desk.one("/rung")["CallStatus"] == "in-progress" and desk.one("/rung")["DialCallDuration"] == "30"
    assert spoken(play) == ["We call", "Nobody is there"]
    assert [t.hung_up for t in conversations(play.journal)] == [ADA]


@pytest.mark.parametrize(
    ("person", "status"),
    [
        (UNANSWERED, "no-answer"),
        (BUSY, "busy"),
        (DECLINES, "busy"),
        (UNREACHABLE, "failed"),
        (SILENT, "completed"),
        (MACHINE, "completed"),
        (VOICEMAIL, "completed"),
        (hangs_up(), "completed"),
        (answers("1", rings=26), "no-answer"),
    ],
)
async def test_nobody_is_put_through(play: Playground, desk: Desk, person: Person, status: str) -> None:
    play.twilio.phones.script(ADA, person)
    await play.twilio.phones.call(THANDI, person=SILENT)
    await play.settle()
    rung = desk.one("/rung")
    assert (rung["DialCallStatus"], rung["DialCallDuration"], rung["DialBridged"]) == (status, "0", "false")
    assert spoken(play)[-1] == "Nobody is there" and conversations(play.journal) == []


async def test_a_voicemail_is_put_through_where_nothing_hangs_it_up(play: Playground, desk: Desk) -> None:
    desk.says("/whisper", "<Say>Somebody calls</Say>")
    play.twilio.phones.script(ADA, VOICEMAIL)
    await play.twilio.phones.call(THANDI, person=SILENT)
    await play.settle()
    (talk,) = conversations(play.journal)
    assert (talk.callee, talk.seconds, talk.hung_up) == (ADA, 30, ADA)


async def test_one_after_another(play: Playground, desk: Desk) -> None:
    phones = play.twilio.phones
    phones.script(ADA, VOICEMAIL)
    phones.script(GRACE, answers("1"))
    desk.says("/rung", rings(GRACE), OVER)
    await phones.call(THANDI, person=calls(patience=120))
    await play.settle()
    assert [h.form["DialCallDuration"] for h in desk.at("/rung")] == ["0", "60"]
    assert [t.callee for t in conversations(play.journal)] == [GRACE]
    assert most_at_once(play.journal) == 1


async def test_without_an_action_the_next_verb_follows(play: Playground, desk: Desk) -> None:
    desk.says(INCOMING, f"<Dial>{ADA}</Dial><Dial><Number>{GRACE}</Number></Dial><Say>Sorry</Say>")
    play.twilio.phones.script(GRACE, answers("", talks=5))
    await play.twilio.phones.call(THANDI, person=SILENT)
    await play.settle()
    assert spoken(play) == ["Sorry"] and [t.callee for t in conversations(play.journal)] == [GRACE]
    rang = play.journal.entries("twilio", "call_rings")
    assert [(e.to, e.where) for e in rang[1:]] == [(ADA, THANDI), (GRACE, THANDI)]


async def test_of_several_the_first_to_pick_up_wins_even_a_machine(play: Playground, desk: Desk) -> None:
    phones = play.twilio.phones
    desk.says(INCOMING, rings(ADA, GRACE))
    phones.script(ADA, answers("1", rings=12))
    phones.script(GRACE, Person(machine=True, rings=8))
    await phones.call(THANDI, person=SILENT)
    await play.settle()
    ends = {e.to: e.text for e in play.journal.entries("twilio", "call_ended")}
    assert (ends[ADA], ends[GRACE]) == ("canceled", "completed")
    assert desk.one("/rung")["DialCallStatus"] == "completed" and conversations(play.journal) == []
    phones.script(GRACE, UNANSWERED)
    await phones.call(THANDI, person=SILENT)
    await play.settle()
    assert [t.callee for t in conversations(play.journal)] == [ADA]


async def test_the_caller_hangs_up_while_it_rings(play: Playground, desk: Desk) -> None:
    await play.twilio.phones.call(THANDI, person=calls(patience=10))
    await play.settle()
    rung = desk.one("/rung")
    assert (rung["DialCallStatus"], rung["CallStatus"]) == ("canceled", "completed")
    assert desk.paths == [INCOMING, "/rung", "/twilio/status"] and spoken(play) == ["We call"]
    assert {e.to: e.text for e in play.journal.entries("twilio", "call_ended")}[ADA] == "canceled"
    assert int(desk.one("/twilio/status")["CallDuration"]) == 10


async def test_the_caller_hangs_up_during_the_whisper(play: Playground, desk: Desk) -> None:
    play.twilio.phones.script(ADA, SILENT)
    await play.twilio.phones.call(THANDI, person=calls(patience=10))
    await play.settle()
    assert desk.paths[-2:] == ["/rung", "/twilio/status"]
    assert (desk.one("/rung")["CallStatus"], desk.one("/rung")["DialBridged"]) == ("completed", "false")
    assert all(leg.over for leg in play.twilio.phones.legs.values())


async def test_patience_lasts_over_several_phones(play: Playground, desk: Desk) -> None:
    desk.says("/rung", rings(GRACE), rings(ADA))
    await play.twilio.phones.call(THANDI, person=calls(patience=60))
    await play.settle()
    assert [h.form["DialCallStatus"] for h in desk.at("/rung")] == ["no-answer", "no-answer", "canceled"]


async def test_the_time_limit_ends_a_talk(play: Playground, desk: Desk) -> None:
    play.twilio.phones.script(ADA, answers("1"))
    await play.twilio.phones.call(THANDI, person=calls(talks=5000))
    await play.settle()
    assert desk.one("/rung")["DialCallDuration"] == "600" and spoken(play)[-1] == "Nobody is there"
    assert [t.hung_up for t in conversations(play.journal)] == ["twilio"]


async def test_it_is_answered_on_the_bridge(play: Playground, desk: Desk) -> None:
    phones = play.twilio.phones
    desk.says(INCOMING, rings(ADA, more='answerOnBridge="true"').replace("<Say>We call</Say>", ""))
    phones.default = BY_HAND
    caller = await phones.call(THANDI)
    ada = await phones.ring(ADA)
    await phones.answer(ada)
    assert caller.status == "ringing"
    await phones.press(ada, "1")
    assert caller.status == "in-progress" and ada.shown == THANDI
    await phones.hang_up(await phones.call(THANDI))
    assert desk.at("/twilio/status")[-1].form["CallStatus"] == "no-answer"


async def test_a_whisper_that_fails_puts_nobody_through(play: Playground, desk: Desk) -> None:
    play.twilio.phones.line().fallback = "<Response><Say>Please wait</Say></Response>"
    desk.says("/whisper", 500)
    play.twilio.phones.script(ADA, answers("1"))
    await play.twilio.phones.call(THANDI, person=SILENT)
    await play.settle()
    assert spoken(play, ADA) == ["We are sorry, an application error has occurred. Goodbye."]
    assert desk.one("/rung")["DialBridged"] == "false" and conversations(play.journal) == []


async def test_an_action_that_fails_falls_back(play: Playground, desk: Desk) -> None:
    play.twilio.phones.line().fallback = f"<Response><Dial>{GRACE}</Dial></Response>"
    desk.says("/rung", 500)
    play.twilio.phones.script(GRACE, answers(""))
    await play.twilio.phones.call(THANDI, person=calls(talks=20))
    await play.settle()
    assert [t.callee for t in conversations(play.journal)] == [GRACE]


@pytest.mark.parametrize(
    ("twiml", "code"),
    [
        ('<Dial action="/rung"/>', "13223"),
        ('<Dial action="/rung">the desk</Dial>', "13223"),
        (f'<Dial action="/rung" callerId="desk">{ADA}</Dial>', "13214"),
        (f'<Dial action="/rung" callerId="+266696687">{ADA}</Dial>', "13214"),
    ],
)
async def test_what_cannot_be_dialled_has_failed(play: Playground, desk: Desk, twiml: str, code: str) -> None:
    desk.says(INCOMING, twiml)
    await play.twilio.phones.call(THANDI, person=SILENT)
    await play.settle()
    assert desk.one("/rung")["DialCallStatus"] == "failed" and "DialCallSid" not in desk.one("/rung")
    assert [e.id for e in play.journal.entries("twilio", "twiml_error")] == [code]


async def test_a_whisper_dials_nobody(play: Playground, desk: Desk) -> None:
    desk.says("/whisper", f"<Dial>{GRACE}</Dial>")
    play.twilio.phones.script(ADA, answers())
    await play.twilio.phones.call(THANDI, person=SILENT)
    await play.settle()
    assert [e.id for e in play.journal.entries("twilio", "twiml_error")] == ["13201"]
    assert [e.to for e in play.journal.entries("twilio", "call_rings")] == [LINE, ADA]
    assert conversations(play.journal) == []
