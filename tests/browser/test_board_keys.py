"""The board without a mouse: its lines, its filters, a ticket, and back."""

from __future__ import annotations

from playwright.async_api import Locator, expect

from tests.browser.desk import Desk, desk
from tests.browser.visitor import Opens, Visitor


async def _two_tickets(d: Desk) -> Visitor:
    await d.emergency()
    await d.t.other_customer.writes("The printer is slow")
    await d.t.other_customer.answers("4")
    ada = await d.logs_in("Ada")
    await expect(ada("#lines > .line")).to_have_count(2)
    return ada


def _ref(ada: Visitor, ticket: str) -> Locator:
    return ada(f"#t-{ticket} .ref")


async def test_arrows_go_through_the_lines_and_enter_opens_one(opens: Opens) -> None:
    async with desk(opens) as d:
        ada = await _two_tickets(d)
        await ada.keys("ArrowDown")
        await expect(_ref(ada, "MIT-1001")).to_be_focused()
        await ada.keys("ArrowDown")
        await expect(_ref(ada, "MIT-1002")).to_be_focused()
        await ada.keys("Home")
        await expect(_ref(ada, "MIT-1001")).to_be_focused()
        await ada.keys("End", "Enter")
        await expect(ada("h1")).to_contain_text("MIT-1002")
        await ada.page.go_back()
        await expect(ada("#lines > .line")).to_have_count(2)


async def test_a_line_that_changes_keeps_the_focus(opens: Opens) -> None:
    async with desk(opens) as d:
        ada = await _two_tickets(d)
        await ada.keys("ArrowDown")
        await d.t.engineer("Grace").types("take MIT-1001")
        await expect(ada("#t-MIT-1001 .holder")).to_contain_text("Grace")
        await expect(_ref(ada, "MIT-1001")).to_be_focused()
        await d.t.engineer("Grace").types("resolve MIT-1001 It was the disk")
        await expect(ada("#t-MIT-1001")).to_have_count(0)
        await expect(_ref(ada, "MIT-1002")).to_be_focused()


async def test_filters_by_keyboard(opens: Opens) -> None:
    """`/` goes to the filters; a choice is in the address, holds for what comes later, and survives a reload."""
    async with desk(opens) as d:
        ada = await _two_tickets(d)
        await ada.keys("/")
        await expect(ada("#filter select").first).to_be_focused()
        severity = ada("#filter select[name=severity]")
        while not await severity.evaluate("one => one === document.activeElement"):
            await ada.keys("Tab")
        await ada.page.keyboard.type("Emer")
        await expect(ada("#lines > .line")).to_have_count(1)
        await expect(_ref(ada, "MIT-1001")).to_be_visible()
        assert "severity=emergency" in ada.page.url
        await d.t.engineer("Grace").types("severity MIT-1002 emergency")
        await expect(_ref(ada, "MIT-1002")).to_be_visible()
        await d.t.engineer("Grace").types("severity MIT-1001 high")
        await expect(_ref(ada, "MIT-1001")).to_have_count(0)
        await ada.page.reload()
        await d.is_live(ada)
        await expect(ada("#lines > .line")).to_have_count(1)


async def test_the_first_tab_leads_past_the_top(opens: Opens) -> None:
    async with desk(opens) as d:
        ada = await _two_tickets(d)
        await ada.page.reload()
        await d.is_live(ada)
        await ada.keys("Tab")
        await expect(ada(".skip")).to_be_focused()
        await ada.keys("Enter", "Tab")
        await expect(ada("#main :focus")).to_have_count(1)


async def test_a_choice_that_nothing_fits_says_so(opens: Opens) -> None:
    async with desk(opens) as d:
        ada = await _two_tickets(d)
        await d.goes(ada, "/board?severity=high")
        await expect(ada("#empty")).to_contain_text("No open ticket fits this choice.")
        await ada.page.get_by_role("link", name="Show all tickets").click()
        await expect(ada("#lines > .line")).to_have_count(2)
