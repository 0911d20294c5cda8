"""The board in a real browser: it ticks, takes changes as they come, and says so when it hears nothing."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import re
import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Locator, Page, async_playwright, expect
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Route, Router

from bot.board.security import POLICY
from bot.board.templating import static_files
from channels.web import serve
from tests.board.desk import HARM, Desk
from tests.builders import ADA, THANDI
from tests.fakes.world import World

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")
STRICT = {"content-security-policy": POLICY}


def routes(desk: Desk) -> Router:
    """The board without its door."""
    viewer = desk.viewer()

    async def board(request: Request) -> Response:
        return HTMLResponse(await desk.pages.board(viewer, request.query_params), headers=STRICT)

    async def fragment(request: Request) -> Response:
        return HTMLResponse(await desk.pages.fragment(viewer, request.query_params))

    async def ticket(request: Request) -> Response:
        return HTMLResponse(await desk.pages.ticket(viewer, request.path_params["id"]) or "", headers=STRICT)

    async def static(request: Request) -> Response:
        file = static_files()[request.path_params["name"]]
        return Response(file.body, media_type=file.kind)

    async def events(request: Request) -> Response:
        last = request.headers.get("last-event-id", "")
        told = desk.stream.events(viewer, request.query_params, last)
        return StreamingResponse(told, media_type="text/event-stream")

    return Router(
        [
            Route("/board", board),
            Route("/board/fragment", fragment),
            Route("/board/ticket/{id}", ticket),
            Route("/board/events", events),
            Route("/board/static/{name}", static),
        ]
    )


@dataclasses.dataclass
class Wall:
    """A desk and a browser that shows its board."""

    desk: Desk
    page: Page
    url: str
    errors: list[str]

    async def opens(self, path: str = "/board") -> None:
        await self.page.goto(self.url + path)
        await expect(self.page.locator("#live")).to_have_text("live")

    def line(self, id: str) -> Locator:
        return self.page.locator(f"#t-{id}")


@pytest.fixture
async def wall() -> AsyncIterator[Wall]:
    desk = Desk(World())
    await desk.asks("our mail server is down", "1")
    await desk.asks(HARM, "3")
    desk.world.bus.wake = desk.hub.wake
    forever = asyncio.create_task(desk.hub.forever())
    async with serve(routes(desk), "127.0.0.1", 0) as server, async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page, errors = await chromium.new_page(), list[str]()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        yield Wall(desk=desk, page=page, url=f"http://127.0.0.1:{server.port}", errors=errors)
        await chromium.close()
        await server.stop(0.1)
    forever.cancel()
    await asyncio.gather(forever, return_exceptions=True)
    assert errors == []


async def test_it_ticks_each_second(wall: Wall) -> None:
    await wall.opens()
    time = wall.line("MIT-1001").locator(".time")
    for _ in range(3):  # 1:00:00, 59:59, 59:58
        before = await time.inner_text()
        await expect(time).not_to_have_text(before, timeout=3000)


async def test_a_change_comes_by_itself_and_the_focus_stays(wall: Wall) -> None:
    await wall.opens()
    await wall.page.keyboard.press("ArrowDown")
    await expect(wall.line("MIT-1001").locator(".ref")).to_be_focused()
    await wall.desk.world.commands(ADA, "take MIT-1001")
    await expect(wall.line("MIT-1001").locator(".holder dd")).to_have_text("Ada")
    await expect(wall.line("MIT-1001").locator(".ref")).to_be_focused()
    await expect(wall.page.locator("[data-count=unclaimed]")).to_have_text("1")
    await expect(wall.page.locator("#panels")).not_to_contain_text("MIT-1001")


async def test_new_ones_find_their_place_and_old_ones_go(wall: Wall) -> None:
    await wall.opens()
    await wall.desk.asks("nobody can log in", "1")
    await expect(wall.page.locator("#lines > .line")).to_have_count(3)
    await expect(wall.page.locator("#lines > .line").nth(1)).to_have_id("t-MIT-1003")
    await wall.desk.world.commands(ADA, "resolve MIT-1001 it runs again")
    await expect(wall.page.locator("#lines > .line")).to_have_count(2)
    await expect(wall.page.locator("[data-count=open]")).to_have_text("2")


async def test_overdue_is_told_in_words_and_counts_up(wall: Wall) -> None:
    await wall.opens()
    wall.desk.world.clock.at += dt.timedelta(minutes=61)
    wall.desk.hub.wake()
    line = wall.line("MIT-1001")
    await expect(line.locator(".phase")).to_have_text("overdue")
    await expect(line.locator(".time")).to_have_text(re.compile(r"^\+1:0\d$"))
    await expect(wall.page.locator("[data-count=overdue]")).to_have_text("1")


async def test_words_of_people_are_shown_as_words(wall: Wall) -> None:
    await wall.opens()
    await expect(wall.line("MIT-1002").locator(".words")).to_have_text(HARM)
    await wall.desk.world.says(THANDI, f"new: {HARM}<img src=x onerror=alert(1)>")
    await expect(wall.line("MIT-1003").locator(".words")).to_contain_text("<img src=x")


async def test_a_filter_keeps_the_page(wall: Wall) -> None:
    await wall.opens()
    await wall.page.keyboard.press("/")
    await expect(wall.page.locator("select[name=severity]")).to_be_focused()
    await wall.page.select_option("select[name=severity]", "normal")
    await expect(wall.page.locator("#lines > .line")).to_have_count(1)
    assert wall.page.url.endswith("?severity=normal")
    await wall.desk.asks("nobody can log in", "1")
    await wall.desk.asks("the other printer", "3")
    await expect(wall.page.locator("#lines > .line")).to_have_count(2)


async def test_it_says_when_it_is_stale_and_shows_no_old_countdown(wall: Wall) -> None:
    await wall.page.clock.install()
    await wall.opens()
    time = wall.line("MIT-1001").locator(".time")
    await expect(time).to_have_text(re.compile(r"59:\d\d"))
    await wall.page.clock.fast_forward(21_000)
    await expect(wall.page.locator("#live")).to_have_text(re.compile(r"stale since \d\d:\d\d"))
    await expect(time).to_have_text("–:––")


SET_BACK = "(() => { const before = Date.now; Date.now = () => before() - 3600000; })()"


async def test_a_clock_that_is_set_back_makes_nothing_look_alive(wall: Wall) -> None:
    await wall.page.clock.install()
    await wall.opens()
    await wall.page.evaluate(SET_BACK)
    await wall.page.clock.fast_forward(21_000)
    await expect(wall.page.locator("#live")).to_have_text(re.compile(r"stale since \d\d:\d\d"))
    await expect(wall.line("MIT-1001").locator(".time")).to_have_text("–:––")


async def test_a_clock_that_is_set_back_is_noticed_and_the_time_asked_for_anew(wall: Wall) -> None:
    await wall.opens()
    time = wall.line("MIT-1001").locator(".time")
    await expect(time).to_have_text(re.compile(r"59:\d\d"))
    await wall.page.evaluate(SET_BACK)
    await expect(wall.page.locator("#live")).to_have_attribute("data-state", "stale")
    await expect(time).to_have_text("–:––")
    await expect(wall.page.locator("#live")).to_have_attribute("data-state", "live", timeout=15_000)
    await expect(time).to_have_text(re.compile(r"59:\d\d"))


async def test_a_ticket_follows_what_happens_and_keeps_what_is_being_written(wall: Wall) -> None:
    await wall.opens("/board/ticket/MIT-1001")
    await wall.page.fill("#note", "half a note")
    await wall.desk.world.commands(ADA, "take MIT-1001")
    await expect(wall.page.locator("#timeline")).to_contain_text("Ada took it.")
    assert await wall.page.input_value("#note") == "half a note"
    await wall.desk.world.commands(ADA, "resolve MIT-1001 it runs again")
    await expect(wall.page.locator("#facts")).to_contain_text("resolved")
    await expect(wall.page.locator(".line .time")).not_to_have_text(re.compile(r"\d:\d\d"))


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", ["/board", "/board/ticket/MIT-1001"])
async def test_it_fits_its_screen(wall: Wall, width: int, path: str) -> None:
    await wall.page.set_viewport_size({"width": width, "height": 800})
    await wall.opens(path)
    assert await wall.page.evaluate("document.documentElement.scrollWidth") <= width
