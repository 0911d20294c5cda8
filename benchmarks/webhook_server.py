"""The two servers of benchmarks/webhook.py: slack-bolt's no-op listener, and Standby without its way out."""

from __future__ import annotations

import asyncio
import itertools
import sys
import time
from pathlib import Path
from typing import Any

import uvloop

from bot.app.bus import Bus
from bot.app.inbound import MessageIn, Sender
from bot.config import load
from bot.domain.ids import Address, ChannelName
from bot.wiring import PLUGINS, Standby, build
from channels.web import build_web, serve
from storage import schema

CONTACTS = 6000
"""Each opens one ticket, as most of them have none."""
ENVIRON = {"SID": "AC" + "0" * 32, "TOKEN": "bench-token"}
CONFIG = """
[bot]
name = "Bench"
listen = "127.0.0.1:0"
public_url = "https://desk.example.com"
policies = ["{policy}"]
[storage]
url = "sqlite:///{folder}/{name}.db"
[channels.slack]
mode = "http"
bot_token = "env:TOKEN"
signing_secret = "env:TOKEN"
[channels.twilio]
account_sid = "env:SID"
auth_token = "env:TOKEN"
whatsapp_from = "+14155550100"
sms_from = "+14155550101"
[[teams]]
name = "desk"
policy = "managed-it"
slack_channel = "C0DESK"
chains = {{ emergency = "standby" }}
[[people]]
id = "ada"
name = "Ada"
roles = ["engineer"]
teams = ["desk"]
tier = 1
timezone = "Africa/Johannesburg"
slack = "U0ADA"
phones = ["+27115550001"]
[[chains]]
name = "standby"
repeat = 0
steps = [{{ page = ["person:ada"], wait = "5m" }}]
[[organisations]]
id = "acme"
name = "Acme Clinics"
team = "desk"
plan = "premium"
language = "en"
timezone = "Africa/Johannesburg"
contacts = [{contacts}]
"""


def standby(folder: Path, name: str) -> Standby:
    contacts = ", ".join(
        f'{{ id = "c{n}", name = "Contact {n}", email = "c{n}@acme.example", phones = ["+2711{5550100 + n}"] }}'
        for n in range(CONTACTS)
    )
    policy = Path(__file__).parents[1] / "policies" / "managed-it.toml"
    path = folder / f"{name}.toml"
    path.write_text(CONFIG.format(policy=policy, folder=folder, name=name, contacts=contacts), "utf-8")
    config = load(path, PLUGINS, ENVIRON)
    schema.upgrade(config.storage_url)
    return build(config, log=lambda event, **fields: None)


def opening_cost(folder: str) -> dict[str, float]:
    """CPU microseconds of the unit of work that opens a ticket, and of the thread hop around it."""
    it = standby(Path(folder), "parts")
    numbers = itertools.count()

    def message() -> MessageIn:
        n = next(numbers)
        place = Address(channel=ChannelName("whatsapp"), place=f"+2711{5550100 + n}")
        return MessageIn(
            channel=place.channel, external_id=f"m{n}", sender=Sender(id=place.place), address=place,
            text="Our mail server is down, nobody can work",
        )  # fmt: skip

    bus: Bus = it.bus
    for _ in range(200):
        it.store.transact(lambda uow: bus._take(uow, message()))
    began = time.process_time()
    for _ in range(1000):
        it.store.transact(lambda uow: bus._take(uow, message()))
    cost = (time.process_time() - began) / 1000 * 1e6
    it.close()
    return {"unit of work": cost}


async def _bolt() -> Any:
    from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
    from slack_bolt.async_app import AsyncApp
    from slack_bolt.authorization import AuthorizeResult
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    async def authorize(**_: Any) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None, team_id="T1", bot_token="xoxb-1", bot_id="B1", bot_user_id="UBOT"
        )

    app = AsyncApp(signing_secret="bench-secret", authorize=authorize)

    @app.event("message")
    async def nothing() -> None:
        return None

    handler = AsyncSlackRequestHandler(app)

    async def events(request: Request) -> Response:
        return await handler.handle(request)

    return [Route("/slack/events", events, methods=["POST"])]


async def main(which: str, folder: Path) -> None:
    if which == "bolt":
        routes = await _bolt()
    else:
        it = standby(folder, "served")
        routes = [route for adapter in it.adapters.values() for route in adapter.routes]
    app = build_web(routes, health=dict, ready=lambda: (True, {}), metrics=lambda: b"")
    server = serve(app, "127.0.0.1", 0)
    await server.start()
    print(f"http://127.0.0.1:{server.port}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], Path(sys.argv[2])))
