"""An open ticket as a line of the board: where its clock stands, and the words for it in a reader's language and zone."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from bot.app.cards import CLOCKS, matters_next, view_of
from bot.app.context import Setup
from bot.app.speech import Speech
from bot.board.viewer import Viewer
from bot.domain.clocks import DECLINED, EXCLUDED, WAITING
from bot.domain.hotline import Call
from bot.domain.message import CardView
from bot.domain.page import Page
from bot.domain.people import Directory
from bot.domain.status import Status
from bot.domain.ticket import Ticket
from escalation.calendar import Calendar, EmptyCalendar
from escalation.countdown import Countdown, CountdownState, rounded_down
from escalation.instants import TICK, ZERO
from escalation.sla import Clock, ClockKind, at_elapsed, elapsed, exceeded_from, length
from escalation.targets import counting_calendar

UTC = ZoneInfo("UTC")


class Phase(enum.StrEnum):
    """What the time does, in the order of the board."""

    OVERDUE = "overdue"
    RUNNING = "running"
    STILL = "still"  # the desk is closed, or the support window is
    OVER = "over"  # nothing runs: answered, or no time was promised
    PAUSED = "paused"  # waiting for the customer, or not covered


_ORDER = tuple(Phase)
_PHASES = {
    CountdownState.RUNNING: Phase.RUNNING,
    CountdownState.CLOSED: Phase.STILL,
    CountdownState.PAUSED: Phase.PAUSED,
    CountdownState.OVERDUE: Phase.OVERDUE,
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a ticket's clock stands at an instant, whoever reads it. Instants are UTC.

    `left` is counting time, negative once overdue. While the clock `runs`, `ends` is when nothing is left of it (or was).
    `changes`: when all this becomes different by itself; in between a reader can count for themselves.
    """

    shown: Countdown | None
    phase: Phase
    runs: bool = False
    left: dt.timedelta = ZERO
    length: dt.timedelta | None = None
    ends: dt.datetime | None = None
    due: dt.datetime | None = None
    started: dt.datetime | None = None
    changes: dt.datetime | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Line:
    """What one line shows. All texts are ready to show; `view` is what the card in chat shows too.

    `left` is the time left (or over) in words, for whoever's browser does not count; `clock` what is due and when; `phase_words`
    why it does not run. `rank` is 0 for the most urgent severity of its policy. `waits`: since when the customer
    waits for us.
    """

    view: CardView
    standing: Standing
    key: str
    rank: int
    tier: int
    channel: str
    team: str
    policy: str
    organisation: str
    left: str
    clock: str
    phase_words: str
    waits: dt.datetime | None
    waits_words: str
    waiting: bool
    acknowledged: bool

    @property
    def used(self) -> int:
        """Thousandths of the time that are used up."""
        standing = self.standing
        if standing.phase is Phase.OVERDUE:
            return 1000
        if not standing.length:
            return 0
        return min(max(round(1000 * (1 - standing.left / standing.length)), 0), 1000)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Filter:
    """What a reader wants to see; an empty field is everything."""

    team: str = ""
    policy: str = ""
    organisation: str = ""
    severity: str = ""
    ticket: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Filter:
        return cls(**{f.name: query.get(f.name, "")[:200] for f in dataclasses.fields(cls)})

    def fits(self, ticket: Ticket) -> bool:
        pairs = (
            (self.team, ticket.team),
            (self.policy, ticket.policy),
            (self.organisation, ticket.organisation),
            (self.severity, ticket.severity),
            (self.ticket, ticket.id),
        )
        return all(wanted in ("", had) for wanted, had in pairs)


def may_see(viewer: Viewer, ticket: Ticket, directory: Directory | None = None) -> bool:
    """Their own teams' tickets; and, as in chat, those of a team that the configuration (`directory`) has lost."""
    if ticket.team in viewer.teams or directory is None:
        return ticket.team in viewer.teams
    known = any(team.name == ticket.team for team in directory.teams)
    return not known and directory.may_work(viewer.person, ticket.team)


def standing_of(setup: Setup, ticket: Ticket, now: dt.datetime) -> Standing:
    policy = setup.policy(ticket)
    shown = matters_next(ticket, policy, now, UTC)
    phase = _PHASES.get(shown.state, Phase.OVER) if shown else Phase.OVER
    if phase is Phase.OVER and ticket.status is Status.WAITING:
        phase = Phase.PAUSED
    clock = ticket.clock(shown.kind) if shown else None
    if shown is None or clock is None or shown.state not in _PHASES:
        return Standing(shown=shown, phase=phase)
    calendar = policy.calendar_of(ticket.severity)
    counting = counting_calendar(clock.parsed, clock.counts, calendar)
    runs = phase is Phase.RUNNING or (phase is Phase.OVERDUE and counting.is_open(now))
    allowed = length(clock, calendar)
    left = (allowed or ZERO) - elapsed(clock, calendar, now)
    left = min(left, ZERO) if phase is Phase.OVERDUE else max(left, ZERO)
    changes = _changes(phase, shown, clock, calendar, now)
    return Standing(
        shown=shown,
        phase=phase,
        runs=runs,
        left=left,
        length=allowed,
        ends=now + left if runs else None,
        due=shown.due,
        started=clock.started,
        changes=None if changes is None else max(changes, now + TICK),
    )


def _changes(
    phase: Phase, shown: Countdown, clock: Clock, calendar: Calendar, now: dt.datetime
) -> dt.datetime | None:
    """When the clock stops, starts, is overdue, or gets worth a look."""
    counting = counting_calendar(clock.parsed, clock.counts, calendar)
    if phase is Phase.STILL:
        return shown.next_change
    if phase is Phase.OVERDUE:
        return _turns(counting, now)
    if phase is not Phase.RUNNING:
        return None
    exceeded, allowed = exceeded_from(clock, calendar, now), length(clock, calendar) or ZERO
    soon = at_elapsed(clock, calendar, allowed - rounded_down(allowed / 4), now)
    ats = (exceeded and exceeded + TICK, counting.next_close(now), soon if soon > now else None)
    return min((at for at in ats if at is not None), default=None)


def _turns(counting: Calendar, now: dt.datetime) -> dt.datetime | None:
    """When the desk closes, or opens."""
    try:
        return counting.next_close(now) if counting.is_open(now) else counting.next_open(now)
    except EmptyCalendar:
        return None


def place_of(setup: Setup, ticket: Ticket, standing: Standing) -> str:
    """Where the line stands on the board, as a text that sorts: overdue first, then what runs by its due, then what
    stands still, what has no time, what is paused."""
    at = standing.due or ticket.opened
    rank = rank_of(setup, ticket)
    return f"{_ORDER.index(standing.phase)}{max(int(at.timestamp()), 0):012d}{rank:02d}{ticket.id}"


def rank_of(setup: Setup, ticket: Ticket) -> int:
    ids = [severity.id for severity in setup.policy(ticket).severities]
    return ids.index(ticket.severity)


def line_of(
    setup: Setup,
    ticket: Ticket,
    page: Page | None,
    standing: Standing,
    speech: Speech,
    calls: Iterable[Call] = (),
) -> Line:
    """The line in the reader's words. `page` is the ticket's latest, `calls` are those about it."""
    since = waits_since(ticket)
    return Line(
        view=view_of(setup, ticket, page, standing.shown, speech, calls),
        standing=standing,
        key=place_of(setup, ticket, standing),
        rank=rank_of(setup, ticket),
        tier=ticket.tier,
        channel=setup.label(ticket.place.channel),
        team=ticket.team,
        policy=setup.policy(ticket).title,
        organisation=ticket.organisation_name,
        left=speech.span(abs(standing.left)) if standing.due else "",
        clock=_clock(standing, speech),
        phase_words=_phase_words(ticket, standing, speech),
        waits=since,
        waits_words=speech.span(speech.now - since) if since else "",
        waiting=ticket.status is Status.WAITING,
        acknowledged=ticket.acknowledged is not None or ticket.owner is not None,
    )


def waits_since(ticket: Ticket) -> dt.datetime | None:
    """Since when the customer waits for a word of ours; None where it is their turn, or where nobody promised one."""
    if ticket.status is Status.WAITING:
        return None
    if ticket.answered is None:
        return ticket.opened
    again = ticket.clock(ClockKind.NEXT_RESPONSE)
    return again.started if again is not None and again.stopped is None else None


def _clock(standing: Standing, s: Speech) -> str:
    shown = standing.shown
    if shown is None or shown.due is None or standing.phase is Phase.OVER:
        return ""
    values = {"what": s.text(CLOCKS[shown.kind]), "due": s.when(shown.due)}
    if standing.phase is Phase.OVERDUE:
        return s.text("{what} was due {due}", **values)
    if standing.phase is Phase.PAUSED:
        return s.text("{what} stands still", **values)
    return s.text("{what} by {due}", **values)


def _phase_words(ticket: Ticket, standing: Standing, s: Speech) -> str:
    shown = standing.shown
    if standing.phase is Phase.OVERDUE:
        return s.text("overdue")
    if standing.phase is Phase.RUNNING:
        return s.text("left")
    if standing.phase is Phase.STILL and shown is not None and shown.reopens is not None:
        return s.text("stands still, counts again {when}", when=s.when(shown.reopens, starts=True))
    if standing.phase is Phase.PAUSED:
        reason = (shown and shown.reason) or (WAITING if ticket.status is Status.WAITING else "")
        return s.text(_PAUSED.get(reason, "paused"))
    return s.text(_OVER.get(shown.state if shown else CountdownState.NONE, "no promise of a time"))


_PAUSED = {
    WAITING: "paused: waiting for the customer",
    EXCLUDED: "paused: not covered by the support",
    DECLINED: "paused: the customer waits for the desk to open",
}
_OVER = {CountdownState.MET: "answered in time", CountdownState.MISSED: "answered late"}
