"""Is what the vendor has for when Standby is down still right? The phones that it dials, held against who is on call."""

from __future__ import annotations

import dataclasses
import json

from bot.app.context import Context
from bot.app.duty import Chore
from bot.app.fallback_numbers import MOST, dialled, on_call_now
from bot.app.places import at_desks
from bot.app.rota_changed import name_of
from bot.domain import notices as no
from escalation.instants import DAY

KIND = "fallback"
PATIENCE = 2
"""So often in a row may the document not be read before the desks hear of it."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Hosted:
    """What the document does: the phones that it dials, in order, each with the URL that asks whoever picks up."""

    dials: tuple[tuple[str, str], ...]

    @property
    def numbers(self) -> tuple[str, ...]:
        """In the order in which they are dialled."""
        return tuple(number for number, _ in self.dials)


class Unreadable(Exception):
    """The document can't be read: its server is `away`, it `refused` (with that status), or what came is `odd`."""

    def __init__(self, what: str, text: str = "") -> None:
        super().__init__(f"{what} {text}".strip())
        self.what, self.text = what, text


@dataclasses.dataclass(frozen=True, kw_only=True)
class Problem:
    """What is wrong. `people` are those whose turn it is, `text` a detail such as a number."""

    what: str
    people: tuple[str, ...] = ()
    text: str = ""

    @property
    def mark(self) -> str:
        """The same as long as nothing has changed for whoever is told. Whose turn it is, is not told each shift again."""
        return f"{self.what} {self.text}".strip()


def problems(ctx: Context, hosted: Hosted, screen_url: str) -> tuple[Problem, ...]:
    """The gravest first; empty where all is well."""
    known = {number for person in ctx.directory.people for number in dialled(ctx.directory, person)}
    found: list[Problem] = []
    if not hosted.dials:
        found.append(Problem(what="nobody"))
    strangers = tuple(dict.fromkeys(number for number in hosted.numbers if number not in known))
    if strangers:
        found.append(Problem(what="stranger", text=", ".join(strangers)))
    people = on_call_now(ctx)
    turn = list(dict.fromkeys(phone for person in people for phone in dialled(ctx.directory, person)))[:MOST]
    if hosted.dials and set(hosted.numbers[: len(turn)]) != set(turn):
        found.append(Problem(what="first", people=tuple(person.name for person in people)))
    if screen_url and any(screen != screen_url for _, screen in hosted.dials):
        found.append(Problem(what="screen"))
    return tuple(found)


def unread(error: Unreadable) -> Problem:
    """That the document can't be read, as a problem of it."""
    return Problem(what=error.what, text=error.text)


# ---------------------------------------------------------------- told once
@dataclasses.dataclass(frozen=True, kw_only=True)
class _Told:
    """What the desks heard last (empty: that all is well, or nothing yet), and how often in a row we could not read."""

    marks: tuple[str, ...] = ()
    unread: int = 0

    def __str__(self) -> str:
        return json.dumps({"marks": self.marks, "unread": self.unread})


def looked(ctx: Context, found: Hosted | Unreadable, screen_url: str) -> bool:
    """Tell the desks what has changed; is all well?"""
    name = name_of(KIND, "")
    kept = ctx.uow.chores.get(name) or Chore(name=name, due=ctx.now + DAY)
    told = _told(kept.note)
    if isinstance(found, Unreadable):
        told = dataclasses.replace(told, unread=told.unread + 1)
        wrong: tuple[Problem, ...] = (unread(found),)
        news = told.unread >= PATIENCE
    else:
        told = dataclasses.replace(told, unread=0)
        wrong = problems(ctx, found, screen_url)
        news = True
    marks = tuple(problem.mark for problem in wrong)
    if news and marks != told.marks:
        at_desks(ctx, ctx.directory.teams, _line(wrong))
        told = dataclasses.replace(told, marks=marks)
    ctx.uow.chores.save(dataclasses.replace(kept, due=ctx.now + DAY, note=str(told)))
    return not wrong


def keep(ctx: Context, chore: Chore, subject: str) -> Chore:
    """The row is what the desks were told last; the looking, which goes over the network, is FallbackWatch's."""
    return dataclasses.replace(chore, due=ctx.now + DAY)


def _told(note: str) -> _Told:
    if not note:
        return _Told()
    kept = json.loads(note)
    return _Told(marks=tuple(kept["marks"]), unread=kept["unread"])


def _line(wrong: tuple[Problem, ...]) -> no.DeskLine:
    """The gravest; once that is mended, the next is told."""
    if not wrong:
        return no.DeskLine(what="fallback_right")
    return no.DeskLine(what=f"fallback_{wrong[0].what}", people=wrong[0].people, text=wrong[0].text)
