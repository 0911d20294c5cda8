"""What becomes of a configuration without mistakes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.config import Board, load
from bot.domain.ids import Address, ChannelName
from bot.domain.people import Contact, Organisation, Person
from escalation.chain import Chain, Step
from escalation.escalate import parse_trigger
from escalation.paging import Rule
from escalation.schedule import Roster
from escalation.sla import ClockKind
from escalation.storm import Limits
from tests.contract.config.conftest import Loads
from tests.contract.config.plugins import ENVIRON, PLUGINS, SlackSettings

JOHANNESBURG = ZoneInfo("Africa/Johannesburg")
MINUTE = dt.timedelta(minutes=1)
UTC = dt.UTC


def test_the_bot_and_its_storage(loads: Loads, tmp_path: Path) -> None:
    config = loads()
    assert config.path == tmp_path / "config.toml"
    assert (config.bot.name, config.bot.host, config.bot.port) == ("Standby", "127.0.0.1", 8080)
    assert config.bot.public_url == "https://desk.example.com"
    assert config.bot.data == tmp_path / "data"
    assert config.storage_url == f"sqlite:///{tmp_path}/data/standby.db"


def test_a_channel_gets_its_own_settings_with_the_secrets_of_the_environment(loads: Loads) -> None:
    config = loads()
    slack = config.channels["slack"]
    assert isinstance(slack, SlackSettings)
    assert slack.bot_token.get_secret_value() == "xoxb-not-a-token"
    assert list(config.channels) == ["slack", "telegram", "twilio"]
    assert "xoxb-not-a-token" not in repr(config)


def test_people_are_known_on_every_channel(loads: Loads) -> None:
    directory = loads().directory
    assert directory.person("ada") == Person(
        id="ada",
        name="Ada",
        roles=frozenset({"engineer"}),
        teams=frozenset({"desk"}),
        tier=1,
        zone=JOHANNESBURG,
        identities={
            "slack": "U0ADA",
            "telegram": "10001",
            "whatsapp": "+27115550001",
            "sms": "+27115550001",
            "call": "+27115550001",
        },
        rules={
            "emergency": (
                Rule(after=dt.timedelta(0), by=("slack", "sms")),
                Rule(after=MINUTE, by=("call",)),
            )
        },
    )
    assert list(directory.person("ada").identities) == ["slack", "telegram", "whatsapp", "sms", "call"]
    assert directory.person_at(ChannelName("sms"), "+27115550002") == directory.person("grace")
    assert directory.person("grace").zone == JOHANNESBURG, "the zone of her team's policy"
    assert directory.person("lin").zone == ZoneInfo("Europe/Warsaw")


def test_customers_are_known_on_every_channel(loads: Loads) -> None:
    directory = loads().directory
    assert directory.contact_at(ChannelName("whatsapp"), "+27115550100") == Contact(
        id="thandi",
        name="Thandi",
        organisation="acme",
        identities={
            "slack": "U0THANDI",
            "telegram": "20001",
            "whatsapp": "+27115550100",
            "sms": "+27115550100",
            "call": "+27115550100",
        },
        email="thandi@acme.example",
        vip=True,
    )
    assert directory.organisation("acme") == Organisation(
        id="acme", name="Acme Clinics", team="desk", plan="premium", language="en", zone=JOHANNESBURG
    )


def test_an_organisation_speaks_and_lives_as_its_policy_where_it_says_nothing(loads: Loads) -> None:
    config = loads(('language = "en"\ntimezone = "Africa/Johannesburg"\ncontacts', "contacts"))
    assert config.directory.organisation("acme").language == "en"
    assert config.directory.organisation("acme").zone == JOHANNESBURG


def test_an_organisation_may_have_a_start_and_a_version(loads: Loads) -> None:
    config = loads(('plan = "premium"', 'plan = "premium"\nsince = 2026-10-01\nversion = "5.2"'))
    acme = config.directory.organisation("acme")
    assert (acme.since, acme.version) == (dt.date(2026, 10, 1), "5.2")


def test_a_team_has_desks_and_chains(loads: Loads) -> None:
    directory = loads().directory
    slack = Address(channel=ChannelName("slack"), place="C0DESK")
    telegram = Address(channel=ChannelName("telegram"), place="-1001234567890")
    assert directory.team("desk").desks == (slack, telegram)
    assert directory.desk_at(slack) == directory.team("desk")
    assert directory.team("desk").chains["emergency"] == "standby"
    assert directory.chain("standby") == Chain(
        name="standby",
        repeat=2,
        steps=(
            Step(targets=("schedule:standby",), wait=5 * MINUTE),
            Step(targets=("person:lin",), wait=5 * MINUTE),
        ),
    )


def test_a_schedule_hands_over_at_its_local_time(loads: Loads) -> None:
    directory = loads().directory

    def on_call(at: str) -> list[str]:
        found = directory.resolve("schedule:standby", "desk", dt.datetime.fromisoformat(at))
        return [person.id for person in found]

    assert on_call("2026-01-12T06:59:00+00:00") == ["ada"]
    assert on_call("2026-01-12T07:00:00+00:00") == ["grace"]


def test_a_layer_may_be_limited_to_hours_of_the_week(loads: Loads) -> None:
    config = loads(
        (
            'handover = "2026-01-05T09:00"',
            'handover = 2026-01-05T09:00:00\nrestrictions = [{ days = ["sat"], from = "18:00", to = "24:00" }]',
        )
    )
    saturday = dt.datetime(2026, 1, 10, 17, 0, tzinfo=UTC)
    assert [p.id for p in config.directory.resolve("schedule:standby", "desk", saturday)] == ["ada"]
    assert config.directory.resolve("schedule:standby", "desk", saturday - dt.timedelta(hours=2)) == ()
    assert (
        "schedules[0]: nobody is on call for part of the week, such as Mon 09:00 to Sat 18:00"
        in config.warnings
    )


def test_a_layer_may_join_those_below(loads: Loads) -> None:
    more = '[[schedules.layers]]\npeople = ["lin"]\nevery = "1 week"\nhandover = "2026-01-05T09:00"\njoins = true'
    config = loads(('[[chains]]\nname = "standby"', f'{more}\n[[chains]]\nname = "standby"'))
    now = dt.datetime(2026, 1, 6, tzinfo=UTC)
    assert [p.id for p in config.directory.resolve("schedule:standby", "desk", now)] == ["ada", "lin"]
    assert [layer.joins for layer in config.directory.schedule("standby").layers] == [False, True]


def test_a_layer_may_be_a_calendar(loads: Loads, tmp_path: Path) -> None:
    turns = 'people = ["ada", "grace"]\nevery = "1 week"\nhandover = "2026-01-05T09:00"'
    (tmp_path / "rota.ics").touch()

    def layers(written: str, environ: Mapping[str, str] = ENVIRON) -> tuple[object, ...]:
        return loads((turns, written), environ=environ).directory.schedule("standby").layers

    assert layers('ical = "rota.ics"\njoins = true') == (
        Roster(source=str(tmp_path / "rota.ics"), joins=True),
    )
    url = "https://calendar.example.com/private/standby.ics"
    assert layers(f'ical = "{url}"') == (Roster(source=url),)
    assert layers('ical = "env:ROTA"', ENVIRON | {"ROTA": url}) == (Roster(source=url),)


def test_a_schedule_may_have_drills(loads: Loads) -> None:
    assert loads().directory.schedule("standby").drill is None
    config = loads(('name = "standby"\ntimezone', 'name = "standby"\ndrill = "12h"\ntimezone'))
    assert config.directory.schedule("standby").drill == dt.timedelta(hours=12)


def test_a_step_may_have_its_place_on_a_clock(loads: Loads) -> None:
    config = loads(('{ page = ["person:lin"]', '{ at = "50% of  Response", page = ["leads", "tier:3"]'))
    last = config.directory.chain("standby").steps[1]
    assert last == Step(targets=("leads", "tier:3"), wait=5 * MINUTE, at=parse_trigger("50% of response"))
    assert last.at is not None and (last.at.clock, last.at.fraction) == (ClockKind.RESPONSE, 0.5)


def test_a_rule_may_come_again(loads: Loads) -> None:
    config = loads(('after = "1m"', 'after = "1m", every = "2m"'))
    rules = config.directory.person("ada").rules["emergency"]
    assert [rule.every for rule in rules] == [None, 2 * MINUTE]


def test_pages_an_hour_are_limited(loads: Loads) -> None:
    assert loads().directory.limits == Limits(per_hour=8, bundle=5 * MINUTE)
    config = loads(("[storage]", '[paging]\nper_hour = 3\nbundle = "90s"\n[storage]'))
    assert config.directory.limits == Limits(per_hour=3, bundle=dt.timedelta(seconds=90))


def test_how_long_a_log_in_lives(loads: Loads) -> None:
    assert loads().board == Board(idle=30 * MINUTE, absolute=dt.timedelta(hours=12))
    config = loads(("[storage]", '[board]\nidle = "5m"\n[storage]'))
    assert config.board == Board(idle=5 * MINUTE, absolute=dt.timedelta(hours=12))


def test_every_phone_counts(loads: Loads) -> None:
    directory = loads(
        ('"+27115550001"', '"+27115550001", "+27 11 555 0009"'),
        ('"+27115550100"', '"+27115550100", "+27115550109"'),
    ).directory
    ada, thandi = directory.person("ada"), directory.contact("thandi")
    further = ("+27115550009",)
    assert ada.others == {"whatsapp": further, "sms": further, "call": further}
    assert ada.places(ChannelName("call")) == ("+27115550001", "+27115550009")
    further = ("+27115550109",)
    assert thandi.others == {"whatsapp": further, "sms": further, "call": further}
    assert directory.person_at(ChannelName("sms"), "+27115550009") == ada
    assert directory.contact_at(ChannelName("whatsapp"), "+27115550109") == thandi


def test_a_chain_may_be_walked_once(loads: Loads) -> None:
    assert loads(("repeat = 2", "repeat = 0")).directory.chain("standby").repeat == 0


def test_an_address_loses_its_trailing_slash(loads: Loads) -> None:
    assert loads(('"https://desk.example.com"', '"https://desk.example.com/"')).bot.public_url.endswith("com")


def test_an_absolute_database_stays_where_it_is(loads: Loads) -> None:
    def url(written: str) -> str:
        return loads(('"sqlite:///data/standby.db"', f'"{written}"')).storage_url

    assert url("sqlite:////var/lib/standby.db") == "sqlite:////var/lib/standby.db"
    assert url("postgresql+psycopg://desk@db/standby") == "postgresql+psycopg://desk@db/standby"


def test_what_is_not_plugged_in_is_nobodys_identity(loads: Loads) -> None:
    config = loads(
        ('[channels.telegram]\nmode = "polling"                            # or "webhook"\n', ""),
        ('token = "env:TELEGRAM_TOKEN"\nwebhook_secret = "env:TELEGRAM_SECRET"\n', ""),
        ('api_url = "https://api.telegram.org"\n', ""),
        ('api_url = "https://slack.com/api/"          # a stand-in in tests and demo\n', ""),
    )
    assert "telegram" not in config.directory.person("ada").identities
    assert [desk.channel for desk in config.directory.team("desk").desks] == ["slack"]
    assert "people[0].telegram: not used: there is no [channels.telegram]" in config.warnings


def test_the_shipped_configuration_has_nothing_to_complain_about() -> None:
    config = load(Path(__file__).parents[3] / "config.toml", PLUGINS, ENVIRON)
    assert config.warnings == ()
    assert [person.id for person in config.directory.people] == ["ada", "grace", "lin"]
