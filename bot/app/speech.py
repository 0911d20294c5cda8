"""How things are said: in a language, in the reader's zone, seen from `now`.

A template is English with `{names}` and `*bold*`; it is translated by the catalogues in bot/locale, then filled.
What is filled in is always literal: it can't become markup.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.messages.pofile import read_po

from bot.domain.message import Part, Style

CATALOGUES = Path(__file__).parent.parent / "locale"
_TOKEN = re.compile(r"\{(\w+)\}|\*([^*]+)\*")
_SOON = dt.timedelta(hours=6)

Value = str | Part | tuple[Part, ...]


@lru_cache
def catalogue(language: str) -> dict[str, str]:
    """Translations by template; empty for English and for languages that we do not have."""
    path = CATALOGUES / language / "messages.po"
    if not path.is_file():
        return {}
    with path.open("rb") as file:
        entries = read_po(file, locale=language)
    return {
        m.id: m.string for m in entries if isinstance(m.id, str) and isinstance(m.string, str) and m.string
    }


@lru_cache
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return Locale("en")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Speech:
    """A language (such as `en`), the reader's zone, and the instant of speaking (UTC)."""

    language: str
    zone: ZoneInfo
    now: dt.datetime

    def say(self, template: str, **values: Value) -> tuple[Part, ...]:
        """The template, translated and filled."""
        return tuple(_parts(catalogue(self.language).get(template, template), values, Style.PLAIN))

    def text(self, template: str, **values: Value) -> str:
        """The same without styles."""
        return "".join(p.text for p in self.say(template, **values))

    def by(self, at: dt.datetime) -> str:
        """`by 10:30 (in 42 min)`, `by Monday 10:00`: what a promise sounds like."""
        left = at - self.now
        if left <= dt.timedelta():
            return self.text("by {when}", when=self.when(at))
        if left <= _SOON:
            return self.text("by {when} (in {left})", when=self.when(at), left=self.span(left))
        return self.text("by {when}", when=self.when(at))

    def when(self, at: dt.datetime) -> str:
        """`10:30` today, `tomorrow 10:30`, `Monday 10:30` within a week, `Mon 5 Jan 10:30` beyond."""
        local, today = at.astimezone(self.zone), self.now.astimezone(self.zone).date()
        locale = _locale(self.language)
        clock = format_time(local, "HH:mm", locale=locale)
        days = (local.date() - today).days
        if days == 0:
            return clock
        if days == 1:
            return self.text("tomorrow {time}", time=clock)
        if days == -1:
            return self.text("yesterday {time}", time=clock)
        pattern = "EEEE" if 1 < days < 7 else "EEE d MMM"
        return f"{format_date(local, pattern, locale=locale)} {clock}"

    def span(self, length: dt.timedelta) -> str:
        """`42 min`, `1 h 5 min`, `2 days 3 h`: rounded up to the minute, two units at most."""
        minutes = max(-(-int(length.total_seconds()) // 60), 0)
        days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
        units = ((days, "{n} d"), (hours, "{n} h"), (minutes, "{n} min"))
        shown = [self.text(unit, n=str(n)) for n, unit in units if n][:2]
        return " ".join(shown) or self.text("{n} min", n="0")


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
