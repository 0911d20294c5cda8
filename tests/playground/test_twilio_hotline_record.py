"""Messages that callers leave: what the bot is told of them, when, and where they can be heard."""

from collections.abc import AsyncIterator

import httpx
import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from playground import Fault, Playground
from playground.twilio.people import SILENT, Person, calls_and_leaves, leaves_message
from tests.playground.test_twilio import OverHttpx
from tests.playground.test_twilio_hotline import INCOMING, THANDI, Desk, desk, spoken

__all__ = ["desk"]

WORDS = "The server room is under water"
RECORD = (
    '<Say>After the beep</Say><Record action="/recorded" maxLength="120" timeout="5" finishOnKey="#" playBeep="true"'
    ' recordingStatusCallback="/recording" recordingStatusCallbackEvent="completed absent" transcribe="true"'
    ' transcribeCallback="/transcribed"/><Say>We heard nothing</Say>'
)


@pytest.fixture(autouse=True)
def pages(desk: Desk) -> None:
    desk.says(INCOMING, RECORD)
    desk.says("/recorded", "<Say>Thank you</Say>")


async def left(play: Playground, person: Person) -> str:
    leg = await play.twilio.phones.call(THANDI, person=person)
    await play.settle()
    return leg.sid


@pytest.mark.parametrize(("ends", "digits"), [("", None), ("#", "#"), ("5", None)])
async def test_a_message(play: Playground, desk: Desk, ends: str, digits: str | None) -> None:
    sid = await left(play, leaves_message(20, WORDS, ends=ends))
    recorded, ready, written = desk.one("/recorded"), desk.one("/recording"), desk.one("/transcribed")
    assert (recorded["CallSid"], recorded["RecordingDuration"], recorded.get("Digits")) == (sid, "20", digits)
    assert recorded["CallStatus"] == "in-progress" and recorded["From"] == THANDI
    same = {name: recorded[name] for name in ("CallSid", "RecordingSid", "RecordingUrl", "AccountSid")}
    assert same | ready == ready and same | written == written
    assert (ready["RecordingStatus"], ready["RecordingDuration"]) == ("completed", "20")
    assert (ready["RecordingSource"], ready["RecordingChannels"]) == ("RecordVerb", "1")
    assert (written["TranscriptionStatus"], written["TranscriptionText"]) == ("completed", WORDS)
    assert written["TranscriptionSid"].startswith("TR") and len(written["TranscriptionSid"]) == 34
    assert spoken(play) == ["After the beep", "Thank you"]
    (told,) = play.journal.entries("twilio", "recorded")
    assert (told.who, told.text, told.raw["seconds"]) == (THANDI, WORDS, 20)
    assert [e.text for e in play.journal.entries("twilio", "call_said")] == [WORDS]


async def test_a_silent_caller_has_left_nothing(play: Playground, desk: Desk) -> None:
    await left(play, SILENT)
    absent = desk.one("/recording")
    assert absent["RecordingStatus"] == "absent" and absent["RecordingSid"].startswith("RE")
    assert not desk.at("/recorded") and not desk.at("/transcribed")
    assert spoken(play) == ["After the beep", "We heard nothing"]


async def test_who_hangs_up_while_speaking_has_left_a_message(play: Playground, desk: Desk) -> None:
    await left(play, leaves_message(12, WORDS, ends="hang up"))
    recorded = desk.one("/recorded")
    assert (recorded["Digits"], recorded["CallStatus"]) == ("hangup", "completed")
    assert recorded["RecordingDuration"] == "12" == desk.one("/recording")["RecordingDuration"]
    assert desk.one("/transcribed")["TranscriptionText"] == WORDS
    assert desk.one("/twilio/status")["CallStatus"] == "completed" and spoken(play) == ["After the beep"]


async def test_who_hangs_up_before_speaking_has_not(play: Playground, desk: Desk) -> None:
    await left(play, Person(ends="hang up"))
    assert not desk.at("/recorded") and desk.one("/recording")["RecordingStatus"] == "absent"
    desk.heard.clear()
    await left(play, calls_and_leaves())
    assert desk.paths == [INCOMING, "/twilio/status"]


@pytest.mark.parametrize(("seconds", "kept", "status"), [(500, "120", "completed"), (1, "1", "failed")])
async def test_how_long_it_may_be(play: Playground, desk: Desk, seconds: int, kept: str, status: str) -> None:
    await left(play, leaves_message(seconds, WORDS))
    assert desk.one("/recorded")["RecordingDuration"] == kept
    assert desk.one("/transcribed")["TranscriptionStatus"] == status
    desk.heard.clear()
    desk.says(INCOMING, RECORD.replace("120", "300"))
    await left(play, leaves_message(200, WORDS))
    assert desk.one("/recording")["RecordingDuration"] == "200"
    assert desk.one("/transcribed")["TranscriptionStatus"] == "failed"


async def test_only_what_was_asked_for_is_told(play: Playground, desk: Desk) -> None:
    desk.says(INCOMING, '<Record action="/recorded" recordingStatusCallback="/recording"/>')
    await left(play, SILENT)
    assert desk.paths == [INCOMING, "/twilio/status"]
    await left(play, leaves_message(5, WORDS))
    assert sorted(desk.paths[2:]) == sorted([INCOMING, "/recorded", "/recording", "/twilio/status"])


async def test_by_hand(play: Playground, desk: Desk) -> None:
    phones = play.twilio.phones
    leg = await phones.call(THANDI)
    assert leg.tape is not None and leg.heard == ["After the beep"]
    await phones.speak(leg, 10, "The server room")
    await phones.press(leg, "7")
    await phones.speak(leg, 5, "is wet")
    await phones.press(leg, "#")
    assert leg.over and leg.heard[-1] == "Thank you"
    quiet, full, gone = [await phones.call(THANDI) for _ in range(3)]
    await phones.silence(quiet)
    await phones.speak(full, 130, WORDS)
    await phones.speak(gone, 3, WORDS)
    await phones.hang_up(gone)
    assert (quiet.heard[-1], full.heard[-1], gone.heard[-1]) == (
        "We heard nothing",
        "Thank you",
        "After the beep",
    )
    with pytest.raises(ValueError, match="completed"):
        await phones.speak(gone, 3, WORDS)
    await play.settle()
    assert [h.form["RecordingDuration"] for h in desk.at("/recorded")] == ["15", "120", "3"]
    assert [r["words"] for r in play.twilio.recordings.values()] == [
        "The server room is wet",
        "",
        WORDS,
        WORDS,
    ]


@pytest.fixture
async def twilio(play: Playground) -> AsyncIterator[Client]:
    http = OverHttpx(play.twilio_api_url)
    yield Client(play.twilio.account_sid, play.twilio.auth_token, http_client=http)
    await http.client.aclose()


async def test_it_can_be_listened_to_and_deleted(play: Playground, desk: Desk, twilio: Client) -> None:
    await left(play, leaves_message(20, WORDS))
    told = desk.one("/recording")
    url, auth = told["RecordingUrl"], (play.twilio.account_sid, play.twilio.auth_token)
    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await client.get(f"{url}.mp3")).status_code == 401
        sound = await client.get(f"{url}.mp3", auth=auth)
        assert sound.headers["content-type"] == "audio/mpeg" and WORDS.encode() in sound.content
        assert (await client.get(url, auth=auth)).headers["content-type"] == "audio/x-wav"
        shown = (await client.get(f"{url}.json", auth=auth)).json()
        assert (shown["sid"], shown["duration"], shown["status"]) == (told["RecordingSid"], "20", "completed")
        assert "words" not in shown and shown["call_sid"] == told["CallSid"]
        assert (await client.get(f"{url[:-1]}f.mp3", auth=auth)).status_code == 404
        play.faults.add("twilio", f"Recordings/{told['RecordingSid']}.mp3", Fault.server_error(503), 1)
        assert (await client.get(f"{url}.mp3", auth=auth)).status_code == 503
        fetched = await twilio.recordings(told["RecordingSid"]).fetch_async()
        assert (fetched.source, fetched.duration) == ("RecordVerb", "20")
        assert await twilio.recordings(told["RecordingSid"]).delete_async()
        assert (await client.get(f"{url}.mp3", auth=auth)).status_code == 404
        with pytest.raises(TwilioRestException):
            await twilio.recordings(told["RecordingSid"]).fetch_async()
    assert play.twilio.recordings == {}


async def test_it_is_not_there_before_it_is_ready(play: Playground, desk: Desk) -> None:
    desk.says("/recorded", "<Hangup/>")
    leg = await play.twilio.phones.call(THANDI)
    await play.twilio.phones.speak(leg, 5, WORDS)
    play.pace = 1000
    await play.twilio.phones.press(leg, "#")
    auth = (play.twilio.account_sid, play.twilio.auth_token)
    async with httpx.AsyncClient(trust_env=False) as client:
        url = desk.one("/recorded")["RecordingUrl"]
        assert (await client.get(f"{url}.mp3", auth=auth)).status_code == 404
        assert (await client.get(f"{url}.json", auth=auth)).json()["status"] == "processing"
