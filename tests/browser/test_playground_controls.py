"""The bar at the top: the clock, the policies, the faults."""

from __future__ import annotations

import logging
import re

import pytest
from playwright.async_api import expect

from bot.demo.browser import shown
from tests.browser.player import Player, plays
from tests.browser.visitor import Opens

CLOCK = "[data-clock]"


async def changes(player: Player, selector: str) -> None:
    """It reads differently after a while."""
    was = await player.sees(selector).inner_text()
    await expect(player.sees(selector)).not_to_have_text(was)


async def test_the_clock_runs_stands_and_hurries(opens: Opens) -> None:
    """It stands where the next thing happens, too."""
    async with plays(await opens()) as player:
        clock = player.bar.locator(CLOCK)
        await expect(clock).to_have_text(re.compile(r"^Tue 02:0"))
        await changes(player, CLOCK)
        await player.runs_at("Pause")
        await player.reports()
        await player.bar.get_by_role("button", name=re.compile("^Next:.*Ada")).click()
        await expect(player.engineer).to_contain_text("Rings")
        await expect(clock).to_have_text(re.compile("^Tue 02:01"))
        await player.runs_at("×60")
        await expect(clock).to_have_text(re.compile(r"^Tue 02:0[2-9]"))


async def test_the_clock_jumps(opens: Opens) -> None:
    async with plays(await opens(), speed=0) as player:
        clock = player.bar.locator(CLOCK)
        for moment, shown in (
            ("Friday 16:55", "^Fri 16:55"),
            ("Public holiday", " 10:00:0"),
            ("Saturday", "^Sat 02:00"),
        ):
            async with player.sees.page.expect_response("**/do/jump?*"):
                await player.chooses("Jump to", moment)
            await expect(clock).to_have_text(re.compile(shown))


async def test_another_policy_has_other_people_and_their_language(opens: Opens) -> None:
    """It asks first; then everything begins anew."""
    async with plays(await opens()) as player:
        await player.writes("Thandi", "The printer hums")
        await player.chooses("Policy", "Serwis")
        asked = player.sees("#confirm")
        await asked.get_by_role("button", name="Cancel").click()
        await expect(player.customer).to_contain_text("The printer hums")
        await player.chooses("Policy", "Serwis")
        await asked.get_by_role("button", name="Begin anew").click()
        await expect(player.menu("Policy").locator(".note")).to_contain_text("Serwis")
        await expect(player.customer).not_to_contain_text("The printer hums")
        who = await player.customer.locator("textarea").get_attribute("placeholder")
        assert who is not None
        await player.writes(who.removeprefix("Write as "), "Drukarka nie działa, paragony nie wychodzą")
        await player.hears("Zgłoszenie SER-1001 przyjęte")
        await expect(player.card).to_contain_text("Drukarka nie działa")


async def test_faults(opens: Opens) -> None:
    """An SMS that is lost, a Slack that is down: the page goes another way, and what Slack missed is there later."""
    async with plays(await opens()) as player:
        await player.sets("SMS undelivered", on=True)
        await expect(player.sees("#bar .watch")).to_contain_text("The next way is tried at once")
        await player.sets("Slack is down", on=True)
        await player.sees.page.keyboard.press("Escape")
        await player.reports()
        await expect(player.engineer).to_contain_text("did not arrive here")
        await expect(player.engineer).to_contain_text("Rings")
        await expect(player.card).to_have_count(0)
        await player.sets("SMS undelivered", on=False)
        await player.sets("Slack is down", on=False)
        await expect(player.sees("#bar .watch")).to_have_count(0)
        await player.sees.page.keyboard.press("Escape")
        await player.runs_at("×60")
        await expect(player.card).to_contain_text("MIT-1001")


async def test_phones_that_nobody_or_a_machine_answers(opens: Opens) -> None:
    async with plays(await opens(), speed=0) as player:
        await player.sets("Voicemail answers", on=True)
        await player.sees.page.keyboard.press("Escape")
        await player.reports()
        await player.bar.get_by_role("button", name=re.compile("^Next:")).click()
        await expect(player.engineer).to_contain_text("This phone acts by itself")
        await player.sets("Nobody answers the phone", on=True)
        await expect(player.menu("Faults").get_by_role("switch", name="Voicemail answers")).to_have_attribute(
            "aria-checked", "false"
        )


async def test_the_bot_is_killed_and_started_again(opens: Opens) -> None:
    """What was written meanwhile is refused; afterwards it goes on where it was."""
    async with plays(await opens()) as player:
        await player.reports()
        await expect(player.card).to_contain_text("Paging Ada")
        await player.sets("The bot is killed", on=True)
        await expect(player.bar.locator(".bot-state")).to_have_text("Bot down")
        await player.sees.page.keyboard.press("Escape")
        await player.writes("Thandi", "Hello? Is anybody there?")
        await player.sets("The bot is killed", on=False)
        await expect(player.bar.locator(".bot-state")).to_have_text("Bot up")
        await player.sees.page.keyboard.press("Escape")
        await player.is_in_slack("Ada", "Standby")
        page = player.slack.get_by_role("log").locator(".by-app").first
        await page.get_by_role("button", name="Acknowledge").click()
        await player.hears("has MIT-1001")


async def test_the_demo_ends_while_somebody_looks(opens: Opens, caplog: pytest.LogCaptureFixture) -> None:
    """The page says so; the terminal shows no trace of a line that broke."""
    thandi = await opens()
    thandi.foretells("net::ERR_")
    async with shown(log=lambda event, /, **fields: None) as page:
        await thandi.page.goto(page.url)
        await Player(thandi).writes("Thandi", "The printer hums")
        await Player(thandi).hears("MIT-1001")
    await expect(thandi("#bar .stale")).to_contain_text("what you see may be old")
    assert [r.message for r in caplog.records if r.levelno >= logging.ERROR] == []
