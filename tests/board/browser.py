"""A browser at the board, as far as HTTP goes: cookies are kept as they are told, requests say where they come from."""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncIterator
from http.cookies import SimpleCookie
from typing import Any

import httpx

from tests.fakes.line import Line
from tests.fakes.line_config import PUBLIC

COOKIE = "__Host-standby"
LINK = re.compile(re.escape(PUBLIC) + r"/board/enter#(\S+)")
OURS = {"sec-fetch-site": "same-origin"}


class Browser:
    """`jar` is what it would send back."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self.jar: dict[str, str] = {}
        self.answers: list[httpx.Response] = []

    async def asks(self, method: str, path: str, **more: Any) -> httpx.Response:
        cookies = {"cookie": "; ".join(f"{k}={v}" for k, v in self.jar.items())} if self.jar else {}
        headers = {"host": "desk.example.com", **cookies, **more.pop("headers", {})}
        answer = await self._client.request(method, path, headers=headers, **more)
        for told in answer.headers.get_list("set-cookie"):
            for name, morsel in SimpleCookie(told).items():
                self.jar[name] = morsel.value
                if not morsel.value:
                    del self.jar[name]
        self.answers.append(answer)
        return answer

    async def gets(self, path: str, **more: Any) -> httpx.Response:
        return await self.asks("GET", path, **more)

    async def posts(self, path: str, headers: dict[str, str] = OURS, **fields: str) -> httpx.Response:
        return await self.asks("POST", path, headers=headers, data=fields)

    async def enters(self, code: str) -> httpx.Response:
        """The button of the page that a link opens."""
        return await self.posts("/board/enter", code=code)

    async def csrf(self) -> str:
        """What the forms of its pages carry."""
        page = (await self.gets("/board/figures")).text
        found = re.search(r'name="csrf" content="(\w+)"', page)
        assert found, page
        return found[1]

    async def does(self, word: str, ticket: str, **fields: str) -> httpx.Response:
        """A form of the page, as the page would send it."""
        return await self.posts(f"/board/ticket/{ticket}/{word}", csrf=await self.csrf(), **fields)


@contextlib.asynccontextmanager
async def browser(t: Line) -> AsyncIterator[Browser]:
    """One that nobody has logged in with."""
    url = f"http://127.0.0.1:{t.bot.standby.port}"
    async with httpx.AsyncClient(base_url=url, trust_env=False) as client:
        yield Browser(client)


async def link(t: Line, name: str = "Ada") -> str:
    """`/standby board` at the desk; the code of the link that comes in private."""
    await t.engineer(name).types("board")
    return code_in(t.read(name))


def code_in(text: str) -> str:
    found = LINK.search(text)
    assert found, text
    return found[1]


@contextlib.asynccontextmanager
async def logged_in(t: Line, name: str = "Ada") -> AsyncIterator[Browser]:
    async with browser(t) as it:
        assert (await it.enters(await link(t, name))).status_code == 303
        yield it
