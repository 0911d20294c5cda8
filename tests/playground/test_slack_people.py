"""What people do on Slack, as the bot hears it."""

import asyncio
import json
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient
from starlette.responses import JSONResponse, PlainTextResponse, Response

from playground import Delivered, Playground
from tests.playground.conftest import Bot
from tests.playground.test_slack_api import button, section


@pytest.fixture
async def slack(play: Playground, bot: Bot) -> AsyncWebClient:
    play.bot_url = bot.url
    return AsyncWebClient(play.slack.bot_token, base_url=play.slack_api_url, retry_handlers=[])


async def test_a_message_arrives_signed_escaped_and_with_todays_keys(
    slack: Any, play: Playground, bot: Bot
) -> None:
    said = "disk <90% & falling, mail bob@acme.example or https://acme.example/x"
    answer = await play.slack.dm("U0THANDI", said, client_msg_id="m1")
    assert isinstance(answer, Delivered) and answer.ok
    heard = bot.heard[0]
    assert heard.path == "/slack/events"
    assert SignatureVerifier(play.slack.signing_secret).is_valid_request(heard.raw, heard.headers)
    assert not SignatureVerifier("other").is_valid_request(heard.raw, heard.headers)
    body = heard.json
    assert body["authorizations"][0]["user_id"] == play.slack.bot_user_id
    assert "authed_users" not in body
    event = body["event"]
    assert (event["channel_type"], event["client_msg_id"], event["user"]) == ("im", "m1", "U0THANDI")
    assert event["text"] == (
        "disk &lt;90% &amp; falling, mail <mailto:bob@acme.example|bob@acme.example> or <https://acme.example/x>"
    )


async def test_the_same_event_many_times_and_again(slack: Any, play: Playground, bot: Bot) -> None:
    answers = await play.slack.message("C0DESK", "U0ADA", "on it", times=3)
    await play.slack.redeliver(play.slack.last_event_id)
    assert isinstance(answers, list) and len(answers) == 3
    assert len({h.json["event_id"] for h in bot.heard}) == 1 and len(bot.heard) == 4


async def test_a_failed_event_is_tried_three_times_more(slack: Any, play: Playground, bot: Bot) -> None:
    bot.answers += [Response(status_code=500)] * 4
    await play.slack.dm("U0ADA", "hello")
    await play.settle()
    nums = [h.headers.get("x-slack-retry-num") for h in bot.heard]
    assert nums == [None, "1", "2", "3"]
    assert bot.heard[1].headers["x-slack-retry-reason"] == "http_error"
    assert len({h.json["event_id"] for h in bot.heard}) == 1
    assert play.journal.entries("slack", "gave_up")
    bot.answers += [Response(status_code=500, headers={"X-Slack-No-Retry": "1"})]
    await play.slack.dm("U0ADA", "hello")
    await play.settle()
    assert len(bot.heard) == 5


async def test_the_bot_hears_its_own_echo_and_unfurls(
    slack: AsyncWebClient, play: Playground, bot: Bot
) -> None:
    post = await slack.chat_postMessage(channel="C0DESK", text="see https://acme.example")
    await slack.chat_postMessage(channel="C0DESK", text="see https://acme.example", unfurl_links=False)
    await slack.chat_update(channel="C0DESK", ts=post["ts"], text="edited")
    await play.settle()
    kinds = sorted(
        (e["event"].get("subtype", ""), "bot_id" in e["event"]) for e in (h.json for h in bot.heard)
    )
    assert kinds == [("", True), ("", True), ("message_changed", False), ("message_changed", False)]


async def test_buttons_and_options_come_from_the_stored_message(
    slack: Any, play: Playground, bot: Bot
) -> None:
    options = [{"text": {"type": "plain_text", "text": t}, "value": t} for t in ("low", "high")]
    select = {"type": "static_select", "action_id": "severity", "options": options}
    blocks = [section("Ticket"), {"type": "actions", "elements": [button("Take", "take", "T-1"), select]}]
    ts = (await slack.chat_postMessage(channel="C0DESK", text="Ticket", blocks=blocks))["ts"]
    await play.settle()
    bot.heard.clear()

    await play.slack.press("U0ADA", "C0DESK", ts, "take", times=2)
    await play.slack.press("U0ADA", "C0DESK", ts, "severity", value="high")
    with pytest.raises(LookupError, match="no 'drop'"):
        await play.slack.press("U0ADA", "C0DESK", ts, "drop")
    with pytest.raises(LookupError, match="'medium'"):
        await play.slack.press("U0ADA", "C0DESK", ts, "severity", value="medium")

    first, again, chosen = (h.payload for h in bot.heard)
    assert first == again and first["type"] == "block_actions"
    assert first["actions"][0]["value"] == "T-1" and first["message"]["ts"] == ts
    assert chosen["actions"][0]["selected_option"]["value"] == "high"
    await slack.chat_update(channel="C0DESK", ts=ts, text="closed", blocks=[section("closed")])
    with pytest.raises(LookupError):
        await play.slack.press("U0ADA", "C0DESK", ts, "take")
    await play.slack.press("U0ADA", "C0DESK", ts, "take", stale=True)


async def test_a_modal_from_shortcut_to_submission(slack: AsyncWebClient, play: Playground, bot: Bot) -> None:
    ts = (await slack.chat_postMessage(channel="C0DESK", text="words"))["ts"]
    await play.settle()
    await play.slack.shortcut("U0ADA", "C0DESK", ts, "make_ticket")
    shortcut = bot.heard[-1].payload
    assert (shortcut["type"], shortcut["message"]["text"]) == ("message_action", "words")
    opened = await slack.views_open(trigger_id=shortcut["trigger_id"], view=_modal())
    view_id = opened["view"]["id"]
    bot.answers.append(
        JSONResponse({"options": [{"text": {"type": "plain_text", "text": "Acme"}, "value": "acme"}]})
    )
    await play.slack.suggest("U0ADA", view_id, "org", "pick", "ac")
    assert bot.heard[-1].payload["value"] == "ac"

    with pytest.raises(ValueError, match="required"):
        await play.slack.submit("U0ADA", view_id, {})
    with pytest.raises(LookupError, match="no option"):
        await play.slack.submit("U0ADA", view_id, {"words": {"text": "x"}, "org": {"pick": "other"}})
    filled = {"words": {"text": "mail is down"}, "org": {"pick": "acme"}}
    bot.answers.append(JSONResponse({"response_action": "errors", "errors": {"words": "say more"}}))
    await play.slack.submit("U0ADA", view_id, filled)
    assert play.journal.entries("slack", "view_errors")[-1].text == "words: say more"
    await play.slack.submit("U0ADA", view_id, filled)

    values = bot.heard[-1].payload["view"]["state"]["values"]
    assert values["words"]["text"] == {"type": "plain_text_input", "value": "mail is down"}
    assert values["org"]["pick"]["selected_option"]["value"] == "acme"
    assert values["sev"]["level"]["selected_option"]["value"] == "2"
    assert view_id not in play.slack.views


def _modal() -> dict[str, Any]:
    def text(words: str) -> dict[str, str]:
        return {"type": "plain_text", "text": words}

    def field(block_id: str, element: dict[str, Any]) -> dict[str, Any]:
        return {"type": "input", "block_id": block_id, "label": text(block_id), "element": element}

    options = [{"text": text(v), "value": v} for v in ("1", "2")]
    return {
        "type": "modal",
        "callback_id": "new",
        "title": text("New ticket"),
        "submit": text("Raise"),
        "blocks": [
            field("words", {"type": "plain_text_input", "action_id": "text"}),
            field("org", {"type": "external_select", "action_id": "pick", "placeholder": text("Which")}),
            field(
                "sev",
                {
                    "type": "static_select",
                    "action_id": "level",
                    "options": options,
                    "initial_option": options[1],
                },
            ),
        ],
    }


async def test_a_command_is_answered_to_the_person_alone(slack: Any, play: Playground, bot: Bot) -> None:
    bot.answers.append(PlainTextResponse("Nobody is on call"))
    await play.slack.command("U0ADA", "C0DESK", text="oncall")
    assert bot.heard[0].form["command"] == "/standby" and bot.heard[0].form["text"] == "oncall"
    seen = play.journal.entries("slack", "ephemeral")[0]
    assert (seen.to, seen.text) == ("U0ADA", "Nobody is on call")


async def test_home_and_response_url(slack: AsyncWebClient, play: Playground, bot: Bot) -> None:
    await play.slack.home("U0ADA")
    assert bot.heard[0].json["event"]["tab"] == "home"
    await slack.views_publish(user_id="U0ADA", view={"type": "home", "blocks": [section("All quiet")]})
    assert play.journal.entries("slack", "home_published")[0].text == "All quiet"


async def test_no_answer_is_a_failed_delivery(slack: Any, play: Playground) -> None:
    play.bot_url = "http://127.0.0.1:9"
    answer = await play.slack.command("U0ADA", "C0DESK")
    assert isinstance(answer, Delivered) and answer.status == 0 and "connection_failed" in answer.body
    assert play.journal.entries("slack", "delivery_failed")


async def test_socket_mode_with_the_real_handler(play: Playground) -> None:
    client = AsyncWebClient(play.slack.bot_token, base_url=play.slack_api_url)
    app = AsyncApp(client=client, signing_secret=play.slack.signing_secret)
    heard: list[str] = []

    @app.event("message")
    async def on_message(event: dict[str, Any], say: Any) -> None:
        heard.append(event["text"])
        await say("got it")

    @app.command("/standby")
    async def on_command(ack: Any) -> None:
        await ack("help is near")

    handler = AsyncSocketModeHandler(app, play.slack.app_token)
    await handler.connect_async()
    try:
        await play.slack.sockets.connected()
        assert await play.slack.dm("U0THANDI", "help") == Delivered(200, "")
        await play.journal.wait_for(lambda e: e.kind == "dm" and e.text == "got it")
        answer = await play.slack.command("U0ADA", "C0DESK")
        assert isinstance(answer, Delivered) and json.loads(answer.body) == {"text": "help is near"}
        await play.slack.disconnect("refresh_requested")
        await play.slack.sockets.connected()
        assert await play.slack.dm("U0THANDI", "still there?") == Delivered(200, "")
        await play.journal.wait_for(
            lambda e: e.kind == "dm" and e.text == "got it", after=len(play.journal) - 1
        )
        assert heard == ["help", "still there?"]
        await play.settle()
    finally:
        await handler.close_async()
        await asyncio.sleep(0)
