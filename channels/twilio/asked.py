"""A request about a call to our number: checked, and about the call that our own URL names."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request

from channels.twilio.door import Door, query
from channels.twilio.signature import Refused, checked_call
from channels.twilio.spoken import WAITS

LONGEST = 32
"""Digits that are taken from whoever presses more."""
HIDDEN = frozenset({"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"})
"""What Twilio makes of callers without a number: ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN and UNAVAILABLE, on a keypad."""

_OWN = {
    "call": re.compile(r"CA[0-9a-f]{32}"),
    "turn": re.compile(r"[0-9]{1,4}"),
    "lang": re.compile(r"[a-z]{2}"),
    "wait": re.compile(rf"[1-{WAITS}]"),
    "pressed": re.compile(r"[0-9]{1,3}"),
    "digits": re.compile(rf"[0-9*#]{{1,{LONGEST}}}"),
    "seconds": re.compile(r"[0-9]{1,6}"),
    "recording": re.compile(r"RE[0-9a-f]{32}"),
}
_FREE = ("Digits", "DialCallSid", "TranscriptionText")
"""They may say what names another call, or keys that no page has; the call that counts is in our URL."""
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_SIP = re.compile(r"(?:sips?|client):(\+[0-9]+)(?:[@;].*)?")
_KEYS = re.compile(r"[0-9*#]*")
_SECONDS = re.compile(r"[0-9]{1,6}")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Asked:
    """`path` is the last part of the route's, `params` what Twilio says, `own` what we put into the URL ourselves."""

    path: str
    params: Mapping[str, str]
    own: Mapping[str, str]

    @property
    def call(self) -> str:
        """The caller's call."""
        return self.own.get("call") or self.params["CallSid"]

    @property
    def turn(self) -> int:
        return int(self.own.get("turn", 0))

    @property
    def waits(self) -> int:
        """How often they were asked for a moment."""
        return int(self.own.get("wait", 0))

    @property
    def language(self) -> str:
        return self.own.get("lang", "en")

    @property
    def ours(self) -> bool:
        """A call that we placed: whoever is on the line was called."""
        return self.params.get("Direction", "").startswith("outbound")

    @property
    def digits(self) -> str:
        """What was pressed. Raises Refused."""
        if self.waits:
            return self.own.get("digits", "")
        digits = self.params.get("Digits", "")
        if not _KEYS.fullmatch(digits):
            raise Refused(403, "strange Digits")
        return digits[:LONGEST]

    def seconds(self, name: str) -> int:
        """A length; 0 where there is none."""
        said = self.own.get("seconds", "") if self.waits else self.params.get(name, "")
        return int(said) if _SECONDS.fullmatch(said) else 0

    @property
    def recording(self) -> str:
        """The recording's SID; empty where there is none."""
        said = self.own.get("recording", "") if self.waits else self.params.get("RecordingSid", "")
        return said if _OWN["recording"].fullmatch(said) else ""


async def asked(request: Request, door: Door) -> Asked:
    """What it asks. Raises Refused where Twilio did not send it or where it is about another call than its URL."""
    params = await door.signed(request)
    clear(params, door.account)
    path = request.scope["path"].rpartition("/")[2]
    found = Asked(path=path, params=params, own=_own(query(request)))
    if path != "incoming":
        _same_call(found)
    return found


def clear(params: Mapping[str, str], account_sid: str) -> None:
    """Refuse (403) what is not about one clear call of our account."""
    checked_call({name: said for name, said in params.items() if name not in _FREE}, account_sid)


def _same_call(asked: Asked) -> None:
    own = asked.own.get("call", "")
    leg = asked.path in ("whisper", "accept")
    named = asked.params.get("ParentCallSid", own) if leg else asked.params["CallSid"]
    if not own or "turn" not in asked.own or named != own:
        raise Refused(403, "another call")


def _own(query: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=20)
    except ValueError:
        raise Refused(403, "a strange query") from None
    own = dict(pairs)
    if len(own) != len(pairs):
        raise Refused(403, "a query that says something twice")
    for name, value in pairs:
        if name not in _OWN or not _OWN[name].fullmatch(value):
            raise Refused(403, "a query that is not ours")
    return own


def number_of(party: str) -> str:
    """E.164; empty where the number is hidden, or there is none."""
    sip = _SIP.fullmatch(party)
    number = sip[1] if sip else party
    return number if _NUMBER.fullmatch(number) and number not in HIDDEN else ""
