"""Every mistake has one sentence, and a file with several gets all of them at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.config import ConfigError, load
from tests.contract.config.conftest import Loads
from tests.contract.config.plugins import ENVIRON, PLUGINS

Mistakes = Callable[..., list[str]]

VALUES = [
    (
        'listen = "127.0.0.1:8080"',
        "listen = 8080",
        "bot.listen: 8080: not host:port; write it as 127.0.0.1:8080",
    ),
    ("127.0.0.1:8080", "desk:99999", 'bot.listen: "desk:99999": not host:port; write it as 127.0.0.1:8080'),
    (
        '"https://desk.example.com"',
        '"desk.example.com"',
        'bot.public_url: "desk.example.com": not an address that vendors can call; write it as https://desk.example.com',
    ),
    ('name = "Standby"', 'name = " "', 'bot.name: " ": must not be empty'),
    ('name = "Standby"', "name = 7", "bot.name: 7: write it as a string"),
    ('name = "Standby"', 'nmae = "Standby"', 'bot.nmae: unknown key; did you mean "name"?'),
    (
        'policies = ["policies/managed-it.toml"]',
        'policies = "x"',
        'bot.policies: "x": write it as a list, such as ["..."]',
    ),
    ("[storage]", "[storrage]", 'storrage: unknown key; did you mean "storage"?'),
    (
        "sqlite:///data/standby.db",
        "postgres://db/standby",
        'storage.url: "postgres://db/standby": PostgreSQL is reached through psycopg; begin with postgresql+psycopg://',
    ),
    (
        "sqlite:///data/standby.db",
        "sqlite:///:memory:",
        'storage.url: "sqlite:///:memory:": needs a file; write it as sqlite:///data/standby.db',
    ),
    (
        "sqlite:///data/standby.db",
        "mysql://db/standby",
        'storage.url: "mysql://db/standby": unknown database; begin with sqlite:/// or postgresql+psycopg://',
    ),
    ('mode = "socket"', 'mode = "sokcet"', 'channels.slack.mode: "sokcet": unknown; did you mean "socket"?'),
    ('mode = "socket"', 'mode = "rtm"', 'channels.slack.mode: "rtm": unknown; use socket or http'),
    ('account_sid = "env:TWILIO_ACCOUNT_SID"', "", "channels.twilio.account_sid: missing"),
    (
        '"env:TWILIO_ACCOUNT_SID"',
        '"env:TWILIO-SID"',
        'channels.twilio.account_sid: "env:TWILIO-SID": not the name of an environment variable; write env:NAME',
    ),
    (
        'update = "HX0123456789abcdef0123456789abcdef"',
        "update = 7",
        "channels.twilio.templates.update: 7: write it as a string",
    ),
    (
        'slack_channel = "C0DESK"',
        "slack_channel = [1]",
        "teams[0].slack_channel: write it as a string or a number",
    ),
    ("slack_channel", "slak_channel", 'teams[0].slak_channel: unknown key; did you mean "slack_channel"?'),
    (
        'id = "thandi"',
        'id = "Thandi N"',
        'organisations[0].contacts[0].id: "Thandi N": not an id; use small letters, digits, -, _ and ., at most 32',
    ),
    (
        'roles = ["engineer"]',
        'roles = ["enginer"]',
        'people[0].roles[0]: "enginer": unknown; did you mean "engineer"?',
    ),
    ("tier = 3", "tier = 0", "people[2].tier: 0: must be at least 1"),
    ("tier = 3", 'tier = "three"', 'people[2].tier: "three": write it as a whole number'),
    (
        '"Europe/Warsaw"',
        '"Europe/Warsav"',
        'people[2].timezone: "Europe/Warsav": unknown time zone; did you mean "Europe/Warsaw"?',
    ),
    (
        '"Europe/Warsaw"',
        '"../../etc/passwd"',
        'people[2].timezone: "../../etc/passwd": unknown time zone; write it as Africa/Johannesburg',
    ),
    ("+27 11 555 0002", "+27", 'people[1].phones[0]: "+27": not a phone number; write it as +27115550001'),
    (
        "+27 11 555 0002",
        "0115550002",
        'people[1].phones[0]: "0115550002": not a phone number; write it as +27115550001',
    ),
    (
        'after = "1m"',
        'after = "1 minute"',
        'people[0].rules.emergency[1].after: "1 minute": not a duration; write a number and s, m, h or d, such as 5m',
    ),
    ('after = "1m"', 'afte = "1m"', 'people[0].rules.emergency[1].afte: unknown key; did you mean "after"?'),
    ('by = ["call"]', "by = []", "people[0].rules.emergency[1].by: must not be empty"),
    (
        'every = "1 week"',
        'every = "weekly"',
        'schedules[0].layers[0].every: "weekly": not a turn; write a number and hours, days, weeks or months, such as 1 week',
    ),
    (
        '"2026-01-05T09:00"',
        '"2026-01-05T09:00+02:00"',
        'schedules[0].layers[0].handover: "2026-01-05T09:00+02:00": a hand-over is a local time; '
        "write it without an offset, as 2026-01-05T09:00",
    ),
    (
        '"2026-01-05T09:00"',
        '"Monday"',
        'schedules[0].layers[0].handover: "Monday": not a local time; write it as 2026-01-05T09:00',
    ),
    ('people = ["ada", "grace"]', "people = []", "schedules[0].layers[0].people: must not be empty"),
    ("repeat = 2", "repeat = -1", "chains[0].repeat: -1: must be at least 0"),
    (
        '{ page = ["person:lin"], wait = "5m" }',
        '{ page = ["person:lin"], wait = 5 }',
        "chains[0].steps[1].wait: 5: not a duration; write a number and s, m, h or d, such as 5m",
    ),
    (
        '"thandi@acme.example"',
        '"thandi@acme"',
        'organisations[0].contacts[0].email: "thandi@acme": not an email address; write it as name@example.com',
    ),
    ("vip = true", 'vip = "of course"', 'organisations[0].contacts[0].vip: "of course": write true or false'),
    ("vip = true", "vpi = true", 'organisations[0].contacts[0].vpi: unknown key; did you mean "vip"?'),
    (
        'plan = "premium"',
        'plan = "premium"\nsince = "May"',
        'organisations[0].since: "May": not a date; write it as 2026-12-24',
    ),
    (
        'plan = "premium"',
        'plan = "premium"\nversion = 5.2',
        "organisations[0].version: 5.2: write it as a string",
    ),
    (
        'language = "en"',
        'language = "English"',
        'organisations[0].language: "English": not a language; write its two letters, such as en',
    ),
]


@pytest.mark.parametrize(("old", "new", "said"), VALUES, ids=[said.split(": ")[0] for *_, said in VALUES])
def test_a_value_that_can_not_be(mistakes: Mistakes, old: str, new: str, said: str) -> None:
    found = mistakes((old, new))
    assert said in found
    assert [line for line in found if line != said and "missing" not in line] == []


REFERENCES = [
    (
        'policy = "managed-it"',
        'policy = "managed"',
        'teams[0].policy: "managed": unknown policy; did you mean "managed-it"?',
    ),
    (
        'emergency = "standby"',
        'emergency = "stanby"',
        'teams[0].chains.emergency: "stanby": unknown chain; did you mean "standby"?',
    ),
    (
        '"schedule:standby"',
        '"schedule:standbye"',
        'chains[0].steps[0].page[0]: "schedule:standbye": unknown schedule; did you mean "standby"?',
    ),
    (
        '"person:lin"',
        '"person:bob"',
        'chains[0].steps[1].page[0]: "person:bob": unknown person; use ada, grace or lin',
    ),
    ('"person:lin"', '"tier:2"', 'chains[0].steps[1].page[0]: "tier:2": unknown tier; use 1 or 3'),
    (
        '"person:lin"',
        '"lin"',
        'chains[0].steps[1].page[0]: "lin": page schedule:NAME, person:ID, tier:N, leads or everyone',
    ),
    (
        '["ada", "grace"]',
        '["ada", "grave"]',
        'schedules[0].layers[0].people[1]: "grave": unknown person; did you mean "grace"?',
    ),
    (
        'by = ["call"]',
        'by = ["cal"]',
        'people[0].rules.emergency[1].by[0]: "cal": unknown way to page; did you mean "call"?',
    ),
    ('team = "desk"', 'team = "desk2"', 'organisations[0].team: "desk2": unknown team; did you mean "desk"?'),
    (
        'plan = "premium"',
        'plan = "gold"',
        'organisations[0].plan: "gold": unknown plan; use premium or standard',
    ),
    ('plan = "premium"\n', "", "organisations[0].plan: missing; use premium or standard"),
    ("policies/managed-it.toml", "policies/none.toml", 'bot.policies[0]: "policies/none.toml": no such file'),
    ('id = "grace"', 'id = "ada"', 'people[1].id: "ada": the same id as people[0]'),
    (
        '"U0GRACE"',
        '"U0ADA"',
        'people[1].slack: "U0ADA": is also people[0].slack (of "ada"); nobody could tell them apart',
    ),
    (
        '"+27115550100"',
        '"+27 11 555 0001"',
        'organisations[0].contacts[0].phones[0]: "+27115550001": is also people[0].phones[0] (of "ada"); '
        "nobody could tell them apart",
    ),
    (
        "[{ id = ",
        '[{ id = "sipho", name = "Sipho", email = "sipho@acme.example", telegram = "20001" }, { id = ',
        'organisations[0].contacts[1].telegram: "20001": is also organisations[0].contacts[0].telegram '
        '(of "sipho"); nobody could tell them apart',
    ),
    (
        'slack = "U0LIN"',
        "",
        'people[2]: "lin" can\'t be paged; give slack, telegram or phones',
    ),
    (
        'slack_channel = "C0DESK"\ntelegram_chat = -1001234567890              # optional, a forum group: one topic a ticket',
        "",
        'teams[0]: "desk" has no desk; give slack_channel or telegram_chat',
    ),
    (
        "[[schedules]]",
        '[[teams]]\nname = "night"\npolicy = "managed-it"\nslack_channel = "C0DESK"\n[[schedules]]',
        'teams[1].slack_channel: "C0DESK": is also teams[0].slack_channel; a desk belongs to one team',
    ),
    (
        "[[schedules]]",
        '[[chains]]\nname = "standby"\nsteps = [{ page = ["everyone"], wait = "5m" }]\n[[schedules]]',
        'chains[1].name: "standby": the same name as chains[0]',
    ),
    (
        "[channels.twilio]",
        "[channels.skype]\n[channels.twilio]",
        "channels.skype: unknown key; use slack, telegram or twilio",
    ),
    (
        'email = "thandi@acme.example", phones = ["+27115550100"], telegram = 20001, slack = "U0THANDI", ',
        "",
        'organisations[0].contacts[0]: "thandi" can\'t be known; give slack, telegram or phones, or an email',
    ),
    (
        '["policies/managed-it.toml"]',
        '["policies/managed-it.toml", "policies/managed-it.toml"]',
        'bot.policies[1]: "policies/managed-it.toml": its name "managed-it" is taken by another policy',
    ),
]


@pytest.mark.parametrize(
    ("old", "new", "said"), REFERENCES, ids=[said.split(": ")[0] for *_, said in REFERENCES]
)
def test_a_name_that_leads_nowhere_or_twice(mistakes: Mistakes, old: str, new: str, said: str) -> None:
    assert said in mistakes((old, new))


def test_every_mistake_is_told_at_once(mistakes: Mistakes) -> None:
    assert mistakes(
        ("127.0.0.1:8080", "here"),
        ("tier = 3", "teir = 3"),
        ('after = "1m"', 'after = "soon"'),
        ('"person:lin"', '"person:linn"'),
        ("vip = true", "vpi = true"),
        policy=(('respond = "1h-2h"', 'respond = "2 fortnights"'),),
        environ={**ENVIRON, "TELEGRAM_TOKEN": ""},
    ) == [
        'channels.telegram.token: "env:TELEGRAM_TOKEN": the environment variable TELEGRAM_TOKEN is empty',
        'bot.listen: "here": not host:port; write it as 127.0.0.1:8080',
        'people[0].rules.emergency[1].after: "soon": not a duration; write a number and s, m, h or d, such as 5m',
        'people[2].teir: unknown key; did you mean "tier"?',
        'organisations[0].contacts[0].vpi: unknown key; did you mean "vip"?',
        'chains[0].steps[1].page[0]: "person:linn": unknown person; did you mean "lin"?',
        'policies/managed-it.toml: severity[1].respond: "2 fortnights": unknown unit "fortnights"; '
        "use m, h, bh, bd (5m, 1h30m, 4 business hours, 2 business days), next business day [by HH:MM], "
        "same day [before HH:MM], a range of two (1h-2h), as needed, negotiated",
    ]


def test_an_id_is_taken_also_by_one_with_another_mistake(mistakes: Mistakes) -> None:
    told = mistakes(
        ('id = "grace"\n', 'id = "ada"\n'),
        ('name = "Grace', 'nmae = "Grace'),
        ('["ada", "grace"]', '["ada", "lin"]'),
        ("[[schedules]]", '[[chains]]\nname = "standby"\n[[schedules]]'),
    )
    assert 'people[1].id: "ada": the same id as people[0]' in told
    assert [
        line for line in told if "the same name as chains[0]" in line
    ] and "people[1].name: missing" in told


def test_a_variable_that_is_not_set_is_named_once(mistakes: Mistakes) -> None:
    environ = {name: value for name, value in ENVIRON.items() if name != "TWILIO_AUTH_TOKEN"}
    assert mistakes(environ=environ) == [
        'channels.twilio.auth_token: "env:TWILIO_AUTH_TOKEN": the environment variable TWILIO_AUTH_TOKEN is not set'
    ]


def test_settings_that_do_not_fit_together_are_told_at_their_section(mistakes: Mistakes) -> None:
    assert mistakes(
        ('mode = "socket"', 'mode = "http"'), ('signing_secret = "env:SLACK_SIGNING_SECRET" # http mode', "")
    ) == ["channels.slack: signing_secret is needed with mode = http"]


def test_no_secret_is_ever_shown(mistakes: Mistakes) -> None:
    told = mistakes(
        ('token = "env:TELEGRAM_TOKEN"', "token = 12345678"),
        ('mode = "socket"', 'mode = "env:SLACK_APP_TOKEN"'),
    )
    assert told == [
        'channels.slack.mode: "env:SLACK_APP_TOKEN": unknown; use socket or http',
        "channels.telegram.token: write it as a string",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[bot\n", "config.toml: line 1, column 5: expected ']' at the end of a table declaration"),
        ("[bot]\nname =\n", "config.toml: line 2, column 7: invalid value"),
        ('[bot]\nname = "x', "config.toml: end of document: unterminated string"),
    ],
)
def test_toml_that_is_none(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load(file, PLUGINS, ENVIRON)
    assert [str(problem) for problem in caught.value.problems] == [said]


def test_files_that_can_not_be_read(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes(b'[bot]\nname = "Caf\xe9"\n')
    said = []
    for name in ("none.toml", "latin.toml", "."):
        with pytest.raises(ConfigError) as caught:
            load(tmp_path / name, PLUGINS, ENVIRON)
        said.append(str(caught.value).removeprefix(f"{tmp_path.name}: "))
    assert said == [
        "none.toml: no such file",
        "latin.toml: line 2: not UTF-8",
        "can't be read: is a directory",
    ]


def test_an_empty_file_is_told_what_it_lacks(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("")
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "config.toml", PLUGINS, ENVIRON)
    assert [str(problem) for problem in caught.value.problems] == [
        "bot.public_url: missing",
        "bot.policies: missing",
        "channels: no channel is configured; add a section such as [channels.slack]",
        "teams: missing; add at least one [[teams]]",
        "people: missing; add at least one [[people]]",
    ]


WARNINGS = [
    (
        "",
        "",
        'teams[0].chains.critical: the policy "managed-it" has no such severity; use emergency, high or low',
    ),
    (
        'emergency = "standby", critical',
        "high",
        'teams[0].chains: no chain for "emergency", which pages: it would page everyone of the team, every 5 minutes',
    ),
    (
        '"env:SLACK_APP_TOKEN"',
        '"xapp-1-secret"',
        "channels.slack.app_token: a secret stands in the file; write it as env:NAME",
    ),
    (
        "sqlite:///data/standby.db",
        "postgresql+psycopg://desk:hunter2@db/standby",
        "storage.url: a password stands in the file; write the whole url as env:NAME",
    ),
    (
        '"https://desk.example.com"',
        '"http://desk.example.com"',
        "bot.public_url: plain http: what customers write would cross the network in the open",
    ),
    (
        'teams = ["desk"]\ntier = 3\n',
        "tier = 3\n",
        'chains[0]: pages "lin", who is no engineer or lead of "desk" and could not acknowledge',
    ),
    (
        "rules = { emergency",
        "rules = { emergancy",
        'people[0].rules.emergancy: no policy has such a severity; did you mean "emergency"?',
    ),
    (
        'phones = ["+27115550001"]',
        "",
        'people[0].rules.emergency[1].by[0]: "ada" has no call: another way takes its place',
    ),
    (
        'email = "thandi@acme.example", ',
        "",
        'organisations[0].contacts[0].email: missing: the policy "managed-it" requires one',
    ),
]


@pytest.mark.parametrize(
    ("old", "new", "said"), WARNINGS[1:], ids=[said.split(": ")[0] for *_, said in WARNINGS[1:]]
)
def test_what_works_but_hardly_as_meant(loads: Loads, old: str, new: str, said: str) -> None:
    assert said in loads((old, new)).warnings


def test_a_chain_for_a_severity_that_the_policy_lacks_is_a_warning(loads: Loads) -> None:
    assert loads().warnings == (WARNINGS[0][2],)
