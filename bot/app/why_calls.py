"""The calls about a ticket: who called on which line, whose phones rang and what came of each, who called back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from bot.app import hotline_hold
from bot.app.callback_asked import BEING_CALLED
from bot.app.context import Context
from bot.app.recording_key import KEPT_AS, recording_url
from bot.app.rows import OutboxItem, SendState
from bot.domain import events as ev
from bot.domain import why_notices as why
from bot.domain.events import Recorded
from bot.domain.hotline import Call, Choice, End, Leg, Phase
from bot.domain.ids import PersonId
from bot.domain.page import Page


def calls_about(ctx: Context, calls: Sequence[Call], log: Sequence[Recorded]) -> tuple[why.CallStory, ...]:
    """Those of a ticket in the order in which they began, with the call backs that led to no call."""
    told = [*(_story(ctx, call) for call in calls), *_in_vain(ctx, calls, log)]
    return tuple(sorted(told, key=lambda story: story.at))


def rang_for_a_caller(calls: Sequence[Call], person: PersonId) -> dt.datetime | None:
    """When somebody's phone rang first for a caller."""
    rang = (leg.began for call in calls if call.by is None for leg in call.legs if leg.person == person)
    return min(rang, default=None)


def _story(ctx: Context, call: Call) -> why.CallStory:
    lines = dict.fromkeys((*(leg.choice for leg in call.legs), call.choice))
    return why.CallStory(
        call=call.id,
        at=call.began,
        by=call.by,
        name=ctx.setup.name_of(call.by) if call.by else "",
        lines=() if call.by else tuple(line for line in lines if line is not Choice.NONE),
        phones=tuple(_phone(ctx, call, leg) for leg in call.legs),
        phase=Phase.OVER if call.ended else call.phase,
        end=End.MESSAGE if call.recording else call.end,
        ended=call.ended,
        seconds=call.seconds,
        recording=_link(ctx, call.recording),
    )


def _link(ctx: Context, recording: str) -> str:
    """Where it can be heard; empty beside the running bot, which alone knows where it is reached. Nothing is written."""
    if not recording or not ctx.setup.public_url or ctx.uow.secrets.get(KEPT_AS) is None:
        return ""
    return recording_url(ctx.uow, ctx.setup.random, ctx.setup.public_url, recording)


def _phone(ctx: Context, call: Call, leg: Leg) -> why.Phone:
    name = ctx.setup.name_of(leg.person)
    return why.Phone(person=leg.person, name=name, at=leg.began, came=_came(call, leg))


def _came(call: Call, leg: Leg) -> why.Rung:
    """What came of a phone that rang; in a call back it is the customer's."""
    last, live = leg == call.legs[-1], call.ended is None
    if live and last and leg.ended is None and (call.by or leg.accepted is None):
        return why.Rung.RINGS
    talked = last and (call.end is End.TALKED or (live and call.phase is Phase.TALKING))
    if leg.accepted is not None and call.by is None:
        return why.Rung.TOOK if talked else why.Rung.LOST
    if talked:
        return why.Rung.TOOK
    if leg.passed:
        return why.Rung.PASSED
    gone = last and call.by is None and call.end is End.HUNG_UP and leg.ended == call.ended
    return why.Rung.GONE if gone else why.Rung.NO_ANSWER


def _in_vain(ctx: Context, calls: Sequence[Call], log: Sequence[Recorded]) -> Iterator[why.CallStory]:
    """Call backs that somebody asked for and was not put through: their own phone may still ring."""
    asking = [
        (r.at, r.event, r.event.person)
        for r in log
        if isinstance(r.event, ev.Called) and r.event.person and not r.event.call
    ]
    for n, (at, event, person) in enumerate(asking):
        if event.what != "rang":
            continue
        later = [(when, said.what) for when, said, who in asking[n + 1 :] if who == person]
        over = later[0][0] if later else None
        again = next((when for when, what in later if what == "rang"), None)
        began = (call.began for call in calls if call.by == person and call.began >= at)
        if any(again is None or one < again for one in began):
            continue
        waits = over is None and ctx.now - at < BEING_CALLED
        yield why.CallStory(
            call="",
            at=at,
            by=person,
            name=ctx.setup.name_of(person),
            phase=Phase.RINGING if waits else Phase.OVER,
            ended=None if waits else over or at + BEING_CALLED,
            end=None if waits else End.HUNG_UP,
        )


# ---------------------------------------------------------------- what a page held back for them
def held_for(ctx: Context, page: Page, item: OutboxItem, calls: Sequence[Call]) -> why.Fate | None:
    """What a caller on the line made of a call of the page that was not made; None: nothing."""
    can = ctx.setup.can(item.channel)
    if can is None or not can.rings or item.attempts or item.held or not calls:
        return None
    if item.state == SendState.PENDING:
        until = hotline_hold.until(ctx, item)
        return why.Fate.WAITS if until is not None and item.due <= until else None
    if item.state != SendState.CANCELLED or page.ended is None:
        return None
    dropped = page.ended
    if any(call.began <= min(item.due, dropped) and dropped <= _waited_until(ctx, call) for call in calls):
        return why.Fate.ON_THE_LINE
    return None


def _waited_until(ctx: Context, call: Call) -> dt.datetime:
    """So long a caller's line held the page's calls back: until a message was asked for. Ours never do."""
    if call.by is not None:
        return call.began - dt.timedelta(seconds=1)
    message = call.phase is Phase.MESSAGE or call.end is End.MESSAGE or call.recording
    if message:
        return max((leg.ended for leg in call.legs if leg.ended is not None), default=call.began)
    return call.ended or ctx.now
