"""Which events a command causes, what is then said to whom, and what becomes of the page. Pure: values and `now` in,
a Decision out; one transaction writes all of it (bot/app/record.py)."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any

from bot.domain import commands as cmd
from bot.domain import events as ev
from bot.domain import notices as no
from bot.domain.errors import IllegalMove
from bot.domain.ids import PersonId
from bot.domain.status import Status
from bot.domain.ticket import Ticket, evolve
from bot.domain.timers import Timer, TimerKind
from escalation import sla
from escalation.policy import Policy
from escalation.sla import ClockKind

CLOSES_AFTER = dt.timedelta(hours=72)
"""A resolved ticket closes by itself after this; until then a customer's message reopens it."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class PageWanted:
    """Start a page for this severity, unless the team has no chain for it or one runs."""

    urgency: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class PageAnswered:
    """Somebody has it: stop the page and tell every place."""

    person: PersonId
    name: str


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


def decide(ticket: Ticket | None, command: cmd.Command, policy: Policy, now: dt.datetime) -> Decision:
    """Raises IllegalMove where the ticket's status does not allow it; then nothing changes."""
    if isinstance(command, cmd.OpenTicket):
        return _open(command, policy, now)
    if ticket is None:
        raise ValueError(f"{type(command).__name__} without a ticket")
    return _DECISIONS[type(command)](ticket, command, policy, now)


def timers_of(ticket: Ticket, policy: Policy, now: dt.datetime) -> tuple[Timer, ...]:
    """When to look at this ticket again: the whole set, in place of the one before."""
    timers = []
    if _asking(ticket):
        timers.append(Timer(ticket=ticket.id, kind=TimerKind.SEVERITY, due=ticket.opened + policy.patience))
    dues = [at for c in ticket.clocks if (at := sla.late_from(c, policy.calendar, now)) is not None]
    if dues:
        timers.append(Timer(ticket=ticket.id, kind=TimerKind.BREACH, due=min(dues)))
    if ticket.status is Status.RESOLVED and ticket.resolved:
        timers.append(Timer(ticket=ticket.id, kind=TimerKind.CLOSE, due=ticket.resolved + CLOSES_AFTER))
    return tuple(timers)


def _asking(ticket: Ticket) -> bool:
    """Silence decides the severity only while nobody has the ticket; whoever has it can decide better."""
    return not ticket.confirmed and ticket.acknowledged is None and ticket.status.is_open


def next_due(ticket: Ticket, policy: Policy, now: dt.datetime) -> dt.datetime | None:
    """By when a human answers: the response clock's promise, or the next response's; None without a promise."""
    for kind in (ClockKind.RESPONSE, ClockKind.NEXT_RESPONSE):
        clock = ticket.clock(kind)
        if clock is not None and clock.stopped is None:
            return sla.promise_of(clock, policy.calendar, now).due
    return None


def _apply(ticket: Ticket, events: tuple[ev.Event, ...], policy: Policy, now: dt.datetime) -> Ticket:
    for event in events:
        ticket = evolve(ticket, event, now, policy)
    return ticket


def _desk(what: str, **fields: Any) -> no.ToDesk:
    return no.ToDesk(notice=no.DeskLine(what=what, **fields))


# ---------------------------------------------------------------- opening and severity
def _open(c: cmd.OpenTicket, policy: Policy, now: dt.datetime) -> Decision:
    opened = ev.TicketOpened(
        ticket=c.ticket,
        organisation=c.organisation.id,
        organisation_name=c.organisation.name,
        contact=c.contact,
        contact_name=c.contact_name,
        known=c.known,
        team=c.team,
        policy=policy.name,
        policy_version=policy.version,
        plan=c.organisation.plan,
        vip=c.vip,
        severity=c.severity,
        how=c.how,
        text=c.text,
        place=c.place,
        language=c.language,
        zone=c.organisation.zone.key,
        opened_by=c.opened_by,
        attachments=c.attachments,
    )
    ticket = evolve(None, opened, now, policy)
    whole = _whole_words(c)
    if not ticket.confirmed:
        return Decision(ticket=ticket, events=(opened,), sayings=(_ask_severity(ticket, policy), *whole))
    promise = _promised(ticket, policy, now)
    if c.opened_by.by is ev.By.ENGINEER:
        promise = dataclasses.replace(promise, opened_by=c.opened_by.name, text=c.text)
    return Decision(
        ticket=ticket,
        events=(opened,),
        sayings=(no.ToCustomer(notice=promise), *whole),
        page=_wanted(ticket, policy),
    )


CARD_WORDS, CARD_LINES = 600, 10
"""A card shows about so much of the first message."""


def _whole_words(c: cmd.OpenTicket) -> tuple[no.Saying, ...]:
    """What a card has no room for stands in the thread: a long first message, and the names of its files."""
    if len(c.text) <= CARD_WORDS and c.text.count("\n") < CARD_LINES and not c.attachments:
        return ()
    names = tuple(a.name for a in c.attachments)
    return (
        no.ToDesk(notice=no.CustomerSaid(name=c.contact_name or "Customer", text=c.text, attachments=names)),
    )


def _ask_severity(ticket: Ticket, policy: Policy) -> no.ToCustomer:
    options = tuple(no.SeverityOption(id=s.id, label=s.label) for s in policy.severities)
    proposed = policy.severity(ticket.severity)
    return no.ToCustomer(
        notice=no.SeverityAsked(
            ticket=ticket.id,
            proposed=proposed.label,
            meaning=proposed.meaning,
            options=options,
            until=ticket.opened + policy.patience,
        )
    )


def _promised(
    ticket: Ticket, policy: Policy, now: dt.datetime, *, changed: bool = False, silent: bool = False
) -> no.Promised:
    severity = policy.severity(ticket.severity)
    closed = not severity.pages and not policy.calendar.is_open(now)
    return no.Promised(
        ticket=ticket.id,
        severity=severity.label,
        due=next_due(ticket, policy, now),
        paging=severity.pages and ticket.acknowledged is None,
        reopens=policy.calendar.next_open(now) if closed else None,
        changed=changed,
        by_silence=silent,
        introduce=not ticket.known and not changed,
    )


def _wanted(ticket: Ticket, policy: Policy) -> PageChange | None:
    if not policy.severity(ticket.severity).pages:
        return PageUnwanted(reason="severity")
    if ticket.acknowledged is None and ticket.status.is_open:
        return PageWanted(urgency=ticket.severity)
    return None


def _rank(policy: Policy, severity: str) -> int:
    """0 is the most urgent."""
    return [s.id for s in policy.severities].index(policy.severity(severity).id)


def _severity_stays(ticket: Ticket, c: cmd.SetSeverity, policy: Policy) -> Decision:
    """A tap on an old question, or nothing new. (A customer may make it worse at any time, never better.)"""
    if c.by.by is not ev.By.CUSTOMER:
        return Decision(ticket=ticket)
    label = policy.severity(ticket.severity).label
    return Decision(
        ticket=ticket, sayings=(no.ToCustomer(notice=no.SeverityAlready(ticket=ticket.id, severity=label)),)
    )


def _set_severity(ticket: Ticket, c: cmd.SetSeverity, policy: Policy, now: dt.datetime) -> Decision:
    severity = policy.severity(c.severity)
    if (
        c.how is ev.How.CONFIRMED
        and ticket.confirmed
        and _rank(policy, c.severity) < _rank(policy, ticket.severity)
    ):
        c = dataclasses.replace(c, how=ev.How.CHANGED)
    if ticket.confirmed and (c.how in (ev.How.CONFIRMED, ev.How.SILENCE) or c.severity == ticket.severity):
        return _severity_stays(ticket, c, policy)
    first = not ticket.confirmed
    events = (ev.SeveritySet(severity=c.severity, previous=ticket.severity, how=c.how, by=c.by),)
    after = _apply(ticket, events, policy, now)
    said = no.ToCustomer(
        notice=_promised(after, policy, now, changed=not first, silent=c.how is ev.How.SILENCE)
    )
    what = {ev.How.CONFIRMED: "severity_confirmed", ev.How.SILENCE: "severity_stands"}.get(
        c.how, "severity_changed"
    )
    line = _desk(what, severity=severity.label, name=c.by.name, due=next_due(after, policy, now))
    return Decision(ticket=after, events=events, sayings=(said, line), page=_wanted(after, policy))


# ---------------------------------------------------------------- what the customer does
def _customer_writes(ticket: Ticket, c: cmd.CustomerWrites, policy: Policy, now: dt.datetime) -> Decision:
    events: tuple[ev.Event, ...] = (
        ev.CustomerWrote(text=c.text, contact=c.contact, attachments=c.attachments),
    )
    names = tuple(a.name for a in c.attachments)
    said = no.CustomerSaid(name=c.contact_name, text=c.text, attachments=names)
    sayings: tuple[no.Saying, ...] = (no.ToDesk(notice=said, except_at=c.origin),)
    page: PageChange | None = None
    if ticket.status is Status.WAITING:
        sayings += (_desk("wait_over", mention=(ticket.owner,) if ticket.owner else ()),)
    if ticket.status is Status.RESOLVED and not c.thanks:
        by = ev.Actor(by=ev.By.CUSTOMER, id=c.contact, name=c.contact_name)
        reopened = _reopen(ticket, cmd.Reopen(by=by), policy, now)
        events = (*reopened.events, *events)
        sayings = (*reopened.sayings, *sayings)
        page = reopened.page
    return Decision(ticket=_apply(ticket, events, policy, now), events=events, sayings=sayings, page=page)


def _name_contact(ticket: Ticket, c: cmd.NameContact, policy: Policy, now: dt.datetime) -> Decision:
    events = (ev.ContactNamed(name=c.name, email=c.email),)
    after = _apply(ticket, events, policy, now)
    return Decision(
        ticket=after,
        events=events,
        sayings=(
            no.ToCustomer(notice=no.ThanksForName(ticket=ticket.id, name=after.contact_name)),
            _desk("contact_named", name=after.contact_name, text=c.email),
        ),
    )


# ---------------------------------------------------------------- what an engineer does
def _first_touch(ticket: Ticket, c: cmd.EngineerCommand) -> tuple[ev.Event, ...]:
    """Whoever answers first has acknowledged by it."""
    if ticket.acknowledged is None and ticket.status.is_open:
        return (ev.Acknowledged(person=c.person, via=c.via),)
    return ()


def _has_it(
    ticket: Ticket, c: cmd.EngineerCommand, policy: Policy, now: dt.datetime
) -> tuple[no.Saying, ...]:
    return (
        no.ToCustomer(notice=no.HasIt(ticket=ticket.id, person=c.name, due=next_due(ticket, policy, now))),
        _desk("acknowledged", name=c.name, text=c.via),
    )


def _acknowledge(ticket: Ticket, c: cmd.Acknowledge, policy: Policy, now: dt.datetime) -> Decision:
    """A second acknowledgement changes nothing; the one who asks is told who has it (bot/app/tickets.py)."""
    if ticket.acknowledged is not None and ticket.status.is_open:
        return Decision(ticket=ticket)
    events: tuple[ev.Event, ...] = (ev.Acknowledged(person=c.person, via=c.via),)
    after = _apply(ticket, events, policy, now)
    answered = PageAnswered(person=c.person, name=c.name)
    return Decision(ticket=after, events=events, sayings=_has_it(after, c, policy, now), page=answered)


def _take(ticket: Ticket, c: cmd.Take, policy: Policy, now: dt.datetime) -> Decision:
    if ticket.owner == c.person:
        return Decision(ticket=ticket)
    events = (*_first_touch(ticket, c), ev.Taken(person=c.person, previous=ticket.owner))
    after = _apply(ticket, events, policy, now)
    has_it = no.ToCustomer(notice=no.HasIt(ticket=ticket.id, person=c.name, due=next_due(after, policy, now)))
    return Decision(
        ticket=after,
        events=events,
        sayings=(has_it, _desk("taken", name=c.name)),
        page=PageAnswered(person=c.person, name=c.name),
    )


def _reply(ticket: Ticket, c: cmd.Reply, policy: Policy, now: dt.datetime) -> Decision:
    first = _first_touch(ticket, c)
    events = (*first, ev.EngineerWrote(person=c.person, text=c.text))
    mark = (c.origin, c.mark) if c.origin and c.mark else None
    sayings: tuple[no.Saying, ...] = (
        no.ToCustomer(notice=no.Answer(ticket=ticket.id, person=c.name, text=c.text), mark=mark),
        no.ToDesk(
            notice=no.ColleagueSaid(name=c.name, text=c.text, internal=False, where=c.via), except_at=c.origin
        ),
    )
    if c.attachments:
        sayings += (_desk("files_not_relayed", name=c.name),)
    if first:
        sayings += (_desk("acknowledged", name=c.name, text=c.via),)
    answered = PageAnswered(person=c.person, name=c.name) if first else None
    return Decision(ticket=_apply(ticket, events, policy, now), events=events, sayings=sayings, page=answered)


def _write_note(ticket: Ticket, c: cmd.WriteNote, policy: Policy, now: dt.datetime) -> Decision:
    events = (ev.NoteWritten(person=c.person, text=c.text),)
    note = no.ColleagueSaid(name=c.name, text=c.text, internal=True, where=c.via)
    sayings: tuple[no.Saying, ...] = (no.ToDesk(notice=note, except_at=c.origin),)
    if c.origin and c.mark:
        sayings += (no.Marked(at=c.origin, message=c.mark, mark="internal"),)
    return Decision(ticket=_apply(ticket, events, policy, now), events=events, sayings=sayings)


def _ask_info(ticket: Ticket, c: cmd.AskInfo, policy: Policy, now: dt.datetime) -> Decision:
    first = _first_touch(ticket, c)
    events = (*first, ev.InfoAsked(person=c.person, text=c.text))
    return Decision(
        ticket=_apply(ticket, events, policy, now),
        events=events,
        sayings=(
            no.ToCustomer(notice=no.InfoNeeded(ticket=ticket.id, person=c.name, text=c.text)),
            _desk("info_asked", name=c.name, text=c.text),
        ),
        page=PageAnswered(person=c.person, name=c.name) if first else None,
    )


def _resolve(ticket: Ticket, c: cmd.Resolve, policy: Policy, now: dt.datetime) -> Decision:
    events = (*_first_touch(ticket, c), ev.Resolved(person=c.person, text=c.text))
    return Decision(
        ticket=_apply(ticket, events, policy, now),
        events=events,
        sayings=(
            no.ToCustomer(notice=no.ResolvedForYou(ticket=ticket.id, person=c.name, text=c.text)),
            _desk("resolved", name=c.name, text=c.text),
        ),
        page=PageAnswered(person=c.person, name=c.name),
    )


def _reopen(ticket: Ticket, c: cmd.Reopen, policy: Policy, now: dt.datetime) -> Decision:
    """A ticket whose severity pages starts a new page: whoever had it may be asleep by now."""
    events = (ev.Reopened(by=c.by),)
    after = _apply(ticket, events, policy, now)
    mention = (ticket.owner,) if ticket.owner else ()
    return Decision(
        ticket=after,
        events=events,
        sayings=(
            no.ToCustomer(
                notice=no.ReopenedForYou(
                    ticket=ticket.id,
                    due=next_due(after, policy, now),
                    paging=policy.severity(after.severity).pages,
                )
            ),
            _desk("reopened", name=c.by.name, mention=mention),
        ),
        page=_wanted(after, policy),
    )


def _close(ticket: Ticket, c: cmd.Close, policy: Policy, now: dt.datetime) -> Decision:
    events = (ev.Closed(by=c.by),)
    by_customer = c.by.by is ev.By.CUSTOMER
    told: tuple[no.Saying, ...] = (
        (no.ToCustomer(notice=no.ClosedForYou(ticket=ticket.id)),) if by_customer else ()
    )
    return Decision(
        ticket=_apply(ticket, events, policy, now),
        events=events,
        sayings=(*told, _desk("closed", name=c.by.name)),
        page=PageUnwanted(reason="closed"),
    )


# ---------------------------------------------------------------- what time does
def _look(ticket: Ticket, c: cmd.Look, policy: Policy, now: dt.datetime) -> Decision:
    """Whatever is due by now; a question asked too early or too late changes nothing."""
    if _asking(ticket) and now >= ticket.opened + policy.patience:
        stands = cmd.SetSeverity(severity=ticket.severity, how=ev.How.SILENCE, by=ev.STANDBY)
        return _set_severity(ticket, stands, policy, now)
    if ticket.status is Status.RESOLVED and ticket.resolved and now >= ticket.resolved + CLOSES_AFTER:
        return _close(ticket, cmd.Close(by=ev.STANDBY), policy, now)
    return _breaches(ticket, policy, now)


def _breaches(ticket: Ticket, policy: Policy, now: dt.datetime) -> Decision:
    found = [
        (clock, at) for clock in ticket.clocks if (at := sla.breach(clock, policy.calendar, now)) is not None
    ]
    events = tuple(ev.ClockBreached(clock=clock.kind, at=at) for clock, at in found)
    mention = (ticket.owner,) if ticket.owner else ()
    sayings = tuple(_desk("breached", text=clock.kind, due=at, mention=mention) for clock, at in found)
    return Decision(ticket=_apply(ticket, events, policy, now), events=events, sayings=sayings)


_DECISIONS: dict[type[cmd.Command], Callable[[Ticket, Any, Policy, dt.datetime], Decision]] = {
    cmd.SetSeverity: _set_severity,
    cmd.CustomerWrites: _customer_writes,
    cmd.NameContact: _name_contact,
    cmd.Reply: _reply,
    cmd.WriteNote: _write_note,
    cmd.Acknowledge: _acknowledge,
    cmd.Take: _take,
    cmd.AskInfo: _ask_info,
    cmd.Resolve: _resolve,
    cmd.Reopen: _reopen,
    cmd.Close: _close,
    cmd.Look: _look,
}

__all__ = ["CLOSES_AFTER", "Decision", "IllegalMove", "PageChange", "decide", "next_due", "timers_of"]
