"""What happened to a ticket, each event in plain words, in the reader's language and zone."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from bot.app.arithmetic import CLOCK_NAMES
from bot.app.callback_wording import talked_for
from bot.app.chain_wording import means, trigger
from bot.app.context import Setup
from bot.app.page_wording import why_failed
from bot.app.speech import Speech
from bot.board.timeline_words import KIND, STOPPED, WORDS, Kind, key_of
from bot.domain import events as ev
from bot.domain.decide_opening import exclusion_label
from bot.domain.ids import PersonId, TicketId
from bot.domain.ticket import Ticket
from escalation.policy import Policy
from escalation.sla import ClockKind


@dataclasses.dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that happened. `quote` is what somebody said, `internal` what the customer never sees."""

    at: dt.datetime
    day: str
    time: str
    kind: Kind
    words: str
    quote: str = ""
    internal: bool = False
    files: tuple[str, ...] = ()
    link: TicketId | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Teller:
    """Tells of one ticket. The policy is that of the ticket: it has the labels."""

    setup: Setup
    ticket: Ticket
    policy: Policy
    s: Speech

    def told(self, recorded: Iterable[ev.Recorded]) -> tuple[Entry, ...]:
        return tuple(self.entry(one) for one in recorded)

    def entry(self, recorded: ev.Recorded) -> Entry:
        """Every kind of event has its words: a test holds that."""
        event = recorded.event
        local = recorded.at.astimezone(self.s.zone)
        return Entry(
            at=recorded.at,
            day=f"{local.date():%Y-%m-%d}",
            time=f"{local:%H:%M}",
            kind=KIND.get(type(event), Kind.CHANGE),
            words=self.s.text(WORDS[key_of(event)], **self._values(event)),
            quote=_quote(event),
            internal=isinstance(event, ev.NoteWritten),
            files=tuple(file.name for file in getattr(event, "attachments", ())),
            link=event.ticket if isinstance(event, ev.MergedInto | ev.MergedFrom) else None,
        )

    def _values(self, event: ev.Event) -> dict[str, str]:
        """What any template may name, as far as the event has it."""
        found = {name: value for name, write in _VALUES.items() if (value := self._one(event, name, write))}
        return dict.fromkeys(_VALUES, "") | found | self._who(event)

    def _one(self, event: ev.Event, name: str, write: Callable[[Teller, Any], str]) -> str:
        try:
            value = getattr(event, name)
        except AttributeError:
            return ""
        return write(self, value) if value is not None else ""

    def _who(self, event: ev.Event) -> dict[str, str]:
        person = getattr(event, "person", None)
        by = getattr(event, "by", None) or getattr(event, "opened_by", None)
        name = self.name_of(person) if person else ""
        if isinstance(by, ev.Actor):
            name = self._actor(by)
        elif isinstance(event, ev.CustomerWrote | ev.ContactNamed):
            name = getattr(event, "name", "") or self._customer()
        return {"name": name, "customer": self._customer()}

    def _actor(self, by: ev.Actor) -> str:
        if by.by is ev.By.STANDBY:
            return "Standby"
        return by.name or (self._customer() if by.by is ev.By.CUSTOMER else self.name_of(by.id))

    def _customer(self) -> str:
        return self.ticket.contact_name or self.s.text("the customer")

    def name_of(self, person: str) -> str:
        return self.setup.name_of(PersonId(person)) if person else ""

    def names(self, people: Iterable[str]) -> str:
        return ", ".join(self.name_of(person) for person in people) or self.s.text("nobody")

    def severity(self, id: str) -> str:
        known = {severity.id: severity.label for severity in self.policy.severities}
        return known.get(id, id)

    def category(self, id: str) -> str:
        return {category.id: category.label for category in self.policy.categories}.get(id, id)

    def rule(self, text: str) -> str:
        """The rule that fired, by its trigger; of one that the policy has lost, as it is written."""
        id = text.partition(" @")[0]
        known = {rule.id: rule.trigger.text for rule in self.policy.escalations}
        return trigger(known[id], self.s) if id in known else id

    def method(self, channel: str) -> str:
        return means(self.setup.label(channel), self.s)

    def instant(self, at: dt.datetime) -> str:
        return self.s.when(at, starts=True)


_VALUES: dict[str, Callable[[Teller, Any], str]] = {
    "severity": Teller.severity,
    "category": Teller.category,
    "previous": lambda t, text: str(text),
    "clock": lambda t, clock: t.s.text(CLOCK_NAMES[ClockKind(clock)]),
    "percent": lambda t, n: str(n),
    "until": Teller.instant,
    "due": Teller.instant,
    "reopens": Teller.instant,
    "to": lambda t, to: t.name_of(to) if isinstance(to, str) else "",
    "people": Teller.names,
    "method": Teller.method,
    "via": Teller.method,
    "channel": Teller.method,
    "error": lambda t, error: why_failed(error, t.s) or error,
    "exclusion": lambda t, id: exclusion_label(id, t.policy) if id else "",
    "rule": Teller.rule,
    "tier": lambda t, n: str(n),
    "step": lambda t, n: str(n + 1),
    "round": lambda t, n: str(n + 1),
    "attempt": lambda t, n: str(n),
    "score": lambda t, n: str(n),
    "seconds": lambda t, n: talked_for(n, t.s),
    "ticket": lambda t, id: str(id),
    "language": lambda t, code: str(code),
    "email": lambda t, text: str(text),
    "reason": lambda t, reason: t.s.text(STOPPED.get(reason, "nobody is needed any more")),
}


def _quote(event: ev.Event) -> str:
    """What a person said, as they said it."""
    if isinstance(event, ev.PlanGiven):
        return "\n".join(part for part in (event.ours, event.theirs) if part)
    return getattr(event, "text", "")
