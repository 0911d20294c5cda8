"""What stays true in every night. Each check looks after everything that is due at an instant has happened."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Iterator
from typing import Any

from bot.app import attempts
from bot.app.context import Context
from bot.app.rows import OutboxItem, SendState
from bot.domain import customer_notices
from bot.domain import events as ev
from bot.domain import notices as no
from bot.domain.ids import PersonId
from bot.domain.page import Page
from bot.domain.people import Person, Unlisted
from bot.domain.timers import TimerKind
from escalation.chain import LAST_RESORT_EVERY
from escalation.paging import Rule
from tests.scenario.paging_random_sending import SendingChecks
from tests.scenario.paging_random_world import CUSTOMERS, SECRET, RandomWorld, Try

SLACK = 6.0
"""Seconds: a clock that is set back by less is not looked at, and an end is told within five."""
MOST_AT_ONCE = 40


class Checks(SendingChecks):
    """`night.watch` calls `look`."""

    def __init__(self, night: RandomWorld, only: frozenset[str] = frozenset()) -> None:
        self.only = only
        super().__init__(night)
        night.watch = self.look
        self.seen_tries = 0
        self.seen_items = 0
        self.started: dict[str, float] = {}
        self.ended: dict[str, float] = {}
        self.may_be_paged: dict[str, set[str]] = {}
        self.places: set[tuple[str, str, str]] = set()
        self.fresh: list[Try] = []
        self.new_items: list[OutboxItem] = []
        self.held: dict[tuple[str, str], tuple[float, int]] = {}
        self.rounds: dict[str, list[float]] = {}
        self.seen_events: Counter[str] = Counter()
        self.failed_before: set[int] = set()

    CHECKS = (
        "broken", "timers", "one_page", "last_resort", "after_end", "hung_up", "who_is_paged", "customers",
        "first_page", "held", "hot", "rounds", "next_way", "step_lost", "apart", "over", "waiting", "kept_on",
        "owner", "acked", "bundle_failed", "gone_around",
    )  # fmt: skip

    def look(self) -> None:
        self._remember()
        if self.night.dying:
            return
        self.fresh = self.night.tries[self.seen_tries :]
        self.seen_tries = len(self.night.tries)
        rows = self.night.tables.outbox.rows
        self.new_items = [rows[i] for i in range(self.seen_items + 1, max(rows, default=0) + 1) if i in rows]
        self.seen_items = max(rows, default=0)
        for name in self.CHECKS:
            if not self.only or name in self.only:
                getattr(self, f"check_{name}")()

    # ------------------------------------------------------------ what there is
    def pages(self) -> list[Page]:
        return [page for _, page in self.night.tables.pages.rows.values()]

    def open_pages(self) -> list[Page]:
        return [p for p in self.pages() if p.is_open]

    def items(self, page: Page) -> list[OutboxItem]:
        return list(self.night.store.transact(lambda uow: uow.outbox.of_page(page.id)))

    def _remember(self) -> None:
        ctx, night = self.ctx(), self.night
        for person in night.directory.people:
            self.places |= {(person.id, c, p) for c in person.identities for p in person.places(c)}
        for page in self.pages():
            self.started.setdefault(page.id, night.up)
            if not page.is_open:
                self.ended.setdefault(page.id, night.real)
            may = self.may_be_paged.setdefault(page.id, set())
            for step in page.chain.steps:
                for target in step.targets:
                    may |= {p.id for p in _resolved(ctx, target, page)}
            if page.last_resort:
                team = night.directory.people_of(page.team) or night.directory.people
                may |= {p.id for p in team}
        for ticket, log in night.tables.events.rows.items():
            for entry in log[self.seen_events[ticket] :]:
                if isinstance(entry.event, ev.PageStepped) and entry.event.last_resort:
                    self.rounds.setdefault(entry.event.page, []).append(night.real)
            self.seen_events[ticket] = len(log)

    def tried(self, page: Page, person: str, step: int | None = None) -> Iterator[Try]:
        """Attempts of this page to this person, bundled ones too."""
        for it in self.night.tries:
            if it.item is None or it.item.person != person or it.outgoing.edits:
                continue
            notice = it.item.notice
            if (isinstance(notice, no.PageBundle) and page.id in {b.page for b in notice.pages}) or (
                isinstance(notice, no.PageCall) and notice.page == page.id and step in (None, notice.step)
            ):
                yield it

    # ------------------------------------------------------------ the properties
    def check_broken(self) -> None:
        wrong = ("inbound_failed", "timer_failed", "not_sayable", "chore_failed")
        found = [e for e in self.night.logged if e[0] in wrong]
        found += [e for e in self.night.logged if e[0] == "sending_broke" and "Died" not in e[1]["error"]]
        assert found == [], found

    def check_timers(self) -> None:
        """1. An open page has a timer that comes soon enough; an ended one has none."""
        timers = [t for t in self.night.tables.timers.rows.values() if t.kind is TimerKind.PAGE]
        due = {t.ticket: t.due for t in timers}
        assert len(due) == len(timers)
        assert set(due) == {p.ticket for p in self.open_pages()}
        now = self.night.clock.at
        for page in self.open_pages():
            assert page.until is not None and page.waiting_since is not None
            at = due[page.ticket]
            assert now <= at <= page.until + dt.timedelta(seconds=SLACK), (now, at, page.until, page)
            wait = max([LAST_RESORT_EVERY, *(s.wait for s in page.chain.steps)])
            placed = any(s.at for s in page.chain.steps)
            assert page.waiting_since <= now + dt.timedelta(seconds=SLACK), "the clock went back"
            assert placed or page.until - page.waiting_since <= wait, "it waits too long"

    def check_one_page(self) -> None:
        """6. One page a ticket, one code a page."""
        running = self.open_pages()
        assert len({p.ticket for p in running}) == len(running)
        assert len({p.code for p in running}) == len(running)

    def check_last_resort(self) -> None:
        """1. After the whole walk everybody who can be reached has been tried."""
        for page in self.open_pages():
            if any(s.at for s in page.chain.steps):
                continue
            walk = sum((s.wait for s in page.chain.steps), dt.timedelta()) * (page.chain.repeat + 1)
            limits = self.night.directory.limits
            since = max(self.started[page.id], self.night.reloaded)
            if self.night.up < since + (walk + LAST_RESORT_EVERY + limits.bundle).total_seconds() + SLACK:
                continue
            assert page.last_resort, f"{page.id} is not at its end"
            team = self.night.directory.people_of(page.team) or self.night.directory.people
            for person in attempts.reachable(self.ctx(), team):
                assert any(self.tried(page, person.id)), f"{person.id} was never tried for {page.ticket}"

    def check_after_end(self) -> None:
        """2. What is over pages nobody."""
        for it in self.fresh:
            if it.item is None or it.outgoing.edits:
                continue
            notice = it.item.notice
            if isinstance(notice, no.PageCall):
                over = self.ended.get(notice.page)
                assert over is None or it.real <= over + 5, f"paged after the end: {it}"
            elif isinstance(notice, no.PageBundle):
                ends = [self.ended.get(b.page) for b in notice.pages]
                late = [e for e in ends if e is not None and it.real > e + 5]
                assert not late, f"a bundle with what is over: {it}"

    def check_hung_up(self) -> None:
        """2. A call that rings for what is over is ended."""
        if self.night.watched["call"].error() is not None:
            return
        edited = {t.outgoing.edits for t in self.night.tries if t.channel == "call" and t.outgoing.edits}
        for it in self.night.tries:
            if it.channel != "call" or not it.message or it.outgoing.edits or it.item is None:
                continue
            item = self.night.tables.outbox.rows[it.item.id]
            if item.state != SendState.ACCEPTED or item.provider_id != it.message:
                continue
            notice = item.notice
            of = [notice.page] if isinstance(notice, no.PageCall) else []
            if isinstance(notice, no.PageBundle):
                continue
            over = [self.ended.get(p) for p in of]
            if over and over[0] is not None and self.night.real > over[0] + SLACK:
                rows = self.night.tables.outbox.rows.values()
                pending = [i for i in rows if i.edits == it.message and i.state == SendState.PENDING]
                assert it.message in edited or pending, f"it rings on: {it}"

    def check_who_is_paged(self) -> None:
        """3. Only by their own ways, and only who is meant."""
        for item in self.new_items:
            if item.page is None:
                continue
            assert (item.person, item.method, item.address.place) in self.places, item
            assert item.method == item.channel == item.address.channel
            assert self.night.setup.can(item.channel).pages, item  # type: ignore[union-attr]
            if isinstance(item.notice, no.PageCall) and not self._by_hand("page", "handover"):
                assert item.person in self.may_be_paged[item.page], f"{item.person} was not meant: {item}"

    def _by_hand(self, *words: str) -> bool:
        return any(said.startswith(words) for _, said in self.night.by_hand)

    def check_customers(self) -> None:
        """3. A customer reads nothing that is ours."""
        for it in self.fresh:
            if it.outgoing.address.place not in CUSTOMERS or it.item is None or it.item.notice is None:
                continue
            assert it.item.page is None
            assert type(it.item.notice).__module__ == customer_notices.__name__, it
            text = it.outgoing.message.text
            assert text.strip() not in self.night.commands_said, text
            assert SECRET not in text and "ACK" not in text and "📟" not in text, text
            codes = {p.code for p in self.pages()}
            assert not any(f" {code}" in text.replace("MIT-", "MIT_") for code in codes), text

    def check_first_page(self) -> None:
        """4. The first page of a most urgent ticket to a person goes out at once."""
        for item in self.new_items:
            if item.page is None or not item.held or not isinstance(item.notice, no.PageCall):
                continue
            page = self.night.tables.pages.rows[item.page][1]
            if page.urgency != "emergency":
                continue
            mine = [i for i in self.items_of(item.person) if i.ticket == item.ticket and i.id < item.id]
            earlier = [i for i in mine if i.created < item.created or not i.held]
            assert earlier, f"the first page of an emergency is held back: {item}"

    def items_of(self, person: str) -> list[OutboxItem]:
        rows = self.night.tables.outbox.rows.values()
        return [i for i in rows if i.person == person and i.page is not None]

    def check_held(self) -> None:
        """4. What is held back is written, and goes out in time."""
        night = self.night
        for item in self.new_items:
            if not item.held or item.page is None:
                continue
            name = night.setup.name_of(PersonId(item.person))
            told = [
                i
                for i in self.night.tables.outbox.rows.values()
                if isinstance(i.notice, no.DeskLine)
                and (i.notice.what, i.notice.name, i.ticket) == ("page_held", name, item.ticket)
            ]
            assert told, f"held back, and nobody says so: {item}"
            key = (item.page, item.person)
            self.held.setdefault(key, (night.up, len(night.tries) - len(self.fresh)))
        for (page_id, person), (since, count) in list(self.held.items()):
            page = night.tables.pages.rows[page_id][1]
            went = any(t.n >= count for t in self.tried(page, person))
            slow = any(i.page == page_id and i.error for i in self.items_of(person))
            if not page.is_open or went or slow or night.directory.listed(person) is None:
                del self.held[page_id, person]
                continue
            own = [r.after for p in night.directory.people if p.id == person for r in _rules_of(p)]
            limit = night.directory.limits.bundle + max(own, default=dt.timedelta())
            assert night.up <= since + limit.total_seconds() + SLACK, (
                f"held back for ever: {page.ticket} {person}"
            )

    def check_hot(self) -> None:
        """5. So many sends at one instant, no more."""
        counts = Counter(
            (it.item.page, it.item.person, it.real)
            for it in self.fresh
            if it.item is not None and it.item.page
        )
        assert max(counts.values(), default=0) <= MOST_AT_ONCE, counts

    def check_rounds(self) -> None:
        """5. Everybody is paged every five minutes, not faster."""
        for page, ats in self.rounds.items():
            for before, after in itertools.pairwise(ats):
                asked = any(before <= at <= after for at, _ in self.night.by_hand)
                assert after - before >= LAST_RESORT_EVERY.total_seconds() - SLACK or asked, (page, ats)

    def check_next_way(self) -> None:
        """7. After an attempt of the current step that failed, another way of that person was tried at once."""
        ctx = self.ctx()
        for item in self._just_failed():
            page = self.night.tables.pages.rows[item.page][1]
            person = self.night.directory.listed(item.person)
            if not page.is_open or page.last_resort or person is None:
                continue
            if not isinstance(item.notice, no.PageCall) or item.notice.step != page.steps:
                continue
            step = page.steps
            here = [t for t in self.tried(page, person.id) if _step(t, page) == step]
            ways = {(str(t.item.method), t.item.address.place) for t in here if t.item}
            rest = {(str(m), p) for m in attempts.methods_of(ctx, person) for p in person.places(m)} - ways
            now = [t for t in here if t.at == self.night.clock.at and t.real == self.night.real]
            after = [t.item for t in now if t.item and t.item.id != item.id] or self.waits_for_phone(
                page, person.id
            )
            assert after or not rest, f"{rest} could be tried for {page.ticket} after {item}"

    def _just_failed(self) -> list[OutboxItem]:
        rows = self.night.tables.outbox.rows
        failed = {i for i, item in rows.items() if item.page is not None and item.state == SendState.FAILED}
        new, self.failed_before = failed - self.failed_before, failed
        return [rows[i] for i in sorted(new)]

    def check_step_lost(self) -> None:
        """7. The step of an open page has something that got through, or may yet; else the next step began."""
        for page in self.open_pages():
            if page.last_resort or page.steps == 0:
                continue
            mine = [i for i in self.items(page) if _step_of(i, page) == page.steps]
            if not mine:
                continue
            alive = [i for i in mine if i.state not in (SendState.FAILED, SendState.CANCELLED)]
            assert alive, f"all of step {page.steps} of {page.ticket} is lost: {mine[-1]}"


def _rules_of(person: Person) -> list[Rule]:
    return [rule for rules in person.rules.values() for rule in rules]


def _step(it: Try, page: Page) -> int:
    return _step_of(it.item, page) if it.item else -1


def _step_of(item: OutboxItem, page: Page) -> int:
    """A bundle has no step of its own: it is of the one that runs."""
    if isinstance(item.notice, no.PageCall):
        return item.notice.step
    return page.steps


def _resolved(ctx: Context, target: str, page: Page) -> tuple[Any, ...]:
    try:
        return ctx.resolve(target, page.team)
    except Unlisted:
        return ()
