"""The words for who is called because of a change of who is on call."""

from __future__ import annotations

from bot.app.speech import Speech
from bot.domain import rota_notices as rn
from bot.domain.message import Part


def called_in(called: tuple[rn.CalledIn, ...], s: Speech) -> tuple[Part, ...]:
    """For which tickets whoever is on call now is called; those of the same people in one line."""
    tickets: dict[tuple[bool, tuple[str, ...]], list[str]] = {}
    for one in called:
        tickets.setdefault((one.yours, one.people), []).append(one.ticket)
    parts: tuple[Part, ...] = ()
    for (yours, people), ids in tickets.items():
        told = ", ".join(ids)
        if yours:
            said = s.plural(
                "📟 {tickets} is being paged: you are called for it now.",
                "📟 {tickets} are being paged: you are called for them now.",
                len(ids),
                tickets=told,
            )
        else:
            said = s.plural(
                "📟 {tickets} is being paged; called for it now: {people}.",
                "📟 {tickets} are being paged; called for them now: {people}.",
                len(ids),
                tickets=told,
                people=", ".join(people),
            )
        parts += (*s.say("\n"), Part(text=said))
    return parts
