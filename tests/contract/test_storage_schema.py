"""The tables and their migrations: the same thing twice, and never a wrong one in use."""

from __future__ import annotations

import dataclasses
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import storage
from bot.app.rows import Conversation, StorageError
from bot.domain.ids import Address
from bot.domain.status import Status
from storage.codec import dumped
from storage.engine import open_store
from storage.rows import drill_columns, micros
from storage.schema import SchemaState, backup, check, upgrade
from storage.tables import SCHEMA, VERSION_TABLE, metadata
from tests.contract.storage_samples import DM, NOW, SLACK, call, drill, item, override, ticket


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/data/standby.db"
    url: str = request.getfixturevalue("postgres_url")
    return url


BOTH = pytest.mark.parametrize("empty_url", ["sqlite", "postgresql"], indirect=True)


def execute(url: str, *statements: str) -> None:
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


@BOTH
def test_the_migrations_make_the_tables(empty_url: str) -> None:
    upgrade(empty_url)
    engine = sa.create_engine(empty_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"compare_type": True, "compare_server_default": True, "version_table": VERSION_TABLE},
        )
        assert compare_metadata(context, metadata) == []
        assert parts(connection) == parts_of_metadata()
    engine.dispose()


def parts(connection: sa.Connection) -> dict[str, bool]:
    """Which rows each index covers; alembic does not compare that."""
    inspector, dialect = sa.inspect(connection), connection.dialect.name
    found = {}
    for table in metadata.tables:
        for index in inspector.get_indexes(table):
            where = index.get("dialect_options", {}).get(f"{dialect}_where")
            if not index["unique"]:
                found[index["name"]] = where is not None
    return found


def parts_of_metadata() -> dict[str, bool]:
    indexes = [index for table in metadata.tables.values() for index in table.indexes]
    return {str(i.name): i.dialect_options["sqlite"]["where"] is not None for i in indexes}


def test_the_last_migration_is_the_one_we_ask_for() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(storage.__file__).with_name("migrations")))
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [SCHEMA]
    assert sorted(s.revision for s in scripts.walk_revisions()) == [
        f"{n:04}" for n in range(1, int(SCHEMA) + 1)
    ]


@BOTH
def test_upgrading(empty_url: str) -> None:
    assert check(empty_url) == SchemaState(current=None)
    first = upgrade(empty_url)
    assert (first.before, first.after, first.backup) == (None, SCHEMA, None)
    assert check(empty_url).up_to_date
    again = upgrade(empty_url)
    assert (again.before, again.after, again.backup) == (SCHEMA, SCHEMA, None)
    open_store(empty_url).close()


def test_checking_makes_no_file(tmp_path: Path) -> None:
    assert not check(f"sqlite:///{tmp_path}/data/standby.db").up_to_date
    assert list(tmp_path.iterdir()) == []


@BOTH
def test_a_database_that_is_not_set_up_is_refused(empty_url: str) -> None:
    with pytest.raises(StorageError, match="standby db upgrade"):
        open_store(empty_url)
    assert upgrade(empty_url).backup is None
    open_store(empty_url).close()


@BOTH
@pytest.mark.parametrize("version", ["0000", "9999"])
def test_a_database_of_another_version_is_refused(empty_url: str, version: str) -> None:
    upgrade(empty_url)
    execute(empty_url, f"UPDATE {VERSION_TABLE} SET version_num = '{version}'")
    with pytest.raises(StorageError, match=f"schema {version}.*standby db upgrade"):
        open_store(empty_url)
    with pytest.raises(StorageError, match=f"schema {version}"):
        upgrade(empty_url)


@BOTH
def test_a_migration_that_fails_leaves_nothing(empty_url: str, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    execute(empty_url, "CREATE TABLE pages (something TEXT)")
    with pytest.raises(StorageError if "sqlite" in empty_url else sa.exc.ProgrammingError, match="pages"):
        upgrade(empty_url)
    engine = sa.create_engine(empty_url)
    assert sa.inspect(engine).get_table_names() == ["pages"]
    engine.dispose()


OLD_ROW = {
    **dict.fromkeys(("thread", "edits", "only_for", "reaction", "mark_message"), ""),
    **dict.fromkeys(("provider_id", "provider_place", "error"), ""),
    "channel": "slack",
    "at_channel": "slack",
    "place": DM.place,
    "lane_key": str(DM),
    "language": "en",
    "zone": "UTC",
    "priority": 10,
    "created": micros(NOW),
    "due": micros(NOW),
    "state": "pending",
    "attempts": 0,
    "again": False,
    "templated": False,
    "page": "p1",
    "person": "ada",
    "method": "slack",
    "kind": "Answer",
    "notice": dumped(item().notice),
}


def values_of(row: dict[str, Any]) -> str:
    return ", ".join(f":{name}" for name in row)


def made_at(url: str, version: str, *rows: tuple[str, dict[str, Any]]) -> None:
    """The tables as they were at this version, with these rows of then in them."""
    config = Config()
    config.set_main_option("script_location", str(Path(storage.__file__).with_name("migrations")))
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, version)
        for table, row in rows:
            into = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({values_of(row)})"
            connection.execute(sa.text(into), row)
    engine.dispose()


def first_version(url: str) -> None:
    """A ticket, a conversation and an outbox row of the first version."""
    old = ticket("MIT-1001", status=Status.RESOLVED)
    row = {
        **{name: getattr(old, name) for name in ("id", "team", "status", "severity", "contact")},
        "organisation": old.organisation,
        "place_channel": old.place.channel,
        "place": old.place.place,
        "opened": 1,
        "changed": 1,
        "data": dumped(old).replace('"service":"",', ""),
    }
    talk = {"channel": "slack", "place": "D0OLD", "thread": "", "introducing": True}
    made_at(url, "0001", ("tickets", row), ("conversations", talk), ("outbox", OLD_ROW))


@BOTH
def test_a_database_of_the_first_version_is_upgraded(empty_url: str, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    first_version(empty_url)
    done = upgrade(empty_url)
    assert (done.before, done.after) == ("0001", SCHEMA)
    if "sqlite" in empty_url:
        assert done.backup == tmp_path / "data" / f"standby.db.before-{SCHEMA}"
        assert check(f"sqlite:///{done.backup}").current == "0001"
    opened = open_store(empty_url)
    (_, old), *others = opened.transact(lambda uow: uow.tickets.every(0, 10))
    assert (old, others) == (ticket("MIT-1001", status=Status.RESOLVED), [])
    place = Address(channel=SLACK, place="D0OLD")
    talk = opened.transact(lambda uow: uow.conversations.get(place))
    assert talk == Conversation(address=place, introducing=True)
    assert opened.transact(lambda uow: uow.policies.in_use()) == [(old.policy, old.policy_version)]
    opened.transact(lambda uow: uow.tickets.save(dataclasses.replace(old, service="firewall")))
    assert opened.transact(lambda uow: uow.tickets.had_service("acme", "firewall"))
    expected = item(id=1, page="p1", person="ada", method="slack", held=False)
    assert opened.transact(lambda uow: list(uow.outbox.claim([SLACK], NOW, 9))) == [expected]
    assert opened.transact(lambda uow: list(uow.outbox.of_person("ada", NOW))) == [expected]
    opened.transact(lambda uow: uow.outbox.save(dataclasses.replace(expected, held=True)))
    assert opened.transact(lambda uow: uow.outbox.get(1).held)
    assert opened.transact(lambda uow: uow.rota.add_override(override()).id) == 1
    opened.close()


@BOTH
def test_a_database_of_before_the_calls_is_upgraded(empty_url: str, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    row = drill_columns(drill("d1"))
    made_at(empty_url, "0003", ("drills", row), ("secrets", {"name": "key", "value": "kept"}))
    done = upgrade(empty_url)
    assert (done.before, done.after) == ("0003", SCHEMA)
    opened = open_store(empty_url)
    assert opened.transact(lambda uow: uow.drills.get("d1")) == drill("d1")
    assert opened.transact(lambda uow: uow.secrets.get("key")) == "kept"
    assert opened.transact(lambda uow: list(uow.calls.live())) == []
    opened.transact(lambda uow: uow.calls.save(call("CA1")))
    assert opened.transact(lambda uow: list(uow.calls.live())) == [call("CA1")]
    opened.close()


def test_an_old_file_is_copied_before(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/standby.db"
    execute(url, "CREATE TABLE keepsake (x TEXT)", "INSERT INTO keepsake VALUES ('old')")
    done = upgrade(url)
    assert done.backup == tmp_path / f"standby.db.before-{SCHEMA}"
    with closing(sqlite3.connect(done.backup)) as copy:
        assert copy.execute("SELECT x FROM keepsake").fetchall() == [("old",)]
        assert copy.execute("SELECT count(*) FROM sqlite_schema").fetchone() == (1,)


def test_no_upgrade_while_it_runs(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    with pytest.raises(StorageError, match="another Standby"):
        upgrade(sqlite_url)
    store.close()


def test_a_backup_while_it_runs_is_a_whole_database(sqlite_url: str, tmp_path: Path) -> None:
    store = open_store(sqlite_url)
    store.transact(lambda uow: uow.inbox.add(SLACK, "Ev1", NOW))
    for _ in range(2):
        backup(sqlite_url, tmp_path / "copies" / "standby.db")
    store.transact(lambda uow: uow.inbox.add(SLACK, "Ev2", NOW))
    store.close()
    assert [p.name for p in (tmp_path / "copies").iterdir()] == ["standby.db"]
    copy = open_store(f"sqlite:///{tmp_path}/copies/standby.db")
    assert copy.transact(lambda uow: uow.inbox.add(SLACK, "Ev1", NOW)) is False
    assert copy.transact(lambda uow: uow.inbox.add(SLACK, "Ev2", NOW)) is True
    copy.close()


def test_what_has_no_backup(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="no database"):
        backup(f"sqlite:///{tmp_path}/standby.db", tmp_path / "copy.db")
    with pytest.raises(ValueError, match="in a file"):
        backup("postgresql+psycopg://x/y", tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "url", ["mysql://x/y", "sqlite+aiosqlite:///x.db", "nonsense", "sqlite://", "sqlite:///:memory:"]
)
def test_what_is_no_database_of_ours(url: str) -> None:
    with pytest.raises(ValueError, match="sqlite:///path"):
        open_store(url)
