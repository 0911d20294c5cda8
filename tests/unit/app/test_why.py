"""Whom a ticket would page: the rule, the chain, the instants."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest

from bot.app.context import Context, Setup
from bot.app.why import would_page
from bot.domain.ids import ChannelName
from bot.domain.people import Directory
from bot.domain.why_notices import ChainFrom, Forecast
from escalation.chain import Chain, Step
from escalation.escalate import parse_trigger
from escalation.office import AfterHours, Hours
from escalation.paging import Rule
from escalation.policy import Policy
from storage.memory import MemoryStore
from tests.builders import ADA_PHONE, directory, person, policy
from tests.fakes.nights import MINUTE, at
from tests.fakes.world import CAPABILITIES, FakeRandom

MONDAY, SUNDAY = "2026-11-23T10:00", "2026-11-22T10:00"


def forecast(
    severity: str,
    when: str,
    organisation: str = "acme",
    contact: str = "",
    down: tuple[str, ...] = (),
    **changes: Any,
) -> Forecast:
    people: Directory = directory(**changes)
    setup = Setup(
        directory=people,
        capabilities={ChannelName(n): c for n, c in CAPABILITIES.items()},
        random=FakeRandom(),
        down=lambda channel: channel in down,
    )
    return MemoryStore().transact(
        lambda uow: would_page(
            Context(uow=uow, now=at(SUNDAY), setup=setup),
            people.organisation(organisation),
            severity,
            at(when),
            people.contact(contact) if contact else None,
        )
    )


def ruled(*rules: AfterHours, **changes: Any) -> tuple[Policy, ...]:
    return (policy(after_hours=rules, **changes),)


def begins(found: Forecast) -> list[dt.datetime]:
    return [step.begins for step in found.steps]


def walked(*steps: Step, repeat: int = 0) -> tuple[Chain, ...]:
    return (Chain(name="standby", repeat=repeat, steps=steps),)


def step(*targets: str, wait: int = 5, at: str = "") -> Step:
    return Step(targets=targets, wait=wait * MINUTE, at=parse_trigger(at) if at else None)


def test_without_a_rule_the_severity_decides() -> None:
    found = forecast("emergency", SUNDAY)
    assert (found.verdict.rule, found.verdict.hours, found.pages) == (None, Hours.AFTER, True)
    assert (found.chain, found.chain_from, found.rounds) == ("standby", ChainFrom.TEAM, 2)
    assert [(s.round, s.step, [p.name for p in s.people]) for s in found.steps] == [
        (1, 1, ["Ada"]),
        (1, 2, ["Grace"]),
        (2, 1, ["Ada"]),
        (2, 2, ["Grace"]),
    ]
    assert begins(found) == [at(SUNDAY) + n * 5 * MINUTE for n in range(4)]
    assert found.everyone_from == at(SUNDAY) + 20 * MINUTE


def test_the_first_rule_that_covers_it_decides_and_may_name_the_chain() -> None:
    other = AfterHours(severities=("low",), page=False)
    mine = AfterHours(severities=("normal",), when=(Hours.AFTER,), page=True, chain="night")
    chains = (*walked(step("person:ada")), Chain(name="night", steps=(step("leads"),)))
    found = forecast("normal", SUNDAY, policies=ruled(other, mine), chains=chains)
    assert (found.verdict.number, found.verdict.rule) == (1, mine)
    assert (found.chain, found.chain_from) == ("night", ChainFrom.RULE)
    assert [p.name for p in found.steps[0].people] == ["Lin"]


def test_what_is_paged_when_the_desk_opens_is_queued_until_then() -> None:
    """Whom it comes to is asked for the opening, not for now."""
    rules = ruled(AfterHours(when=(Hours.AFTER,), page=False))
    found = forecast("emergency", SUNDAY, policies=rules)
    opens = at("2026-11-23T08:30")
    assert (found.verdict.pages, found.verdict.queued, found.pages) == (False, opens, True)
    assert begins(found)[0] == opens
    assert forecast("low", SUNDAY, policies=rules).steps == ()


def test_a_charge_is_asked_first_of_whose_plan_has_one() -> None:
    assert forecast("emergency", SUNDAY, "other").asks_charge == dt.timedelta(minutes=1)
    assert forecast("emergency", SUNDAY, "acme").asks_charge is None
    assert forecast("emergency", MONDAY, "other").asks_charge is None


@pytest.mark.parametrize(
    ("contact", "severity", "for_vip"), [("boss", "High", True), ("thandi", "Low", False), ("", "Low", False)]
)
def test_a_vip_gets_more(contact: str, severity: str, for_vip: bool) -> None:
    known = directory().contacts
    boss = dataclasses.replace(known[0], id="boss", vip=True)  # type: ignore[arg-type]
    found = forecast("low", MONDAY, contact=contact, contacts=(*known, boss))
    assert (found.severity, found.for_vip) == (severity, for_vip)


def test_a_step_that_reaches_nobody_is_over_at_once() -> None:
    mute = person("mute", "Mute")
    chains = walked(step("person:mute"), step("tier:9"), step("person:ada"))
    found = forecast("emergency", MONDAY, chains=chains, people=(*directory().people, mute))
    assert begins(found) == [at(MONDAY)] * 3
    assert [[p.name for p in s.people] for s in found.steps] == [["Mute"], [], ["Ada"]]
    assert [s.reaches for s in found.steps] == [False, False, True]
    assert "Mute" not in found.everyone and not found.in_vain


@pytest.mark.parametrize("targets", [("tier:9",), ("schedule:gone",), ("person:nobody",)])
def test_a_chain_that_reaches_nobody_pages_in_vain(targets: tuple[str, ...]) -> None:
    found = forecast("emergency", MONDAY, chains=walked(step(*targets)))
    assert found.in_vain and found.everyone_from == at(MONDAY)


def test_without_a_chain_it_is_everyone() -> None:
    found = forecast("emergency", MONDAY, chains=())
    assert found.chain_from is ChainFrom.NOBODY
    assert [p.name for p in found.steps[0].people] == ["Ada", "Grace", "Lin"]


@pytest.mark.parametrize(
    ("trigger", "minutes"),
    [
        ("50% of response", 30),
        ("breach of response", 60),
        ("50% of resolution", 5),  # nothing is promised: it waits for the one before
    ],
)
def test_a_step_may_be_placed_in_the_response_time(trigger: str, minutes: int) -> None:
    chains = walked(step("person:ada"), step("person:grace", at=trigger), step("person:lin"), repeat=1)
    found = forecast("emergency", MONDAY, chains=chains)
    first, second = at(MONDAY), at(MONDAY) + minutes * MINUTE
    assert begins(found)[:3] == [first, second, second + 5 * MINUTE]
    assert begins(found)[4] - begins(found)[3] == 5 * MINUTE  # in a later round only the waits count
    assert found.steps[0].until == second


def test_a_placed_step_comes_sooner_where_the_one_before_reaches_nobody() -> None:
    chains = walked(step("tier:9"), step("person:grace", at="50% of response"))
    assert begins(forecast("emergency", MONDAY, chains=chains)) == [at(MONDAY), at(MONDAY)]


def test_their_own_rules_and_what_they_lack() -> None:
    ada, grace, lin = directory().people
    own = {"emergency": (Rule(after=MINUTE, by=("telegram",), every=3 * MINUTE),)}
    ada = dataclasses.replace(ada, rules=own)
    chains = walked(step("person:ada", "person:lin"))
    (found,) = forecast("emergency", MONDAY, chains=chains, people=(ada, grace, lin)).steps
    hers, his = found.people
    (way,) = hers.ways
    assert (way.at, way.methods, way.every) == (at(MONDAY) + MINUTE, ("Telegram",), 3 * MINUTE)
    assert (hers.own_rules, hers.lacks) == (True, ())
    assert (his.own_rules, his.lacks[0]) == (False, "SMS")
    assert {method for way in his.ways for method in way.methods} == {"Slack"}


# ---------------------------------------------------------------- what really goes out
def adas(found: Forecast) -> list[list[tuple[int, tuple[str, ...], int]]]:
    """Of each step that Ada is in: minutes after the first began, by what, and again after how many (0: once)."""
    first = found.steps[0].begins
    return [
        [((w.at - first) // MINUTE, w.methods, (w.every or 0 * MINUTE) // MINUTE) for w in p.ways]
        for s in found.steps
        for p in s.people
        if p.name == "Ada"
    ]


def ruled_by(*rules: Rule) -> dict[str, Any]:
    """Ada with a phone to call and rules of her own."""
    ada, *others = directory().people
    known = {**ada.identities, ChannelName("call"): ADA_PHONE}
    return {"people": (dataclasses.replace(ada, identities=known, rules={"emergency": rules}), *others)}


def rule(after: int, *by: str, every: int = 0) -> Rule:
    return Rule(after=after * MINUTE, by=by, every=every * MINUTE if every else None)


@pytest.mark.parametrize(("wait", "every"), [(5, 2), (4, 2), (3, 0), (1, 0)])
def test_it_is_said_to_come_again_only_where_the_step_lasts_so_long(wait: int, every: int) -> None:
    changes = ruled_by(rule(1, "call", every=2))
    found = forecast("emergency", MONDAY, chains=walked(step("person:ada", wait=wait)), **changes)
    assert adas(found) == [[(1, ("Call",), every)]]


def test_what_begins_later_than_the_step_lasts_comes_all_the_same() -> None:
    """Once, at its time: neither others nor a second turn put it off, and it is told where it is from."""
    changes = ruled_by(rule(0, "slack"), rule(12, "call", every=2))
    chains = walked(step("person:ada"), step("person:grace"), repeat=1)
    found = forecast("emergency", MONDAY, chains=chains, **changes)
    assert adas(found) == [[(0, ("Slack",), 0), (12, ("Call",), 0)], [(10, ("Slack",), 0)]]


def test_a_turn_may_bring_nothing_of_its_own() -> None:
    changes = ruled_by(rule(7, "call"))
    found = forecast("emergency", MONDAY, chains=walked(step("person:ada"), step("person:ada")), **changes)
    assert adas(found) == [[(7, ("Call",), 0)], []]
    assert all(s.reaches for s in found.steps) and begins(found) == [at(MONDAY), at(MONDAY) + 5 * MINUTE]


def test_a_way_that_is_tried_anew_before_begins_anew() -> None:
    changes = ruled_by(rule(0, "slack"), rule(7, "slack"))
    found = forecast("emergency", MONDAY, chains=walked(step("person:ada"), step("person:ada")), **changes)
    assert adas(found) == [[(0, ("Slack",), 0)], [(5, ("Slack",), 0)]], "then everyone is tried, she too"


def test_what_several_rules_send_at_one_time_goes_out_once() -> None:
    changes = ruled_by(rule(0, "slack"), rule(0, "slack", "sms", every=2))
    found = forecast("emergency", MONDAY, chains=walked(step("person:ada")), **changes)
    assert adas(found) == [[(0, ("Slack",), 0), (0, ("SMS",), 2), (2, ("Slack",), 2)]]


def test_what_is_down_now_is_not_lacking() -> None:
    chains = walked(step("person:ada", "person:lin"), step("person:ada"))
    changes = ruled_by(rule(0, "slack", "sms"), rule(1, "whatsapp"))
    found = forecast("emergency", SUNDAY, down=("sms", "call"), chains=chains, **changes)
    now, later = found.steps
    hers, lins = now.people
    assert [way.methods for way in hers.ways] == [("Slack", "Telegram"), ("Slack",)]
    assert (hers.lacks, hers.down) == (("WhatsApp",), ("SMS",))
    assert (lins.lacks, lins.down) == (("SMS", "Call"), ())
    (then,) = later.people
    assert (then.ways[0].methods, then.down) == (("Slack", "SMS"), ()), "who knows what works in 5 minutes"


def test_what_is_down_now_is_up_again_tomorrow() -> None:
    chains = walked(step("person:ada"))
    found = forecast("emergency", MONDAY, down=("slack", "sms"), chains=chains)
    assert found.steps[0].people[0].down == ()
    assert found.steps[0].people[0].ways[0].methods == ("Slack", "SMS")


def test_nobody_is_named_twice_in_a_step() -> None:
    chains = walked(step("schedule:standby", "person:ada", "everyone"))
    (found,) = forecast("emergency", MONDAY, chains=chains).steps
    assert [p.name for p in found.people] == ["Ada", "Grace", "Lin"]
    ada = found.people[0]
    assert ada.through is not None and (ada.through.schedule, ada.through.layer) == ("standby", 1)
