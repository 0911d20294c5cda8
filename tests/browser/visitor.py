"""Somebody at a browser of their own. Whatever goes wrong in a page is kept, and fails the test unless it was foretold."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, WebError

Scheme = Literal["light", "dark"]
WIDE, NARROW = 1280, 390
HEIGHTS = {WIDE: 800, NARROW: 844}
"""Pixels of a screen, by its width."""
HERE = Path(__file__).parent
BROKEN_RULES = "addEventListener('securitypolicyviolation', e => console.error(`CSP: ${e.violatedDirective} ${e.blockedURI}`))"
LOOKED_AT = ("serious", "critical")
AXE = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations
  .flatMap(v => v.nodes.map(n => [v.impact, `${v.impact} ${v.id}: ${n.target.join(' ')} ${n.failureSummary}`]))"""


class Visitor:
    """`page` is what they look at. `troubles`: what the browser complained about."""

    def __init__(self, context: BrowserContext, page: Page) -> None:
        self.context, self.page = context, page
        self.troubles: list[str] = []
        self._foretold: list[str] = []
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)

    def foretells(self, *patterns: str) -> None:
        """Complaints that are as they should be, such as the 403 that a test is about."""
        self._foretold += patterns

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.troubles.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _error(self, error: WebError) -> None:
        self.troubles.append(f"error: {error.error}")

    def _request(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme not in ("data", "blob") and url.hostname != "127.0.0.1":
            self.troubles.append(f"asked outside: {request.url}")

    @property
    def unforetold(self) -> list[str]:
        return [t for t in self.troubles if not any(re.search(p, t) for p in self._foretold)]

    # ------------------------------------------------------------ looking
    def __call__(self, selector: str, **having: Any) -> Locator:
        """What of the page is meant by a selector."""
        return self.page.locator(selector, **having)

    async def faults_found(self) -> list[str]:
        """What axe-core says is serious or critical about the page as it stands."""
        await self.page.evaluate((HERE / "axe.min.js").read_text("utf-8"))
        found: list[list[str]] = await self.page.evaluate(AXE)
        return [words for impact, words in found if impact in LOOKED_AT]

    async def too_wide(self) -> int:
        """Pixels by which the page is wider than its screen: then it scrolls sideways."""
        over: int = await self.page.evaluate(
            "document.scrollingElement.scrollWidth - document.documentElement.clientWidth"
        )
        return over

    async def ran_a_script(self) -> bool:
        """Has anything of what people wrote been run? Each harmful text of these tests sets `harmed`."""
        return bool(await self.page.evaluate("'harmed' in window"))

    async def keys(self, *names: str) -> None:
        for name in names:
            await self.page.keyboard.press(name)

    async def picture(self, path: Path) -> None:
        await self.page.evaluate("document.fonts.ready")
        await self.page.screenshot(path=path, animations="disabled")


Opens = Callable[..., Awaitable[Visitor]]


@asynccontextmanager
async def visitors(chromium: Browser) -> AsyncIterator[Opens]:
    """Each call is one more browser, with nothing in it. Closed behind the block, and everything that went wrong told."""
    there: list[Visitor] = []

    async def opens(
        *, scheme: Scheme = "light", width: int = WIDE, still: bool = False, **more: Any
    ) -> Visitor:
        context = await chromium.new_context(
            color_scheme=scheme,
            viewport={"width": width, "height": HEIGHTS[width]},
            reduced_motion="reduce" if still else "no-preference",
            locale="en-GB",
            **more,
        )
        context.set_default_timeout(10_000)
        await context.add_init_script(BROKEN_RULES)
        visitor = Visitor(context, await context.new_page())
        there.append(visitor)
        return visitor

    try:
        yield opens
    finally:
        await asyncio.gather(*(one.context.close() for one in there))
    troubles = [trouble for one in there for trouble in one.unforetold]
    assert not troubles, "\n".join(["the browser complains:", *troubles])
