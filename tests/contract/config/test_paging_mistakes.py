"""What may be wrong with rotas, chains, rules and phones: each by its dotted key, in one sentence."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.contract.config.conftest import Loads

Mistakes = Callable[..., list[str]]

TURNS = 'people = ["ada", "grace"]\nevery = "1 week"\nhandover = "2026-01-05T09:00"\n'
LAYER = f"[[schedules.layers]]\n{TURNS}"
FIRST = 'wait = "5m" }, '
BOTH = "not together with ical: the calendar says who is on, and when"

WRONG = [
    (LAYER, "", "schedules[0].layers: missing"),
    (LAYER, "layers = []\n", "schedules[0].layers: must not be empty"),
    ('people = ["ada", "grace"]', "people = []", "schedules[0].layers[0].people: must not be empty"),
    ('people = ["ada", "grace"]', "", "schedules[0].layers[0].people: missing"),
    ('every = "1 week"', "", "schedules[0].layers[0].every: missing"),
    ('handover = "2026-01-05T09:00"', "", "schedules[0].layers[0].handover: missing"),
    (
        TURNS,
        "joins = true\n",
        "schedules[0].layers[0]: names nobody; give people, every and handover, or ical",
    ),
    (
        TURNS,
        'ical = "https://x.example/a.ics"\npeople = ["ada"]\n',
        f"schedules[0].layers[0].people: {BOTH}",
    ),
    (
        TURNS,
        'ical = "https://x.example/a.ics"\nrestrictions = [{ days = ["sat"], from = "08:00", to = "20:00" }]\n',
        f"schedules[0].layers[0].restrictions: {BOTH}",
    ),
    (
        TURNS,
        'ical = "webcal://x.example/a.ics"\n',
        'schedules[0].layers[0].ical: "webcal://x.example/a.ics": not a calendar; '
        "write https://... or the name of a file, such as rota.ics",
    ),
    (TURNS, "ical = 7\n", "schedules[0].layers[0].ical: 7: write it as a string"),
    (
        TURNS,
        f'{TURNS}joins = "yes, please"\n',
        'schedules[0].layers[0].joins: "yes, please": write true or false',
    ),
    (LAYER, f'drill = "1m"\n{LAYER}', 'schedules[0].drill: "1m": must be from 5m to 7d'),
    (
        LAYER,
        f'drill = "noon"\n{LAYER}',
        'schedules[0].drill: "noon": not a duration; write a number and s, m, h or d, such as 5m',
    ),
    *(
        (
            FIRST,
            f'wait = "5m", at = "{at}" }}, ',
            f'chains[0].steps[0].at: "{at}": not a share of a clock; '
            "write 50% of response (or next response, resolution)",
        )
        for at in ("half of response", "24h unanswered", "0% of response")
    ),
    *(
        (FIRST, f'wait = "{wait}" }}, ', f'chains[0].steps[0].wait: "{wait}": must be at least 10s')
        for wait in ("0s", "9s", "0h")
    ),
    (
        'after = "1m"',
        'after = "1m", every = "10s"',
        'people[0].rules.emergency[1].every: "10s": must be from 30s to 1d',
    ),
    ("[storage]", "[paging]\nper_hour = 0\n[storage]", "paging.per_hour: 0: must be at least 1"),
    ("[storage]", "[paging]\nper_hour = 101\n[storage]", "paging.per_hour: 101: must be at most 100"),
    ("[storage]", '[paging]\nbundle = "1h"\n[storage]', 'paging.bundle: "1h": must be from 30s to 30m'),
    (
        "[storage]",
        "[paging]\nperhour = 3\n[storage]",
        'paging.perhour: unknown key; did you mean "per_hour"?',
    ),
    ("[storage]", '[board]\nidle = "30s"\n[storage]', 'board.idle: "30s": must be from 1m to 1d'),
    ("[storage]", '[board]\nabsolute = "8d"\n[storage]', 'board.absolute: "8d": must be from 5m to 7d'),
    (
        "[storage]",
        '[board]\nidle = "2h"\nabsolute = "1h"\n[storage]',
        "board.idle: longer than board.absolute; nobody stays logged in for that long",
    ),
    *(
        (
            "+27 11 555 0002",
            phone,
            f'people[1].phones[0]: "{phone}": not a phone number; write it as +27115550001',
        )
        for phone in ("+271155", "+27115550002999999", "call Grace", "+27 11 555 0002 ext. 7", "")
    ),
    (
        '"+27115550001"',
        '"+27115550001", "+27115550001"',
        'people[0].phones[1]: "+27115550001": stands there twice',
    ),
    (
        '"+27115550001"',
        '"+27115550001", "+27 11 555 0002"',
        'people[1].phones[0]: "+27115550002": is also people[0].phones[1] (of "ada"); nobody could tell them apart',
    ),
]


@pytest.mark.parametrize(("old", "new", "said"), WRONG, ids=[said[:50] for *_, said in WRONG])
def test_a_mistake_has_one_sentence(mistakes: Mistakes, old: str, new: str, said: str) -> None:
    assert mistakes((old, new)) == [said]


def test_a_step_may_be_short(loads: Loads) -> None:
    (chain,) = loads((FIRST, 'wait = "10s" }, ')).directory.chains
    assert chain.steps[0].wait.total_seconds() == 10


NO_SMS, NO_VOICE = ('sms_from = "+14155550101"\n', ""), ('voice_from = "+14155550102"\n', "")
PHONE_ONLY = ('slack = "U0GRACE"\n', "")
GRACE = 'people[1]: "grace" can\'t be paged by phone:'


def test_a_phone_alone_needs_a_number_of_ours(mistakes: Mistakes, loads: Loads) -> None:
    loads(PHONE_ONLY)
    loads(PHONE_ONLY, NO_SMS)
    loads(PHONE_ONLY, NO_VOICE)
    assert mistakes(PHONE_ONLY, NO_SMS, NO_VOICE) == [
        f"{GRACE} [channels.twilio.templates] has no page, [channels.twilio] has no sms_from "
        "and [channels.twilio] has no voice_from; set one of these, or give slack or telegram"
    ]
    approved = ("update = ", 'page = "HX00000000000000000000000000000000"\nupdate = ')
    loads(PHONE_ONLY, NO_SMS, NO_VOICE, approved)


def test_a_call_without_a_voice_number_is_warned_of(loads: Loads) -> None:
    said = (
        "people[0].rules.emergency[1].by[0]: [channels.twilio] has no voice_from: another way takes its place"
    )
    assert said in loads(NO_VOICE).warnings
    assert not [line for line in loads().warnings if line.startswith("people")]


def test_a_calendar_file_that_is_not_there_is_warned_of(loads: Loads) -> None:
    warnings = loads((TURNS, 'ical = "rota.ics"\n')).warnings
    assert (
        'schedules[0].layers[0].ical: no such file: until there is "rota.ics", this layer has nobody'
        in warnings
    )
    assert not [line for line in warnings if "nobody is on call" in line], "what is in it is not known yet"


def test_leads_that_a_team_has_not_are_warned_of(loads: Loads) -> None:
    pages_leads = ('"person:lin"', '"leads"')
    assert not [line for line in loads(pages_leads).warnings if line.startswith("chains")]
    lacking = loads(pages_leads, ('roles = ["lead", "operator"]', ""))
    assert 'chains[0]: pages the leads: "desk" has none' in lacking.warnings


def late(loads: Loads, *edits: tuple[str, str]) -> list[str]:
    """The warnings about rules and chains."""
    return [line for line in loads(*edits).warnings if line.startswith(("people", "chains"))]


RULE = 'after = "1m"'
NOT_SO_LONG = 'people[0].rules.emergency[1].after: no step that pages "ada" waits longer than'


@pytest.mark.parametrize(
    ("after", "comes"),
    [("45m", "45m"), ("5m", "5m"), ("300s", "5m"), ("301s", "301s"), ("299s", ""), ("0s", "")],
)
def test_a_rule_that_begins_when_the_step_is_over_is_warned_of(loads: Loads, after: str, comes: str) -> None:
    said = f'{NOT_SO_LONG} 5m: it comes {comes} after "ada" is first paged, while the page is at a later step'
    assert late(loads, (RULE, f'after = "{after}"')) == ([said] if comes else [])


def test_it_is_in_time_where_one_of_the_steps_waits_longer(loads: Loads) -> None:
    rule, last = (RULE, 'after = "45m"'), '["person:lin"], wait = "5m"'
    assert late(loads, rule, (last, '["person:lin"], wait = "1h"')), "that one is not hers"
    for target in ("person:ada", "tier:1", "everyone", "schedule:standby"):
        assert not late(loads, rule, (last, f'["{target}"], wait = "46m"'))
        assert late(loads, rule, (last, f'["{target}"], wait = "44m"'))[0].startswith(f"{NOT_SO_LONG} 44m")


def test_nothing_is_said_of_what_is_not_known_here(loads: Loads) -> None:
    """A calendar's people, a step that lasts until the clock says so; a chain that nothing pages."""
    rule = (RULE, 'after = "45m"')
    assert not late(loads, rule, (TURNS, 'ical = "https://x.example/a.ics"\n'))
    assert not late(loads, rule, ('["person:lin"], wait', '["person:lin"], at = "50% of response", wait'))
    assert not late(loads, rule, ('emergency = "standby"', 'high = "standby"'))


def test_a_way_that_is_tried_again_before_begins_anew(loads: Loads) -> None:
    twice = '}, { after = "45m", by = ["sms"] }] }'
    assert late(loads, (" }] }   # optional", f" {twice}")) == [
        'people[0].rules.emergency[2].after: no step that pages "ada" waits longer than 5m: '
        'it begins anew whenever "ada" is paged again before it has come'
    ]


@pytest.mark.parametrize(
    ("first", "second", "warned"),
    [
        ("80% of response", "10% of response", True),
        ("breach of response", "99% of response", True),
        ("10% of response", "80% of response", False),
        ("50% of response", "50% of response", False),
        ("80% of response", "10% of resolution", False),
    ],
)
def test_shares_that_go_down_are_warned_of(loads: Loads, first: str, second: str, warned: bool) -> None:
    steps = (
        (FIRST, f'wait = "5m", at = "{first}" }}, '),
        ('["person:lin"], wait', f'["person:lin"], at = "{second}", wait'),
    )
    said = (
        f'chains[0].steps[1].at: "{second}" has passed when step 1 begins, at {first}: '
        "this step begins 1 minute after the one before it"
    )
    assert late(loads, *steps) == ([said] if warned else [])
