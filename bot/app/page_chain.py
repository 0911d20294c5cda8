"""Which chain a ticket's page walks: that of its severity, or the policy's own for the hour, with whoever comes before."""

from __future__ import annotations

import contextlib
import dataclasses

from bot.app.context import Context
from bot.app.page_end import line
from bot.domain.decide import PageWanted
from bot.domain.people import Unlisted
from bot.domain.ticket import Ticket
from escalation.chain import LAST_RESORT_EVERY, Chain, Step


def chain_of(ctx: Context, ticket: Ticket) -> Chain:
    """The one that its page walks, or would walk."""
    page = ctx.uow.pages.open_of(ticket.id)
    if page is not None:
        return page.chain
    handling = ctx.policy(ticket).handling(ticket.severity, ticket.plan, ctx.now)
    return _chain(ctx, ticket, ticket.severity, handling.chain)


def walk_of(ctx: Context, ticket: Ticket, wanted: PageWanted) -> Chain:
    """The chain, with those who are to be paged before it as steps of their own; or what lies beyond its first step."""
    chain = _chain(ctx, ticket, wanted.urgency, wanted.chain)
    if wanted.beyond:
        further = chain.steps[1:] or (Step(targets=("everyone", "leads"), wait=chain.steps[0].wait),)
        chain = dataclasses.replace(chain, steps=further)
    firsts = [target for target in wanted.first if target]
    if len(firsts) == 1 and _is_alone_first(ctx, ticket, chain, firsts[0]):
        return chain
    before = tuple(Step(targets=(target,), wait=chain.steps[0].wait) for target in firsts)
    if wanted.gives_up and before:
        return dataclasses.replace(chain, steps=before, repeat=0)
    return dataclasses.replace(chain, steps=(*before, *chain.steps))


def _is_alone_first(ctx: Context, ticket: Ticket, chain: Chain, target: str) -> bool:
    """Does the chain begin with them anyway?"""
    with contextlib.suppress(Unlisted):
        found = {p.id for t in chain.steps[0].targets for p in ctx.resolve(t, ticket.team)}
        return found == {p.id for p in ctx.resolve(target, ticket.team)}
    return False


def more_urgent(ctx: Context, ticket: Ticket, urgency: str, than: str) -> bool:
    ranks = [s.id for s in ctx.policy(ticket).severities]
    return than not in ranks or ranks.index(urgency) < ranks.index(than)


def _chain(ctx: Context, ticket: Ticket, urgency: str, own: str) -> Chain:
    """The policy's own chain for the hour, or the team's for this severity. Without one, everyone: a hole in the
    configuration must not be silence."""
    with contextlib.suppress(Unlisted):
        return ctx.directory.chain(own)
    with contextlib.suppress(Unlisted):
        return ctx.directory.chain(ctx.directory.team(ticket.team).chains.get(urgency, ""))
    line(ctx, ticket, "no_chain", severity=ctx.policy(ticket).severity(urgency).label)
    return Chain(name="everyone", steps=(Step(targets=("everyone",), wait=LAST_RESORT_EVERY),))
