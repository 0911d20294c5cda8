"""The first tables. What is written here stays as it is; `storage.tables` is how they look today."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _create_inbox()
    _create_tickets()
    _create_outbox()
    _create_timers()
    _create_cards()
    _create_pages()
    _create_people()


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True)


def _key(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), primary_key=True, nullable=False) for name in names]


def _text(*names: str, nullable: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def _instant(*names: str, nullable: bool = False) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), nullable=nullable) for name in names]


def _count(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names]


def _flag(*names: str) -> list[sa.Column[bool]]:
    return [sa.Column(name, sa.Boolean(), nullable=False) for name in names]


def _index(table: str, name: str, *columns: str, where: str = "") -> None:
    part: Any = {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)} if where else {}
    op.create_index(name, table, list(columns), **part)


def _create_inbox() -> None:
    op.create_table(
        "inbox",
        *_key("channel", "external_id"),
        *_instant("at"),
        *_text("state"),
        *_text("kind", "raw", nullable=True),
        *_count("tries"),
        *_instant("due", nullable=True),
        *_text("error"),
        sqlite_with_rowid=False,
    )
    _index("inbox", "inbox_failed", "due", where="state = 'failed'")


def _create_tickets() -> None:
    op.create_table(
        "tickets",
        _number("seq"),
        sa.Column("id", sa.Text(), nullable=False, unique=True),
        *_text("team", "status", "severity", "contact", "organisation", "place_channel", "place"),
        *_instant("opened", "changed"),
        *_text("data"),
    )
    _index("tickets", "tickets_at", "place_channel", "place", "opened", "seq", where="status <> 'closed'")
    _index(
        *("tickets", "tickets_unfinished", "team", "opened", "seq"),
        where="status NOT IN ('resolved', 'closed')",
    )
    op.create_table("counters", *_key("prefix"), *_instant("value"), sqlite_with_rowid=False)
    op.create_table(
        "events",
        _number("seq"),
        *_text("ticket"),
        *_instant("at"),
        *_text("kind", "data"),
        sqlite_autoincrement=True,
    )
    _index("events", "events_of", "ticket", "seq")


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        _number("id"),
        *_text("channel", "at_channel", "place", "thread"),
        *_text("kind", "notice", nullable=True),
        *_text("language", "zone"),
        *_count("priority"),
        *_text("lane_key"),
        *_instant("created", "due"),
        *_text("state"),
        *_text("ticket", "card_of", nullable=True),
        *_count("attempts"),
        *_text("token", nullable=True),
        *_text("provider_id", "provider_place", "error"),
        *_flag("again", "templated"),
        *_text("edits", "only_for", "reaction"),
        *_text("mark_at", nullable=True),
        *_text("mark_message"),
        *_text("page", nullable=True),
        *_text("person", "method"),
        sqlite_autoincrement=True,
    )
    _index("outbox", "outbox_pending", "channel", "priority", "id", where="state = 'pending'")
    _index("outbox", "outbox_due", "channel", "due", where="state = 'pending'")
    _index("outbox", "outbox_lane", "lane_key", "id", where="state IN ('pending', 'sending')")
    _index("outbox", "outbox_sending", "id", where="state = 'sending'")
    _index("outbox", "outbox_token", "token", where="token IS NOT NULL")
    _index("outbox", "outbox_page", "page", "id", where="page IS NOT NULL")


def _create_timers() -> None:
    op.create_table(
        "timers", _number("id"), *_text("ticket", "kind"), *_instant("due"), sqlite_autoincrement=True
    )
    _index("timers", "timers_due", "due", "id")
    _index("timers", "timers_of", "ticket", "kind")


def _create_cards() -> None:
    op.create_table(
        "cards",
        *_key("ticket", "channel", "place"),
        *_text("at_thread", "message", "thread"),
        *_instant("next_render", nullable=True),
        *_count("priority"),
        *_text("shown"),
        *_count("attempts"),
        *_text("sending"),
        sqlite_with_rowid=False,
    )
    _index("cards", "cards_thread", "channel", "place", "thread", where="thread <> ''")
    _index("cards", "cards_due", "channel", "next_render", where="next_render IS NOT NULL")
    _index("cards", "cards_sending", "ticket", where="sending <> ''")


def _create_pages() -> None:
    op.create_table(
        "pages",
        _number("seq"),
        sa.Column("id", sa.Text(), nullable=False, unique=True),
        *_text("ticket", "state", "code"),
        *_instant("started"),
        *_text("data"),
    )
    _index("pages", "pages_of", "ticket", "seq")
    _index("pages", "pages_code", "code", "seq")
    _index("pages", "pages_open", "seq", where="state = 'open'")


def _create_people() -> None:
    op.create_table(
        "conversations",
        *_key("channel", "place"),
        *_text("thread"),
        *_text("contact", "ticket", nullable=True),
        *_instant("last_inbound", nullable=True),
        *_flag("introducing"),
        sqlite_with_rowid=False,
    )
    op.create_table("contacts", *_key("id"), *_text("data"), sqlite_with_rowid=False)
    op.create_table(
        "contact_identities",
        *_key("channel", "identity"),
        sa.Column("contact", sa.Text(), sa.ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False),
        sqlite_with_rowid=False,
    )
    _index("contact_identities", "contact_identities_of", "contact")
