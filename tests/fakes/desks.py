"""A desk for each of the five policies: the policy as it is shipped, with people and customers who fit it."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.config.policies import load_policy
from bot.domain.ids import Address, ChannelName, OrganisationId, TeamName
from bot.domain.people import Directory, Organisation, Team
from escalation.chain import Chain, Step
from escalation.policy import Policy
from tests.builders import ADA, ADA_PHONE, DESK, GRACE, GRACE_PHONE, LIN, SIPHO, THANDI, contact, person
from tests.fakes.world import World

POLICIES = Path(__file__).parents[2] / "policies"
MAX = "U0MAX"
"""A senior engineer, tier 3."""


@cache
def shipped(name: str) -> Policy:
    """The policy in policies/, as the bot loads it."""
    return load_policy(POLICIES / f"{name}.toml")


def desk(
    name: str, *, at: str, plan: str = "", since: dt.date | None = None, version: str = "", **changes: Any
) -> World:
    """A world at the local time `at` of the policy's zone (2026-11-23T10:00). Thandi (a VIP) and Sipho are customers
    with `plan`; Ada and Grace are tier 1, Lin leads tier 2, Max is tier 3; `everyone` is paged where the policy pages."""
    policy = shipped(name)
    start = dt.datetime.fromisoformat(at).replace(tzinfo=policy.zone).astimezone(dt.UTC)
    return World(at=start, people=people_of(policy, plan=plan, since=since, version=version, **changes))


def people_of(policy: Policy, *, plan: str, since: dt.date | None, version: str, **changes: Any) -> Directory:
    plans = [p.id for p in policy.plans]
    team = TeamName("desk")
    zone: ZoneInfo = changes.pop("zone", policy.zone)
    acme = Organisation(
        id=OrganisationId("acme"),
        name="Acme Clinics",
        team=team,
        plan=plan or (plans[-1] if plans else ""),
        language=changes.pop("language", policy.language),
        zone=zone,
        since=since,
        version=version,
    )
    chain = Chain(name="standby", steps=(Step(targets=("person:ada",), wait=dt.timedelta(minutes=5)),))
    fields: dict[str, Any] = {
        "people": (
            person("ada", "Ada", ADA, ADA_PHONE, "10001", zone=policy.zone),
            person("grace", "Grace", GRACE, GRACE_PHONE, zone=policy.zone),
            person("lin", "Lin", LIN, tier=2, roles=frozenset({"lead"}), zone=policy.zone),
            person("max", "Max", MAX, tier=3, zone=policy.zone),
        ),
        "contacts": (
            contact(
                "thandi", "Thandi", THANDI, vip=True, identities={"slack": "U0THANDI", "telegram": "20001"}
            ),
            contact("sipho", "Sipho", SIPHO, email=""),
        ),
        "organisations": (acme,),
        "teams": (
            Team(
                name=team,
                policy=policy.name,
                desks=(Address(channel=ChannelName("slack"), place=DESK),),
                chains={s.id: "standby" for s in policy.severities},
            ),
        ),
        "schedules": (),
        "chains": (chain,),
        "policies": (policy,),
    }
    return Directory(**(fields | changes))
