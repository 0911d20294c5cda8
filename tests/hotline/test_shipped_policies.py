"""With each policy as it is shipped: whatever a caller is told at the end is what has happened."""

from __future__ import annotations

import pytest

from bot.domain.hotline import Hotline
from bot.domain.ids import TicketId
from bot.domain.page import Page
from bot.domain.script import Hear, Record
from tests import builders as b
from tests.fakes.desks import desk, shipped
from tests.fakes.phones import Caller
from tests.hotline.nights import STRANGER

HOTLINE = Hotline(countries=("ZA",), listed=frozenset({b.ADA_PHONE, b.GRACE_PHONE}))
POLICIES = ("managed-it", "fleet-tracking", "internal-helpdesk", "tiered-support", "serwis")
EVERYBODY = ("Everybody is being called now", "Dzwonimy teraz do wszystkich")
HOURS = {
    "in office hours": "2026-11-23T10:00",
    "in the evening": "2026-11-23T20:00",
    "on a Sunday night": "2026-11-22T02:00",
    "at Christmas": "2026-12-25T11:00",
}


async def nobody_answers(caller: Caller, *keys: str) -> None:
    """They press these, then nothing; nobody picks up, and they leave a message."""
    await caller.calls()
    pressed = list(keys)
    while not caller.is_over:
        assert caller.script is not None
        if isinstance(caller.script.verb, Hear):
            await caller.presses(pressed.pop(0) if pressed else "")
        elif isinstance(caller.script.verb, Record):
            await caller.speaks()
        else:
            await caller.no_answer()


async def page_of(caller: Caller) -> Page | None:
    ticket = (await caller.stored()).ticket
    assert ticket is not None
    return await caller.world.run(lambda uow: uow.pages.open_of(TicketId(ticket)))


@pytest.mark.parametrize(
    "keys", [("2",), ("1",), ("1", "2")], ids=["emergency", "desk", "desk, then emergency"]
)
@pytest.mark.parametrize("number", [b.THANDI, STRANGER], ids=["customer", "unknown"])
@pytest.mark.parametrize("when", HOURS)
@pytest.mark.parametrize("policy", POLICIES)
async def test_who_is_told_that_everybody_is_called_is_not_told_a_lie(
    policy: str, when: str, number: str, keys: tuple[str, ...]
) -> None:
    zone = shipped(policy).zone
    people = (
        b.person("ada", "Ada", b.ADA, b.ADA_PHONE, calls=True, zone=zone),
        b.person("grace", "Grace", b.GRACE, b.GRACE_PHONE, calls=True, zone=zone),
    )
    caller = Caller(desk(policy, at=HOURS[when], hotline=HOTLINE, people=people), number)
    await nobody_answers(caller, *keys)
    page = await page_of(caller)
    told = any(words in caller.text for words in EVERYBODY)
    assert told == (page is not None and page.last_resort), caller.heard
