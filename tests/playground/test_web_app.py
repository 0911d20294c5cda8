"""The page's doors: who is let in, what is fetched, what a deed answers, and what is told when something changes."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from html.parser import HTMLParser

import httpx
import pytest

from playground import Playground
from tests.playground.web_controls import Desk, desk_of


@pytest.fixture
async def desk(play: Playground) -> AsyncIterator[Desk]:
    async with desk_of(play) as desk:
        yield desk


class Tags(HTMLParser):
    """Every tag with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


async def test_the_page_has_its_landmarks_and_all_screens(desk: Desk) -> None:
    answer = await desk.http.get("/")
    tags = Tags(answer.text).found
    assert {"header", "nav", "main", "aside"} <= {tag for tag, _ in tags}
    panes = [found["data-pane"] for _, found in tags if "data-pane" in found]
    assert sorted(map(str, panes)) == [
        "bar",
        "customer",
        "engineer",
        "slack",
        "telegram",
        "telephone",
        "tour",
    ]
    ids = [found["id"] for _, found in tags if "id" in found]
    assert len(ids) == len(set(ids))


async def test_nothing_comes_from_outside_and_nothing_stands_inline(desk: Desk) -> None:
    answer = await desk.http.get("/")
    for tag, found in Tags(answer.text).found:
        assert "style" not in found and not [name for name in found if name.startswith("on")], (tag, found)
        fetched = (found.get("href") if tag == "link" else None) or found.get("src")
        assert fetched is None or fetched.startswith("/static/"), (tag, found)
        assert tag != "style" and (tag != "script" or found.get("src"))
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'") and "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


async def test_how_a_screen_is_looked_at_stands_in_the_url(desk: Desk) -> None:
    page = (await desk.http.get("/", params={"slack.as": "U0THANDI", "telegram.as": "20001"})).text
    assert re.search(r'data-pane="slack" data-query="as=U0THANDI"', page)
    assert re.search(r'<option value="U0THANDI" selected>', page)


async def test_static_files_are_those_that_there_are(desk: Desk) -> None:
    page = (await desk.http.get("/")).text
    script = re.search(r'src="(/static/play\.js\?v=\w+)"', page)
    assert script is not None
    answer = await desk.http.get(script[1])
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "immutable" in answer.headers["cache-control"]
    assert (await desk.http.get("/static/play.js")).headers["cache-control"] == "no-cache"
    for name in ("app.py", "..%2fapp.py", "%2e%2e/app.py", ""):
        assert (await desk.http.get(f"/static/{name}")).status_code == 404
    assert (await desk.http.get("/pane/passwords")).status_code == 404


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "", "127.0.0.1@x"]
)
async def test_a_strange_name_for_this_machine_gets_nothing(desk: Desk, host: str) -> None:
    for path in ("/", "/pane/slack", "/events", "/static/play.js"):
        answer = await desk.http.get(path, headers={"Host": host})
        assert answer.status_code in (400, 403)
        assert "Thandi" not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1", "Sec-Fetch-Site": "same-origin"},
    ],
)
async def test_only_the_page_itself_may_do_something(desk: Desk, headers: dict[str, str]) -> None:
    answer = await desk.http.post("/do/step", json={}, headers=headers)
    assert answer.status_code == 403
    assert desk.controls.done == []


async def test_a_browser_that_names_its_page_alone_may_too(desk: Desk) -> None:
    origin = str(desk.http.base_url).rstrip("/")
    assert (await desk.http.post("/do/step", json={}, headers={"Origin": origin})).status_code == 200
    assert desk.controls.done == [("step",)]
    assert (await desk.http.get("/do/step")).status_code == 405


async def test_the_bar_does_what_it_says(desk: Desk) -> None:
    await desk.do("speed", id="60")
    await desk.do("jump", id="saturday")
    await desk.do("policy", id="serwis")
    await desk.do("fault", id="sms", on="0")
    await desk.do("fault", id="sms", on=True)
    await desk.do("story", id="night")
    await desk.do("story", id="")
    await desk.do("next")
    assert desk.controls.done == [
        ("speed", "60"),
        ("jump", "saturday"),
        ("policy", "serwis"),
        ("fault", "sms", "False"),
        ("fault", "sms", "True"),
        ("story", "night"),
        ("story", ""),
        ("next",),
    ]


async def test_what_cannot_be_done_is_a_sentence(desk: Desk) -> None:
    refused = await desk.do("jump", id="nowhere")
    assert (refused.status_code, refused.json()["error"]) == (
        422,
        "There is no such moment: <b>choose another</b>.",
    )
    gone = await desk.do("slack.press", channel_of="C0DESK", ts="1.0", action="ack")
    assert gone.status_code == 409 and "no longer there" in gone.json()["error"]
    assert (await desk.do("slack.press")).status_code == 409
    assert (await desk.do("launch")).status_code == 404


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"[1]", "application/json"),
        (b"{", "application/json"),
        (b"\xff", "application/json"),
        (b"{}", "text/plain"),
    ],
)
async def test_what_cannot_be_read_does_nothing(desk: Desk, body: bytes, kind: str) -> None:
    headers = {"Sec-Fetch-Site": "same-origin", "Content-Type": kind}
    answer = await desk.http.post("/do/step", content=body, headers=headers)
    assert answer.status_code == 400 and answer.json()["error"].endswith(".")
    assert desk.controls.done == []


async def test_a_form_is_as_good_as_json_and_a_flood_is_neither(desk: Desk) -> None:
    headers = {"Sec-Fetch-Site": "same-origin"}
    assert (await desk.http.post("/do/jump", data={"id": "x"}, headers=headers)).status_code == 200
    assert desk.controls.done == [("jump", "x")]
    assert (await desk.do("jump", id="x" * 300_000)).status_code == 400


# ---------------------------------------------------------------- what is told
class Listener:
    """Reads the stream of events."""

    def __init__(self, answer: httpx.Response) -> None:
        self._lines = answer.aiter_lines()
        self.mark = ""

    async def hears(self) -> str:
        async with asyncio.timeout(5):
            async for line in self._lines:
                if line.startswith("id: "):
                    self.mark = line[4:]
                if line.startswith("data: "):
                    return str(json.loads(line[6:])["pane"])
        raise AssertionError("the stream has ended")


async def _mark(desk: Desk) -> str:
    found = re.search(r'data-mark="([^"]+)"', (await desk.http.get("/")).text)
    assert found is not None
    return found[1]


async def test_a_change_is_one_small_event_for_each_screen(desk: Desk, play: Playground) -> None:
    after = await _mark(desk)
    async with desk.http.stream("GET", "/events", params={"after": after}) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        listener = Listener(answer)
        await play.slack.message("C0DESK", "U0ADA", "hello")
        assert await listener.hears() == "slack"
        await play.telegram.says(20001, "hello")
        assert await listener.hears() == "telegram"
        await play.twilio.whatsapp_says("+27115550100", "hello")
        assert await listener.hears() == "customer"
        await play.twilio.sms_says("+27115550001", "ACK 1")
        assert await listener.hears() == "engineer"
        desk.controls.turn()
        assert [await listener.hears(), await listener.hears()] == ["bar", "tour"]


async def test_what_happened_before_the_line_was_up_is_told(desk: Desk, play: Playground) -> None:
    after = await _mark(desk)
    await play.slack.message("C0DESK", "U0ADA", "one")
    async with desk.http.stream("GET", "/events", params={"after": after}) as answer:
        listener = Listener(answer)
        assert await listener.hears() == "slack"
    await play.telegram.says(20001, "two")
    again = {"Last-Event-ID": listener.mark}
    async with desk.http.stream("GET", "/events", params={"after": after}, headers=again) as answer:
        assert await Listener(answer).hears() == "telegram"


@pytest.mark.parametrize("after", ["", "old.1.5", "nonsense", "x.²", "." * 3])
async def test_a_mark_of_another_run_means_everything_anew(desk: Desk, after: str) -> None:
    async with desk.http.stream("GET", "/events", params={"after": after}) as answer:
        assert await Listener(answer).hears() == "*"


async def test_another_policy_is_another_world(desk: Desk, play: Playground) -> None:
    after = await _mark(desk)
    await desk.do("slack.dismiss", ts="1.0")
    async with Playground(pace=0.0) as other:
        async with desk.http.stream("GET", "/events", params={"after": after}) as answer:
            listener = Listener(answer)
            desk.controls.play = other
            desk.controls.turn()
            assert await listener.hears() == "*"
        assert "Nobody" in await desk.pane("slack")
        assert (await _mark(desk)).split(".")[:2] != after.split(".")[:2]


async def test_silence_is_broken_so_that_a_dead_line_is_noticed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.web.live.HEARTBEAT", 0.01)
    async with (
        desk.http.stream("GET", "/events", params={"after": await _mark(desk)}) as answer,
        asyncio.timeout(5),
    ):
        async for line in answer.aiter_lines():
            if line.startswith(":"):
                break
