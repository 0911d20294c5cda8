"""Getting in: a link from chat, once, in time, for whom it was made; and what everybody else gets to see."""

from __future__ import annotations

import dataclasses
import re

import pytest
from starlette.responses import Response

from bot.board.security import cookie_name, give_cookie
from storage.engine import open_store
from tests.board.browser import COOKIE, browser, code_in, link, logged_in
from tests.fakes.line import line
from tests.fakes.line_config import GRACE, LIN, PUBLIC, Who

PATHS = (
    "/board",
    "/board/fragment",
    "/board/figures",
    "/board/events",
    "/board/ticket/MIT-1001",
    "/board/no",
)


async def test_the_link_comes_in_private_and_lets_in_once() -> None:
    async with line() as t:
        await t.engineer("Ada").types("board")
        sent = t.read("Ada")
        assert "The board, for you alone: https://desk.example.com/board/enter#" in sent
        assert "The link works once, within 10 min." in sent
        t.looks_away("desk")
        async with browser(t) as ada, browser(t) as thief:
            entered = await ada.enters(code_in(sent))
            assert (entered.status_code, entered.headers["location"]) == (303, "/board")
            assert (await ada.gets("/board")).status_code == 200
            again = await thief.enters(code_in(sent))
            assert (again.status_code, thief.jar) == (403, {})
            assert "Ask for another one with /standby board." in again.text
            assert (await ada.gets("/board")).status_code == 200, "the first one stays"


async def test_a_channel_reads_no_link() -> None:
    async with line() as t:
        await t.engineer("Ada").types("board")
        shown = [str(e) for e in t.play.journal if e.where == "C0DESK"]
        assert not [one for one in shown if "/board/enter" in one]
        t.looks_away()


async def test_the_cookie_is_this_hosts_alone() -> None:
    async with line() as t, browser(t) as ada:
        answer = await ada.enters(await link(t))
        (told,) = answer.headers.get_list("set-cookie")
        flags = {part.strip().lower() for part in told.split(";")[1:]}
        assert told.startswith(f"{COOKIE}=")
        assert flags == {"httponly", "secure", "samesite=lax", "path=/"}


async def test_secrets_are_kept_as_digests_only() -> None:
    async with line() as t, browser(t) as ada:
        code = await link(t)
        await ada.enters(code)
        store = open_store(f"sqlite:///{t.bot.folder}/standby.db", alone=False)
        tables = t.bot.folder / "standby.db"
        assert store.transact(lambda uow: (uow.links.get(code), uow.sessions.get(ada.jar[COOKIE]))) == (
            None,
            None,
        )
        store.close()
        raw = tables.read_bytes() + (t.bot.folder / "standby.db-wal").read_bytes()
        assert ada.jar[COOKIE].encode() not in raw


async def test_looking_at_a_link_changes_nothing() -> None:
    async with line() as t, browser(t) as preview, browser(t) as ada:
        code = await link(t)
        for method in ("GET", "HEAD", "GET"):
            answer = await preview.asks(method, f"/board/enter?code={code}")
            assert (answer.status_code, preview.jar) == (200, {})
            assert code not in answer.text
        assert (await ada.enters(code)).status_code == 303


async def test_a_link_is_good_for_ten_minutes() -> None:
    async with line() as t, browser(t) as ada:
        late, early = await link(t), await link(t)
        t.comes(minutes=9, seconds=59)
        assert (await ada.enters(early)).status_code == 303
        t.comes(seconds=1)
        assert (await ada.enters(late)).status_code == 403


async def test_a_link_of_somebody_who_left_is_none() -> None:
    async with line() as t, browser(t) as ada:
        code = await link(t)
        await t.reloads(people=(GRACE, LIN), rota=("grace",))
        assert (await ada.enters(code)).status_code == 403
        t.looks_away("desk", "Grace")


@pytest.mark.parametrize("code", ["", "x", "token-9999", "x" * 5000, "é☎\0", "' or 1=1 --"])
async def test_what_is_no_code(code: str) -> None:
    async with line() as t, browser(t) as ada:
        await link(t)
        answer = await ada.enters(code)
        assert (answer.status_code, ada.jar) == (403, {})


async def test_five_links_at_a_time() -> None:
    async with line() as t, browser(t) as ada:
        codes = [await link(t) for _ in range(5)]
        await t.engineer("Ada").types("board")
        assert "You have several links to the board that still work: open the latest one." in t.read("Ada")
        assert (await ada.enters(codes[0])).status_code == 303
        await link(t)
        await t.engineer("Ada").types("board")
        assert "several links" in t.read("Ada")
        t.comes(minutes=10)
        await link(t)
        assert await link(t, "Grace")


async def test_wrong_codes_of_an_address_are_slowed_down() -> None:
    async with line() as t, browser(t) as ada:
        code = await link(t)
        assert {(await ada.enters(f"wrong{n}")).status_code for n in range(30)} == {403}
        slow = await ada.enters("wrong")
        assert (slow.status_code, slow.headers["retry-after"]) == (429, "60")
        assert "Try again in a minute." in slow.text
        assert (await ada.enters(code)).status_code == 303, "somebody else of the same address"
        t.comes(minutes=1)
        assert (await ada.enters("wrong")).status_code == 403


async def test_who_is_no_engineer_gets_no_link() -> None:
    operator = Who(name="Olga", slack="U0OLGA", roles=("operator",))
    async with line(people=(GRACE, LIN, operator), rota=("grace",)) as t:
        await t.engineer("Olga").types("board")
        assert "The board is for engineers and leads of a team." in t.read("Olga")


async def test_whoever_is_not_logged_in_learns_how_to_get_in_and_nothing_else() -> None:
    async with line() as t, browser(t) as stranger:
        await t.emergency()
        pages = {path: await stranger.gets(path) for path in PATHS}
        assert {page.status_code for page in pages.values()} == {401}
        assert len({page.text for page in pages.values()}) == 1, "the same for what is there and what is not"
        assert "Write /standby board in Slack" in pages["/board"].text
        posted = await stranger.posts("/board/ticket/MIT-1001/take", csrf="x")
        assert posted.status_code == 401
        t.looks_away()


async def test_a_stranger_is_answered_in_the_browsers_language() -> None:
    async with line() as t, browser(t) as stranger:
        for wanted, language in (("pl-PL,pl;q=0.9,en;q=0.8", "pl"), ("de,en;q=0.5", "en"), ("", "en")):
            page = await stranger.gets("/board", headers={"accept-language": wanted})
            assert f'<html lang="{language}">' in page.text


async def test_another_cookie_is_nobody() -> None:
    async with line() as t, logged_in(t) as ada, browser(t) as thief:
        for stolen in ("", "x", ada.jar[COOKIE][:-1], ada.jar[COOKIE].upper(), "x" * 3000):
            thief.jar = {COOKIE: stolen}
            answer = await thief.gets("/board")
            assert answer.status_code == 401
        thief.jar = {"standby": ada.jar[COOKIE], "Host-standby": ada.jar[COOKIE]}
        assert (await thief.gets("/board")).status_code == 401


async def test_a_cookie_never_lives_through_a_log_in() -> None:
    async with line() as t, logged_in(t) as ada, browser(t) as thief:
        thief.jar = dict(ada.jar)
        assert (await ada.enters(await link(t))).status_code == 303
        assert ada.jar != thief.jar
        assert (await thief.gets("/board")).status_code == 401
        assert (await ada.gets("/board")).status_code == 200


async def test_a_cookie_that_somebody_planted_is_not_taken_over() -> None:
    async with line() as t, browser(t) as ada:
        ada.jar = {COOKIE: "planted"}
        await ada.enters(await link(t))
        assert ada.jar[COOKIE] != "planted"
        ada.jar = {COOKIE: "planted"}
        assert (await ada.gets("/board")).status_code == 401
        assert ada.jar == {}, "and the browser is told to forget it"


async def test_a_session_ends_when_nobody_is_there() -> None:
    async with line() as t, logged_in(t) as ada:
        for _ in range(4):
            t.comes(minutes=29)
            assert (await ada.gets("/board")).status_code == 200
        t.comes(minutes=30)
        assert (await ada.gets("/board")).status_code == 401
        assert ada.jar == {}


async def test_a_session_ends_in_any_case() -> None:
    async with line() as t, logged_in(t) as ada:
        for _ in range(12 * 3 - 1):
            t.comes(minutes=20)
            assert (await ada.gets("/board")).status_code == 200
        t.comes(minutes=20)
        assert (await ada.gets("/board")).status_code == 401


async def test_how_long_is_a_setting() -> None:
    async with line(settings='[board]\nidle = "2m"\nabsolute = "5m"') as t, logged_in(t) as ada:
        t.comes(minutes=1, seconds=50)
        assert (await ada.gets("/board")).status_code == 200
        t.comes(minutes=2)
        assert (await ada.gets("/board")).status_code == 401


async def test_leaving_ends_this_one_alone() -> None:
    async with line() as t, logged_in(t) as here, logged_in(t) as there:
        stolen = dict(here.jar)
        left = await here.posts("/board/leave", csrf=await here.csrf())
        assert (left.status_code, here.jar) == (200, {})
        assert "You have left the board" in left.text
        here.jar = stolen
        assert (await here.gets("/board")).status_code == 401
        assert (await there.gets("/board")).status_code == 200


async def test_it_ends_with_the_persons_work_here() -> None:
    async with line() as t, logged_in(t) as ada, logged_in(t, "Grace") as grace:
        await t.reloads(people=(GRACE, LIN), rota=("grace",))
        assert (await ada.gets("/board")).status_code == 401
        assert (await grace.gets("/board")).status_code == 200
        operator = Who(name="Grace", slack="U0GRACE", phones=GRACE.phones, roles=("operator",))
        await t.reloads(people=(operator, LIN), rota=("lin",), steps=(("person:lin", "5m"),))
        assert (await grace.gets("/board")).status_code == 401
        await t.reloads()
        assert [(await it.gets("/board")).status_code for it in (ada, grace)] == [401, 401]
        t.looks_away()


async def test_a_session_outlives_a_restart() -> None:
    async with line() as t:
        async with logged_in(t) as ada:
            jar = ada.jar
        await t.is_down(minutes=1)
        async with browser(t) as later:
            later.jar = jar
            assert (await later.gets("/board")).status_code == 200


async def test_a_name_is_text() -> None:
    markup = "<script>alert(1)</script>\"'&"
    named = Who(name="Ada", slack="U0ADA")
    async with line(people=(named, GRACE, LIN)) as t:
        path = t.bot.path
        text = path.read_text("utf-8").replace('name = "Ada"', f"name = '''{markup}'''")
        assert markup in text
        path.write_text(text, "utf-8")
        assert (await t.bot.standby.reload()).problems == ()
        async with logged_in(t) as ada:
            page = (await ada.gets("/board/figures")).text
            assert "alert(1)" in page and "<script>alert" not in page
            assert re.search(r"&lt;script&gt;alert\(1\)&lt;/script&gt;&#34;&#39;&amp;", page)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("", "bot.public_url of the configuration is empty"),
        ("http://desk.example.com", "The board needs https"),
        ("http://127.0.0.1.example.com", "The board needs https"),
    ],
)
async def test_without_tls_there_is_no_link(url: str, told: str) -> None:
    async with line() as t:
        bus = t.bot.standby.bus
        bus.setup = dataclasses.replace(bus.setup, public_url=url)
        await t.engineer("Ada").types("board")
        assert told in t.read("Ada")


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080"])
async def test_on_this_machine_plain_http_will_do(url: str) -> None:
    async with line() as t:
        bus = t.bot.standby.bus
        bus.setup = dataclasses.replace(bus.setup, public_url=url)
        await t.engineer("Ada").types("board")
        assert f"{url}/board/enter#" in t.read("Ada")
        assert cookie_name(url) == "standby-8080"
        answer = Response()
        give_cookie(answer, url, "secret")
        assert "secure" not in answer.headers["set-cookie"].lower()


async def test_what_a_page_of_ours_did_not_send_logs_nobody_in() -> None:
    async with line() as t, browser(t) as ada:
        code = await link(t)
        for headers in (
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
            {"sec-fetch-site": "none"},
            {"origin": "https://evil.example"},
            {"origin": "null"},
            {},
            {"sec-fetch-site": "cross-site", "origin": PUBLIC},
        ):
            answer = await ada.posts("/board/enter", headers, code=code)
            assert (answer.status_code, ada.jar) == (403, {}), headers
        assert (await ada.posts("/board/enter", {"origin": PUBLIC}, code=code)).status_code == 303
