"""How the playground looks when much is going on: to axe-core, at both widths, by day and by night; and its picture."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.player import Player, plays
from tests.browser.visitor import NARROW, WIDE, Opens, Scheme

SCHEMES: tuple[Scheme, ...] = ("light", "dark")
WIDTHS = {WIDE: "playground.png", NARROW: "playground-390.png"}


async def night(player: Player, *, until: int) -> None:
    """The story of the emergency, `until` that step is done."""
    await player.turns_to("Tour")
    await player.tour.get_by_role("button", name="An emergency at night").click()
    for number in range(1, until + 1):
        await player.tour.get_by_role("button", name="Next", exact=True).click()
        await expect(player.tour.locator(".count")).to_have_text(f"Step {number + 1} of 9")
        await expect(player.tour.locator("[aria-busy], [data-busy]")).to_have_count(0)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", SCHEMES)
async def test_axe_finds_nothing_serious(opens: Opens, scheme: Scheme, width: int) -> None:
    """While a phone rings, with a form open, with a menu and faults, on a call, and where a question is asked back."""
    found: dict[str, list[str]] = {}
    async with plays(await opens(scheme=scheme, width=width, still=True), speed=0) as player:
        await night(player, until=3)
        await player.turns_to("Engineer")
        await expect(player.engineer).to_contain_text("Rings")
        found["a phone rings"] = await player.sees.faults_found()
        await player.turns_to("Slack")
        await player.card.get_by_role("button", name="Resolve").click()
        await expect(player.slack.get_by_role("dialog")).to_be_visible()
        found["a form"] = await player.sees.faults_found()
        assert await player.sees.too_wide() == 0
        await player.slack.get_by_role("dialog").get_by_role("button", name="Close").click()
        await expect(player.slack.get_by_role("dialog")).to_have_count(0)
        await player.card.get_by_role("button", name=re.compile("repl")).click()
        await expect(player.slack.get_by_role("complementary", name="Thread")).to_be_visible()
        found["a thread"] = await player.sees.faults_found()
        await player.sets("The bot is killed", on=True)
        found["faults"] = await player.sees.faults_found()
        assert await player.sees.too_wide() == 0
        await player.sets("The bot is killed", on=False)
        await player.chooses("Policy", "Serwis")
        await expect(player.sees("#confirm")).to_be_visible()
        found["a question"] = await player.sees.faults_found()
    assert not any(found.values()), found


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_axe_on_a_call(opens: Opens, scheme: Scheme) -> None:
    async with plays(await opens(scheme=scheme, still=True)) as player:
        await player.telephone.get_by_role("button", name="Call the emergency line").click()
        await expect(player.telephone).to_contain_text("press 2")
        await player.telephone.get_by_role("button", name="2", exact=True).click()
        await player.engineer.get_by_role("button", name="Answer").click()
        await expect(player.engineer).to_contain_text("Press 1")
        found = await player.sees.faults_found()
    assert not found, found


@pytest.mark.parametrize("width", WIDTHS)
async def test_picture_of_an_emergency(opens: Opens, pictures: Path, width: int) -> None:
    """Ada's phone rings at 02:01, her page is in Slack, the customer knows by when: the picture of the README."""
    async with plays(await opens(width=width, still=True), speed=0) as player:
        await night(player, until=3)
        await player.turns_to("Slack")
        if width == WIDE:
            await player.card.get_by_role("button", name=re.compile("repl")).click()
            await expect(player.slack.get_by_role("complementary", name="Thread")).to_contain_text(
                "paging Ada"
            )
        await expect(player.slack).to_contain_text("Paging Ada")
        await expect(player.sees("#engineer")).to_contain_text("Rings")
        assert await player.sees.too_wide() == 0
        await player.sees.picture(pictures / WIDTHS[width])
