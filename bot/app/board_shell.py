"""`standby board`, on the side of the running bot: a link for somebody whom chat does not reach, and the end of sessions."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bot.app.board_link import new_link
from bot.app.context import Context
from bot.app.rows import StorageError, UnitOfWork
from bot.app.trust_words import unclear
from bot.domain.errors import NotPossible
from bot.domain.ids import PersonId
from bot.domain.people import Person
from bot.domain.rota import people_named

if TYPE_CHECKING:
    from bot.app.bus import Runner


@dataclasses.dataclass(frozen=True, kw_only=True)
class BoardShell:
    """Answers to `standby board`, on the side of the running bot. Raises nothing."""

    run: Runner
    context: Callable[[UnitOfWork], Context]
    ended: Callable[[], None]
    """Called when sessions have ended: open pages are to notice."""

    async def link(self, question: Any) -> dict[str, Any]:
        """`{"board": "ada"}`: a link for her."""
        try:
            url = await self.run(lambda uow: linked(self.context(uow), str(question["board"])))
        except (NotPossible, StorageError) as error:
            return {"done": False, "lines": [f"{error}."]}
        return {"done": True, "lines": [url]}

    async def end(self, question: Any) -> dict[str, Any]:
        """`{"board_end": "ada"}` ends her sessions; with an empty name everybody's."""
        try:
            ended = await self.run(lambda uow: ended_all(self.context(uow), str(question["board_end"])))
        except (NotPossible, StorageError) as error:
            return {"done": False, "lines": [f"{error}."]}
        self.ended()
        return {"done": True, "lines": [ended]}


def linked(ctx: Context, who: str) -> str:
    """Raises NotPossible."""
    return new_link(ctx, _named(ctx, who))


def ended_all(ctx: Context, who: str) -> str:
    """Somebody who has left may still have a session: an id that nobody has any more is taken as it is."""
    person = None if not who else _id(ctx, who)
    n = ctx.uow.sessions.end_all(person)
    return f"{n} session ended." if n == 1 else f"{n} sessions ended."


def _id(ctx: Context, who: str) -> PersonId:
    found = people_named(ctx.directory, who)
    return found[0].id if len(found) == 1 else PersonId(who)


def _named(ctx: Context, who: str) -> Person:
    found = people_named(ctx.directory, who)
    if len(found) != 1:
        raise unclear(who, found, ctx.directory.people)
    return found[0]
