"""Calls over a table in memory."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from bot.domain.hotline import Call
from bot.domain.ids import TicketId
from storage.codec import clean
from storage.memory_repositories import Repository
from storage.memory_tables import stored


class Calls(Repository):
    """A row stays where it is when it is saved again, so equal instants are in the order of their first save."""

    def get(self, id: str) -> Call | None:
        return self._tables.calls.get(clean(id))

    def save(self, call: Call) -> None:
        call = stored(call)
        self._tables.calls.put(call.id, call)

    def live(self) -> Sequence[Call]:
        return _oldest_first(call for call in self._tables.calls.rows.values() if call.ended is None)

    def of(self, ticket: TicketId) -> Sequence[Call]:
        calls = self._tables.calls.rows.values()
        return _oldest_first(call for call in calls if call.ticket == clean(ticket))

    def since(self, number: str, began: dt.datetime) -> int:
        calls = self._tables.calls.rows.values()
        return sum(call.counts_as == clean(number) and call.began >= began for call in calls)


def _oldest_first(calls: Iterable[Call]) -> list[Call]:
    return sorted(calls, key=lambda call: call.began)
