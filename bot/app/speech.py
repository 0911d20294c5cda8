"""How things are said: in a language, in the reader's zone, seen from `now`.

A template is English with `{names}` and `*bold*`; it is translated by the catalogues in bot/locale, then filled.
What is filled in is always literal: it can't become markup. A language is its catalogue: one more `.po` file there
is one more language, with its plurals, its weekdays and its way to write a date.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import gettext
import io
import re
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from bot.domain.message import Part, Style

CATALOGUES = Path(__file__).parent.parent / "locale"
_TOKEN = re.compile(r"\{(\w+)\}|\*([^*]+)\*")
_SOON = dt.timedelta(hours=6)

TIME_PATTERN = "HH:mm"
"""In CLDR's letters, as is DATE_PATTERN; a catalogue may have its own."""
DATE_PATTERN = "EEE d MMM"

FAR = 300
"""Days after which a date without its year could be taken for another."""

WHEN: dict[str | int, str] = {
    "today": "{time}",
    "tomorrow": "tomorrow {time}",
    "yesterday": "yesterday {time}",
    0: "Monday {time}",
    1: "Tuesday {time}",
    2: "Wednesday {time}",
    3: "Thursday {time}",
    4: "Friday {time}",
    5: "Saturday {time}",
    6: "Sunday {time}",
    "beyond": "{date} {time}",
}
AT: dict[str | int, str] = {
    "today": "at {time}",
    "tomorrow": "tomorrow at {time}",
    "yesterday": "yesterday at {time}",
    0: "on Monday at {time}",
    1: "on Tuesday at {time}",
    2: "on Wednesday at {time}",
    3: "on Thursday at {time}",
    4: "on Friday at {time}",
    5: "on Saturday at {time}",
    6: "on Sunday at {time}",
    "beyond": "on {date} at {time}",
}
BY: dict[str | int, str] = {
    "today": "by {time}",
    "tomorrow": "by tomorrow {time}",
    "yesterday": "by yesterday {time}",
    0: "by Monday {time}",
    1: "by Tuesday {time}",
    2: "by Wednesday {time}",
    3: "by Thursday {time}",
    4: "by Friday {time}",
    5: "by Saturday {time}",
    6: "by Sunday {time}",
    "beyond": "by {date} {time}",
}
"""Whole phrases, since a weekday may be inflected after a preposition."""

Value = str | Part | tuple[Part, ...]


@lru_cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The translations into it; of English, and of a language that we do not have, the templates themselves."""
    path = CATALOGUES / language / "messages.po"
    if not path.is_file():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@lru_cache
def locale_of(language: str) -> Locale:
    """How dates and numbers are written: a text in English has English ones."""
    return Locale.parse(language if (CATALOGUES / language / "messages.po").is_file() else "en")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Speech:
    """A language (such as `en`), the reader's zone, and the instant of speaking (UTC)."""

    language: str
    zone: ZoneInfo
    now: dt.datetime

    def say(self, template: str, **values: Value) -> tuple[Part, ...]:
        """The template, translated and filled."""
        translated = catalogue(self.language).gettext(template) if template else ""
        return tuple(_parts(translated, values, Style.PLAIN))

    def text(self, template: str, **values: Value) -> str:
        """The same without styles."""
        return "".join(p.text for p in self.say(template, **values))

    def plural(self, singular: str, plural: str, n: int, **values: Value) -> str:
        """`{n} ticket` or `{n} tickets`, or one of the forms that the language has; without styles."""
        translated = catalogue(self.language).ngettext(singular, plural, n)
        values["n"] = format_decimal(n, locale=locale_of(self.language))
        return "".join(p.text for p in _parts(translated, values, Style.PLAIN))

    def by(self, at: dt.datetime) -> str:
        """`by 10:30 (in 42 min)`, `by Monday 10:00`: what a promise sounds like."""
        by, left = self._phrase(BY, at), at - self.now
        if dt.timedelta() < left <= _SOON:
            return self.text("{by} (in {left})", by=by, left=self.span(left))
        return by

    def when(self, at: dt.datetime, *, starts: bool = False) -> str:
        """`10:30` today, `tomorrow 10:30`, `Monday 10:30` within a week, `Mon 5 Jan 10:30` beyond. In a catalogue each
        answers the question `when?`, so that it can follow a verb."""
        return self._phrase(WHEN, at, starts=starts)

    def at(self, at: dt.datetime) -> str:
        """For the ear: `at 10:30`, `tomorrow at 10:30`, `on Monday at 10:30`. What happens then starts a day, at midnight."""
        return self._phrase(AT, at, starts=True)

    def span(self, length: dt.timedelta) -> str:
        """`42 min`, `1 h 5 min`, `2 d 3 h`: rounded up to the minute, two units at most."""
        minutes = max(-(-int(length.total_seconds()) // 60), 0)
        days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
        shown = [
            self.plural("{n} d", "{n} d", days) if days else "",
            self.plural("{n} h", "{n} h", hours) if hours else "",
            self.plural("{n} min", "{n} min", minutes) if minutes or not (days or hours) else "",
        ]
        return " ".join([unit for unit in shown if unit][:2])

    def _phrase(self, phrases: dict[str | int, str], at: dt.datetime, *, starts: bool = False) -> str:
        """Midnight ends a day: `Monday 24:00`, which nobody takes for the midnight before; what `starts` then starts a day.
        A date that is far away has its year."""
        local, today = at.astimezone(self.zone), self.now.astimezone(self.zone).date()
        locale, midnight = locale_of(self.language), local.time() == dt.time() and not starts
        day = local.date() - dt.timedelta(days=1) if midnight else local.date()
        far = abs((day - today).days) > FAR
        return self.text(
            phrases[_day(day, today)],
            time="24:00" if midnight else format_time(local, self.text(TIME_PATTERN), locale=locale),
            date=format_date(day, self.text(DATE_PATTERN) + (" y" if far else ""), locale=locale),
        )


def _day(day: dt.date, today: dt.date) -> str | int:
    """Which of the phrases fits; a weekday (Monday is 0) only where it can't be mistaken for today's."""
    days = (day - today).days
    if 1 < days < 7:
        return day.weekday()
    return {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(days, "beyond")


def _parts(template: str, values: dict[str, Value], style: Style) -> list[Part]:
    parts: list[Part] = []
    at = 0
    for found in _TOKEN.finditer(template):
        parts += [Part(text=template[at : found.start()], style=style)] if found.start() > at else []
        parts += _filled(found, values, style)
        at = found.end()
    parts += [Part(text=template[at:], style=style)] if at < len(template) else []
    return parts


def _filled(found: re.Match[str], values: dict[str, Value], style: Style) -> list[Part]:
    if found[2] is not None:
        return _parts(found[2], values, Style.BOLD)
    value = values[found[1]]
    if isinstance(value, Part):
        return [value]
    if isinstance(value, tuple):
        return list(value)
    return [Part(text=value, style=style)] if value else []
