"""The stand-ins' journal as what people see: who, by which way, what; and all of it as a readable transcript."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

from playground import Entry
from tests.fakes.line_config import CUSTOMERS, DESK, NOBODY, OTHER_DESK, Layout

PAGE = re.compile(r"🚨|🔴 Still")
"""How a page begins (after "(possible repeat) " where it is one)."""
_MENTION = re.compile(r"<@?(U[A-Z0-9]+)>")
_CARD = re.compile(r"[A-Z]+-\d+ ")
PLACES = {DESK: "desk", OTHER_DESK: "other desk"}
TROUBLE = ("refused", "delivery_failed", "gave_up", "twiml_error", "view_failed")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Seen:
    """`reader` is a name, `thread`, `desk` or `trouble`. `way`: slack, telegram, sms, whatsapp, call; with `changed`,
    `only them`, `toast`, `lost`, `says` or `ended by us` behind it where it is not a message or a call that arrives."""

    number: int
    at: dt.datetime
    reader: str
    way: str
    text: str
    id: str
    where: str

    @property
    def is_page(self) -> bool:
        return self.way.partition(" ")[2] in ("", "lost") and (
            self.way == "call" or PAGE.search(self.text[:40]) is not None
        )

    @property
    def is_repeat(self) -> bool:
        return "repeat" in self.text.partition("\n")[0].lower()

    def __str__(self) -> str:
        return f"{self.way}: {self.text}"


class Eyes:
    """Who is behind which address."""

    def __init__(self, layout: Layout) -> None:
        self.names: dict[str, str] = {NOBODY: "Nobody"}
        for who in layout.everyone:
            self.names |= dict.fromkeys(who.identities, who.name)
        self.names |= {number: name for name, number in CUSTOMERS.items()}
        self.zone = ZoneInfo(layout.zone)

    def name(self, identity: str) -> str:
        return self.names.get(identity.removeprefix("whatsapp:"), identity)

    def seen(self, entry: Entry) -> Seen | None:
        """None for what people do themselves, cards, reactions and vendors' receipts."""
        look = _LOOKS.get((entry.platform, entry.kind)) or _LOOKS.get(("", entry.kind))
        found = look(self, entry) if look else None
        if found is None:
            return None
        reader, way = found
        return Seen(
            number=entry.number,
            at=entry.at,
            reader=reader,
            way=way,
            text=self._text(entry)
            if way != "trouble"
            else f"{entry.platform} {entry.kind}: {entry.id} {entry.text}",
            id=entry.id,
            where=entry.where,
        )

    def _text(self, entry: Entry) -> str:
        """Mentions by name; Slack's summary line only once, where the message begins with it too."""
        named = _MENTION.sub(lambda found: f"@{self.name(found[1])}", entry.text)
        first, _, rest = named.partition("\n")
        return rest if rest.split("\n")[0] == first else named

    # ------------------------------------------------------------ transcript
    def line(self, entry: Entry) -> str:
        """One entry with its local time. A card says what it is about, anything else all that it says."""
        kind = "lost" if entry.kind.endswith("_lost") else entry.kind
        to = self.name(entry.to) if entry.to else PLACES.get(entry.where, entry.where)
        place = "thread" if entry.thread and entry.thread != entry.id else to
        who = f"{self.name(entry.who)} → {place}"
        first, *rest = (entry.text if kind != "call" else "").strip().split("\n")
        if kind in ("message", "edited") and _CARD.match(first):
            kind, rest = f"card {kind}", []
        head = (
            f"{entry.at.astimezone(self.zone):%a %H:%M:%S}  {entry.platform:<8} {kind:<12} {who:<20} {first}"
        )
        return "\n".join([head, *(" " * 24 + more for more in rest)])


def _slack_message(eyes: Eyes, e: Entry) -> tuple[str, str] | None:
    if e.thread and e.thread != e.id:
        return "thread" if e.where == DESK else "other thread", "slack"
    return None if _CARD.match(e.text) else (PLACES.get(e.where, e.where), "slack")


def _slack_edited(eyes: Eyes, e: Entry) -> tuple[str, str] | None:
    return (eyes.name(e.to), "slack changed") if e.to else None


def _to(way: str) -> Callable[[Eyes, Entry], tuple[str, str]]:
    return lambda eyes, e: (eyes.name(e.to), way)


def _toast(eyes: Eyes, e: Entry) -> tuple[str, str] | None:
    return (eyes.name(e.to), "telegram toast") if e.text else None


_LOOKS: Mapping[tuple[str, str], Callable[[Eyes, Entry], tuple[str, str] | None]] = {
    ("slack", "message"): _slack_message,
    ("slack", "dm"): _to("slack"),
    ("slack", "edited"): _slack_edited,
    ("slack", "ephemeral"): _to("slack only them"),
    ("telegram", "message"): _to("telegram"),
    ("telegram", "edited"): _to("telegram changed"),
    ("telegram", "toast"): _toast,
    ("twilio", "sms"): _to("sms"),
    ("twilio", "sms_lost"): _to("sms lost"),
    ("twilio", "whatsapp"): _to("whatsapp"),
    ("twilio", "whatsapp_lost"): _to("whatsapp lost"),
    ("twilio", "call"): _to("call"),
    ("twilio", "call_heard"): _to("call says"),
    ("twilio", "call_changed"): _to("call ended by us"),
} | {("", kind): lambda eyes, e: ("trouble", "trouble") for kind in TROUBLE}
