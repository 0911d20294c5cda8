"""What the account holds, and how Twilio words a refusal and signs a request."""

import base64
import datetime as dt
import email.utils
import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Any

from playground.faults import Fault, Kind
from playground.gate import Refused
from playground.stage import Stage

Json = dict[str, Any]

ADDRESS = re.compile(r"(whatsapp:)?\+[1-9]\d{6,14}")
NUMBER = re.compile(r"\+[1-9]\d{6,14}")
WINDOW = dt.timedelta(hours=24)
STOP = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit"})
START = frozenset({"start", "yes", "unstop"})


def refuse(status: int, code: int | str, message: str) -> Refused:
    """Twilio says no: its code, a sentence, and where to read more."""
    body: Json = {
        "code": int(code),
        "message": message,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }
    return Refused(str(code), status, body)


def spoiled(fault: Fault) -> Refused:
    """Word an ordered fault as Twilio does."""
    if fault.kind is Kind.RATE_LIMITED:
        refused = refuse(429, 20429, "Too Many Requests")
        refused.headers = {"Retry-After": fault.retry_after}
        return refused
    if fault.kind is Kind.SERVER_ERROR:
        return refuse(fault.status, f"20{fault.status}", "Internal Server Error")
    return refuse(400, fault.code, f"Refused with {fault.code}")


def signature(token: str, url: str, params: Mapping[str, str]) -> str:
    """Return X-Twilio-Signature: HMAC-SHA1 over the URL and the sorted parameters."""
    text = url + "".join(name + params[name] for name in sorted(params))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()


class Account:
    """Messages, calls, recordings, contents, and who wrote last when."""

    def __init__(self, stage: Stage, sid: str, token: str) -> None:
        self.stage, self.sid, self.token = stage, sid, token
        self.messages: dict[str, Json] = {}
        self.calls: dict[str, Json] = {}
        self.recordings: dict[str, Json] = {}
        self.contents: dict[str, Json] = {}
        self.approved: set[str] = set()
        self.media: dict[str, tuple[str, bytes]] = {}
        self.opted_out: set[str] = set()
        self.last_inbound: dict[tuple[str, str], dt.datetime] = {}
        self._ids = stage.first_id * 10_000

    def new_sid(self, prefix: str) -> str:
        """Return a new sid: two letters and 32 hex digits."""
        self._ids += 1
        return f"{prefix}{self._ids:032x}"

    def date(self) -> str:
        """Return now as Twilio writes it (RFC 2822)."""
        return email.utils.format_datetime(self.stage.now())

    def in_window(self, ours: str, theirs: str) -> bool:
        """Whether a WhatsApp user wrote to this sender within 24 h."""
        last = self.last_inbound.get((ours, theirs))
        return last is not None and self.stage.now() - last < WINDOW

    def uri(self, path: str) -> str:
        """Return a resource's uri."""
        return f"/2010-04-01/Accounts/{self.sid}/{path}.json"
