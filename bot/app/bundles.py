"""Pages that were held back go out as one: "3 tickets wait for you". What has been answered meanwhile is not in it."""

from __future__ import annotations

import dataclasses

from bot.app.context import Context
from bot.app.rows import OutboxItem, Priority, SendState
from bot.domain import events as ev
from bot.domain import notices as no
from bot.domain.decision import next_due
from bot.domain.ids import PageId, PersonId

_CARRIED = "bundle:"


def gathers(ctx: Context, item: OutboxItem) -> bool:
    """Does it take others along? What was held back does, and every call."""
    can = ctx.setup.can(item.channel)
    return item.held or isinstance(item.notice, no.PageBundle) or bool(can and can.rings)


def gathered(ctx: Context, item: OutboxItem) -> OutboxItem | None:
    """The row with all that goes along to the same person by the same way; those rows are carried by it. None: nothing
    of it is wanted any more."""
    if isinstance(item.notice, no.PageBundle):  # it was tried before
        left = _left(ctx, item.notice)
        return (
            dataclasses.replace(item, notice=dataclasses.replace(item.notice, pages=left)) if left else None
        )
    if _bundled(ctx, item) is None:
        return None
    along = [r for r in ctx.uow.outbox.of_person(PersonId(item.person), ctx.now) if _goes_along(ctx, r, item)]
    for ticket in sorted({r.ticket for r in (item, *along) if r.ticket}):
        ctx.uow.tickets.get(ticket)  # locked in one order
    rows = [r for row in along if (r := ctx.uow.outbox.get(row.id)) and r.state == SendState.PENDING]
    carried: dict[PageId, OutboxItem] = {}
    for row in rows:
        page = ctx.uow.pages.get(row.page) if row.page else None
        if page is None or not page.is_open or page.id == item.page:
            ctx.uow.outbox.save(dataclasses.replace(row, state=SendState.CANCELLED))
        else:
            ctx.uow.outbox.save(
                dataclasses.replace(row, state=SendState.ACCEPTED, lane_key=f"{_CARRIED}{item.id}")
            )
            carried.setdefault(page.id, row)
            tried = ev.PageAttempted(page=page.id, person=PersonId(row.person), method=row.method, attempt=1)
            ctx.uow.log.append(page.ticket, (tried,), ctx.now)
    pages = tuple(b for r in (item, *carried.values()) if (b := _bundled(ctx, r)) is not None)
    unique = {b.page: b for b in pages}
    own = item.notice if isinstance(item.notice, no.PageCall) else None
    bundle = no.PageBundle(pages=tuple(unique.values()), own=own)
    return item if len(unique) < 2 else dataclasses.replace(item, notice=bundle)


def _goes_along(ctx: Context, row: OutboxItem, item: OutboxItem) -> bool:
    """Whatever was held back for them by this way: it is looked at now, why look again in a minute? And of calls, all
    that are due: a phone rings once."""
    same = row.id != item.id and (row.method, row.address) == (item.method, item.address)
    can = ctx.setup.can(row.channel)
    rings = can is not None and can.rings and row.due <= ctx.now
    waits = row.state == SendState.PENDING and not isinstance(row.notice, no.PageBundle)
    return same and waits and (row.held or rings)


def _bundled(ctx: Context, row: OutboxItem) -> no.BundledPage | None:
    page = ctx.uow.pages.get(row.page) if row.page else None
    if page is None or not page.is_open:
        return None
    ticket = ctx.ticket(page.ticket)
    policy = ctx.policy(ticket)
    return no.BundledPage(
        page=page.id,
        ticket=ticket.id,
        severity=policy.severity(ticket.severity).label,
        organisation=ticket.organisation_name,
        due=next_due(ticket, policy, ctx.now),
        code=page.code,
    )


def _left(ctx: Context, bundle: no.PageBundle) -> tuple[no.BundledPage, ...]:
    """Those that are still open."""
    return tuple(b for b in bundle.pages if (page := ctx.uow.pages.get(b.page)) is not None and page.is_open)


def carrier_of(ctx: Context, item: OutboxItem) -> OutboxItem | None:
    """The bundle that a row was carried by, or is."""
    if isinstance(item.notice, no.PageBundle):
        return item
    if not item.lane_key.startswith(_CARRIED):
        return None
    return ctx.uow.outbox.get(int(item.lane_key.removeprefix(_CARRIED)))


def carried_by(ctx: Context, item: OutboxItem) -> list[OutboxItem]:
    """The rows that a bundle carries, its own among them, each as it would be alone; of any other row, itself."""
    if not isinstance(item.notice, no.PageBundle):
        return [item]
    key = f"{_CARRIED}{item.id}"
    pages = (b.page for b in item.notice.pages if b.page != item.page)
    carried = [row for page in pages for row in ctx.uow.outbox.of_page(page) if row.lane_key == key]
    return [dataclasses.replace(item, notice=item.notice.own), *carried]


def refreshed(ctx: Context, bundle: OutboxItem, by: PersonId | None) -> OutboxItem | None:
    """What becomes of a bundle that was sent, now that one of its pages is over: the message shows what is left; a call
    about nothing any more is ended, and whoever got a text hears that they may rest, unless they did it (`by`)."""
    can = ctx.setup.can(bundle.channel)
    if not isinstance(bundle.notice, no.PageBundle) or can is None:
        return None
    left = _left(ctx, bundle.notice)
    edits = bundle.provider_id if can.edits else ""
    if can.rings and (left or bundle.state != SendState.ACCEPTED or not edits):
        return None
    if not edits and (left or by == bundle.person or bundle.state == SendState.PENDING):
        return None
    address = dataclasses.replace(bundle.address, place=bundle.provider_place or bundle.address.place)
    return dataclasses.replace(
        bundle,
        notice=no.PageBundle(pages=left),
        address=address,
        edits=edits,
        lane_key=f"over:{bundle.id}",
        priority=Priority.PAGE if can.rings else Priority.CUSTOMER,
        page=None,
        held=False,
    ).afresh(ctx.now)
