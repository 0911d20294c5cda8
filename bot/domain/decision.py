"""What a decision is, and what the decisions share: the promise, the timers, the page that a ticket wants."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
from typing import Any

from bot.domain import events as ev
from bot.domain import marks
from bot.domain import notices as no
from bot.domain.events import Consent
from bot.domain.evolve import evolve
from bot.domain.ids import PersonId
from bot.domain.status import Status
from bot.domain.ticket import Ticket
from bot.domain.timers import Timer, TimerKind
from escalation import sla
from escalation.policy import AnsweredBy, Policy
from escalation.sla import ClockKind
from escalation.targets import Negotiated, parse_target

CLOSES_AFTER = dt.timedelta(hours=72)
"""A resolved ticket closes by itself after this; until then a customer's message reopens it."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class PageWanted:
    """Start a page for this severity along `chain` (empty: the team's own for it), unless one runs (`anew`: in its
    place). `first` are targets, each paged before the chain begins; `beyond` leaves out the chain's first step."""

    urgency: str
    chain: str = ""
    first: tuple[str, ...] = ()
    beyond: bool = False
    anew: bool = False
    handed_by: str = ""
    """The colleague who asks for `first`."""
    gives_up: bool = False
    """`first` alone, and not everyone in the end: nobody has to be woken for it."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class PageAnswered:
    """Somebody has it: stop the page and tell every place. `joins`: a colleague has the ticket, and this one helps."""

    person: PersonId
    name: str
    joins: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class PageUnwanted:
    """The ticket needs nobody any more."""

    reason: str


PageChange = PageWanted | PageAnswered | PageUnwanted


@dataclasses.dataclass(frozen=True, kw_only=True)
class Decision:
    """Everything that follows from one command."""

    ticket: Ticket
    events: tuple[ev.Event, ...] = ()
    sayings: tuple[no.Saying, ...] = ()
    page: PageChange | None = None

    def after(self, earlier: Decision) -> Decision:
        """This decision, made on the ticket that the earlier one left, as one with it."""
        return dataclasses.replace(
            self,
            events=(*earlier.events, *self.events),
            sayings=(*earlier.sayings, *self.sayings),
            page=self.page or earlier.page,
        )

    def and_said(self, *sayings: no.Saying) -> Decision:
        """The same with something said at the end."""
        return dataclasses.replace(self, sayings=(*self.sayings, *sayings))


class Asked(enum.StrEnum):
    """What a customer is asked when a ticket opens."""

    SEVERITY = "severity"
    CATEGORY = "category"
    NOTHING = "nothing"


def asked_at_opening(policy: Policy) -> Asked:
    """The severity; where there is only one, what it is about; where that has no choice either, nothing."""
    if len(policy.severities) > 1:
        return Asked.SEVERITY
    return Asked.CATEGORY if len(policy.categories) > 1 else Asked.NOTHING


def timers_of(ticket: Ticket, policy: Policy, now: dt.datetime) -> tuple[Timer, ...]:
    """When to look at this ticket again: the whole set, in place of the one before."""
    calendar = policy.calendar_of(ticket.severity)
    late = [at for c in ticket.clocks if (at := sla.late_from(c, calendar, now)) is not None]
    of_clocks = {
        TimerKind.BREACH: min(late, default=None),
        TimerKind.MARK: marks.next_at(ticket, policy, now),
    }
    return _timers(ticket, _of_questions(ticket, policy) | of_clocks)


def _of_questions(ticket: Ticket, policy: Policy) -> dict[TimerKind, dt.datetime | None]:
    """When to look again for another reason than a clock."""
    closes = ticket.resolved + CLOSES_AFTER if ticket.status is Status.RESOLVED and ticket.resolved else None
    return {
        TimerKind.SEVERITY: ticket.opened + policy.patience if is_asking(ticket) else None,
        TimerKind.CONSENT: ticket.consent_until if is_asking_consent(ticket) else None,
        TimerKind.OPENING: (ticket.desk_opens or ticket.queued) if ticket.status.is_open else None,
        TimerKind.PATIENCE: ticket.answer_by if ticket.status.is_open else None,
        TimerKind.CLOSE: closes,
    }


def _timers(ticket: Ticket, dues: dict[TimerKind, dt.datetime | None]) -> tuple[Timer, ...]:
    return tuple(Timer(ticket=ticket.id, kind=kind, due=due) for kind, due in dues.items() if due is not None)


def alarm_of(ticket: Ticket, policy: Policy, now: dt.datetime, *, looked: bool = False) -> tuple[Timer, ...]:
    """The first of them, or nothing: whoever looks sets the next. `looked`: there was nothing to do by now, so what is
    due by now is not asked again. Where a question comes before anything that a clock can bring, the clocks are not
    asked."""
    soon = _timers(ticket, _of_questions(ticket, policy))
    if soon and not looked:
        first = min(soon, key=lambda timer: timer.due)
        if first.due <= marks.not_before(ticket, policy):
            return (first,)
    timers = [t for t in timers_of(ticket, policy, now) if not looked or t.due > now]
    return (min(timers, key=lambda timer: timer.due),) if timers else ()


def is_asking(ticket: Ticket) -> bool:
    """Silence decides the question of the opening only while nobody has the ticket; whoever has it can decide better."""
    return not ticket.confirmed and ticket.acknowledged is None and ticket.status.is_open


def is_asking_consent(ticket: Ticket) -> bool:
    """Does a page wait for the customer's word?"""
    return ticket.consent is Consent.ASKED and ticket.consent_until is not None and ticket.status.is_open


def next_due(ticket: Ticket, policy: Policy, now: dt.datetime) -> dt.datetime | None:
    """By when a human answers: the response clock's promise, or the next response's; None without a promise."""
    for kind in (ClockKind.RESPONSE, ClockKind.NEXT_RESPONSE):
        clock = ticket.clock(kind)
        if clock is not None and clock.stopped is None:
            return sla.promise_of(clock, policy.calendar_of(ticket.severity), ticket.desk_opens or now).due
    return None


def solved_by(ticket: Ticket, policy: Policy, now: dt.datetime) -> dt.datetime | None:
    """By when it is resolved; None without such a promise, and once it is."""
    clock = ticket.clock(ClockKind.RESOLUTION)
    if clock is None or clock.stopped is not None:
        return None
    return sla.promise_of(clock, policy.calendar_of(ticket.severity), now).due


def promised(
    ticket: Ticket,
    policy: Policy,
    now: dt.datetime,
    *,
    changed: bool = False,
    silent: bool = False,
    by: str = "",
) -> no.Promised:
    handling, severity = ticket.handling(policy), policy.severity(ticket.severity)
    closed = not handling.pages and not policy.calendar_of(ticket.severity).is_open(now)
    resolution = ticket.clock(ClockKind.RESOLUTION)
    only = len(policy.severities) == 1
    return no.Promised(
        ticket=ticket.id,
        severity="" if only else severity.label,
        category=category_label(ticket, policy) if only else "",
        due=next_due(ticket, policy, now),
        solved=solved_by(ticket, policy, now),
        negotiated=resolution is not None and isinstance(parse_target(resolution.target), Negotiated),
        arranged=bool(ticket.service),
        with_plan=policy.answered_by is AnsweredBy.PLAN,
        paging=handling.pages and ticket.acknowledged is None and ticket.may_page,
        reopens=policy.calendar_of(ticket.severity).next_open(now) if closed else None,
        tell="" if changed else handling.tell,
        can_raise=policy.handling(policy.most_urgent.id, ticket.plan, now).pages,
        changed=changed,
        changed_by=by,
        by_silence=silent,
        introduce=not ticket.known and not changed,
        missing=() if changed else ticket.missing,
    )


def category_label(ticket: Ticket, policy: Policy) -> str:
    """What people call its category; empty without one."""
    return next((c.label for c in policy.categories if c.id == ticket.category), "")


def wanted_page(ticket: Ticket, policy: Policy) -> PageChange | None:
    """Whether somebody is to be paged for it as it is now."""
    handling = ticket.handling(policy)
    if not handling.pages:
        return PageUnwanted(reason="severity")
    if ticket.consent is Consent.DECLINED:
        return PageUnwanted(reason="declined")
    if ticket.acknowledged is None and ticket.status.is_open and ticket.may_page:
        return PageWanted(urgency=ticket.severity, chain=handling.chain)
    return None


def applied(ticket: Ticket, events: tuple[ev.Event, ...], policy: Policy, now: dt.datetime) -> Ticket:
    for event in events:
        ticket = evolve(ticket, event, now, policy)
    return ticket


def desk_line(what: str, **fields: Any) -> no.ToDesk:
    return no.ToDesk(notice=no.DeskLine(what=what, **fields))
