"""What a member does on the Slack screen, and how it reaches the bot."""

import json
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from starlette.responses import JSONResponse, PlainTextResponse, Response

from playground import Playground
from tests.playground.conftest import Bot
from tests.playground.test_slack_api import button, section
from tests.playground.test_web_slack import plain, words
from tests.playground.web_controls import Desk, desk_of


@pytest.fixture
async def desk(play: Playground, bot: Bot) -> AsyncIterator[Desk]:
    play.bot_url = bot.url
    async with desk_of(play) as desk:
        yield desk


@pytest.fixture
async def slack(play: Playground) -> AsyncWebClient:
    return AsyncWebClient(play.slack.bot_token, base_url=play.slack_api_url, retry_handlers=[], timeout=2)


async def test_what_is_written_reaches_the_bot_as_slack_sends_it(
    desk: Desk, bot: Bot, play: Playground
) -> None:
    assert (await desk.do("slack.say", text=" server down ")).status_code == 200
    event = bot.heard[0].json["event"]
    assert (event["type"], event["user"], event["channel"], event["text"]) == (
        "message",
        "U0ADA",
        "C0DESK",
        "server down",
    )
    await desk.do("slack.say", {"as": "U0ADA"}, text="on it", to="C0DESK", thread_of=event["ts"])
    assert bot.heard[1].json["event"]["thread_ts"] == event["ts"]
    assert (await desk.do("slack.say", text="  ")).json()["error"] == "Write something first."


async def test_a_command_is_one_and_its_answer_is_a_whisper(desk: Desk, bot: Bot) -> None:
    bot.answers = [JSONResponse({"response_type": "ephemeral", "text": "*MIT-1001* is yours"})]
    assert (await desk.do("slack.say", text="/standby status MIT-1001")).status_code == 200
    assert (bot.heard[0].form["command"], bot.heard[0].form["text"]) == ("/standby", "status MIT-1001")
    shown = await desk.pane("slack")
    assert "<strong>MIT-1001</strong> is yours" in shown and "Only visible to you" in shown
    assert "one command" in (await desk.do("slack.say", text="/giphy cat")).json()["error"]
    assert "in a thread" in (await desk.do("slack.say", text="/standby ack", thread_of="1.0")).json()["error"]
    bot.answers = [PlainTextResponse("", 500)]
    refused = await desk.do("slack.say", text="/standby")
    assert refused.status_code == 422 and "status 500" in refused.json()["error"]


async def test_a_press_is_told_with_its_value(desk: Desk, slack: AsyncWebClient, bot: Bot) -> None:
    options = [{"text": plain("One hour"), "value": "1h"}]
    menu = {
        "type": "static_select",
        "action_id": "snooze",
        "placeholder": plain("Snooze"),
        "options": options,
    }
    card = await slack.chat_postMessage(
        channel="C0DESK",
        text="t",
        blocks=[{"type": "actions", "elements": [button("Ack", "ack", "7"), menu]}],
    )
    await bot.hears(1)
    where = {"channel_of": "C0DESK", "ts": card["ts"]}
    assert (await desk.do("slack.press", **where, action="ack", value="7")).status_code == 200
    assert (await desk.do("slack.press", **where, action="snooze", value="1h")).status_code == 200
    assert (await desk.do("slack.press", **where, action="snooze", value="never")).status_code == 409
    pressed = [h.payload["actions"][0] for h in bot.heard[1:]]
    assert [p["action_id"] for p in pressed] == ["ack", "snooze"]
    assert pressed[1]["selected_option"]["value"] == "1h"


MODAL: dict[str, Any] = {
    "type": "modal",
    "callback_id": "new",
    "title": plain("New <ticket>"),
    "submit": plain("Open ticket"),
    "close": plain("Cancel"),
    "blocks": [
        {
            "type": "input",
            "block_id": "text",
            "label": plain("What is wrong?"),
            "hint": plain("In your own words"),
            "element": {
                "type": "plain_text_input",
                "action_id": "text",
                "multiline": True,
                "initial_value": "printer",
            },
        },
        {
            "type": "input",
            "block_id": "severity",
            "label": plain("How urgent?"),
            "element": {
                "type": "static_select",
                "action_id": "severity",
                "options": [{"text": plain("High"), "value": "high"}, {"text": plain("Low"), "value": "low"}],
            },
        },
        {
            "type": "input",
            "block_id": "contact",
            "optional": True,
            "label": plain("For whom?"),
            "element": {"type": "external_select", "action_id": "contact", "min_query_length": 0},
        },
    ],
}


@pytest.fixture
async def modal(desk: Desk, slack: AsyncWebClient, bot: Bot) -> str:
    """Open on Ada's screen; its id."""

    async def opens() -> Response:
        trigger = bot.heard[-1].form["trigger_id"]
        await slack.views_open(trigger_id=trigger, view=MODAL)
        return Response()

    bot.answers = [opens]
    await desk.do("slack.say", text="/standby new")
    return next(iter(desk.controls.play.slack.views))


async def test_a_modal_stands_on_one_screen_with_all_its_fields(desk: Desk, modal: str) -> None:
    shown = await desk.pane("slack")
    assert 'role="dialog" aria-modal="true"' in shown and "New &lt;ticket&gt;" in shown
    assert re.search(r'<textarea id="[^"]+" name="text/text" rows="4"[^>]*>printer</textarea>', shown)
    assert '<option value="high">High</option>' in shown and "(optional)" in shown
    assert "data-do-now" in shown and "In your own words" in shown
    assert "aria-modal" not in await desk.pane("slack", **{"as": "U0THANDI"})
    await desk.do("slack.close", view=modal)
    assert "aria-modal" not in await desk.pane("slack")


async def test_options_are_asked_of_the_bot(desk: Desk, bot: Bot, modal: str) -> None:
    bot.answers = [JSONResponse({"options": [{"text": plain("Thandi <Acme>"), "value": "acme/thandi"}]})]
    asked = {"view": modal, "block": "contact", "action": "contact", "query": "tha"}
    assert (await desk.do("slack.suggest", **asked)).status_code == 200
    assert (bot.heard[-1].payload["type"], bot.heard[-1].payload["value"]) == ("block_suggestion", "tha")
    shown = await desk.pane("slack")
    assert '<option value="acme/thandi">Thandi &lt;Acme&gt;</option>' in shown and "data-do-now" not in shown
    filled = {"text/text": "down", "severity/severity": "high", "contact/contact": "acme/thandi"}
    assert (await desk.do("slack.submit", view=modal, **filled)).status_code == 200
    values = bot.heard[-1].payload["view"]["state"]["values"]
    assert values["contact"]["contact"]["selected_option"]["value"] == "acme/thandi"
    assert values["text"]["text"]["value"] == "down"
    assert "aria-modal" not in await desk.pane("slack")


async def test_a_mistake_stands_at_its_field(desk: Desk, bot: Bot, modal: str) -> None:
    before = len(bot.heard)
    await desk.do("slack.submit", view=modal, **{"text/text": " "})
    assert len(bot.heard) == before
    assert words(await desk.pane("slack")).count("Please fill this in.") == 2
    errors = {"response_action": "errors", "errors": {"text": "Say <more>."}}
    bot.answers = [JSONResponse(errors)]
    await desk.do("slack.submit", view=modal, **{"text/text": "x", "severity/severity": "low"})
    shown = await desk.pane("slack")
    assert "Say &lt;more&gt;." in shown and shown.count('class="mistake"') == 1
    bot.answers = [PlainTextResponse("", 503)]
    refused = await desk.do("slack.submit", view=modal, **{"text/text": "x", "severity/severity": "low"})
    assert refused.status_code == 422 and "was not sent" in refused.json()["error"]


async def test_the_home_tab_and_the_shortcut(desk: Desk, slack: AsyncWebClient, bot: Bot) -> None:
    assert "drawn nothing" in await desk.pane("slack", channel="home")
    await desk.do("slack.home", {"channel": "home"})
    assert bot.heard[-1].json["event"]["type"] == "app_home_opened"
    blocks = [section("*Your tickets*"), {"type": "actions", "elements": [button("New", "new")]}]
    await slack.views_publish(user_id="U0ADA", view={"type": "home", "blocks": blocks})
    shown = await desk.pane("slack", channel="home")
    view = re.search(r'data-do="slack.press_view" data-view="([^"]+)" data-action="new"', shown)
    assert "<strong>Your tickets</strong>" in shown and view is not None
    await desk.do("slack.press_view", view=view[1], action="new")
    assert bot.heard[-1].payload["view"]["type"] == "home"
    await desk.do("slack.say", text="broken")
    ts = json.loads(bot.heard[-1].raw)["event"]["ts"]
    assert 'data-do="slack.shortcut"' in await desk.pane("slack")
    await desk.do("slack.shortcut", channel_of="C0DESK", ts=ts)
    assert (bot.heard[-1].payload["type"], bot.heard[-1].payload["callback_id"]) == (
        "message_action",
        "open_ticket",
    )
