"""Commands of ours, written into a ticket's thread as if they were for the customer.

Slack has no slash commands in threads, and at 02:00 people type what the page says: "Reply ACK 4821". A short line that
begins like such a command is taken for one, also with a slip of the hand: it is done or answered, and never sent.
Anything that reads like a sentence to the customer goes to the customer.
"""

from __future__ import annotations

import re

from bot.app.context import Context
from bot.domain.grammar import ENGINEER_WORDS, REFERENCE, page_code
from bot.domain.people import Person

LONGEST = 100
MOST_WORDS = {"ack": 3, "escalate": 2, "snooze": 5, "handover": 4, "page": 2, "oncall": 4, "override": 12}
"""So many words at most, and the line is a command whatever follows: nobody begins a letter like that."""
_DAY = r"(?:mon|tue|wed|thu|fri|sat|sun|today|tomorrow|tonight|from)"
_TIME = r"(?:\d{1,2}[:.]\d{2}|\d{4}-\d\d-\d\d)"
_ARRANGES = re.compile(
    rf"(?:yes|no|cancel) \d+|list|{_DAY}\b.*(?:{_TIME}|\bto\b|\bwith\b).*|until {_TIME}.*|{_TIME}.*"
    r"|for \d+ ?(?:m|min|h|d|hours?|days?)\b.*",
    re.I,
)
"""What follows `swap` and `take` where they are about a shift: `swap the disk` is not, and `take care` is not."""
_CALLS = re.compile(rf"(?:back *)?(?:{REFERENCE.pattern})?", re.I)
"""What follows `call` where it is for us: `call me when you are there` is not."""
_PAGES = re.compile(r"(?:test|to|tier|" + REFERENCE.pattern + r")\b", re.I)
"""What follows `page` where more than a name does."""


def command(ctx: Context, person: Person, text: str) -> str | None:
    """The command that the line is; None where it is for the customer."""
    said = " ".join(text.split()).strip(".!")
    words = said.split()
    if "\n" in text.strip() or not words or len(said) > LONGEST:
        return None
    code = page_code(said)
    if code is not None:
        alone = code and not said.casefold().startswith("ack")
        return None if alone and not _is_open(ctx, person, code) else f"ack {code}".strip()
    first = words[0].casefold()
    if len(words) == 1:
        return said if first in ENGINEER_WORDS else None
    if len(words) <= MOST_WORDS.get(first, 0):
        return said
    rest = said.split(maxsplit=1)[1]
    if first == "page" and len(words) <= 4 and _PAGES.match(rest):  # not `Page loads again`
        return said
    if first == "call" and _CALLS.fullmatch(rest):
        return said
    return said if first in ("swap", "take") and _is_about_a_shift(ctx, rest) else None


def _is_open(ctx: Context, person: Person, code: str) -> bool:
    """A number alone may be for the customer: is it the code of a page?"""
    page = ctx.uow.pages.by_code(code)
    return page is not None and page.is_open and ctx.directory.may_work(person, page.team)


def _is_about_a_shift(ctx: Context, rest: str) -> bool:
    schedules = {s.name.casefold() for s in ctx.directory.schedules}
    return rest.split()[0].casefold() in schedules | {"shift"} or _ARRANGES.fullmatch(rest) is not None
