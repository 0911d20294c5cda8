"""Somebody who calls our number, on the bot in memory: what they hear, what they press, and whose phone rings for them."""

from __future__ import annotations

import datetime as dt
import itertools

from bot.app.inbound import CallIn, CallReportIn, Inbound, LegIn, Sender
from bot.domain.hotline import Call, Heard
from bot.domain.ids import Address, ChannelName
from bot.domain.script import Connect, HangUp, Hear, Record, Ring, Script
from tests.builders import THANDI
from tests.fakes.world import World

CALL = ChannelName("call")
_IDS = itertools.count(1)


class Caller:
    """A call. `script` is what they hear now; `ringing` the number that rings for them."""

    def __init__(self, world: World, number: str = THANDI) -> None:
        self.world, self.number = world, number
        self.id = f"CA{next(_IDS):032}"
        self.script: Script | None = None
        self.heard: list[str] = []

    # ------------------------------------------------------------ the caller
    async def calls(self) -> Script:
        return await self._happens(Heard.RANG, turn=0)

    async def presses(self, digits: str) -> Script:
        assert isinstance(self._now.verb, Hear), self._now
        return await self._happens(Heard.KEYS, digits=digits)

    async def is_silent(self) -> Script:
        return await self.presses("")

    async def speaks(self, seconds: int = 20, recording: str = "RE1") -> Script:
        """A message after the tone."""
        assert isinstance(self._now.verb, Record), self._now
        return await self._happens(Heard.RECORDED, seconds=seconds, recording=recording if seconds else "")

    async def hangs_up(self, seconds: int = 0) -> None:
        """As Twilio tells it: the verb that was running ends first, then the call."""
        if isinstance(self._now.verb, Ring):
            await self._talked(seconds)
            await self._happens(Heard.LEG_OVER, seconds=seconds, gone=True)
        await self.reports("over")

    async def reports(self, what: str, **more: object) -> None:
        fields = {"external_id": f"{self.id}:{what}", "call": self.id, "what": what, **more}
        await self._receives(CallReportIn(sender=Sender(id=self.number), **self._where, **fields))  # type: ignore[arg-type]

    # ------------------------------------------------------------ the phone that rings
    @property
    def ringing(self) -> str:
        return self._now.verb.number if isinstance(self._now.verb, Ring) else ""

    async def picked_up(self, turn: int | None = None) -> Script:
        """Somebody, or a machine, hears who is calling."""
        return await self._leg("", turn)

    async def engineer_presses(self, digits: str = "1", turn: int | None = None) -> Script:
        return await self._leg(digits, turn)

    async def accepts(self) -> None:
        """They pick up, listen and press 1."""
        await self.picked_up()
        assert isinstance((await self.engineer_presses("1")).verb, Connect)

    async def no_answer(self, seconds: int = 0) -> Script:
        """That phone rings no more; or the talk has ended after so many seconds."""
        assert isinstance(self._now.verb, Ring), self._now
        await self._talked(seconds)
        return await self._happens(Heard.LEG_OVER, seconds=seconds)

    async def _talked(self, seconds: int) -> None:
        """No talk is longer than the time that has passed since somebody pressed 1."""
        call = await self.stored()
        accepted = call.legs[-1].accepted if call.legs else None
        if accepted is not None:
            end = accepted + dt.timedelta(seconds=seconds)
            self.world.clock.at = max(self.world.clock.at, end)

    # ------------------------------------------------------------ what is
    @property
    def text(self) -> str:
        return " ".join(self._now.say)

    @property
    def is_over(self) -> bool:
        return isinstance(self._now.verb, HangUp)

    async def stored(self) -> Call:
        found = await self.world.run(lambda uow: uow.calls.get(self.id))
        assert found is not None
        return found

    @property
    def _now(self) -> Script:
        assert self.script is not None, "they have not called yet"
        return self.script

    @property
    def _where(self) -> dict[str, object]:
        return {"channel": CALL, "address": Address(channel=CALL, place=self.number or "hidden")}

    async def _happens(self, heard: Heard, turn: int | None = None, **more: object) -> Script:
        turn = self._now.turn if turn is None else turn
        fields = {"external_id": f"{self.id}:{turn}:{heard}:{next(_IDS)}", "call": self.id, "heard": heard}
        inbound = CallIn(sender=Sender(id=self.number), turn=turn, **self._where, **fields, **more)  # type: ignore[arg-type]
        self.script = await self._receives(inbound)
        self.heard.append(self.text)
        return self.script

    async def again(self, inbound: Inbound) -> Script:
        """The vendor delivers it once more."""
        return await self._receives(inbound)

    async def _leg(self, digits: str, turn: int | None) -> Script:
        turn = self._now.turn if turn is None else turn
        where = {"channel": CALL, "address": Address(channel=CALL, place=self.ringing)}
        id = f"{self.id}:leg:{turn}:{digits}:{next(_IDS)}"
        return await self._receives(
            LegIn(
                sender=Sender(id=self.ringing),
                external_id=id,
                call=self.id,
                turn=turn,
                digits=digits,
                **where,
            )  # type: ignore[arg-type]
        )

    async def _receives(self, inbound: Inbound) -> Script:
        outcome = await self.world.bus.receive(inbound)
        await self.world.settle()
        if outcome.script is None and isinstance(inbound, CallIn | LegIn):
            raise AssertionError([entry for entry in self.world.logged if entry[0] == "not_answered"])
        return outcome.script  # type: ignore[return-value]
