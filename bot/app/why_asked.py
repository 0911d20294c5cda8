"""`why REF` and `why CUSTOMER [SEVERITY] [at TIME]`, as one of us asks it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Callable, Iterator

from bot.app.asked import Asked, ticket_of
from bot.app.context import Context
from bot.app.why import would_page
from bot.app.why_calls import calls_about, rang_for_a_caller
from bot.app.why_past import never, stories, you
from bot.domain import why_notices as why
from bot.domain.errors import NotPossible
from bot.domain.explain import explained
from bot.domain.ids import TeamName
from bot.domain.people import Contact, Organisation, Person
from bot.domain.ticket import Ticket
from bot.domain.times import TimeError, parse_time
from escalation.policy import Policy, Severity

_AT = re.compile(r"\s+(?:at|o|w|on)\s+", re.IGNORECASE)
_SHOWN = 5
"""So many customers are named to whoever names one that is not there."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Customer:
    """An organisation, or one of its people."""

    organisation: Organisation
    contact: Contact | None = None

    @property
    def id(self) -> str:
        return self.contact.id if self.contact else self.organisation.id

    @property
    def names(self) -> tuple[str, str]:
        """By what people mean them."""
        who = self.contact or self.organisation
        return who.id.casefold(), who.name.casefold()


def asked_why(ctx: Context, asked: Asked) -> why.WhyTicket | why.Forecast:
    """About a ticket, or about one that there is not yet: `why was I not paged` in a thread is about its ticket.

    Raises DomainError."""
    known = list(customers(ctx, lambda team: ctx.directory.may_work(asked.person, team)))
    found = _forecast(ctx, asked.rest, known) if asked.rest else None
    if found is None and asked.rest and asked.ticket is None:
        raise unknown(asked.rest, known)
    return found or why_ticket(ctx, ticket_of(ctx, asked), asked.person)


def why_ticket(ctx: Context, ticket: Ticket, person: Person | None = None) -> why.WhyTicket:
    """Why a ticket's times are what they are, and what became of its pages and its calls; for `person`, also why not
    them."""
    policy, log = ctx.policy(ticket), ctx.uow.log.of(ticket.id)
    calls = ctx.uow.calls.of(ticket.id)
    rang = rang_for_a_caller(calls, person.id) if person else None
    pages = stories(ctx, ticket, log)
    yours, step = you(ctx, ticket, person, log, rang=rang is not None) if person else (None, 0)
    return why.WhyTicket(
        ticket=ticket.id,
        zone=policy.zone.key,
        clocks=explained(ticket, policy, ctx.now),
        pages=pages,
        calls=calls_about(ctx, calls, log),
        never=None if pages else never(ctx, ticket, log),
        you=yours,
        your_step=step,
        your_phone=rang,
    )


# ---------------------------------------------------------------- a ticket that there is not
def _forecast(ctx: Context, said: str, known: list[Customer]) -> why.Forecast | None:
    """The words are split where what comes before names a customer: names may have any words in them."""
    for words, time in _splits(said):
        found, severity = _named(words, known)
        if found:
            one = only(found, words)
            policy = policy_of(ctx, one)
            wanted = severity_of(policy, severity)
            at = _at(time, policy, wanted, ctx.now)
            return would_page(ctx, one.organisation, wanted.id, at, one.contact)
    return None


def customers(ctx: Context, works: Callable[[TeamName], bool]) -> Iterator[Customer]:
    """The customers of these teams."""
    mine = {o.id: o for o in ctx.directory.organisations if works(o.team)}
    yield from (Customer(organisation=o) for o in mine.values())
    for contact in ctx.directory.contacts:
        if contact.organisation in mine:
            yield Customer(organisation=mine[contact.organisation], contact=contact)


def _splits(text: str) -> Iterator[tuple[str, str]]:
    """`acme high at friday 16:00` -> what comes before a time and the time, wherever one may begin; last, without."""
    for found in _AT.finditer(text):
        yield text[: found.start()], text[found.end() :]
    yield text, ""


def _named(words: str, known: list[Customer]) -> tuple[list[Customer], str]:
    """The customers whom the words begin with, the longest name first, and the words behind."""
    several = words.casefold().split()
    for length in range(len(several), 0, -1):
        if found := customers_called(" ".join(several[:length]), known):
            return found, " ".join(several[length:])
    return [], ""


def customers_called(name: str, known: list[Customer]) -> list[Customer]:
    """Those with this id; else those with this name."""
    wanted = " ".join(name.casefold().split())
    return [c for c in known if c.names[0] == wanted][:1] or [c for c in known if c.names[1] == wanted]


def only(found: list[Customer], name: str) -> Customer:
    """Raises NotPossible where a name has several."""
    if len(found) > 1:
        ids = ", ".join(customer.id for customer in found)
        raise NotPossible("Several customers are called {name}; write which one: {ids}", name=name, ids=ids)
    return found[0]


def unknown(name: str, known: list[Customer]) -> NotPossible:
    """The same whether it is nobody or another team's."""
    ids = [customer.id for customer in known if customer.contact is None]
    if not ids:
        return NotPossible("Your teams have no customers that are configured")
    said, first = " ".join(name.split())[:80], ids[0]
    if len(ids) == 1:
        return NotPossible(
            'I know no customer "{name}" here; write a ticket or a customer, such as why {first}',
            name=said,
            first=first,
        )
    return NotPossible(
        'I know no customer "{name}" here; write a ticket or a customer, such as why {first} (or {ids})',
        name=said,
        first=first,
        ids=", ".join(ids[1:_SHOWN]) + (", …" if len(ids) > _SHOWN else ""),
    )


def policy_of(ctx: Context, customer: Customer) -> Policy:
    return ctx.directory.policy(ctx.directory.team(customer.organisation.team).policy)


def severity_of(policy: Policy, said: str) -> Severity:
    """By id or label; the most urgent without a word. Raises NotPossible."""
    wanted = said.casefold()
    for severity in policy.severities:
        if wanted in ("", severity.id.casefold(), severity.label.casefold()):
            return severity
    known = ", ".join(severity.id for severity in policy.severities)
    raise NotPossible('I know no severity "{name}" here; there are {known}', name=said, known=known)


def _at(time: str, policy: Policy, severity: Severity, now: dt.datetime) -> dt.datetime:
    if not time:
        return now
    try:
        return parse_time(time, policy, severity.id, now)
    except TimeError as error:
        raise NotPossible(error.template, text=time) from error
