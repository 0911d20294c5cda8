"""What happened to a ticket, in the past tense. The event log is made of these and of nothing else.

An event carries facts, not texts for people; whoever did it is an Actor. The instant is kept beside the event
(`Recorded.at`), since it is the same for all that one decision caused.
"""

from __future__ import annotations

import dataclasses
import datetime as dt

from bot.domain.event import STANDBY, Actor, Attachment, By, Consent, Event, How
from bot.domain.ids import Address, ContactId, OrganisationId, PageId, PersonId, TeamName, TicketId


@dataclasses.dataclass(frozen=True, kw_only=True)
class TicketOpened(Event):
    ticket: TicketId
    organisation: OrganisationId
    organisation_name: str
    contact: ContactId
    contact_name: str
    known: bool
    team: TeamName
    policy: str
    policy_version: str
    plan: str
    vip: bool
    severity: str
    how: How
    text: str
    place: Address
    language: str
    zone: str
    opened_by: Actor
    attachments: tuple[Attachment, ...] = ()
    category: str | None = None
    service: str = ""
    exclusion: str = ""
    """What support does not cover, that the words sound like."""
    version: int | None = None
    """The major version of the product that the customer runs."""
    missing: tuple[str, ...] = ()
    """What the policy requires to know of the contact and nobody has said: name, email, phone."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class CategorySet(Event):
    category: str | None
    previous: str | None
    how: How
    by: Actor


@dataclasses.dataclass(frozen=True, kw_only=True)
class ConsentAsked(Event):
    """A call-out would be charged: the customer is asked. `holds`: nobody is paged before they answer or `until`."""

    until: dt.datetime
    holds: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class ConsentAnswered(Event):
    """`reopens` is when the desk opens, for one who declined."""

    answer: Consent
    by: Actor
    reopens: dt.datetime | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class DeskOpened(Event):
    """The desk is open again, for what waited for it; `opened` is when, which may be before it was noticed."""

    opened: dt.datetime | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class SeveritySet(Event):
    severity: str
    previous: str
    how: How
    by: Actor


@dataclasses.dataclass(frozen=True, kw_only=True)
class CustomerWrote(Event):
    text: str
    contact: ContactId
    attachments: tuple[Attachment, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class ContactNamed(Event):
    """A customer whom we did not know said who they are."""

    name: str
    email: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class EngineerWrote(Event):
    """A message that the customer sees."""

    person: PersonId
    text: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Talked(Event):
    """One of us talked to the customer on the phone, for so many seconds."""

    person: PersonId
    seconds: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Called(Event):
    """A step of a call about the ticket. `call` is the vendor's id of it, empty before it is known; `what` is `came`,
    `joined`, `rang` (the phone of `person`), `passed` (they did not take it), `connected` (they did), `message`,
    `hung up` or `declined`."""

    call: str
    what: str
    person: PersonId | None = None
    seconds: int = 0


@dataclasses.dataclass(frozen=True, kw_only=True)
class NoteWritten(Event):
    """A line that the customer never sees."""

    person: PersonId
    text: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Acknowledged(Event):
    person: PersonId
    via: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class AckLapsed(Event):
    """Somebody acknowledged and the customer heard nothing: it is as if nobody had."""

    person: PersonId


@dataclasses.dataclass(frozen=True, kw_only=True)
class HandedOver(Event):
    """`to` None: up the chain. It is as if nobody had acknowledged."""

    person: PersonId
    to: PersonId | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Snoozed(Event):
    person: PersonId
    until: dt.datetime


@dataclasses.dataclass(frozen=True, kw_only=True)
class Taken(Event):
    person: PersonId
    previous: PersonId | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class InfoAsked(Event):
    person: PersonId
    text: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class PlanGiven(Event):
    """A support plan: what we do, and what the customer has to do."""

    person: PersonId
    ours: str
    theirs: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class TurnaroundProposed(Event):
    person: PersonId
    name: str
    due: dt.datetime


@dataclasses.dataclass(frozen=True, kw_only=True)
class TurnaroundAnswered(Event):
    accepted: bool
    by: Actor


@dataclasses.dataclass(frozen=True, kw_only=True)
class Excluded(Event):
    """Support does not cover it: the resolution clock stands still. An empty `exclusion` takes that back."""

    person: PersonId
    exclusion: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class AimPassed(Event):
    clock: str
    at: dt.datetime


@dataclasses.dataclass(frozen=True, kw_only=True)
class MilestonePassed(Event):
    clock: str
    percent: int
    at: dt.datetime


@dataclasses.dataclass(frozen=True, kw_only=True)
class Escalated(Event):
    """A rule of the policy fired: the ticket goes further up, or the customer is offered a call."""

    rule: str
    to: tuple[str, ...] = ()
    tier: int | None = None
    offer: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class SoundsWorse(Event):
    """The customer's words sound like a more urgent severity: they are asked. An empty one: they say it is not."""

    severity: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class CallAnswered(Event):
    """What the customer says to the offered call."""

    wanted: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class MergedInto(Event):
    """It goes on as another ticket of the same customer."""

    ticket: TicketId
    by: Actor


@dataclasses.dataclass(frozen=True, kw_only=True)
class MergedFrom(Event):
    """Another ticket of the same customer goes on as this one."""

    ticket: TicketId
    text: str
    by: Actor


@dataclasses.dataclass(frozen=True, kw_only=True)
class LanguageSet(Event):
    """The customer wants to be spoken to in this language."""

    language: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Rated(Event):
    """How it was, 1 (bad) to 5 (very good)."""

    score: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Resolved(Event):
    person: PersonId
    text: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Reopened(Event):
    by: Actor


@dataclasses.dataclass(frozen=True, kw_only=True)
class Closed(Event):
    by: Actor


@dataclasses.dataclass(frozen=True, kw_only=True)
class ClockBreached(Event):
    """A promise was not kept. `at` is when it happened, which may be before it was noticed."""

    clock: str
    at: dt.datetime


@dataclasses.dataclass(frozen=True, kw_only=True)
class PageStarted(Event):
    page: PageId
    chain: str
    code: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class PageStepped(Event):
    """A step of the chain was begun; nobody in `people` means that it was skipped at once."""

    page: PageId
    round: int
    step: int
    people: tuple[PersonId, ...]
    last_resort: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class PageAttempted(Event):
    """Written before the vendor is asked: an attempt may be repeated, never forgotten."""

    page: PageId
    person: PersonId
    method: str
    attempt: int
    again: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class PageFailed(Event):
    page: PageId
    person: PersonId
    method: str
    error: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class PageStopped(Event):
    page: PageId
    reason: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class NotDelivered(Event):
    """The customer could not be reached with something that was meant for them."""

    channel: str
    error: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Recorded:
    """An event in the log: `seq` orders it, `at` is when the decision was made (UTC)."""

    seq: int
    ticket: TicketId
    at: dt.datetime
    event: Event


KINDS: dict[str, type[Event]] = {kind.__name__: kind for kind in Event.__subclasses__()}

__all__ = ["KINDS", "STANDBY", "Actor", "Attachment", "By", "Consent", "Event", "How", "Recorded"]
