"""What the figures are: pure functions over recorded events. A day is counted from the events that were recorded on it,
and a longer time is its days put together, so a day that is over is never counted again.

Every figure is about what happened in the time, not about the tickets that were opened in it. Source: semantics.md,
Clocks; product.md, Reports.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from bot.domain import events as ev
from bot.domain.events import Recorded
from bot.domain.ids import PageId, PersonId, TeamName, TicketId
from bot.domain.ticket import Ticket
from escalation import sla
from escalation.grammar import AsNeeded, Negotiated
from escalation.policy import Policy
from escalation.sla import Clock, ClockKind

SCORES = (1, 2, 3, 4, 5)
"""From bad to very good."""
PolicyOf = Callable[[Ticket], Policy | None]
"""A ticket's policy; None where it is gone: then nobody can say which hours counted."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Kept:
    """How one kind of promise was kept. Each is decided once: `met` when its clock stopped in time, `broken` the moment
    it was noticed that the time was over (ClockBreached), whenever the answer comes then. What still runs, waiting or
    not, is neither. `times` are the seconds until the clocks stopped, early or late, rising: time that counts, so
    without pauses and closed hours ("elapsed is the truth")."""

    met: int = 0
    broken: int = 0
    times: tuple[int, ...] = ()

    @property
    def decided(self) -> int:
        return self.met + self.broken

    @property
    def share(self) -> float | None:
        """Met of those decided, 0.0 to 1.0; None where none was."""
        return self.met / self.decided if self.decided else None

    def time_of(self, percent: int) -> dt.timedelta | None:
        """The time in which so many percent (50: half, the median) were done, by the nearest rank; None where none was."""
        if not self.times:
            return None
        rank = max(-(-percent * len(self.times) // 100), 1)
        return dt.timedelta(seconds=self.times[rank - 1])


@dataclasses.dataclass(frozen=True, kw_only=True)
class Figures:
    """What happened to a team's tickets in some time.

    `response`: the first answer, as the policy counts answers; a ticket that was closed or merged without one counts
    only if its time was over before. `resolution`: each time that a ticket was resolved; one that is reopened and
    resolved again counts again, as its clock stands then. `late_answers` are later questions of a customer that waited
    too long. A promise without a time (as needed, negotiated and not agreed) counts nowhere, nor does a severity without
    one. `resolved` has tickets without a promise too; `reopened` is how often one came back.

    `ratings` are how many gave 1 to 5. `pages` is how many began; `called_out` who was tried for which page, once,
    however many calls it took and also over midnight. `took` is who acknowledged or took which ticket, `solved` how often
    each of us resolved one."""

    response: Kept = Kept()
    resolution: Kept = Kept()
    late_answers: int = 0
    opened: int = 0
    resolved: int = 0
    reopened: int = 0
    ratings: tuple[int, ...] = (0,) * len(SCORES)
    pages: int = 0
    called_out: frozenset[tuple[PageId, PersonId]] = frozenset()
    took: frozenset[tuple[TicketId, PersonId]] = frozenset()
    solved: Mapping[PersonId, int] = dataclasses.field(default_factory=dict)

    @property
    def rated(self) -> int:
        return sum(self.ratings)

    @property
    def rating(self) -> float | None:
        """The average, 1.0 to 5.0; None where nobody rated."""
        points = sum(score * n for score, n in zip(SCORES, self.ratings, strict=True))
        return points / self.rated if self.rated else None


NOTHING = Figures()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Work:
    """What one of us did: tickets taken, tickets resolved, pages that they were tried for."""

    person: PersonId
    took: int
    solved: int
    called_out: int


def together(several: Iterable[Figures]) -> Figures:
    """The figures of all these times, in whatever order they come."""
    all_ = tuple(several)
    solved: Counter[PersonId] = Counter()
    for each in all_:
        solved.update(each.solved)
    return Figures(
        response=_all_kept(each.response for each in all_),
        resolution=_all_kept(each.resolution for each in all_),
        late_answers=sum(each.late_answers for each in all_),
        opened=sum(each.opened for each in all_),
        resolved=sum(each.resolved for each in all_),
        reopened=sum(each.reopened for each in all_),
        ratings=tuple(sum(each.ratings[n] for each in all_) for n in range(len(SCORES))),
        pages=sum(each.pages for each in all_),
        called_out=frozenset().union(*(each.called_out for each in all_)),
        took=frozenset().union(*(each.took for each in all_)),
        solved=dict(solved),
    )


def _all_kept(several: Iterable[Kept]) -> Kept:
    all_ = tuple(several)
    return Kept(
        met=sum(each.met for each in all_),
        broken=sum(each.broken for each in all_),
        times=tuple(sorted(time for each in all_ for time in each.times)),
    )


def work_of(figures: Figures) -> tuple[Work, ...]:
    """Per person, whoever did most first."""
    took = Counter(person for _, person in figures.took)
    called = Counter(person for _, person in figures.called_out)
    people = {*took, *called, *figures.solved}
    rows = [
        Work(person=p, took=took[p], solved=figures.solved.get(p, 0), called_out=called[p]) for p in people
    ]
    return tuple(sorted(rows, key=lambda row: (-row.solved, -row.took, -row.called_out, row.person)))


# ---------------------------------------------------------------- counting
def figures_of(
    log: Iterable[Recorded], tickets: Mapping[TicketId, Ticket], policy_of: PolicyOf
) -> dict[TeamName, Figures]:
    """By team, what these events say. `tickets` are those that they are of."""
    counting = Counting(policy_of=policy_of)
    counting.add(log, tickets)
    return counting.figures()


@dataclasses.dataclass(kw_only=True)
class Counting:
    """Figures of a log that comes in pieces, so that nobody has to hold all of it.

    A ticket's clocks are what its policy made of them at the version that it was opened under, also where the policy was
    changed or deleted since. An event of a ticket that is gone counts nowhere; where only its policy is gone, what was
    promised and kept still counts, and the time is left out."""

    policy_of: PolicyOf
    tallies: dict[TeamName, _Tally] = dataclasses.field(default_factory=dict)

    def add(self, log: Iterable[Recorded], tickets: Mapping[TicketId, Ticket]) -> None:
        for entry in log:
            ticket = tickets.get(entry.ticket)
            if ticket is not None:
                tally = self.tallies.setdefault(ticket.team, _Tally(policy_of=self.policy_of))
                tally.add(ticket, entry)

    def figures(self) -> dict[TeamName, Figures]:
        return {team: tally.figures() for team, tally in self.tallies.items()}


def says_nothing(event: ev.Event) -> bool:
    """Does it count nowhere, whatever the ticket? Nobody answers a customer by it either."""
    return isinstance(event, _SILENT)


_SILENT = (
    ev.CustomerWrote,
    ev.NoteWritten,
    ev.SeveritySet,
    ev.CategorySet,
    ev.ConsentAsked,
    ev.ConsentAnswered,
    ev.MilestonePassed,
    ev.AimPassed,
    ev.Escalated,
    ev.PageStepped,
    ev.PageFailed,
    ev.PageStopped,
    ev.NotDelivered,
)


@dataclasses.dataclass(kw_only=True)
class _Tally:
    """Figures while they are being counted."""

    policy_of: PolicyOf
    counts: Counter[str] = dataclasses.field(default_factory=Counter)
    broken: Counter[str] = dataclasses.field(default_factory=Counter)
    met: Counter[ClockKind] = dataclasses.field(default_factory=Counter)
    times: dict[ClockKind, list[int]] = dataclasses.field(default_factory=dict)
    ratings: Counter[int] = dataclasses.field(default_factory=Counter)
    answered: set[TicketId] = dataclasses.field(default_factory=set)
    called_out: set[tuple[PageId, PersonId]] = dataclasses.field(default_factory=set)
    took: set[tuple[TicketId, PersonId]] = dataclasses.field(default_factory=set)
    solved: Counter[PersonId] = dataclasses.field(default_factory=Counter)

    def add(self, ticket: Ticket, entry: Recorded) -> None:
        if entry.at == ticket.answered and ticket.id not in self.answered:
            self.answered.add(ticket.id)
            self._stopped(ticket, ClockKind.RESPONSE, entry.at)
        match entry.event:
            case ev.TicketOpened():
                self.counts["opened"] += 1
            case ev.Resolved(person=person):
                self.counts["resolved"] += 1
                self.solved[person] += 1
                self._stopped(ticket, ClockKind.RESOLUTION, entry.at)
            case ev.Reopened():
                self.counts["reopened"] += 1
            case ev.ClockBreached(clock=clock):
                self.broken[clock] += 1
            case ev.Acknowledged(person=person) | ev.Taken(person=person):
                self.took.add((ticket.id, person))
            case ev.Rated(score=score):
                self.ratings[score] += 1
            case ev.PageStarted():
                self.counts["pages"] += 1
            case ev.PageAttempted(page=page, person=person):
                self.called_out.add((page, person))

    def _stopped(self, ticket: Ticket, kind: ClockKind, at: dt.datetime) -> None:
        clock = ticket.clock(kind)
        if clock is None or isinstance(clock.parsed, AsNeeded | Negotiated):
            return
        if clock.breached_at is None or clock.breached_at > at:
            self.met[kind] += 1
        policy = self.policy_of(ticket)
        if policy is not None:
            self.times.setdefault(kind, []).append(_seconds(clock, ticket, policy, at))

    def figures(self) -> Figures:
        return Figures(
            response=self._kept(ClockKind.RESPONSE),
            resolution=self._kept(ClockKind.RESOLUTION),
            late_answers=self.broken[ClockKind.NEXT_RESPONSE],
            opened=self.counts["opened"],
            resolved=self.counts["resolved"],
            reopened=self.counts["reopened"],
            ratings=tuple(self.ratings[score] for score in SCORES),
            pages=self.counts["pages"],
            called_out=frozenset(self.called_out),
            took=frozenset(self.took),
            solved=dict(self.solved),
        )

    def _kept(self, kind: ClockKind) -> Kept:
        times = tuple(sorted(self.times.get(kind, ())))
        return Kept(met=self.met[kind], broken=self.broken[kind], times=times)


def _seconds(clock: Clock, ticket: Ticket, policy: Policy, at: dt.datetime) -> int:
    """The counting time until `at`, also of a clock that runs on since."""
    stopped = dataclasses.replace(clock, stopped=at, paused_since=None)
    return int(sla.elapsed(stopped, policy.calendar_of(ticket.severity), at).total_seconds())
