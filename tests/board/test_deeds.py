"""What can be done at the board: the same as in chat, with the same answers; from our own pages only."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import httpx
import pytest

from bot.board.security import POLICY
from bot.board.streaming import MOST
from tests.board.browser import COOKIE, OURS, Browser, browser, logged_in
from tests.fakes.line import Line, line
from tests.fakes.line_config import PUBLIC

TICKET = "MIT-1001"


async def told(it: Browser, word: str, ticket: str = TICKET, **fields: str) -> str:
    """As a page's script asks."""
    headers = OURS | {"x-csrf": await it.csrf()}
    answer = await it.posts(f"/board/ticket/{ticket}/{word}", headers, **fields)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["told"])


async def settled(t: Line) -> None:
    await t.bot.settle()


async def test_acknowledging_ends_the_page() -> None:
    async with line() as t, logged_in(t) as ada:
        await t.emergency()
        t.paged("Ada", by=["slack", "sms"])
        answer = await ada.does("ack", TICKET)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/board/ticket/{TICKET}")
        await settled(t)
        assert "✅ Ada has it (Board)." in t.thread_lines()
        page = (await ada.gets(f"/board/ticket/{TICKET}")).text
        assert f"You have {TICKET}." in page
        t.looks_away()


async def test_what_came_of_it_is_said_once() -> None:
    async with line() as t, logged_in(t) as ada, logged_in(t) as elsewhere:
        await t.emergency()
        await ada.does("note", TICKET, text="looked at the logs")
        said = f"Done: {TICKET} has your note."
        pages = [(await it.gets(f"/board/ticket/{TICKET}")).text for it in (elsewhere, ada, ada)]
        assert [said in page for page in pages] == [False, True, False], pages[1]
        await settled(t)
        t.looks_away()


async def test_taking_over() -> None:
    async with line() as t, logged_in(t, "Grace") as grace:
        await t.emergency()
        await t.engineer("Ada").texts(f"ack {t.code('Ada')}")
        await told(grace, "take")
        await settled(t)
        assert "✅ Grace took it." in t.thread_lines()
        t.looks_away()


async def test_a_note_stays_inside() -> None:
    async with line() as t, logged_in(t) as ada:
        await t.emergency()
        t.looks_away()
        await told(ada, "note", text="  the <b>switch</b>\nwas replaced ")
        await settled(t)
        t.customer_reads()
        events = t.bot.standby.store.transact(lambda uow: [e.event for e in uow.log.of(TICKET)])
        assert [e.text for e in events if type(e).__name__ == "NoteWritten"] == [
            "the <b>switch</b>\nwas replaced"
        ]
        t.looks_away()


async def test_the_same_form_twice_is_one_note() -> None:
    async with line() as t, logged_in(t) as ada:
        await t.emergency()
        for once in ("a", "a", "b"):
            await told(ada, "note", text="once", once=once)
        events = t.bot.standby.store.transact(lambda uow: [e.event for e in uow.log.of(TICKET)])
        assert len([e for e in events if type(e).__name__ == "NoteWritten"]) == 2
        await settled(t)
        t.looks_away()


async def test_what_can_not_be_done_is_said_as_in_chat() -> None:
    async with line() as t, logged_in(t) as ada:
        await t.emergency()
        await t.engineer("Ada").types(f"close {TICKET}")
        t.looks_away()
        for word in ("ack", "take"):
            await t.engineer("Ada").types(f"{word} {TICKET}")
            in_chat = t.read("Ada")
            assert f"{TICKET} is closed" in in_chat
            assert await told(ada, word) in in_chat
        await t.engineer("Ada").types(f"note {TICKET}")
        assert await told(ada, "note", text=" ") in t.read("Ada")
        t.looks_away()


async def test_another_teams_ticket_is_not_there() -> None:
    async with line() as t, logged_in(t, "Mark") as mark:
        await t.emergency()
        there, missing = [await mark.gets(f"/board/ticket/{id}") for id in (TICKET, "MIT-9999")]
        assert (there.status_code, there.text) == (404, missing.text)
        for word in ("ack", "take", "note"):
            acts = [await mark.does(word, id, text="x") for id in (TICKET, "MIT-9999")]
            assert {(a.status_code, a.text) for a in acts} == {(404, there.text)}
        await settled(t)
        assert t.bot.standby.store.transact(lambda uow: uow.tickets.get(TICKET)).owner is None
        t.looks_away()


async def test_nothing_else_can_be_done_here() -> None:
    async with line() as t, logged_in(t) as ada:
        await t.emergency()
        for word in ("close", "resolve", "severity", "page", "board", "nonsense"):
            assert (await ada.does(word, TICKET, text="low")).status_code == 404
        for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
            answer = await ada.asks(method, f"/board/ticket/{TICKET}/take", headers=OURS)
            assert answer.status_code in (403, 404, 405)
        assert t.bot.standby.store.transact(lambda uow: uow.tickets.get(TICKET)).owner is None
        t.looks_away()


FOREIGN = {
    "cross-site": {"sec-fetch-site": "cross-site"},
    "same-site": {"sec-fetch-site": "same-site"},
    "by hand": {"sec-fetch-site": "none"},
    "another origin": {"origin": "https://evil.example"},
    "no origin": {"origin": "null"},
    "nothing said": {},
    "a lie": {"sec-fetch-site": "cross-site", "origin": PUBLIC},
    "alike": {"origin": f"{PUBLIC}.evil.example"},
}


@pytest.mark.parametrize("name", FOREIGN)
async def test_a_post_of_another_site_changes_nothing(name: str) -> None:
    async with line() as t, logged_in(t) as ada:
        await t.emergency()
        csrf = await ada.csrf()
        for path in (f"/board/ticket/{TICKET}/take", "/board/leave"):
            answer = await ada.posts(path, FOREIGN[name], csrf=csrf)
            assert answer.status_code == 403
            assert "Nothing was changed." in answer.text
        assert (await ada.gets("/board/figures")).status_code == 200, "and they are still in"
        assert t.bot.standby.store.transact(lambda uow: uow.tickets.get(TICKET)).owner is None
        t.looks_away()


async def test_a_post_without_the_sessions_own_token_changes_nothing() -> None:
    async with line() as t, logged_in(t) as ada, logged_in(t, "Grace") as grace:
        await t.emergency()
        good, others = await ada.csrf(), await grace.csrf()
        assert good != others
        for fields in ({}, {"csrf": ""}, {"csrf": others}, {"csrf": good[:-1]}, {"csrf": "é☎"}):
            answer = await ada.posts(f"/board/ticket/{TICKET}/take", **fields)
            assert answer.status_code == 403, fields
        wrong = await ada.posts(f"/board/ticket/{TICKET}/take", OURS | {"x-csrf": others}, csrf=good)
        assert wrong.status_code == 403
        asked = await ada.asks("POST", f"/board/ticket/{TICKET}/take", headers=OURS, params={"csrf": good})
        assert asked.status_code == 403, "never in an address"
        assert t.bot.standby.store.transact(lambda uow: uow.tickets.get(TICKET)).owner is None
        t.looks_away()


async def test_looking_changes_nothing() -> None:
    async with line() as t, logged_in(t) as ada:
        await t.emergency()
        before = t.bot.standby.store.transact(lambda uow: uow.tickets.get(TICKET))
        for path in (f"/board/ticket/{TICKET}/take", f"/board/ticket/{TICKET}/ack", "/board/leave"):
            for method in ("GET", "HEAD"):
                assert (await ada.asks(method, path, headers=OURS)).status_code == 404
        for path in ("/board", f"/board/ticket/{TICKET}", "/board/figures", "/board/events"):
            assert (await ada.asks("HEAD", path)).status_code == 200
        assert t.bot.standby.store.transact(lambda uow: uow.tickets.get(TICKET)) == before
        assert (await ada.gets("/board/figures")).status_code == 200
        t.looks_away()


async def test_big_and_broken_forms() -> None:
    async with line() as t, logged_in(t) as ada:
        await t.emergency()
        headers = OURS | {"x-csrf": await ada.csrf()}
        path = f"/board/ticket/{TICKET}/note"
        many = await ada.posts(path, headers, **{f"f{n}": "x" for n in range(50)})
        file = await ada.asks("POST", path, headers=headers, files={"text": ("a.txt", b"x")})
        odd = await ada.asks(
            "POST", path, headers=headers | {"content-type": "multipart/form-data"}, content=b"--x\r\n"
        )
        assert {answer.status_code for answer in (many, file, odd)} == {400}
        await told(ada, "note", text="x" * 100_000)
        events = t.bot.standby.store.transact(lambda uow: [e.event for e in uow.log.of(TICKET)])
        assert [len(e.text) for e in events if type(e).__name__ == "NoteWritten"] == [4000]
        await settled(t)
        t.looks_away()


# ---------------------------------------------------------------- what every answer carries
async def test_the_headers_of_every_answer() -> None:
    async with line() as t, logged_in(t) as ada, browser(t) as stranger:
        await t.emergency()
        for path in (
            "/board",
            "/board/enter",
            "/board/figures",
            f"/board/ticket/{TICKET}",
            "/board/no",
            "/board/static/no",
        ):
            await ada.gets(path)
            await stranger.gets(path)
        await stranger.enters("wrong")
        await ada.does("ack", TICKET)
        await ada.posts("/board/leave")
        await ada.asks("HEAD", "/board/events")
        for answer in (*ada.answers, *stranger.answers):
            shown = f"{answer.request.method} {answer.request.url.path} {answer.status_code}"
            assert answer.headers["content-security-policy"] == POLICY, shown
            assert answer.headers["x-content-type-options"] == "nosniff", shown
            assert answer.headers["referrer-policy"] == "same-origin", shown
            assert answer.headers["cache-control"] == "no-store", shown
            assert answer.headers["strict-transport-security"].startswith("max-age="), shown
            assert "camera=()" in answer.headers["permissions-policy"], shown
            assert answer.headers["x-frame-options"] == "DENY", shown
        assert (
            "'unsafe" not in POLICY and "default-src 'none'" in POLICY and "frame-ancestors 'none'" in POLICY
        )
        await settled(t)
        t.looks_away()


async def test_files_are_kept_by_browsers() -> None:
    async with line() as t, browser(t) as stranger:
        plain = await stranger.gets("/board/static/enter.js")
        assert plain.headers["content-type"] == "text/javascript; charset=utf-8"
        assert plain.headers["cache-control"] == "public, no-cache"
        tag = plain.headers["etag"]
        named = await stranger.gets("/board/static/enter.js", params={"v": tag.strip('"')})
        assert "immutable" in named.headers["cache-control"]
        again = await stranger.gets("/board/static/enter.js", headers={"if-none-match": tag})
        assert (again.status_code, again.content) == (304, b"")
        for name in ("no.js", "../access.py", "..%2faccess.py", "%2e%2e/access.py", "enter.js%00", ""):
            assert (await stranger.gets(f"/board/static/{name}")).status_code in (401, 404)


# ---------------------------------------------------------------- open pages
@contextlib.asynccontextmanager
async def opened(t: Line, it: Browser, path: str = "/board/events") -> AsyncIterator[AsyncIterator[bytes]]:
    """What a page that stays open hears."""
    url = f"http://127.0.0.1:{t.bot.standby.port}"
    cookie = {"cookie": f"{COOKIE}={it.jar[COOKIE]}"}
    async with (
        httpx.AsyncClient(base_url=url, trust_env=False, timeout=10) as client,
        client.stream("GET", path, headers=cookie) as stream,
    ):
        assert stream.status_code == 200
        assert stream.headers["content-type"] == "text/event-stream"
        assert stream.headers["x-accel-buffering"] == "no"
        yield stream.aiter_bytes()


async def closed(t: Line) -> None:
    """The bot has noticed that nobody has a page open."""
    streams = t.bot.standby.board.streams
    while streams.open:
        await asyncio.wait([task for several in streams.open.values() for task in several])
        await asyncio.sleep(0)


async def test_events_come_as_they_happen_and_end_with_the_page() -> None:
    async with line() as t, logged_in(t) as ada:
        async with opened(t, ada) as page:
            assert await anext(page)
        await asyncio.wait_for(closed(t), 10)


async def test_leaving_ends_every_page_of_that_log_in() -> None:
    async with line() as t, logged_in(t) as ada, opened(t, ada) as first, opened(t, ada) as second:
        assert await anext(first) and await anext(second)
        await ada.posts("/board/leave", csrf=await ada.csrf())
        async with asyncio.timeout(10):
            for page in (first, second):
                async for _ in page:
                    pass
        await asyncio.wait_for(closed(t), 10)


async def test_so_many_pages_a_log_in() -> None:
    async with line() as t, logged_in(t) as ada, logged_in(t, "Grace") as grace:
        async with contextlib.AsyncExitStack() as stack:
            pages = [await stack.enter_async_context(opened(t, ada)) for _ in range(MOST)]
            assert all([await anext(page) for page in pages])
            assert (await ada.gets("/board/events")).status_code == 429
            assert (await ada.gets("/board/figures")).status_code == 200
            pages.append(await stack.enter_async_context(opened(t, grace)))
            assert await anext(pages[-1])
        await asyncio.wait_for(closed(t), 10)


async def test_open_pages_do_not_hold_up_a_stop() -> None:
    async with line() as t:
        async with logged_in(t) as ada, opened(t, ada) as page:
            assert await anext(page)
            await asyncio.wait_for(t.bot.stop(), 5)
            async for _ in page:
                pass
        await t.bot.start()
