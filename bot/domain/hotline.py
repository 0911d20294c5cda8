"""Somebody calls our number: what such a call is, and the one table that says what comes of whatever happens on it.

A caller hears a greeting and presses 1 for the desk or 2 for the emergency line; whoever presses nothing, or something
else, ends on the emergency line. Each phase ends in another or in an End; none leads nowhere. Source: semantics.md, Voice.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum

from bot.domain.ids import ContactId, PersonId, TeamName, TicketId

RING = 25
"""Seconds that one phone rings: shorter than most voicemails wait."""
ACCEPT = 8
"""Seconds that an engineer has to press 1 once the words are said; then that phone is hung up."""
TRIES = 3
"""How often a question is asked."""
LONGEST_MESSAGE = 120
"""Seconds of a message; Twilio transcribes none that is longer."""
MOST_LISTED = 3
"""Open tickets that a caller can choose from by key."""
SCREENED = "screened:{number}"
"""As what a call counts that was turned away, for its number or, among too many, for all of them: whoever goes on trying is
not turned away for ever."""
AN_HOUR = dt.timedelta(hours=1)


class Phase(enum.StrEnum):
    """What the caller is hearing."""

    MENU = "menu"  # 1 desk, 2 emergency
    WHICH = "which"  # 1, 2, 3: an open ticket of theirs; 0: something new
    NUMBER = "number"  # a hidden number: where can we call back?
    CHARGE = "charge"  # a call-out is charged: 1 yes, 2 wait for the desk
    RINGING = "ringing"  # somebody's phone rings, or they hear who is calling
    CLOSED = "closed"  # the desk is not there: 1 leave a message, 2 emergency
    MESSAGE = "message"  # a message is recorded
    TALKING = "talking"  # an engineer pressed 1
    OVER = "over"


class Choice(enum.StrEnum):
    """Which line they are on."""

    NONE = ""
    DESK = "desk"
    EMERGENCY = "emergency"


class Heard(enum.StrEnum):
    """What the vendor tells us of a caller's call."""

    RANG = "rang"
    KEYS = "keys"  # pressed; none is silence
    LEG_OVER = "leg over"  # the phone that we rang rings no more, or the talk has ended
    RECORDED = "recorded"


class End(enum.StrEnum):
    """How a call ended. Source: semantics.md, Voice; for DECLINED docs/adr/0014."""

    TALKED = "talked"
    MESSAGE = "message"
    HUNG_UP = "hung up"
    DECLINED = "declined"  # the caller would rather wait for the desk than pay
    SCREENED = "screened"  # nobody whom we know, who chose nothing or called too often: logged, no ticket


class Move(enum.StrEnum):
    """What is done then."""

    AGAIN = "again"  # the question is asked once more
    DESK = "desk"
    EMERGENCY = "emergency"
    NEW = "new"
    JOIN = "join"
    AGREE = "agree"
    DECLINE = "decline"
    UNANSWERED = "unanswered"  # the charge: they are in trouble, so we call
    NUMBER = "number"
    NO_NUMBER = "no number"
    MESSAGE = "message"
    NEXT = "next"  # the next phone
    TALKED = "talked"
    RECORDED = "recorded"
    GO_ON = "go on"  # it came too late, or twice: say what is to be said now


_KEYS: dict[Phase, dict[str, Move]] = {
    Phase.MENU: {"1": Move.DESK, "2": Move.EMERGENCY},
    Phase.WHICH: {"0": Move.NEW} | {str(n + 1): Move.JOIN for n in range(MOST_LISTED)},
    Phase.CHARGE: {"1": Move.AGREE, "2": Move.DECLINE},
    Phase.CLOSED: {"1": Move.MESSAGE, "2": Move.EMERGENCY},
}
_AT_LAST: dict[Phase, Move] = {
    Phase.MENU: Move.EMERGENCY,
    Phase.WHICH: Move.NEW,
    Phase.NUMBER: Move.NO_NUMBER,
    Phase.CHARGE: Move.UNANSWERED,
    Phase.CLOSED: Move.MESSAGE,
}
"""What becomes of whoever was asked so often and pressed nothing that has a meaning: nobody is sent away."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Leg:
    """A phone that we rang for a caller. `turn` names it in the URLs; `accepted` is when 1 was pressed on it, the only
    thing that counts as an answer."""

    turn: int
    person: PersonId
    number: str
    began: dt.datetime
    choice: Choice = Choice.EMERGENCY
    ended: dt.datetime | None = None
    accepted: dt.datetime | None = None
    passed: bool = False
    """They picked up and pressed the key that passes it on."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Call:
    """A call to our number, or (`by` is set) one of ours that puts an engineer through to a customer.

    `turn` counts what has happened: what comes with an older one is late or a repeat and changes nothing. `number` is
    E.164, empty where it is hidden; `callback` is the one that they typed then. `offered` are the tickets to choose from.
    `said` is what is said before anything else (bot/app/hotline_wording.py)."""

    id: str
    number: str
    began: dt.datetime
    heard: dt.datetime
    language: str
    zone: str = "UTC"
    team: TeamName
    contact: ContactId | None = None
    known: bool = False
    by: PersonId | None = None
    phase: Phase = Phase.MENU
    choice: Choice = Choice.NONE
    turn: int = 0
    tries: int = 0
    said: str = ""
    offered: tuple[TicketId, ...] = ()
    ticket: TicketId | None = None
    callback: str = ""
    crowded: bool = False
    """Too many call: nobody's phone rings for this one, they leave a message."""
    legs: tuple[Leg, ...] = ()
    recording: str = ""
    seconds: int = 0
    ended: dt.datetime | None = None
    end: End | None = None

    @property
    def leg(self) -> Leg | None:
        """The phone that rings now, or that they talk to."""
        return self.legs[-1] if self.legs and self.legs[-1].ended is None else None

    @property
    def rung(self) -> tuple[Leg, ...]:
        """The phones that rang for the line that they are on."""
        return tuple(leg for leg in self.legs if leg.choice is self.choice)

    @property
    def counts_as(self) -> str:
        """Of which number it is one more; empty of none: a hidden one."""
        if self.by is not None:
            return "-"
        if self.said in ("screened", "full"):
            return SCREENED.format(number=self.number if self.said == "screened" else "")
        return self.number

    @property
    def reach(self) -> str:
        """Where they can be called back; empty where nobody knows."""
        return self.callback or self.number


@dataclasses.dataclass(frozen=True, kw_only=True)
class Hotline:
    """What the configuration says about calls. `countries` (ISO 3166, two letters) are those whose numbers may be dialled,
    the one whose national numbers callers type first; `own` are our numbers, `listed` people's and contacts'. A caller
    has `per_caller` calls an hour, and `at_once` calls may be waiting. Which numbers are dialled: dialling.py."""

    countries: tuple[str, ...] = ()
    own: frozenset[str] = frozenset()
    listed: frozenset[str] = frozenset()
    per_caller: int = 6
    at_once: int = 20
    greeting: str = ""


def move(call: Call, heard: Heard, turn: int, digits: str = "") -> Move:
    """What is done about something that was heard: the table."""
    if turn != call.turn or call.phase is Phase.OVER:
        return Move.GO_ON
    if heard is Heard.LEG_OVER and call.phase in (Phase.RINGING, Phase.TALKING):
        return Move.TALKED if call.phase is Phase.TALKING else Move.NEXT
    if heard is Heard.RECORDED and call.phase is Phase.MESSAGE:
        return Move.RECORDED
    if heard is not Heard.KEYS or call.phase not in _AT_LAST:
        return Move.GO_ON
    meant = Move.NUMBER if call.phase is Phase.NUMBER and digits else _KEYS.get(call.phase, {}).get(digits)
    if meant is Move.JOIN and int(digits) > len(call.offered):
        meant = None
    if meant is not None:
        return meant
    return Move.AGAIN if call.tries + 1 < TRIES else _AT_LAST[call.phase]
