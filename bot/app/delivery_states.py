"""What becomes of a row of the outbox: each change of state and what follows from it. No network here."""

from __future__ import annotations

import dataclasses
import datetime as dt

from bot.app import bundles, callback_asked, page_end, pages, trust
from bot.app.context import Context
from bot.app.inbound import ReceiptIn
from bot.app.ports import Receipt
from bot.app.rows import OutboxItem, SendState
from bot.app.saying import mark, say, tell
from bot.domain import events as ev
from bot.domain import notices as no
from bot.domain.call_notices import CallBack
from bot.domain.ids import Address, PersonId

PAGE_BACKOFF = dt.timedelta(seconds=20)
LONGEST_BACKOFF = dt.timedelta(minutes=5)
GIVE_UP_AFTER = dt.timedelta(hours=24)
UNKNOWN_TRIES = 3
_RANK = {
    SendState.PENDING: 0,
    SendState.SENDING: 1,
    SendState.ACCEPTED: 2,
    SendState.FAILED: 3,
    SendState.DELIVERED: 3,
    SendState.CANCELLED: 3,
}


def _row(ctx: Context, id: int) -> OutboxItem | None:
    """The row, read under the lock of its ticket: whoever changes what a ticket has to say holds that lock."""
    item = ctx.uow.outbox.get(id)
    if item is None or item.ticket is None:
        return item
    ctx.uow.tickets.get(item.ticket)
    return ctx.uow.outbox.get(id)


def begin(ctx: Context, claimed: OutboxItem) -> OutboxItem | None:
    """Record the attempt before it is made. None: it is not wanted any more."""
    item = _row(ctx, claimed.id)
    if item is None or item.state != SendState.PENDING:
        return None
    wanted = _wanted(ctx, item)
    if wanted is None:
        return None
    item = wanted
    begun = dataclasses.replace(
        item,
        state=SendState.SENDING,
        attempts=item.attempts + 1,
        token=ctx.setup.random.token(),
        templated=item.templated or _window_closed(ctx, item),
    )
    ctx.uow.outbox.save(begun)
    if item.page is not None and item.ticket is not None:
        attempted = ev.PageAttempted(
            page=item.page,
            person=PersonId(item.person),
            method=item.method,
            attempt=begun.attempts,
            again=item.again,
        )
        ctx.uow.log.append(item.ticket, (attempted,), ctx.now)
    trust.try_begun(ctx, begun)
    return begun


def _wanted(ctx: Context, item: OutboxItem) -> OutboxItem | None:
    """The row as it is to be sent; None where it is not, or not any more: then it is cancelled, or failed."""
    if item.page is None:
        wanted = item if trust.try_wanted(ctx, item) and callback_asked.still_wanted(ctx, item) else None
    elif bundles.gathers(ctx, item):
        wanted = bundles.gathered(ctx, item)
    else:
        page = ctx.uow.pages.get(item.page)
        wanted = item if page is not None and page.is_open else None
    if wanted is None:
        ctx.uow.outbox.save(dataclasses.replace(item, state=SendState.CANCELLED))
    return wanted if wanted is None or wanted.page is None else _attempt(ctx, wanted)


def _attempt(ctx: Context, item: OutboxItem) -> OutboxItem | None:
    """An attempt of a page, to somebody who is still one of us; where its vendor is down, another way is begun besides."""
    if ctx.directory.listed(item.person) is None:
        failed(ctx, item.id, "no longer one of us")
        return None
    item = _once(ctx, item)
    fresh = not item.held and item.attempts == 0 and not item.error
    if fresh and ctx.setup.down(item.channel):
        item = _gone_around(ctx, item, "the vendor is down")
        return None if _is_cancelled(ctx, item) else item
    return item


def _window_closed(ctx: Context, item: OutboxItem) -> bool:
    """Free text is allowed only so long after the customer's last message, where the channel has such a rule."""
    can = ctx.setup.can(item.channel)
    if can is None or can.session is None:
        return False
    talk = ctx.uow.conversations.get(item.address.root(), lock=False)
    return talk is None or talk.last_inbound is None or ctx.now >= talk.last_inbound + can.session


def accepted(ctx: Context, id: int, receipt: Receipt) -> None:
    """The vendor took it. (A receipt may have come first: states never go down.)"""
    item = _row(ctx, id)
    if item is None:
        return
    if item.state == SendState.PENDING:  # a receipt came first and put it back in line
        return
    ranked = SendState.ACCEPTED if item.state == SendState.SENDING else item.state
    error = item.error if item.state == SendState.FAILED else ""
    item = dataclasses.replace(
        item, state=ranked, provider_id=receipt.message, provider_place=receipt.place, error=error
    )
    ctx.uow.outbox.save(item)
    if (
        item.mark_at is not None
        and item.ticket is not None
        and ranked in (SendState.ACCEPTED, SendState.DELIVERED)
    ):
        done = no.Marked(at=item.mark_at, message=item.mark_message, mark="sent")
        ctx.uow.outbox.add([mark(ctx, ctx.ticket(item.ticket), done)])
    if item.page is not None:
        page_end.arrived_late(ctx, item)


def later(
    ctx: Context, id: int, error: str, *, retry_after: float | None = None, unknown: bool = False
) -> None:
    """Try again: soon for a page, with growing gaps for the rest; after a day the rest is given up. What may have
    arrived is repeated twice, no more: somebody reads each of them."""
    item = _row(ctx, id)
    if item is None or _RANK[item.state] > _RANK[SendState.ACCEPTED]:
        return
    if item.page is None and ctx.now - item.created > GIVE_UP_AFTER:
        failed(ctx, id, f"given up after a day: {error}")
        return
    if unknown and item.attempts >= UNKNOWN_TRIES:
        failed(ctx, id, f"no answer, {UNKNOWN_TRIES} times: {error}")
        return
    around = item.error.startswith(pages.AROUND)
    if item.page is not None and not around and _takes_long(retry_after):
        item, around = _gone_around(ctx, item, error), True
        if _is_cancelled(ctx, item):
            return
    error = f"{pages.AROUND}{error}" if around else error
    longest = PAGE_BACKOFF if item.page else LONGEST_BACKOFF
    wait = min(dt.timedelta(seconds=2 ** min(item.attempts, 9)), longest)
    if retry_after is not None:
        wait = min(max(dt.timedelta(seconds=retry_after), dt.timedelta(seconds=1)), LONGEST_BACKOFF)
    if unknown:
        wait = dt.timedelta() if item.attempts == 1 else wait
    ctx.uow.outbox.save(
        dataclasses.replace(
            item, state=SendState.PENDING, due=ctx.now + wait, error=error, again=item.again or unknown
        )
    )


def _once(ctx: Context, item: OutboxItem) -> OutboxItem:
    """What was to come later by this way and is due by now as well (nobody was there to send it) comes with it, as what it
    says by now."""
    latest = item
    for other in ctx.uow.outbox.of_page(item.page) if item.page else ():
        same = (other.person, other.method, other.address) == (item.person, item.method, item.address)
        if same and other.id != item.id and other.state == SendState.PENDING and other.due <= ctx.now:
            ctx.uow.outbox.save(dataclasses.replace(other, state=SendState.CANCELLED))
            if isinstance(other.notice, no.PageCall) and isinstance(item.notice, no.PageCall):
                latest = max(latest, other, key=lambda row: row.id)
    return dataclasses.replace(item, notice=latest.notice)


def wait_until(ctx: Context, id: int, at: dt.datetime) -> None:
    """Not before then."""
    item = _row(ctx, id)
    if item is not None and item.state == SendState.PENDING:
        ctx.uow.outbox.save(dataclasses.replace(item, due=at))


def put_off(ctx: Context, claimed: OutboxItem, length: dt.timedelta) -> None:
    """The vendor is down: it waits. An attempt of a page that was never made goes another way besides, at once."""
    item = _row(ctx, claimed.id)
    if item is None or item.state != SendState.PENDING:
        return
    if item.page is not None and item.attempts == 0 and not item.error:
        page = ctx.uow.pages.get(item.page)
        if page is not None and page.is_open:
            item = _gone_around(ctx, item, "the vendor is down")
            if _is_cancelled(ctx, item):
                return
    ctx.uow.outbox.save(dataclasses.replace(item, due=ctx.now + length))


def _gone_around(ctx: Context, item: OutboxItem, error: str) -> OutboxItem:
    """It goes on being tried, and what it carries goes another way besides."""
    delayed = dataclasses.replace(item, state=SendState.PENDING, error=f"{pages.AROUND}{error}")
    ctx.uow.outbox.save(delayed)
    for row in bundles.carried_by(ctx, delayed):
        pages.attempt_delayed(ctx, row, error)
    return delayed


def _is_cancelled(ctx: Context, item: OutboxItem) -> bool:
    """Going around it may have begun a step that tries the same way anew."""
    now = ctx.uow.outbox.get(item.id)
    return now is None or now.state == SendState.CANCELLED


def _takes_long(retry_after: float | None) -> bool:
    """A vendor that asks for a few seconds gets them; one that is away, or asks for more, is gone around."""
    return retry_after is None or retry_after > PAGE_BACKOFF.total_seconds()


def needs_template(ctx: Context, id: int, error: str) -> None:
    """The window has closed: the same again, with the approved template."""
    item = _row(ctx, id)
    if item is None or item.state in (SendState.DELIVERED, SendState.CANCELLED):
        return
    if item.templated:
        failed(ctx, id, error)
        return
    ctx.uow.outbox.save(
        dataclasses.replace(item, state=SendState.PENDING, due=ctx.now, templated=True, error=error)
    )


def failed(ctx: Context, id: int, error: str) -> None:
    """It will never work: whoever has to know is told, and a page goes another way."""
    item = _row(ctx, id)
    if item is None or item.state in (SendState.DELIVERED, SendState.CANCELLED, SendState.FAILED):
        return
    item = dataclasses.replace(item, state=SendState.FAILED, error=error)
    ctx.uow.outbox.save(item)
    if item.page is not None:
        for carried in bundles.carried_by(ctx, item):
            if carried.id != item.id:
                ctx.uow.outbox.save(dataclasses.replace(carried, state=SendState.FAILED, error=error))
            pages.attempt_failed(ctx, carried, error)
    elif isinstance(item.notice, CallBack):
        callback_asked.not_called(ctx, item, error)
    elif item.ticket is None and item.person:
        trust.try_failed(ctx, item, error)
    elif item.ticket is not None and _is_for_customer(ctx, item):
        ticket = ctx.ticket(item.ticket)
        ctx.uow.log.append(ticket.id, (ev.NotDelivered(channel=item.channel, error=error),), ctx.now)
        say(
            ctx,
            ticket,
            (
                no.ToDesk(
                    notice=no.DeskLine(what="not_delivered", text=f"{ctx.setup.label(item.channel)}: {error}")
                ),
            ),
        )
        if item.mark_at is not None:
            undone = no.Marked(at=item.mark_at, message=item.mark_message, mark="failed")
            ctx.uow.outbox.add([mark(ctx, ticket, undone)])

    elif isinstance(item.notice, no.CustomerSaid) and item.ticket is not None:
        _tell_elsewhere(ctx, item, item.notice)


def _tell_elsewhere(ctx: Context, item: OutboxItem, said: no.CustomerSaid) -> None:
    """The desk can't be written to: a customer's words must reach somebody by another way."""
    assert item.ticket is not None
    ticket = ctx.ticket(item.ticket)
    line = no.DeskLine(what="desk_failed", name=said.name, text=ticket.id)
    owner = [p for p in ctx.directory.people if p.id == ticket.owner]
    for person in owner or ctx.directory.people_of(ticket.team):
        for channel, identity in person.identities.items():
            can = ctx.setup.can(channel)
            if can is not None and can.pages:
                tell(ctx, line, Address(channel=channel, place=identity))
                break


def _is_for_customer(ctx: Context, item: OutboxItem) -> bool:
    return (
        item.card_of is None
        and not item.reaction
        and ctx.directory.desk_at(item.address) is None
        and not item.person
    )


def on_receipt(ctx: Context, r: ReceiptIn) -> None:
    """What the vendor says afterwards, in any order, perhaps twice. Unknown tokens are nobody's."""
    found = ctx.uow.outbox.by_token(r.token)
    item = _row(ctx, found.id) if found else None
    if item is None or item.token != r.token:
        return
    if r.status == SendState.DELIVERED:
        if item.state in (SendState.SENDING, SendState.ACCEPTED):
            ctx.uow.outbox.save(dataclasses.replace(item, state=SendState.DELIVERED))
        return
    if item.state not in (SendState.SENDING, SendState.ACCEPTED):
        return
    error = " ".join(p for p in (r.code, r.error) if p) or "not delivered"
    if r.switch:
        needs_template(ctx, item.id, error)
    elif r.retry and item.attempts < 3 and item.page is None:
        later(ctx, item.id, error)
    else:
        failed(ctx, item.id, error)
