"""The clocks that a ticket would have: when each is due and why, and what would be done at that hour."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator

from bot.promises.times import clock, iso
from bot.promises.words import promised, wrapped
from escalation.calendar import BusinessCalendar, EmptyCalendar
from escalation.finding import CLOCKS
from escalation.policy import Policy, Severity
from escalation.targets import Promise, Step, Target, explain, promise

_NAMED = {"respond": "Answer", "next": "Answer to a later message", "resolve": "Solution"}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Asked:
    """A ticket that might be opened."""

    policy: Policy
    severity: str
    category: str | None
    plan: str
    at: dt.datetime

    @property
    def served(self) -> Severity:
        return self.policy.served(self.severity, self.category)

    @property
    def calendar(self) -> BusinessCalendar:
        return self.policy.calendar_of(self.severity)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Due:
    """One clock of it; `promise.due` is None where there is no clock."""

    target: Target | None
    promise: Promise
    why: tuple[Step, ...]


def due(asked: Asked) -> dict[str, Due]:
    """Each clock by its name; raises EmptyCalendar where the hours end before it does."""
    return {name: _due(asked, getattr(asked.served, name)) for name in CLOCKS}


def _due(asked: Asked, target: Target | None) -> Due:
    if target is None:
        return Due(target=None, promise=Promise(aim=None, due=None), why=())
    counts, calendar = asked.served.counts, asked.calendar
    return Due(
        target=target,
        promise=promise(target, counts, calendar, asked.at),
        why=explain(target, counts, calendar, asked.at),
    )


def document(asked: Asked) -> dict[str, object]:
    """What `--json` prints."""
    return {name: _entry(asked, found) for name, found in due(asked).items()}


def _entry(asked: Asked, found: Due) -> dict[str, object] | None:
    aim, end, zone = found.promise.aim, found.promise.due, asked.policy.zone
    if end is None:
        return None
    return {
        "aim": None if aim is None else iso(aim, zone),
        "due": iso(end, zone),
        "why": [str(step) for step in found.why],
    }


def lines(asked: Asked) -> Iterator[str]:
    """What is printed for people."""
    policy = asked.policy
    category = f", {policy.category(asked.category).label}" if asked.category else ""
    yield wrapped(
        f"{policy.title}: {asked.served.label}{category}, "
        f"opened {clock(asked.at, policy.zone)} ({policy.zone.key})"
    )
    for name, found in due(asked).items():
        yield ""
        yield from _clock(asked, _NAMED[name], found)
    yield ""
    yield from _handling(asked)


def _clock(asked: Asked, name: str, found: Due) -> Iterator[str]:
    says, zone = promised(found.target, asked.served.counts), asked.policy.zone
    if found.promise.due is None:
        yield wrapped(f"{name}: {says}.")
        return
    aim = f" (aim {clock(found.promise.aim, zone)})" if found.promise.aim else ""
    yield wrapped(f"{name}: due {clock(found.promise.due, zone)}{aim}, {says}.")
    for step in found.why:
        yield wrapped(str(step), 2)


def _handling(asked: Asked) -> Iterator[str]:
    policy = asked.policy
    handling = policy.handling(asked.severity, asked.plan, asked.at)
    yield wrapped(f"This instant is {handling.hours} to the desk. {_pages(handling.pages, handling.chain)}")
    if handling.asks_consent:
        yield wrapped("The customer is asked first: the call-out is charged in this plan.", 2)
    if handling.tell:
        yield wrapped(f'The customer is told: "{handling.tell}"', 2)
    if not handling.served and (opens := _opens(asked)):
        yield wrapped(f"The desk opens for it {clock(opens, policy.zone)}.", 2)


def _pages(pages: bool, chain: str) -> str:
    if not pages:
        return "Nobody is paged."
    return f'The chain "{chain}" is paged.' if chain else "The team's chain is paged."


def _opens(asked: Asked) -> dt.datetime | None:
    try:
        return asked.calendar.next_open(asked.at)
    except EmptyCalendar:
        return None
