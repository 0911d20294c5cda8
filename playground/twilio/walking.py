"""A leg walks its TwiML: what is heard, which keys are pressed, which URLs are asked, how it ends.

Dialling and recording have files of their own and hang themselves in here (`dials` and so on).
"""

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urljoin

from playground.courier import Delivered
from playground.twilio.account import Account
from playground.twilio.callbacks import Callbacks
from playground.twilio.calls import Calls, call_params
from playground.twilio.legs import Leg, Tape
from playground.twilio.twiml import Asked, Dialled, Ended, Odd, Quiet, Recorded, Said, Step, mistake

Json = dict[str, Any]

TALK = 15.0
"""Characters that are spoken in a second."""
FALLS = 3
"""How often a call may fall back, so that a fallback that fails as well ends somewhere."""
BROKEN = "<Response><Say>We are sorry, an application error has occurred. Goodbye.</Say><Hangup/></Response>"


class Walking:
    """Legs and what happens on them. `dials` lets phones ring; `records` a scripted person's words; `picked` is told at
    once who picked up, `finished` when a leg's TwiML has no more, `parts` (before anything else), `gone` and `left`
    when a leg is over, and who ended it."""

    dials: Callable[[Leg, Dialled], Awaitable[None]]
    records: Callable[[Leg, Recorded], Awaitable[str]]
    picked: Callable[[Leg], Awaitable[None]]
    finished: Callable[[Leg], Awaitable[None]]
    parts: Callable[[Leg, str], None]
    gone: Callable[[Leg, str], Awaitable[None]]
    left: Callable[[Leg], Awaitable[None]]

    def __init__(self, account: Account, calls: Calls, callbacks: Callbacks) -> None:
        self._account, self._calls, self._callbacks = account, calls, callbacks
        self._stage = account.stage

    async def answer(self, leg: Leg, *, machine: bool = False) -> None:
        """Pick up, or let a machine do so, and listen."""
        leg.answered = self._stage.now()
        leg.call["status"] = "in-progress"
        await self.picked(leg)
        if leg.over:
            return
        await self._calls.status(leg.sid, "in-progress")
        await self._detected(leg, "machine_start" if machine else "human")
        await self.go_on(leg, None)

    async def go_on(self, leg: Leg, answer: str | None) -> None:
        """Until the call is over, phones ring for it or, by hand, it waits for a key or for words."""
        leg.waiting = False
        while not leg.over:
            try:
                step = next(leg.steps) if answer is None else leg.steps.send(answer)
            except StopIteration:
                await self.finished(leg)
                return
            await self._take(leg, step)
            if isinstance(step, Dialled):
                await self.dials(leg, step)
                return
            if leg.person.by_hand and isinstance(step, Quiet) and step.last:
                leg.waiting = True
                return
            if leg.person.by_hand and isinstance(step, Recorded):
                leg.tape = Tape(step)
                return
            answer = await self._happens(leg, step)

    async def passes(self, leg: Leg, seconds: float) -> None:
        """So many seconds pass on this leg; whoever waits for it may lose patience."""
        await self._stage.courier.pause(seconds)
        leg.spent += seconds
        waits = leg.of
        if waits is None or waits.bridged or waits.over:
            return
        parent = waits.parent
        if parent.person.patience is not None and parent.rung + waits.waited >= parent.person.patience:
            await self.puts_down(parent)

    async def take(self, leg: Leg) -> None:
        """The line of somebody who calls is picked up, if it still rings."""
        if leg.inbound and leg.status == "ringing":
            leg.answered = self._stage.now()
            await self._calls.status(leg.sid, "in-progress")

    async def _take(self, leg: Leg, step: Step) -> None:
        """A pause, a rejection and a dial that answers on the bridge leave it ringing."""
        waits = (
            isinstance(step, Asked | Odd)
            or (isinstance(step, Quiet) and not step.listening)
            or (isinstance(step, Dialled) and step.answer_on_bridge)
            or (isinstance(step, Ended) and step.status != "completed")
        )
        if not waits:
            await self.take(leg)

    # -- what is said and pressed

    async def _happens(self, leg: Leg, step: Step) -> str:
        leg.typing = leg.typing and isinstance(step, Quiet)
        match step:
            case Said():
                self._heard(leg, step)
                await self.passes(leg, len(step.text) / TALK)
            case Quiet():
                await self.passes(leg, 0 if self._due(leg) else step.seconds)
            case Asked():
                return await self.ask(leg, step)
            case Recorded():
                return await self.records(leg, step)
            case Ended():
                await self.over(leg, "completed" if leg.answered else step.status, "bot")
            case Odd():
                self.odd(leg, step.code, step.text)
        listening = isinstance(step, Said | Quiet) and step.listening
        return await self._reacts(leg) if listening or leg.person.leaves else ""

    def _heard(self, leg: Leg, step: Said) -> None:
        leg.heard.append(step.text)
        leg.prompts += 1
        self._stage.tell(
            "twilio",
            "call_heard",
            who="bot",
            to=leg.number,
            where=leg.shown,
            id=leg.sid,
            text=step.text,
            raw={"language": step.language, "answered_by": leg.call["answered_by"]},
        )

    def odd(self, leg: Leg, code: str, text: str) -> None:
        """Note a mistake of the bot's."""
        self._stage.tell("twilio", "twiml_error", to=leg.number, id=code, text=text)

    def _due(self, leg: Leg) -> bool:
        """Is it time for a person to do something?"""
        heard = leg.prompts >= leg.person.after
        return (bool(leg.presses) and (heard or leg.typing)) or (heard and leg.person.leaves)

    async def _reacts(self, leg: Leg) -> str:
        if leg.over or not self._due(leg):
            return ""
        leg.prompts = 0
        if not leg.presses:
            await self.puts_down(leg)
            return ""
        key, leg.presses, leg.typing = leg.presses[0], leg.presses[1:], True
        self.pressed(leg, key)
        return key

    def pressed(self, leg: Leg, key: str) -> None:
        """Somebody presses a key."""
        self._stage.tell("twilio", "call_key", who=leg.number, to=leg.shown, id=leg.sid, text=key)

    # -- what URLs are asked

    async def ask(self, leg: Leg, step: Asked) -> str:
        """The TwiML that a URL answers; else that of the fallback; else what Twilio says then."""
        url = self.absolute(leg, step.url)
        answer = await self._callbacks.ask(url, call_params(leg.call) | dict(step.params), f"{leg.sid} asks")
        if code := self._failing(leg, answer, url):
            return await self._fallback(leg, url, code)
        leg.url = url
        return answer.body

    def absolute(self, leg: Leg, url: str) -> str:
        """Where a URL in the present document points; an empty one, at that document."""
        return urljoin(leg.url, url)

    async def tell(self, leg: Leg, step: Asked) -> None:
        """Ask a URL whose answer nobody hears any more."""
        url = self.absolute(leg, step.url)
        await self._callbacks.ask(url, call_params(leg.call) | dict(step.params), f"{leg.sid} tells")

    def _failing(self, leg: Leg, answer: Delivered, url: str) -> str:
        """Twilio's code for an answer that is no TwiML; nothing, if it is."""
        if not answer.ok or not answer.body.strip():
            self.odd(leg, "11200", f"{answer.status} {url}")
            return "11200"
        if wrong := mistake(answer.body):
            self.odd(leg, "12100", wrong)
            return "12100"
        return ""

    async def _fallback(self, leg: Leg, url: str, code: str) -> str:
        if not leg.fallback or leg.fell >= FALLS or leg.over:
            return BROKEN
        leg.fell += 1
        self._stage.tell("twilio", "fallback", to=leg.number, where=leg.shown, id=leg.sid, text=url)
        if leg.fallback.startswith("<"):
            return leg.fallback
        params = call_params(leg.call) | {"ErrorCode": code, "ErrorUrl": url.split("#")[0]}
        answer = await self._callbacks.ask(leg.fallback, params, f"{leg.sid} falls back")
        if self._failing(leg, answer, leg.fallback):
            return BROKEN
        leg.url = leg.fallback
        return answer.body

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

    # -- how it ends

    async def over(self, leg: Leg, status: str, who: str) -> None:
        """The line is dead; `who` made it so."""
        if leg.over:
            return
        leg.call["status"] = status
        await self.end(leg, who)

    async def puts_down(self, leg: Leg) -> None:
        """Whose phone it is hangs up; while it rings there: rejects the call."""
        unanswered = "no-answer" if leg.inbound else "busy"
        await self.over(leg, unanswered if leg.status == "ringing" else "completed", leg.number)

    async def end(self, leg: Leg, who: str) -> None:
        """What comes of a dead line: others are hung up, the bot is told, whoever waited goes on."""
        leg.waiting = False
        leg.steps.close()
        self.parts(leg, who)
        text = leg.status
        self._stage.tell(
            "twilio", "call_ended", who=who, to=leg.number, where=leg.shown, id=leg.sid, text=text
        )
        await self.gone(leg, who)
        talked = self._stage.now() - leg.answered if leg.answered else dt.timedelta()
        spent = max(talked.total_seconds(), leg.spent if leg.answered else 0)
        leg.call["duration"] = str(int(spent))
        await self._calls.status(leg.sid, leg.status, CallDuration=leg.call["duration"])
        await self.left(leg)
