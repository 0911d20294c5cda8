"""The repositories over tables in memory: each does what its twin beside it does with SQL."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from bot.app.inbound import Failed
from bot.app.rows import Card, KeptPolicy, OutboxItem, PagedLately, SendState
from bot.domain.events import Event, Recorded
from bot.domain.ids import Address, ChannelName, ContactId, PageId, PersonId, TicketId
from bot.domain.status import Status
from bot.domain.ticket import Ticket
from bot.domain.timers import Timer, TimerKind
from storage.codec import clean
from storage.memory_tables import (
    Tables,
    stored,
    stored_card,
    stored_item,
    stored_timer,
)

FIRST_NUMBER = 1001
_LIVE = (SendState.PENDING, SendState.SENDING)


class Repository:
    def __init__(self, tables: Tables) -> None:
        self._tables = tables


class Inbox(Repository):
    """A row without a Failed was handled."""

    def add(self, channel: ChannelName, external_id: str, at: dt.datetime) -> bool:
        key = clean(channel), clean(external_id)
        if key in self._tables.inbox.rows:
            return False
        self._tables.inbox.put(key, None)
        return True

    def fail(self, failed: Failed) -> None:
        came = stored(failed.inbound)
        key = came.channel, came.external_id
        before = self._tables.inbox.get(key)
        known = key in self._tables.inbox.rows
        tries = max(failed.tries, (before.tries if before else 0) + 1) if known else failed.tries
        kept = dataclasses.replace(failed, inbound=came, error=clean(failed.error), tries=tries)
        self._tables.inbox.put(key, kept)

    def failed(self, now: dt.datetime, limit: int) -> Sequence[Failed]:
        due = [f for f in self._tables.inbox.rows.values() if f is not None and f.at <= now]
        due.sort(key=lambda f: (f.at, f.inbound.channel, f.inbound.external_id))
        return due[:limit]

    def next_failed(self) -> dt.datetime | None:
        return min((f.at for f in self._tables.inbox.rows.values() if f is not None), default=None)

    def settle(self, channel: ChannelName, external_id: str) -> None:
        key = clean(channel), clean(external_id)
        if key in self._tables.inbox.rows:
            self._tables.inbox.put(key, None)


class Tickets(Repository):
    def next_reference(self, prefix: str) -> TicketId:
        prefix = clean(prefix)
        number = self._tables.counters.get(prefix)
        number = FIRST_NUMBER if number is None else number + 1
        self._tables.counters.put(prefix, number)
        return TicketId(f"{prefix}-{number}")

    def get(self, id: TicketId) -> Ticket | None:
        row = self._tables.tickets.get(clean(id))
        return row[1] if row else None

    def peek(self, id: TicketId) -> Ticket | None:
        return self.get(id)

    def save(self, ticket: Ticket) -> None:
        ticket = stored(ticket)
        row = self._tables.tickets.get(ticket.id)
        self._tables.tickets.put(ticket.id, (row[0] if row else self._tables.number(), ticket))

    def at(self, place: Address, limit: int = 10) -> Sequence[Ticket]:
        here = clean(place.channel), clean(place.place)
        return self._in_order(
            lambda t: (t.place.channel, t.place.place) == here and t.status is not Status.CLOSED
        )[::-1][:limit]

    def of_contact(self, contact: ContactId, limit: int = 10) -> Sequence[Ticket]:
        found = self._in_order(lambda t: t.contact == clean(contact) and t.status is not Status.CLOSED)
        return sorted(found, key=lambda t: t.changed)[::-1][:limit]

    def unfinished(self, team: str, limit: int = 50) -> Sequence[Ticket]:
        return self._in_order(lambda t: t.team == clean(team) and t.status.is_open)[:limit]

    def open_by_severity(self, team: str) -> Mapping[str, int]:
        mine = (t for _, t in self._tables.tickets.rows.values() if t.team == team and t.status.is_open)
        return Counter(t.severity for t in mine)

    def had_service(self, organisation: str, service: str) -> bool:
        wanted = clean(organisation), clean(service)
        had = self._in_order(lambda t: (t.organisation, t.service) == wanted and not t.status.is_open)
        return service != "" and had != []

    def open(self, behind: tuple[int, Ticket] | None, limit: int) -> Sequence[tuple[int, Ticket]]:
        def place(row: tuple[int, Ticket]) -> tuple[str, dt.datetime, int]:
            return row[1].team, row[1].opened, row[0]

        found = sorted(
            (row for row in self._tables.tickets.rows.values() if row[1].status.is_open), key=place
        )
        return [row for row in found if behind is None or place(row) > place(behind)][:limit]

    def every(self, after: int, limit: int) -> Sequence[tuple[int, Ticket]]:
        behind = (row for row in self._tables.tickets.rows.values() if row[0] > after)
        return sorted(behind, key=lambda row: row[0])[:limit]

    def _in_order(self, wanted: Callable[[Ticket], bool]) -> list[Ticket]:
        found = [row for row in self._tables.tickets.rows.values() if wanted(row[1])]
        return [ticket for _, ticket in sorted(found, key=lambda row: (row[1].opened, row[0]))]


class EventLog(Repository):
    def append(self, ticket: TicketId, events: Sequence[Event], at: dt.datetime) -> None:
        ticket = TicketId(clean(ticket))
        new = tuple(
            Recorded(seq=self._tables.number(), ticket=ticket, at=at, event=stored(event)) for event in events
        )
        self._tables.events.put(ticket, (self._tables.events.get(ticket) or ()) + new)

    def of(self, ticket: TicketId) -> Sequence[Recorded]:
        return list(self._tables.events.get(TicketId(clean(ticket))) or ())

    def last_of(self, ticket: TicketId, limit: int) -> Sequence[Recorded]:
        return self.of(ticket)[-limit:]

    def after(self, seq: int, limit: int) -> Sequence[Recorded]:
        return sorted((r for r in self._every() if r.seq > seq), key=lambda row: row.seq)[:limit]

    def latest(self) -> int:
        return max((recorded.seq for recorded in self._every()), default=0)

    def _every(self) -> Iterator[Recorded]:
        for log in self._tables.events.rows.values():
            yield from log

    def between(self, since: dt.datetime, until: dt.datetime) -> Sequence[tuple[TicketId, Recorded]]:
        logs = self._tables.events.rows.values()
        found = [recorded for log in logs for recorded in log if since <= recorded.at < until]
        return [(recorded.ticket, recorded) for recorded in sorted(found, key=lambda row: row.seq)]

    def piece(
        self, since: dt.datetime, until: dt.datetime, after: Recorded | None, limit: int
    ) -> Sequence[Recorded]:
        found = sorted((row for _, row in self.between(since, until)), key=lambda row: (row.at, row.seq))
        return [row for row in found if after is None or (row.at, row.seq) > (after.at, after.seq)][:limit]


class Outbox(Repository):
    def add(self, items: Sequence[OutboxItem]) -> None:
        for item in items:
            self._put(stored_item(dataclasses.replace(item, id=self._tables.number())))

    def claim(self, channels: Sequence[ChannelName], now: dt.datetime, limit: int) -> Sequence[OutboxItem]:
        first: dict[str, OutboxItem] = {}
        for item in self._live():
            first.setdefault(item.lane_key, item)
        found = [item for item in first.values() if item.channel in channels and self._may_go(item, now)]
        return sorted(found, key=lambda item: (item.priority, item.id))[:limit]

    def get(self, id: int) -> OutboxItem | None:
        return self._tables.outbox.get(id)

    def by_token(self, token: str) -> OutboxItem | None:
        found = self.get(self._tables.tokens.get(clean(token)) or 0) if token else None
        return found if found is not None and found.token == clean(token) else None

    def save(self, item: OutboxItem) -> None:
        if item.id not in self._tables.outbox.rows:
            raise LookupError(f"no outbox row {item.id}")
        self._put(stored_item(item))

    def of_page(self, page: PageId) -> Sequence[OutboxItem]:
        ids = self._tables.of_page.get(clean(page)) or ()
        return [item for id_ in ids if (item := self.get(id_)) is not None]

    def of_person(self, person: PersonId, since: dt.datetime) -> Sequence[OutboxItem]:
        person = PersonId(clean(person))
        attempts = (self._tables.outbox.rows[id_] for id_ in self._tables.of_person.get(person) or ())
        return [item for item in attempts if item.created >= since or item.state == SendState.PENDING]

    def paged_lately(self, person: PersonId, since: dt.datetime) -> Sequence[PagedLately]:
        found: dict[PageId, list[OutboxItem]] = {}
        for item in self.of_person(person, since):
            if item.page is not None and item.created >= since:
                found.setdefault(item.page, []).append(item)
        return [
            PagedLately(
                page=page,
                ticket=next(i.ticket for i in items if i.ticket is not None),
                first=min(i.created for i in items),
                held=all(i.held for i in items),
                tried=any(i.attempts > 0 for i in items),
                waits=min((i.due for i in items if i.held and i.state == SendState.PENDING), default=None),
            )
            for page, items in found.items()
        ]

    def hurry(self, after: dt.datetime, by: dt.timedelta) -> None:
        for item in self._live():
            if item.state == SendState.PENDING and item.page is None and item.due > after:
                self.save(dataclasses.replace(item, due=item.due - by))

    def unsettled(self) -> Sequence[OutboxItem]:
        return [item for item in self._live() if item.state == SendState.SENDING]

    def next_due(self, channels: Sequence[ChannelName], after: dt.datetime) -> dt.datetime | None:
        waiting = (i for i in self._live() if i.state == SendState.PENDING and i.channel in channels)
        return min((item.due for item in waiting if item.due > after), default=None)

    def _live(self) -> list[OutboxItem]:
        return [item for _, item in sorted(self._tables.live.rows.items())]

    def _may_go(self, item: OutboxItem, now: dt.datetime) -> bool:
        if item.state != SendState.PENDING or item.due > now:
            return False
        if item.card_of is None:
            return True
        card = self._tables.cards.get((item.card_of, item.address.channel, item.address.place))
        return card is not None and card.message != ""

    def _put(self, item: OutboxItem) -> None:
        self._note_person(self._tables.outbox.get(item.id), item)
        self._tables.outbox.put(item.id, item)
        if item.state in _LIVE:
            self._tables.live.put(item.id, item)
        else:
            self._tables.live.drop(item.id)
        if item.token:
            self._tables.tokens.put(item.token, item.id)
        if item.page is not None:
            ids = self._tables.of_page.get(item.page) or ()
            self._tables.of_page.put(item.page, tuple(sorted({*ids, item.id})))

    def _note_person(self, before: OutboxItem | None, item: OutboxItem) -> None:
        """Whose attempt of a page it is; the work of a moment unless that is new."""
        was = before.person if before is not None and before.page is not None else None
        now = item.person if item.page is not None else None
        if was == now:
            return
        by_person = self._tables.of_person
        if was is not None:
            by_person.put(was, tuple(id_ for id_ in by_person.get(was) or () if id_ != item.id))
        if now is not None:
            by_person.put(now, tuple(sorted((*(by_person.get(now) or ()), item.id))))


class Timers(Repository):
    def replace(self, ticket: TicketId, kinds: Sequence[TimerKind], timers: Sequence[Timer]) -> None:
        for timer in list(self._tables.timers.rows.values()):
            if timer.ticket == clean(ticket) and timer.kind in kinds:
                self._tables.timers.drop(timer.id)
        for timer in timers:
            number = self._tables.number()
            self._tables.timers.put(number, stored_timer(timer, number))

    def due(self, now: dt.datetime, limit: int) -> Sequence[Timer]:
        found = [timer for timer in self._tables.timers.rows.values() if timer.due <= now]
        return sorted(found, key=lambda timer: (timer.due, timer.id))[:limit]

    def done(self, timer: Timer) -> None:
        self._tables.timers.drop(timer.id)

    def next_due(self) -> dt.datetime | None:
        return min((timer.due for timer in self._tables.timers.rows.values()), default=None)


class Cards(Repository):
    def get(self, ticket: TicketId, address: Address) -> Card | None:
        return self._tables.cards.get((clean(ticket), clean(address.channel), clean(address.place)))

    def of(self, ticket: TicketId) -> Sequence[Card]:
        return self._all(lambda card: card.ticket == clean(ticket))

    def by_thread(self, address: Address) -> Card | None:
        wanted = clean(address.channel), clean(address.place), clean(address.thread)
        found = self._all(lambda card: (card.address.channel, card.address.place, card.thread) == wanted)
        return found[0] if found and address.thread else None

    def save(self, card: Card) -> None:
        card = stored_card(card)
        self._tables.cards.put((card.ticket, card.address.channel, card.address.place), card)

    def touch(self, ticket: TicketId, now: dt.datetime, priority: int) -> None:
        for card in self.of(ticket):
            due = card.next_render is not None and card.next_render <= now
            self.save(
                dataclasses.replace(
                    card,
                    next_render=card.next_render if due else now,
                    priority=min(card.priority, priority) if due else priority,
                )
            )

    def due(self, channels: Sequence[ChannelName], now: dt.datetime, limit: int) -> Sequence[Card]:
        found = [
            (card.priority, card.next_render, card.ticket, card.address.place, card.address.channel, card)
            for card in self._tables.cards.rows.values()
            if card.next_render is not None and card.next_render <= now and card.address.channel in channels
        ]
        return [row[-1] for row in sorted(found, key=lambda row: row[:-1])[:limit]]

    def next_due(self, channels: Sequence[ChannelName]) -> dt.datetime | None:
        wanted = (c.next_render for c in self._tables.cards.rows.values() if c.address.channel in channels)
        return min((at for at in wanted if at is not None), default=None)

    def unsettled(self) -> Sequence[Card]:
        return self._all(lambda card: card.sending != "")

    def _all(self, wanted: Callable[[Card], bool]) -> list[Card]:
        return [card for _, card in sorted(self._tables.cards.rows.items()) if wanted(card)]


class Policies(Repository):
    def keep(self, policy: KeptPolicy) -> None:
        policy = stored(policy)
        if (policy.name, policy.version) not in self._tables.policies.rows:
            self._tables.policies.put((policy.name, policy.version), policy)

    def get(self, name: str, version: str) -> KeptPolicy | None:
        return self._tables.policies.get((clean(name), clean(version)))

    def in_use(self) -> Sequence[tuple[str, str]]:
        tickets = (ticket for _, ticket in self._tables.tickets.rows.values())
        return sorted({(t.policy, t.policy_version) for t in tickets if t.status is not Status.CLOSED})


class Secrets(Repository):
    def get(self, name: str) -> str | None:
        return self._tables.secrets.get(clean(name))

    def keep(self, name: str, value: str) -> str:
        name = clean(name)
        if name not in self._tables.secrets.rows:
            self._tables.secrets.put(name, clean(value))
        return self._tables.secrets.rows[name]
