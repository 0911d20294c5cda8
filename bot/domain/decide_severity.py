"""Opening a ticket, and its severity: proposed, confirmed, changed."""

from __future__ import annotations

import dataclasses
import datetime as dt

from bot.domain import commands as cmd
from bot.domain import events as ev
from bot.domain import notices as no
from bot.domain.decision import Decision, applied, desk_line, next_due, promised, wanted_page
from bot.domain.ticket import Ticket, evolve
from escalation.policy import Policy

CARD_WORDS, CARD_LINES = 600, 10
"""A card shows about so much of the first message."""


def open_ticket(c: cmd.OpenTicket, policy: Policy, now: dt.datetime) -> Decision:
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
    promise = promised(ticket, policy, now)
    if c.opened_by.by is ev.By.ENGINEER:
        promise = dataclasses.replace(promise, opened_by=c.opened_by.name, text=c.text)
    return Decision(
        ticket=ticket,
        events=(opened,),
        sayings=(no.ToCustomer(notice=promise), *whole),
        page=wanted_page(ticket, policy),
    )


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


def set_severity(ticket: Ticket, c: cmd.SetSeverity, policy: Policy, now: dt.datetime) -> Decision:
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
    after = applied(ticket, events, policy, now)
    said = no.ToCustomer(
        notice=promised(after, policy, now, changed=not first, silent=c.how is ev.How.SILENCE)
    )
    what = {ev.How.CONFIRMED: "severity_confirmed", ev.How.SILENCE: "severity_stands"}.get(
        c.how, "severity_changed"
    )
    line = desk_line(what, severity=severity.label, name=c.by.name, due=next_due(after, policy, now))
    return Decision(ticket=after, events=events, sayings=(said, line), page=wanted_page(after, policy))
