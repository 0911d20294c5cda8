"""Calls to our number, and ours that put somebody through: the repository that keeps them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Protocol

from bot.domain.hotline import Call
from bot.domain.ids import TicketId


class Calls(Protocol):
    """Calls to our number, and ours that put somebody through."""

    def get(self, id: str) -> Call | None:
        """Locked until the unit of work ends, where the database has several writers."""

    def save(self, call: Call) -> None: ...

    def live(self) -> Sequence[Call]:
        """Those that have not ended, oldest first. Not locked: `get` the one that is to be changed."""

    def of(self, ticket: TicketId) -> Sequence[Call]:
        """All of a ticket, oldest first, ended or not."""

    def since(self, number: str, began: dt.datetime) -> int:
        """How many calls of this number began at `began` or later."""
