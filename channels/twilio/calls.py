"""What Twilio tells us of our calls: the keys that were pressed, answering machines, and how calls ended."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.app.inbound import KeyIn, ReceiptIn, Sender
from bot.app.ports import Overloaded
from bot.domain.ids import Address, ChannelName
from channels.adapter import World
from channels.twilio.door import Door, attempt, kept, query, twiml
from channels.twilio.script import house, written
from channels.twilio.settings import TwilioSettings
from channels.twilio.signature import Refused, checked_call
from channels.twilio.spoken import WAITS, Line, answer, moment

CALL = ChannelName("call")
ENDED = {
    "completed": ("no key", "no key was pressed"),
    "busy": ("busy", "the line was busy"),
    "no-answer": ("no-answer", "nobody picked up"),
    "failed": ("failed", "the call did not get through"),
    "canceled": ("canceled", "the call was stopped before anybody picked up"),
}
"""How a call ends: our code and plain words. Whether a key was pressed after all is known to who receives it."""
MACHINES = ("machine_", "fax")

_LANGUAGE = re.compile(r"[a-z]{2}")
_TURN = re.compile(r"[0-9]{1,3}")
_DIGITS = re.compile(r"[0-9*#]{1,8}")
_WAIT = re.compile(rf"[1-{WAITS}]")


class Calls:
    """The routes of a call that we placed."""

    def __init__(self, settings: TwilioSettings, world: World) -> None:
        self._door, self._world, self._house = Door(settings, world), world, house(settings, world)
        self.routes = (
            Route("/twilio/voice/key", self.key, methods=["POST"]),
            Route("/twilio/voice/machine", self.machine, methods=["POST"]),
        )

    async def key(self, request: Request) -> Response:
        """A key was pressed: what came of it is spoken, or they are put through. The key isn't lost while we are too
        busy to take it."""
        try:
            params = await self._signed(request)
            line, digits, waits = self._asked(params, query(request))
            pressed = key(params, line, digits)
        except Refused as refused:
            return self._door.refuse(request, refused)
        try:
            outcome = await self._world.receive(pressed)
        except Overloaded:
            return _spoken(moment(line, digits, waits))
        if outcome.script is not None:
            return _spoken(written(outcome.script, self._house))
        return _spoken(answer(line, outcome.reply))

    async def machine(self, request: Request) -> Response:
        """Who picked up. The call goes on: a person who was taken for a machine can still press a key."""
        try:
            found = machine(await self._signed(request), attempt(query(request)))
        except Refused as refused:
            return self._door.refuse(request, refused)
        return twiml() if found is None else await kept(self._world.receive, found)

    async def _signed(self, request: Request) -> dict[str, str]:
        params = await self._door.signed(request)
        checked_call(params, self._door.account)
        return params

    def _asked(self, params: Mapping[str, str], query: str) -> tuple[Line, str, int]:
        """The line, the digits, and how often the caller was asked to wait: our own URL says it again."""
        line = Line(
            public_url=self._world.public_url,
            token=attempt(query),
            language=_own(query, "lang", _LANGUAGE) or "en",
            voice=self._house.voice,
            turn=int(_own(query, "turn", _TURN) or 0),
        )
        waits = int(_own(query, "wait", _WAIT) or 0)
        digits = _own(query, "digits", _DIGITS) if waits else params.get("Digits", "")
        if not digits:
            raise Refused(403, "no key")
        return line, digits, waits


def _own(query: str, name: str, shape: re.Pattern[str]) -> str:
    """What we put into the URL ourselves."""
    values = parse_qs(query, max_num_fields=20).get(name, [])
    if len(values) > 1 or (values and not shape.fullmatch(values[0])):
        raise Refused(403, f"a strange {name}")
    return "".join(values)


def _spoken(xml: str) -> Response:
    return Response(xml, media_type="text/xml")


def key(params: Mapping[str, str], line: Line, digits: str) -> KeyIn:
    """A checked key. The same key in the same turn of a call is the same event, however often it is delivered."""
    if "To" not in params:
        raise Refused(403, "no To")
    return KeyIn(
        channel=CALL,
        external_id=f"{params['CallSid']}:{line.turn}:{digits}",
        sender=Sender(id=params["To"]),
        address=Address(channel=CALL, place=params["To"]),
        token=line.token,
        digits=digits,
        call=params["CallSid"],
    )


def machine(params: Mapping[str, str], token: str) -> ReceiptIn | None:
    """A machine picked up; None: a person did, or nobody can tell."""
    if not params.get("AnsweredBy", "").startswith(MACHINES):
        return None
    return _failed(params, token, "machine", "an answering machine")


def ended(params: Mapping[str, str], token: str) -> ReceiptIn | None:
    """How a call ended; None while it goes on."""
    said = params.get("CallStatus", "")
    return _failed(params, token, *ENDED[said], said) if said in ENDED else None


def _failed(params: Mapping[str, str], token: str, code: str, error: str, status: str = "") -> ReceiptIn:
    """Twilio doesn't always say who was called; the token says which attempt it was."""
    who = params.get("To", "")
    return ReceiptIn(
        channel=CALL,
        external_id=f"{params['CallSid']}:{status or code}",
        sender=Sender(id=who),
        address=Address(channel=CALL, place=who),
        token=token,
        status="failed",
        code=code,
        error=error,
    )
