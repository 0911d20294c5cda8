"""The versions of policies, the service that a ticket asks for, a customer's language and the ticket they may rate."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """What is new is empty in rows of before; versions of policies are kept from the next start on."""
    op.create_table(
        "policies",
        sa.Column("name", sa.Text(), primary_key=True, nullable=False),
        sa.Column("version", sa.Text(), primary_key=True, nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kept", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.add_column("tickets", sa.Column("service", sa.Text(), nullable=True))
    served = sa.text("service IS NOT NULL")
    op.create_index(
        "tickets_served",
        "tickets",
        ["organisation", "service"],
        sqlite_where=served,
        postgresql_where=served,
    )
    op.add_column("conversations", sa.Column("language", sa.Text(), nullable=True))
    op.add_column("conversations", sa.Column("rating", sa.Text(), nullable=True))
