"""Commands of ours, written into a ticket's thread as if they were for the customer.

Slack has no slash commands in threads, and at 02:00 people type what the page says: "Reply ACK 4821". A line that is
exactly such a command is done and never sent; anything that could be meant for the customer goes to the customer.
"""

from __future__ import annotations

import re

from bot.app.context import Context
from bot.domain.grammar import REFERENCE, page_code
from bot.domain.people import Person
from bot.domain.rota import people_named
from bot.domain.ticket import Ticket

LONGEST = 80
_ALONE = re.compile(r"(?:escalate|oncall|snooze|handover|ack all)(?: " + REFERENCE.pattern + r")?", re.I)
_TIMED = re.compile(
    r"snooze (?:" + REFERENCE.pattern + r" )?(?:for |until |till )?[\w:.]+(?: ?[\w:]+)?", re.I
)
_TO = re.compile(r"(handover|page) (?:" + REFERENCE.pattern + r" )?(?:to )?(?P<who>.+)", re.I)
_SHIFT = re.compile(r"(?:take|override|swap|oncall) (?P<what>\S+).*", re.I)
_ACK = re.compile(r"ack(?:nowledge)? " + REFERENCE.pattern, re.I)


def command(ctx: Context, ticket: Ticket, person: Person, text: str) -> str | None:
    """The command that the line is, without what does not belong to it; None where it is for the customer."""
    said = " ".join(text.split()).strip(".!")
    if "\n" in text.strip() or len(said) > LONGEST:
        return None
    code = page_code(said)
    if code is not None:
        alone = code and not said.casefold().startswith("ack")
        return None if alone and not _is_open(ctx, person, code) else f"ack {code}".strip()
    if _ACK.fullmatch(said) or _ALONE.fullmatch(said) or _TIMED.fullmatch(said):
        return said
    if (found := _TO.fullmatch(said)) and _is_one_of_us(ctx, ticket, found["who"]):
        return said
    if (found := _SHIFT.fullmatch(said)) and _is_about_a_shift(ctx, found["what"]):
        return said
    return None


def _is_open(ctx: Context, person: Person, code: str) -> bool:
    """A number alone may be for the customer: is it the code of a page?"""
    page = ctx.uow.pages.by_code(code)
    return page is not None and page.is_open and ctx.directory.may_work(person, page.team)


def _is_one_of_us(ctx: Context, ticket: Ticket, who: str) -> bool:
    said = who.casefold().lstrip("@").removeprefix("test ").strip()
    others = {s.name.casefold() for s in ctx.directory.schedules} | {"leads", "everyone", "test"}
    tier = re.fullmatch(r"tier[: ]?\d+", said) is not None
    return tier or said in others or bool(people_named(ctx.directory, said))


def _is_about_a_shift(ctx: Context, what: str) -> bool:
    """`take standby`, `swap list`; not `swap the disk` and not `take care`."""
    schedules = {s.name.casefold() for s in ctx.directory.schedules}
    return what.casefold() in schedules | {"shift", "list", "link"}
