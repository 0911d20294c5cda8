"""The phones: whoever the bot calls picks up or not, hears the TwiML, presses keys and hangs up.

By themselves, as `script` says; or by hand: `ring`, `answer`, `press`, `silence`, `hang_up`, `lets_ring`. Each of those
returns when the call is over or waits for the next key, so nobody has to wait for a time to pass.
"""

import datetime as dt
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

from playground.twilio.account import Account
from playground.twilio.callbacks import Callbacks
from playground.twilio.calls import DONE, Calls, call_params
from playground.twilio.people import UNANSWERED, Person
from playground.twilio.twiml import Asked, Odd, Quiet, Said, Step, walk

Json = dict[str, Any]

TALK = 15.0
"""Characters that are spoken in a second."""
BROKEN = "<Response><Say>We are sorry, an application error has occurred. Goodbye.</Say></Response>"


@dataclass(eq=False)
class Leg:
    """A call to somebody; `heard` is what was said to them, in order."""

    call: Json
    person: Person
    steps: Generator[Step, str, None]
    heard: list[str] = field(default_factory=list)
    presses: str = ""
    prompts: int = 0
    waiting: bool = False
    answered: dt.datetime | None = None

    @property
    def sid(self) -> str:
        """The call's SID."""
        return str(self.call["sid"])

    @property
    def number(self) -> str:
        """Whose phone it is."""
        return str(self.call["to"])

    @property
    def status(self) -> str:
        """As Twilio has it."""
        return str(self.call["status"])

    @property
    def over(self) -> bool:
        """Whether the line is dead."""
        return self.status in DONE


class Exchange:
    """All phones. Who has no script does as `default` says: let it ring until the bot's patience ends."""

    def __init__(self, account: Account, calls: Calls, callbacks: Callbacks) -> None:
        self.default = UNANSWERED
        self.legs: dict[str, Leg] = {}
        self._scripts: dict[str, list[Person]] = {}
        self._taken: set[str] = set()
        self._account, self._calls, self._callbacks = account, calls, callbacks
        self._stage = account.stage
        calls.placed, calls.ended = self._placed, self._ended

    def script(self, number: str, *people: Person) -> None:
        """Say what happens when this number is called: the first time, the second; from then on as the last."""
        self._scripts[number] = list(people)

    # -- by hand

    async def ring(self, number: str, *, timeout: float = 5.0) -> Leg:  # noqa: ASYNC109
        """Wait (real seconds) until this phone rings, and return that call; each call is returned once."""
        rings = await self._stage.journal.wait_for(
            lambda e: e.kind == "call_rings" and e.to == number and e.id not in self._taken, timeout=timeout
        )
        self._taken.add(rings.id)
        return self.legs[rings.id]

    async def answer(self, leg: Leg, *, machine: bool = False) -> None:
        """Pick up, or let a machine do so, and listen."""
        self._check(leg.status == "ringing", leg)
        leg.answered = self._stage.now()
        await self._calls.status(leg.sid, "in-progress")
        await self._detected(leg, "machine_start" if machine else "human")
        await self._go_on(leg, None)

    async def press(self, leg: Leg, keys: str) -> None:
        """Press keys, and listen to what comes of it."""
        for key in keys:
            self._check(leg.waiting and not leg.over, leg)
            self._pressed(leg, key)
            await self._go_on(leg, key)

    async def silence(self, leg: Leg) -> None:
        """Press nothing until the prompt is over, and listen on."""
        self._check(leg.waiting and not leg.over, leg)
        await self._go_on(leg, "")

    async def hang_up(self, leg: Leg) -> None:
        """Put the phone down; while it rings: reject the call."""
        self._check(not leg.over, leg)
        await self._over(leg, "busy" if leg.status == "ringing" else "completed", leg.number)

    async def lets_ring(self, leg: Leg) -> None:
        """Do not pick up, for as long as it rings."""
        self._check(leg.status == "ringing", leg)
        await self._over(leg, "no-answer", leg.number)

    def _check(self, possible: bool, leg: Leg) -> None:
        if not possible:
            raise ValueError(f"the call {leg.sid} is {leg.status}{', a key is awaited' * leg.waiting}")

    # -- by themselves

    def _placed(self, call: Json) -> None:
        people = self._scripts.get(str(call["to"])) or [self.default]
        person = people.pop(0) if len(people) > 1 else people[0]
        steps = walk(str(call["request"].get("Twiml") or BROKEN))
        leg = self.legs[call["sid"]] = Leg(call, person, steps, presses=person.presses)
        self._stage.courier.later(self._rings(leg))

    def _ended(self, call: Json) -> None:
        """The bot has ended it."""
        leg = self.legs[call["sid"]]
        self._stage.tell("twilio", "call_ended", who="bot", to=leg.number, id=leg.sid)
        self._stage.courier.later(self._report(leg, leg.status))

    async def _rings(self, leg: Leg) -> None:
        if leg.over:
            return
        await self._calls.status(leg.sid, "ringing")
        self._stage.tell("twilio", "call_rings", to=leg.number, where=leg.call["from"], id=leg.sid)
        if leg.person.by_hand:
            return
        patience = float(leg.call["request"].get("Timeout") or 60)
        await self._stage.courier.pause(patience if leg.person.lost == "no-answer" else min(3.0, patience))
        if leg.person.lost:
            await self._over(leg, leg.person.lost, leg.number)
        elif leg.status == "ringing":
            await self.answer(leg, machine=leg.person.machine)

    # -- what is said and pressed

    async def _go_on(self, leg: Leg, answer: str | None) -> None:
        """Until the call is over or, by hand, waits for a key."""
        leg.waiting = False
        while not leg.over:
            try:
                step = next(leg.steps) if answer is None else leg.steps.send(answer)
            except StopIteration:
                await self._over(leg, "completed", "bot")
                return
            if leg.person.by_hand and isinstance(step, Quiet) and step.last:
                leg.waiting = True
                return
            answer = await self._happens(leg, step)

    async def _happens(self, leg: Leg, step: Step) -> str:
        match step:
            case Said():
                self._heard(leg, step)
                await self._stage.courier.pause(len(step.text) / TALK)
            case Quiet():
                await self._stage.courier.pause(0 if self._due(leg) else step.seconds)
            case Asked():
                return await self._ask(leg, step)
            case Odd():
                self._stage.tell("twilio", "twiml_error", to=leg.number, id=step.code, text=step.text)
                return ""
        return await self._reacts(leg) if step.listening or leg.person.leaves else ""

    def _heard(self, leg: Leg, step: Said) -> None:
        leg.heard.append(step.text)
        leg.prompts += 1
        self._stage.tell(
            "twilio",
            "call_heard",
            who="bot",
            to=leg.number,
            where=leg.call["from"],
            id=leg.sid,
            text=step.text,
            raw={"language": step.language, "answered_by": leg.call["answered_by"]},
        )

    def _due(self, leg: Leg) -> bool:
        """Is it time for a person to do something?"""
        return leg.prompts >= leg.person.after and bool(leg.presses or leg.person.leaves)

    async def _reacts(self, leg: Leg) -> str:
        if leg.over or not self._due(leg):
            return ""
        leg.prompts = 0
        if not leg.presses:
            await self._over(leg, "completed", leg.number)
            return ""
        key, leg.presses = leg.presses[0], leg.presses[1:]
        self._pressed(leg, key)
        return key

    def _pressed(self, leg: Leg, key: str) -> None:
        self._stage.tell("twilio", "call_key", who=leg.number, to=leg.call["from"], id=leg.sid, text=key)

    async def _ask(self, leg: Leg, step: Asked) -> str:
        """The TwiML that a URL answers; what Twilio says where it answers none."""
        answer = await self._callbacks.post(
            step.url, call_params(leg.call) | dict(step.params), f"{leg.sid} asks"
        )
        if answer.ok and answer.body.strip():
            return answer.body
        self._stage.tell(
            "twilio", "twiml_error", to=leg.number, id="11200", text=f"{answer.status} {step.url}"
        )
        return BROKEN

    async def _detected(self, leg: Leg, answered_by: str) -> None:
        """Tell who picked up, where the bot asked for that; Twilio names neither number in it."""
        request = leg.call["request"]
        if request.get("MachineDetection") not in ("Enable", "DetectMessageEnd"):
            return
        leg.call["answered_by"] = answered_by
        url = request.get("AsyncAmdStatusCallback")
        if url and str(request.get("AsyncAmd")).lower() == "true":
            params = {
                "AccountSid": self._account.sid,
                "CallSid": leg.sid,
                "AnsweredBy": answered_by,
                "MachineDetectionDuration": "2450",
            }
            await self._callbacks.post(str(url), params, f"{leg.sid} {answered_by}")

    async def _over(self, leg: Leg, status: str, who: str) -> None:
        if leg.over:
            return
        leg.waiting = False
        leg.steps.close()
        self._stage.tell("twilio", "call_ended", who=who, to=leg.number, id=leg.sid, text=status)
        await self._report(leg, status)

    async def _report(self, leg: Leg, status: str) -> None:
        talked = self._stage.now() - leg.answered if leg.answered else dt.timedelta()
        leg.call["duration"] = str(int(talked.total_seconds()))
        await self._calls.status(leg.sid, status, CallDuration=leg.call["duration"])
