"""What came in: one row an event of a vendor, so that it has its effect once."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence

import sqlalchemy as sa

from bot.app.inbound import Failed
from bot.domain.ids import ChannelName
from storage import rows
from storage.statement import Session, Statement, into, param, word
from storage.tables import inbox

_HANDLED, _FAILED, _ASIDE = "handled", "failed", "aside"
_NOTHING = {"kind": None, "raw": None, "tries": 0, "due": None, "error": ""}


def _add(dialect: str) -> sa.Executable:
    return into(inbox, dialect).on_conflict_do_nothing(index_elements=["channel", "external_id"])


def _fail(dialect: str) -> sa.Executable:
    """The count of tries rises with every call, whatever the caller knew of earlier ones."""
    insert = into(inbox, dialect)
    new = insert.excluded
    tries = sa.case((new.tries > inbox.c.tries, new.tries), else_=inbox.c.tries + 1)
    changes = {name: new[name] for name in ("state", "kind", "raw", "due", "error")}
    return insert.on_conflict_do_update(
        index_elements=["channel", "external_id"], set_=changes | {"tries": tries}
    )


_ADD = Statement(_add)
_FAIL = Statement(_fail)
_FAILING = inbox.c.state == word(_FAILED)
_DUE = Statement(
    sa.select(inbox)
    .where(_FAILING, inbox.c.due <= param("now"))
    .order_by(inbox.c.due, inbox.c.channel, inbox.c.external_id)
    .limit(param("limit"))
)
_NEXT = Statement(sa.select(sa.func.min(inbox.c.due)).where(_FAILING))
_SETTLE = Statement(
    sa.update(inbox)
    .where(inbox.c.channel == param("of_channel"), inbox.c.external_id == param("of_id"))
    .values(state=param("new_state"), due=sa.null())
)
_log = logging.getLogger(__name__)


class Inbox:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, channel: ChannelName, external_id: str, at: dt.datetime) -> bool:
        row = {"channel": channel, "external_id": external_id, "at": rows.micros(at), "state": _HANDLED}
        return self._session.run(_ADD, row | _NOTHING) == 1

    def fail(self, failed: Failed) -> None:
        self._session.run(_FAIL, rows.failed_columns(failed) | {"state": _FAILED})

    def failed(self, now: dt.datetime, limit: int) -> Sequence[Failed]:
        """A row that this version can't read is put aside, so that it keeps no other from being tried."""
        found = []
        for row in self._session.rows(_DUE, {"now": rows.micros(now), "limit": limit}):
            try:
                found.append(rows.failed_of(row))
            except (LookupError, ValueError) as error:
                _log.error("inbox: %s %s put aside: %s", row.channel, row.external_id, error)
                self._settle(row.channel, row.external_id, _ASIDE)
        return found

    def next_failed(self) -> dt.datetime | None:
        return rows.instant_if(self._session.value(_NEXT, {}))

    def settle(self, channel: ChannelName, external_id: str) -> None:
        """What came in stays as it was, for a while."""
        self._settle(channel, external_id, _HANDLED)

    def _settle(self, channel: str, external_id: str, state: str) -> None:
        self._session.run(_SETTLE, {"of_channel": channel, "of_id": external_id, "new_state": state})
