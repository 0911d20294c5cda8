"""A policy finds its severities by id, knows which is more urgent, and lends its calendars."""

import datetime as dt

import pytest

from escalation.calendar import Always
from escalation.policy import AnsweredBy, Category, Policy, Severity, UnknownCategory, UnknownSeverity
from escalation.targets import Counts, parse_target
from tests.unit.escalation.desks import DESKS

DESK = DESKS["serwis"]
URGENT = Severity(id="urgent", label="Urgent", respond=parse_target("1h"), pages=True)
NORMAL = Severity(id="normal", label="Normal", resolve=parse_target("24h-48h"), counts=Counts.BUSINESS_DAYS)
PAYMENTS = Category(id="payments", label="Payments", resolve=parse_target("same day"))


def policy(severities: tuple[Severity, ...] = (URGENT, NORMAL), vip: str | None = None) -> Policy:
    return Policy(
        name="serwis",
        version="1",
        title="Serwis",
        prefix="SRW",
        language="pl",
        zone=DESK.zone,
        calendar=DESK,
        severities=severities,
        answered_by=AnsweredBy.REPLY,
        vip_at_least=vip,
        categories=(PAYMENTS,),
    )


def test_severities_by_id() -> None:
    serwis = policy()
    assert serwis.severity("normal") is NORMAL
    assert (serwis.most_urgent, serwis.least_urgent) == (URGENT, NORMAL)
    assert serwis.more_urgent("normal", "urgent") is serwis.more_urgent("urgent", "normal") is URGENT
    assert serwis.patience == dt.timedelta(seconds=60)


def test_an_unknown_one_names_the_known() -> None:
    with pytest.raises(UnknownSeverity, match='unknown severity "p1"; this policy has urgent, normal'):
        policy().severity("p1")
    with pytest.raises(UnknownSeverity):
        policy(vip="p1")
    with pytest.raises(UnknownCategory, match="has payments"):
        policy().category("hats")


def test_a_policy_needs_a_severity() -> None:
    with pytest.raises(ValueError, match="at least one severity"):
        policy(())


def test_a_category_replaces_targets() -> None:
    served = policy().served("normal", "payments")
    assert served.resolve == PAYMENTS.resolve and served.counts is Counts.BUSINESS_DAYS
    assert policy().served("normal") is NORMAL


def test_calendars_are_kept() -> None:
    serwis = policy()
    assert isinstance(serwis.clock_calendar(Counts.ALWAYS), Always)
    assert serwis.clock_calendar(Counts.OFFICE_HOURS) is DESK
    assert serwis.clock_calendar(Counts.BUSINESS_DAYS) is DESK.whole_days()
