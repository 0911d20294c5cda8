"""The Web API through slack_sdk: what it does, and every refusal in Slack's words."""

import asyncio
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from playground import Fault, Playground
from tests.playground.conftest import Bot, Times


@pytest.fixture
async def slack(play: Playground) -> AsyncWebClient:
    return AsyncWebClient(play.slack.bot_token, base_url=play.slack_api_url, retry_handlers=[], timeout=2)


async def error(call: Any) -> Any:
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(label: str, action_id: str, value: str = "v") -> dict[str, Any]:
    text = {"type": "plain_text", "text": label}
    return {"type": "button", "text": text, "action_id": action_id, "value": value}


async def test_a_thread_is_posted_edited_and_read_back(slack: AsyncWebClient, play: Playground) -> None:
    parent = await slack.chat_postMessage(channel="C0DESK", text="*Ticket 1*", blocks=[section("*Ticket 1*")])
    meta = {"event_type": "standby_outbox", "event_payload": {"id": "7"}}
    reply = await slack.chat_postMessage(channel="C0DESK", thread_ts=parent["ts"], text="due", metadata=meta)
    await slack.chat_update(channel="C0DESK", ts=parent["ts"], text="Ticket 1: 30 min left")

    replies = await slack.conversations_replies(channel="C0DESK", ts=parent["ts"], include_all_metadata=True)
    history = await slack.conversations_history(channel="C0DESK")

    assert [m["text"] for m in replies["messages"]] == ["Ticket 1: 30 min left", "due"]
    assert replies["messages"][1]["metadata"] == meta
    assert (
        "metadata"
        not in (await slack.conversations_replies(channel="C0DESK", ts=parent["ts"]))["messages"][1]
    )
    assert [m["ts"] for m in history["messages"]] == [parent["ts"]]
    assert reply["ts"] > parent["ts"]
    assert [(e.kind, e.thread) for e in play.journal.entries("slack")] == [
        ("message", ""),
        ("message", parent["ts"]),
        ("edited", parent["ts"]),
    ]


async def test_requests_are_recorded_as_the_checker_wants_them(
    slack: AsyncWebClient, play: Playground
) -> None:
    await slack.chat_postMessage(channel="C0DESK", text="hello")
    await slack.users_lookupByEmail(email="ada@desk.example")
    post, lookup = play.requests
    assert (post["platform"], post["method"], post["path"]) == ("slack", "POST", "/api/chat.postMessage")
    assert post["headers"]["authorization"] == f"Bearer {play.slack.bot_token}"
    assert post["body"]["text"] == "hello"
    assert (lookup["method"], lookup["query"]["email"]) == ("GET", "ada@desk.example")


@pytest.mark.parametrize(
    ("method", "arguments", "expected"),
    [
        ("chat.postMessage", {"channel": "C0NONE", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"text": "x"}, "invalid_arguments"),
        ("chat.postMessage", {"channel": "C0DESK"}, "no_text"),
        ("chat.postMessage", {"channel": "C0DESK", "text": "x", "thread_ts": "1.2"}, "thread_not_found"),
        ("chat.update", {"channel": "C0DESK", "ts": "1.2", "text": "x"}, "message_not_found"),
        ("chat.delete", {"channel": "C0DESK", "ts": "1.2"}, "message_not_found"),
        ("chat.postEphemeral", {"channel": "C0DESK", "user": "U0THANDI", "text": "x"}, "user_not_in_channel"),
        ("reactions.add", {"channel": "C0DESK", "timestamp": "1.2", "name": "eyes"}, "message_not_found"),
        ("conversations.open", {"users": "U0NOBODY"}, "user_not_found"),
        ("users.info", {"user": "U0NOBODY"}, "user_not_found"),
        ("users.lookupByEmail", {"email": "x@y.example"}, "users_not_found"),
        ("views.open", {"view": {"type": "modal"}}, "invalid_arguments"),
        ("no.such", {}, "unknown_method"),
    ],
)
async def test_refusals(
    slack: AsyncWebClient, play: Playground, method: str, arguments: Any, expected: str
) -> None:
    response = await error(slack.api_call(method, json=arguments))
    assert response["error"] == expected
    assert play.journal.entries("slack", "refused")[-1].text == expected


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ([{"type": "divider"}] * 51, "invalid_blocks"),
        ([section("x" * 3001)], "invalid_blocks"),
        ([{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}], "invalid_blocks"),
        ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "invalid_blocks"),
        ([{"type": "actions", "elements": [button("x" * 76, "a")]}], "invalid_blocks"),
        ([{"type": "actions", "elements": [button("x", "a", "v" * 2001)]}], "invalid_blocks"),
        ([{"type": "actions", "elements": [button("x", f"a{i}") for i in range(26)]}], "invalid_blocks"),
        ([{"type": "actions", "elements": [button("x", "a"), button("y", "a")]}], "invalid_blocks"),
        ([{**section("x"), "block_id": "b"}, {**section("y"), "block_id": "b"}], "invalid_blocks"),
        ([{"type": "sectoin"}], "invalid_blocks"),
        ([section("x" * 2900) for _ in range(5)], "msg_blocks_too_long"),
        ("text", "invalid_blocks_format"),
    ],
)
async def test_block_limits(slack: AsyncWebClient, blocks: Any, expected: str) -> None:
    response = await error(slack.api_call("chat.postMessage", json={"channel": "C0DESK", "blocks": blocks}))
    assert response["error"] == expected
    if expected == "invalid_blocks":
        assert "[json-pointer:/blocks" in response["response_metadata"]["messages"][0]


async def test_tokens(play: Playground) -> None:
    wrong = AsyncWebClient("xoxb-wrong", base_url=play.slack_api_url, retry_handlers=[])
    assert (await error(wrong.auth_test()))["error"] == "invalid_auth"
    bot = AsyncWebClient(play.slack.bot_token, base_url=play.slack_api_url, retry_handlers=[])
    assert (await bot.auth_test())["user_id"] == play.slack.bot_user_id
    refused = await error(bot.api_call("apps.connections.open"))
    assert refused["error"] == "not_allowed_token_type"


async def test_reactions_once_each(slack: AsyncWebClient, play: Playground) -> None:
    ts = (await slack.chat_postMessage(channel="C0DESK", text="x"))["ts"]
    await slack.reactions_add(channel="C0DESK", timestamp=ts, name="eyes")
    again = await error(slack.reactions_add(channel="C0DESK", timestamp=ts, name="eyes"))
    assert again["error"] == "already_reacted"
    await slack.reactions_remove(channel="C0DESK", timestamp=ts, name="eyes")
    assert (await error(slack.reactions_remove(channel="C0DESK", timestamp=ts, name="eyes")))[
        "error"
    ] == "no_reaction"


async def test_a_private_channel_hides_from_an_outside_bot(slack: AsyncWebClient, play: Playground) -> None:
    play.slack.add_channel("C0BOARD", "board", ["U0ADA"], private=True, bot=False)
    play.slack.add_channel("C0OPEN", "open", ["U0ADA"], bot=False)
    refused = await error(slack.chat_postMessage(channel="C0BOARD", text="x"))
    assert refused["error"] == "channel_not_found"
    assert (await slack.chat_postMessage(channel="C0OPEN", text="x"))["ok"]
    assert (await error(slack.conversations_history(channel="C0OPEN")))["error"] == "not_in_channel"
    await slack.conversations_join(channel="C0OPEN")
    assert len((await slack.conversations_history(channel="C0OPEN"))["messages"]) == 1


async def test_a_trigger_lives_three_seconds_and_works_once(
    slack: AsyncWebClient, play: Playground, bot: Bot, ticks: Times
) -> None:
    play.bot_url = bot.url
    view = {"type": "modal", "title": {"type": "plain_text", "text": "New"}, "blocks": [section("x")]}
    await play.slack.command("U0ADA", "C0DESK", text="new")
    trigger = bot.heard[-1].form["trigger_id"]
    opened = await slack.views_open(trigger_id=trigger, view=view)
    assert opened["view"]["id"] in play.slack.views
    assert (await error(slack.views_open(trigger_id=trigger, view=view)))["error"] == "exchanged_trigger_id"
    await play.slack.command("U0ADA", "C0DESK", text="new")
    ticks.seconds += 3.1
    late = await error(slack.views_open(trigger_id=bot.heard[-1].form["trigger_id"], view=view))
    assert late["error"] == "expired_trigger_id"
    long = {**view, "title": {"type": "plain_text", "text": "x" * 25}}
    refused = await error(slack.views_open(trigger_id=trigger, view=long))
    assert refused["error"] == "invalid_arguments"
    assert "/view/title" in refused["response_metadata"]["messages"][0]


async def test_faults_on_order(slack: AsyncWebClient, play: Playground) -> None:
    faults = play.faults
    faults.add("slack", "chat.postMessage", Fault.rate_limited(7))
    limited = await error(slack.chat_postMessage(channel="C0DESK", text="x"))
    assert (limited.status_code, limited.headers["Retry-After"], limited["error"]) == (
        429,
        "7",
        "ratelimited",
    )
    faults.add("slack", "chat.postMessage", Fault.server_error(503))
    assert (await error(slack.chat_postMessage(channel="C0DESK", text="x"))).status_code == 503
    faults.add("slack", "chat.postMessage", Fault.refuse("is_archived"))
    assert (await error(slack.chat_postMessage(channel="C0DESK", text="x")))["error"] == "is_archived"
    faults.add("slack", "chat.postMessage", Fault.reset())
    with pytest.raises(aiohttp.ClientError):
        await slack.chat_postMessage(channel="C0DESK", text="x")
    assert play.journal.entries("slack", "message") == []
    slack.timeout = 1
    faults.add("slack", "chat.postMessage", Fault.accept_then_hang(30))
    with pytest.raises(asyncio.TimeoutError):
        await slack.chat_postMessage(channel="C0DESK", text="done anyway")
    assert [e.text for e in play.journal.entries("slack", "message")] == ["done anyway"]
    assert faults.pending == 0


async def test_waiting_says_what_happened_instead(slack: AsyncWebClient, play: Playground) -> None:
    await slack.chat_postMessage(channel="U0ADA", text="paged you")
    found = await play.journal.wait_for(lambda e: e.kind == "dm" and e.to == "U0ADA")
    assert found.text == "paged you"
    with pytest.raises(TimeoutError, match="paged you"):
        await play.journal.wait_for(lambda e: e.kind == "sms", timeout=0.05)
    waiting = asyncio.ensure_future(play.journal.wait_for(lambda e: e.kind == "edited"))
    await asyncio.sleep(0)
    await slack.chat_update(channel=play.slack.im("U0ADA"), ts=found.id, text="taken")
    assert (await waiting).text == "taken"
