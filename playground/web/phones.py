"""The phones, the bar and the tour of the page: what each screen shows, and the deeds of its buttons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from playground.web import phone_calls as calls
from playground.web import phone_chat as chat
from playground.web.parts import Deed, Draw, Seen
from playground.web.phone_people import (
    Owner,
    Tab,
    callers,
    chosen,
    current,
    customers,
    engineers,
    look,
    rings,
    unseen,
)

Drawn = tuple[str, Mapping[str, Any]]

STARTERS = {
    "en": (
        "Our mail server is down, nobody can work",
        "The printer on the second floor is slow today",
        "How do I add a new colleague?",
    ),
    "pl": (
        "Serwer pocztowy nie działa, nikt nie może pracować",
        "Drukarka na drugim piętrze dziś bardzo wolno drukuje",
        "Jak dodać nowego pracownika?",
    ),
}
"""What a customer could begin with."""


def draw_customer(seen: Seen) -> Drawn:
    """A customer's phone: WhatsApp and SMS."""
    owners = customers(seen)
    owner = chosen(seen, owners, calls=False)
    values = _threads(seen, owners, owner, tuple(chat.channels(seen)))
    language = owner.language[:2] if owner else "en"
    starters = STARTERS.get(language, STARTERS["en"]) if not values["bubbles"] else ()
    return "customer.html", values | {"starters": starters, "answers": ()}


def draw_engineer(seen: Seen) -> Drawn:
    """An engineer's phone: SMS, WhatsApp where they were paged there, and calls."""
    owners = engineers(seen)
    owner = chosen(seen, owners, first="on call")
    used = [c for c in chat.channels(seen) if c == "sms" or (owner and chat.came(seen, owner.number, c))]
    values = _threads(seen, owners, owner, tuple(sorted(used)))
    return "engineer.html", values | {
        "answers": chat.answers(values["bubbles"]),
        "voicemail": owner is not None and owner.number in calls.voicemails(seen),
        **_calls(seen, owner),
    }


def draw_telephone(seen: Seen) -> Drawn:
    """A telephone to call the emergency line with, as anybody."""
    owners = callers(seen)
    owner = chosen(seen, owners)
    return "telephone.html", {
        "owner": owner,
        "tabs": _tabs(seen, owners, owner, ()),
        "line": seen.state.cast.voice,
        **_calls(seen, owner),
    }


def draw_bar(seen: Seen) -> Drawn:
    """The desk's clock and everything that changes the world."""
    state = seen.state
    local = state.now.astimezone(state.zone)
    return "bar.html", {
        "clock": f"{local:%a %H:%M:%S}",
        "date": f"{local.day} {local:%B %Y}",
        "place": state.zone.key.rpartition("/")[2].replace("_", " "),
        "broken": [fault for fault in state.faults if fault.on],
        "policy": next((choice.label for choice in state.policies if choice.on), ""),
    }


def draw_tour(seen: Seen) -> Drawn:
    """The stories, or the one that is being played."""
    return "tour.html", {"tour": seen.state.tour, "stories": seen.state.stories, "screens": SCREENS}


SCREENS = {
    "customer": "the customer's phone",
    "telegram": "Telegram",
    "slack": "Slack",
    "engineer": "the engineer's phone",
    "telephone": "the telephone",
}
"""What a step's `where` is called; the clock and the faults are always in sight."""


def _threads(
    seen: Seen, owners: Sequence[Owner], owner: Owner | None, names: tuple[str, ...]
) -> dict[str, Any]:
    channel = seen.query.get("channel", "")
    channel = channel if channel in names else next(iter(names), "")
    number = owner.number if owner else ""
    look(seen, f"{number} {channel}")
    every = tuple(chat.channels(seen))
    return {
        "owner": owner,
        "tabs": _tabs(seen, owners, owner, every),
        "channel": channel,
        "ours": chat.channels(seen).get(channel, ""),
        "channels": [
            Tab(id=id, label=chat.CHANNELS[id], chosen=id == channel, news=_news(seen, number, (id,)))
            for id in names
        ],
        "bubbles": chat.thread(seen, number, channel) if owner and channel else [],
        "news": sum(len(chat.came(seen, o.number, c)) for o in owners for c in every),
    }


def _tabs(seen: Seen, owners: Sequence[Owner], owner: Owner | None, channels: tuple[str, ...]) -> list[Tab]:
    return [
        Tab(
            id=o.number,
            label=o.name,
            note=o.note,
            chosen=o is owner,
            news=_news(seen, o.number, channels),
            rings=rings(current(seen, o.number)),
        )
        for o in owners
    ]


def _news(seen: Seen, number: str, channels: tuple[str, ...]) -> int:
    return sum(unseen(seen, f"{number} {c}", chat.came(seen, number, c)) for c in channels)


def _calls(seen: Seen, owner: Owner | None) -> dict[str, Any]:
    leg = current(seen, owner.number) if owner else None
    return {
        "call": calls.call(seen, leg) if leg else None,
        "history": calls.history(seen, owner.number) if owner else [],
        "keys": calls.KEYS,
    }


PANES: dict[str, Draw] = {
    "customer": draw_customer,
    "engineer": draw_engineer,
    "telephone": draw_telephone,
    "bar": draw_bar,
    "tour": draw_tour,
}

DEEDS: dict[str, Deed] = {
    "chat.say": chat.say,
    "chat.tap": chat.tap,
    "call.dial": calls.dial,
    "call.answer": calls.answer,
    "call.machine": calls.machine,
    "call.rings": calls.lets_ring,
    "call.press": calls.press,
    "call.silence": calls.silence,
    "call.speak": calls.speak,
    "call.hangup": calls.hang_up,
    "call.voicemail": calls.voicemail,
}
