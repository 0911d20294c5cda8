"""<Dial>: phones ring for a leg, the first that is picked up hears its whisper, and two people talk."""

import datetime as dt
from collections.abc import Awaitable, Callable

from playground.twilio.account import NUMBER, Account
from playground.twilio.calls import Calls, new_call
from playground.twilio.legs import Dial, Leg
from playground.twilio.people import HIDDEN, Person
from playground.twilio.twiml import Asked, Dialled, Rung, fetched, walk
from playground.twilio.walking import Walking

TALKING = 60.0
"""Seconds of a conversation that neither side has a wish to end."""
Deed = tuple[float, Callable[[], Awaitable[None]]]
"""After how many seconds of ringing, and what somebody does then."""


class Dialling:
    """All dials. `person` says who has a phone; `legs` is where new legs are kept."""

    def __init__(
        self,
        account: Account,
        calls: Calls,
        walking: Walking,
        person: Callable[[str], Person],
        legs: dict[str, Leg],
    ) -> None:
        self._account, self._stage, self._calls = account, account.stage, calls
        self._walking, self._person, self._legs = walking, person, legs
        walking.dials, walking.picked, walking.finished = self._begin, self._picked, self._finished
        walking.parts, walking.left = self._parts, self._left

    async def _begin(self, leg: Leg, step: Dialled) -> None:
        if leg.of is not None:
            self._walking.odd(leg, "13201", "Dial: cannot dial out from a dialled leg")
            await self._walking.over(leg, "completed", "bot")
            return
        dial = leg.dial = Dial(leg, step)
        shown = step.caller_id or leg.call["from"]
        wrong = [phone.number for phone in step.phones if not NUMBER.fullmatch(phone.number)]
        if not NUMBER.fullmatch(shown) or (step.caller_id == HIDDEN):
            self._walking.odd(leg, "13214", f"Dial: invalid callerId {shown}")
            await self._done(dial, "failed")
        elif wrong or not 1 <= len(step.phones) <= 10:
            self._walking.odd(leg, "13223", f"Dial: invalid phone number {' '.join(wrong)}")
            await self._done(dial, "failed")
        else:
            dial.legs = [self._leg(dial, phone, shown) for phone in step.phones]
            self._stage.courier.later(self._rings(dial))

    def _leg(self, dial: Dial, phone: Rung, shown: str) -> Leg:
        request = {"StatusCallback": phone.status_callback, "StatusCallbackEvent": phone.events}
        parent = dial.parent
        call = new_call(self._account, phone.number, shown, "outbound-dial", request, parent.sid)
        person = self._person(phone.number)
        steps = fetched(phone.url) if phone.url else walk("<Response/>")
        leg = Leg(call, person, steps, url=parent.url, presses=person.presses, of=dial)
        self._legs[leg.sid] = leg
        return leg

    # -- it rings

    async def _rings(self, dial: Dial) -> None:
        for leg in dial.legs:
            if leg.over:
                continue
            await self._calls.status(leg.sid, "ringing")
            raw = {"parent": dial.parent.sid, "caller": dial.parent.number}
            self._stage.tell("twilio", "call_rings", to=leg.number, where=leg.shown, id=leg.sid, raw=raw)
        for seconds, deed in sorted(self._deeds(dial), key=lambda deed: deed[0]):
            await self._stage.courier.pause(max(0, seconds - dial.rang))
            if dial.over or dial.picked:
                return
            dial.rang = max(seconds, dial.rang)
            await deed()

    def _deeds(self, dial: Dial) -> list[Deed]:
        """What scripted people do while it rings; by hand, it rings for as long as a test likes."""
        parent, patience = dial.parent, dial.parent.person.patience
        deeds = [self._deed(dial, leg) for leg in dial.legs if not leg.person.by_hand]
        if patience is not None:
            bored = patience - parent.rung
            deeds.append((bored, lambda: self._walking.puts_down(parent)))
        return deeds

    def _deed(self, dial: Dial, leg: Leg) -> Deed:
        person, walking = leg.person, self._walking
        if person.lost == "no-answer" or person.rings > max(3.0, dial.step.timeout):
            return dial.step.timeout, lambda: walking.over(leg, "no-answer", leg.number)
        if person.lost:
            return person.rings, lambda: walking.over(leg, person.lost, leg.number)
        return person.rings, lambda: self._answers(leg)

    async def _answers(self, leg: Leg) -> None:
        if leg.status == "ringing":
            await self._walking.answer(leg, machine=leg.person.machine)

    async def _picked(self, leg: Leg) -> None:
        """The first to pick up wins: the other phones stop ringing, whatever comes of this one."""
        if leg.of is None:
            return
        leg.of.picked = leg
        for other in leg.of.legs:
            await self._walking.over(other, "canceled", "twilio") if other is not leg else None

    # -- two people talk

    async def _finished(self, leg: Leg) -> None:
        """The TwiML has no more: the call is over; but on a leg that was dialled, it is put through."""
        if leg.of is None:
            await self._walking.over(leg, "completed", "bot")
            return
        dial = leg.of
        dial.began = self._stage.now()
        self._tell(dial, "bridged", f"{dial.parent.number} and {leg.number}")
        await self._walking.take(dial.parent)
        _waited(dial)
        self._stage.courier.later(self._converse(dial))

    async def _converse(self, dial: Dial) -> None:
        """As scripted: until one of them has talked enough."""
        sides = [leg for leg in (dial.parent, dial.picked) if leg is not None]
        ends = [(leg.person.talks, leg) for leg in sides if leg.person.talks is not None]
        if not ends and not any(leg.person.by_hand for leg in sides):
            ends = [(TALKING, dial.parent)]
        if not ends:
            return
        seconds, leg = min(ends, key=lambda end: end[0])
        await self.talk(dial, seconds)
        if not dial.over:
            await self._walking.puts_down(leg)

    async def talk(self, dial: Dial, seconds: float) -> None:
        """They talk for so long, unless the time limit ends it."""
        allowed = min(seconds, dial.step.time_limit - dial.seconds)
        await self._stage.courier.pause(allowed)
        if dial.over or dial.picked is None:
            return
        for leg in (dial.parent, dial.picked):
            leg.spent += allowed
        dial.seconds += allowed
        if dial.seconds >= dial.step.time_limit:
            await self._walking.over(dial.picked, "completed", "twilio")

    def _parts(self, leg: Leg, who: str) -> None:
        """Somebody hung up: if they were talking, they no longer are."""
        dial = leg.talk
        if dial is None or dial.began is None or dial.ended is not None:
            return
        dial.ended = self._stage.now()
        dial.seconds = max(dial.seconds, (dial.ended - dial.began).total_seconds())
        self._tell(dial, "unbridged", f"{int(dial.seconds)} s, {who} hung up", who)

    def _tell(self, dial: Dial, kind: str, text: str, hung_up: str = "") -> None:
        assert dial.picked is not None and dial.began is not None
        parent, leg = dial.parent, dial.picked
        raw = {"parent": parent.sid, "child": leg.sid, "from": dial.began.isoformat()}
        if dial.ended is not None:
            until = max(dial.ended, dial.began + dt.timedelta(seconds=dial.seconds))
            raw |= {"to": until.isoformat(), "seconds": str(int(dial.seconds)), "hung_up": hung_up}
        self._stage.tell(
            "twilio",
            kind,
            who=parent.number,
            to=leg.number,
            where=parent.shown,
            thread=parent.sid,
            id=leg.sid,
            text=text,
            raw=raw,
        )

    # -- it is over

    async def gone(self, leg: Leg, who: str) -> None:
        """Whoever it rang for has hung up: no phone rings or talks on, and the action is told in vain."""
        dial = leg.dial
        if dial is None or dial.over:
            return
        self._close(dial)
        for other in dial.legs:
            await self._walking.over(other, "completed" if other.answered else "canceled", who)
        if dial.step.action is not None:
            status = "completed" if dial.picked else "canceled"
            await self._walking.tell(leg, Asked(dial.step.action, _outcome(dial, status)))

    async def _left(self, leg: Leg) -> None:
        """A phone that rang for somebody is over: they go on when it was the one that counts."""
        dial = leg.of
        if dial is None or dial.over:
            return
        if dial.picked is leg:
            await self._done(dial, "completed")
        elif dial.picked is None and all(other.over for other in dial.legs):
            ends = [other.status for other in dial.legs]
            await self._done(dial, "no-answer" if "no-answer" in ends else ends[-1])

    async def _done(self, dial: Dial, status: str) -> None:
        self._close(dial)
        answer, action = "", dial.step.action
        if action is not None:
            answer = await self._walking.ask(dial.parent, Asked(action, _outcome(dial, status)))
        await self._walking.go_on(dial.parent, answer)

    def _close(self, dial: Dial) -> None:
        dial.over, dial.parent.dial = True, None
        if not dial.bridged:
            _waited(dial)


def _waited(dial: Dial) -> None:
    """The parent has heard it ring for so long, also while somebody listened to the whisper."""
    dial.parent.rung += dial.waited
    if dial.parent.answered is not None:
        dial.parent.spent += dial.waited


def _outcome(dial: Dial, status: str) -> dict[str, str]:
    """What the action is told: a leg that hung up in its whisper is completed, with no second talked."""
    leg = dial.picked or (dial.legs[-1] if dial.legs else None)
    return {
        "DialCallStatus": status,
        "DialCallDuration": str(int(dial.seconds)),
        "DialBridged": str(dial.bridged).lower(),
    } | ({"DialCallSid": leg.sid} if leg else {})
