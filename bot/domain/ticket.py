"""A ticket as it stands: the fold of its events (`evolve.py`)."""

from __future__ import annotations

import dataclasses
import datetime as dt

from bot.domain.events import Consent
from bot.domain.ids import Address, ContactId, OrganisationId, PersonId, TeamName, TicketId
from bot.domain.status import Status
from escalation.instants import Span
from escalation.office import Handling
from escalation.policy import Policy, Severity
from escalation.sla import Clock, ClockKind


@dataclasses.dataclass(frozen=True, kw_only=True)
class Proposal:
    """A time that an engineer proposed to the customer, who has not answered yet."""

    due: dt.datetime
    person: PersonId
    name: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Ticket:
    """`rebuild` over the log gives the same value as the row.

    `text` is the customer's first message. `confirmed`: what is asked at the opening (the severity, or the category
    where there is only one severity) is more than a proposal. `spoken` is when either side last said something that
    the other sees; the customer's next words belong to the ticket last spoken of.
    """

    id: TicketId
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
    confirmed: bool
    status: Status
    text: str
    place: Address
    language: str
    zone: str
    opened: dt.datetime
    changed: dt.datetime
    clocks: tuple[Clock, ...] = ()
    owner: PersonId | None = None
    acknowledged: dt.datetime | None = None
    answer_by: dt.datetime | None = None
    """Until then whoever acknowledged a page has to write to the customer; None once they did."""
    spoken: dt.datetime | None = None
    said: str = ""
    """The customer's latest words, once there are some after the first."""
    resolved: dt.datetime | None = None
    category: str | None = None
    service: str = ""
    """The service of the policy that it asks for; empty for trouble."""
    sounds: str = ""
    """The exclusion of the policy that its words sound like; `exclusion` is what an engineer said."""
    exclusion: str = ""
    version: int | None = None
    missing: tuple[str, ...] = ()
    """What the policy requires to know of the contact and nobody has said yet."""
    tier: int = 1
    answered: dt.datetime | None = None
    """When it was first answered, as the policy counts answers."""
    handled: dt.datetime | None = None
    """The instant at which the policy's after-hours rules were asked last; None is the opening."""
    waits: tuple[Span, ...] = ()
    """The times in which resolving it stood still; `held_since` is the running one."""
    held_since: dt.datetime | None = None
    consent: Consent = Consent.NONE
    consent_until: dt.datetime | None = None
    """Until then nobody is paged while the customer may answer; None when the page does not wait for them."""
    desk_opens: dt.datetime | None = None
    """When the desk opens, for a customer who declined a call-out and waits for it."""
    queued: dt.datetime | None = None
    """When the desk opens, for a ticket that nobody is paged for before, and somebody is then."""
    agreed: dt.datetime | None = None
    """The time that both sides agreed on, of a negotiated resolution."""
    proposal: Proposal | None = None
    escalated: tuple[str, ...] = ()
    """The escalation rules that have fired."""
    call_offered: bool = False
    worse: str = ""
    """The severity that their later words sound like."""
    question: str = ""
    """What we asked last, a value of questions.Question, while nothing was said since: a bare `yes` answers it."""
    merged_into: TicketId | None = None

    def clock(self, kind: ClockKind) -> Clock | None:
        return next((c for c in self.clocks if c.kind is kind), None)

    def served(self, policy: Policy) -> Severity:
        """Its severity with what its category changes. A service is arranged with the customer: it has no time to be
        done by before that."""
        return served_as(policy, self.severity, self.category, self.service)

    def handling(self, policy: Policy) -> Handling:
        """What the policy does with it at the hour it came, or was last raised or reopened."""
        return policy.handling(self.severity, self.plan, self.handled or self.opened)

    @property
    def may_page(self) -> bool:
        """Does the customer let us page? Not while they are asked first, and not once they declined."""
        held = self.consent is Consent.ASKED and self.consent_until is not None
        return not held and self.consent is not Consent.DECLINED


def served_as(policy: Policy, severity: str, category: str | None, service: str) -> Severity:
    """A severity with what a category and a service change; a category that the policy has lost changes nothing."""
    known = category is not None and category in [c.id for c in policy.categories]
    served = policy.served(severity, category if known else None)
    return dataclasses.replace(served, resolve=None) if service else served
