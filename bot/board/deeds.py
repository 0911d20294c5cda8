"""What can be done at the board: acknowledge, take, note. The same use cases as in chat, and the same answers."""

from __future__ import annotations

import dataclasses

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
    """`told` is what a session's next page says first: in memory, since nothing is lost with it that the page does not
    show anyway."""

    house: House
    told: dict[str, str] = dataclasses.field(default_factory=dict)

    async def do(self, viewer: Viewer, word: str, id: TicketId, text: str, once: str) -> str | None:
        """What came of it, in a sentence; None where there is no such ticket for them. `once`, where the form has it, is
        the same when the same form is sent again: that changes nothing."""
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
        key = f"{viewer.session}:{once}"
        if once and not uow.inbox.add(ChannelName("board"), key, ctx.now):
            return ""
        rest = text.strip()[:LONGEST] if word == "note" else ""
        return on_board(ctx, Asked(person=person, via=VIA, ticket=id, rest=rest, word=word)).text

    def keep(self, viewer: Viewer, said: str) -> None:
        """For their next page."""
        if len(self.told) >= MOST_FLASHES:
            self.told.clear()
        if said:
            self.told[viewer.session] = said

    def kept(self, viewer: Viewer) -> str:
        """What their next page says; said once."""
        return self.told.pop(viewer.session, "")
