"""Calls to our number: what their callers hear, whose phones rang for them, how they ended; and whose tickets a caller's
are."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Calls of before were never kept: it starts empty."""
    op.create_table(
        "calls",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("id", sa.Text(), nullable=False, unique=True),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("ticket", sa.Text(), nullable=True),
        sa.Column("began", sa.BigInteger(), nullable=False),
        sa.Column("ended", sa.BigInteger(), nullable=True),
        sa.Column("data", sa.Text(), nullable=False),
    )
    _index("calls_live", "calls", "began", "seq", where="ended IS NULL")
    _index("calls_of", "calls", "ticket", "began", "seq")
    _index("calls_since", "calls", "number", "began")
    _index("tickets_of", "tickets", "contact", "changed", "seq", where="status <> 'closed'")


def _index(name: str, table: str, *columns: str, where: str = "") -> None:
    part: Any = {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)} if where else {}
    op.create_index(name, table, list(columns), **part)
