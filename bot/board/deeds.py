"""What can be done at the board: acknowledge, take, note. The same use cases as in chat, and the same answers."""

from __future__ import annotations

import dataclasses
from hashlib import sha256

from bot.app.asked import Asked
from bot.app.rows import UnitOfWork
from bot.app.tickets import on_board
from bot.board.viewer import House, Viewer
from bot.domain.ids import ChannelName, TicketId

WORDS = ("ack", "take", "note")
VIA = "Board"
LONGEST = 4000
"""Characters of a note."""
MOST_FLASHES = 1000


@dataclasses.dataclass(kw_only=True)
class Deeds:
    """`told` is what a session's next page of a ticket says first: in memory, since nothing is lost with it that the page
    does not show anyway."""

    house: House
    told: dict[tuple[str, TicketId], str] = dataclasses.field(default_factory=dict)

    async def do(self, viewer: Viewer, word: str, id: TicketId, text: str, once: str) -> str | None:
        """What came of it, in a sentence; None where there is no such ticket for them. `once`, where the form has it, is
        the same when the same form is sent again: that changes nothing, unless there is another text in it."""
        try:
            return await self.house.run(lambda uow: self._do(uow, viewer, word, id, text, once))
        finally:
            self.house.wake()

    def _do(
        self, uow: UnitOfWork, viewer: Viewer, word: str, id: TicketId, text: str, once: str
    ) -> str | None:
        ctx = self.house.context(uow)
        person = ctx.directory.listed(viewer.person.id)
        ticket = uow.tickets.get(id)
        if ticket is None or person is None or not ctx.directory.may_work(person, ticket.team):
            return None
        rest = text.strip()[:LONGEST] if word == "note" else ""
        key = f"{viewer.session}:{once}:{sha256(rest.encode('utf-8', 'replace')).hexdigest()}"
        if once and not uow.inbox.add(ChannelName("board"), key, ctx.now):
            return ""
        return on_board(ctx, Asked(person=person, via=VIA, ticket=id, rest=rest, word=word)).text

    def keep(self, viewer: Viewer, id: TicketId, said: str) -> None:
        """For their next page of this ticket."""
        if len(self.told) >= MOST_FLASHES:
            self.told.clear()
        if said:
            self.told[viewer.session, id] = said

    def kept(self, viewer: Viewer, id: TicketId) -> str:
        """What their next page of this ticket says; said once."""
        return self.told.pop((viewer.session, id), "")
