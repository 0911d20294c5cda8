"""One transaction: begin, let `work` read and write, commit; or roll back whatever was raised."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

import sqlalchemy as sa

from bot.app import rows as app_rows
from storage.calls import Calls
from storage.cards import Cards
from storage.chores import Chores
from storage.doors import BoardLinks, BoardSessions
from storage.drills import Drills
from storage.inbox import Inbox
from storage.outbox import Outbox
from storage.pages import Pages
from storage.people import Contacts, Conversations
from storage.policies import Policies
from storage.rota import Rota
from storage.secrets import Secrets
from storage.statement import Session
from storage.tickets import EventLog, Tickets
from storage.timers import Timers

T = TypeVar("T")


class UnitOfWork:
    """The repositories of one transaction, made when they are asked for."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def inbox(self) -> Inbox:
        return Inbox(self._session)

    @property
    def tickets(self) -> Tickets:
        return Tickets(self._session)

    @property
    def log(self) -> EventLog:
        return EventLog(self._session)

    @property
    def outbox(self) -> Outbox:
        return Outbox(self._session)

    @property
    def timers(self) -> Timers:
        return Timers(self._session)

    @property
    def cards(self) -> Cards:
        return Cards(self._session)

    @property
    def pages(self) -> Pages:
        return Pages(self._session)

    @property
    def conversations(self) -> Conversations:
        return Conversations(self._session)

    @property
    def contacts(self) -> Contacts:
        return Contacts(self._session)

    @property
    def policies(self) -> Policies:
        return Policies(self._session)

    @property
    def rota(self) -> Rota:
        return Rota(self._session)

    @property
    def chores(self) -> Chores:
        return Chores(self._session)

    @property
    def drills(self) -> Drills:
        return Drills(self._session)

    @property
    def calls(self) -> Calls:
        return Calls(self._session)

    @property
    def secrets(self) -> Secrets:
        return Secrets(self._session)

    @property
    def links(self) -> BoardLinks:
        return BoardLinks(self._session)

    @property
    def sessions(self) -> BoardSessions:
        return BoardSessions(self._session)


def run(connection: sa.Connection, work: Callable[[app_rows.UnitOfWork], T]) -> T:
    """`work` in one transaction of `connection`. What it raises comes out as it is, even where rolling back fails."""
    transaction = connection.begin()
    session = Session(connection)
    try:
        result = work(UnitOfWork(session))
        transaction.commit()
    except BaseException:
        with suppress(sa.exc.SQLAlchemyError):
            transaction.rollback()
        raise
    finally:
        session.end()
    return result
