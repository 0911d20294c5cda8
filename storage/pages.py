"""Pages: whose phone rings, and why it stopped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from bot.domain.ids import PageId, TicketId
from bot.domain.page import Page
from storage import rows
from storage.codec import loaded
from storage.statement import Session, Statement, param, upserting, word
from storage.tables import pages

_IS_OPEN = pages.c.state == word("open")
_OF_TICKET = pages.c.ticket == param("of_ticket")
_NEWEST = pages.c.seq.desc()

_SAVE = upserting(pages, "id")
_GET = Statement(sa.select(pages.c.data).where(pages.c.id == param("id")))
_OPEN = Statement(sa.select(pages.c.data).where(_IS_OPEN).order_by(pages.c.seq))
_OPEN_OF = Statement(sa.select(pages.c.data).where(_OF_TICKET, _IS_OPEN).order_by(_NEWEST))
_LATEST_OF = Statement(sa.select(pages.c.data).where(_OF_TICKET).order_by(_NEWEST).limit(param("limit")))
_BY_CODE = Statement(
    sa.select(pages.c.data).where(pages.c.code == param("code")).order_by(_NEWEST).limit(param("limit"))
)
_BETWEEN = Statement(
    sa.select(pages.c.data)
    .where(pages.c.started >= param("since"), pages.c.started < param("until"))
    .order_by(pages.c.started, pages.c.seq)
)


class Pages:
    """In the order in which they were started."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, id: PageId) -> Page | None:
        return self._one(_GET, {"id": id})

    def open_of(self, ticket: TicketId) -> Page | None:
        return self._one(_OPEN_OF, {"of_ticket": ticket})

    def open(self) -> Sequence[Page]:
        return [loaded(Page, row[0]) for row in self._session.rows(_OPEN, {})]

    def latest_of(self, ticket: TicketId) -> Page | None:
        return self._one(_LATEST_OF, {"of_ticket": ticket, "limit": 1})

    def by_code(self, code: str) -> Page | None:
        return self._one(_BY_CODE, {"code": code, "limit": 1})

    def save(self, page: Page) -> None:
        self._session.run(_SAVE, rows.page_columns(page))

    def between(self, since: dt.datetime, until: dt.datetime) -> Sequence[Page]:
        found = self._session.rows(_BETWEEN, {"since": rows.micros(since), "until": rows.micros(until)})
        return [loaded(Page, row[0]) for row in found]

    def _one(self, statement: Statement, values: dict[str, object]) -> Page | None:
        data = self._session.value(statement, values)
        return None if data is None else loaded(Page, data)
