"""Values to test with: a small support company that looks after one clinic."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.hotline import Hotline
from bot.domain.ids import Address, ChannelName, ContactId, OrganisationId, PersonId, TeamName
from bot.domain.people import Contact, Directory, Organisation, Person, Team
from escalation.calendar import BusinessCalendar
from escalation.chain import Chain, Step
from escalation.policy import AnsweredBy, Plan, Policy, Severity
from escalation.rotation import Period, Rotation, Unit
from escalation.schedule import Schedule
from escalation.targets import Counts, parse_target

ZONE = ZoneInfo("Africa/Johannesburg")
THANDI = "+27115550100"
SIPHO = "+27115550200"
ADA, GRACE, LIN = "U0ADA", "U0GRACE", "U0LIN"
ADA_PHONE, GRACE_PHONE = "+27115550001", "+27115550002"
DESK = "C0DESK"


def policy(**changes: Any) -> Policy:
    fields: dict[str, Any] = {
        "name": "managed-it",
        "version": "test",
        "title": "Managed IT",
        "prefix": "MIT",
        "language": "en",
        "zone": ZONE,
        "calendar": BusinessCalendar(
            zone=ZONE, hours={day: ["08:30-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
        ),
        "severities": (
            Severity(
                id="emergency",
                label="Emergency",
                meaning="many users, the business is severely affected",
                words=("down", "outage", "nobody can"),
                respond=parse_target("1h"),
                pages=True,
            ),
            Severity(
                id="high",
                label="High",
                words=("vip", "several"),
                respond=parse_target("1h-2h"),
                counts=Counts.OFFICE_HOURS,
            ),
            Severity(
                id="normal",
                label="Normal",
                words=("printer", "slow"),
                respond=parse_target("2h-4h"),
                counts=Counts.OFFICE_HOURS,
            ),
            Severity(
                id="low",
                label="Low",
                words=("please add", "quote"),
                respond=parse_target("next business day"),
                resolve=parse_target("negotiated"),
                counts=Counts.OFFICE_HOURS,
            ),
        ),
        "answered_by": AnsweredBy.REPLY,
        "vip_at_least": "high",
        "plans": (
            Plan(id="standard", label="Standard", call_out_charge=True),
            Plan(id="premium", label="Premium"),
        ),
    }
    return Policy(**(fields | changes))


def person(
    id: str,
    name: str,
    slack: str = "",
    phone: str = "",
    telegram: str = "",
    *,
    calls: bool = False,
    **changes: Any,
) -> Person:
    """One of us; `calls` where their phone may also ring."""
    identities = {"slack": slack, "telegram": telegram, "sms": phone, "whatsapp": phone}
    identities |= {"call": phone} if calls else {}
    fields: dict[str, Any] = {
        "id": PersonId(id),
        "name": name,
        "roles": frozenset({"engineer"}),
        "teams": frozenset({TeamName("desk")}),
        "tier": 1,
        "zone": ZONE,
        "identities": {ChannelName(c): i for c, i in identities.items() if i},
    }
    return Person(**(fields | changes))


def people() -> tuple[Person, ...]:
    return (
        person("ada", "Ada", ADA, ADA_PHONE, "10001"),
        person("grace", "Grace", GRACE, GRACE_PHONE),
        person("lin", "Lin", LIN, tier=2, roles=frozenset({"lead"})),
    )


def contact(id: str, name: str, phone: str = "", **changes: Any) -> Contact:
    identities = {"whatsapp": phone, "sms": phone, **changes.pop("identities", {})}
    fields: dict[str, Any] = {
        "id": ContactId(id),
        "name": name,
        "organisation": OrganisationId("acme"),
        "identities": {ChannelName(c): i for c, i in identities.items() if i},
        "email": f"{id}@acme.example",
    }
    return Contact(**(fields | changes))


def directory(**changes: Any) -> Directory:
    slack_desk = Address(channel=ChannelName("slack"), place=DESK)
    fields: dict[str, Any] = {
        "people": people(),
        "contacts": (
            contact("thandi", "Thandi", THANDI, identities={"slack": "U0THANDI", "telegram": "20001"}),
            contact("sipho", "Sipho", SIPHO, organisation=OrganisationId("other")),
        ),
        "organisations": (
            Organisation(
                id=OrganisationId("acme"),
                name="Acme Clinics",
                team=TeamName("desk"),
                plan="premium",
                language="en",
                zone=ZONE,
            ),
            Organisation(
                id=OrganisationId("other"),
                name="Other Shop",
                team=TeamName("desk"),
                plan="standard",
                language="en",
                zone=ZONE,
            ),
        ),
        "hotline": Hotline(countries=("ZA", "GB"), listed=frozenset({ADA_PHONE, GRACE_PHONE, THANDI, SIPHO})),
        "teams": (
            Team(
                name=TeamName("desk"),
                policy="managed-it",
                desks=(slack_desk,),
                chains={"emergency": "standby"},
            ),
        ),
        "schedules": (
            Schedule(
                name="standby",
                zone=ZONE,
                layers=(
                    Rotation(
                        people=("ada",),
                        every=Period(count=1, unit=Unit.WEEKS),
                        handover=dt.datetime(2026, 1, 5, 9, 0),  # noqa: DTZ001
                        zone=ZONE,
                    ),
                ),
            ),
        ),
        "chains": (
            Chain(
                name="standby",
                repeat=1,
                steps=(
                    Step(targets=("schedule:standby",), wait=dt.timedelta(minutes=5)),
                    Step(targets=("person:grace",), wait=dt.timedelta(minutes=5)),
                ),
            ),
        ),
        "policies": (policy(),),
    }
    return Directory(**(fields | changes))
