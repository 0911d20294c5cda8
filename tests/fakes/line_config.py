"""A small desk for paging dialogues: whom it has, as config.toml text, and who is who at the vendors."""

from __future__ import annotations

import dataclasses
import functools
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from playground import Playground
from playground.twilio.people import BY_HAND
from storage import schema

ROOT = Path(__file__).parents[2]
PUBLIC, DESK, OTHER_DESK = "https://desk.example.com", "C0DESK", "C0OTHER"
WHATSAPP, SMS, VOICE = "+14155550100", "+14155550101", "+14155550102"
UPDATE = "HX0123456789abcdef0123456789abcdef"
PAGE = "HX0123456789abcdef0123456789abcde0"
NOBODY = "U0NOBODY"
"""Somebody in the workspace whom the configuration does not know."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Who:
    """One of us, with what vendors know them by."""

    name: str
    slack: str = ""
    phones: tuple[str, ...] = ()
    telegram: int = 0
    team: str = "desk"
    roles: tuple[str, ...] = ("engineer",)

    @property
    def id(self) -> str:
        return self.name.lower()

    @property
    def phone(self) -> str:
        return self.phones[0] if self.phones else ""

    @property
    def identities(self) -> tuple[str, ...]:
        return tuple(str(i) for i in (self.slack, *self.phones, self.telegram) if i)


ADA = Who(name="Ada", slack="U0ADA", phones=("+27115550001",))
GRACE = Who(name="Grace", slack="U0GRACE", phones=("+27115550002",))
LIN = Who(name="Lin", telegram=10003, roles=("engineer", "lead"))
MARK = Who(name="Mark", slack="U0MARK", phones=("+27115550009",), team="other")
"""An engineer of another team."""
OURS = (ADA, GRACE, LIN)
CUSTOMERS: Mapping[str, str] = {"Thandi": "+27115550100", "Peter": "+27115550101"}

Steps = Sequence[tuple[str, str]]
"""(targets with blanks between them, how long to wait)"""
STEPS: Steps = (("schedule:standby", "5m"), ("person:grace", "5m"))


@dataclasses.dataclass(frozen=True, kw_only=True)
class Layout:
    """What of the desk a dialogue may choose."""

    people: Sequence[Who] = OURS
    steps: Steps = STEPS
    repeat: int = 0
    rota: Sequence[str] = ("ada",)
    turn: str = "1 week"
    handover: str = "2026-01-05T09:00"
    zone: str = "Africa/Johannesburg"
    calls: bool = False
    whatsapp_pages: bool = False
    rules: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """A person's id -> TOML of their rules for an emergency: `[{ after = "0m", by = ["chat"] }]`."""
    settings: str = ""
    """More TOML, of whole tables."""

    @property
    def everyone(self) -> tuple[Who, ...]:
        return (*self.people, MARK)


def write(folder: Path, play: Playground, layout: Layout) -> Path:
    """config.toml, the policy in the desk's zone, and an empty database where there is none yet."""
    policy = (ROOT / "policies" / "managed-it.toml").read_text("utf-8")
    (folder / "policy.toml").write_text(
        policy.replace('zone = "Africa/Johannesburg"', f'zone = "{layout.zone}"'), "utf-8"
    )
    if not (folder / "standby.db").exists():
        shutil.copyfile(_empty_database(), folder / "standby.db")
    path = folder / "config.toml"
    path.write_text("\n".join(_tables(folder, play, layout)), "utf-8")
    return path


@functools.cache
def _empty_database() -> Path:
    """Made once a process; a dialogue starts with a copy."""
    path = Path(tempfile.mkdtemp(prefix="standby-line-")) / "empty.db"
    schema.upgrade(f"sqlite:///{path}")
    return path


def _tables(folder: Path, play: Playground, layout: Layout) -> list[str]:
    page = f'page = "{PAGE}"' if layout.whatsapp_pages else ""
    voice = f'voice_from = "{VOICE}"' if layout.calls else ""
    return [
        f'[bot]\nlisten = "127.0.0.1:0"\npublic_url = "{PUBLIC}"\npolicies = ["{folder}/policy.toml"]',
        f'[storage]\nurl = "sqlite:///{folder}/standby.db"',
        f'[channels.slack]\nmode = "http"\nbot_token = "{play.slack.bot_token}"\n'
        f'signing_secret = "{play.slack.signing_secret}"\napi_url = "{play.slack_api_url}"',
        f'[channels.telegram]\nmode = "webhook"\ntoken = "{play.telegram.token}"\n'
        f'webhook_secret = "{play.telegram.secret}"\napi_url = "{play.telegram_api_url}"',
        f'[channels.twilio]\naccount_sid = "{play.twilio.account_sid}"\nauth_token = "{play.twilio.auth_token}"\n'
        f'api_url = "{play.twilio_api_url}"\nwhatsapp_from = "{WHATSAPP}"\nsms_from = "{SMS}"\n{voice}\n'
        f'[channels.twilio.templates]\nupdate = "{UPDATE}"\n{page}',
        _team("desk", DESK),
        _team("other", OTHER_DESK),
        *(_person(who, layout) for who in layout.everyone),
        f'[[schedules]]\nname = "standby"\ntimezone = "{layout.zone}"\n[[schedules.layers]]\n'
        f'people = {_list(layout.rota)}\nevery = "{layout.turn}"\nhandover = "{layout.handover}"',
        _chain("standby", layout.steps, layout.repeat),
        _chain("other", (("person:mark", "5m"),), 0),
        *(_organisation(n, name, number) for n, (name, number) in enumerate(CUSTOMERS.items())),
        layout.settings,
    ]


def _list(words: Sequence[str]) -> str:
    return "[" + ", ".join(f'"{w}"' for w in words) + "]"


def _team(name: str, channel: str) -> str:
    chain = "standby" if name == "desk" else name
    return (
        f'[[teams]]\nname = "{name}"\npolicy = "managed-it"\nslack_channel = "{channel}"\n'
        f'chains = {{ emergency = "{chain}" }}'
    )


def _person(who: Who, layout: Layout) -> str:
    lines = [
        f'[[people]]\nid = "{who.id}"\nname = "{who.name}"\nroles = {_list(who.roles)}',
        f'teams = ["{who.team}"]\ntimezone = "{layout.zone}"',
        f'slack = "{who.slack}"' if who.slack else "",
        f"telegram = {who.telegram}" if who.telegram else "",
        f"phones = {_list(who.phones)}" if who.phones else "",
        f"rules = {{ emergency = {layout.rules[who.id]} }}" if who.id in layout.rules else "",
    ]
    return "\n".join(line for line in lines if line)


def _chain(name: str, steps: Steps, repeat: int) -> str:
    walk = ", ".join(f'{{ page = {_list(targets.split())}, wait = "{wait}" }}' for targets, wait in steps)
    return f'[[chains]]\nname = "{name}"\nrepeat = {repeat}\nsteps = [{walk}]'


def _organisation(n: int, name: str, number: str) -> str:
    return (
        f'[[organisations]]\nid = "org{n}"\nname = "{("Acme Clinics", "Bright Bakery")[n]}"\nteam = "desk"\n'
        f'plan = "premium"\nlanguage = "en"\ncontacts = [{{ id = "{name.lower()}", name = "{name}", '
        f'email = "{name.lower()}@customer.example", phones = ["{number}"] }}]'
    )


def furnish(play: Playground, layout: Layout) -> None:
    """The people and places that the vendors know."""
    members = [who.slack for who in layout.everyone if who.slack]
    for who in layout.everyone:
        if who.slack:
            play.slack.add_user(who.slack, who.name)
        if who.telegram:
            play.telegram.add_user(who.telegram, who.name).started = True
    play.slack.add_user(NOBODY, "Nobody")
    play.slack.add_channel(DESK, "desk", members=[*members, NOBODY])
    play.slack.add_channel(OTHER_DESK, "other", members=members)
    play.twilio.add_template(UPDATE, "News on your ticket: {{1}}")
    play.twilio.add_template(PAGE, "You are paged: {{1}}")
    play.twilio.phones.default = BY_HAND
    play.twilio.whatsapp_number, play.twilio.sms_number = WHATSAPP, SMS
