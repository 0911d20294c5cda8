"""A whole emergency on the board, as two engineers see it in browsers of their own."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.desk import desk
from tests.browser.visitor import Opens

MINE = "#t-MIT-1001"


async def test_try(opens: Opens) -> None:
    async with desk(opens) as d:
        ada, grace = await d.logs_in("Ada"), await d.logs_in("Grace", scheme="dark")
        await d.emergency()
        await expect(ada(MINE)).to_be_visible()
        await grace(MINE).get_by_role("link").click()
        print(await grace.page.inner_text("main"))
        await grace.page.get_by_role("button", name="Acknowledge").click()
        await expect(grace(".flash")).to_be_visible()
        print(await grace.page.inner_text(".flash"))
        await expect(ada(MINE)).to_contain_text("Grace")
        print(await ada(MINE).inner_text())
        print(await ada("#panels").inner_text())
        await grace.page.get_by_label("A note").fill("The disk is full again")
        await grace.page.get_by_role("button", name="Note").click()
        await expect(grace("#timeline")).to_contain_text("The disk is full")
        print(await grace("#timeline").inner_text())
        await d.t.engineer("Grace").types("need MIT-1001 Which server is it?")
        await expect(ada(MINE)).to_have_attribute("data-phase", "paused")
        print(await ada(MINE).inner_text())
        await ada.picture(__import__("pathlib").Path("/tmp/axe/b.png"))
        await d.t.customer.writes("mail01")
        await expect(ada(MINE)).to_have_attribute("data-phase", "running")
        print(await ada(MINE).inner_text())
        await d.passes(hours=9)
        await expect(ada(MINE)).to_have_attribute("data-phase", "overdue")
        print(await ada(MINE).inner_text())
        await ada.picture(__import__("pathlib").Path("/tmp/axe/c.png"))
        await grace.picture(__import__("pathlib").Path("/tmp/axe/d.png"))
        await d.t.engineer("Grace").types("resolve MIT-1001 Bigger disk")
        await expect(ada(MINE)).to_have_count(0)
        print(await grace.page.inner_text("main"))
        print(await grace.faults_found())
