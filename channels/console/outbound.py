"""What the bot says to people at a terminal: kept in memory until they fetch it."""

from __future__ import annotations

import asyncio
import collections
import dataclasses
import itertools

from bot.app.ports import Capabilities, Clock, Outgoing, Permanent, Receipt
from bot.domain.ids import Address
from bot.domain.message import CardView, Message

KEPT = 200
"""Messages a conversation."""
CONVERSATIONS = 1000


@dataclasses.dataclass(frozen=True, kw_only=True)
class Said:
    """`number` rises over all conversations."""

    number: int
    message: Message


class Mailboxes:
    """The last messages of the last conversations. Numbers begin at the clock's milliseconds, so that those of a
    restarted bot are greater than any before it."""

    def __init__(self, clock: Clock) -> None:
        self._numbers = itertools.count(int(clock.now().timestamp() * 1000))
        self._boxes: collections.OrderedDict[str, collections.deque[Said]] = collections.OrderedDict()
        self._news = asyncio.Event()
        self._closed = False

    def close(self) -> None:
        """Nobody waits any longer."""
        self._closed = True
        self._news.set()

    def put(self, who: str, message: Message) -> int:
        """Add a message and wake whoever waits; returns its number."""
        said = Said(number=next(self._numbers), message=message)
        self._boxes.setdefault(who, collections.deque(maxlen=KEPT)).append(said)
        self._boxes.move_to_end(who)
        while len(self._boxes) > CONVERSATIONS:
            self._boxes.popitem(last=False)
        self._news.set()
        self._news = asyncio.Event()
        return said.number

    def after(self, who: str, number: int) -> list[Said]:
        """Those with a greater number, in order."""
        return [said for said in self._boxes.get(who, ()) if said.number > number]

    async def wait(self, who: str, number: int, seconds: float) -> list[Said]:
        """The same, but not before there is one or the time is over."""
        try:
            async with asyncio.timeout(seconds):
                while not (found := self.after(who, number)) and not self._closed:
                    await self._news.wait()
        except TimeoutError:
            return []
        return found


class ConsoleChannel:
    """bot.app.ports.Channel over the mailboxes."""

    capabilities = Capabilities(text_limit=4000, label="Console")

    def __init__(self, mailboxes: Mailboxes) -> None:
        self._mailboxes = mailboxes

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Never fails: it only puts the message where it is fetched."""
        return Receipt(message=str(self._mailboxes.put(outgoing.address.place, outgoing.message)))

    async def put_card(self, address: Address, card: CardView, message: str, token: str) -> Receipt:
        """A terminal has no cards; Capabilities says so, and nobody asks."""
        raise Permanent("the console has no cards")

    async def mark(self, address: Address, message: str, mark: str) -> None:
        """Nor marks."""
        raise Permanent("the console has no marks")
