"""Who may look at the board, over tables in memory."""

from __future__ import annotations

import dataclasses
import datetime as dt

from bot.app.doors import BoardLink, BoardSession
from bot.domain.ids import PersonId
from storage.codec import clean
from storage.memory_repositories import Repository
from storage.memory_tables import stored


class BoardLinks(Repository):
    def get(self, digest: str) -> BoardLink | None:
        return self._tables.board_links.get(clean(digest))

    def save(self, link: BoardLink) -> None:
        link = stored(link)
        self._tables.board_links.put(link.digest, link)

    def open_of(self, person: PersonId, now: dt.datetime) -> int:
        links = self._tables.board_links.rows.values()
        return sum(it.person == clean(person) and it.used is None and it.until > now for it in links)

    def drop(self, before: dt.datetime) -> None:
        for link in [it for it in self._tables.board_links.rows.values() if it.until < before]:
            self._tables.board_links.drop(link.digest)


class BoardSessions(Repository):
    def get(self, digest: str) -> BoardSession | None:
        return self._tables.board_sessions.get(clean(digest))

    def save(self, session: BoardSession) -> None:
        session = stored(session)
        self._tables.board_sessions.put(session.digest, session)

    def seen(self, digest: str, at: dt.datetime) -> None:
        if (session := self.get(digest)) is not None:
            self.save(dataclasses.replace(session, seen=at))

    def end(self, digest: str) -> None:
        self._tables.board_sessions.drop(clean(digest))

    def end_all(self, person: PersonId | None = None) -> int:
        all_of_them = list(self._tables.board_sessions.rows.values())
        ended = [it for it in all_of_them if person is None or it.person == clean(person)]
        for session in ended:
            self._tables.board_sessions.drop(session.digest)
        return len(ended)

    def drop(self, before: dt.datetime) -> None:
        for session in [it for it in self._tables.board_sessions.rows.values() if it.began < before]:
            self._tables.board_sessions.drop(session.digest)
