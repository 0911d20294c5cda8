"""Beside the tickets: who is on call, where nobody will be, and what is ringing now."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence

from bot.app.context import Context
from bot.app.hotline_ticket import contact_of
from bot.app.rota_wording import names, stamp, stretch
from bot.app.rows import UnitOfWork
from bot.app.speech import Speech
from bot.app.trust_places import is_read
from bot.board.viewer import House, Viewer
from bot.domain import rota
from bot.domain.hotline import Call, Phase
from bot.domain.ids import PersonId, TeamName
from bot.domain.page import Page
from bot.domain.people import Contact, Team
from bot.domain.ticket import Ticket
from escalation.instants import Span
from escalation.schedule import Schedule, gaps, next_change

AHEAD = dt.timedelta(days=14)
"""How far gaps are looked for."""
MOST_GAPS = 3


@dataclasses.dataclass(frozen=True, kw_only=True)
class Since:
    """How long something lasts already: `words` are true now, `at` is for a browser that goes on counting."""

    at: dt.datetime
    words: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class OnCall:
    """A schedule. `hand_over` says until when and who is next; `doubt` that its calendar could not be read yet, so that
    nobody knows. `mine`: the reader is on."""

    schedule: str
    people: str
    nobody: bool
    mine: bool
    hand_over: str
    gaps: tuple[str, ...]
    doubt: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class Paging:
    """A page that goes on. `step` is where in its chain it is, `tried` who, `next` when somebody else is."""

    ticket: str
    what: str
    step: str
    tried: str
    next: str
    began: Since
    step_began: Since | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Calling:
    """A call that goes on. `ticket` is empty before there is one; `what` is what happens now."""

    who: str
    what: str
    ticket: str
    began: Since
    what_began: Since | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class TeamPanel:
    """Of one team."""

    team: str
    on_call: tuple[OnCall, ...]
    pages: tuple[Paging, ...]
    calls: tuple[Calling, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Panels:
    """Of each of the reader's teams, in the order of their names."""

    teams: tuple[TeamPanel, ...]


async def panels(house: House, viewer: Viewer) -> Panels:
    """As it is now: overrides, swaps and calendars counted. Schedules are looked into outside the unit of work, which
    only reads."""
    read = await house.run(lambda uow: _read(house, uow, viewer))
    speech = Speech(language=viewer.language, zone=viewer.zone, now=read.now)
    return Panels(teams=tuple(_panel(read, team, viewer, speech) for team in read.teams))


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Schedule:
    schedule: Schedule
    read: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Page:
    page: Page
    ticket: Ticket | None
    severity: str
    people: tuple[str, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Call:
    call: Call
    contact: Contact
    ticket: Ticket | None
    rings: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Read:
    """Everything that the panels are made of."""

    now: dt.datetime
    teams: tuple[Team, ...]
    schedules: dict[TeamName, tuple[_Schedule, ...]]
    pages: tuple[_Page, ...]
    calls: tuple[_Call, ...]
    people: dict[str, str]


# ---------------------------------------------------------------- reading
def _read(house: House, uow: UnitOfWork, viewer: Viewer) -> _Read:
    ctx = house.context(uow)
    teams = tuple(sorted((t for t in ctx.directory.teams if t.name in viewer.teams), key=lambda t: t.name))
    paging = [page for page in uow.pages.open() if page.team in viewer.teams]
    calling = [call for call in uow.calls.live() if call.team in viewer.teams]
    return _Read(
        now=ctx.now,
        teams=teams,
        schedules={team.name: _schedules(ctx, team) for team in teams},
        pages=tuple(_page(ctx, page) for page in sorted(paging, key=lambda page: page.started)),
        calls=tuple(_call(ctx, call) for call in calling),
        people={person.id: person.name for person in ctx.directory.people},
    )


def _schedules(ctx: Context, team: Team) -> tuple[_Schedule, ...]:
    """Those that page the team."""
    return tuple(
        _Schedule(schedule=ctx.schedule(configured.name), read=is_read(ctx, configured.name))
        for configured in ctx.directory.schedules
        if team in rota.teams_of(ctx.directory, configured.name)
    )


def _page(ctx: Context, page: Page) -> _Page:
    ticket = ctx.uow.tickets.peek(page.ticket)
    severity = ctx.policy(ticket).knowing(page.urgency).severity(page.urgency).label if ticket else ""
    people = tuple(ctx.setup.name_of(person) for person in page.step_people)
    return _Page(page=page, ticket=ticket, severity=severity, people=people)


def _call(ctx: Context, call: Call) -> _Call:
    return _Call(
        call=call,
        contact=contact_of(ctx, call),
        ticket=ctx.uow.tickets.peek(call.ticket) if call.ticket else None,
        rings=ctx.setup.name_of(call.legs[-1].person) if call.legs else "",
    )


# ---------------------------------------------------------------- putting into words
def _panel(read: _Read, team: Team, viewer: Viewer, s: Speech) -> TeamPanel:
    return TeamPanel(
        team=team.name,
        on_call=tuple(_on_call(it, read, viewer, s) for it in read.schedules[team.name]),
        pages=tuple(_paging(it, s) for it in read.pages if it.page.team == team.name),
        calls=tuple(_calling(it, read, s) for it in read.calls if it.call.team == team.name),
    )


def _since(at: dt.datetime, s: Speech) -> Since:
    return Since(at=at, words=s.span(s.now - at))


def _on_call(it: _Schedule, read: _Read, viewer: Viewer, s: Speech) -> OnCall:
    current, following = rota.turn_at(it.schedule, s.now)

    def named(people: Sequence[PersonId]) -> str:
        return names((read.people.get(person, person) for person in people), s)

    hand_over = ""
    if following is not None:
        until = stamp(following.span.start, s)
        hand_over = s.text("until {until}, then {following}", until=until, following=named(following.people))
    return OnCall(
        schedule=it.schedule.name,
        people=named(current.people),
        nobody=not current.people,
        mine=viewer.person.id in current.people,
        hand_over=hand_over,
        gaps=_gaps(it.schedule, s) if it.read else (),
        doubt=not it.read,
    )


def _gaps(schedule: Schedule, s: Speech) -> tuple[str, ...]:
    """Those that begin within AHEAD, each as long as it is."""
    until = s.now + AHEAD
    found = gaps(schedule, s.now, until)
    told = [_gap(gap, next_change(schedule, gap.start) if gap.end >= until else gap.end, s) for gap in found]
    more = len(told) - MOST_GAPS
    if more > 0:
        told = [*told[:MOST_GAPS], s.plural("and {n} more gap", "and {n} more gaps", more)]
    return tuple(told)


def _gap(gap: Span, end: dt.datetime | None, s: Speech) -> str:
    if gap.start <= s.now:
        lasts = "Nobody is on call now, until {end}" if end else "Nobody is on call from now on"
        return s.text(lasts, end=stamp(end, s) if end else "")
    if end is None:
        return s.text("Nobody is on call from {start} on", start=stamp(gap.start, s, starts=True))
    return s.text("Nobody is on call {stretch}", stretch=stretch(gap.start, end, s))


def _paging(it: _Page, s: Speech) -> Paging:
    page, ticket = it.page, it.ticket
    waits = page.steps == 0 and not page.last_resort
    return Paging(
        ticket=page.ticket,
        what=f"{it.severity} · {ticket.organisation_name}" if ticket else "",
        step=_step(page, s),
        tried="" if waits else names(it.people, s),
        next=s.text("next {when}", when=s.when(page.until, starts=True)) if page.until and not waits else "",
        began=_since(page.started, s),
        step_began=_since(page.waiting_since, s) if page.waiting_since and not waits else None,
    )


def _step(page: Page, s: Speech) -> str:
    if page.last_resort:
        return s.text("everyone, again and again")
    if page.position is None:
        return s.text("begins {when}", when=s.when(page.until, starts=True)) if page.until else ""
    step, steps = str(page.position.step + 1), str(len(page.chain.steps))
    if page.position.round:
        again = str(page.position.round + 1)
        return s.text("step {step} of {steps}, round {round}", step=step, steps=steps, round=again)
    return s.text("step {step} of {steps}", step=step, steps=steps)


PHASES = {
    Phase.MENU: "hears the menu",
    Phase.WHICH: "is asked which ticket it is about",
    Phase.NUMBER: "is asked for a number to be called back at",
    Phase.CHARGE: "is asked about the call-out charge",
    Phase.RINGING: "waits, {name}'s phone rings",
    Phase.CLOSED: "hears that nobody is at the desk",
    Phase.MESSAGE: "leaves a message",
    Phase.TALKING: "talks to {name}",
}


def _calling(it: _Call, read: _Read, s: Speech) -> Calling:
    call, leg = it.call, it.call.leg
    began = (leg.accepted or leg.began) if leg is not None else None
    if call.by is not None:
        what = s.text("{name} calls them back", name=read.people.get(call.by, call.by))
    elif call.phase in (Phase.RINGING, Phase.TALKING) and not it.rings:
        what = s.text("waits")
    else:
        what = s.text(PHASES.get(call.phase, ""), name=it.rings)
    return Calling(
        who=_caller(it, s),
        what=what,
        ticket=call.ticket or "",
        began=_since(call.began, s),
        what_began=_since(began, s) if began is not None and began != call.began else None,
    )


def _caller(it: _Call, s: Speech) -> str:
    """Their name and where they are from; of one whom nobody knows, the number."""
    name = it.contact.name or (it.ticket.contact_name if it.ticket and it.ticket.known else "")
    if not name:
        return it.call.reach or s.text("a hidden number")
    organisation = it.ticket.organisation_name if it.ticket else ""
    return f"{name}, {organisation}" if organisation else name
