"""The Messages resource: what is refused, what is sent, what comes back later."""

import email.utils
from typing import Any

from playground.faults import Fault, Kind
from playground.twilio.account import ADDRESS, Account, refuse
from playground.twilio.callbacks import Callbacks
from playground.twilio.content import Contents

Json = dict[str, Any]
BODY_LIMIT = 1600


class Messages:
    """Create and list messages. `window_errors`: "async" (status callback) or "sync" (400 at create)."""

    def __init__(self, account: Account, contents: Contents, callbacks: Callbacks) -> None:
        self._account, self._contents, self._callbacks = account, contents, callbacks
        self._stage = account.stage
        self.numbers: set[str] = set()
        self.window_errors = "async"

    def create(self, arguments: Json, fault: Fault | None) -> Json:
        """POST Messages.json."""
        _check_addresses(arguments)
        self._check_sender(arguments)
        text = self._text(arguments)
        to, sender = str(arguments["To"]), str(arguments["From"])
        if to in self._account.opted_out:
            raise refuse(400, 21610, "Attempt to send to unsubscribed recipient")
        failure = self._window_failure(to, sender, arguments)
        if failure and self.window_errors == "sync":
            raise refuse(400, failure, "Failed to send freeform message: outside the allowed window.")
        if fault is not None and fault.kind is Kind.UNDELIVERED:
            failure = fault.code
        message = self.store(to, sender, text, str(arguments.get("StatusCallback") or ""), arguments)
        self._tell(message, arguments, failure)
        if failure or self._callbacks.receipts:
            self._stage.courier.later(self._callbacks.progress(message["sid"], failure))
        return shown(message)

    def _check_sender(self, arguments: Json) -> None:
        to, sender = str(arguments["To"]), str(arguments["From"])
        if to.startswith("whatsapp:") != sender.startswith("whatsapp:"):
            raise refuse(400, 63007, "Twilio could not find a Channel with the specified From address")
        if to == sender:
            raise refuse(400, 21266, "'To' and 'From' number cannot be the same")
        if self.numbers and sender not in self.numbers:
            if sender.startswith("whatsapp:"):
                raise refuse(400, 63007, "Twilio could not find a Channel with the specified From address")
            raise refuse(400, 21606, f"The From phone number {sender} is not a valid, SMS-capable number")

    def _text(self, arguments: Json) -> str:
        """Return what a person will read, or refuse the content."""
        body, content_sid = str(arguments.get("Body") or ""), arguments.get("ContentSid")
        if not body and not content_sid and not arguments.get("MediaUrl"):
            raise refuse(400, 21619, "A text message body or media urls must be specified.")
        if len(body) > BODY_LIMIT:
            raise refuse(400, 21617, "The concatenated message body exceeds the 1600 character limit")
        if not content_sid:
            return body
        if body and str(arguments["To"]).startswith("whatsapp:"):
            raise refuse(400, 21655, "Body cannot be given together with ContentSid")
        return self._contents.render(str(content_sid), arguments.get("ContentVariables"))

    def _window_failure(self, to: str, sender: str, arguments: Json) -> str:
        """Return 63016 for a free-form WhatsApp message outside the 24 h window."""
        if not to.startswith("whatsapp:"):
            return ""
        content_sid = str(arguments.get("ContentSid") or "")
        if self._account.in_window(sender, to):
            if content_sid:
                self._contents.check_in_session(content_sid)
            return ""
        return "" if content_sid and not self._contents.session_only(content_sid) else "63016"

    def store(self, to: str, sender: str, text: str, callback: str, arguments: Json) -> Json:
        """Keep a message of the bot."""
        sid = self._account.new_sid("MM" if arguments.get("MediaUrl") else "SM")
        message = record(self._account, sid, sender, to, text, "outbound-api")
        message["callback"] = callback
        self._account.messages[sid] = message
        return message

    def _tell(self, message: Json, arguments: Json, failure: str) -> None:
        """A person sees only what is delivered; the rest is noted as unseen."""
        kind = "whatsapp" if message["to"].startswith("whatsapp:") else "sms"
        self._stage.tell(
            "twilio",
            f"{kind}_lost" if failure else kind,
            who="bot",
            to=message["to"].removeprefix("whatsapp:"),
            where=message["from"],
            id=message["sid"],
            text=message["body"],
            raw=arguments,
        )

    def get(self, sid: str) -> Json:
        """GET Messages/{sid}.json."""
        if sid not in self._account.messages:
            raise refuse(404, 20404, f"The requested resource /Messages/{sid}.json was not found")
        return shown(self._account.messages[sid])

    def all(self, query: Json) -> Json:
        """GET Messages.json with To, From and DateSent (also DateSent< and DateSent>), newest first."""
        found = [shown(m) for m in reversed(self._account.messages.values()) if _matches(m, query)]
        uri = self._account.uri("Messages")
        size = int(query.get("PageSize") or 50)
        page = int(query.get("Page") or 0)
        more = len(found) > (page + 1) * size
        return {
            "messages": found[page * size : (page + 1) * size],
            "page": page,
            "page_size": size,
            "start": page * size,
            "end": min(len(found), (page + 1) * size) - 1,
            "first_page_uri": f"{uri}?PageSize={size}&Page=0",
            "previous_page_uri": None,
            "next_page_uri": f"{uri}?PageSize={size}&Page={page + 1}" if more else None,
            "uri": uri,
        }


def _check_addresses(arguments: Json) -> None:
    if not arguments.get("To"):
        raise refuse(400, 21604, "A 'To' phone number is required.")
    if not arguments.get("From"):
        raise refuse(400, 21603, "A 'From' phone number is required.")
    if not ADDRESS.fullmatch(str(arguments["To"])):
        raise refuse(400, 21211, f"The 'To' number {arguments['To']} is not a valid phone number.")
    if not ADDRESS.fullmatch(str(arguments["From"])):
        raise refuse(400, 21212, f"The 'From' number {arguments['From']} is not a valid phone number.")


def _matches(message: Json, query: Json) -> bool:
    if any(query.get(q) not in (None, "", message[k]) for q, k in (("To", "to"), ("From", "from"))):
        return False
    day = email.utils.parsedate_to_datetime(message["date_sent"]).date().isoformat()
    exact, before, after = (query.get(f"DateSent{c}") for c in ("", "<", ">"))
    return (
        (not exact or day == exact[:10])
        and (not before or day <= before[:10])
        and (not after or day >= after[:10])
    )


def record(account: Account, sid: str, sender: str, to: str, text: str, direction: str) -> Json:
    """Return a message as it is stored, with `callback` beside the API's own fields."""
    now, inbound = account.date(), direction == "inbound"
    return {
        "sid": sid,
        "account_sid": account.sid,
        "messaging_service_sid": None,
        "from": sender,
        "to": to,
        "body": text,
        "status": "received" if inbound else "queued",
        "direction": direction,
        "num_segments": "1",
        "num_media": "0",
        "date_created": now,
        "date_sent": now,
        "date_updated": now,
        "price": None,
        "price_unit": "USD",
        "error_code": None,
        "error_message": None,
        "api_version": "2010-04-01",
        "uri": account.uri(f"Messages/{sid}"),
        "subresource_uris": {"media": account.uri(f"Messages/{sid}/Media")},
        "callback": "",
    }


def shown(message: Json) -> Json:
    """Return a message without what only we know of it."""
    return {k: v for k, v in message.items() if k != "callback"}
