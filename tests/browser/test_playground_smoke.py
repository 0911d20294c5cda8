"""The playground's page in front of the whole demo: it opens, somebody writes, and everybody sees what comes of it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.demo.browser import shown
from tests.browser.visitor import NARROW, WIDE, Opens, Scheme, Visitor

OUTAGE = "Our mail server is down, nobody can work"
SCREENS = ("Tour", "Customer", "Telegram", "Slack", "Engineer", "Telephone")


@contextlib.asynccontextmanager
async def playing(visitor: Visitor) -> AsyncIterator[None]:
    """They look at the page of a demo of their own; it is gone afterwards, and their pages before it."""
    async with shown(log=lambda event, /, **fields: None) as page:
        await visitor.page.goto(page.url)
        try:
            yield
        finally:
            for one in visitor.context.pages:
                await one.close()


async def reports_it(visitor: Visitor, words: str = OUTAGE) -> None:
    """The customer types it on WhatsApp, and says how urgent it is."""
    if await visitor("nav.screens").is_visible():
        await visitor("nav.screens").get_by_role("button", name="Customer").click()
    phone = visitor("#customer")
    await phone.get_by_label("Write as Thandi").fill(words)
    await phone.get_by_role("button", name="Send").click()
    await expect(phone.get_by_role("log")).to_contain_text(words)
    await phone.get_by_role("log").get_by_role("button", name="Emergency").click()
    await expect(phone.get_by_role("log")).to_contain_text("calling the engineer on standby")


async def test_a_customer_writes_and_everybody_sees_it(opens: Opens) -> None:
    thandi = await opens()
    async with playing(thandi):
        await reports_it(thandi)
        await expect(thandi("#slack .by-app").first).to_contain_text(OUTAGE)
        await expect(thandi("#slack .by-app").first).to_contain_text("Emergency")
        await expect(thandi("#engineer").get_by_role("log")).to_contain_text("🚨")


async def test_the_board_is_one_click_away(opens: Opens) -> None:
    """The link beside the clock lets in whoever sits there: to the bot's own board, with the same ticket."""
    thandi = await opens()
    async with playing(thandi):
        await reports_it(thandi)
        async with thandi.context.expect_page() as opened:
            await thandi.page.get_by_role("link", name="Board").click()
        board = await opened.value
        await board.get_by_role("button", name="Open the board").click()
        await expect(board.locator("#live")).to_have_attribute("data-state", "live")
        await expect(board.locator("#lines")).to_contain_text(OUTAGE)


async def test_what_people_write_is_text(opens: Opens) -> None:
    thandi = await opens()
    async with playing(thandi):
        words = "<img src=x onerror=harmed=1><script>harmed=1</script> is down"
        await reports_it(thandi, words)
        await expect(thandi("#slack .by-app").first).to_contain_text("is down")
        assert await thandi("main img, main script").count() == 0
        assert not await thandi.ran_a_script()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_serious(opens: Opens, scheme: Scheme) -> None:
    """Empty, in the middle of an emergency, and on a phone screen by screen."""
    wide, narrow = (
        await opens(scheme=scheme, still=True),
        await opens(scheme=scheme, width=NARROW, still=True),
    )
    async with playing(wide):
        found = {"empty": await wide.faults_found()}
        await reports_it(wide)
        await expect(wide("#slack .by-app").first).to_contain_text(OUTAGE)
        found["an emergency"] = await wide.faults_found()
        await narrow.page.goto(wide.page.url)
        for name in SCREENS:
            await narrow("nav.screens").get_by_role("button", name=name).click()
            found[f"narrow, {name}"] = await narrow.faults_found()
        await narrow.page.close()
    assert not any(found.values()), found


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_picture_of_the_playground(opens: Opens, pictures: Path, scheme: Scheme) -> None:
    """In the middle of an emergency; it fits both screens."""
    wide, narrow = (
        await opens(scheme=scheme, still=True),
        await opens(scheme=scheme, width=NARROW, still=True),
    )
    async with playing(wide):
        await reports_it(wide)
        card = wide("#slack .by-app").first
        await expect(card).to_contain_text("Emergency")
        await expect(card).not_to_contain_text("proposed")
        await expect(wide("#engineer").get_by_role("log")).to_contain_text("🚨")
        await narrow.page.goto(wide.page.url)
        for one, width in ((wide, WIDE), (narrow, NARROW)):
            assert await one.too_wide() == 0
            await one.picture(pictures / f"playground-{width}-{scheme}.png")
        await narrow.page.close()
