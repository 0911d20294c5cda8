"""Whom an event of a calendar means: "Ada", "On-call: Ada", "Ada (on call) / Ben", by the ids and names that we know.

Calendars have absences, meetings and birthdays in them too. So a name counts alone or beside words of duty only; with
anything else beside it, such as "Vacation: Ada", nobody is meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.calendars.duty_words import Duty, is_absence

LONGEST = 300
"""Characters of a summary; a longer one means nobody."""
SHOWN = 60
MOST_WORDS = 20
"""Of a name with what stands beside it."""

_BETWEEN = re.compile(r"\s*(?:[,/&;+\n]|\b(?:and|And|AND|oraz|i)\b)\s*(?![^()\[\]]*[)\]])")
_REMARK = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\])\s*")
_LAST_REMARK = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\])\s*$")
_FIELDS = re.compile(r"\s*[:|]\s*|\s+[-–—]\s+")


class Names:
    """Ids and names of people, whatever the case; a name that two have means neither. `titles` are words of duty here:
    what the schedule and its teams are called."""

    def __init__(self, people: Iterable[tuple[str, str]], titles: Iterable[str] = ()) -> None:
        listed = tuple(people)
        self._ids: dict[str, str] = {}
        for id, name in listed:
            known = self._ids.setdefault(_plain(name), id)
            if known != id:
                self._ids[_plain(name)] = ""
        self._ids |= {_plain(id): id for id, _ in listed}
        self._duty = Duty(titles)

    def read(self, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The ids of those whom a summary names, and what in it means nobody. Neither: it is words of duty, or empty."""
        text = text.strip()
        if len(text) > LONGEST:
            return (), (shown(text[:LONGEST]) or "?",)
        if found := self._one(text):
            return found, ()
        people: list[str] = []
        strangers: list[str] = []
        for piece in _BETWEEN.split(text):
            if found := self._one(piece):
                people += found
            elif not self._is_beside(piece):
                strangers.append(piece)
        if people and not all(map(self._is_a_name, strangers)):
            people, strangers = [], [text]
        listed = filter(None, map(shown, strangers))
        return tuple(dict.fromkeys(people)), tuple(dict.fromkeys(listed))

    def _one(self, text: str) -> tuple[str, ...]:
        """Whom a piece means whose every field and remark is a name or words of duty; nobody, if one is not."""
        if id := self._id(text):
            return (id,)
        if id := self._id(_LAST_REMARK.sub("", text)):
            return (id,) if self._are_beside(_LAST_REMARK.findall(text)) else ()
        if not self._are_beside(_REMARK.findall(text)):
            return ()
        found: list[str] = []
        for field in _FIELDS.split(_REMARK.sub(" ", text)):
            if id := self._within(field):
                found.append(id)
            elif not self._is_beside(field):
                return ()
        return tuple(found)

    def _within(self, field: str) -> str:
        """The person of a field that is a name with words of duty around it; else nobody."""
        for before, name, after in _cuts(field):
            if (id := self._id(name)) and self._are_beside((before, after)):
                return id
        return ""

    def _is_a_name(self, piece: str) -> bool:
        """Is a piece that means nobody the name of somebody unknown, rather than something about those beside it?"""
        fields = [field for field in _FIELDS.split(_REMARK.sub(" ", piece)) if not self._is_beside(field)]
        if len(fields) > 1 or is_absence(piece) or not self._are_beside(_REMARK.findall(piece)):
            return False
        return not any(self._id(name) for field in fields for _, name, _ in _cuts(field))

    def _are_beside(self, labels: Iterable[str]) -> bool:
        return all(map(self._is_beside, labels))

    def _is_beside(self, label: str) -> bool:
        return not _squeezed(label) or self._duty.says(label)

    def _id(self, text: str) -> str:
        return self._ids.get(_plain(text)) or self._ids.get(_plain(_squeezed(text)), "")


def _cuts(field: str) -> Iterator[tuple[str, str, str]]:
    """Every run of words as a name, with what stands before and after it; the longest first."""
    words = field.split()
    for length in range(len(words) if len(words) <= MOST_WORDS else 0, 0, -1):
        for start in range(len(words) - length + 1):
            end = start + length
            yield " ".join(words[:start]), " ".join(words[start:end]), " ".join(words[end:])


def shown(text: str) -> str:
    """A stranger's name as it may be shown: one line, not long, without anything that can't be seen."""
    flat = _squeezed("".join(c if c.isprintable() else " " for c in text.replace(",", " ")))
    return flat if len(flat) <= SHOWN else flat[: SHOWN - 1].rstrip() + "…"


def _squeezed(text: str) -> str:
    return " ".join(text.split()).strip(" .!*-–—:|")


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
