"""What an adapter of Slack is given in tests: a clock that moves when told, facts from a table, a receiver that records."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import importlib.util
import pathlib
from collections.abc import Callable
from typing import Any

from bot.app.inbound import Inbound
from bot.app.ports import NewForm, Option, Outcome
from bot.domain.ids import ChannelName, PersonId
from channels.adapter import World

DESK, ADA, THANDI, GUEST = "C0DESK", "U0ADA", "U0THANDI", "U0GUEST"
PAYLOADS = pathlib.Path(__file__).parents[2] / "payloads" / "slack"
_CHECKER = pathlib.Path(__file__).parents[4] / "shared" / "specs" / "check.py"
SEVERITIES = (
    Option(id="emergency", label="Emergency"),
    Option(id="high", label="High"),
    Option(id="normal", label="Normal"),
)
CATEGORIES = (Option(id="network", label="Network & Wi-Fi"), Option(id="printing", label="Printing"))
EXCLUSIONS = (Option(id="hardware", label="Hardware of your own"), Option(id="training", label="Training"))


class FakeClock:
    def __init__(self) -> None:
        self.at = dt.datetime(2026, 11, 23, 10, 0, tzinfo=dt.UTC)

    def now(self) -> dt.datetime:
        return self.at

    def real_seconds_until(self, at: dt.datetime) -> float:
        return max((at - self.at).total_seconds(), 0.0)


class FakeRandom:
    def token(self) -> str:
        return "t" * 22

    def below(self, n: int) -> int:
        return 0


class FakeFacts:
    """Ada is ours, Thandi is a customer's contact, anybody else is a guest. Where `plain`, there is one severity."""

    plain = False
    speaks = "en"

    contacts = (
        Option(id="thandi", label="Thandi (Acme Clinics)"),
        Option(id="jan", label="Jan (Bolt Logistics)"),
    )

    def identity_of(self, person: PersonId, channel: ChannelName) -> str | None:
        return {"ada": ADA}.get(person) if channel == "slack" else None

    def new_form(self, channel: ChannelName, identity: str) -> NewForm:
        return NewForm(
            severities=SEVERITIES[2:] if self.plain else SEVERITIES,
            categories=CATEGORIES,
            for_contact=identity == ADA,
            known=identity in (ADA, THANDI),
            language=self.speaks,
        )

    def severities(self, ticket: str) -> tuple[Option, ...]:
        return SEVERITIES if ticket.startswith("MIT-") else ()

    def categories(self, ticket: str) -> tuple[Option, ...]:
        return CATEGORIES if ticket.startswith("MIT-") else ()

    def exclusions(self, ticket: str) -> tuple[Option, ...]:
        return EXCLUSIONS if ticket.startswith("MIT-") else ()

    def language(self, ticket: str) -> str:
        return self.speaks

    def contacts_like(self, query: str, limit: int = 20) -> tuple[Option, ...]:
        return tuple(c for c in self.contacts if query.lower() in c.label.lower())[:limit]

    def contact(self, id: str) -> Option | None:
        return next((c for c in self.contacts if c.id == id), None)

    def contact_id(self, channel: ChannelName, identity: str) -> str:
        return "thandi" if identity == THANDI else ""

    def is_desk(self, channel: ChannelName, place: str) -> bool:
        return place == DESK


@dataclasses.dataclass
class FakeWorld:
    """`received` is what came in; `answer` is said to everything; `trouble` is raised instead."""

    clock: FakeClock = dataclasses.field(default_factory=FakeClock)
    facts: FakeFacts = dataclasses.field(default_factory=FakeFacts)
    received: list[Inbound] = dataclasses.field(default_factory=list)
    counted: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    answer: Outcome = dataclasses.field(default_factory=Outcome)
    trouble: Exception | None = None

    async def receive(self, inbound: Inbound) -> Outcome:
        if self.trouble is not None:
            raise self.trouble
        self.received.append(inbound)
        return self.answer

    def world(self) -> World:
        return World(
            receive=self.receive,
            facts=self.facts,
            clock=self.clock,
            random=FakeRandom(),
            public_url="https://desk.example.com",
            count=lambda name, label: self.counted.append((name, label)),
        )


@functools.cache
def checker() -> Callable[[str, dict[str, Any]], list[str]] | None:
    """The vendors' own description of their requests, where the folder with it is there."""
    if not _CHECKER.exists():
        return None
    spec = importlib.util.spec_from_file_location("vendor_check", _CHECKER)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Callable[[str, dict[str, Any]], list[str]] = module.check
    return found


def violations(method: str, body: dict[str, Any]) -> list[str]:
    """What Slack would refuse of a call; nothing where its description is not there."""
    check = checker()
    request = {"method": "POST", "path": f"/api/{method}", "query": {}, "body": body}
    return check("slack", request | {"headers": {"authorization": "Bearer x"}}) if check else []
