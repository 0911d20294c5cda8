"""The end of a page: every place that showed it is told, what was still to come is cancelled."""

from __future__ import annotations

import dataclasses
import datetime as dt

from bot.app import bundles
from bot.app.callback_number import has_caller
from bot.app.context import Context
from bot.app.rows import OutboxItem, Priority, SendState
from bot.app.saying import say
from bot.domain import events as ev
from bot.domain import notices as no
from bot.domain.ids import PersonId
from bot.domain.page import Page, PageState
from bot.domain.ticket import Ticket
from bot.domain.timers import TimerKind


def end(ctx: Context, page: Page, ticket: Ticket, state: PageState, reason: str, by: PersonId | None) -> None:
    over = dataclasses.replace(page, state=state, ended=ctx.now, acknowledged_by=by)
    ctx.uow.pages.save(over)
    ctx.uow.timers.replace(page.ticket, (TimerKind.PAGE,), ())
    log(ctx, ticket, ev.PageStopped(page=page.id, reason=reason))
    _cancel_pending(ctx, page)
    told: set[tuple[str, str]] = set()
    for item in reversed(ctx.uow.outbox.of_page(page.id)):  # the latest is what people look at
        reached = item.state in (SendState.ACCEPTED, SendState.DELIVERED) or (
            item.state == SendState.CANCELLED and item.again
        )
        if reached or _still_on(ctx, item):
            _tell_over(ctx, over, ticket, item, told)


def arrived_late(ctx: Context, item: OutboxItem) -> None:
    """An attempt was on its way when the page ended: tell that place too."""
    if item.page is None or item.ticket is None:
        return
    ticket = ctx.ticket(item.ticket)
    page = ctx.uow.pages.get(item.page)
    if page is not None and not page.is_open and item.notice is not None:
        _tell_over(ctx, page, ticket, item, set())


def _tell_over(
    ctx: Context, page: Page, ticket: Ticket, item: OutboxItem, done: set[tuple[str, str]]
) -> None:
    """Where a message can be changed it is, and a call that still rings is ended; elsewhere whoever was woken is told
    once that they may rest. A bundle shows what is left of it."""
    can = ctx.setup.can(item.channel)
    bundle = bundles.carrier_of(ctx, item)
    if bundle is not None:
        changed = bundles.refreshed(ctx, bundle, page.acknowledged_by)
        ctx.uow.outbox.add([changed] if changed else [])
        return
    yours = page.acknowledged_by == item.person
    edits = item.provider_id if can and can.edits else ""
    if can and can.rings and not _still_on(ctx, item):
        return  # nobody is called to be told that all is well, and whoever pressed a key listens to the answer
    older = (item.person, item.method) in done
    if not edits and (older or yours):
        return
    done.add((item.person, item.method))
    first = Priority.PAGE if can and can.rings else Priority.CUSTOMER
    wanted = ticket.status.is_open
    person = ctx.setup.name_of(page.acknowledged_by) if page.acknowledged_by and wanted else ""
    over = no.PageOver(
        ticket=ticket.id,
        person=person,
        yours=yours and wanted,
        organisation=ticket.organisation_name,
        callback=yours and wanted and has_caller(ctx, ticket),
    )
    address = dataclasses.replace(item.address, place=item.provider_place or item.address.place)
    ctx.uow.outbox.add(
        [
            dataclasses.replace(
                item,
                notice=over,
                address=address,
                edits=edits,
                lane_key=f"over:{item.id}",
                priority=Priority.MARK if older else first,
                page=None,
                held=False,
            ).afresh(ctx.now)
        ]
    )


def _still_on(ctx: Context, item: OutboxItem) -> bool:
    """A call that may go on: it rings, or is told to what was taken for a machine. (Ending one that is over is harmless.)
    Whoever pressed a key listens to the answer."""
    can = ctx.setup.can(item.channel)
    if can is None or not can.rings or not item.provider_id or item.edits:
        return False
    machine = item.state == SendState.FAILED and item.error.startswith("machine")
    return item.state == SendState.ACCEPTED or machine


def let_rest(ctx: Context, page: Page, ticket: Ticket, person: PersonId) -> None:
    """Whoever passed it on is tried no more; a call that still rings is ended."""
    for item in ctx.uow.outbox.of_page(page.id):
        if item.person != person or isinstance(item.notice, no.PageBundle):
            continue
        if item.state == SendState.PENDING:
            ctx.uow.outbox.save(dataclasses.replace(item, state=SendState.CANCELLED))
        elif _still_on(ctx, item):
            _tell_over(ctx, page, ticket, item, set())


def _cancel_pending(ctx: Context, page: Page) -> None:
    """But for a bundle, which looks at what is left of it when it is sent."""
    for item in ctx.uow.outbox.of_page(page.id):
        if item.state == SendState.PENDING and not isinstance(item.notice, no.PageBundle):
            ctx.uow.outbox.save(dataclasses.replace(item, state=SendState.CANCELLED))


def log(ctx: Context, ticket: Ticket, event: ev.Event) -> None:
    ctx.uow.log.append(ticket.id, (event,), ctx.now)
    ctx.uow.cards.touch(ticket.id, ctx.now, Priority.DESK)


def line(
    ctx: Context,
    ticket: Ticket,
    what: str,
    *,
    text: str = "",
    name: str = "",
    severity: str = "",
    people: tuple[str, ...] = (),
    due: dt.datetime | None = None,
    reason: str = "",
) -> None:
    line = no.DeskLine(
        what=what, text=text, name=name, severity=severity, people=people, due=due, reason=reason
    )
    say(ctx, ticket, (no.ToDesk(notice=line),))
