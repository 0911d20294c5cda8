"""Somebody who plays on the playground's page: each screen by what can be read on it."""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncIterator

from playwright.async_api import Locator, expect

from bot.demo.browser import shown
from tests.browser.visitor import Visitor

OUTAGE = "Our mail server is down, nobody can work"


class Player:
    """At a page that is open. A screen is brought to the front first where only one fits."""

    def __init__(self, visitor: Visitor) -> None:
        self.sees = visitor
        self.bar, self.tour = visitor("#bar"), visitor("#tour")
        self.customer, self.slack = visitor("#customer"), visitor("#slack")
        self.engineer, self.telephone = visitor("#engineer"), visitor("#telephone")

    # ------------------------------------------------------------ the page
    async def turns_to(self, screen: str) -> None:
        """By the bar of tabs, where there is one."""
        tab = self.sees("nav.screens button", has_text=screen)
        if await tab.is_visible():
            await tab.click()
            await expect(tab).to_have_attribute("aria-pressed", "true")

    def menu(self, name: str) -> Locator:
        return self.bar.locator("details.menu").filter(has=self.sees("summary", has_text=name))

    async def chooses(self, menu: str, choice: str) -> None:
        await self.menu(menu).locator("summary").click()
        await self.menu(menu).get_by_role("button", name=choice).click()

    async def sets(self, fault: str, *, on: bool) -> None:
        """Switch a fault on or off, and see that it is."""
        menu = self.menu("Faults")
        if await menu.get_attribute("open") is None:
            await menu.locator("summary").click()
        switch = menu.get_by_role("switch", name=fault)
        await switch.click()
        await expect(switch).to_have_attribute("aria-checked", "true" if on else "false")

    async def runs_at(self, speed: str) -> None:
        button = self.bar.get_by_role("button", name=speed, exact=True)
        await button.click()
        await expect(button).to_have_attribute("aria-pressed", "true")

    # ------------------------------------------------------------ the people
    async def writes(self, name: str, words: str) -> None:
        """A customer writes on WhatsApp."""
        await self.turns_to("Customer")
        await self.customer.get_by_label(f"Write as {name}").fill(words)
        await self.customer.get_by_role("button", name="Send").click()
        await expect(self.customer.get_by_role("log")).to_contain_text(words)

    async def reports(self, words: str = OUTAGE) -> None:
        """Thandi writes, and taps how urgent it is."""
        await self.writes("Thandi", words)
        await self.customer.get_by_role("button", name="Emergency").click()
        await self.hears("calling the engineer on standby")

    async def hears(self, *words: str) -> None:
        """The customer's phone shows it."""
        for some in words:
            await expect(self.customer.get_by_role("log")).to_contain_text(some)

    @property
    def card(self) -> Locator:
        """The first one in the desk's channel."""
        return self.slack.get_by_role("log", name="Messages in #").locator(".by-app").first

    async def is_in_slack(self, name: str, place: str = "") -> None:
        """Look at the workspace as one of its members, in a channel or in the private messages of the bot."""
        await self.turns_to("Slack")
        who = self.slack.get_by_label("You are")
        found = await who.locator("option").filter(has_text=name).first.get_attribute("value")
        await who.select_option(found)
        if place:
            await self.slack.get_by_role("navigation").get_by_role("button", name=place).first.click()
            await expect(self.slack.locator("h3").first).to_have_text(re.compile(f"#?{place}"))

    async def says_in_slack(self, words: str) -> None:
        await self.slack.get_by_label(re.compile("^Message ")).fill(words)
        await self.slack.locator(".slack-main").get_by_role("button", name="Send").click()

    async def replies(self, words: str) -> None:
        """In the thread that is open."""
        thread = self.slack.get_by_role("complementary", name="Thread")
        await thread.get_by_label("Reply in the thread").fill(words)
        await thread.get_by_role("button", name="Send").click()
        await expect(thread.get_by_role("log")).to_contain_text(words.removeprefix("// "))


@contextlib.asynccontextmanager
async def plays(visitor: Visitor, *, speed: float = 1.0) -> AsyncIterator[Player]:
    """The page of a demo of their own; it is gone afterwards, and their pages before it."""
    async with shown(speed=speed, log=lambda event, /, **fields: None) as page:
        await visitor.page.goto(page.url)
        try:
            yield Player(visitor)
        finally:
            for one in visitor.context.pages:
                await one.close()
