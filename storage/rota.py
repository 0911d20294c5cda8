"""Who is on call: what was arranged in chat, and the last good copies of calendars."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from bot.app.duty import KeptOverride, Roster, Swap
from storage import rows
from storage.codec import dumped, loaded
from storage.statement import Session, Statement, into, param, upserting, word
from storage.tables import overrides, rosters, swaps


def _adding(table: sa.Table) -> Statement:
    """Insert, and say the number that the row got."""
    return Statement(lambda dialect: into(table, dialect).returning(table.c.id))


def _saving(table: sa.Table) -> Statement:
    changes = {c.name: param(c.name) for c in table.c if c.name != "id"}
    return Statement(sa.update(table).where(table.c.id == param("of_id")).values(changes))


def _getting(table: sa.Table) -> Statement:
    """Locked until the end of the transaction: two people may answer at once."""
    return Statement(
        sa.select(table.c.id, table.c.data).where(table.c.id == param("of_id")).with_for_update()
    )


_ADD_OVERRIDE, _SAVE_OVERRIDE, _OVERRIDE = _adding(overrides), _saving(overrides), _getting(overrides)
_ADD_SWAP, _SAVE_SWAP, _SWAP = _adding(swaps), _saving(swaps), _getting(swaps)
_OVERRIDES = Statement(
    sa.select(overrides.c.id, overrides.c.data)
    .where(overrides.c.schedule == param("of_schedule"), overrides.c.ends > param("after"))
    .where(overrides.c.cancelled.is_(None))
    .order_by(overrides.c.id)
)
_SWAPS = Statement(
    sa.select(swaps.c.id, swaps.c.data)
    .where(swaps.c.state == word("open"), swaps.c.ends > param("after"))
    .order_by(swaps.c.id)
)
_ROSTER = Statement(sa.select(rosters.c.data).where(rosters.c.source == param("of_source")))
_SAVE_ROSTER = upserting(rosters, "source")


class Rota:
    """Overrides and swaps are in the order of their ids."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def overrides(self, schedule: str, after: dt.datetime) -> Sequence[KeptOverride]:
        values = {"of_schedule": schedule, "after": rows.micros(after)}
        return [rows.override_of(row) for row in self._session.rows(_OVERRIDES, values)]

    def override(self, id: int) -> KeptOverride | None:
        row = self._session.row(_OVERRIDE, {"of_id": id})
        return None if row is None else rows.override_of(row)

    def add_override(self, override: KeptOverride) -> KeptOverride:
        id_ = self._session.value(_ADD_OVERRIDE, rows.override_columns(override))
        return dataclasses.replace(override, id=id_)

    def save_override(self, override: KeptOverride) -> None:
        """LookupError for one that is not there."""
        if self._session.run(_SAVE_OVERRIDE, rows.override_columns(override) | {"of_id": override.id}) == 0:
            raise LookupError(f"no override {override.id}")

    def swap(self, id: int) -> Swap | None:
        row = self._session.row(_SWAP, {"of_id": id})
        return None if row is None else rows.swap_of(row)

    def swaps(self, after: dt.datetime) -> Sequence[Swap]:
        return [rows.swap_of(row) for row in self._session.rows(_SWAPS, {"after": rows.micros(after)})]

    def add_swap(self, swap: Swap) -> Swap:
        return dataclasses.replace(swap, id=self._session.value(_ADD_SWAP, rows.swap_columns(swap)))

    def save_swap(self, swap: Swap) -> None:
        """LookupError for one that is not there."""
        if self._session.run(_SAVE_SWAP, rows.swap_columns(swap) | {"of_id": swap.id}) == 0:
            raise LookupError(f"no swap {swap.id}")

    def roster(self, source: str) -> Roster | None:
        data = self._session.value(_ROSTER, {"of_source": source})
        return None if data is None else loaded(Roster, data)

    def save_roster(self, roster: Roster) -> None:
        self._session.run(_SAVE_ROSTER, {"source": roster.source, "data": dumped(roster)})
