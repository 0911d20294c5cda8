"""Whoever comes on call while a page looks for that schedule is called at once: a step asks whom it means when it begins,
and would never hear of it."""

from __future__ import annotations

from collections.abc import Iterable

from bot.app import attempts, pages
from bot.app.context import Context
from bot.domain import rota
from bot.domain import rota_notices as rn
from bot.domain.page import Page
from bot.domain.people import Person
from escalation.chain import step_at


def call_in(
    ctx: Context, schedule: str, changed: Iterable[rota.Change], by: Person
) -> tuple[rn.CalledIn, ...]:
    """Page those whom the change puts on call now for all that is at a step of this schedule; returns for what."""
    ids = {p for c in changed if c.span.start <= ctx.now < c.span.end for p in c.after if p not in c.before}
    people = attempts.reachable(ctx, (p for p in ctx.directory.people if p.id in ids))
    if not people:
        return ()
    called: list[rn.CalledIn] = []
    for found in sorted(ctx.uow.pages.open(), key=lambda page: page.ticket):
        if not _looks_for(found, schedule):
            continue
        ticket = ctx.uow.tickets.get(found.ticket)  # its lock comes before the page is read
        page = ctx.uow.pages.get(found.id)
        if ticket is None or page is None or not page.is_open or not _looks_for(page, schedule):
            continue
        fresh = tuple(p for p in people if p.id not in page.step_people)
        if fresh:
            pages.call_in(ctx, ticket, page, fresh, by="")
            names = tuple(p.name for p in fresh)
            called.append(rn.CalledIn(ticket=ticket.id, people=names, yours=fresh == (by,)))
    return tuple(called)


def _looks_for(page: Page, schedule: str) -> bool:
    """Is it at a step that pages this schedule?"""
    if page.position is None or page.last_resort:
        return False
    return f"schedule:{schedule}" in step_at(page.chain, page.position).targets
