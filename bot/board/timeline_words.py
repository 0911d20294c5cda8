"""The words for each kind of event on a ticket's page."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any

from bot.domain import events as ev


class Kind(enum.StrEnum):
    """How an entry looks."""

    CUSTOMER = "customer"
    US = "us"
    NOTE = "note"
    PAGE = "page"
    CALL = "call"
    CLOCK = "clock"
    TROUBLE = "trouble"
    CHANGE = "change"


STOPPED = {
    "severity": "the ticket's severity changed",
    "the severity was raised": "the severity was raised, and a new page began",
    "it begins anew": "it began anew",
    "declined": "the customer declined the call-out",
    "acknowledged": "somebody has it",
    "nobody answered": "nobody answered",
    "resolved": "resolved",
    "closed": "closed",
    "merged": "merged into another ticket",
    "waiting": "waiting for the customer",
}
WORDS = {
    "TicketOpened": "{customer} opened it, as {severity}.",
    "TicketOpened.for": "{name} opened it for {customer}, as {severity}.",
    "CategorySet": "What it is about is open.",
    "CategorySet.proposed": "It sounds like {category}: the customer is asked.",
    "CategorySet.confirmed": "{name} says it is about {category}.",
    "CategorySet.silence": "No word from the customer: it is taken as {category}.",
    "CategorySet.changed": "{name} set the category to {category}.",
    "CategorySet.given": "{name} opened it about {category}.",
    "ConsentAsked": "The call-out is charged: {customer} is asked, until {until}.",
    "ConsentAnswered.": "The call-out charge was not asked about.",
    "ConsentAnswered.asked": "The call-out is charged: {customer} is asked.",
    "ConsentAnswered.agreed": "{customer} agreed to the call-out charge.",
    "ConsentAnswered.declined": "{customer} declined the call-out and waits for the desk to open.",
    "ConsentAnswered.silent": "No answer about the call-out charge: it goes on all the same.",
    "DeskOpened": "The desk is open again.",
    "SeveritySet.proposed": "It sounds like {severity}: the customer is asked.",
    "SeveritySet.confirmed": "{name} says it is {severity}.",
    "SeveritySet.silence": "No word from the customer: {severity} stands.",
    "SeveritySet.changed": "{name} set the severity to {severity}.",
    "SeveritySet.given": "{name} opened it as {severity}.",
    "CustomerWrote": "{customer} wrote:",
    "ContactNamed": "The customer says who they are: {name}, {email}.",
    "EngineerWrote": "{name} to the customer:",
    "Talked": "{name} talked to {customer} for {seconds}.",
    "Called": "A step of a call.",
    "Called.came": "{customer} calls.",
    "Called.joined": "{customer} calls about this ticket.",
    "Called.rang": "{name}'s phone rings.",
    "Called.passed": "{name} did not take the call.",
    "Called.connected": "{name} talks to {customer} on the phone.",
    "Called.talked": "The call is over after {seconds}.",
    "Called.message": "{customer} left a message ({seconds}).",
    "Called.hung up": "The call ended without a talk.",
    "Called.declined": "{customer} would rather wait for the desk than pay for the call-out.",
    "Called.screened": "The call was not put through.",
    "NoteWritten": "{name} noted:",
    "Acknowledged": "{name} has it.",
    "Acknowledged.via": "{name} has it, by {via}.",
    "AckLapsed": "{name} had it, and the customer heard nothing: it counts as nobody's again.",
    "HandedOver": "{name} passes it on up the chain.",
    "HandedOver.to": "{name} hands it to {to}.",
    "Snoozed": "{name} snoozed it until {until}.",
    "Taken": "{name} took it.",
    "InfoAsked": "{name} asked the customer:",
    "PlanGiven": "{name} gave the customer a plan:",
    "TurnaroundProposed": "{name} proposed to have it done {due}.",
    "TurnaroundAnswered": "{name} does not agree to the proposed time.",
    "TurnaroundAnswered.accepted": "{name} agrees to the proposed time.",
    "Excluded": "{name}: covered after all.",
    "Excluded.exclusion": "{name}: not covered by the support ({exclusion}).",
    "AimPassed": "{clock}: the aim has passed.",
    "MilestonePassed": "{clock}: {percent} % of the time is used up.",
    "Escalated": "{rule}: it goes further up.",
    "Escalated.tier": "{rule}: it goes to tier {tier}.",
    "Escalated.offer": "{rule}: the customer is offered a call.",
    "SoundsWorse": "{customer} says that it is not worse.",
    "SoundsWorse.severity": "{customer}'s words sound like {severity}: they are asked.",
    "CallAnswered": "{customer} does not want a call.",
    "CallAnswered.wanted": "{customer} wants to be called.",
    "MergedInto": "{name} merged it: it goes on as {ticket}.",
    "MergedFrom": "{ticket} goes on here:",
    "LanguageSet": "{customer} wants to be spoken to in another language ({language}).",
    "Rated": "{customer} gives it {score} of 5.",
    "Resolved": "{name} resolved it:",
    "Reopened": "{name} opened it again.",
    "Closed": "{name} closed it.",
    "ClockBreached": "{clock}: the time ran out.",
    "PageStarted": "Somebody is needed: paging begins.",
    "PageStepped": "Step {step}: paging {people}.",
    "PageStepped.round": "Step {step}, round {round}: paging {people}.",
    "PageStepped.nobody": "Step {step} of the chain has nobody who can be reached: on to the next.",
    "PageStepped.everyone": "Everyone is paged: {people}.",
    "PageAttempted": "{method} to {name}.",
    "PageAttempted.later": "{method} to {name}, try {attempt}.",
    "PageAttempted.again": "{method} to {name}, perhaps for the second time.",
    "PageFailed": "{method} to {name} failed.",
    "PageFailed.error": "{method} to {name} failed: {error}.",
    "PageStopped": "Paging is over: {reason}.",
    "NotDelivered": "Not delivered to the customer by {channel}.",
}
"""By kind of event, and by what makes its words others."""

KIND: dict[type[ev.Event], Kind] = {
    ev.TicketOpened: Kind.CUSTOMER,
    ev.CustomerWrote: Kind.CUSTOMER,
    ev.MergedFrom: Kind.CUSTOMER,
    ev.Rated: Kind.CUSTOMER,
    ev.EngineerWrote: Kind.US,
    ev.InfoAsked: Kind.US,
    ev.PlanGiven: Kind.US,
    ev.Resolved: Kind.US,
    ev.NoteWritten: Kind.NOTE,
    ev.PageStarted: Kind.PAGE,
    ev.PageStepped: Kind.PAGE,
    ev.PageAttempted: Kind.PAGE,
    ev.PageStopped: Kind.PAGE,
    ev.Acknowledged: Kind.PAGE,
    ev.AckLapsed: Kind.TROUBLE,
    ev.PageFailed: Kind.TROUBLE,
    ev.NotDelivered: Kind.TROUBLE,
    ev.ClockBreached: Kind.TROUBLE,
    ev.AimPassed: Kind.CLOCK,
    ev.MilestonePassed: Kind.CLOCK,
    ev.Escalated: Kind.CLOCK,
    ev.Called: Kind.CALL,
    ev.Talked: Kind.CALL,
    ev.CallAnswered: Kind.CALL,
}


def _if(*names: str) -> Callable[[Any], str]:
    """The first of these fields that says something."""
    return lambda event: next((name for name in names if getattr(event, name)), "")


def _stepped(event: ev.PageStepped) -> str:
    if event.last_resort:
        return "everyone"
    if not event.people:
        return "nobody"
    return "round" if event.round else ""


def _attempted(event: ev.PageAttempted) -> str:
    return "again" if event.again else "later" if event.attempt > 1 else ""


VARIANTS: dict[type[ev.Event], Callable[[Any], str]] = {
    ev.TicketOpened: lambda event: "" if event.opened_by.by is ev.By.CUSTOMER else "for",
    ev.CategorySet: lambda event: event.how if event.category else "",
    ev.ConsentAnswered: lambda event: event.answer,
    ev.SeveritySet: lambda event: event.how,
    ev.Called: lambda event: event.what,
    ev.Acknowledged: _if("via"),
    ev.HandedOver: _if("to"),
    ev.TurnaroundAnswered: _if("accepted"),
    ev.Excluded: _if("exclusion"),
    ev.Escalated: _if("offer", "tier"),
    ev.SoundsWorse: _if("severity"),
    ev.CallAnswered: _if("wanted"),
    ev.PageStepped: _stepped,
    ev.PageAttempted: _attempted,
    ev.PageFailed: _if("error"),
}


def key_of(event: ev.Event) -> str:
    """Of WORDS. A variant that nobody knows has the words of its kind."""
    kind = type(event).__name__
    variant = f"{kind}.{VARIANTS[type(event)](event)}" if type(event) in VARIANTS else kind
    return variant if variant in WORDS else kind
