"""Who is on call as arranged in chat, calendars, chores, drills, secrets; attempts of a page that wait for a bundle."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """No row of before was held back; all else that is new starts empty."""
    op.add_column("outbox", sa.Column("held", sa.Boolean(), nullable=False, server_default=sa.false()))
    _index("outbox", "outbox_person", "person", "created", where="page IS NOT NULL")
    _index("outbox", "outbox_awaited", "person", where="page IS NOT NULL AND state = 'pending'")
    _index("events", "events_at", "at")
    _index("pages", "pages_started", "started", "seq")
    _create_rota()
    _create_drills()
    _create_chores()
    op.create_table("secrets", _key("name"), _text("value"), sqlite_with_rowid=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True)


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), primary_key=True, nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _index(table: str, name: str, *columns: str, where: str = "") -> None:
    part: Any = {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)} if where else {}
    op.create_index(name, table, list(columns), **part)


def _create_rota() -> None:
    op.create_table(
        "overrides",
        _number("id"),
        _text("schedule"),
        _instant("ends"),
        _instant("cancelled", nullable=True),
        _text("data"),
        sqlite_autoincrement=True,
    )
    _index("overrides", "overrides_of", "schedule", "ends", where="cancelled IS NULL")
    op.create_table(
        "swaps", _number("id"), _text("state"), _instant("ends"), _text("data"), sqlite_autoincrement=True
    )
    _index("swaps", "swaps_open", "id", where="state = 'open'")
    op.create_table("rosters", _key("source"), _text("data"))


def _create_drills() -> None:
    op.create_table(
        "drills",
        _number("seq"),
        sa.Column("id", sa.Text(), nullable=False, unique=True),
        _text("person"),
        _instant("began"),
        _instant("ended", nullable=True),
        _text("data"),
    )
    _index("drills", "drills_running", "began", "seq", where="ended IS NULL")
    _index("drills", "drills_of", "person", "began", "seq")


def _create_chores() -> None:
    op.create_table("chores", _key("name"), _instant("due"), _text("note"), sqlite_with_rowid=False)
    _index("chores", "chores_due", "due", "name")
