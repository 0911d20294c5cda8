"""`standby page test`, on the side of the running bot: it begins a test page, and says how far it is."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bot.app import trust
from bot.app.context import Context
from bot.app.duty import Drill
from bot.app.ports import Wake
from bot.app.rows import SendState, StorageError, UnitOfWork
from bot.app.trust_words import unclear
from bot.domain.errors import NotPossible
from bot.domain.rota import people_named

if TYPE_CHECKING:
    from bot.app.bus import Runner

SHORTEST, LONGEST = dt.timedelta(minutes=1), dt.timedelta(hours=2)
STATES = {
    SendState.PENDING: "waits to be sent again",
    SendState.SENDING: "is being sent",
    SendState.ACCEPTED: "sent",
    SendState.DELIVERED: "delivered",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class PageTests:
    """Answers to questions that come over the control socket. Raises nothing."""

    run: Runner
    context: Callable[[UnitOfWork], Context]
    wake: Wake

    async def begin(self, question: Any) -> dict[str, Any]:
        """`{"page_test": "ada", "wait": 600}`, seconds; its answer has the `id` to ask on with."""
        try:
            begun = await self.run(lambda uow: _begin(self.context(uow), question))
        except (NotPossible, StorageError) as error:
            return {"done": False, "lines": [f"{error}."]}
        self.wake()
        return {"done": True, **begun}

    async def state(self, question: Any) -> dict[str, Any]:
        """`{"page_test_state": ID}`: each way, what became of it, and whether all is over."""
        try:
            return await self.run(lambda uow: _state(self.context(uow), str(question["page_test_state"])))
        except StorageError as error:
            return {"done": False, "lines": [f"{error}."]}


def _begin(ctx: Context, question: Any) -> dict[str, Any]:
    who = str(question["page_test"])
    found = people_named(ctx.directory, who)
    if len(found) != 1:
        raise unclear(who, found, ctx.directory.people)
    wait = dt.timedelta(seconds=float(question.get("wait", trust.TEST_WAIT.total_seconds())))
    drill = trust.begin(ctx, found[0], min(max(wait, SHORTEST), LONGEST))
    return {"id": drill.id, "name": found[0].name, "code": drill.code}


def _state(ctx: Context, id: str) -> dict[str, Any]:
    drill = ctx.uow.drills.get(id)
    if drill is None:
        return {"done": True, "over": True, "ways": []}
    ways = [
        {"way": trust.label(ctx, drill, n), "state": _state_of(ctx, drill, n), "answered": bool(it.answered)}
        for n, it in enumerate(drill.tries)
    ]
    return {"done": True, "over": drill.ended is not None, "ways": ways}


def _state_of(ctx: Context, drill: Drill, way: int) -> str:
    it = drill.tries[way]
    if it.answered:
        return "answered"
    if it.error:
        return f"failed ({it.error})"
    if drill.ended is not None:
        return "not answered"
    item = ctx.uow.outbox.by_token(it.token) if it.token else None
    return STATES.get(item.state, item.state) if item else "waits to be sent"
