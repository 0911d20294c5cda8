"""Call-outs as a timesheet: who was paged when, by what, what they did, and how long it took. References and
organisations only, nobody's words."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from bot.app.context import Context
from bot.app.why_past import acknowledgement
from bot.app.why_steps import of_page
from bot.domain import events as ev
from bot.domain.events import Consent, Recorded
from bot.domain.ids import PersonId, TicketId
from bot.domain.page import Page
from bot.domain.ticket import Ticket
from escalation.office import Hours

_DAY = dt.timedelta(days=1)
_MINUTE = dt.timedelta(minutes=1)


class Outcome(enum.StrEnum):
    """Who had it in the end."""

    ACKNOWLEDGED = "acknowledged"
    SOMEBODY_ELSE = "somebody else did"
    NOBODY = "nobody"
    RUNNING = "nobody yet"


class Ending(enum.StrEnum):
    """How a call-out ended for somebody."""

    RESOLVED = "resolved"
    CLOSED = "closed"
    MERGED = "merged"
    HANDED_OVER = "handed over"
    TAKEN = "taken by somebody else"
    WAITING = "waiting for the customer"
    LAPSED = "lapsed"  # the customer heard nothing in time: the page began again
    NOT_NEEDED = "not needed"
    RUNNING = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class CallOut:
    """One page of one ticket, as one of us had it. `date` is the local one of its start in `zone`, theirs; `paged` None:
    they acknowledged without having been tried; `via` is by what they acknowledged."""

    date: dt.date
    person: PersonId
    name: str
    zone: ZoneInfo
    ticket: TicketId
    organisation: str
    severity: str
    hours: Hours
    charge: Consent
    paged: dt.datetime | None
    methods: tuple[str, ...]
    acknowledged: dt.datetime | None
    via: str
    ended: dt.datetime | None
    ending: Ending
    outcome: Outcome

    @property
    def after_hours(self) -> bool:
        return self.hours is not Hours.OFFICE

    @property
    def minutes_to_acknowledge(self) -> int | None:
        """Since the first attempt to them, rounded up."""
        return _minutes(self.paged, self.acknowledged)

    @property
    def minutes_worked(self) -> int | None:
        """From the acknowledgement to the end, rounded up; None where there is no such time (yet)."""
        return _minutes(self.acknowledged, self.ended)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sum:
    """Of one person: minutes are of ended work."""

    person: PersonId
    name: str
    call_outs: int
    after_hours: int
    acknowledged: int
    minutes_worked: int


def _minutes(start: dt.datetime | None, end: dt.datetime | None) -> int | None:
    return None if start is None or end is None else max(-((start - end) // _MINUTE), 0)


def call_outs(
    ctx: Context, since: dt.date, until: dt.date, person: PersonId | None = None
) -> tuple[CallOut, ...]:
    """Those of pages that started on the local dates [since, until) of whom they went to; by name, the oldest first."""
    first, last = (dt.datetime.combine(date, dt.time(), dt.UTC) for date in (since, until))
    found: list[CallOut] = []
    for page in ctx.uow.pages.between(first - _DAY, last + _DAY):
        ticket = ctx.uow.tickets.get(page.ticket)
        if ticket is not None:
            found += _of_page(ctx, page, ticket, ctx.uow.log.of(page.ticket))
    return tuple(
        row
        for row in sorted(found, key=lambda row: (row.name.casefold(), row.person, row.date))
        if since <= row.date < until and person in (None, row.person)
    )


def _of_page(ctx: Context, page: Page, ticket: Ticket, log: Sequence[Recorded]) -> Iterator[CallOut]:
    by, via = acknowledgement(page, log)
    tried: dict[PersonId, list[tuple[dt.datetime, str]]] = {by: []} if by else {}
    for at, event in of_page(log, ev.PageAttempted, page.id):
        tried.setdefault(event.person, []).append((at, event.method))
    policy = ctx.policy(ticket).knowing(page.urgency)
    for person, attempts in tried.items():
        listed = ctx.directory.listed(person)
        zone = listed.zone if listed else policy.zone
        yours = person == by
        ended, ending = _ended(page, person, by, log)
        yield CallOut(
            date=page.started.astimezone(zone).date(),
            person=person,
            name=ctx.setup.name_of(person),
            zone=zone,
            ticket=page.ticket,
            organisation=ticket.organisation_name,
            severity=policy.severity(page.urgency).label,
            hours=policy.hours_at(page.started),
            charge=_charge(log, ended or ctx.now),
            paged=attempts[0][0] if attempts else None,
            methods=tuple(dict.fromkeys(ctx.setup.label(method) for _, method in attempts)),
            acknowledged=page.ended if yours else None,
            via=via if yours else "",
            ended=ended,
            ending=ending,
            outcome=_outcome(page, yours=yours),
        )


def _outcome(page: Page, *, yours: bool) -> Outcome:
    if page.is_open:
        return Outcome.RUNNING
    if page.acknowledged_by is None:
        return Outcome.NOBODY
    return Outcome.ACKNOWLEDGED if yours else Outcome.SOMEBODY_ELSE


def _ended(
    page: Page, person: PersonId, by: PersonId | None, log: Sequence[Recorded]
) -> tuple[dt.datetime | None, Ending]:
    """For whoever acknowledged, when their work ended; for the others, when the page did."""
    if page.ended is None:
        return None, Ending.RUNNING
    if person != by:
        return page.ended, Ending.TAKEN if by else Ending.NOT_NEEDED
    for recorded in log:
        if recorded.at >= page.ended and (ending := _ending(recorded.event, person)) is not None:
            return recorded.at, ending
    return None, Ending.RUNNING


_ENDINGS: dict[type[ev.Event], Ending] = {
    ev.Resolved: Ending.RESOLVED,
    ev.Closed: Ending.CLOSED,
    ev.MergedInto: Ending.MERGED,
    ev.InfoAsked: Ending.WAITING,
}


def _ending(event: ev.Event, person: PersonId) -> Ending | None:
    match event:
        case ev.HandedOver(person=who) if who == person:
            return Ending.HANDED_OVER
        case ev.AckLapsed(person=who) if who == person:
            return Ending.LAPSED
        case ev.Taken(person=who) if who != person:
            return Ending.TAKEN
    return _ENDINGS.get(type(event))


def _charge(log: Sequence[Recorded], until: dt.datetime) -> Consent:
    """What the customer had said about the charge by then."""
    said = Consent.NONE
    for recorded in log:
        if recorded.at > until:
            break
        if isinstance(recorded.event, ev.ConsentAsked):
            said = Consent.ASKED
        elif isinstance(recorded.event, ev.ConsentAnswered):
            said = recorded.event.answer
    return said


def sums(rows: Sequence[CallOut]) -> tuple[Sum, ...]:
    """Per person, in the order of the rows."""
    people = dict.fromkeys((row.person, row.name) for row in rows)
    return tuple(_sum(person, name, [r for r in rows if r.person == person]) for person, name in people)


def _sum(person: PersonId, name: str, rows: Sequence[CallOut]) -> Sum:
    return Sum(
        person=person,
        name=name,
        call_outs=len(rows),
        after_hours=sum(row.after_hours for row in rows),
        acknowledged=sum(row.outcome is Outcome.ACKNOWLEDGED for row in rows),
        minutes_worked=sum(row.minutes_worked or 0 for row in rows),
    )


def period(today: dt.date) -> tuple[dt.date, dt.date]:
    """The month so far, today included; on its first day, the month before."""
    first = today.replace(day=1)
    return ((first - _DAY).replace(day=1), first) if today == first else (first, today + _DAY)
