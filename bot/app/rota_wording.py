"""The words about who is on call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from babel.dates import format_date, format_time

from bot.app.phrases import choice
from bot.app.rota_called_wording import called_in
from bot.app.speech import FAR, TIME_PATTERN, Speech, locale_of
from bot.domain import notices as no
from bot.domain import rota_notices as rn
from bot.domain.grammar import NO_TICKET
from bot.domain.ids import PersonId
from bot.domain.message import Choice, Message, Part, Tone
from escalation.schedule import Change

NameOf = Callable[[PersonId], str]
_NEAR = 6
"""Days in which a weekday says enough."""


def stamp(at: dt.datetime, s: Speech, *, starts: bool = False) -> str:
    """`Fri 18:00`, or `Fri 4 Dec 18:00` beyond a week: without a preposition, for both ends of a span. Midnight is 24:00
    of the day that ends, unless something starts then."""
    local, today = at.astimezone(s.zone), s.now.astimezone(s.zone).date()
    ends_day = local.time() == dt.time() and not starts
    day = local.date() - dt.timedelta(days=1) if ends_day else local.date()
    away, locale = (day - today).days, locale_of(s.language)
    pattern = "EEE" if 0 <= away <= _NEAR else "EEE d MMM" + (" y" if abs(away) > FAR else "")
    time = "24:00" if ends_day else format_time(local, s.text(TIME_PATTERN), locale=locale)
    return f"{format_date(day, pattern, locale=locale)} {time}"


def stretch(start: dt.datetime, end: dt.datetime, s: Speech) -> str:
    """`Fri 18:00 to Sat 09:00`, `Fri 18:00 to 22:00`."""
    since, until = stamp(start, s, starts=True), stamp(end, s)
    day = since.rpartition(" ")[0]
    if until.rpartition(" ")[0] == day:
        until = until.rpartition(" ")[2]
    return s.text("{start} to {end}", start=since, end=until)


def names(people: Iterable[str], s: Speech) -> str:
    return ", ".join(people) or s.text("nobody")


# ---------------------------------------------------------------- who is on
def _who_is_on(n: rn.WhoIsOnCall, s: Speech, name_of: NameOf) -> Message:
    if not n.lines:
        return Message(parts=s.say("No schedule is configured."))
    parts = s.say("*{when}*\n", when=stamp(n.at, s, starts=True)) if n.at else s.say("On call now\n")
    for line in n.lines:
        parts += schedule_line(line, s) + s.say("\n")
    if n.mine is not None:
        parts += my_shift(n.mine, s) + s.say("\n")
    for swap in n.swaps:
        parts += swap_line(swap, s) + s.say("\n")
    return Message(parts=parts + s.say("In your calendar: *oncall link*"))


def schedule_line(line: rn.ScheduleLine, s: Speech) -> tuple[Part, ...]:
    """One schedule: who, until when, who is next, and where it has gaps."""
    template = "*{schedule}*: {people}" if line.people else "🔴 *{schedule}*: {people}"
    parts = s.say(template, schedule=line.schedule, people=names(line.people, s))
    if line.until is not None:
        until, following = stamp(line.until, s), names(line.following, s)
        parts += s.say(" until {until}, then {following}", until=until, following=following)
    for start, end in line.gaps:
        if end is None:
            parts += s.say("\n⚠️ Nobody is on call from {start} on", start=stamp(start, s, starts=True))
        else:
            parts += s.say("\n⚠️ Nobody is on call {stretch}", stretch=stretch(start, end, s))
    if line.more:
        more = s.plural("and {n} more gap", "and {n} more gaps", line.more)
        parts += (*s.say("\n"), Part(text=more))
    return parts


def my_shift(shift: rn.ShiftLine, s: Speech) -> tuple[Part, ...]:
    if shift.end is None:
        return s.say(
            "Your next shift: from *{start}* on ({schedule})",
            start=stamp(shift.start, s, starts=True),
            schedule=shift.schedule,
        )
    return s.say(
        "Your next shift: *{stretch}* ({schedule})",
        stretch=stretch(shift.start, shift.end, s),
        schedule=shift.schedule,
    )


def swap_line(swap: rn.SwapLine, s: Speech) -> tuple[Part, ...]:
    template = (
        "Swap {id}: {asker} asks {asked_of} to take {stretch} ({schedule})"
        if swap.asked_of
        else "Swap {id}: {asker} asks who takes {stretch} ({schedule}): *swap yes {id}*"
    )
    return s.say(template, **_values(swap, s))


def _values(swap: rn.SwapLine, s: Speech) -> dict[str, str]:
    return {
        "id": str(swap.id),
        "schedule": swap.schedule,
        "asker": swap.asker,
        "asked_of": swap.asked_of,
        "stretch": stretch(swap.start, swap.end, s),
    }


# ---------------------------------------------------------------- overrides
def _changed(n: rn.RotaChanged, s: Speech, name_of: NameOf) -> Message:
    parts: tuple[Part, ...] = ()
    if n.by and n.undone:
        parts = s.say("🔁 *{by}* cancelled override {id}. ", by=n.by, id=str(n.id))
    elif n.by:
        parts = s.say("🔁 *{by}* changed who is on call. ", by=n.by)
    elif n.undone:
        parts = s.say("Override {id} is cancelled. ", id=str(n.id))
    for i, line in enumerate(n.lines):
        parts += s.say("\n" if i else "") + _change_line(line, n.schedule, s)
    if not n.undone and not n.by:
        parts += s.say(" Undo: *override cancel {id}*", id=str(n.id))
    return Message(parts=parts + called_in(n.called, s))


def _change_line(line: rn.ChangeLine, schedule: str, s: Speech) -> tuple[Part, ...]:
    values = {
        "start": stamp(line.start, s, starts=True),
        "end": stamp(line.end, s),
        "schedule": schedule,
        "on": names(line.on, s),
        "off": names(line.off, s),
        "people": names(line.people, s),
        "others": names([name for name in line.people if name not in line.on], s),
    }
    if not line.people:
        return s.say("🔴 From {start} to {end} *nobody* is on call ({schedule}).", **values)
    if line.on and line.off:
        return s.say("From {start} to {end}: *{on}* instead of {off} ({schedule}).", **values)
    if line.off:
        return s.say("From {start} to {end}: {people}, without {off} ({schedule}).", **values)
    if len(line.people) == len(line.on):
        return s.say("From {start} to {end}: *{on}*, where nobody was ({schedule}).", **values)
    return s.say("From {start} to {end}: *{on}* beside {others} ({schedule}).", **values)


def _your_shift(n: rn.YourShiftChanged, s: Speech, name_of: NameOf) -> Message:
    parts = s.say("🔁 *{by}* changed who is on call.", by=n.by)
    for start, end in n.on:
        parts += s.say("\n") + s.say(
            "From {start} to {end} *you are on call* ({schedule}).",
            start=stamp(start, s, starts=True),
            end=stamp(end, s),
            schedule=n.schedule,
        )
    for line in n.off:
        parts += s.say("\n") + s.say(
            "From {start} to {end} you are *not* on call ({schedule}). On call then: {people}.",
            start=stamp(line.start, s, starts=True),
            end=stamp(line.end, s),
            people=names(line.people, s),
            schedule=n.schedule,
        )
    return Message(parts=parts)


_OVERRIDES = {
    Change.INSTEAD: "{id}: {stretch}, {person} instead of {replaces} ({schedule}; {by})",
    Change.ADD: "{id}: {stretch}, {person} too ({schedule}; {by})",
    Change.REMOVE: "{id}: {stretch}, without {person} ({schedule}; {by})",
}


def _overrides(n: rn.OverrideList, s: Speech, name_of: NameOf) -> Message:
    if not n.lines:
        return Message(parts=s.say("Nothing is arranged beside the schedules."))
    parts: tuple[Part, ...] = ()
    for line in n.lines:
        parts += s.say("\n" if parts else "") + s.say(
            _OVERRIDES[Change(line.change)],
            id=str(line.id) if line.id else "-",
            stretch=stretch(line.start, line.end, s),
            person=line.person,
            replaces=line.replaces or s.text("everybody"),
            schedule=line.schedule,
            by=line.by or s.text("configured"),
        )
    return Message(parts=parts)


# ---------------------------------------------------------------- swaps
def _swap_asked(n: rn.SwapAsked, s: Speech, name_of: NameOf) -> Message:
    values = _values(n.swap, s)
    if n.swap.asked_of:
        parts = s.say("🔁 *{asker}* asks whether you take *{stretch}* ({schedule}). ", **values)
        parts += _only(n, s)
        parts += s.say(
            "Without your yes {asker} stays on call. Answer *swap yes {id}* or *swap no {id}*.", **values
        )
        no_ = choice("swap", NO_TICKET, s.text("No"), f"{n.swap.id} no")
        return Message(parts=parts, choices=(_take(n.swap.id, s), no_))
    parts = s.say("🔁 *{asker}* asks who takes *{stretch}* ({schedule}). ", **values) + _only(n, s)
    parts += s.say("Until somebody does, {asker} stays on call.", **values)
    return Message(parts=parts, choices=(_take(n.swap.id, s),))


def _only(n: rn.SwapAsked, s: Speech) -> tuple[Part, ...]:
    if not n.parts:
        return ()
    told = ", ".join(stretch(start, end, s) for start, end in n.parts)
    return s.say(
        "In that time {asker} is on call {parts} only; that is asked for. ", asker=n.swap.asker, parts=told
    )


def _take(id: int, s: Speech) -> Choice:
    return choice("swap", NO_TICKET, s.text("I take it"), f"{id} yes", Tone.MAIN)


SWAPS = {
    "asked": "{asked_of} is asked to take {stretch} ({schedule}). Without a yes you stay on call. Take it back: *swap cancel {id}*",
    "asked_all": "The desk is asked who takes {stretch} ({schedule}). Until somebody does, you stay on call. Take it back: *swap cancel {id}*",
    "you_took": "You are on call {stretch} ({schedule}) instead of {asker}. Undo: *override cancel {override}*",
    "taken": "✅ *{name}* takes {stretch} ({schedule}). You are not on call then.",
    "taken_desk": "🔁 *{name}* takes {stretch} ({schedule}) instead of {asker}.",
    "you_declined": "{asker} is told that you can't.",
    "declined": "*{name}* can't take {stretch} ({schedule}): you stay on call. To ask everybody, write the same without a name.",
    "you_withdrew": "Swap {id} is taken back: you are on call {stretch} ({schedule}).",
    "withdrawn_by": "*{name}* took swap {id} back: you are on call {stretch} ({schedule}).",
    "withdrawn": "{asker} takes swap {id} back: you need not take {stretch} ({schedule}).",
    "withdrawn_desk": "🔁 {asker} takes swap {id} back: nobody need take {stretch} ({schedule}).",
}


def _swap_told(n: rn.SwapTold, s: Speech, name_of: NameOf) -> Message:
    parts = s.say(SWAPS[n.what], **_values(n.swap, s), name=n.name, override=str(n.override))
    if n.parts:
        told = ", ".join(stretch(start, end, s) for start, end in n.parts)
        parts = s.say("In that time you are on call {parts} only; that is asked for. ", parts=told) + parts
    return Message(parts=parts + called_in(n.called, s))


def _swap_list(n: rn.SwapList, s: Speech, name_of: NameOf) -> Message:
    if not n.lines:
        return Message(parts=s.say("No swap is open."))
    parts: tuple[Part, ...] = ()
    for line in n.lines:
        parts += s.say("\n" if parts else "") + swap_line(line, s)
    return Message(parts=parts)


def _links(n: rn.CalendarLinks, s: Speech, name_of: NameOf) -> Message:
    parts = s.say(
        "Subscribe to these in your calendar. Keep them to yourself: whoever has a link sees the shifts."
    )
    for link in n.links:
        template = "\nYour shifts ({schedule}): {url}" if link.mine else "\nEverybody ({schedule}): {url}"
        parts += s.say(template, schedule=link.schedule, url=link.url)
    return Message(parts=parts)


def _links_sent(n: rn.CalendarLinksSent, s: Speech, name_of: NameOf) -> Message:
    return Message(parts=s.say("The links are in your private messages."))


ROTA_WORDS: dict[type[no.Notice], Callable[[Any, Speech, Callable[[PersonId], str]], Message]] = {
    rn.WhoIsOnCall: _who_is_on,
    rn.RotaChanged: _changed,
    rn.YourShiftChanged: _your_shift,
    rn.OverrideList: _overrides,
    rn.SwapAsked: _swap_asked,
    rn.SwapTold: _swap_told,
    rn.SwapList: _swap_list,
    rn.CalendarLinks: _links,
    rn.CalendarLinksSent: _links_sent,
}
