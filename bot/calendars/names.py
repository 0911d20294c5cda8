"""Whom an event of a calendar means: "Ada", "On-call: Ada", "Ada (on call) / Ben", by the ids and names that we know."""

from __future__ import annotations

import re
from collections.abc import Iterable

LONGEST = 300
"""Characters of a summary that are looked at."""
SHOWN = 60

_BETWEEN = re.compile(r"\s*(?:[,/&;+\n]|\b(?:and|And|AND|oraz|i)\b)\s*(?![^()\[\]]*[)\]])")
_REMARK = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\])\s*")
_LAST_REMARK = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\])\s*$")
_FIELDS = re.compile(r"\s*[:|→]\s*|\s+[-–—]\s+")
_DUTY = re.compile(
    r"\b(?:is\s+)?(?:on[\s-]?call|on\s+duty|standby|stand-by|shift|na\s+dyżurze|dyżur\w*)\b", re.IGNORECASE
)
_AWAY = re.compile(r"\b(?:off|away|vacations?|holidays?|leave|sick|ooo|urlop\w*|chor\w+)\b", re.IGNORECASE)


class Names:
    """Ids and names of people, whatever the case. A name that two have means neither."""

    def __init__(self, people: Iterable[tuple[str, str]]) -> None:
        listed = tuple(people)
        self._ids: dict[str, str] = {}
        for id, name in listed:
            known = self._ids.setdefault(_plain(name), id)
            if known != id:
                self._ids[_plain(name)] = ""
        self._ids |= {_plain(id): id for id, _ in listed}

    def read(self, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The ids of those whom a summary names, and the names in it that nobody has."""
        text = text[:LONGEST].strip()
        if found := self._one(text):
            return found, ()
        people: list[str] = []
        strangers: list[str] = []
        for piece in _BETWEEN.split(text):
            if found := self._one(piece):
                people += found
            elif _squeezed(_DUTY.sub(" ", piece)):
                strangers.append(shown(piece))
        return tuple(dict.fromkeys(people)), tuple(dict.fromkeys(filter(None, strangers)))

    def _one(self, text: str) -> tuple[str, ...]:
        """Whom a piece without separators means: as it stands, without remarks, without a label, without words of duty."""
        for whole in (text, _LAST_REMARK.sub("", text)):
            if id := self._id(whole):
                return () if _AWAY.search(text.removeprefix(whole)) else (id,)
        if any(_AWAY.search(remark) for remark in _REMARK.findall(text)):
            return ()
        bare = _REMARK.sub(" ", text)
        *labels, last = [field for field in _FIELDS.split(bare) if _squeezed(_DUTY.sub(" ", field))] or [""]
        for written in (bare, _DUTY.sub(" ", bare), last, _DUTY.sub(" ", last)):
            if (id := self._id(written)) and not any(map(self._id, labels)):
                return (id,)
        several = [self._id(field) for field in (*labels, last)]
        return tuple(several) if all(several) else ()

    def _id(self, text: str) -> str:
        return self._ids.get(_plain(text)) or self._ids.get(_plain(_squeezed(text)), "")


def shown(text: str) -> str:
    """A stranger's name as it may be shown: one line, not long, without anything that can't be seen."""
    flat = _squeezed("".join(c if c.isprintable() else " " for c in text.replace(",", " ")))
    return flat if len(flat) <= SHOWN else flat[: SHOWN - 1].rstrip() + "…"


def _squeezed(text: str) -> str:
    return " ".join(text.split()).strip(" .!*-–—:|")


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
