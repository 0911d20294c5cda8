"""Opening a ticket, and what it is: its severity and category, proposed, confirmed, changed."""

from __future__ import annotations

import dataclasses
import datetime as dt

from bot.domain import commands as cmd
from bot.domain import events as ev
from bot.domain import notices as no
from bot.domain.decide_consent import asked_to_pay
from bot.domain.decision import (
    Asked,
    Decision,
    applied,
    asked_at_opening,
    category_label,
    desk_line,
    next_due,
    promised,
    solved_by,
    wanted_page,
)
from bot.domain.errors import NotPossible
from bot.domain.evolve import evolve
from bot.domain.ticket import Ticket
from escalation.entitlement import Entitled, Entitling, entitlement
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
        category=c.category,
        service=c.service,
        exclusion=c.exclusion,
        version=c.version,
        missing=c.missing,
    )
    ticket = evolve(None, opened, now, policy)
    entitling = _entitling(c, policy, now)
    known: tuple[no.Saying, ...] = (
        *_limits(ticket, policy, entitling),
        *_whole_words(c),
        *_for_the_desk(ticket, c, entitling, policy),
    )
    before = (no.ToDesk(notice=c.said_first),) if c.said_first is not None else ()
    if not ticket.confirmed:
        question = _ask_severity if asked_at_opening(policy) is Asked.SEVERITY else _ask_category
        asked = no.ToCustomer(notice=question(ticket, policy))
        return Decision(ticket=ticket, events=(opened,), sayings=(*before, asked, *known))
    promise = promised(ticket, policy, now)
    promise = dataclasses.replace(promise, called=c.said_first is not None)
    if c.opened_by.by is ev.By.ENGINEER:
        promise = dataclasses.replace(promise, opened_by=c.opened_by.name, text=c.text)
    first = Decision(ticket=ticket, events=(opened,), sayings=before)
    return _settled(ticket, promise, policy, now, c.opened_by).after(first).and_said(*known)


def _settled(
    ticket: Ticket, promise: no.Promised, policy: Policy, now: dt.datetime, by: ev.Actor
) -> Decision:
    """What it is stands: the customer hears the promise, is asked about a charge where there is one, and we page."""
    consent = asked_to_pay(ticket, policy, now, by)
    ticket = consent.ticket if consent else ticket
    promise = dataclasses.replace(promise, paging=promise.paging and ticket.may_page)
    told = Decision(ticket=ticket, sayings=(no.ToCustomer(notice=promise), *_advice(ticket, policy)))
    decision = consent.after(told) if consent else told
    return dataclasses.replace(decision, page=wanted_page(ticket, policy))


def _whole_words(c: cmd.OpenTicket) -> tuple[no.Saying, ...]:
    """What a card has no room for stands in the thread: a long first message, and the names of its files."""
    if len(c.text) <= CARD_WORDS and c.text.count("\n") < CARD_LINES and not c.attachments:
        return ()
    names = tuple(a.name for a in c.attachments)
    return (
        no.ToDesk(notice=no.CustomerSaid(name=c.contact_name or "Customer", text=c.text, attachments=names)),
    )


# ---------------------------------------------------------------- what else the policy says about it
def _entitling(c: cmd.OpenTicket, policy: Policy, now: dt.datetime) -> Entitling | None:
    service = next((s for s in policy.services if s.id == c.service), None)
    if service is None:
        return None
    today = now.astimezone(policy.zone).date()
    since = c.organisation.since
    return entitlement(service, c.organisation.plan, since, today, used=c.served_before)


def _for_the_desk(
    ticket: Ticket, c: cmd.OpenTicket, entitling: Entitling | None, policy: Policy
) -> tuple[no.Saying, ...]:
    """What the engineer should know before the first answer."""
    lines: list[no.Saying] = []
    if entitling is not None:
        lines.append(
            desk_line("service_asked", text=service_label(ticket, policy), name=_SERVED[entitling.entitled])
        )
    if ticket.sounds:
        lines.append(desk_line("sounds_excluded", text=exclusion_label(ticket.sounds, policy)))
    if out_of_support(ticket, policy):
        lines.append(desk_line("out_of_support", text=str(ticket.version)))
    if c.missing and c.known:  # of a stranger the card says that nothing is known
        lines.append(desk_line("contact_missing", text=", ".join(c.missing)))
    return tuple(lines)


_SERVED = {
    Entitled.INCLUDED: "included in their plan",
    Entitled.OTHER_PLAN: "not in their plan",
    Entitled.TOO_LATE: "the time for it is over",
    Entitled.USED: "they have had it",
    Entitled.UNKNOWN_START: "when they started is not known",
}


def _limits(ticket: Ticket, policy: Policy, entitling: Entitling | None) -> tuple[no.Saying, ...]:
    """For the customer, at the opening: what a service includes, what support does not cover."""
    if not ticket.service and not ticket.sounds and ticket.version is None:
        return ()
    said = nothing = no.GoodToKnow(ticket=ticket.id)
    service = next((s for s in policy.services if s.id == ticket.service), None)
    if service is not None and entitling is not None:
        said = dataclasses.replace(
            said, service=service.label, entitled=entitling.entitled, until=entitling.until, note=service.note
        )
    exclusion = next((e for e in policy.exclusions if e.id == ticket.sounds), None)
    if exclusion is not None:
        said = dataclasses.replace(said, excluded=exclusion.label, instead=exclusion.instead)
    if policy.versions and out_of_support(ticket, policy):
        said = dataclasses.replace(
            said,
            version=ticket.version,
            product=policy.versions.product,
            supported=policy.versions.supported,
        )
    return (no.ToCustomer(notice=said),) if said != nothing else ()


def _advice(ticket: Ticket, policy: Policy) -> tuple[no.Saying, ...]:
    """For the customer, with the promise: what to try meanwhile (never with something that pages)."""
    handling = ticket.handling(policy)
    said = nothing = no.GoodToKnow(ticket=ticket.id)
    category = next((c for c in policy.categories if c.id == ticket.category), None)
    if category is not None and not handling.pages and not ticket.service and ticket.acknowledged is None:
        said = dataclasses.replace(said, steps=category.steps, articles=category.articles)
    return (no.ToCustomer(notice=said),) if said != nothing else ()


def service_label(ticket: Ticket, policy: Policy) -> str:
    return next((s.label for s in policy.services if s.id == ticket.service), "")


def exclusion_label(exclusion: str, policy: Policy) -> str:
    return next((e.label for e in policy.exclusions if e.id == exclusion), exclusion)


def out_of_support(ticket: Ticket, policy: Policy) -> bool:
    """Does the customer run a version that is not worked on any more?"""
    versions = policy.versions
    return versions is not None and ticket.version is not None and not versions.supports(ticket.version)


# ---------------------------------------------------------------- severity and category
def _ask_severity(ticket: Ticket, policy: Policy) -> no.SeverityAsked:
    proposed = ticket.served(policy)
    return no.SeverityAsked(
        ticket=ticket.id,
        proposed=proposed.label,
        meaning=proposed.meaning,
        options=tuple(no.SeverityOption(id=s.id, label=s.label) for s in policy.severities),
        until=ticket.opened + policy.patience,
    )


def _ask_category(ticket: Ticket, policy: Policy) -> no.CategoryAsked:
    return no.CategoryAsked(
        ticket=ticket.id,
        proposed=category_label(ticket, policy),
        options=tuple(no.SeverityOption(id=c.id, label=c.label) for c in policy.categories),
        until=ticket.opened + policy.patience,
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
    c = _for_a_vip(ticket, c, policy)
    severity = policy.severity(c.severity)
    worse = _rank(policy, c.severity) < _rank(policy, ticket.severity)
    if c.how is ev.How.CONFIRMED and ticket.confirmed and worse:
        c = dataclasses.replace(c, how=ev.How.CHANGED)
    if ticket.confirmed and (c.how in (ev.How.CONFIRMED, ev.How.SILENCE) or c.severity == ticket.severity):
        return _severity_stays(ticket, c, policy)
    events = (ev.SeveritySet(severity=c.severity, previous=ticket.severity, how=c.how, by=c.by),)
    after = applied(ticket, events, policy, now)
    what = {ev.How.CONFIRMED: "severity_confirmed", ev.How.SILENCE: "severity_stands"}.get(
        c.how, "severity_changed"
    )
    line = desk_line(what, severity=severity.label, name=c.by.name, due=next_due(after, policy, now))
    return (
        _now_it_is(ticket, after, c, policy, now).after(Decision(ticket=after, events=events)).and_said(line)
    )


def _for_a_vip(ticket: Ticket, c: cmd.SetSeverity, policy: Policy) -> cmd.SetSeverity:
    """A VIP's ticket is never below what the policy says: a customer gets that, one of ours is told. Raises
    NotPossible."""
    least = policy.vip_at_least if ticket.vip else None
    if least is None or policy.more_urgent(c.severity, least).id == c.severity:
        return c
    if c.by.by is ev.By.ENGINEER:
        label = policy.severity(least).label
        raise NotPossible("{ticket} is of a VIP: it is at least {severity}", ticket=ticket.id, severity=label)
    return dataclasses.replace(c, severity=least)


def set_category(ticket: Ticket, c: cmd.SetCategory, policy: Policy, now: dt.datetime) -> Decision:
    """The customer settles it at the opening, an engineer whenever it turns out to be something else. The customer
    hears of a change where it changes what is promised."""
    settles = not ticket.confirmed and asked_at_opening(policy) is Asked.CATEGORY
    if not settles and (c.how is not ev.How.CHANGED or c.category == ticket.category):
        return Decision(ticket=ticket)
    events = (ev.CategorySet(category=c.category, previous=ticket.category, how=c.how, by=c.by),)
    after = applied(ticket, events, policy, now)
    what = {ev.How.CONFIRMED: "category_confirmed", ev.How.SILENCE: "category_stands"}.get(
        c.how, "category_changed"
    )
    label = category_label(after, policy)
    what = what if label else "category_unknown"
    line = desk_line(
        what, text=label, name=c.by.name, due=solved_by(after, policy, now) or next_due(after, policy, now)
    )
    first = Decision(ticket=after, events=events)
    before = (next_due(ticket, policy, now), solved_by(ticket, policy, now))
    same = before == (next_due(after, policy, now), solved_by(after, policy, now))
    if not settles and (same or not ticket.confirmed):  # the promise comes once its severity stands
        return first.and_said(line)
    return _now_it_is(ticket, after, c, policy, now).after(first).and_said(line)


def _now_it_is(
    before: Ticket, after: Ticket, c: cmd.SetSeverity | cmd.SetCategory, policy: Policy, now: dt.datetime
) -> Decision:
    """The promise as it is now, and why it changed."""
    changed_by = c.by.name if c.by.by is ev.By.ENGINEER else ""
    silent = c.how is ev.How.SILENCE
    promise = promised(after, policy, now, changed=before.confirmed, silent=silent, by=changed_by)
    return _settled(after, promise, policy, now, c.by if not silent else ev.STANDBY)
