"""The phones: whoever the bot calls picks up or not, hears the TwiML, presses keys and hangs up; and people call it.

By themselves, as `script` and `call` say; or by hand: `call`, `ring`, `answer`, `press`, `silence`, `speak`, `talk`,
`hang_up`, `lets_ring`. Each of those returns when the call is over, waits for the next key, is being recorded, rings
other phones or was put through, so nobody has to wait for a time to pass.
"""

from collections.abc import Generator
from typing import Any

from playground.twilio.account import Account
from playground.twilio.callbacks import Callbacks
from playground.twilio.calls import Calls, new_call
from playground.twilio.dialling import Dialling
from playground.twilio.legs import Leg, Line
from playground.twilio.people import BY_HAND, HIDDEN, UNANSWERED, Person
from playground.twilio.recordings import Recorder, Recordings
from playground.twilio.twiml import Step, fetched, walk
from playground.twilio.walking import BROKEN, Walking

__all__ = ["Exchange", "Leg", "Line"]

Json = dict[str, Any]

VOICE_NUMBER = "+14155550102"


class Exchange:
    """All phones. Who has no script does as `default` says: let it ring until the bot's patience ends."""

    def __init__(
        self, account: Account, calls: Calls, callbacks: Callbacks, recordings: Recordings | None = None
    ) -> None:
        self.default = UNANSWERED
        self.legs: dict[str, Leg] = {}
        self.number = VOICE_NUMBER
        self._lines: dict[str, Line] = {}
        self._scripts: dict[str, list[Person]] = {}
        self._taken: set[str] = set()
        self._account, self._calls, self._stage = account, calls, account.stage
        self._walking = Walking(account, calls, callbacks)
        self._dialling = Dialling(account, calls, self._walking, self._person, self.legs)
        self._recorder = Recorder(recordings or Recordings(account), callbacks, account, self._walking)
        self._walking.gone = self._gone
        calls.placed, calls.ended = self._placed, self._ended

    def script(self, number: str, *people: Person) -> None:
        """Say what happens when this number is called: the first time, the second; from then on as the last."""
        self._scripts[number] = list(people)

    def line(self, number: str = "") -> Line:
        """The settings of one of the bot's numbers (of its voice number, if none is given), to be changed."""
        return self._lines.setdefault(number or self.number, Line(number=number or self.number))

    # -- somebody calls

    async def call(self, number: str | None, *, to: str = "", person: Person = BY_HAND) -> Leg:
        """Somebody calls one of the bot's numbers, the voice number if none is given; None hides theirs. By hand, they
        listen first; a scripted person goes on by themselves (`settle`, or the journal, says when it is over)."""
        line = self.line(to)
        report = self._stage.bot("/twilio/status") if line.status_callback is None else line.status_callback
        url = self._stage.bot("/twilio/voice/incoming") if line.voice_url is None else line.voice_url
        request = {"StatusCallback": report}
        call = new_call(self._account, line.number, number or HIDDEN, "inbound", request)
        call["status"] = "ringing"
        leg = Leg(call, person, fetched(url), url=url, fallback=line.fallback, presses=person.presses)
        self.legs[leg.sid] = leg
        self._stage.tell(
            "twilio", "call_rings", who=leg.number, to=line.number, where=line.number, id=leg.sid
        )
        listens = self._walking.go_on(leg, None)
        if person.by_hand:
            await listens
        else:
            self._stage.courier.later(listens)
        return leg

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
        self._check(leg.status == "ringing" and not leg.inbound, leg)
        await self._walking.answer(leg, machine=machine)

    async def press(self, leg: Leg, keys: str) -> None:
        """Press keys, and listen to what comes of it; while something is recorded, a finishing key ends that."""
        for key in keys:
            self._check((leg.waiting or leg.tape is not None) and not leg.over, leg)
            self._walking.pressed(leg, key)
            if leg.tape is None:
                await self._walking.go_on(leg, key)
            elif key in leg.tape.step.finish:
                await self._walking.go_on(leg, await self._recorder.finish(leg, key))

    async def silence(self, leg: Leg) -> None:
        """Press and say nothing until the prompt or the recording is over, and listen on."""
        self._check((leg.waiting or leg.tape is not None) and not leg.over, leg)
        said = await self._recorder.finish(leg) if leg.tape is not None else ""
        await self._walking.go_on(leg, said)

    async def speak(self, leg: Leg, seconds: float, words: str) -> None:
        """Say something where it is recorded. Then `press` the key, be `silence`, or `hang_up`; or the tape is full."""
        self._check(leg.tape is not None and not leg.over, leg)
        if await self._recorder.speak(leg, seconds, words) and not leg.over:
            await self._walking.go_on(leg, await self._recorder.finish(leg))

    async def talk(self, leg: Leg, seconds: float) -> None:
        """Both sides talk for so many seconds; then either may hang up."""
        self._check(leg.talk is not None, leg)
        if leg.talk is not None:
            await self._dialling.talk(leg.talk, seconds)

    async def hang_up(self, leg: Leg) -> None:
        """Put the phone down; while it rings there: reject the call."""
        self._check(not leg.over, leg)
        await self._walking.puts_down(leg)

    async def lets_ring(self, leg: Leg) -> None:
        """Do not pick up, for as long as it rings."""
        self._check(leg.status == "ringing" and not leg.inbound, leg)
        if leg.of is not None:
            leg.of.rang = max(leg.of.rang, leg.of.step.timeout)
        await self._walking.over(leg, "no-answer", leg.number)

    def _check(self, possible: bool, leg: Leg) -> None:
        if not possible:
            raise ValueError(f"the call {leg.sid} is {leg.status}{', a key is awaited' * leg.waiting}")

    # -- by themselves

    def _person(self, number: str) -> Person:
        people = self._scripts.get(number) or [self.default]
        return people.pop(0) if len(people) > 1 else people[0]

    def _placed(self, call: Json) -> None:
        """The bot calls somebody."""
        request, person = call["request"], self._person(str(call["to"]))
        fallback = str(request.get("FallbackUrl") or "")
        leg = Leg(call, person, _first(request), fallback=fallback, presses=person.presses)
        self.legs[leg.sid] = leg
        self._stage.courier.later(self._rings(leg))

    def _ended(self, call: Json) -> None:
        """The bot has ended it."""
        self._stage.courier.later(self._walking.end(self.legs[call["sid"]], "bot"))

    async def _gone(self, leg: Leg, who: str) -> None:
        await self._recorder.gone(leg)
        await self._dialling.gone(leg, who)

    async def _rings(self, leg: Leg) -> None:
        if leg.over:
            return
        await self._calls.status(leg.sid, "ringing")
        self._stage.tell("twilio", "call_rings", to=leg.number, where=leg.shown, id=leg.sid)
        person = leg.person
        if person.by_hand:
            return
        patience = float(leg.call["request"].get("Timeout") or 60)
        lost = "no-answer" if person.rings > max(3.0, patience) else person.lost
        await self._stage.courier.pause(patience if lost == "no-answer" else min(person.rings, patience))
        if lost:
            await self._walking.over(leg, lost, leg.number)
        elif leg.status == "ringing":
            await self._walking.answer(leg, machine=person.machine)


def _first(request: Json) -> Generator[Step, str, None]:
    """What is heard first on a call that the bot placed."""
    if request.get("Twiml"):
        return walk(str(request["Twiml"]))
    return fetched(str(request["Url"])) if request.get("Url") else walk(BROKEN)
