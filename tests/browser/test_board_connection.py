"""When the server is not heard any more the board says so and since when, counts nothing, and comes back by itself.

The browser's clock is the test's: the seconds without a sign of life pass at once."""

from __future__ import annotations

import re

from playwright.async_api import expect

from tests.browser.desk import Desk, desk
from tests.browser.visitor import Opens, Visitor

LOST = "ERR_"
"""The browser complains of what it could not load; that is what these tests are about."""
TIME = "#t-MIT-1001 .time"
COUNTS = re.compile(r"^5\d:\d\d$")
NOTHING = "–:––"


async def _watching(d: Desk) -> Visitor:
    """Ada looks at a ticket whose time runs."""
    ada = await d.opens()
    await ada.page.clock.install()
    await d.enters(ada)
    await d.emergency()
    await expect(ada(TIME)).to_have_text(COUNTS)
    ada.foretells(LOST)
    return ada


async def _hears_nothing(ada: Visitor) -> None:
    """For a while, in the browser's time."""
    await ada.page.clock.fast_forward("00:21")


async def _is_stale(ada: Visitor) -> None:
    """It says so, since when, and shows no time as if it ran."""
    await expect(ada("#live")).to_have_attribute("data-state", "stale")
    await expect(ada("#live .live-text")).to_have_text(re.compile(r"^stale since 0[12]:\d\d"))
    await expect(ada(TIME)).to_have_text(NOTHING)
    await expect(ada("#t-MIT-1001 [data-since]")).to_have_text("–")
    await expect(ada("#t-MIT-1001")).to_have_css("border-top-style", "dashed")


async def _is_back(d: Desk, ada: Visitor) -> None:
    await d.is_live(ada)
    await expect(ada("#live .live-text")).to_have_text("live")
    await expect(ada(TIME)).to_have_text(COUNTS)


async def test_a_connection_that_breaks(opens: Opens) -> None:
    async with desk(opens) as d:
        ada = await _watching(d)
        d.cable.cut()
        await _hears_nothing(ada)
        await _is_stale(ada)
        await ada.page.clock.fast_forward("01:00")
        await expect(ada(TIME)).to_have_text(NOTHING)
        d.cable.mend()
        await _is_back(d, ada)


async def test_what_happened_meanwhile_is_there_afterwards(opens: Opens) -> None:
    async with desk(opens) as d:
        ada = await _watching(d)
        d.cable.cut()
        await _hears_nothing(ada)
        await d.t.engineer("Grace").types("take MIT-1001")
        await d.t.other_customer.writes("new: The printer burns")
        await d.t.other_customer.answers("1")
        await _is_stale(ada)
        d.cable.mend()
        await _is_back(d, ada)
        await expect(ada("#t-MIT-1001 .holder")).to_contain_text("Grace")
        await expect(ada("#t-MIT-1002")).to_contain_text("The printer burns")


async def test_a_connection_that_falls_silent(opens: Opens) -> None:
    """Nothing breaks, nothing comes: the page notices by itself, and asks anew."""
    async with desk(opens) as d:
        ada = await _watching(d)
        d.cable.fall_silent("/board/events")
        await _hears_nothing(ada)
        await _is_back(d, ada)
        await d.t.engineer("Grace").types("take MIT-1001")
        await expect(ada("#t-MIT-1001 .holder")).to_contain_text("Grace")


async def test_the_bot_is_started_again(opens: Opens) -> None:
    """Its numbers begin anew; the page notices, and shows what is there now."""
    async with desk(opens) as d:
        ada = await _watching(d)
        await d.starts_again(minutes=2)
        await _is_back(d, ada)
        await d.t.engineer("Grace").types("resolve MIT-1001 It is back")
        await expect(ada("#t-MIT-1001")).to_have_count(0)


async def test_it_says_as_of_when_it_is_until_it_has_heard_anything(opens: Opens) -> None:
    """Without the stream nothing counts: what the server wrote stands there, with its time."""
    async with desk(opens) as d:
        ada = await d.opens()
        await d.emergency()
        ada.foretells(LOST)
        await ada.context.route("**/board/events*", lambda route: route.abort())
        await ada.page.goto(await d.link())
        await ada.page.get_by_role("button", name="Open the board").click()
        await expect(ada("#live .live-text")).to_have_text("as of 02:00")
        await expect(ada(TIME)).to_have_text("1 h")


async def test_a_laptop_that_slept_shows_no_old_time(opens: Opens) -> None:
    """Hours later the first thing to be seen is that the page is stale, not a time that was right hours ago."""
    async with desk(opens) as d:
        ada = await _watching(d)
        d.cable.cut()
        await ada.page.clock.fast_forward("03:00:00")
        await _is_stale(ada)
