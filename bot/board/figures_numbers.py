"""How figures are written: in the reader's language."""

from __future__ import annotations

import dataclasses
import datetime as dt

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from bot.app.speech import Speech, locale_of
from bot.board.figures_days import Grain, Period

_LABELS = {Grain.DAY: "d MMM", Grain.WEEK: "d MMM", Grain.MONTH: "LLL y"}
NONE = "–"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Numbers:
    """How this reader's language writes numbers."""

    s: Speech

    def count(self, n: float) -> str:
        return format_decimal(n, locale=locale_of(self.s.language))

    def percent(self, share: float | None) -> str:
        """Only all is 100 %: what is nearly all, or nearly nothing, does not read as if it were."""
        if share is None:
            return NONE
        shown = share if share in (0.0, 1.0) else min(max(round(share, 2), 0.01), 0.99)
        return str(format_percent(shown, locale=locale_of(self.s.language)))

    def average(self, value: float | None) -> str:
        return NONE if value is None else format_decimal(value, "0.0", locale=locale_of(self.s.language))

    def time(self, length: dt.timedelta | None) -> str:
        """`42 min`, `3 h 5 min`, `52 h`: no days, since a day of these hours is not a day of the calendar."""
        if length is None:
            return NONE
        minutes = -(-int(length.total_seconds()) // 60)
        if minutes < 60:
            return self.s.plural("{n} min", "{n} min", minutes)
        hours, minutes = (minutes // 60, minutes % 60) if minutes < 600 else (round(minutes / 60), 0)
        shown = [self.s.plural("{n} h", "{n} h", hours)]
        shown += [self.s.plural("{n} min", "{n} min", minutes)] if minutes else []
        return " ".join(shown)

    def label(self, grain: Grain, period: Period) -> str:
        return str(format_date(period.first, _LABELS[grain], locale=locale_of(self.s.language)))
