"""The texts of policies at each version that was ever in force."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from bot.app.rows import KeptPolicy
from storage import rows
from storage.statement import Session, Statement, into, param
from storage.tables import policies, tickets


def _keep(dialect: str) -> sa.Executable:
    return into(policies, dialect).on_conflict_do_nothing(index_elements=["name", "version"])


def _field(name: str, dialect: str) -> sa.ColumnElement[str]:
    """A text inside a ticket's JSON: asked for at a start and a reload only, so no column keeps it."""
    if dialect == "sqlite":
        return sa.literal_column(f"json_extract(data, '$.{name}')")
    return sa.literal_column(f"(data::json ->> '{name}') COLLATE \"C\"")


def _in_use(dialect: str) -> sa.Executable:
    name = _field("policy", dialect).label("policy")
    version = _field("policy_version", dialect).label("policy_version")
    open_ones = sa.select(name, version).select_from(tickets).where(sa.text("status <> 'closed'"))
    return open_ones.distinct().order_by(sa.literal_column("1"), sa.literal_column("2"))


_KEEP = Statement(_keep)
_GET = Statement(
    sa.select(policies).where(policies.c.name == param("of_name"), policies.c.version == param("of_version"))
)
_IN_USE = Statement(_in_use)


class Policies:
    """One row a version of a policy; a row never changes."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def keep(self, policy: KeptPolicy) -> None:
        self._session.run(_KEEP, rows.kept_columns(policy))

    def get(self, name: str, version: str) -> KeptPolicy | None:
        row = self._session.row(_GET, {"of_name": name, "of_version": version})
        return None if row is None else rows.kept_of(row)

    def in_use(self) -> Sequence[tuple[str, str]]:
        return [(name, version) for name, version in self._session.rows(_IN_USE, {})]
