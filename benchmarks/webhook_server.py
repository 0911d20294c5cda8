"""The two servers of benchmarks/webhook.py: slack-bolt's no-op listener, and Standby without its way out."""

from __future__ import annotations

import asyncio
import itertools
import statistics
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import uvloop
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.app.bus import Bus
from bot.app.inbound import Inbound, MessageIn, Sender
from bot.config import load
from bot.domain.ids import Address, ChannelName
from bot.wiring import PLUGINS, Standby, build
from channels.twilio import plugin
from channels.twilio.door import twiml
from channels.twilio.messaging import Inbox
from channels.web import build_web, serve
from storage import schema

CONTACTS = 6000
"""Each opens one ticket, as most of them have none."""
TOGETHER = 16
"""As many to a commit as there are connections: what happens under saturation."""
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
    """CPU microseconds a ticket on the writer's thread, alone and undisturbed, sixteen to a commit."""
    it = standby(Path(folder), "parts")
    numbers = itertools.count()
    bus: Bus = it.bus
    spent = [0.0]

    def opening(uow: Any) -> None:
        n = next(numbers)
        place = Address(channel=ChannelName("whatsapp"), place=f"+2711{5550100 + n}")
        message = MessageIn(
            channel=place.channel, external_id=f"SM{n:032x}", sender=Sender(id=place.place), address=place,
            text="Our mail server is down, nobody can work",
        )  # fmt: skip
        began = time.thread_time()
        bus._take(uow, message)
        spent[0] += time.thread_time() - began

    works, commits = [], []
    for _ in range(100):
        spent[0], began = 0.0, time.thread_time()
        it.store.transact_together([opening] * TOGETHER)
        works.append(spent[0])
        commits.append(time.thread_time() - began - spent[0])
    it.close()
    each = 1e6 / TOGETHER
    return {"unit of work": statistics.median(works) * each, "commit": statistics.median(commits) * each}


def _parts(it: Standby) -> list[Route]:
    """The way of a ticket, cut short: no more than the server; then the signature; then the writer's thread."""
    settings = plugin.settings(
        account_sid=ENVIRON["SID"], auth_token=ENVIRON["TOKEN"], whatsapp_from="+14155550100"
    )

    async def nothing(request: Request) -> Response:
        await request.body()
        return twiml()

    async def dropped(inbound: Inbound) -> None:
        return None

    async def hopped(inbound: Inbound) -> None:
        await it.bus.run(lambda uow: None)

    def inbox(receive: Any) -> Any:
        world: Any = SimpleNamespace(public_url="https://desk.example.com", receive=receive)
        return Inbox(settings, world).messages

    ways = {"nothing": nothing, "signed": inbox(dropped), "hopped": inbox(hopped)}
    return [Route(f"/parts/{name}", way, methods=["POST"]) for name, way in ways.items()]


async def _bolt() -> Any:
    from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
    from slack_bolt.async_app import AsyncApp
    from slack_bolt.authorization import AuthorizeResult

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
        routes = [*_parts(it), *(route for adapter in it.adapters.values() for route in adapter.routes)]
    app = build_web(routes, health=dict, ready=lambda: (True, {}), metrics=lambda: b"")
    server = serve(app, "127.0.0.1", 0)
    await server.start()
    print(f"http://127.0.0.1:{server.port}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], Path(sys.argv[2])))
