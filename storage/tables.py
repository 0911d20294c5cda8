"""The tables. Instants are whole microseconds since 1970 UTC (BIGINT); values of the domain are JSON text.

Columns beside the JSON are there to be looked up by; every hot query is a range of one of these indexes.
A change here needs a migration, and SCHEMA is the last one's name (a test compares both).
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

SCHEMA = "0005"
VERSION_TABLE = "schema_version"
metadata = sa.MetaData()


def _number() -> sa.types.TypeEngine[int]:
    """A row number: SQLite numbers rows only in a column declared INTEGER."""
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _text(name: str, **kw: Any) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=kw.pop("nullable", False), **kw)


def _key(name: str) -> sa.Column[str]:
    return _text(name, primary_key=True)


def _instant(name: str, **kw: Any) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=kw.pop("nullable", False), **kw)


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False)


def _index(name: str, *columns: str, where: str = "") -> sa.Index:
    """An index, over part of the rows where `where` is given."""
    part: Any = {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)} if where else {}
    return sa.Index(name, *columns, **part)


inbox = sa.Table(
    "inbox",
    metadata,
    _key("channel"),
    _key("external_id"),
    _instant("at"),
    _text("state"),
    _text("kind", nullable=True),
    _text("raw", nullable=True),
    _count("tries"),
    _instant("due", nullable=True),
    _text("error"),
    _index("inbox_failed", "due", where="state = 'failed'"),
    sqlite_with_rowid=False,
)

tickets = sa.Table(
    "tickets",
    metadata,
    sa.Column("seq", _number(), primary_key=True),
    _text("id", unique=True),
    _text("team"),
    _text("status"),
    _text("severity"),
    _text("contact"),
    _text("organisation"),
    _text("place_channel"),
    _text("place"),
    _instant("opened"),
    _instant("changed"),
    _text("data"),
    _text("service", nullable=True),
    _index("tickets_at", "place_channel", "place", "opened", "seq", where="status <> 'closed'"),
    _index("tickets_of", "contact", "changed", "seq", where="status <> 'closed'"),
    _index("tickets_unfinished", "team", "opened", "seq", where="status NOT IN ('resolved', 'closed')"),
    _index("tickets_served", "organisation", "service", where="service IS NOT NULL"),
)

policies = sa.Table(
    "policies",
    metadata,
    _key("name"),
    _key("version"),
    _text("label"),
    _text("text"),
    _instant("kept"),
    sqlite_with_rowid=False,
)

counters = sa.Table(
    "counters",
    metadata,
    _key("prefix"),
    sa.Column("value", sa.BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

events = sa.Table(
    "events",
    metadata,
    sa.Column("seq", _number(), primary_key=True),
    _text("ticket"),
    _instant("at"),
    _text("kind"),
    _text("data"),
    _index("events_of", "ticket", "seq"),
    _index("events_at", "at"),
    sqlite_autoincrement=True,
)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", _number(), primary_key=True),
    _text("channel"),
    _text("at_channel"),
    _text("place"),
    _text("thread"),
    _text("kind", nullable=True),
    _text("notice", nullable=True),
    _text("language"),
    _text("zone"),
    _count("priority"),
    _text("lane_key"),
    _instant("created"),
    _instant("due"),
    _text("state"),
    _text("ticket", nullable=True),
    _text("card_of", nullable=True),
    _count("attempts"),
    _text("token", nullable=True),
    _text("provider_id"),
    _text("provider_place"),
    _text("error"),
    _flag("again"),
    _flag("templated"),
    _text("edits"),
    _text("only_for"),
    _text("reaction"),
    _text("mark_at", nullable=True),
    _text("mark_message"),
    _text("page", nullable=True),
    _text("person"),
    _text("method"),
    sa.Column("held", sa.Boolean, nullable=False, server_default=sa.false()),
    _index("outbox_pending", "channel", "priority", "id", where="state = 'pending'"),
    _index("outbox_due", "channel", "due", where="state = 'pending'"),
    _index("outbox_lane", "lane_key", "id", where="state IN ('pending', 'sending')"),
    _index("outbox_sending", "id", where="state = 'sending'"),
    _index("outbox_token", "token", where="token IS NOT NULL"),
    _index("outbox_page", "page", "id", where="page IS NOT NULL"),
    _index("outbox_person", "person", "created", where="page IS NOT NULL"),
    _index("outbox_awaited", "person", where="page IS NOT NULL AND state = 'pending'"),
    sqlite_autoincrement=True,
)

timers = sa.Table(
    "timers",
    metadata,
    sa.Column("id", _number(), primary_key=True),
    _text("ticket"),
    _text("kind"),
    _instant("due"),
    _index("timers_due", "due", "id"),
    _index("timers_of", "ticket", "kind"),
    sqlite_autoincrement=True,  # an id is never used twice: `done` of a replaced timer must hit nothing
)

cards = sa.Table(
    "cards",
    metadata,
    _key("ticket"),
    _key("channel"),
    _key("place"),
    _text("at_thread"),
    _text("message"),
    _text("thread"),
    _instant("next_render", nullable=True),
    _count("priority"),
    _text("shown"),
    _count("attempts"),
    _text("sending"),
    _index("cards_thread", "channel", "place", "thread", where="thread <> ''"),
    _index("cards_due", "channel", "next_render", where="next_render IS NOT NULL"),
    _index("cards_sending", "ticket", where="sending <> ''"),
    sqlite_with_rowid=False,
)

pages = sa.Table(
    "pages",
    metadata,
    sa.Column("seq", _number(), primary_key=True),
    _text("id", unique=True),
    _text("ticket"),
    _text("state"),
    _text("code"),
    _instant("started"),
    _text("data"),
    _index("pages_of", "ticket", "seq"),
    _index("pages_code", "code", "seq"),
    _index("pages_open", "seq", where="state = 'open'"),
    _index("pages_started", "started", "seq"),
)

drills = sa.Table(
    "drills",
    metadata,
    sa.Column("seq", _number(), primary_key=True),
    _text("id", unique=True),
    _text("person"),
    _instant("began"),
    _instant("ended", nullable=True),
    _text("data"),
    _index("drills_running", "began", "seq", where="ended IS NULL"),
    _index("drills_of", "person", "began", "seq"),
)

calls = sa.Table(
    "calls",
    metadata,
    sa.Column("seq", _number(), primary_key=True),
    _text("id", unique=True),
    _text("number"),
    _text("ticket", nullable=True),
    _instant("began"),
    _instant("ended", nullable=True),
    _text("data"),
    _index("calls_live", "began", "seq", where="ended IS NULL"),
    _index("calls_of", "ticket", "began", "seq"),
    _index("calls_since", "number", "began"),
)

board_links = sa.Table(
    "board_links",
    metadata,
    _key("digest"),
    _text("person"),
    _instant("made"),
    _instant("until"),
    _instant("used", nullable=True),
    _index("board_links_of", "person", "until"),
    sqlite_with_rowid=False,
)

board_sessions = sa.Table(
    "board_sessions",
    metadata,
    _key("digest"),
    _text("person"),
    _instant("began"),
    _instant("seen"),
    sqlite_with_rowid=False,
)

overrides = sa.Table(
    "overrides",
    metadata,
    sa.Column("id", _number(), primary_key=True),
    _text("schedule"),
    _instant("ends"),
    _instant("cancelled", nullable=True),
    _text("data"),
    _index("overrides_of", "schedule", "ends", where="cancelled IS NULL"),
    sqlite_autoincrement=True,
)

swaps = sa.Table(
    "swaps",
    metadata,
    sa.Column("id", _number(), primary_key=True),
    _text("state"),
    _instant("ends"),
    _text("data"),
    _index("swaps_open", "id", where="state = 'open'"),
    sqlite_autoincrement=True,
)

rosters = sa.Table("rosters", metadata, _key("source"), _text("data"))
secrets = sa.Table("secrets", metadata, _key("name"), _text("value"), sqlite_with_rowid=False)

chores = sa.Table(
    "chores",
    metadata,
    _key("name"),
    _instant("due"),
    _text("note"),
    _index("chores_due", "due", "name"),
    sqlite_with_rowid=False,
)

conversations = sa.Table(
    "conversations",
    metadata,
    _key("channel"),
    _key("place"),
    _text("thread"),
    _text("contact", nullable=True),
    _text("ticket", nullable=True),
    _instant("last_inbound", nullable=True),
    _flag("introducing"),
    _text("language", nullable=True),
    _text("rating", nullable=True),
    sqlite_with_rowid=False,
)

contacts = sa.Table("contacts", metadata, _key("id"), _text("data"), sqlite_with_rowid=False)
contact_identities = sa.Table(
    "contact_identities",
    metadata,
    _key("channel"),
    _key("identity"),
    sa.Column("contact", sa.Text, sa.ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False),
    _index("contact_identities_of", "contact"),
    sqlite_with_rowid=False,
)
