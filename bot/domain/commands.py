"""What somebody wants of a ticket, in the imperative. `ticket.apply` decides what comes of it."""

from __future__ import annotations

import dataclasses
import datetime as dt

from bot.domain.events import Actor, Attachment, How
from bot.domain.ids import Address, ContactId, PersonId, TeamName, TicketId
from bot.domain.notices import DeskLine
from bot.domain.people import Organisation


@dataclasses.dataclass(frozen=True, kw_only=True)
class Command:
    """Something to be done to a ticket."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class OpenTicket(Command):
    ticket: TicketId
    organisation: Organisation
    contact: ContactId
    contact_name: str
    known: bool
    vip: bool
    team: TeamName
    severity: str
    how: How
    text: str
    place: Address
    language: str
    opened_by: Actor
    attachments: tuple[Attachment, ...] = ()
    category: str | None = None
    service: str = ""
    served_before: bool = False
    """This customer has had that service."""
    exclusion: str = ""
    version: int | None = None
    missing: tuple[str, ...] = ()
    """What the policy requires to know of the contact and nobody has said yet."""
    said_first: DeskLine | None = None
    """What the thread says before that somebody is paged."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class SetSeverity(Command):
    severity: str
    how: How
    by: Actor


@dataclasses.dataclass(frozen=True, kw_only=True)
class SetCategory(Command):
    category: str | None
    how: How
    by: Actor


@dataclasses.dataclass(frozen=True, kw_only=True)
class AnswerConsent(Command):
    """The customer agrees to a call-out that is charged, or declines it; None: asked on the phone, they say nothing."""

    agreed: bool | None
    by: Actor


@dataclasses.dataclass(frozen=True, kw_only=True)
class AnswerProposal(Command):
    accepted: bool
    by: Actor


@dataclasses.dataclass(frozen=True, kw_only=True)
class AnswerWorse(Command):
    """What the customer says to the question whether it got worse."""

    worse: bool
    by: Actor


@dataclasses.dataclass(frozen=True, kw_only=True)
class AnswerCall(Command):
    """The customer wants the call that was offered, or does not."""

    wanted: bool
    by: Actor


@dataclasses.dataclass(frozen=True, kw_only=True)
class SetLanguage(Command):
    language: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Rate(Command):
    score: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Merge(Command):
    """This ticket goes on as `into`."""

    into: TicketId
    by: Actor


@dataclasses.dataclass(frozen=True, kw_only=True)
class TakeIn(Command):
    """The other side of Merge: this ticket takes in `other`, whose first words were `text`."""

    other: TicketId
    text: str
    by: Actor


@dataclasses.dataclass(frozen=True, kw_only=True)
class CustomerWrites(Command):
    text: str
    contact: ContactId
    contact_name: str
    thanks: bool = False
    urgent: bool = False
    """They raise it in the same breath: nobody needs to ask."""
    calls: bool = False
    """They call instead: there are no words."""
    attachments: tuple[Attachment, ...] = ()
    origin: Address | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class NameContact(Command):
    name: str
    email: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class EngineerCommand(Command):
    """Done by one of us. `via` names the place, for the log."""

    person: PersonId
    name: str
    via: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Reply(EngineerCommand):
    text: str
    origin: Address | None = None
    """Where it was written, so that it is not said there again."""
    mark: str = ""
    """The vendor's id of the message there, which gets a mark once the customer has it."""
    attachments: int = 0


@dataclasses.dataclass(frozen=True, kw_only=True)
class CallInVain(Command):
    """The customer called, and nobody talked to them: whoever acknowledged before is asked again."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Talk(EngineerCommand):
    """They talked to the customer on the phone, for so many seconds; 0: on a phone of their own."""

    seconds: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class WriteNote(EngineerCommand):
    text: str
    origin: Address | None = None
    mark: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Acknowledge(EngineerCommand):
    """`talking`: they are being put through to the customer, who need not be told by when they hear from them."""

    talking: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class Take(EngineerCommand):
    pass


@dataclasses.dataclass(frozen=True, kw_only=True)
class HandOver(EngineerCommand):
    """To a colleague, who is paged for it; to nobody in particular, it goes on up the chain."""

    to: PersonId | None = None
    to_name: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Snooze(EngineerCommand):
    until: dt.datetime


@dataclasses.dataclass(frozen=True, kw_only=True)
class AskInfo(EngineerCommand):
    text: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Resolve(EngineerCommand):
    text: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class GivePlan(EngineerCommand):
    """A support plan: what we do, what we need from the customer."""

    ours: str
    theirs: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ProposeTime(EngineerCommand):
    due: dt.datetime


@dataclasses.dataclass(frozen=True, kw_only=True)
class Exclude(EngineerCommand):
    """Support does not cover it; an empty `exclusion` takes that back."""

    exclusion: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Reopen(Command):
    by: Actor


@dataclasses.dataclass(frozen=True, kw_only=True)
class Close(Command):
    by: Actor


@dataclasses.dataclass(frozen=True, kw_only=True)
class Look(Command):
    """Time has passed: see what it did."""
