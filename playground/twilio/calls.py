"""The Calls resource, and what is told of calls; the exchange (exchange.py) has the phones."""

from collections.abc import Callable
from typing import Any

from playground.courier import Delivered
from playground.twilio.account import NUMBER, Account, refuse
from playground.twilio.callbacks import Callbacks

Json = dict[str, Any]
DONE = ("completed", "busy", "failed", "no-answer", "canceled")


class Calls:
    """Create, read and change calls. `placed` and `ended` are told what the bot did."""

    def __init__(self, account: Account, callbacks: Callbacks) -> None:
        self._account, self._callbacks = account, callbacks
        self.placed: Callable[[Json], None] = lambda call: None
        self.ended: Callable[[Json], None] = lambda call: None

    def create(self, arguments: Json) -> Json:
        """POST Calls.json."""
        _check(arguments)
        call = new_call(
            self._account, str(arguments["To"]), str(arguments["From"]), "outbound-api", arguments
        )
        sid = call["sid"]
        self._account.stage.tell(
            "twilio",
            "call",
            who="bot",
            to=str(arguments["To"]),
            where=str(arguments["From"]),
            id=sid,
            text=str(arguments.get("Twiml") or arguments.get("Url") or ""),
            raw=arguments,
        )
        self.placed(call)
        return _shown(call)

    def get(self, sid: str) -> Json:
        """GET Calls/{sid}.json."""
        if sid not in self._account.calls:
            raise refuse(404, 20404, f"The requested resource /Calls/{sid}.json was not found")
        return _shown(self._account.calls[sid])

    def change(self, sid: str, arguments: Json) -> Json:
        """POST Calls/{sid}.json: end the call, or give it new instructions."""
        self.get(sid)
        call = self._account.calls[sid]
        status = arguments.get("Status")
        if status not in (None, "completed", "canceled"):
            raise refuse(400, 21218, f"Invalid Status: {status}")
        if call["status"] in DONE:
            raise refuse(400, 21220, "Call is not in-progress. Cannot redirect.")
        if status:
            call["status"] = status
        call["request"] = {**call["request"], **arguments}
        self._account.stage.tell(
            "twilio", "call_changed", who="bot", to=call["to"], id=sid, text=str(status or ""), raw=arguments
        )
        if status:
            self.ended(call)
        return _shown(call)

    async def status(self, sid: str, status: str, **extra: str) -> Delivered:
        """Move a call on and tell its StatusCallback, if that event was asked for."""
        call = self._account.calls[sid]
        call["status"] = status
        self._account.stage.tell("twilio", "call_status", to=call["to"], id=sid, text=status, raw=extra)
        url, asked = call["request"].get("StatusCallback"), call["request"].get("StatusCallbackEvent")
        names = {"in-progress": "answered", "queued": "initiated"}
        event = "completed" if status in DONE else names.get(status, status)
        wanted = ["completed"] if not asked else [asked] if isinstance(asked, str) else asked
        if not url or event not in " ".join(wanted).split():
            return Delivered(204, f"no StatusCallback was asked for {event}")
        params = call_params(call) | {
            "CallStatus": status,
            "CallbackSource": "call-progress-events",
            "Timestamp": self._account.date(),
            "SequenceNumber": str(call["sequence"]),
            **extra,
        }
        call["sequence"] += 1
        return await self._callbacks.post(str(url), params, f"{sid} {status}")


def new_call(
    account: Account, to: str, sender: str, direction: str, request: Json, parent: str | None = None
) -> Json:
    """Keep a new call; `request` is what was asked for it, `parent` the SID of the call that it was dialled in."""
    sid = account.new_sid("CA")
    account.calls[sid] = {
        "sid": sid,
        "account_sid": account.sid,
        "to": to,
        "to_formatted": to,
        "from": sender,
        "from_formatted": sender,
        "status": "queued",
        "direction": direction,
        "answered_by": None,
        "parent_call_sid": parent,
        "date_created": account.date(),
        "date_updated": account.date(),
        "start_time": None,
        "end_time": None,
        "duration": None,
        "price": None,
        "price_unit": "USD",
        "api_version": "2010-04-01",
        "uri": account.uri(f"Calls/{sid}"),
        "subresource_uris": {},
        "request": request,
        "sequence": 0,
    }
    call: Json = account.calls[sid]
    return call


def call_params(call: Json) -> dict[str, str]:
    """Return what is said of a call in every request about it."""
    parent = {"ParentCallSid": call["parent_call_sid"]} if call["parent_call_sid"] else {}
    return parent | {
        "AccountSid": call["account_sid"],
        "CallSid": call["sid"],
        "CallStatus": call["status"],
        "From": call["from"],
        "To": call["to"],
        "Caller": call["from"],
        "Called": call["to"],
        "Direction": call["direction"],
        "ApiVersion": "2010-04-01",
    }


def _check(arguments: Json) -> None:
    if not arguments.get("To"):
        raise refuse(400, 21201, "No 'To' number is specified")
    if not arguments.get("From"):
        raise refuse(400, 21213, "'From' phone number is required")
    if not NUMBER.fullmatch(str(arguments["To"])):
        raise refuse(
            400, 21211, f"The phone number you are attempting to call, {arguments['To']}, is not valid."
        )
    if not NUMBER.fullmatch(str(arguments["From"])):
        raise refuse(400, 21212, f"Invalid From Number (caller ID): {arguments['From']}")
    if not any(arguments.get(k) for k in ("Url", "Twiml", "ApplicationSid")):
        raise refuse(400, 21205, "Url parameter is required.")
    if len(str(arguments.get("Twiml") or "")) > 4000:
        raise refuse(400, 20001, "Twiml must not be longer than 4000 characters")
    timeout = str(arguments.get("Timeout") or "60")
    if not timeout.isdigit() or not 1 <= int(timeout) <= 600:
        raise refuse(400, 20001, "Timeout must be between 1 and 600")


def _shown(call: Json) -> Json:
    return {k: v for k, v in call.items() if k not in ("request", "sequence")}
