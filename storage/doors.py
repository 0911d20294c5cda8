"""Who may look at the board: one-time links, and sessions."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from bot.app.doors import BoardLink, BoardSession
from bot.domain.ids import PersonId
from storage import rows
from storage.statement import Session, Statement, param, upserting
from storage.tables import board_links as links
from storage.tables import board_sessions as sessions

_SAVE_LINK = upserting(links, "digest")
_LINK = Statement(sa.select(links).where(links.c.digest == param("of_digest")).with_for_update())
_OPEN_OF = Statement(
    sa.select(sa.func.count())
    .select_from(links)
    .where(links.c.person == param("of_person"), links.c.used.is_(None), links.c.until > param("now"))
)
_DROP_LINKS = Statement(sa.delete(links).where(links.c.until < param("before")))

_SAVE_SESSION = upserting(sessions, "digest")
_SESSION = Statement(sa.select(sessions).where(sessions.c.digest == param("of_digest")))
_SEEN = Statement(
    sa.update(sessions).where(sessions.c.digest == param("of_digest")).values(seen=param("now_seen"))
)
_END = Statement(sa.delete(sessions).where(sessions.c.digest == param("of_digest")))
_END_ALL = Statement(sa.delete(sessions))
_END_OF = Statement(sa.delete(sessions).where(sessions.c.person == param("of_person")))
_DROP_SESSIONS = Statement(sa.delete(sessions).where(sessions.c.began < param("before")))


class BoardLinks:
    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, digest: str) -> BoardLink | None:
        """Locked until the end, on PostgreSQL: two taps on a link at once let one in."""
        row = self._session.row(_LINK, {"of_digest": digest})
        return None if row is None else rows.link_of(row)

    def save(self, link: BoardLink) -> None:
        self._session.run(_SAVE_LINK, rows.link_columns(link))

    def open_of(self, person: PersonId, now: dt.datetime) -> int:
        return int(self._session.value(_OPEN_OF, {"of_person": person, "now": rows.micros(now)}))

    def drop(self, before: dt.datetime) -> None:
        self._session.run(_DROP_LINKS, {"before": rows.micros(before)})


class BoardSessions:
    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, digest: str) -> BoardSession | None:
        row = self._session.row(_SESSION, {"of_digest": digest})
        return None if row is None else rows.session_of(row)

    def save(self, session: BoardSession) -> None:
        self._session.run(_SAVE_SESSION, rows.session_columns(session))

    def seen(self, digest: str, at: dt.datetime) -> None:
        self._session.run(_SEEN, {"of_digest": digest, "now_seen": rows.micros(at)})

    def end(self, digest: str) -> None:
        self._session.run(_END, {"of_digest": digest})

    def end_all(self, person: PersonId | None = None) -> int:
        if person is None:
            return self._session.run(_END_ALL, {})
        return self._session.run(_END_OF, {"of_person": person})

    def drop(self, before: dt.datetime) -> None:
        self._session.run(_DROP_SESSIONS, {"before": rows.micros(before)})
