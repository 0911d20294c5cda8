"""A customer and the desk, as a dialogue: who says what, who sees exactly what, and how time goes by.

    async with talk("managed-it", at="2026-11-23T10:00") as t:
        await t.says("Our mail server is down, nobody can work")
        t.sees("Ticket MIT-1001 is open. ...")
        t.desk_sees()
        await t.passes(minutes=1)
        ...

Every look takes all that came since the last one, in its order. What nobody looked at when the dialogue ends fails it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from types import TracebackType
from typing import Any, Self

from bot.domain import events as ev
from bot.domain.ids import ChannelName
from bot.domain.message import CardView
from bot.domain.ticket import Ticket
from tests.builders import DESK
from tests.fakes.desks import desk
from tests.fakes.world import Sent, World, tap

PAGES = ("🚨", "🔴 Still")
"""How a page begins."""


class Talk:
    """One customer at a desk. Engineers are meant by name, as they are shown."""

    def __init__(self, world: World, *, customer: str = "thandi", via: str = "whatsapp") -> None:
        self.world, self.via = world, via
        contact = next(c for c in world.directory.contacts if c.id == customer)
        self.place = contact.identities[ChannelName(via)]
        self.zone = world.directory.policies[0].zone
        self._people = {p.name: p for p in world.directory.people}
        self._unread: dict[str, list[Sent]] = defaultdict(list)
        self._read = dict.fromkeys(world.channels, 0)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            unseen = {who: [s.text for s in sent] for who, sent in self._new().items() if sent}
            assert unseen == {}, f"nobody looked at {unseen}"
            assert not any("failed" in event for event, _ in self.world.logged), self.world.logged

    # ------------------------------------------------------------ what people do
    async def says(self, text: str, **more: Any) -> None:
        """The customer writes."""
        await self.world.says(self.place, text, via=self.via, **more)

    async def reports(self, words: str, answer: str) -> None:
        """The customer opens a ticket and says how urgent or what it is; what came of it is not what this is about."""
        await self.says(words)
        await self.says(answer)
        self.looks_away()

    async def taps(self, verb: str, value: str = "") -> None:
        """The customer taps a button, such as `sev` and `high`."""
        await self.world.taps(self.place, tap(verb, self.card.ticket, value), via=self.via)

    async def answers(self, name: str, text: str) -> None:
        """An engineer writes in the ticket's thread."""
        await self.world.says(self._slack(name), text, via="slack", place=DESK, thread=self.world.thread())

    async def types(self, name: str, text: str) -> str:
        """An engineer's slash command about this ticket, without its reference; what is answered at once."""
        word, _, rest = text.partition(" ")
        return await self.world.commands(self._slack(name), f"{word} {self.card.ticket} {rest}".strip())

    async def clicks(self, name: str, verb: str, value: str = "") -> None:
        """An engineer uses a button of the card; one that asks for words takes them in its form."""
        assert any(c.id.startswith(f"{verb}|") for c in self.card.choices), (verb, self.card.choices)
        await self.world.taps(self._slack(name), tap(verb, self.card.ticket, value), via="slack", place=DESK)

    async def fills(self, name: str, form: str, **fields: str) -> None:
        """An engineer sends a form about this ticket."""
        await self.world.fills(self._slack(name), form, ticket=self.card.ticket, **fields)

    # ------------------------------------------------------------ time
    async def passes(self, **length: float) -> None:
        await self.world.passes(**length)

    async def until(self, local: str) -> None:
        """Time goes by until a local time of the policy's zone, such as 2026-11-24T08:00."""
        await self.world.passes(seconds=(self._instant(local) - self.world.clock.at).total_seconds())

    async def down_until(self, local: str) -> None:
        """As `until`, but the bot is not running in between."""
        self.world.clock.at = self._instant(local)
        await self.world.restarts()

    def _instant(self, local: str) -> dt.datetime:
        return dt.datetime.fromisoformat(local).replace(tzinfo=self.zone).astimezone(dt.UTC)

    # ------------------------------------------------------------ what people see
    def sees(self, *texts: str) -> None:
        """All that the customer was sent since the last look."""
        _same([s.text for s in self._new().pop("customer", [])], list(texts))

    def desk_sees(self, *texts: str) -> None:
        """All new lines in the threads; `@Lin` is a mention."""
        _same([s.text for s in self._new().pop("desk", [])], list(texts))

    def read(self, who: str = "customer") -> list[str]:
        """As `sees` or, with `desk`, as `desk_sees`, to be searched."""
        return [s.text for s in self._new().pop(who, [])]

    def paged(self, *names: str) -> None:
        """Whom pages went to since the last look, each named once however often and by what."""
        _same(list(self._taken(pages=True)), list(names))

    def told(self, **texts: str) -> None:
        """What else engineers were sent in private: the last words to each of them."""
        _same(self._taken(pages=False), texts)

    def card_shows(self, **fields: Any) -> None:
        """These fields of the card, as they are now."""
        _same({name: getattr(self.card, name) for name in fields}, fields)

    def offered(self, verb: str) -> list[str]:
        """The values of the buttons `verb` under the last message to the customer."""
        last = [s for s in self.world.channels[self.via].sent if s.place == self.place][-1]
        return [id.rsplit("|", 1)[1] for id in last.choices if id.startswith(f"{verb}|")]

    def looks_away(self) -> None:
        """What was sent so far is not what this test is about."""
        self._new().clear()

    @property
    def card(self) -> CardView:
        return self.world.card()

    async def ticket(self) -> Ticket:
        return await self.world.ticket(self.card.ticket)

    async def breaches(self) -> list[tuple[str, str]]:
        """Which clocks ran out, and when, as local times to the second."""
        found = [e for e in await self.world.events(self.card.ticket) if isinstance(e, ev.ClockBreached)]
        return [(e.clock, self._local(e.at)) for e in found]

    def _local(self, at: dt.datetime) -> str:
        return at.astimezone(self.zone).replace(tzinfo=None, microsecond=0).isoformat("T").removesuffix(":00")

    # ------------------------------------------------------------ who saw it
    def _slack(self, name: str) -> str:
        return self._people[name].identities[ChannelName("slack")]

    def _new(self) -> dict[str, list[Sent]]:
        """Everything unread, by who reads it: the customer, the desk, engineers by name."""
        for name, channel in self.world.channels.items():
            for sent in channel.sent[self._read[name] :]:
                self._unread[self._reader(sent)].append(sent)
            self._read[name] = len(channel.sent)
        return self._unread

    def _reader(self, sent: Sent) -> str:
        channel = ChannelName(sent.channel)
        if (channel, sent.place) == (self.via, self.place):
            return "customer"
        if sent.place == DESK and not sent.only_for:
            return "desk"
        person = self.world.directory.person_at(channel, sent.only_for or sent.place)
        return person.name if person else f"{sent.channel} {sent.place}"

    def _taken(self, *, pages: bool) -> dict[str, str]:
        """Engineers' messages that are pages, or are not, taken out: the last of each."""
        found = {}
        for name in self._people:
            new = self._new()[name]
            mine = [s for s in new if s.text.startswith(PAGES) is pages]
            self._unread[name] = [s for s in new if s not in mine]
            if mine:
                found[name] = mine[-1].text
        return found


def _same(seen: object, expected: object) -> None:
    assert seen == expected, f"\nseen:     {seen}\nexpected: {expected}"


def talk(name: str, *, at: str, customer: str = "thandi", via: str = "whatsapp", **people: Any) -> Talk:
    """A dialogue at the desk of a shipped policy, from the local time `at` of its zone on."""
    return Talk(desk(name, at=at, **people), customer=customer, via=via)
