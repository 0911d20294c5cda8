"""Test pages: every way of one of us tried at once, each answered for itself, and what came of it told.

A try is a row of the outbox like any other, behind the pages; what its vendor says comes back by `try_failed`.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence

from bot.app.context import Context
from bot.app.duty import Chore, Drill, DrillTry
from bot.app.places import at_desks, privately
from bot.app.rows import OutboxItem, Priority, SendState
from bot.app.saying import row
from bot.app.trust_places import leads_of
from bot.domain import notices as no
from bot.domain.errors import NotPossible
from bot.domain.ids import Address, ChannelName, PersonId
from bot.domain.people import Person
from bot.domain.trust_notices import MissedWay, TestAnswered, TestOver, TestPage
from escalation.instants import Span
from escalation.paging import page_code

DRILL_WAIT = dt.timedelta(hours=2)
TEST_WAIT = dt.timedelta(minutes=10)
ENDING = "test"
"""The kind of the chore that ends a test page at its time."""
_ERROR = 80
"""So many characters of what a vendor says are told."""


def ways_of(ctx: Context, person: Person) -> tuple[Address, ...]:
    """Every way by which they can be paged, a further phone too, whether its vendor answers now or not."""
    able = (c for c in person.identities if (can := ctx.setup.can(c)) is not None and can.pages)
    return tuple(Address(channel=c, place=place) for c in able for place in person.places(c))


def begin(
    ctx: Context,
    person: Person,
    wait: dt.timedelta,
    *,
    by: PersonId | None = None,
    schedule: str = "",
    shift: Span | None = None,
) -> Drill:
    """Try them all now. Raises NotPossible without any way, and while another test page to them runs."""
    ways = ways_of(ctx, person)
    if not ways:
        raise NotPossible("{name} has no way to be paged: add a phone or a chat to people", name=person.name)
    running = [d for d in ctx.uow.drills.running() if d.person == person.id]
    if running:
        raise NotPossible(
            "A test page to {name} is running already: wait until it is over, 2 hours at most",
            name=person.name,
        )
    drill = Drill(
        id=ctx.setup.random.token(),
        person=person.id,
        code=_free_code(ctx),
        began=ctx.now,
        until=ctx.now + wait,
        tries=tuple(DrillTry(method=way.channel, place=way.place) for way in ways),
        by=by,
        schedule=schedule,
        shift=shift,
    )
    ctx.uow.drills.save(drill)
    ctx.uow.chores.save(Chore(name=f"{ENDING}:{drill.id}", due=drill.until))
    ctx.uow.outbox.add([_try_row(ctx, drill, person, n, way) for n, way in enumerate(ways)])
    return drill


def _free_code(ctx: Context) -> str:
    taken = {page.code for page in ctx.uow.pages.open()} | {d.code for d in ctx.uow.drills.running()}
    code = page_code(ctx.setup.random.below(9000))
    while code in taken:
        code = page_code(int(code) - 999)
    return code


def _try_row(ctx: Context, drill: Drill, person: Person, n: int, way: Address) -> OutboxItem:
    can = ctx.setup.capabilities[way.channel]
    asker = ctx.setup.name_of(drill.by) if drill.by and drill.by != person.id else ""
    page = TestPage(
        drill=drill.id,
        code=drill.code,
        way=n,
        shift=drill.shift.start if drill.shift else None,
        by=asker,
        taps=can.edits and not can.rings,
    )
    return row(
        ctx,
        way,
        ctx.language_of(person),
        person.zone.key,
        notice=page,
        priority=Priority.CUSTOMER,
        lane_key=f"test:{drill.id}:{n}",
        person=person.id,
        method=way.channel,
    )


# ---------------------------------------------------------------- what comes of a try
def try_of(ctx: Context, item: OutboxItem) -> tuple[Drill, int] | None:
    """The test page that a row of the outbox is a try of, as it is now, and which try."""
    if not isinstance(item.notice, TestPage) or (drill := ctx.uow.drills.get(item.notice.drill)) is None:
        return None
    return drill, item.notice.way


def try_wanted(ctx: Context, item: OutboxItem) -> bool:
    """A try that has not gone out when its test page ends never does; every other row is none of ours."""
    found = try_of(ctx, item)
    return found is None or found[0].ended is None


def try_begun(ctx: Context, item: OutboxItem) -> None:
    """The attempt's token, by which its row is found again."""
    if found := try_of(ctx, item):
        _set(ctx, *found, token=item.token)


def try_failed(ctx: Context, item: OutboxItem, error: str) -> None:
    """It will never arrive; the test page may be over with that."""
    found = try_of(ctx, item)
    if found is not None and found[0].ended is None:
        _settle(ctx, _set(ctx, *found, error=error or "?"))


def answer(ctx: Context, person: Person, id: str, way: int) -> no.Notice:
    """They answered this way. Raises NotPossible for somebody else's test page, and for one that is over."""
    drill = ctx.uow.drills.get(id)
    if drill is None or drill.ended is not None or not 0 <= way < len(drill.tries):
        raise NotPossible("This test page is over: write page test for another one")
    if drill.person != person.id:
        name = ctx.setup.name_of(drill.person)
        raise NotPossible("This test page is for {name}: only they can answer it", name=name)
    if drill.tries[way].answered is None:
        drill = _set(ctx, drill, way, answered=ctx.now)
    left = [n for n, it in enumerate(drill.tries) if it.answered is None and not it.error]
    clean = all(it.answered for it in drill.tries)
    said = TestAnswered(
        way=label(ctx, drill, way), left=tuple(label(ctx, drill, n) for n in left), clean=clean
    )
    _settle(ctx, drill)
    return said


def way_at(drill: Drill, channel: ChannelName, place: str) -> int | None:
    """The try that an answer from there is one to."""
    by = [n for n, it in enumerate(drill.tries) if it.method == channel]
    exact = [n for n in by if drill.tries[n].place == place]
    return next(iter(exact or by), None)


def _set(ctx: Context, drill: Drill, way: int, **changes: object) -> Drill:
    tries: Sequence[DrillTry] = [
        dataclasses.replace(it, **changes) if n == way else it  # type: ignore[arg-type]
        for n, it in enumerate(drill.tries)
    ]
    drill = dataclasses.replace(drill, tries=tuple(tries))
    ctx.uow.drills.save(drill)
    return drill


# ---------------------------------------------------------------- the end
def on_time(ctx: Context, chore: Chore, id: str) -> None:
    """The time for answers is over."""
    drill = ctx.uow.drills.get(id)
    if drill is not None and drill.ended is None:
        _end(ctx, drill)


def _settle(ctx: Context, drill: Drill) -> None:
    """Over at once when there is nothing left to wait for."""
    if all(it.answered or it.error for it in drill.tries):
        _end(ctx, drill)


def _end(ctx: Context, drill: Drill) -> None:
    tries = tuple(it if it.answered or it.error else _explained(ctx, it) for it in drill.tries)
    drill = dataclasses.replace(drill, ended=ctx.now, tries=tries)
    ctx.uow.drills.save(drill)
    ctx.uow.chores.drop(f"{ENDING}:{drill.id}")
    person = ctx.directory.listed(drill.person)
    if person is None:
        return
    missed = [n for n, it in enumerate(drill.tries) if it.answered is None]
    over = TestOver(
        drill=drill.id,
        name=person.name,
        yours=False,
        ways=tuple(label(ctx, drill, n) for n in range(len(drill.tries))),
        missed=tuple(
            MissedWay(way=label(ctx, drill, n), error=drill.tries[n].error[:_ERROR]) for n in missed
        ),
        schedule=drill.schedule,
        shift=drill.shift,
    )
    if missed:
        failed = [it.method for it in drill.tries if it.error]
        privately(ctx, person, dataclasses.replace(over, yours=True), failed)
        tell_leads(ctx, person, over, also=drill.by)
    elif drill.by and (asker := ctx.directory.listed(drill.by)) and asker.id != person.id:
        privately(ctx, asker, over)


def _explained(ctx: Context, it: DrillTry) -> DrillTry:
    """What did not even leave was not missed by the person."""
    item = ctx.uow.outbox.by_token(it.token) if it.token else None
    if item is None:
        return dataclasses.replace(it, error="was not sent")
    gone = item.state in (SendState.ACCEPTED, SendState.DELIVERED)
    return it if gone else dataclasses.replace(it, error=item.error or "no answer of the vendor")


def tell_leads(ctx: Context, person: Person, over: TestOver, also: PersonId | None = None) -> None:
    """Their leads, in private, and whoever asked; of a team without another lead, its desk."""
    asker = ctx.directory.listed(also) if also and also != person.id else None
    leads = leads_of(ctx, person)
    told = {p.id: p for p in (*leads, *((asker,) if asker else ()))}
    for one in told.values():
        privately(ctx, one, over)
    if not leads:
        at_desks(ctx, (t for t in ctx.directory.teams if t.name in person.teams), over)


def label(ctx: Context, drill: Drill, way: int) -> str:
    """What people call a way; the end of its number where they have several of the kind."""
    it = drill.tries[way]
    several = sum(other.method == it.method for other in drill.tries) > 1
    return ctx.setup.label(it.method) + (f" …{it.place[-3:]}" if several else "")
