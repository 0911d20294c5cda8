"""What stays true of sending: phones ring apart, nothing waits for a vendor that is back, what fails goes another way,
and an acknowledgement counts."""

from __future__ import annotations

from bot.app import attempts, bundles
from bot.app.context import Context
from bot.app.pace import APART
from bot.app.ports import OutcomeUnknown, Permanent, Temporary
from bot.app.rows import OutboxItem, SendState
from bot.domain import events as ev
from bot.domain import notices as no
from bot.domain.page import Page
from bot.domain.ticket import Ticket
from tests.fakes.world import ACCOUNTS
from tests.scenario.paging_random_world import RandomWorld, Try, pages_in

BACK = 66.0
"""Seconds after which everything that waited for a vendor has gone out."""
LONGEST = 306.0
"""What is no page waits longer between its tries."""
ASKED = 90.0
"""Seconds of patience that a vendor may ask for."""


class SendingChecks:
    """Part of `Checks`."""

    def __init__(self, night: RandomWorld) -> None:
        self.night = night
        self.fresh: list[Try] = []
        self.rang: dict[str, Try] = {}
        self.well_since: dict[str, float] = {}
        self.waits_since: dict[int, float] = {}
        self.asked: set[int] = set()
        self.failed_rows: set[int] = set()
        self.owners: dict[str, Ticket] = {}
        self.logged: dict[str, int] = {}
        self.acks_seen = 0

    def ctx(self) -> Context:
        return Context(uow=self.night.tables_store._work, now=self.night.clock.at, setup=self.night.setup)

    def rows(self) -> dict[int, OutboxItem]:
        found: dict[int, OutboxItem] = self.night.tables.outbox.rows
        return found

    def page(self, id: str) -> Page:
        found: Page = self.night.tables.pages.rows[id][1]
        return found

    # ------------------------------------------------------------ calls
    def check_apart(self) -> None:
        """A phone rings once in 45 seconds, and for all that is due."""
        for it in self.fresh:
            if it.channel != "call" or it.outgoing.edits:
                continue
            place, before = it.outgoing.address.place, self.rang.get(it.outgoing.address.place)
            if before is not None and before.start == it.start:
                assert it.real >= before.real + APART.total_seconds() - 0.001, (before, it)
            if it.error is None or isinstance(it.error, OutcomeUnknown):
                self.rang[place] = it
            else:
                self.rang.pop(place, None)

    def check_over(self) -> None:
        """An attempt tells of nothing that is over when it is made."""
        for it in self.fresh:
            if it.item is not None and it.item.page is not None and not it.outgoing.edits:
                assert it.over == (), it

    def waits_for_phone(self, page: Page, person: str) -> list[OutboxItem]:
        """Calls that wait until the phone has stopped ringing for something else."""
        soon = self.night.clock.at + APART
        rows = self.ctx().uow.outbox.of_page(page.id)
        mine = [i for i in rows if i.person == person and i.state == SendState.PENDING and i.method == "call"]
        return [i for i in mine if i.address.place in self.rang and i.due <= soon]

    # ------------------------------------------------------------ vendors
    def check_waiting(self) -> None:
        """What is due is tried; what was tried in vain is tried soon after the vendor is back."""
        night, now = self.night, self.night.clock.at
        for name in night.watched:
            account = [w for n, w in night.watched.items() if ACCOUNTS.get(n, n) == ACCOUNTS.get(name, name)]
            if any(w.error() is not None for w in account):
                self.well_since.pop(name, None)
            else:
                self.well_since.setdefault(name, night.up)
        for it in self.fresh:
            if it.item is not None:
                self.waits_since.pop(it.item.id, None)
                if isinstance(it.error, Temporary) and it.error.retry_after is not None:
                    self.asked.add(it.item.id)
        for id, item in self.rows().items():
            if item.state != SendState.PENDING or not (item.due <= now or item.error):
                self.waits_since.pop(id, None)
                continue
            if self._waits_for_its_card(item) or (
                item.page and not any(self._is_open(p) for p in pages_in(item))
            ):
                continue
            since = max(
                self.waits_since.setdefault(id, night.up), self.well_since.get(item.channel, night.up)
            )
            if item.page is None and night.skew.total_seconds() > LONGEST:
                continue  # the clock was set back: what is no page waits that much longer
            limit = (BACK if item.page else LONGEST) + ASKED * (id in self.asked)
            assert night.up <= since + limit, f"it waits since {since}, and it is {night.up}: {item}"

    def _is_open(self, page: str) -> bool:
        return self.page(page).is_open

    def _waits_for_its_card(self, item: OutboxItem) -> bool:
        if item.card_of is None:
            return False
        card = self.night.tables.cards.rows.get((item.card_of, item.address.channel, item.address.place))
        return card is None or card.message == ""

    def check_kept_on(self) -> None:
        """A vendor that is away, or asks for patience, loses nothing."""
        for id, item in self.rows().items():
            if item.state != SendState.FAILED or id in self.failed_rows:
                continue
            self.failed_rows.add(id)
            tries = [t for t in self.night.tries if t.item is not None and t.item.id == id]
            last = tries[-1].error if tries else None
            gone = item.error.startswith(("given up after a day", "no longer one of us"))
            assert gone or not isinstance(last, Temporary) or "30005" in item.error, item

    # ------------------------------------------------------------ what fails goes another way
    def check_bundle_failed(self) -> None:
        """Each page of a bundle that failed goes another way at once."""
        for it in self.fresh:
            if it.item is None or not isinstance(it.error, Permanent) or it.outgoing.edits:
                continue
            if isinstance(it.item.notice, no.PageBundle) and it.item.page is not None:
                self._each_goes_on(it)

    def check_gone_around(self) -> None:
        """What a vendor does not take at its first try goes another way besides, at once."""
        for it in self.fresh:
            slow = isinstance(it.error, OutcomeUnknown) or (
                isinstance(it.error, Temporary) and (it.error.retry_after or 99) > 20
            )
            first = it.item is not None and it.item.page is not None and not it.item.error
            if slow and first and not it.outgoing.edits:
                self._each_goes_on(it)

    def _each_goes_on(self, it: Try) -> None:
        assert it.item is not None
        ctx, person = self.ctx(), self.night.directory.listed(it.item.person)
        if person is None or it.real != self.night.real:
            return
        for row in bundles.carried_by(ctx, self.rows()[it.item.id]):
            page = self.page(str(row.page))
            step = row.notice.step if isinstance(row.notice, no.PageCall) else -1
            if not page.is_open or step != page.steps:
                continue
            here = [i for i in ctx.uow.outbox.of_page(page.id) if i.person == person.id and _step(i) == step]
            used = {(str(i.method), i.address.place) for i in here if i.state != SendState.CANCELLED}
            tried = {
                (t.channel, t.outgoing.address.place)
                for t in self.night.tries
                if t.item is not None and t.item.person == person.id and page.id in pages_in(t.item)
            }
            rest = {(str(m), p) for m in attempts.methods_of(ctx, person) for p in person.places(m)} - used
            now = [
                t
                for t in self.fresh
                if t.n > it.n
                and t.item is not None
                and t.item.person == person.id
                and page.id in pages_in(t.item)
            ]
            waits = [i for i in here if i.state == SendState.PENDING and not i.attempts and not i.error]
            rings = [i for i in waits if i.method == "call" and i.address.place in self.rang]
            assert not rest or now or rings, f"{rest} not tried for {page.ticket}, {tried}: {it}"
            quiet = [i for i in waits if (i.method, i.address.place) not in tried and i not in rings]
            assert now or rings or not quiet, f"{quiet[0]} could come now for {page.ticket}: {it}"

    # ------------------------------------------------------------ who has it
    def check_acked(self) -> None:
        """Whoever acknowledges a page ends it, at once."""
        fresh, self.acks_seen = self.night.acked[self.acks_seen :], len(self.night.acked)
        for person, before in fresh:
            now = self.page(before.id)
            assert not now.is_open, f"{person} acknowledged {before.ticket}"

    def check_owner(self) -> None:
        """A ticket that somebody has changes hands only by `take`, or after it was handed on or came back."""
        for id, (_, ticket) in self.night.tables.tickets.rows.items():
            log = self.night.tables.events.rows[id]
            new, self.logged[id] = log[self.logged.get(id, 0) :], len(log)
            before, self.owners[id] = self.owners.get(id), ticket
            if before is None or before.owner is None or before.owner == ticket.owner:
                continue
            if before.acknowledged is None:
                continue
            kinds = (ev.Taken, ev.HandedOver, ev.Reopened)
            assert any(isinstance(r.event, kinds) for r in new), (before.owner, ticket.owner, new)
        for page in (p for _, p in self.night.tables.pages.rows.values() if p.acknowledged_by):
            people = (*self.night.night.people, *self.night.night.after)
            assert any(p.id == page.acknowledged_by and p.is_engineer_of(page.team) for p in people), page


def _step(item: OutboxItem) -> int:
    if isinstance(item.notice, no.PageCall):
        return item.notice.step
    if isinstance(item.notice, no.PageBundle) and item.notice.own is not None:
        return item.notice.own.step
    return -1
