"""What became of a ticket's pages: every step, every attempt, who acknowledged; and why nobody was paged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot.app.attempts import methods_of
from bot.app.context import Context
from bot.app.why import everyone, on_target, verdict
from bot.app.why_steps import of_page, steps_of
from bot.domain import events as ev
from bot.domain import why_notices as why
from bot.domain.events import Consent, Recorded
from bot.domain.ids import PersonId
from bot.domain.page import Page, PageState
from bot.domain.people import Person
from bot.domain.ticket import Ticket
from escalation.chain import Position, advance, step_at


def stories(ctx: Context, ticket: Ticket, log: Sequence[Recorded]) -> tuple[why.PageStory, ...]:
    """What became of each of its pages, the oldest first."""
    started = [r.event.page for r in log if isinstance(r.event, ev.PageStarted)]
    pages = [page for id in started if (page := ctx.uow.pages.get(id)) is not None]
    return tuple(_story(ctx, ticket, page, log) for page in pages)


def _story(ctx: Context, ticket: Ticket, page: Page, log: Sequence[Recorded]) -> why.PageStory:
    by, via = acknowledgement(page, log)
    stopped = next(of_page(log, ev.PageStopped, page.id), None)
    return why.PageStory(
        page=page.id,
        started=page.started,
        severity=ctx.policy(ticket).knowing(page.urgency).severity(page.urgency).label,
        chain=page.chain.name,
        steps=tuple(steps_of(ctx, page, log)),
        ended=page.ended,
        acknowledged_by=ctx.setup.name_of(by) if by else "",
        via=via,
        reason=stopped[1].reason if stopped and by is None else "",
        coming=_coming(ctx, page) if page.is_open else None,
    )


def acknowledgement(page: Page, log: Sequence[Recorded]) -> tuple[PersonId | None, str]:
    """Who acknowledged a page, and by what; empty where taking the ticket was enough."""
    if page.state is not PageState.ACKNOWLEDGED or page.acknowledged_by is None:
        return None, ""
    said = [
        r.event.via
        for r in log
        if isinstance(r.event, ev.Acknowledged)
        and r.event.person == page.acknowledged_by
        and page.started <= r.at
        and (page.ended is None or r.at <= page.ended)
    ]
    return page.acknowledged_by, said[-1] if said else ""


def _coming(ctx: Context, page: Page) -> why.Coming | None:
    """The next step that reaches somebody, at the end of the running one."""
    if page.until is None:
        return None
    at = max(page.until, ctx.now)
    position = advance(page.chain, None if page.steps == 0 else page.position)
    while position is not None and not page.last_resort:
        people = _named(ctx, page, position, at)
        if people:
            return why.Coming(at=at, step=position.step + 1, people=people)
        position = advance(page.chain, position)
    return why.Coming(at=at, people=everyone(ctx, page.team))


def _named(ctx: Context, page: Page, position: Position, at: dt.datetime) -> tuple[str, ...]:
    targets = step_at(page.chain, position).targets
    found = (person for target in targets for person, _ in on_target(ctx, target, page.team, at))
    return tuple(dict.fromkeys(person.name for person in found if methods_of(ctx, person)))


# ---------------------------------------------------------------- why not
def never(ctx: Context, ticket: Ticket, log: Sequence[Recorded]) -> why.Never:
    """Why nobody was paged for a ticket so far."""
    policy = ctx.policy(ticket)
    found = verdict(policy, ticket.severity, ticket.plan, ticket.handled or ticket.opened)
    reason, until, name = _unpaged(ctx, ticket, found, log)
    label = policy.severity(ticket.severity).label
    return why.Never(why=reason, severity=label, verdict=found, until=until, name=name)


def _unpaged(
    ctx: Context, ticket: Ticket, found: why.Verdict, log: Sequence[Recorded]
) -> tuple[why.Unpaged, dt.datetime | None, str]:
    if not found.pages:
        return why.Unpaged.POLICY, None, ""
    if ticket.consent is Consent.DECLINED:
        return why.Unpaged.DECLINED, ticket.desk_opens, ""
    had = next((r.event.person for r in log if isinstance(r.event, ev.Acknowledged)), None)
    if had is not None:
        return why.Unpaged.HAD_IT, None, ctx.setup.name_of(had)
    if not ticket.status.is_open:
        return why.Unpaged.OVER, None, ""
    if ticket.consent is Consent.ASKED and ticket.consent_until is not None:
        return why.Unpaged.CHARGE_ASKED, ticket.consent_until, ""
    return why.Unpaged.ASKED, ticket.opened + ctx.policy(ticket).patience, ""


def you(
    ctx: Context, ticket: Ticket, person: Person, log: Sequence[Recorded], *, rang: bool
) -> tuple[why.You | None, int]:
    """Why the one who asks was not paged, and in which step of the last page they would have been; None: they were.
    Whose phone `rang` for a caller was called all the same."""
    stepped = [r.event for r in log if isinstance(r.event, ev.PageStepped)]
    page, paged = ctx.uow.pages.latest_of(ticket.id), any(person.id in event.people for event in stepped)
    if rang and not paged:
        return why.You.RANG, 0
    if page is None or paged:
        return None, 0
    if not methods_of(ctx, person):
        return why.You.NO_WAY, 0
    at, position = page.ended or ctx.now, page.position
    while not page.last_resort and (position := advance(page.chain, position)) is not None:
        for target in step_at(page.chain, position).targets:
            if any(p.id == person.id for p, _ in on_target(ctx, target, page.team, at)):
                return why.You.TO_COME if page.is_open else why.You.LATER, position.step + 1
    return why.You.NOT_YOU, 0
