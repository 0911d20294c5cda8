"""The Content API: templates and interactive messages, and how a person sees them."""

import json
import re
from typing import Any

from playground.twilio.account import Account, refuse

Json = dict[str, Any]

_LISTS = {"twilio/quick-reply": ("actions", "title", 20), "twilio/list-picker": ("items", "item", 24)}
_KINDS = {
    "twilio/text", "twilio/media", "twilio/location", "twilio/quick-reply", "twilio/call-to-action",
    "twilio/list-picker", "twilio/card", "twilio/catalog", "twilio/carousel", "twilio/flows",
    "whatsapp/card", "whatsapp/authentication", "whatsapp/flows",
}  # fmt: skip


class Contents:
    """Create, read and delete contents."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def create(self, arguments: Json) -> Json:
        """POST /v1/Content."""
        types = arguments.get("types")
        if not isinstance(types, dict) or not types:
            raise refuse(400, 20001, "Invalid request body: types is required and must not be empty")
        if unknown := set(types) - _KINDS:
            raise refuse(400, 20001, f"Invalid request body: unknown content type {sorted(unknown)[0]}")
        for kind in types:
            _check_type(kind, types[kind])
        sid = self._account.new_sid("HX")
        return self.keep(sid, arguments)

    def keep(self, sid: str, arguments: Json) -> Json:
        """Store a content under a sid and return it as the API does."""
        now = self._account.stage.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        self._account.contents[sid] = {
            "sid": sid,
            "account_sid": self._account.sid,
            "friendly_name": arguments.get("friendly_name"),
            "language": arguments.get("language", "en"),
            "variables": arguments.get("variables") or {},
            "types": arguments["types"],
            "url": f"https://content.twilio.com/v1/Content/{sid}",
            "date_created": now,
            "date_updated": now,
            "links": {
                "approval_create": f"https://content.twilio.com/v1/Content/{sid}/ApprovalRequests/whatsapp",
                "approval_fetch": f"https://content.twilio.com/v1/Content/{sid}/ApprovalRequests",
            },
        }
        return self._account.contents[sid]

    def get(self, sid: str) -> Json:
        """GET /v1/Content/{sid}."""
        if sid not in self._account.contents:
            raise refuse(404, 20404, f"The requested resource /Content/{sid} was not found")
        return self._account.contents[sid]

    def all(self) -> Json:
        """GET /v1/Content, in one page."""
        meta = {
            "page": 0,
            "page_size": 500,
            "first_page_url": "https://content.twilio.com/v1/Content?PageSize=500&Page=0",
            "previous_page_url": None,
            "url": "https://content.twilio.com/v1/Content?PageSize=500&Page=0",
            "next_page_url": None,
            "key": "contents",
        }
        return {"contents": list(self._account.contents.values()), "meta": meta}

    def session_only(self, sid: str) -> bool:
        """Whether this content may be sent within the 24 h window only."""
        kinds = set(self.get(sid)["types"])
        return sid not in self._account.approved or "twilio/list-picker" in kinds

    def check_in_session(self, sid: str) -> None:
        """Without approval a quick-reply may have three buttons."""
        quick = self.get(sid)["types"].get("twilio/quick-reply")
        if quick and sid not in self._account.approved and len(quick["actions"]) > 3:
            raise refuse(400, 63013, "In-session quick replies may have at most 3 buttons")

    def render(self, sid: str, variables: str | None) -> str:
        """Return what a person reads: the body with its variables, then buttons or list items."""
        content = self.get(sid)
        given = {**content["variables"], **_variables(variables)}
        kind, shown = next(iter(content["types"].items()))
        lines = [str(shown.get("body") or shown.get("title") or "")]
        key, title, _ = _LISTS.get(kind, ("actions", "title", 0))
        lines += [f"[{item.get(title)}]" for item in shown.get(key) or []]
        text = "\n".join(lines)
        return re.sub(r"\{\{\s*([\w.]+)\s*\}\}", lambda m: str(given.get(m.group(1), m.group())), text)


def _variables(text: str | None) -> dict[str, str]:
    if not text:
        return {}
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict) or any(not isinstance(v, str) or not v.strip() for v in found.values()):
        raise refuse(400, 21656, "The ContentVariables Parameter is invalid")
    return found


def _check_type(kind: str, shown: Any) -> None:
    if not isinstance(shown, dict):
        raise refuse(400, 20001, f"Invalid request body: {kind} must be an object")
    if kind not in _LISTS:
        return
    key, title, most = _LISTS[kind]
    items = shown.get(key) or []
    if not 1 <= len(str(shown.get("body") or "")) <= 1024:
        raise refuse(400, 20001, f"Invalid request body: {kind} body must have 1 to 1024 characters")
    if not 1 <= len(items) <= 10:
        raise refuse(400, 20001, f"Invalid request body: {kind} must have 1 to 10 {key}")
    if any(not 1 <= len(str(item.get(title) or "")) <= most for item in items):
        raise refuse(400, 20001, f"Invalid request body: {kind} {title} must have 1 to {most} characters")
    if any(len(str(i.get("id") or "")) > 200 or len(str(i.get("description") or "")) > 72 for i in items):
        raise refuse(400, 20001, f"Invalid request body: {kind} id or description is too long")
