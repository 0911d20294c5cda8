"""Who may have a service, and which versions are worked on."""

import datetime as dt

from escalation.entitlement import Entitled, Entitlement, Service, Versions, entitlement, major_version
from tests.unit.table import each

TRAINING = Service(
    id="training",
    label="Training",
    plans=(
        Entitlement(plan="trial"),
        Entitlement(plan="standard", within=dt.timedelta(days=30)),
        Entitlement(plan="both", within=dt.timedelta(days=30)),
        Entitlement(plan="both"),
    ),
)
PANEL = Service(id="panel", label="Panel", plans=(Entitlement(plan="all-in-one"),), once=True)
LAST = dt.date(2026, 3, 31)


@each(
    ("service", "plan", "since", "today", "used", "said", "until"),
    [
        (TRAINING, "trial", None, "2026-03-10", False, Entitled.INCLUDED, None),
        (
            TRAINING,
            "trial",
            "2020-01-01",
            "2026-03-10",
            True,
            Entitled.INCLUDED,
            None,
        ),  # as often as asked for
        (TRAINING, "standard", "2026-03-02", "2026-03-02", False, Entitled.INCLUDED, LAST),
        (TRAINING, "standard", "2026-03-02", "2026-03-31", False, Entitled.INCLUDED, LAST),  # the 30th day
        (TRAINING, "standard", "2026-03-02", "2026-04-01", False, Entitled.TOO_LATE, LAST),
        (TRAINING, "standard", None, "2026-03-10", False, Entitled.UNKNOWN_START, None),
        (TRAINING, "both", None, "2026-03-10", False, Entitled.INCLUDED, None),  # one of two without an end
        (TRAINING, "basic", "2026-03-02", "2026-03-10", False, Entitled.OTHER_PLAN, None),
        (TRAINING, "", None, "2026-03-10", False, Entitled.OTHER_PLAN, None),
        (PANEL, "all-in-one", None, "2026-03-10", False, Entitled.INCLUDED, None),
        (PANEL, "all-in-one", None, "2026-03-10", True, Entitled.USED, None),
        (PANEL, "standard", None, "2026-03-10", True, Entitled.OTHER_PLAN, None),
    ],
)
def test_entitlement(
    service: Service,
    plan: str,
    since: str | None,
    today: str,
    used: bool,
    said: Entitled,
    until: dt.date | None,
) -> None:
    begun = since and dt.date.fromisoformat(since)
    answer = entitlement(service, plan, begun or None, dt.date.fromisoformat(today), used=used)
    assert (answer.entitled, answer.until) == (said, until)


@each(
    ("text", "major"),
    [
        ("3.2", 3),
        (" 12 ", 12),
        ("it is version 3.2.1 on the server", 3),
        ("Version 11", 11),
        ("v4 crashes", 4),
        ("release 2026.1", 2026),
        ("ver. 5", 5),
        ("mam wersję 7", 7),
        ("the map is blank", None),
        ("3 lorries are missing", None),  # a number that is no version
        ("rev3", None),
        ("", None),
    ],
)
def test_the_major_version_in_words(text: str, major: int | None) -> None:
    assert major_version(text) == major


@each(("major", "supported"), [(5, True), (4, True), (3, False), (6, True)])
def test_the_current_and_the_previous_version_are_supported(major: int, supported: bool) -> None:
    assert Versions(product="Tracker", supported=(5, 4)).supports(major) is supported
