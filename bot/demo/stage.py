"""A small support company on one machine: the bot, the stand-ins, three people of ours and two customers."""

from __future__ import annotations

import contextlib
import datetime as dt
import tempfile
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.config import load
from bot.wiring import PLUGINS, Standby, SystemClock, build
from playground import Playground
from storage import schema

POLICY = Path(__file__).parents[2] / "policies" / "managed-it.toml"
NIGHT = dt.datetime(2026, 11, 24, 0, 0, tzinfo=dt.UTC)
"""02:00 on a Tuesday in Johannesburg: the desk is closed, an emergency is not."""
SUNDAY = dt.datetime(2026, 11, 22, 0, 0, tzinfo=dt.UTC)
"""02:00 on a Sunday in Johannesburg."""
THANDI, WHATSAPP, SMS, VOICE = "+27115550100", "+14155550100", "+14155550101", "+14155550102"
THANDI_MOBILE, BONGANI = "+27825550100", "+27825550200"
ADA, GRACE, LIN, DESK = "U0ADA", "U0GRACE", "U0LIN", "C0DESK"
ADA_PHONE, GRACE_PHONE = "+27115550001", "+27115550002"
UPDATE = "HX0123456789abcdef0123456789abcdef"
CONSOLE_TOKEN = "demo-console-token"  # noqa: S105

CONFIG = """
[bot]
name = "Standby"
listen = "127.0.0.1:{port}"
public_url = "https://desk.example.com"
policies = ["{policy}"]

[storage]
url = "{storage}"

[voice]
greeting = "Welcome to Example IT."

[channels.slack]
mode = "http"
bot_token = "env:SLACK_BOT_TOKEN"
signing_secret = "env:SLACK_SIGNING_SECRET"
api_url = "{slack}"

[channels.telegram]
mode = "webhook"
token = "env:TELEGRAM_TOKEN"
webhook_secret = "env:TELEGRAM_SECRET"
api_url = "{telegram}"

[channels.twilio]
account_sid = "env:TWILIO_ACCOUNT_SID"
auth_token = "env:TWILIO_AUTH_TOKEN"
api_url = "{twilio}"
whatsapp_from = "{whatsapp_from}"
sms_from = "{sms_from}"
voice_from = "{voice_from}"
[channels.twilio.templates]
update = "{update}"

[channels.console]
token = "env:CONSOLE_TOKEN"

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

[[people]]
id = "grace"
name = "Grace"
roles = ["engineer"]
teams = ["desk"]
tier = 1
timezone = "Africa/Johannesburg"
slack = "U0GRACE"
phones = ["+27115550002"]

[[people]]
id = "lin"
name = "Lin"
roles = ["engineer", "lead"]
teams = ["desk"]
tier = 2
timezone = "Africa/Johannesburg"
slack = "U0LIN"

[[schedules]]
name = "standby"
timezone = "Africa/Johannesburg"
[[schedules.layers]]
people = ["ada"]
every = "1 week"
handover = "2026-01-05T09:00"

[[chains]]
name = "standby"
repeat = 2
steps = [{{ page = ["schedule:standby"], wait = "5m" }}, {{ page = ["person:grace"], wait = "5m" }}]

[[organisations]]
id = "acme"
name = "Acme Clinics"
team = "desk"
plan = "premium"
language = "en"
timezone = "Africa/Johannesburg"
contacts = [{{ id = "thandi", name = "Thandi", email = "thandi@acme.example", phones = ["+27115550100", "+27825550100"], telegram = 20001, slack = "U0THANDI", console = "you" }}]

[[organisations]]
id = "baobab"
name = "Baobab Books"
team = "desk"
plan = "premium"
language = "en"
timezone = "Africa/Johannesburg"
contacts = [{{ id = "bongani", name = "Bongani", email = "bongani@baobab.example", phones = ["+27825550200"] }}]
"""


@dataclass(kw_only=True)
class Stage:
    """Everything that is up. `jump` lets time pass at once."""

    standby: Standby
    playground: Playground
    clock: SystemClock
    url: str

    def jump(self, **length: float) -> None:
        self.clock.jump(dt.timedelta(**length))
        self.standby.wake()


def environ(playground: Any) -> dict[str, str]:
    """The secrets that the stand-ins were made with."""
    return {
        "SLACK_BOT_TOKEN": playground.slack.bot_token,
        "SLACK_APP_TOKEN": playground.slack.app_token,
        "SLACK_SIGNING_SECRET": playground.slack.signing_secret,
        "TELEGRAM_TOKEN": playground.telegram.token,
        "TELEGRAM_SECRET": playground.telegram.secret,
        "TWILIO_ACCOUNT_SID": playground.twilio.account_sid,
        "TWILIO_AUTH_TOKEN": playground.twilio.auth_token,
        "CONSOLE_TOKEN": CONSOLE_TOKEN,
    }


def write_config(folder: Path, playground: Any, *, port: int = 0, storage: str = "") -> Path:
    """The demo's config.toml, pointing at the stand-ins."""
    path = folder / "config.toml"
    text = CONFIG.format(
        port=port,
        policy=POLICY,
        storage=storage or f"sqlite:///{folder / 'standby.db'}",
        slack=playground.slack_api_url,
        telegram=playground.telegram_api_url,
        twilio=playground.twilio_api_url,
        whatsapp_from=WHATSAPP,
        sms_from=SMS,
        voice_from=VOICE,
        update=UPDATE,
    )
    path.write_text(text, encoding="utf-8")
    return path


def furnish(playground: Any) -> None:
    """The people and places that the vendors know."""
    slack = playground.slack
    for id, name in ((ADA, "Ada"), (GRACE, "Grace"), (LIN, "Lin"), ("U0THANDI", "Thandi")):
        slack.add_user(id, name)
    slack.add_channel(DESK, "desk", members=[ADA, GRACE, LIN])
    playground.telegram.add_user(20001, "Thandi")
    playground.twilio.add_template(UPDATE, "News on your ticket: {{1}}")


@contextlib.asynccontextmanager
async def raised(
    *,
    speed: float = 1.0,
    start: dt.datetime | None = None,
    log: Callable[..., None] | None = None,
    port: int = 0,
) -> AsyncIterator[Stage]:
    """The curtain is up inside the block."""
    clock = SystemClock(speed, start)
    playground = Playground(now=clock.now, pace=1 / speed if speed > 1 else 0.05)
    await playground.start()
    furnish(playground)
    with tempfile.TemporaryDirectory(prefix="standby-demo-") as folder:
        config = load(write_config(Path(folder), playground, port=port), PLUGINS, environ(playground))
        schema.upgrade(config.storage_url)
        standby = build(config, clock=clock, log=log)
        try:
            async with standby.running():
                url = f"http://127.0.0.1:{standby.port}"
                playground.bot_url, playground.public_url = url, config.bot.public_url
                yield Stage(standby=standby, playground=playground, clock=clock, url=url)
        finally:
            await playground.stop()
