"""Somebody who calls our number in a dialogue: `caller = await calls(t)`, by hand from there on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playground.twilio.exchange import Leg
from playground.twilio.people import HIDDEN
from tests.fakes.line_config import CUSTOMERS

if TYPE_CHECKING:
    from tests.fakes.line import Line

MOBILE = "+27825550300"
"""Of somebody whom nobody knows."""
_NAMES = {number: name for name, number in CUSTOMERS.items()}


async def calls(t: Line, number: str = CUSTOMERS["Thandi"]) -> Caller:
    """They call, and hear the first prompt; an empty number is hidden."""
    caller = Caller(t, number)
    await caller.rings()
    return caller


class Caller:
    """One call to our number. `number` is empty where it is hidden."""

    def __init__(self, line: Line, number: str) -> None:
        self._line, self._phones = line, line.play.twilio.phones
        self.number = number
        self.reader = _NAMES.get(number, number or HIDDEN)
        self.leg: Leg

    async def rings(self) -> None:
        await self._line.does(self._calls())

    async def _calls(self) -> None:
        self.leg = await self._phones.call(self.number or None)

    async def presses(self, keys: str) -> None:
        await self._line.does(self._phones.press(self.leg, keys))

    async def is_silent(self) -> None:
        """Until what is asked is over."""
        await self._line.does(self._phones.silence(self.leg))

    async def says(self, words: str, seconds: float = 20) -> None:
        """After the tone; the hash key ends it."""
        await self._line.does(self._phones.speak(self.leg, seconds, words))
        await self.presses("#")

    async def begins_to_say(self, words: str, seconds: float = 20) -> None:
        await self._line.does(self._phones.speak(self.leg, seconds, words))

    async def hangs_up(self) -> None:
        await self._line.does(self._phones.hang_up(self.leg))

    async def talks(self, seconds: float) -> None:
        """With whoever they were put through to; time goes by."""
        await self._line.does(self._phones.talk(self.leg, seconds))
        await self._line.passes(seconds=seconds)

    def hears(self, *texts: str) -> None:
        """All that was said to them since the last look."""
        self._line.hears(self.reader, *texts)

    def heard(self) -> str:
        """As `hears`, to be searched."""
        return " ".join(self._line.heard(self.reader))

    @property
    def is_talking(self) -> bool:
        return self.leg.talk is not None

    @property
    def is_over(self) -> bool:
        return self.leg.over
