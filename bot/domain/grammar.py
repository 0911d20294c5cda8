"""The words that people use, and the ids behind buttons. Each has one place where it is read, and it is here."""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections.abc import Collection

from bot.domain.errors import NotUnderstood
from bot.domain.ids import TicketId

ENGINEER_WORDS = (
    "new",
    "ack",
    "take",
    "severity",
    "need",
    "plan",
    "due",
    "category",
    "exclude",
    "merge",
    "why",
    "resolve",
    "reopen",
    "close",
    "note",
    "status",
    "oncall",
    "override",
    "swap",
    "board",
    "page",
    "call",
    "talked",
    "escalate",
    "snooze",
    "handover",
    "help",
)

_NEVER_ABOUT_A_TICKET = ("oncall", "override", "swap", "board")

NO_TICKET = TicketId("-")
"""What an action has in a ticket's place when it is about none (a swap, a drill)."""

COVERED = "-"
"""The value of the button that takes an exclusion back; no id of a policy."""

REFERENCE = re.compile(r"\b([A-Z][A-Z0-9]{1,9}-\d{1,10})\b", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s<>,;:()]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}")
_CODE = re.compile(r"(?:ack(?:nowledge)?\s*)?#?(\d{4})", re.IGNORECASE)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Action:
    """What a button means: `verb` on `ticket`, with a `value`. Written `verb|ticket|value`, at most 64 bytes."""

    verb: str
    ticket: TicketId
    value: str = ""

    def __str__(self) -> str:
        return f"{self.verb}|{self.ticket}|{self.value}"


def parse_action(text: str) -> Action | None:
    """None when the id is none of ours."""
    parts = text.split("|")
    if len(parts) != 3 or not parts[0].isidentifier():
        return None
    if parts[1] != NO_TICKET and not REFERENCE.fullmatch(parts[1]):
        return None
    return Action(verb=parts[0], ticket=TicketId(parts[1]), value=parts[2])


@dataclasses.dataclass(frozen=True, kw_only=True)
class Words:
    """A command as it was typed: the word, the ticket it names (if any) and the rest."""

    word: str
    ticket: TicketId | None
    rest: str


def parse_words(text: str, known: tuple[str, ...], names: Collection[str] = ()) -> Words:
    """`ack mit-1042` -> Words(ack, MIT-1042, ""). `names` look like references and are none (a schedule called `tier-2`).

    Raises NotUnderstood with the closest words."""
    word, _, rest = text.strip().partition(" ")
    word, rest = word.lower().lstrip("/").split("@")[0], rest.strip()
    if word not in known:
        raise NotUnderstood(text.strip()[:80], tuple(difflib.get_close_matches(word, known, n=2, cutoff=0.5)))
    found = REFERENCE.match(rest)
    if found is None or word in _NEVER_ABOUT_A_TICKET or _begins_with(rest, names):
        return Words(word=word, ticket=None, rest=rest)
    return Words(word=word, ticket=TicketId(found[1].upper()), rest=rest[found.end() :].strip())


def looks_like_reference(name: str) -> bool:
    """`tier-2`, `Shop-1 Ltd`: it would be read as a ticket where it is not known as a name."""
    return REFERENCE.match(name.strip()) is not None


def _begins_with(words: str, names: Collection[str]) -> bool:
    """Whatever is written small, large or with more room."""
    said = words.casefold().split()
    return any(said[: len(name)] == name for name in (n.casefold().split() for n in names) if name)


def page_code(text: str) -> str | None:
    """`ack 4821`, `ACK4821`, `4821` -> `4821`; `ack` alone -> "" (the one page that is open); else None."""
    bare = text.strip().strip(".!").strip()
    if re.fullmatch(r"ack(nowledge)?", bare, re.IGNORECASE):
        return ""
    found = _CODE.fullmatch(bare)
    return found[1] if found else None


def is_acknowledgement(text: str) -> bool:
    """`ack`, `Acknowledged.`: in a thread that is for us, not for the customer. A number alone is not."""
    return re.fullmatch(r"\W*ack(nowledged?)?\W*", text, re.IGNORECASE) is not None


def page_codes(text: str) -> tuple[str, ...]:
    """Every group of four digits in a reply to a page: `ok 4821, on it`."""
    return tuple(re.findall(r"(?<!\d)\d{4}(?!\d)", text))


def digit_choice(text: str, options: int) -> int | None:
    """`2`, `2.`, `*2*`, `2)` -> 1 (an index into the options); None for anything else."""
    found = re.fullmatch(r"\W{0,2}(\d)\W{0,2}", text.strip())
    if not found or not 1 <= int(found[1]) <= options:
        return None
    return int(found[1]) - 1


def introduction(text: str) -> tuple[str, str] | None:
    """A name and an email from `I'm Thandi Nkosi, thandi@acme.example`; None where there is no email, or so many
    other words that they must be about something else."""
    found = _EMAIL.search(text)
    if not found:
        return None
    rest = (text[: found.start()] + " " + text[found.end() :]).strip()
    rest = re.sub(
        r"(?i)\b(my name is|i am|i'm|this is|my|it's|here you are|here|email|e-mail|mail|name|and|is|address|nazywam się|"
        r"mam na imię|jestem|mój|moja|to|proszę bardzo|proszę|adres|oto|podaję)\b|[:<>,;()\n.!-]+",
        " ",
        rest,
    )
    name = rest.split()
    return (" ".join(name)[:80], found[0]) if len(name) <= 5 else None


def is_bad_email(text: str) -> bool:
    """One or few words with an `@` that is no address: meant as an email, but nobody could write to it."""
    return "@" in text and len(text.split()) <= 5 and not _EMAIL.search(text)


_INTERNAL = re.compile(r"\s*(?:@\S[^/\n]{0,80}\s)?//")


def is_internal(text: str) -> bool:
    """A line that starts with `//` stays inside, also behind the names of colleagues (`@Lin // look at this`)."""
    return _INTERNAL.match(text) is not None


def split_internal(text: str) -> tuple[str, str]:
    """What stays inside and what goes to the customer. A message that begins inside stays there as a whole; in any
    other, each line that starts with `//` does."""
    if is_internal(text):
        return text.replace("//", "", 1).strip(), ""
    lines = text.splitlines()
    inside = [line.replace("//", "", 1).strip() for line in lines if is_internal(line)]
    outside = [line for line in lines if not is_internal(line)]
    return "\n".join(inside).strip(), "\n".join(outside).strip()
