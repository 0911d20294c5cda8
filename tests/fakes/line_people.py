"""What people do in a paging dialogue: customers write, engineers tap, type and answer their phones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playground import Fault
from playground.twilio.exchange import Leg
from tests.fakes.line_config import DESK, Who

if TYPE_CHECKING:
    from tests.fakes.line import Line

Json = dict[str, Any]


class Customer:
    """Writes to us on WhatsApp."""

    def __init__(self, line: Line, number: str) -> None:
        self._line, self.number = line, number

    async def writes(self, text: str) -> None:
        await self._line.does(self._line.play.twilio.whatsapp_says(self.number, text))

    answers = writes


class Engineer:
    """One of us. `who` has what the vendors know them by."""

    def __init__(self, line: Line, who: Who) -> None:
        self._line, self.who = line, who
        self._play = line.play

    # ------------------------------------------------------------ Slack
    async def taps(self, label: str = "Acknowledge") -> None:
        """A button under the last page in their Slack, also one that an edit has taken away since."""
        page = self._line.last_page(self.who.name, "slack")
        await self.taps_on(page.where, page.id, label)

    async def taps_card(self, label: str = "Acknowledge") -> None:
        """A button of the last card at the desk."""
        await self.taps_on(DESK, self._line.card, label)

    async def taps_on(self, place: str, message: str, label: str) -> None:
        slack = self._play.slack
        versions = slack.channels[place].versions.get(message, [])
        found = [button(m, label) for m in (slack.channels[place].messages[message], *reversed(versions))]
        action = next((a for a in found if a), None)
        assert action is not None, f"no button {label!r} at {place}/{message}\n{self._line.transcript()}"
        await self._line.does(slack.press(self.who.slack, place, message, action, stale=True))

    async def types(self, words: str) -> None:
        """A slash command at the desk."""
        await self._line.does(self._play.slack.command(self.who.slack, DESK, "/standby", words))

    async def replies(self, text: str, ticket: int = -1) -> None:
        """A line in a ticket's thread, the last one's unless another is meant."""
        card = self._line.cards[ticket]
        await self._line.does(self._play.slack.message(DESK, self.who.slack, text, card))

    async def dms(self, text: str) -> None:
        await self._line.does(self._play.slack.dm(self.who.slack, text))

    # ------------------------------------------------------------ phone and Telegram
    async def texts(self, text: str) -> None:
        """An SMS to our number."""
        await self._line.does(self._play.twilio.sms_says(self.who.phone, text))

    async def whatsapps(self, text: str) -> None:
        await self._line.does(
            self._play.twilio.whatsapp_says(self.who.phone, text, profile_name=self.who.name)
        )

    async def taps_telegram(self, label: str = "Acknowledge") -> None:
        """A button under the last page in their Telegram."""
        page = self._line.last_page(self.who.name, "telegram")
        me = self.who.telegram
        await self._line.does(self._play.telegram.press(me, me, int(page.id), label=label, stale=True))

    async def telegrams(self, text: str) -> None:
        await self._line.does(self._play.telegram.says(self.who.telegram, text))

    # ------------------------------------------------------------ what goes wrong at their end
    def has_left_slack(self) -> None:
        """Slack says user_not_found whenever the bot opens a conversation with them."""
        del self._play.slack.users[self.who.slack]

    def blocks_telegram(self) -> None:
        self._play.telegram.block(self.who.telegram)

    def sms_is_undelivered(self, times: int = 1) -> None:
        """Taken by Twilio, then reported as undelivered."""
        self._sms(Fault.undelivered(30005), times)

    def sms_is_refused(self, times: int = 1) -> None:
        """Refused when it is made: the number has opted out."""
        self._sms(Fault.refuse(21610), times)

    def sms_is_rate_limited(self, seconds: int, times: int = 1) -> None:
        """429 with Retry-After."""
        self._sms(Fault.rate_limited(seconds), times)

    def _sms(self, fault: Fault, times: int) -> None:
        self._play.faults.add("twilio", "Messages.json", fault, times, when=self._is_to_me)

    def _is_to_me(self, arguments: Json) -> bool:
        return bool(arguments.get("To") == self.who.phone)


class Phone:
    """What happens to the call that rings there, or that was picked up there last."""

    def __init__(self, line: Line, number: str) -> None:
        self._line, self._number, self._phones = line, number, line.play.twilio.phones

    @property
    def calls(self) -> list[Leg]:
        """Those that ring or are talked on, oldest first."""
        return [leg for leg in self._phones.legs.values() if leg.number == self._number and not leg.over]

    @property
    def _leg(self) -> Leg:
        if len(self.calls) != 1:
            self._line.fail(f"{len(self.calls)} calls are on at {self._number}, not one")
        return self.calls[0]

    @property
    def is_on(self) -> bool:
        """Is there a call that rings or is talked on?"""
        return bool(self.calls)

    async def answers_the_first_and_presses(self, key: str) -> None:
        """Of several calls at once."""
        leg = self.calls[0]
        await self._line.does(self._phones.answer(leg))
        await self._line.does(self._phones.press(leg, key))

    async def answers(self) -> None:
        """Picked up; nothing pressed yet."""
        await self._line.does(self._phones.answer(self._leg))

    async def presses(self, key: str) -> None:
        await self._line.does(self._phones.press(self._leg, key))

    async def answers_and_presses(self, key: str) -> None:
        await self.answers()
        await self.presses(key)

    async def answers_and_says_nothing(self) -> None:
        """Picked up, every prompt heard, no key pressed."""
        await self.answers()
        while self.is_on:
            await self._line.does(self._phones.silence(self._leg))

    async def is_answered_by_a_machine(self) -> None:
        """Voicemail picks up; it listens to all of it."""
        leg = self._leg
        await self._line.does(self._phones.answer(leg, machine=True))
        while leg.waiting and not leg.over:
            await self._line.does(self._phones.silence(leg))

    async def is_taken_for_a_machine(self) -> None:
        """A person who says a long hello picks up, and listens."""
        await self._line.does(self._phones.answer(self._leg, machine=True))

    async def is_busy(self) -> None:
        """Busy, or rejected while it rings."""
        await self._line.does(self._phones.hang_up(self._leg))

    hangs_up = is_busy

    async def rings_in_vain(self) -> None:
        """Until the bot's patience ends."""
        await self._line.does(self._phones.lets_ring(self._leg))


def button(message: Json, label: str) -> str | None:
    """The action of a button as it is labelled."""
    for block in message.get("blocks") or []:
        for element in block.get("elements") or []:
            if element.get("type") == "button" and element["text"]["text"] == label:
                action: str = element["action_id"]
                return action
    return None
