"""What a simulation found, as a table and a list for people and as a document."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from bot.promises.times import iso
from bot.promises.words import wrapped
from escalation.policy import Policy
from escalation.simulate import REPLAYED, Outcome, Replayed, Simulation, Verdict
from escalation.sla import ClockKind

LISTED = 20
"""So many tickets are listed for people; `--json` has all."""

_NAMES = {ClockKind.RESPONSE: "respond", ClockKind.RESOLUTION: "resolve"}
_COUNTS = ("had", "met", "breached", "open")
_ROW = "{:<10.10} {:<11} {:<10.10} {:<7} {:<12} {:<12} {}"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Told:
    """A simulation with the names that it needs to be told."""

    before: Policy
    after: Policy
    tickets: int
    source: str
    result: Simulation

    @property
    def is_worse(self) -> bool:
        """Would more clocks be breached?"""
        return self.result.breaches(after=True) > self.result.breaches(after=False)

    def document(self) -> dict[str, object]:
        """What `--json` prints."""
        return {
            "before": {"name": self.before.name, "version": self.before.version},
            "after": {"name": self.after.name, "version": self.after.version},
            "tickets": self.tickets,
            "source": self.source,
            "clocks": {
                _NAMES[clock]: {
                    "before": dataclasses.asdict(self.result.count(clock, after=False)),
                    "after": dataclasses.asdict(self.result.count(clock, after=True)),
                }
                for clock in REPLAYED
            },
            "breaches": {
                "before": self.result.breaches(after=False),
                "after": self.result.breaches(after=True),
            },
            "differing": [self._entry(replayed) for replayed in self.result.differing],
            "notes": self.result.notes,
        }

    def _entry(self, replayed: Replayed) -> dict[str, object]:
        ticket, zone = replayed.ticket, self.before.zone
        stopped = ticket.stopped(replayed.clock)
        return {
            "id": ticket.id,
            "opened": iso(ticket.opened, zone),
            "severity": ticket.severity,
            "category": ticket.category,
            "clock": _NAMES[replayed.clock],
            "stopped": None if stopped is None else iso(stopped, zone),
            "before": _outcome(replayed.before, zone),
            "after": _outcome(replayed.after, zone),
        }

    def lines(self) -> Iterator[str]:
        """What is printed for people."""
        old, new = self._names()
        tickets = f"{self.tickets} ticket{'s' * (self.tickets != 1)}"
        yield wrapped(f"{old} against {new}: {tickets}, {self.source}")
        yield from (wrapped(f"note: {note}") for note in self.result.notes)
        yield ""
        yield f"{'':<8} {old[:35]:>35} {new[:35]:>35}"
        columns = "".join(f"{count:>9}" for count in _COUNTS)
        yield f"{'clock':<8}{columns}{columns}"
        for clock in REPLAYED:
            counts = (self.result.count(clock, after=after) for after in (False, True))
            cells = "".join(f"{getattr(count, name):>9}" for count in counts for name in _COUNTS)
            yield f"{_NAMES[clock]:<8}{cells}"
        yield from ("", *self._differing(), "", self._verdict())

    def _names(self) -> tuple[str, str]:
        """Both policies' names; versions of the same policy with theirs."""
        if self.before.name != self.after.name:
            return self.before.name, self.after.name
        return f"{self.before.name} {self.before.version}", f"{self.after.name} {self.after.version}"

    def _differing(self) -> Iterator[str]:
        differing = self.result.differing
        if not differing:
            yield "No ticket is breached under one and not under the other."
            return
        yield wrapped(f"Breached (!) under one only; month-day and time in {self.before.zone.key}:")
        yield _ROW.format("ticket", "opened", "severity", "clock", "due now", "due then", "done")
        for replayed in differing[:LISTED]:
            yield self._row(replayed).rstrip()
        if len(differing) > LISTED:
            yield f"... and {len(differing) - LISTED} more"

    def _row(self, replayed: Replayed) -> str:
        ticket = replayed.ticket
        return _ROW.format(
            ticket.id,
            self._short(ticket.opened),
            ticket.severity,
            _NAMES[replayed.clock],
            self._due(replayed.before),
            self._due(replayed.after),
            self._short(ticket.stopped(replayed.clock)),
        )

    def _due(self, outcome: Outcome) -> str:
        return self._short(outcome.due) + "!" * (outcome.verdict is Verdict.BREACHED)

    def _short(self, at: dt.datetime | None) -> str:
        return "-" if at is None else f"{at.astimezone(self.before.zone):%m-%d %H:%M}"

    def _verdict(self) -> str:
        now, then = self.result.breaches(after=False), self.result.breaches(after=True)
        more = f"{then - now} more" if then > now else f"{now - then} fewer" if then < now else "as many"
        return f"Breaches: {now} now, {then} then; {more}."


def _outcome(outcome: Outcome, zone: ZoneInfo) -> dict[str, object]:
    due = None if outcome.due is None else iso(outcome.due, zone)
    return {"severity": outcome.severity, "due": due, "verdict": outcome.verdict.value}
