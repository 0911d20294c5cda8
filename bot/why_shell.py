"""`standby why`: what became of a ticket's pages, and whom a ticket would page that there is not yet."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from bot.app.context import Context
from bot.app.speech import Speech
from bot.app.why import would_page
from bot.app.why_asked import customers, customers_called, only, policy_of, severity_of, unknown, why_ticket
from bot.app.why_wording import WHY_WORDS
from bot.beside import (
    DEFAULT,
    bad_news,
    configured,
    instant_of,
    plain,
    seen,
    seen_or_configured,
    wrong_use,
)
from bot.domain import why_notices as notices
from bot.domain.errors import NotPossible
from bot.domain.ids import TicketId
from bot.wiring import StorageError, SystemClock

Answer = notices.WhyTicket | notices.Forecast


def why(
    ticket: Annotated[str, typer.Argument(help="A ticket's reference, such as MIT-1001.")] = "",
    customer: Annotated[
        str, typer.Option(help="An organisation or one of its contacts, by id or name.")
    ] = "",
    severity: Annotated[str, typer.Option(help="The most urgent one otherwise.")] = "",
    at: Annotated[
        str, typer.Option(help="ISO time; without an offset local to the policy. Now otherwise.")
    ] = "",
    config: Annotated[Path, typer.Option("--config", "-c", help="The configuration file.")] = DEFAULT,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document and nothing else.")] = False,
) -> None:
    """Why is a ticket due when it is, and what became of its pages? Or: whom would a ticket of --customer page, and why
    them? Exit 1 where a page would reach nobody by its chain."""
    if bool(ticket) == bool(customer):
        raise wrong_use("name a ticket, or a customer with --customer")
    if ticket and (severity or at):
        raise wrong_use("--severity and --at go with --customer")
    loaded, now = configured(config), SystemClock().now()
    try:
        if ticket:
            answer: Answer = seen(loaded, now, lambda ctx: _ticket(ctx, ticket))
        else:
            answer = seen_or_configured(loaded, now, lambda ctx: _forecast(ctx, customer, severity, at))
    except StorageError as error:
        raise bad_news(str(error)) from None
    except NotPossible as error:
        raise wrong_use(f"{error}.") from None
    print(json.dumps(_document(answer)) if as_json else _words(answer, now))
    raise typer.Exit(1 if isinstance(answer, notices.Forecast) and answer.in_vain else 0)


def _ticket(ctx: Context, reference: str) -> notices.WhyTicket:
    found = ctx.uow.tickets.get(TicketId(reference.upper()))
    if found is None:
        raise bad_news(f"There is no ticket {reference}.")
    return why_ticket(ctx, found)


def _forecast(ctx: Context, name: str, severity: str, at: str) -> notices.Forecast:
    known = list(customers(ctx, lambda team: True))
    called = customers_called(name, known)
    if not called:
        raise unknown(name, known)
    one = only(called, name)
    policy = policy_of(ctx, one)
    instant = instant_of(at, policy.zone) if at else ctx.now
    return would_page(ctx, one.organisation, severity_of(policy, severity).id, instant, one.contact)


def _document(answer: Answer) -> dict[str, Any]:
    """Instants in the zone of the policy, lengths in seconds."""
    document: dict[str, Any] = plain(answer, ZoneInfo(answer.zone))
    if isinstance(answer, notices.Forecast):
        document |= {"pages": answer.pages, "in_vain": answer.in_vain}
    return document


def _words(answer: Answer, now: dt.datetime) -> str:
    """As in chat, in English and in the zone of the policy."""
    speech = Speech(language="en", zone=ZoneInfo(answer.zone), now=now)
    return WHY_WORDS[type(answer)](answer, speech, str).text
