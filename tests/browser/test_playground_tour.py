"""The five stories of the tour, each by clicks on Next to its end."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from bot.demo.tour_teller import Story
from bot.demo.tours import STORIES
from tests.browser.player import Player, plays
from tests.browser.visitor import NARROW, Opens

ENDS = {
    "night": ("#customer", "is closed"),
    "low": ("#customer", "is closed"),
    "phone": ("#slack", "resolved · Grace"),
    "waiting": ("#slack", "solved late, by 30 min"),
    "second": ("#customer", "resolved"),
}
"""What stands on which screen when a story has been told."""
FOCUS = """() => ({text: document.activeElement.textContent.trim(),
  outline: getComputedStyle(document.activeElement).outlineStyle})"""


async def goes_on(player: Player, story: Story, number: int) -> None:
    """Next, and what the story says after step `number`."""
    steps = story.steps
    await player.tour.get_by_role("button", name="Next", exact=True).click()
    over = "Told to its end" if number == len(steps) else f"Step {number + 1} of {len(steps)}"
    await expect(player.tour.locator(".count")).to_have_text(over)
    await expect(player.tour.locator(".text")).to_contain_text(steps[number - 1].look)
    await expect(player.tour.locator("[aria-busy], [data-busy]")).to_have_count(0)


async def begins(player: Player, story: Story) -> None:
    await player.turns_to("Tour")
    await player.tour.get_by_role("button", name=story.title).click()
    await expect(player.tour.locator(".count")).to_have_text(f"Step 1 of {len(story.steps)}")


async def is_over(player: Player, story: Story) -> None:
    """Nothing to go on with, nothing went wrong, the end can be seen, and the next story can be chosen."""
    await expect(player.tour.get_by_role("button", name="Next", exact=True)).to_have_count(0)
    await expect(player.sees(".trouble:visible, .amiss")).to_have_count(0)
    screen, words = ENDS[story.id]
    await expect(player.sees(screen)).to_contain_text(words)
    await player.tour.get_by_role("button", name="Stories").click()
    await expect(player.tour.locator(".stories li")).to_have_count(len(STORIES))


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.id)
async def test_by_clicks_to_its_end(opens: Opens, story: Story) -> None:
    async with plays(await opens(), speed=0) as player:
        await begins(player, story)
        for number in range(1, len(story.steps) + 1):
            await goes_on(player, story, number)
        await is_over(player, story)


async def test_on_a_phone_by_the_tabs(opens: Opens) -> None:
    """Each step says on which screen it happens, and shows it."""
    story = STORIES[1]
    async with plays(await opens(width=NARROW), speed=0) as player:
        await begins(player, story)
        for number, step in enumerate(story.steps, 1):
            show = player.tour.get_by_role("button", name="Show me")
            if step.where != "clock":
                await show.click()
                await expect(player.sees(f"#{step.where}")).to_be_visible()
                await expect(player.sees(f"nav.screens [data-show={step.where}]")).to_have_attribute(
                    "aria-pressed", "true"
                )
            else:
                await expect(show).to_have_count(0)
            assert await player.sees.too_wide() == 0
            await goes_on(player, story, number)
        await player.turns_to("Customer")
        await is_over(player, story)


async def test_by_keyboard_alone(opens: Opens) -> None:
    """From the top of the page to a story, and through it: the focus stays on Next until there is none."""
    story = STORIES[1]
    async with plays(await opens(), speed=0) as player:
        await tabs_to(player, story.title)
        await player.sees.keys("Enter")
        await expect(player.tour.locator(".count")).to_have_text(f"Step 1 of {len(story.steps)}")
        for number, step in enumerate(story.steps, 1):
            if number == 1:
                await tabs_to(player, "Next")
            await expect(player.tour.get_by_role("button", name="Next", exact=True)).to_be_focused()
            await player.sees.keys("Enter")
            await expect(player.tour.locator(".text")).to_contain_text(step.look)
            await expect(player.tour.locator("[aria-busy], [data-busy]")).to_have_count(0)
            if number < len(story.steps):
                await expect(player.tour.locator(".count")).to_have_text(
                    f"Step {number + 1} of {len(story.steps)}"
                )
        await expect(player.tour.locator(".count")).to_have_text("Told to its end")
        await tabs_to(player, "Stories")
        await player.sees.keys("Enter")
        await expect(player.tour.locator(".stories li")).to_have_count(len(STORIES))


async def tabs_to(player: Player, words: str) -> None:
    """With Tab, to what begins with these words; what has the focus can be seen to have it."""
    for _ in range(100):
        focus = await player.sees.page.evaluate(FOCUS)
        if focus["text"].startswith(words):
            assert focus["outline"] != "none", focus
            return
        await player.sees.keys("Tab")
    raise AssertionError(f"Tab never comes to {words!r}")
