"""Whose phones there are, by number, and which one a screen shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from playground.journal import Entry
from playground.twilio.legs import Leg
from playground.twilio.people import HIDDEN
from playground.web.parts import Seen

UNKNOWN = "+27115550999"
"""A number that nobody of the cast has."""
US = "Standby"


@dataclass(frozen=True, kw_only=True)
class Owner:
    """Whose phone it is. `note` is the organisation, or such as `on call`."""

    number: str
    name: str
    note: str = ""
    language: str = "en"


@dataclass(frozen=True, kw_only=True)
class Tab:
    """A choice of a person or of a thread; `news` is how many came in unseen."""

    id: str
    label: str
    note: str = ""
    chosen: bool = False
    news: int = 0
    rings: bool = False


def customers(seen: Seen) -> tuple[Owner, ...]:
    """The customers who have a phone."""
    cast = seen.state.cast.customers
    return tuple(
        Owner(number=c.phone, name=c.name, note=c.organisation, language=c.language) for c in cast if c.phone
    )


def engineers(seen: Seen) -> tuple[Owner, ...]:
    """The engineers who have a phone."""
    cast = seen.state.cast.engineers
    return tuple(Owner(number=e.phone, name=e.name, note=e.note) for e in cast if e.phone)


def callers(seen: Seen) -> tuple[Owner, ...]:
    """Who can call the line: the customers, a stranger, and somebody who hides their number."""
    stranger = Owner(number=UNKNOWN, name="A stranger", note="number not known")
    hidden = Owner(number=HIDDEN, name="Hidden", note="number withheld")
    return (*customers(seen), stranger, hidden)


def names(seen: Seen) -> Callable[[str], str]:
    """What a number is called; itself, where nobody has it."""
    cast = seen.state.cast
    known = {UNKNOWN: "A stranger", HIDDEN: "a hidden number"}
    known |= {owner.number: owner.name for owner in (*customers(seen), *engineers(seen))}
    known |= dict.fromkeys((cast.whatsapp, cast.sms, cast.voice), US)
    return lambda number: known.get(number.removeprefix("whatsapp:"), number)


def legs(seen: Seen, number: str) -> Iterator[Leg]:
    """All calls of a phone, the newest first."""
    found = list(seen.play.twilio.phones.legs.values())
    return (leg for leg in reversed(found) if leg.number == number)


def current(seen: Seen, number: str) -> Leg | None:
    """The call that a phone is in, or that rings there."""
    return next((leg for leg in legs(seen, number) if not leg.over), None)


def rings(leg: Leg | None) -> bool:
    """Does it ring at whose phone it is?"""
    return leg is not None and leg.status == "ringing" and not leg.inbound


def chosen(seen: Seen, owners: Sequence[Owner], *, first: str = "", calls: bool = True) -> Owner | None:
    """Who was asked for; else, with `calls`, whose phone rings or is in a call, else whose note has the words `first`,
    else the first."""
    wanted = seen.query.get("as", "")
    for owner in owners:
        if owner.number == wanted:
            return owner
    busy = (owner for owner in owners if calls and current(seen, owner.number) is not None)
    noted = (owner for owner in owners if first and first in owner.note)
    return next(busy, None) or next(noted, None) or (owners[0] if owners else None)


# -- what came in unseen


def look(seen: Seen, place: str) -> None:
    """This place is being looked at: all that is there is seen."""
    seen.memory.setdefault("phones looked at", {})[place] = len(seen.play.journal)


def unseen(seen: Seen, place: str, came: Sequence[Entry]) -> int:
    """How many of these came after the last look."""
    since: int = seen.memory.setdefault("phones looked at", {}).get(place, 0)
    return sum(entry.number >= since for entry in came)
