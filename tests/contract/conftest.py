"""Every storage, one suite: `store` is in memory, in an SQLite file and in PostgreSQL, in turn."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app.rows import Store
from storage.engine import open_store
from storage.memory import MemoryStore
from storage.schema import upgrade
from storage.tables import metadata
from tests.contract.postgres import PostgresServer, postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "standby.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(_sqlite_template: Path, tmp_path: Path) -> str:
    """A new database file with the tables in it."""
    shutil.copy(_sqlite_template, tmp_path / "standby.db")
    return f"sqlite:///{tmp_path}/standby.db"


@pytest.fixture(scope="session")
def _pg_migrated(postgres_server: PostgresServer) -> str:
    url = postgres_server.url(postgres_server.create())
    upgrade(url)
    return url


@pytest.fixture
def pg_url(postgres_server: PostgresServer, _pg_migrated: str) -> str:
    """A PostgreSQL database with the tables in it, and nothing in them: one for all tests, emptied each time."""
    names = ", ".join(metadata.tables)
    postgres_server.admin(f"TRUNCATE {names} RESTART IDENTITY", _pg_migrated)
    return _pg_migrated


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """For tests of both databases: parametrise it indirectly with `sqlite` and `postgresql`."""
    url: str = request.getfixturevalue({"sqlite": "sqlite_url", "postgresql": "pg_url"}[request.param])
    return url


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    if request.param == "memory":
        opened: Store = MemoryStore()
    else:
        fixture = {"sqlite": "sqlite_url", "postgresql": "pg_url"}[request.param]
        opened = open_store(request.getfixturevalue(fixture))
    yield opened
    opened.close()


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[Store]:
    opened = open_store(sqlite_url, patience=0.2)
    yield opened
    opened.close()


@pytest.fixture
def pg_store(pg_url: str) -> Iterator[Store]:
    opened = open_store(pg_url, patience=0.2)
    yield opened
    opened.close()
