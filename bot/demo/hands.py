"""What people do with their phones and in Slack, as a story has them do it: through the stand-ins' own hands."""

from __future__ import annotations

import datetime as dt
from typing import Any

from bot.demo.casts import DESK, Colleague, Person
from bot.demo.passing import pass_until, settled
from bot.demo.world import World
from playground.journal import Entry
from playground.twilio.legs import Leg


class Hands:
    """Of everybody of a world. What can't be done raises LookupError or ValueError."""

    def __init__(self, world: World) -> None:
        self.world, self.play = world, world.playground

    def colleague(self, id: str) -> Colleague:
        return next(c for c in self.world.company.colleagues if c.id == id)

    def person(self, id: str) -> Person:
        return next(p for p, _ in self.world.company.people if p.id == id)

    # ------------------------------------------------------------ writing
    async def writes(self, person: str, text: str) -> None:
        """A customer, on WhatsApp."""
        who = self.person(person)
        await self.play.twilio.whatsapp_says(who.phone, text, profile_name=who.name)

    async def writes_in_slack(self, person: str, text: str) -> None:
        """A colleague who needs help, to the bot."""
        await self.play.slack.dm(self.person(person).slack, text)

    async def answers(self, colleague: str, ticket: str, text: str) -> None:
        """One of us, in the thread of a ticket's card."""
        await self.play.slack.message(DESK, self.colleague(colleague).slack, text, self.card(ticket).id)

    async def answers_newest(self, colleague: str, text: str) -> None:
        """The same, where the newest card is."""
        found = self.play.journal.entries("slack", "message")
        cards = [e for e in found if e.where == DESK and not e.thread]
        if not cards:
            raise LookupError("there is no ticket yet")
        await self.play.slack.message(DESK, self.colleague(colleague).slack, text, cards[-1].id)

    async def commands(self, colleague: str, words: str) -> None:
        """One of us, behind /standby."""
        await self.play.slack.command(self.colleague(colleague).slack, DESK, "/standby", words)

    def card(self, ticket: str) -> Entry:
        found = self.play.journal.entries("slack", "message")
        return next(e for e in found if e.where == DESK and not e.thread and ticket in e.text)

    async def acknowledges(self, colleague: str, ticket: str) -> None:
        """The first button of the page that came by chat."""
        who = self.colleague(colleague).slack
        pages = [e for e in self.play.journal.entries("slack", "dm") if e.to == who and ticket in e.text]
        if not pages:
            raise LookupError(f"{who} has no page to acknowledge")
        await self.play.slack.press(who, pages[-1].where, pages[-1].id, _button(pages[-1].raw))

    # ------------------------------------------------------------ phones
    def leg(self, number: str) -> Leg:
        """The call that a phone is in, or that it rings for."""
        legs = [leg for leg in self.play.twilio.phones.legs.values() if leg.number == number and not leg.over]
        if not legs:
            raise LookupError(f"the phone {number} neither rings nor is in a call")
        return legs[-1]

    async def calls(self, person: str) -> None:
        await self.play.twilio.phones.call(self.person(person).phone)

    async def presses(self, number: str, keys: str) -> None:
        await self.play.twilio.phones.press(self.leg(number), keys)

    async def picks_up(self, number: str, keys: str = "", *, machine: bool = False) -> None:
        """Their phone, if it rings still; and these keys then. A machine says nothing, and is hung up on."""
        leg = self.leg(number)
        if leg.status == "ringing":
            await self.play.twilio.phones.answer(leg, machine=machine)
        for key in keys:
            await self.play.twilio.phones.press(leg, key)
        while machine and leg.waiting and not leg.over:
            await self.play.twilio.phones.silence(leg)

    async def talks(self, number: str, minutes: float) -> None:
        """For so long on the demo's clock; then this side hangs up."""
        await self.passes(dt.timedelta(minutes=minutes))
        await self.play.twilio.phones.hang_up(self.leg(number))

    # ------------------------------------------------------------ time
    async def passes(self, length: dt.timedelta) -> None:
        await pass_until(self.world, self.world.clock.now() + length)

    async def settled(self) -> None:
        await settled(self.world)

    async def waits_until(self, at: dt.datetime) -> None:
        await pass_until(self.world, at)


def _button(raw: dict[str, Any]) -> str:
    actions = (block for block in raw["blocks"] if block["type"] == "actions")
    return str(next(element["action_id"] for block in actions for element in block["elements"]))
