"""The words that may stand beside a name in a calendar without changing what it means: "on call", "primary", "week 48"."""

from __future__ import annotations

import re
from collections.abc import Iterable

_PHRASE = re.compile(
    r"\bon[\s‐‑-]+(?:call|duty|shift)\b|\bstand[\s‐‑-]+by\b|\bna\s+(?:dyżurze|zmianie)\b"
    r"|\b(?:after|out[\s-]+of)[\s-]+hours\b|\b24\s*/\s*7\b"
)
_WORD = re.compile(
    r"oncall|standby|duty|shift|rota|roster|rotation|schedule|support|pager"
    r"|primary|secondary|tertiary|backup|[lt][1-9]|tier|level"
    r"|days?|nights?|weekends?|weekdays?|week"
    r"|dyżur\w*|dyzur\w*|zmiana|(?:ruf)?bereitschaft\w*|astreinte|guardia|pikett?"
)
_ALONGSIDE = re.compile(r"is|the|team|line|engineer|person|manager|first|second|third|1st|2nd|3rd|\d{1,4}")
"""These say nothing without a word of duty: "1:1 Ada" is a meeting."""
_PLAIN = re.compile(r"[\w\s.!*:|/,()\[\]#&+→‐‑–—-]*")
"""Any other sign, such as a question mark or a palm tree, may mean something."""
_ABSENCE = re.compile(
    r"\b(?:no|not|never|off|out|away|absen\w*|vacations?|holidays?|leave|sick\w*|ill|ooo|pto|cancel\w*|declined"
    r"|birthdays?|training|urlop\w*|chor\w+|nieobecn\w*|odwołan\w*|wolne|brak|nie|abwesen\w*|krank\w*|urlaub)\b",
    re.IGNORECASE,
)


class Duty:
    """What says that somebody is on call: the words above, and `titles`, such as the schedule's name, as a whole."""

    def __init__(self, titles: Iterable[str] = ()) -> None:
        split = [re.split(r"[\s_-]+", title.casefold().strip(" _-")) for title in titles]
        written = [r"[\s_-]+".join(map(re.escape, words)) for words in split if any(words)]
        longest_first = "|".join(sorted(written, key=len, reverse=True))
        self._title = re.compile(rf"(?<!\w)(?:{longest_first})(?!\w)") if written else None

    def says(self, label: str) -> bool:
        """Is the label words of duty and nothing else?"""
        text = label.casefold()
        if self._title is not None:
            text = self._title.sub(" duty ", text)
        text = _PHRASE.sub(" duty ", text.replace("_", " "))
        words = re.findall(r"\w+", text)
        duty = [word for word in words if _WORD.fullmatch(word)]
        others = [word for word in words if not _WORD.fullmatch(word)]
        return bool(duty) and all(map(_ALONGSIDE.fullmatch, others)) and bool(_PLAIN.fullmatch(text))


def is_absence(text: str) -> bool:
    """Does it say that somebody is away, or that something is not to be?"""
    return _ABSENCE.search(text) is not None
