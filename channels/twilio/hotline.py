"""Calls to our number: what happens on them goes in, and what whoever is on the line hears next goes back."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.app.inbound import CallIn, CallReportIn, Inbound, LegIn, Sender
from bot.app.ports import Overloaded
from bot.domain.hotline import Heard
from bot.domain.ids import Address
from bot.domain.script import Script
from channels.adapter import World
from channels.twilio.asked import Asked, asked, number_of
from channels.twilio.calls import CALL, ENDED
from channels.twilio.door import Door, kept, twiml
from channels.twilio.fallback import fallback
from channels.twilio.script import house, written
from channels.twilio.settings import TwilioSettings
from channels.twilio.signature import Refused
from channels.twilio.spoken import WAITS, one_moment, sorry

HIDDEN_PLACE = "hidden"
"""Where there is no number to answer to."""
LONGEST_TEXT = 4000
"""Characters of a transcript: what is said in two minutes is half of it."""


class Hotline:
    """The routes of calls to our number, and of ours that put an engineer through to a customer."""

    def __init__(self, settings: TwilioSettings, world: World) -> None:
        self._door, self._world = Door(settings, world), world
        self._house, self._screen = house(settings, world), settings.voice_screen_url or ""
        handlers = dict.fromkeys(CALLER, self.caller) | dict.fromkeys(LEG, self.leg)
        handlers |= dict.fromkeys(REPORTS, self.report)
        self.routes = tuple(
            Route(f"/twilio/voice/{path}", handler, methods=["POST"]) for path, handler in handlers.items()
        )

    async def caller(self, request: Request) -> Response:
        """Something happened on the caller's line. Nobody who is on it is left with nothing, whatever our trouble."""
        try:
            about = await asked(request, self._door)
            found = CALLER[about.path](about)
        except Refused as refused:
            return self._door.refuse(request, refused)
        if found.gone:
            return await kept(self._world.receive, found)
        script = await self._script(found)
        return _xml(self._trouble(about, found) if script is None else written(script, self._house))

    async def leg(self, request: Request) -> Response:
        """Somebody picked up a phone that we rang, or pressed a key on it."""
        try:
            about = await asked(request, self._door)
            found = LEG[about.path](about)
        except Refused as refused:
            return self._door.refuse(request, refused)
        script = await self._script(found)
        if script is not None:
            pressed = int(about.own.get("pressed", 0)) + bool(found.digits)
            return _xml(written(script, self._house, pressed))
        if about.waits:
            return _xml(sorry(about.language, self._house.voice))
        return _xml(self._moment(about, found.digits))

    async def report(self, request: Request) -> Response:
        """What we are told of a call afterwards. 200 once it is kept."""
        try:
            about = await asked(request, self._door)
            found = REPORTS[about.path](about)
        except Refused as refused:
            return self._door.refuse(request, refused)
        return twiml() if found is None else await kept(self._world.receive, found)

    async def _script(self, found: Inbound) -> Script | None:
        """None where it can't be taken now, or nobody knows what comes next."""
        try:
            return (await self._world.receive(found)).script
        except Overloaded:
            return None

    def _trouble(self, about: Asked, found: CallIn) -> str:
        """A moment, three times; then the caller is put through without us."""
        if about.waits < WAITS:
            return self._moment(about, found.digits, found.seconds, found.recording)
        voice = self._house.voice
        numbers = () if about.ours else self._world.facts.standby_numbers(self._world.clock.now())
        if not numbers:
            return sorry(about.language, voice)
        left = self._house.url("left", call=about.call, turn=str(about.turn))
        return fallback(numbers, about.language, voice, self._house.number, self._screen, left)

    def _moment(self, about: Asked, digits: str, seconds: int = 0, recording: str = "") -> str:
        sent = {"digits": digits, "seconds": str(seconds or ""), "recording": recording}
        again = dict(about.own) | {name: value for name, value in sent.items() if value}
        url = self._house.url(about.path, **again | {"wait": str(about.waits + 1)})
        return one_moment(url, about.language, self._house.voice)


def _xml(document: str) -> Response:
    return Response(document, media_type="text/xml")


# ---------------------------------------------------------------- the caller's line
def _rang(about: Asked) -> CallIn:
    return _call_in(about, Heard.RANG)


def _keys(about: Asked) -> CallIn:
    """No digits: silence."""
    return _call_in(about, Heard.KEYS, digits=about.digits)


def _leg_over(about: Asked) -> CallIn:
    """Whether anybody took the call is not for Twilio to say: DialCallStatus is `completed` for a voicemail too."""
    bridged = about.params.get("DialBridged", "")
    seconds = 0 if bridged == "false" else about.seconds("DialCallDuration")
    return _call_in(about, Heard.LEG_OVER, seconds=seconds, bridged=bridged == "true")


def _recorded(about: Asked) -> CallIn:
    hung_up = about.params.get("Digits") == "hangup"
    seconds, recording = about.seconds("RecordingDuration"), about.recording
    return _call_in(about, Heard.RECORDED, seconds=seconds, recording=recording, gone=hung_up)


def _call_in(
    about: Asked,
    heard: Heard,
    digits: str = "",
    seconds: int = 0,
    recording: str = "",
    bridged: bool = False,
    gone: bool = False,
) -> CallIn:
    """The same thing in the same turn is one event, however often it is delivered."""
    number = _caller(about)
    return CallIn(
        channel=CALL,
        external_id=f"{about.call}:{about.turn}:{heard}:{digits}{recording}",
        sender=Sender(id=number),
        address=_place(number),
        call=about.call,
        heard=heard,
        bridged=bridged,
        turn=about.turn,
        digits=digits,
        seconds=seconds,
        recording=recording,
        gone=gone or about.params.get("CallStatus", "") in ENDED,
    )


def _caller(about: Asked) -> str:
    return number_of(about.params.get("To" if about.ours else "From", ""))


def _place(number: str) -> Address:
    return Address(channel=CALL, place=number or HIDDEN_PLACE)


# ---------------------------------------------------------------- the phone that we rang
def _picked_up(about: Asked) -> LegIn:
    return _leg_in(about, "")


def _pressed(about: Asked) -> LegIn:
    return _leg_in(about, about.digits)


def _leg_in(about: Asked, digits: str) -> LegIn:
    """The same key pressed once more is another event: our URL counts."""
    number = number_of(about.params.get("To", ""))
    if not number:
        raise Refused(403, "no To")
    return LegIn(
        channel=CALL,
        external_id=f"{about.call}:{about.turn}:{about.path}:{about.own.get('pressed', '0')}:{digits}",
        sender=Sender(id=number),
        address=_place(number),
        call=about.call,
        turn=about.turn,
        digits=digits,
    )


# ---------------------------------------------------------------- afterwards
def over(about: Asked) -> CallReportIn | None:
    """The caller's line is dead; None while it is not."""
    if about.params.get("CallStatus", "") not in ENDED:
        return None
    return _report(about, "over", "")


def _recording(about: Asked) -> CallReportIn | None:
    """It can be listened to, or there is nothing on it (`absent`)."""
    status = about.params.get("RecordingStatus", "")
    if status not in ("completed", "absent") or not about.recording:
        return None
    seconds = max(about.seconds("RecordingDuration"), 1) if status == "completed" else 0
    return _report(about, "recording", f"{about.recording}:{status}", seconds=seconds)


def _left(about: Asked) -> CallReportIn | None:
    """A message that they left while we were in trouble; the call ends with it."""
    if not about.recording:
        return None
    seconds = max(about.seconds("RecordingDuration"), 1)
    return _report(about, "recording", f"{about.recording}:completed", seconds=seconds)


def _transcript(about: Asked) -> CallReportIn | None:
    """None where Twilio could make nothing of it."""
    text = " ".join(about.params.get("TranscriptionText", "").replace("\0", "").split())[:LONGEST_TEXT]
    if about.params.get("TranscriptionStatus", "") != "completed" or not text:
        return None
    return _report(about, "transcript", about.recording, text=text)


def _report(about: Asked, what: str, which: str, seconds: int = 0, text: str = "") -> CallReportIn:
    number = _caller(about)
    return CallReportIn(
        channel=CALL,
        external_id=f"{about.call}:{what}" + (f":{which}" if which else ""),
        sender=Sender(id=number),
        address=_place(number),
        call=about.call,
        what=what,
        recording=about.recording,
        seconds=seconds,
        text=text,
    )


CALLER: dict[str, Callable[[Asked], CallIn]] = {
    "incoming": _rang,
    "heard": _keys,
    "rung": _leg_over,
    "recorded": _recorded,
}
LEG: dict[str, Callable[[Asked], LegIn]] = {"whisper": _picked_up, "accept": _pressed}
REPORTS: dict[str, Callable[[Asked], CallReportIn | None]] = {
    "recording": _recording,
    "left": _left,
    "transcribed": _transcript,
}
"""By the last part of the route."""
