"""What engineers do to try the pager out: `page test`, and answers to test pages."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from zoneinfo import ZoneInfo

from bot.app import trust
from bot.app.asked import Asked
from bot.app.context import Context
from bot.app.duty import Drill, Swap
from bot.app.inbound import MessageIn
from bot.app.places import privately
from bot.app.refusals import refused
from bot.app.rota_swaps import swap
from bot.app.rows import OutboxItem
from bot.app.speech import Speech
from bot.app.trust_places import leads_of
from bot.app.wording import words
from bot.domain import notices as no
from bot.domain.errors import DomainError, NotPossible
from bot.domain.grammar import page_codes
from bot.domain.message import Message, Part
from bot.domain.people import Person
from bot.domain.rota import people_named
from bot.domain.rota_notices import SwapTold
from bot.domain.trust_notices import SwapWanted, TestBegun, TestPage
from escalation.instants import Span

LATE = dt.timedelta(hours=24)
"""So long the code of a test page that is over is still known as one."""
CONFIRM = "1"
_OK = re.compile(r"\W*(ok|okay|ack(nowledged?)?)\W*", re.IGNORECASE)


def page_test(ctx: Context, asked: Asked, who: str) -> no.Notice:
    """`page test`, `page test grace`: each way of a person, tried now. Raises NotPossible."""
    person = colleague(ctx, asked.person, who) if who.strip() else asked.person
    drill = trust.begin(ctx, person, trust.TEST_WAIT, by=asked.person.id)
    return TestBegun(
        name="" if person.id == asked.person.id else person.name,
        ways=tuple(trust.label(ctx, drill, n) for n in range(len(drill.tries))),
        until=drill.until,
    )


def colleague(ctx: Context, asker: Person, who: str) -> Person:
    """One of the same team, by id or name. Raises NotPossible."""
    mine = [p for p in ctx.directory.people if p.teams & asker.teams]
    found = [p for p in people_named(ctx.directory, who) if p in mine]
    if len(found) != 1:
        raise unclear(who, found, mine)
    return found[0]


def unclear(who: str, found: Sequence[Person], known: Iterable[Person]) -> NotPossible:
    """The words mean several people, or nobody."""
    if found:
        ids = ", ".join(p.id for p in found)
        return NotPossible('"{text}" could be several people; write one of {ids}', text=who, ids=ids)
    names = ", ".join(p.id for p in known)
    return NotPossible('I know nobody called "{text}"; write one of {names}', text=who, names=names)


def code_answered(ctx: Context, m: MessageIn, person: Person) -> no.Notice | None:
    """A private message of one of us that answers a test page: `OK 4821`, `4821`, `ok`; None where it does not."""
    drill = _meant(ctx, m.text, person)
    if drill is None:
        return None
    way = trust.way_at(drill, m.channel, m.sender.id)
    try:
        if way is None:
            name = ctx.setup.label(m.channel)
            raise NotPossible(
                "{name} is not among the ways that were tried: answer where the test page came", name=name
            )
        return trust.answer(ctx, person, drill.id, way)
    except DomainError as error:
        return refused(ctx, error, person)


def _meant(ctx: Context, text: str, person: Person) -> Drill | None:
    """The test page that a text is about; the code of an open page goes before, and so does any page before `ack`."""
    codes, bare = page_codes(text), _OK.fullmatch(text)
    if not codes and not bare:
        return None
    mine = ctx.uow.drills.of(person.id, ctx.now - LATE)
    if not mine:
        return None
    pages = [p for p in ctx.uow.pages.open() if ctx.directory.may_work(person, p.team)]
    if codes:
        open_codes = {page.code for page in pages}
        return next((d for d in reversed(mine) if d.code in codes and d.code not in open_codes), None)
    return next((d for d in reversed(mine) if d.ended is None), None) if not pages else None


def key_answered(ctx: Context, item: OutboxItem, digits: str) -> Message:
    """What is said back to a key on the call of a test page: it answers that way. Any other key hears it again."""
    speech = Speech(language=item.language, zone=ZoneInfo(item.zone), now=ctx.now)
    person = ctx.directory.listed(item.person)
    told: no.Notice
    if not isinstance(item.notice, TestPage) or person is None:
        told = no.Told(what="call_over")
    elif digits != CONFIRM:
        return words(item.notice, speech, ctx.setup.name_of)
    else:
        try:
            told = trust.answer(ctx, person, item.notice.drill, item.notice.way)
        except DomainError as error:
            told = refused(ctx, error, person)
    said = words(told, speech, ctx.setup.name_of).text
    return Message(parts=(Part(text=said),), spoken=said)


def _tapped(ctx: Context, asked: Asked) -> no.Notice:
    """The button of a test page: `drill|-|ID:WAY`."""
    id, _, way = asked.rest.rpartition(":")
    return trust.answer(ctx, asked.person, id, int(way) if way.isdecimal() else -1)


def _swap_wanted(ctx: Context, asked: Asked) -> no.Notice:
    """The button under a missed test page: the swap of that shift, asked for in the name of whose shift it is."""
    drill = ctx.uow.drills.get(asked.rest)
    person = ctx.directory.listed(drill.person) if drill else None
    if drill is None or drill.shift is None or person is None or drill.shift.start <= ctx.now:
        raise NotPossible("That shift has begun: write take and the schedule's name to take it over")
    if asked.person.id != person.id and asked.person not in leads_of(ctx, person):
        raise NotPossible("Only {name} or a lead can ask for that swap", name=person.name)
    if any(_is_same(it, drill.schedule, person, drill.shift) for it in ctx.uow.rota.swaps(ctx.now)):
        raise NotPossible("{name} has asked for that swap already; swap list has it", name=person.name)
    start, end = (f"{at.astimezone(person.zone):%Y-%m-%d %H:%M}" for at in drill.shift)
    told = swap(ctx, dataclasses.replace(asked, person=person, rest=f"{drill.schedule} {start} to {end}"))
    if asked.person.id != person.id and isinstance(told, SwapTold):
        privately(ctx, person, SwapWanted(swap=told.swap, by=asked.person.name))
        return SwapWanted(swap=told.swap)
    return told


def _is_same(it: Swap, schedule: str, asker: Person, span: Span) -> bool:
    overlaps = it.span.start < span.end and span.start < it.span.end
    return (it.schedule, it.asker) == (schedule, asker.id) and overlaps


TRUST: dict[str, Callable[[Context, Asked], no.Notice]] = {"drill": _tapped, "drillswap": _swap_wanted}
