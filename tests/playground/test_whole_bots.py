"""Whole bots of the vendors' frameworks against the stand-ins, and a clean end in either order."""

import asyncio
from typing import Any

import pytest
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram.ext import Application, MessageHandler, filters

from playground import Delivered, Playground
from playground.server import Served
from tests.playground.test_slack_api import button, section


async def test_bolt_over_http(play: Playground) -> None:
    client = AsyncWebClient(play.slack.bot_token, base_url=play.slack_api_url)
    app = AsyncApp(client=client, signing_secret=play.slack.signing_secret)
    handler = AsyncSlackRequestHandler(app)

    @app.event("message")
    async def on_message(say: Any) -> None:
        await say(
            text="Ticket", blocks=[section("Ticket"), {"type": "actions", "elements": [button("Ack", "ack")]}]
        )

    @app.action("ack")
    async def on_ack(ack: Any, body: Any, client: Any, respond: Any) -> None:
        await ack()
        view = {
            "type": "modal",
            "callback_id": "note",
            "title": {"type": "plain_text", "text": "Note"},
            "submit": {"type": "plain_text", "text": "Save"},
            "blocks": [
                {
                    "type": "input",
                    "block_id": "n",
                    "label": {"type": "plain_text", "text": "Note"},
                    "element": {"type": "plain_text_input", "action_id": "t"},
                }
            ],
        }
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await respond("only you", replace_original=False)

    @app.view("note")
    async def on_note(ack: Any, view: Any) -> None:
        value = view["state"]["values"]["n"]["t"]["value"]
        await ack(**({"response_action": "errors", "errors": {"n": "too short"}} if len(value) < 3 else {}))

    async def events(request: Request) -> Response:
        return await handler.handle(request)

    served = Served(Starlette(routes=[Route("/slack/events", events, methods=["POST"])]), "127.0.0.1", 0)
    await served.start()
    play.bot_url = f"http://127.0.0.1:{served.port}"
    try:
        answer = await play.slack.dm("U0THANDI", "mail is down")
        assert isinstance(answer, Delivered) and answer.status == 200
        card = await play.journal.wait_for(lambda e: e.kind == "dm")
        assert card.text == "Ticket\n[Ack]"
        await play.slack.press("U0THANDI", card.where, card.id, "ack")
        view = await play.journal.wait_for(lambda e: e.kind == "view_opened")
        await play.journal.wait_for(lambda e: e.kind == "ephemeral" and e.text == "only you")
        await play.slack.submit("U0THANDI", view.id, {"n": {"t": "x"}})
        await play.slack.submit("U0THANDI", view.id, {"n": {"t": "xyz"}})
        kinds = [e.kind for e in play.journal.entries("slack") if e.kind.startswith("view_")]
        assert kinds == ["view_opened", "view_errors", "view_closed"]
        await play.settle()
        assert not play.journal.entries("slack", "delivery_failed")
    finally:
        await served.stop()


@pytest.mark.parametrize("playground_first", [False, True])
async def test_ptb_polls(play: Playground, playground_first: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    url = play.telegram_api_url
    app = Application.builder().token(play.telegram.token).base_url(f"{url}/bot").build()

    async def on_text(update: Any, _: Any) -> None:
        await update.message.reply_text(f"heard {update.message.text}")

    app.add_handler(MessageHandler(filters.TEXT, on_text))
    async with app:
        await app.start()
        assert app.updater is not None
        await app.updater.start_polling(timeout=5)
        await play.telegram.says(20001, "help")
        found = await play.journal.wait_for(lambda e: e.kind == "message")
        assert (found.text, found.to) == ("heard help", "20001")
        if playground_first:
            await play.stop()
        await asyncio.wait_for(app.updater.stop(), 3)
        await app.stop()
