"""Why a calendar that says who is on call can't be used."""

from __future__ import annotations

MOST_EVENTS = 5_000
"""After recurrences have been expanded."""

REASONS: dict[str, str] = {
    "no_ical": "this is no iCalendar: it does not begin with BEGIN:VCALENDAR",
    "cut": "it breaks off before END:VCALENDAR",
    "broken": "this is no iCalendar: {text}",
    "too_large": "it is larger than 1 MB",
    "too_many": "it has {n} events; at most {most}",
    "too_slow": "it takes too long to read",
    "no_room": "it can't be read just now ({text})",
    "empty": "it has no events",
    "elsewhen": "none of its events is in the last month or the coming year",
    "nobody": "it names nobody whom we know, only {text}",
    "missing": "there is no such file",
    "unreadable": "the file can't be opened ({text})",
    "refused": "the server answers {n}",
    "unreachable": "the server can't be reached",
    "slow_server": "the server takes too long to answer",
    "odd_server": "the server's answer can't be read ({text})",
}
"""In a sentence each: `text` is a detail, `n` and `most` are numbers."""


class CalendarError(Exception):
    """It can't be used as it is. `label` is what we call the calendar: never its URL, which may be a secret."""

    def __init__(self, what: str, *, label: str = "", text: str = "", n: int = 0) -> None:
        reason = REASONS[what].format(text=text, n=f"{n:,}", most=f"{MOST_EVENTS:,}")
        super().__init__(f"{label}: {reason}" if label else reason)
        self.what, self.label, self.text, self.n = what, label, text, n

    @property
    def is_away(self) -> bool:
        """It may be right where it is: we did not get it, or could not read it just now."""
        return self.what in ("refused", "unreachable", "slow_server", "odd_server", "no_room")

    @property
    def for_the_log(self) -> str:
        """The sentence without what stands in the calendar."""
        return str(CalendarError(self.what, label=self.label, text="…", n=self.n))
