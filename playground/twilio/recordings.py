"""<Record>: what people say where they are recorded, what the bot is told of it, and the Recordings resource."""

from typing import Any

from starlette.responses import JSONResponse, Response

from playground.gate import Incoming
from playground.twilio.account import Account, refuse
from playground.twilio.callbacks import Callbacks
from playground.twilio.calls import call_params
from playground.twilio.legs import Leg, Tape
from playground.twilio.twiml import Asked, Recorded
from playground.twilio.walking import Walking

Json = dict[str, Any]

HANGS_UP = "hang up"
"""How a person ends a message who hangs up."""
TRANSCRIBED = range(2, 121)
"""Seconds of recordings that Twilio writes down."""
KINDS = {"mp3": "audio/mpeg", "wav": "audio/x-wav", "": "audio/x-wav"}


class Recordings:
    """The Recordings resource. One is there once it is completed; until then, and deleted, it is not."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def keep(self, leg: Leg, tape: Tape) -> Json:
        """Keep what was said: it is being processed; absent, where nothing was said."""
        sid, now = self._account.new_sid("RE"), self._account.date()
        recording: Json = {
            "sid": sid,
            "account_sid": self._account.sid,
            "call_sid": leg.sid,
            "conference_sid": None,
            "status": "processing" if tape.seconds >= 1 else "absent",
            "duration": str(int(tape.seconds)),
            "channels": 1,
            "source": "RecordVerb",
            "error_code": None,
            "price": None,
            "price_unit": "USD",
            "date_created": now,
            "date_updated": now,
            "start_time": now,
            "api_version": "2010-04-01",
            "uri": self._account.uri(f"Recordings/{sid}"),
            "encryption_details": None,
            "subresource_uris": {},
            "media_url": self.url(sid),
            "words": " ".join(tape.words),
        }
        self._account.recordings[sid] = recording
        return recording

    def url(self, sid: str) -> str:
        """Where its sound is; with .mp3 at the end, as MP3."""
        return f"{self._account.stage.url}/twilio/2010-04-01/Accounts/{self._account.sid}/Recordings/{sid}"

    def sound(self, sid: str) -> bytes:
        """What is heard: an ID3 tag with the words, in place of sound."""
        return b"ID3\x03\x00\x00" + str(self._account.recordings[sid]["words"]).encode()

    def answer(self, incoming: Incoming) -> Response | None:
        """Answer a request for a recording; None: it is for something else."""
        before, _, name = incoming.path.rpartition("/")
        if before != f"/2010-04-01/Accounts/{self._account.sid}/Recordings":
            return None
        sid, _, kind = name.partition(".")
        found = self._account.recordings.get(sid)
        if found is None or (kind in KINDS and incoming.method == "GET" and found["status"] != "completed"):
            raise refuse(404, 20404, f"The requested resource {incoming.path} was not found")
        if incoming.method == "DELETE":
            del self._account.recordings[sid]
            self._account.stage.tell("twilio", "recording_deleted", who="bot", id=sid)
            return Response(status_code=204)
        if kind in KINDS and incoming.method == "GET":
            return Response(self.sound(sid), media_type=KINDS[kind])
        return JSONResponse({name: value for name, value in found.items() if name != "words"})


class Recorder:
    """Tapes: scripted people speak by themselves, a test speaks by hand (`speak`, then `finish`)."""

    def __init__(
        self, recordings: Recordings, callbacks: Callbacks, account: Account, walking: Walking
    ) -> None:
        self._recordings, self._callbacks, self._walking = recordings, callbacks, walking
        self._stage = account.stage
        walking.records = self._records

    async def _records(self, leg: Leg, step: Recorded) -> str:
        """A scripted person speaks, and ends it in their way; the TwiML to go on with."""
        person = leg.person
        leg.tape = Tape(step)
        full = await self.speak(leg, person.speaks, person.words)
        if not full and person.ends == HANGS_UP:
            await self._walking.puts_down(leg)
        if leg.over:
            return ""
        if full or person.ends not in step.finish or not person.ends:
            await self._walking.passes(leg, 0 if full else step.timeout)
            return await self.finish(leg)
        self._walking.pressed(leg, person.ends)
        return await self.finish(leg, person.ends)

    async def speak(self, leg: Leg, seconds: float, words: str) -> bool:
        """Something is said; is the tape full then?"""
        tape = leg.tape
        if tape is None:
            raise ValueError(f"nothing is recorded on {leg.sid}")
        said = min(seconds, tape.step.longest - tape.seconds)
        if said > 0:
            tape.seconds += said
            tape.words += [words] if words else []
            self._stage.tell(
                "twilio", "call_said", who=leg.number, to=leg.shown, where=leg.shown, id=leg.sid, text=words
            )
            await self._walking.passes(leg, said)
        return tape.seconds >= tape.step.longest

    async def finish(self, leg: Leg, digits: str = "") -> str:
        """The tape is over; the TwiML to go on with, none where nothing was said. Who hung up hears no answer."""
        tape, leg.tape = leg.tape, None
        if tape is None:
            return ""
        recording = self._recordings.keep(leg, tape)
        self._stage.tell(
            "twilio",
            "recorded",
            who=leg.number,
            to=leg.shown,
            where=leg.sid,
            id=recording["sid"],
            text=recording["words"],
            raw={"seconds": int(tape.seconds), "beep": tape.step.beep, "ended_by": digits or "silence"},
        )
        self._stage.courier.later(self._ready(leg, recording, tape))
        if recording["status"] == "absent":
            return ""
        asked = Asked(tape.step.action, self._about(recording) | ({"Digits": digits} if digits else {}))
        if leg.over:
            await self._walking.tell(leg, asked)
            return ""
        return await self._walking.ask(leg, asked)

    async def gone(self, leg: Leg) -> None:
        """Whoever was being recorded has hung up: what they said until then is kept."""
        await self.finish(leg, "hangup")

    def _about(self, recording: Json) -> dict[str, str]:
        url, seconds = self._recordings.url(recording["sid"]), recording["duration"]
        return {"RecordingSid": recording["sid"], "RecordingUrl": url, "RecordingDuration": seconds}

    async def _ready(self, leg: Leg, recording: Json, tape: Tape) -> None:
        """Some time later it can be listened to, and still later it is written down."""
        await self._stage.courier.pause(2.0)
        if recording["status"] == "processing":
            recording["status"] = "completed"
        if tape.step.callback and recording["status"] in tape.step.events.split():
            params = self._about(recording) | {
                "AccountSid": recording["account_sid"],
                "CallSid": recording["call_sid"],
                "RecordingStatus": recording["status"],
                "RecordingChannels": "1",
                "RecordingSource": "RecordVerb",
                "RecordingStartTime": recording["start_time"],
            }
            await self._report(leg, tape.step.callback, params, "recording")
        if tape.step.transcribe and tape.step.transcript_callback and recording["status"] == "completed":
            await self._stage.courier.pause(20.0)
            await self._transcribed(leg, recording, tape)

    async def _transcribed(self, leg: Leg, recording: Json, tape: Tape) -> None:
        sid = self._recordings.url(recording["sid"]).rpartition("/")[2].replace("RE", "TR", 1)
        heard = recording["words"] if int(recording["duration"]) in TRANSCRIBED else ""
        params = call_params(leg.call) | {
            "TranscriptionSid": sid,
            "TranscriptionText": heard,
            "TranscriptionStatus": "completed" if heard else "failed",
            "TranscriptionType": "fast",
            "TranscriptionUrl": f"{self._recordings.url(recording['sid'])}/Transcriptions/{sid}",
            "RecordingSid": recording["sid"],
            "RecordingUrl": self._recordings.url(recording["sid"]),
        }
        await self._report(leg, tape.step.transcript_callback, params, "transcript")

    async def _report(self, leg: Leg, url: str, params: dict[str, str], what: str) -> None:
        await self._callbacks.ask(self._walking.absolute(leg, url), params, f"{leg.sid} {what}")
