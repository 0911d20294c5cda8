"""What there is on the phone: lines of ours, legs, phones that ring for somebody, tapes."""

import datetime as dt
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

from playground.twilio.calls import DONE
from playground.twilio.people import Person
from playground.twilio.twiml import Dialled, Recorded, Step

Json = dict[str, Any]


@dataclass(kw_only=True)
class Line:
    """A number of the bot's as the account's console has it. None: the bot's own paths, /twilio/voice/incoming and
    /twilio/status. `fallback` is a URL or, from its "<" on, TwiML."""

    number: str
    voice_url: str | None = None
    status_callback: str | None = None
    fallback: str = ""


@dataclass(eq=False)
class Leg:
    """A call of somebody, or to somebody; `heard` is what was said to them, in order.

    `url` is where the present document came from, `spent` the modelled seconds since it was picked up, `rung` those
    that they heard other phones ring. `dial`: the phones that ring for them, or whom they talk to; `of`: for whom it
    was rung; `tape`: what is being recorded."""

    call: Json
    person: Person
    steps: Generator[Step, str, None]
    url: str = ""
    fallback: str = ""
    heard: list[str] = field(default_factory=list)
    presses: str = ""
    prompts: int = 0
    waiting: bool = False
    typing: bool = False
    answered: dt.datetime | None = None
    spent: float = 0
    rung: float = 0
    fell: int = 0
    dial: "Dial | None" = None
    of: "Dial | None" = None
    tape: "Tape | None" = None

    @property
    def sid(self) -> str:
        """The call's SID."""
        return str(self.call["sid"])

    @property
    def inbound(self) -> bool:
        """Did they call?"""
        return bool(self.call["direction"] == "inbound")

    @property
    def number(self) -> str:
        """Whose phone it is."""
        return str(self.call["from" if self.inbound else "to"])

    @property
    def shown(self) -> str:
        """The other number: the one that they called, or that their phone shows."""
        return str(self.call["to" if self.inbound else "from"])

    @property
    def status(self) -> str:
        """As Twilio has it."""
        return str(self.call["status"])

    @property
    def over(self) -> bool:
        """Whether the line is dead."""
        return self.status in DONE

    @property
    def talk(self) -> "Dial | None":
        """The conversation that they are in."""
        return next((d for d in (self.dial, self.of) if d is not None and d.bridged and not d.over), None)


@dataclass(eq=False)
class Dial:
    """Phones that ring for `parent`; `picked` is the first that was picked up, and the only one that counts. `rang` is
    for how long they rang. `began`: since when it talks to the parent, for `seconds` so far; `ended`: until when."""

    parent: Leg
    step: Dialled
    legs: list[Leg] = field(default_factory=list)
    rang: float = 0
    picked: Leg | None = None
    began: dt.datetime | None = None
    ended: dt.datetime | None = None
    seconds: float = 0
    over: bool = False

    @property
    def bridged(self) -> bool:
        """Were two people put through?"""
        return self.began is not None

    @property
    def waited(self) -> float:
        """Seconds that it rang, and that somebody listened to the whisper."""
        return self.rang + (self.picked.spent if self.picked else 0)


@dataclass(eq=False)
class Tape:
    """What is being recorded."""

    step: Recorded
    seconds: float = 0
    words: list[str] = field(default_factory=list)
