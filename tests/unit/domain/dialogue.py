"""A ticket's story without anything around it: commands at minutes, and what each of them led to."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from bot.domain import commands as cmd
from bot.domain import events as ev
from bot.domain import notices as no
from bot.domain.decide import Decision, PageAnswered, PageUnwanted, PageWanted, decide
from bot.domain.errors import IllegalMove
from bot.domain.ids import Address, ChannelName, ContactId, OrganisationId, PersonId, TeamName, TicketId
from bot.domain.people import Organisation
from bot.domain.ticket import Ticket
from escalation.policy import Policy
from tests.builders import THANDI, ZONE, policy

MONDAY = dt.datetime(2026, 11, 23, 10, 0, tzinfo=dt.UTC)
"""12:00 in Johannesburg; the desk is open until 17:00, that is 15:00 in UTC."""
POLICY = policy()
CUSTOMER = ContactId("thandi")
THANDI_ACTS = ev.Actor(by=ev.By.CUSTOMER, id=CUSTOMER, name="Thandi")
ADA_ACTS = ev.Actor(by=ev.By.ENGINEER, id="ada", name="Ada")
ADA: dict[str, Any] = {"person": PersonId("ada"), "name": "Ada", "via": "Slack"}
LIN: dict[str, Any] = {"person": PersonId("lin"), "name": "Lin", "via": "SMS"}
ACME = Organisation(
    id=OrganisationId("acme"), name="Acme", team=TeamName("desk"), plan="premium", language="en", zone=ZONE
)


def minute(n: float) -> dt.datetime:
    return MONDAY + dt.timedelta(minutes=n)


def opening(severity: str = "normal", how: ev.How = ev.How.GIVEN, **changes: Any) -> cmd.OpenTicket:
    fields: dict[str, Any] = {
        "ticket": TicketId("MIT-1001"),
        "organisation": ACME,
        "contact": CUSTOMER,
        "contact_name": "Thandi",
        "known": True,
        "vip": False,
        "team": TeamName("desk"),
        "severity": severity,
        "how": how,
        "text": "The printer is slow",
        "place": Address(channel=ChannelName("whatsapp"), place=THANDI),
        "language": "en",
        "opened_by": THANDI_ACTS,
    }
    return cmd.OpenTicket(**(fields | changes))


def writes(text: str = "more", **changes: Any) -> cmd.CustomerWrites:
    return cmd.CustomerWrites(text=text, contact=CUSTOMER, contact_name="Thandi", **changes)


def sets(severity: str, how: ev.How = ev.How.CHANGED, by: ev.Actor = ADA_ACTS) -> cmd.SetSeverity:
    return cmd.SetSeverity(severity=severity, how=how, by=by)


def opened(severity: str = "normal", policy: Policy = POLICY, **changes: Any) -> Decision:
    return decide(None, opening(severity, **changes), policy, MONDAY)


def said(saying: no.Saying) -> str:
    """`Answer` to the customer, `/acknowledged` to the desk, `*internal` a mark."""
    if isinstance(saying, no.Marked):
        return f"*{saying.mark}"
    if isinstance(saying, no.ToCustomer):
        return type(saying.notice).__name__
    line = saying.notice
    return f"/{line.what if isinstance(line, no.DeskLine) else type(line).__name__}"


def page(decision: Decision) -> str:
    match decision.page:
        case None:
            return ""
        case PageWanted(urgency=urgency):
            return f"wanted {urgency}"
        case PageAnswered(person=person):
            return f"answered {person}"
        case PageUnwanted(reason=reason):
            return f"unwanted {reason}"


@dataclasses.dataclass
class Story:
    """One ticket; `log` is what would stand in the database."""

    policy: Policy = POLICY
    ticket: Ticket | None = None
    log: list[ev.Recorded] = dataclasses.field(default_factory=list)
    until: dt.datetime = MONDAY
    """How long it was played, where a random one says so."""

    def does(self, at: dt.datetime, command: cmd.Command) -> Decision:
        decision = decide(self.ticket, command, self.policy, at)
        self.ticket = decision.ticket
        for event in decision.events:
            recorded = ev.Recorded(seq=len(self.log) + 1, ticket=self.ticket.id, at=at, event=event)
            self.log.append(recorded)
        return decision

    def tells(self, at: dt.datetime, command: cmd.Command) -> tuple[str, str, str]:
        """Events, sayings and page, each as words; what the table of statuses forbids is told as `IllegalMove`."""
        try:
            decision = self.does(at, command)
        except IllegalMove:
            return ("IllegalMove", "", "")
        events = " ".join(type(e).__name__ for e in decision.events)
        return events, " ".join(map(said, decision.sayings)), page(decision)

    @property
    def now(self) -> Ticket:
        assert self.ticket is not None
        return self.ticket


def told(*rows: tuple[float, cmd.Command, str, str, str], policy: Policy = POLICY) -> Story:
    """Plays a table of (minute, command, events, sayings, page) and holds it against what happened, whole."""
    story = Story(policy=policy)
    happened = [(row[0], *story.tells(minute(row[0]), row[1])) for row in rows]
    wrong = [(was, row[2:]) for was, row in zip(happened, rows, strict=True) if was[1:] != row[2:]]
    assert wrong == [], f"this happened, and that was written: {wrong}"
    return story
