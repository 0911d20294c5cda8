"""The words about calendars that say who is on call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from babel.numbers import format_decimal

from bot.app.speech import Speech, locale_of
from bot.domain.calendar_faults import MOST_EVENTS, REASONS
from bot.domain.ids import PersonId
from bot.domain.message import Message
from bot.domain.notice import Notice
from bot.domain.rota_notices import CalendarBack, CalendarFailing, CalendarStrangers

NameOf = Callable[[PersonId], str]


def _failing(n: CalendarFailing, s: Speech, name_of: NameOf) -> Message:
    locale = locale_of(s.language)
    why = s.text(
        REASONS[n.why],
        text=n.text,
        n=format_decimal(n.n, locale=locale),
        most=format_decimal(MOST_EVENTS, locale=locale),
    )
    parts = s.say(
        "⚠️ The calendar of *{schedule}* ({calendar}) can't be read: {why}.",
        schedule=n.schedule,
        calendar=n.calendar,
        why=why,
    )
    if n.fetched is None:
        return Message(parts=parts + s.say(" It never could be: nobody is on call from it."))
    return Message(parts=parts + s.say(" What it said last counts on ({when}).", when=s.when(n.fetched)))


def _back(n: CalendarBack, s: Speech, name_of: NameOf) -> Message:
    template = "✅ The calendar of *{schedule}* ({calendar}) can be read again."
    return Message(parts=s.say(template, schedule=n.schedule, calendar=n.calendar))


def _strangers(n: CalendarStrangers, s: Speech, name_of: NameOf) -> Message:
    parts = s.say(
        "⚠️ In the calendar of *{schedule}* ({calendar}) nobody is on call for: {names}. What counts is the id or name of "
        'somebody who can acknowledge its pages, alone or with words like "on call".',
        schedule=n.schedule,
        calendar=n.calendar,
        names=", ".join(n.names),
    )
    return Message(parts=parts)


CALENDAR_WORDS: dict[type[Notice], Callable[[Any, Speech, NameOf], Message]] = {
    CalendarFailing: _failing,
    CalendarBack: _back,
    CalendarStrangers: _strangers,
}
