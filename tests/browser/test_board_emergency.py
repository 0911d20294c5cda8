"""A whole emergency on the board, as two engineers see it in browsers of their own."""

from __future__ import annotations

import re

from playwright.async_api import expect

from tests.browser.desk import Desk, desk
from tests.browser.visitor import Opens, Visitor

MINE = "#t-MIT-1001"
TICKING = re.compile(r"^59:\d\d$")


async def test_an_emergency_from_the_first_word_to_its_end(opens: Opens) -> None:
    async with desk(opens) as d:
        ada, grace = await d.logs_in("Ada"), await d.logs_in("Grace", scheme="dark")
        await expect(ada("#empty")).to_contain_text("No open tickets. Enjoy the quiet.")
        await _it_begins(d, ada, grace)
        await _grace_takes_it(d, ada, grace)
        await _nobody_answers_in_time(d, ada, grace)
        await _the_customer_is_asked(d, ada)
        await d.t.engineer("Grace").types("resolve MIT-1001 A bigger disk")
        await expect(ada(MINE)).to_have_count(0)
        await expect(ada("#empty")).to_be_visible()
        await expect(grace("#facts")).to_contain_text("resolved")
        await expect(grace("#timeline")).to_contain_text("A bigger disk")


async def _it_begins(d: Desk, ada: Visitor, grace: Visitor) -> None:
    """Nobody reloads anything."""
    await d.emergency()
    for who in (ada, grace):
        await expect(who(MINE)).to_contain_text("Emergency")
        await expect(who(MINE)).to_contain_text("Our mail server is down")
        await expect(who(MINE)).to_contain_text("nobody yet")
        await expect(who("[data-count=open]")).to_have_text("1")
        await expect(who("[data-count=unclaimed]")).to_have_text("1")
        await expect(who("#panels")).to_contain_text("being paged for")
        time = who(f"{MINE} .time")
        await expect(time).to_have_text(TICKING)
        await expect(time).not_to_have_text(await time.inner_text())
        await expect(time).to_have_text(TICKING)


async def _grace_takes_it(d: Desk, ada: Visitor, grace: Visitor) -> None:
    """On the board; Ada sees it, the chat too; what Grace notes stays inside."""
    await grace(MINE).get_by_role("link").click()
    await d.is_live(grace)
    await grace.page.get_by_role("button", name="Acknowledge").click()
    await expect(grace(".flash")).to_be_visible()
    await expect(ada(f"{MINE} .holder")).to_contain_text("Grace")
    await expect(ada("[data-count=unclaimed]")).to_have_text("0")
    await expect(ada("#panels")).to_contain_text("Nobody is being paged.")
    await d.t.bot.settle()
    assert "✅ Grace has it (Board)." in d.t.thread_lines()
    assert "Grace" in _told_the_customer(d)
    await grace.page.get_by_label("A note for colleagues").fill("The disk is full again")
    await grace.page.get_by_role("button", name="Note", exact=True).click()
    noted = grace("#timeline .entry", has_text="The disk is full again")
    await expect(noted.locator(".badge")).to_have_text("internal")
    await d.t.bot.settle()
    assert "🔒 Grace (internal, Board): The disk is full again" in d.t.thread_lines()
    assert "disk" not in _told_the_customer(d)


async def _nobody_answers_in_time(d: Desk, ada: Visitor, grace: Visitor) -> None:
    await d.passes(minutes=61)
    for who in (ada, grace):
        await expect(who(MINE)).to_have_attribute("data-phase", "overdue")
        await expect(who(f"{MINE} .phase")).to_have_text("overdue")
        await expect(who(f"{MINE} .time")).to_have_text(re.compile(r"^\+1:\d\d$"))
        await expect(who(f"{MINE} .icon use")).to_have_attribute("href", "#i-overdue")
    await expect(ada("[data-count=overdue]")).to_have_text("1")


async def _the_customer_is_asked(d: Desk, ada: Visitor) -> None:
    """What waits for them says so in words, stands still, and has another sign and another edge than what runs."""
    await d.t.engineer("Grace").types("need MIT-1001 Which server is it?")
    await expect(ada(MINE)).to_have_attribute("data-phase", "paused")
    await expect(ada(f"{MINE} .phase")).to_have_text("paused: waiting for the customer")
    await expect(ada(f"{MINE} .icon use")).to_have_attribute("href", "#i-paused")
    await expect(ada(MINE)).to_have_css("border-left-style", "double")
    await expect(ada(f"{MINE} .time")).not_to_have_text(re.compile(r"\d:\d\d"))
    await expect(ada("[data-count=waiting]")).to_have_text("1")
    await d.t.customer.writes("It is mail01")
    await expect(ada(MINE)).not_to_have_attribute("data-phase", "paused")
    await expect(ada("[data-count=waiting]")).to_have_text("0")


def _told_the_customer(d: Desk) -> str:
    return d.t.read("Thandi")


async def test_a_clock_that_runs_is_paused_and_goes_on(opens: Opens) -> None:
    """A question before the first answer is due: the time stands still, and goes on where it stood."""
    async with desk(opens) as d:
        ada = await d.logs_in("Ada")
        await d.emergency()
        await expect(ada(f"{MINE} .time")).to_have_text(TICKING)
        await d.t.engineer("Ada").types("take MIT-1001")
        await expect(ada(f"{MINE} .holder")).to_contain_text("Ada")
        await d.t.engineer("Ada").types("need MIT-1001 Which server is it?")
        await expect(ada(f"{MINE} .phase")).to_have_text("paused: waiting for the customer")
        await d.passes(minutes=10)
        await expect(ada(MINE)).to_have_attribute("data-phase", "paused")
