"""Who is on call by an event: those of its title, else those who are invited, else the organizer."""

from __future__ import annotations

import dataclasses
from typing import Any

from bot.calendars.names import Names, shown


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Guest:
    """Somebody of an event: their name (CN), their address, and whether they declined."""

    name: str
    address: str
    declined: bool


def people_of_event(event: Any, names: Names) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Ids, and what means nobody. The title decides; where it is only words of duty, those who are invited, failing that
    the organizer. Who declined is never on call."""
    title = str(event.get("SUMMARY", ""))
    invited, organizers = _guests(event, "ATTENDEE"), _guests(event, "ORGANIZER")
    addresses = {guest.address for guest in invited if guest.declined and guest.address}
    gone = [guest for guest in (*invited, *organizers) if guest.declined or guest.address in addresses]
    declined = {id for guest in gone for id in names.read(guest.name)[0]}
    people, strangers = names.read(title)
    if people:
        coming = tuple(id for id in people if id not in declined)
        return coming, strangers if coming == people else (*strangers, shown(title))
    if strangers:
        return (), strangers
    for guests in (invited, organizers):
        asked = [guest.name for guest in guests if guest not in gone]
        found = dict.fromkeys(id for name in asked for id in names.read(name)[0] if id not in declined)
        if found:
            return tuple(found), ()
        strangers = strangers or tuple(filter(None, map(shown, asked)))
    return (), strangers or (shown(title) or "?",)


def _guests(event: Any, key: str) -> list[_Guest]:
    there = event.get(key, [])
    found: list[_Guest] = []
    for one in there if isinstance(there, list) else [there]:
        params = getattr(one, "params", {})
        guest = _Guest(
            name=str(params.get("CN", "")),
            address=str(one).strip().casefold(),
            declined=str(params.get("PARTSTAT", "")).upper() == "DECLINED",
        )
        found.append(guest)
    return found
