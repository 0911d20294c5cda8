"""What these tests rest on: a visitor notices what is wrong with a page."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from playground.server import Served
from tests.browser.visitor import Opens, visitors

GREY = "<style>p { color: #bbb; background: #fff }</style><p>hardly to be seen</p>"


@contextlib.asynccontextmanager
async def page_of(body: str, policy: str = "") -> AsyncIterator[str]:
    async def page(request: Request) -> HTMLResponse:
        return HTMLResponse(
            f"<!doctype html><html lang=en><title>One</title><link rel=icon href=data:,><main>{body}</main></html>",
            headers={"content-security-policy": policy} if policy else None,
        )

    served = Served(Starlette(routes=[Route("/", page)]), "127.0.0.1", 0)
    await served.start()
    try:
        yield f"http://127.0.0.1:{served.port}/"
    finally:
        await served.stop()


@pytest.mark.parametrize(
    ("body", "policy", "complaint"),
    [
        ("<script>console.error('no')</script>", "", "console: no"),
        ("<script>nothing.there()</script>", "", "nothing is not defined"),
        ("<script>harmed = 1</script>", "script-src 'self'", "CSP: script-src-elem inline"),
        ("<img alt='' src=http://192.0.2.1/x.png>", "", "asked outside: http://192.0.2.1/x.png"),
    ],
)
async def test_what_a_browser_complains_of_fails_a_test(
    chromium: Browser, body: str, policy: str, complaint: str
) -> None:
    async with page_of(body, policy) as url:
        with pytest.raises(AssertionError, match="the browser complains") as failed:
            async with visitors(chromium) as opens:
                one = await opens()
                await one.page.goto(url, wait_until="domcontentloaded")
                await one.page.evaluate("new Promise(requestAnimationFrame)")
    assert complaint in str(failed.value)


async def test_axe_sees_what_is_hard_to_see(opens: Opens) -> None:
    one = await opens()
    for body, rule in ((GREY, "color-contrast"), ("<select><option>x</select>", "select-name")):
        async with page_of(body) as url:
            await one.page.goto(url)
            assert any(rule in fault for fault in await one.faults_found())


async def test_axe_works_under_the_policy_of_a_page(opens: Opens) -> None:
    one = await opens()
    async with page_of("<input>", "default-src 'none'; script-src 'self'; img-src data:") as url:
        await one.page.goto(url)
        assert any("label" in fault for fault in await one.faults_found())
