"""Pages and drills over tables in memory."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from bot.app.duty import Drill
from bot.domain.ids import PageId, PersonId, TicketId
from bot.domain.page import Page
from storage.codec import clean
from storage.memory_repositories import Repository
from storage.memory_tables import stored


class Pages(Repository):
    def get(self, id: PageId) -> Page | None:
        row = self._tables.pages.get(clean(id))
        return row[1] if row else None

    def open_of(self, ticket: TicketId) -> Page | None:
        return _last(page for page in self._in_order() if page.ticket == clean(ticket) and page.is_open)

    def open(self) -> Sequence[Page]:
        return [page for page in self._in_order() if page.is_open]

    def latest_of(self, ticket: TicketId) -> Page | None:
        return _last(page for page in self._in_order() if page.ticket == clean(ticket))

    def by_code(self, code: str) -> Page | None:
        return _last(page for page in self._in_order() if page.code == clean(code))

    def save(self, page: Page) -> None:
        page = stored(page)
        row = self._tables.pages.get(page.id)
        self._tables.pages.put(page.id, (row[0] if row else self._tables.number(), page))

    def between(self, since: dt.datetime, until: dt.datetime) -> Sequence[Page]:
        found = [page for page in self._in_order() if since <= page.started < until]
        return sorted(found, key=lambda page: page.started)

    def _in_order(self) -> list[Page]:
        return [page for _, page in sorted(self._tables.pages.rows.values(), key=lambda row: row[0])]


def _last(pages: Iterable[Page]) -> Page | None:
    return next(reversed(list(pages)), None)


class Drills(Repository):
    """A row stays where it is when it is saved again, so equal instants are in the order of their first save."""

    def get(self, id: str) -> Drill | None:
        return self._tables.drills.get(clean(id))

    def running(self) -> Sequence[Drill]:
        return _oldest_first(drill for drill in self._tables.drills.rows.values() if drill.ended is None)

    def of(self, person: PersonId, since: dt.datetime) -> Sequence[Drill]:
        drills = self._tables.drills.rows.values()
        return _oldest_first(d for d in drills if d.person == clean(person) and d.began >= since)

    def save(self, drill: Drill) -> None:
        drill = stored(drill)
        self._tables.drills.put(drill.id, drill)


def _oldest_first(drills: Iterable[Drill]) -> list[Drill]:
    return sorted(drills, key=lambda drill: drill.began)
