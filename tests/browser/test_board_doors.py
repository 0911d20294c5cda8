"""Who gets in: a link works once and for a while, a session ends for whoever has its cookie, no other page can do anything."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from playground.server import Served
from tests.browser.desk import desk
from tests.browser.visitor import Opens, Visitor

NO_MORE = "This link does not work any more"
OUT = "You are not logged in"


async def _is_turned_away(visitor: Visitor, link: str) -> None:
    visitor.foretells("403")
    await visitor.page.goto(link)
    await visitor.page.get_by_role("button", name="Open the board").click()
    await expect(visitor("h1")).to_have_text(NO_MORE)
    await expect(visitor("main")).to_contain_text("Ask for another one with /standby board.")
    assert await visitor.context.cookies() == []


async def test_the_link_lets_in_once_and_leaves_no_code_behind(opens: Opens) -> None:
    async with desk(opens) as d:
        link = await d.link("Ada")
        ada, thief = await d.opens(), await d.opens()
        await ada.page.goto(link)
        assert "#" not in ada.page.url, "the code is out of the address, and of the history"
        await ada.page.get_by_role("button", name="Open the board").click()
        await d.is_live(ada)
        await _is_turned_away(thief, link)
        await ada.page.reload()
        await d.is_live(ada)


async def test_the_link_of_a_quarter_of_an_hour_ago(opens: Opens) -> None:
    async with desk(opens) as d:
        link = await d.link("Ada")
        d.t.comes(minutes=10)
        await _is_turned_away(await d.opens(), link)


async def test_the_cookie_is_for_nobody_else(opens: Opens) -> None:
    """No script of the page reads it, and no other site sends it."""
    async with desk(opens) as d:
        ada = await d.logs_in("Ada")
        (cookie,) = await ada.context.cookies()
        assert (cookie["httpOnly"], cookie["sameSite"], cookie["expires"]) == (True, "Lax", -1)
        assert await ada.page.evaluate("document.cookie") == ""


async def test_a_stolen_cookie_ends_with_its_session(opens: Opens) -> None:
    async with desk(opens) as d:
        ada, thief = await d.logs_in("Ada"), await d.opens()
        stolen = await ada.context.cookies()
        await ada.page.get_by_role("button", name="Leave").click()
        await expect(ada("h1")).to_have_text("You have left the board")
        await thief.context.add_cookies(stolen)  # type: ignore[arg-type]
        thief.foretells("401")
        await d.goes(thief, "/board")
        await expect(thief("h1")).to_have_text(OUT)


async def test_a_page_that_is_open_when_its_session_ends_says_so(opens: Opens) -> None:
    async with desk(opens) as d:
        ada, thief = await d.logs_in("Ada"), await d.opens()
        await thief.context.add_cookies(await ada.context.cookies())  # type: ignore[arg-type]
        await d.goes(thief, "/board")
        await d.is_live(thief)
        await d.emergency()
        await expect(thief("#t-MIT-1001 .time")).to_have_text(re.compile(r"^59:\d\d$"))
        thief.foretells("401", "ERR_INCOMPLETE_CHUNKED_ENCODING")
        await ada.page.get_by_role("button", name="Leave").click()
        await expect(thief("#live")).to_have_attribute("data-state", "out")
        await expect(thief("#live")).to_contain_text("You are logged out.")
        await expect(thief("#t-MIT-1001 .time")).to_have_text("–:––")


async def test_a_cookie_of_another_team_opens_no_ticket_of_ours(opens: Opens) -> None:
    async with desk(opens) as d:
        mark, ada = await d.logs_in("Mark"), await d.logs_in("Ada")
        await d.emergency()
        await expect(ada("#t-MIT-1001")).to_be_visible()
        await expect(mark("#lines > .line")).to_have_count(0)
        mark.foretells("404")
        await d.goes(mark, "/board/ticket/MIT-1001")
        await expect(mark("h1")).to_have_text("There is nothing here")


# ---------------------------------------------------------------- other pages
@contextlib.asynccontextmanager
async def _elsewhere(body: str) -> AsyncIterator[str]:
    """A page of somebody else's, on another port of this machine: another origin, the same site."""

    async def page(request: Request) -> HTMLResponse:
        return HTMLResponse(f"<!doctype html><title>Cats</title><link rel=icon href=data:,>{body}")

    served = Served(Starlette(routes=[Route("/", page)]), "127.0.0.1", 0)
    await served.start()
    try:
        yield f"http://127.0.0.1:{served.port}/"
    finally:
        await served.stop()


async def _csrf(visitor: Visitor) -> str:
    return await visitor("meta[name=csrf]").get_attribute("content") or ""


@pytest.mark.parametrize("knows", [False, True], ids=["without the token", "with the token"])
async def test_a_form_of_another_page_does_nothing(opens: Opens, knows: bool) -> None:
    async with desk(opens) as d:
        ada = await d.logs_in("Ada")
        await d.emergency()
        await expect(ada("#t-MIT-1001")).to_be_visible()
        token = await _csrf(ada) if knows else ""
        form = (
            f'<form method=post action="{d.cable.url}/board/ticket/MIT-1001/take">'
            f'<input name=csrf value="{token}"><button>Cats!</button></form>'
        )
        async with _elsewhere(form) as cats:
            page = await ada.context.new_page()
            await page.goto(cats)
            ada.foretells("403")
            await page.get_by_role("button", name="Cats!").click()
            await expect(page.locator("h1")).to_have_text("That did not come from the board")
            await page.close()
        await expect(ada("#t-MIT-1001 .holder")).to_contain_text("nobody yet")


async def test_a_script_of_another_page_reads_and_does_nothing(opens: Opens) -> None:
    """It may send a request, with the cookie even; it gets no answer to see, and nothing is done."""
    async with desk(opens) as d:
        ada = await d.logs_in("Ada")
        await d.emergency()
        await expect(ada("#t-MIT-1001")).to_be_visible()
        async with _elsewhere("") as cats:
            page = await ada.context.new_page()
            await page.goto(cats)
            ada.foretells("CORS", "403", "ERR_FAILED")
            for method, path in (("GET", "/board"), ("POST", "/board/ticket/MIT-1001/take")):
                assert await page.evaluate(_FETCH, [method, d.cable.url + path]) == "TypeError"
            frame = f"document.body.append(Object.assign(document.createElement('iframe'), {{src: '{d.cable.url}/board'}}))"
            ada.foretells("frame-ancestors", "X-Frame-Options")
            async with ada.context.expect_event("console", lambda m: "frame" in m.text.lower()):
                await page.evaluate(frame)
            await page.close()
        await expect(ada("#t-MIT-1001 .holder")).to_contain_text("nobody yet")


_FETCH = "([method, url]) => fetch(url, {method, credentials: 'include'}).then(r => r.text(), e => e.name)"


async def test_two_tabs_at_once_take_it_once(opens: Opens) -> None:
    """Two of us in the same second: both get an answer, one has it."""
    async with desk(opens) as d:
        ada, grace = await d.logs_in("Ada"), await d.logs_in("Grace")
        await d.emergency()
        for who in (ada, grace):
            await d.goes(who, "/board/ticket/MIT-1001")
        buttons = [who.page.get_by_role("button", name="Acknowledge") for who in (ada, grace)]
        await asyncio.gather(*(button.click() for button in buttons))
        for who in (ada, grace):
            await expect(who(".flash")).to_be_visible()
        told = [await who(".flash").inner_text() for who in (ada, grace)]
        assert told[0] != told[1], told
        await _same_holder(ada, grace)


async def _same_holder(*visitors: Visitor) -> None:
    holders = [await one("#facts dd").nth(3).inner_text() for one in visitors]
    assert len(set(holders)) == 1 and holders[0] in ("Ada", "Grace"), holders
