"""When an attempt of a page does not get through: the person's next way at once, and when every way of everyone in the
step has failed, the next step at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from bot.app.attempts import attempt_row, methods_of
from bot.app.context import Context
from bot.app.page_end import line, log
from bot.app.rows import OutboxItem, SendState
from bot.domain import events as ev
from bot.domain import notices as no
from bot.domain.ids import Address, ChannelName, PersonId
from bot.domain.page import Page
from bot.domain.people import Person
from bot.domain.ticket import Ticket

Step = Callable[[Context, Page, Ticket], None]
Way = tuple[str, str]
"""A method and the place there."""
AROUND = "gone around: "
"""How the error of an attempt begins that is slow: it is tried on, and another way besides."""


def attempt_failed(ctx: Context, item: OutboxItem, error: str, step: Step) -> None:
    """It will never arrive: said in the thread, while the page runs, and another way is tried."""
    page, ticket = _page_of(ctx, item)
    if page is None or ticket is None:
        return
    failed = ev.PageFailed(page=page.id, person=PersonId(item.person), method=item.method, error=error)
    log(ctx, ticket, failed)
    if not page.is_open:
        return
    if ctx.directory.listed(item.person) is None:  # nobody is waiting for that one
        _go_on(ctx, page, ticket, item, step)
        return
    name = ctx.setup.name_of(PersonId(item.person))
    can = ctx.setup.can(item.channel)
    reason = error if can is not None and can.rings else ""
    line(ctx, ticket, "page_failed", name=name, text=ctx.setup.label(item.method), reason=reason)
    _go_on(ctx, page, ticket, item, step)


def attempt_delayed(ctx: Context, item: OutboxItem, error: str, step: Step) -> None:
    """It may arrive yet, but nobody can say when: it goes on being tried, and so is another way, now."""
    page, ticket = _page_of(ctx, item)
    if page is None or ticket is None or not page.is_open:
        return
    failed = ev.PageFailed(page=page.id, person=PersonId(item.person), method=item.method, error=error)
    if not any(_is_same(r.event, failed) for r in ctx.uow.log.of(ticket.id)):
        name = ctx.setup.name_of(PersonId(item.person))
        line(ctx, ticket, "page_delayed", name=name, text=ctx.setup.label(item.method))
    log(ctx, ticket, failed)
    _go_on(ctx, page, ticket, item, step)


def _is_same(event: ev.Event, failed: ev.PageFailed) -> bool:
    """Has the thread heard of it?"""
    return isinstance(event, ev.PageFailed) and (event.page, event.person, event.method) == (
        failed.page, failed.person, failed.method,
    )  # fmt: skip


def _page_of(ctx: Context, item: OutboxItem) -> tuple[Page | None, Ticket | None]:
    if item.page is None or item.ticket is None:
        return None, None
    ticket = ctx.ticket(item.ticket)  # its lock comes before the page is read
    return ctx.uow.pages.get(item.page), ticket


def _go_on(ctx: Context, page: Page, ticket: Ticket, item: OutboxItem, step: Step) -> None:
    """What is behind the walk already starts nothing new, and everyone's last resort no new round: that comes by itself."""
    call = _call_of(item)
    if call is None or call.step != page.steps:
        return
    if not _next_way(ctx, page, ticket, item) and not page.last_resort and _all_failed(ctx, page):
        step(ctx, page, ticket)


def _of_step(ctx: Context, page: Page) -> list[OutboxItem]:
    """The attempts of the step that the page is at."""
    return [
        i
        for i in ctx.uow.outbox.of_page(page.id)
        if (call := _call_of(i)) is not None and call.step == page.steps
    ]


def _call_of(item: OutboxItem) -> no.PageCall | None:
    """What an attempt says, alone or in a bundle."""
    notice = item.notice.own if isinstance(item.notice, no.PageBundle) else item.notice
    return notice if isinstance(notice, no.PageCall) else None


def _way(item: OutboxItem) -> Way:
    return item.method, item.address.place


def _is_lost(item: OutboxItem) -> bool:
    """Failed, or gone around."""
    return item.state == SendState.FAILED or (
        item.state == SendState.PENDING and item.error.startswith(AROUND)
    )


def _next_way(ctx: Context, page: Page, ticket: Ticket, failed: OutboxItem) -> bool:
    """Bring forward what was to come later by a way that was not tried yet, else try the next way the person has. What
    got through and comes again comes when it comes."""
    mine = [i for i in _of_step(ctx, page) if i.person == failed.person]
    untouched = (SendState.PENDING, SendState.CANCELLED)
    tried = {_way(i) for i in mine if i.state not in untouched or i.error}
    later = [i for i in mine if i.state == SendState.PENDING and _way(i) not in tried]
    if later:
        soonest = min(later, key=lambda i: i.due)
        ctx.uow.outbox.save(dataclasses.replace(soonest, due=min(soonest.due, ctx.now)))
        return True
    person = ctx.directory.listed(failed.person)
    way = _untried(ctx, person, failed, {_way(i) for i in mine}) if person else None
    if person is None or way is None:
        return False
    address = Address(channel=ChannelName(way[0]), place=way[1])
    key = f"page:{page.id}:{page.steps}:{person.id}:{way[0]}:{way[1]}"
    another = attempt_row(
        ctx, page, ticket, person, address, notice=_call_of(failed), lane_key=key, held=failed.held
    )
    for older in ctx.uow.outbox.of_page(page.id):  # what an earlier step would still send by that way
        same = older.person == person.id and _way(older) == way
        if same and older.state == SendState.PENDING and not isinstance(older.notice, no.PageBundle):
            ctx.uow.outbox.save(dataclasses.replace(older, state=SendState.CANCELLED))
    ctx.uow.outbox.add([another])
    return True


def _untried(ctx: Context, person: Person, failed: OutboxItem, tried: set[Way]) -> Way | None:
    """Their other phone first, then the other methods."""
    methods = (failed.method, *(m for m in methods_of(ctx, person) if m != failed.method))
    ways = ((m, place) for m in methods for place in person.places(ChannelName(m)))
    return next((way for way in ways if way not in tried), None)


def _all_failed(ctx: Context, page: Page) -> bool:
    """An attempt still to come by a way that has failed already counts as failed."""
    mine = _of_step(ctx, page)
    gone = {(i.person, _way(i)) for i in mine if _is_lost(i)}
    return all(
        i.state == SendState.CANCELLED
        or _is_lost(i)
        or (i.state == SendState.PENDING and (i.person, _way(i)) in gone)
        for i in mine
    )
