"""Random strings of this installation, made once."""

from __future__ import annotations

import sqlalchemy as sa

from storage.statement import Session, Statement, into, param
from storage.tables import secrets


def _keep(dialect: str) -> sa.Executable:
    return into(secrets, dialect).on_conflict_do_nothing(index_elements=["name"])


_KEEP = Statement(_keep)
_GET = Statement(sa.select(secrets.c.value).where(secrets.c.name == param("of_name")))


class Secrets:
    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, name: str) -> str | None:
        value: str | None = self._session.value(_GET, {"of_name": name})
        return value

    def keep(self, name: str, value: str) -> str:
        """What another transaction keeps meanwhile is waited for, and wins."""
        self._session.run(_KEEP, {"name": name, "value": value})
        kept: str = self._session.value(_GET, {"of_name": name})
        return kept
