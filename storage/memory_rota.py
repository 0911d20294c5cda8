"""What was arranged about who is on call, and work that comes again, over tables in memory."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence

from bot.app.duty import Chore, KeptOverride, Roster, Swap, SwapState
from storage.codec import clean
from storage.memory_repositories import Repository
from storage.memory_tables import Table, stored


class Rota(Repository):
    """No override and no swap is ever dropped: the next number is one more than there are."""

    def overrides(self, schedule: str, after: dt.datetime) -> Sequence[KeptOverride]:
        wanted, kept = clean(schedule), self._tables.overrides.rows.values()
        return [
            row
            for row in kept
            if row.schedule == wanted and row.cancelled is None and row.override.span.end > after
        ]

    def override(self, id: int) -> KeptOverride | None:
        return self._tables.overrides.get(id)

    def add_override(self, override: KeptOverride) -> KeptOverride:
        override = dataclasses.replace(override, id=_next(self._tables.overrides))
        self._tables.overrides.put(override.id, stored(override))
        return override

    def save_override(self, override: KeptOverride) -> None:
        if override.id not in self._tables.overrides.rows:
            raise LookupError(f"no override {override.id}")
        self._tables.overrides.put(override.id, stored(override))

    def swap(self, id: int) -> Swap | None:
        return self._tables.swaps.get(id)

    def swaps(self, after: dt.datetime) -> Sequence[Swap]:
        asked = self._tables.swaps.rows.values()
        return [row for row in asked if row.state == SwapState.OPEN and row.span.end > after]

    def add_swap(self, swap: Swap) -> Swap:
        swap = dataclasses.replace(swap, id=_next(self._tables.swaps))
        self._tables.swaps.put(swap.id, stored(swap))
        return swap

    def save_swap(self, swap: Swap) -> None:
        if swap.id not in self._tables.swaps.rows:
            raise LookupError(f"no swap {swap.id}")
        self._tables.swaps.put(swap.id, stored(swap))

    def roster(self, source: str) -> Roster | None:
        return self._tables.rosters.get(clean(source))

    def save_roster(self, roster: Roster) -> None:
        roster = stored(roster)
        self._tables.rosters.put(roster.source, roster)


def _next(table: Table[int, KeptOverride] | Table[int, Swap]) -> int:
    return len(table.rows) + 1


class Chores(Repository):
    def get(self, name: str) -> Chore | None:
        return self._tables.chores.get(clean(name))

    def all(self) -> Sequence[Chore]:
        return sorted(self._tables.chores.rows.values(), key=lambda chore: chore.name)

    def due(self, now: dt.datetime, limit: int) -> Sequence[Chore]:
        found = [chore for chore in self._tables.chores.rows.values() if chore.due <= now]
        return sorted(found, key=lambda chore: (chore.due, chore.name))[:limit]

    def save(self, chore: Chore) -> None:
        chore = stored(chore)
        self._tables.chores.put(chore.name, chore)

    def hurry(self, name: str, at: dt.datetime) -> None:
        chore = self.get(name)
        if chore is not None and chore.due > at:
            self.save(dataclasses.replace(chore, due=at))

    def drop(self, name: str) -> None:
        self._tables.chores.drop(clean(name))

    def next_due(self) -> dt.datetime | None:
        return min((chore.due for chore in self._tables.chores.rows.values()), default=None)
