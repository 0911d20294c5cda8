"""How the board looks: at both widths, in the light and in the dark, without motion, to axe-core; and its pictures.

STANDBY_PICTURES says where these go (`make pictures`: docs/pictures)."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.desk import Desk, desk
from tests.browser.visitor import NARROW, WIDE, Opens, Scheme, Visitor

SCHEMES: tuple[Scheme, ...] = ("light", "dark")
MORNING = "2026-11-24T08:00"


async def a_busy_morning(d: Desk) -> None:
    """One ticket overdue, one that waits, one that somebody is paged for, one quiet one."""
    t = d.t
    await t.customer.writes("The booking system says 'no connection' at every branch")
    await t.customer.answers("1")
    await t.engineer("Grace").types("ack MIT-1001")
    await t.other_customer.writes("Can we have the invoices of October as PDF?")
    await t.other_customer.answers("4")
    await d.passes(minutes=61)
    await t.customer.writes("new: One scanner at reception is offline since the update")
    await t.customer.answers("3")
    await t.engineer("Ada").types("take MIT-1003")
    await t.engineer("Ada").types("need MIT-1003 Which of the two scanners is it?")
    await t.other_customer.writes("new: Nobody can log in to the tills")
    await t.other_customer.answers("1")
    await d.passes(minutes=4)


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_axe_finds_nothing_serious(opens: Opens, scheme: Scheme) -> None:
    async with desk(opens, at=MORNING) as d:
        ada = await d.opens(scheme=scheme, still=True)
        found: dict[str, list[str]] = {}
        await d.goes(ada, "/board/enter#nothing")
        found["the way in"] = await ada.faults_found()
        ada.foretells("401")
        await d.goes(ada, "/board")
        found["not logged in"] = await ada.faults_found()
        await d.enters(ada)
        found["the board, empty"] = await ada.faults_found()
        await a_busy_morning(d)
        await expect(ada("#lines > .line")).to_have_count(4)
        found["the board"] = await ada.faults_found()
        await d.goes(ada, "/board/ticket/MIT-1001")
        await d.is_live(ada)
        found["a ticket"] = await ada.faults_found()
        for grain in ("day", "week", "month"):
            await d.goes(ada, f"/board/figures?by={grain}")
            await expect(ada("h1")).to_have_text("Figures")
            found[f"figures, {grain}"] = await ada.faults_found()
        assert not any(found.values()), found


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_picture_of_the_board(opens: Opens, pictures: Path, scheme: Scheme) -> None:
    """A busy morning fits the screen; what somebody looked at is kept as a picture."""
    async with desk(opens, at=MORNING) as d:
        await a_busy_morning(d)
        for width in (WIDE, NARROW):
            ada = await d.logs_in("Ada", scheme=scheme, width=width, still=True)
            await expect(ada("#lines > .line")).to_have_count(4)
            await expect(ada("#panels")).to_contain_text("being paged for")
            await _fits(ada)
            await ada.picture(pictures / f"board-{width}-{scheme}.png")
            await d.goes(ada, "/board/ticket/MIT-1001")
            await d.is_live(ada)
            await _fits(ada)
            await ada.picture(pictures / f"ticket-{width}-{scheme}.png")
            await d.goes(ada, "/board/figures")
            await _fits(ada)
            await ada.picture(pictures / f"figures-{width}-{scheme}.png")


async def _fits(ada: Visitor) -> None:
    assert await ada.too_wide() == 0, f"{ada.page.url} scrolls sideways"


async def test_nothing_moves_for_whoever_asked_for_that(opens: Opens) -> None:
    async with desk(opens) as d:
        ada, grace = await d.logs_in("Ada", still=True), await d.logs_in("Grace")
        await d.emergency()
        for who, moves in ((ada, "none"), (grace, "changed")):
            await expect(who("#t-MIT-1001.changed")).to_have_css("animation-name", moves)


async def test_the_colours_are_the_devices_unless_somebody_chooses(opens: Opens) -> None:
    async with desk(opens) as d:
        ada = await d.logs_in("Ada", scheme="dark")
        ground = ada("body")
        dark = await ground.evaluate("one => getComputedStyle(one).backgroundColor")
        button = ada.page.get_by_role("button", name="Colours")
        await expect(button).to_have_text("Colours: as the device")
        await button.click()
        await expect(button).to_have_text("Colours: light")
        await expect(ground).not_to_have_css("background-color", dark)
        await ada.page.reload()
        await expect(button).to_have_text("Colours: light")
        await expect(ground).not_to_have_css("background-color", dark)
        await button.click()
        await expect(ground).to_have_css("background-color", dark)


async def test_it_is_readable_where_the_device_chooses_all_colours(opens: Opens) -> None:
    """High contrast: states are told by words and signs; what is overdue stands first, what waits last."""
    async with desk(opens, at=MORNING) as d:
        await a_busy_morning(d)
        ada = await d.logs_in("Ada", forced_colors="active")
        await expect(ada("#lines > .line")).to_have_count(4)
        words = await ada("#lines .phase").all_inner_texts()
        assert [w.lower() for w in words] == ["overdue", "left", "left", "paused: waiting for the customer"]
        signs = await ada("#lines .icon use").evaluate_all("all => all.map(one => one.getAttribute('href'))")
        assert signs == ["#i-overdue", "#i-running", "#i-running", "#i-paused"]
