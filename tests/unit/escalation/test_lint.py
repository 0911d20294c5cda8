"""What is legal in a policy but hardly meant is found, named by its key; a policy that means it is left alone."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from escalation.calendar import WEEKDAYS, BusinessCalendar
from escalation.entitlement import Entitlement, Service
from escalation.escalate import Escalation, parse_trigger
from escalation.lint import lint, named_chains
from escalation.office import AfterHours, Hours
from escalation.policy import AnsweredBy, Category, Cell, Plan, Policy, Severity
from escalation.targets import Counts, parse_target
from tests.unit.table import each

TODAY = dt.date(2026, 3, 4)
WEEK = {day: ["08:30-17:00"] for day in WEEKDAYS[:5]}


def calendar(
    hours: Mapping[str, Sequence[str]] = WEEK, zone: str = "Africa/Johannesburg", **more: Any
) -> BusinessCalendar:
    return BusinessCalendar(zone=ZoneInfo(zone), hours=hours, **more)


def severity(id: str, respond: str | None = None, resolve: str | None = None, **more: Any) -> Severity:
    targets = {"respond": respond, "resolve": resolve}
    parsed = {name: parse_target(text) for name, text in targets.items() if text}
    return Severity(id=id, label=id, words=(f"{id} words",), **parsed, **more)


HIGH, NORMAL, LOW = severity("high", "1h", "8h"), severity("normal", "4h"), severity("low", "2bd")


def policy(severities: tuple[Severity, ...] = (HIGH, NORMAL, LOW), **more: Any) -> Policy:
    desk = more.pop("calendar", None) or calendar()
    return Policy(
        name="desk",
        version="1",
        title="Desk",
        prefix="DSK",
        language="en",
        zone=desk.zone,
        calendar=desk,
        severities=severities,
        answered_by=AnsweredBy.REPLY,
        **more,
    )


def rule(page: bool = True, *severities: str, when: tuple[Hours, ...] = (), chain: str = "") -> AfterHours:
    return AfterHours(severities=severities, when=when, page=page, chain=chain)


def escalate(trigger: str, to: str = "tier:2", *severities: str, **more: Any) -> Escalation:
    return Escalation(trigger=parse_trigger(trigger), to=(to,), severities=severities, **more)


def category(id: str, *, words: tuple[str, ...] = (), **cells: Cell) -> Category:
    return Category(id=id, label=id, words=words, cells=cells)


def means(text: str) -> Cell:
    return Cell(meaning=text)


def answers(text: str) -> Cell:
    return Cell(respond=parse_target(text))


NIGHTS = {**WEEK, "sun": ["00:00-06:00"]}
ALL_DAY = {day: ["00:00-24:00"] for day in WEEKDAYS}
CHANGES = [dt.date(*day) for day in ((2026, 3, 29), (2026, 10, 25), (2027, 3, 28), (2027, 10, 31))]
NEXT_WEEK = frozenset(dt.date(2026, 3, day) for day in range(9, 14))
JUNE = frozenset(dt.date(2026, 6, day) for day in range(1, 31))
LIMITED = {"high": calendar().with_windows({"sat": ["09:00-13:00"]})}
PLANS = (Plan(id="small", label="Small"), Plan(id="large", label="Large", included=("training",)))


def test_a_plain_policy_is_clean() -> None:
    assert lint(policy(), TODAY) == ()


@each(
    "meant",
    [
        policy((severity("only", "as needed"),)),
        policy(
            (severity("a", "1h"), replace(severity("b", "4h"), words=()), severity("c", "24h"))
        ),  # the fallback
        policy(
            (severity("only"),), categories=(Category(id="net", label="Net", resolve=parse_target("8h")),)
        ),
        policy(  # paged at night by its own word, and by day nobody is
            (replace(HIGH, pages=True), NORMAL), after_hours=(rule(False, "high", when=(Hours.OFFICE,)),)
        ),
        policy(calendar=calendar({**WEEK, "sun": ["01:30-02:30"]}, "Europe/Warsaw")),  # an hour, as ever
        policy(  # a date of its own
            calendar=calendar(NIGHTS, "Europe/Warsaw", overrides=dict.fromkeys(CHANGES, ())),
        ),
        policy((replace(HIGH, words=()), NORMAL, LOW), vip_at_least="high"),
        policy((severity("high", "5 business days"),)),
        policy((severity("high", "42h30m", counts=Counts.OFFICE_HOURS),)),  # a week's hours, and no more
        policy((severity("high", "168h"),)),
        policy((severity("high", "1 business day", counts=Counts.OFFICE_HOURS),)),  # true, if nothing new
        policy((severity("high", "next business day", "negotiated"),)),
        policy(calendar=calendar(ALL_DAY, "Europe/Warsaw")),  # round the clock nothing is lost
        policy(calendar=calendar(WEEK, "Europe/Warsaw")),  # on Sundays nobody is there
        policy(calendar=calendar({day: ["08:00-17:00"] for day in ("sun", *WEEKDAYS[:4])}, "Asia/Qatar")),
        policy(
            categories=(category("net", high=answers("30m")), category("mail"))
        ),  # the severity's own stands in
        policy(
            (HIGH, NORMAL), categories=(Category(id="net", label="Net", resolve=parse_target("same day")),)
        ),
        policy(after_hours=(rule(True, "high"), rule(False, when=(Hours.AFTER,)))),
        policy((replace(HIGH, pages=True), NORMAL), after_hours=(rule(True, "high"), rule(False))),
        policy(limited=LIMITED, after_hours=(rule(True, "high", when=(Hours.LIMITED,)),)),
        policy(
            (HIGH, NORMAL), escalations=(escalate("75% of response"), escalate("24h unanswered", "tier:3"))
        ),
        policy((severity("low", None, "negotiated"),), escalations=(escalate("breach of resolution"),)),
        policy(plans=PLANS, services=(Service(id="s", label="S", plans=(Entitlement(plan="small"),)),)),
    ],
)
def test_what_is_meant_is_not_found(meant: Policy) -> None:
    assert [str(finding) for finding in lint(meant, TODAY)] == []


@each(
    ("found", "key", "says"),
    [
        # names
        (
            policy(categories=(category("net", high=means("Down"), normal=means("Slow")),)),
            "category[0].severity",
            'nothing is said of "low" in "net"',
        ),
        (
            policy(
                categories=(
                    category("net", **{s: means(s) for s in ("high", "normal", "low")}),
                    category("x"),
                )
            ),
            "category[1].severity",
            'nothing is said of "high", "normal" and "low" in "x"',
        ),
        (
            policy((severity("a"), severity("b")), categories=(category("net", a=answers("1h")),)),
            "category[0].severity",
            'nothing is said of "b"',
        ),
        (
            policy(
                (severity("a", "1h"), severity("b")),
                categories=(Category(id="net", label="Net", resolve=parse_target("8h")), category("mail")),
            ),
            "category[1].severity",
            'nothing is said of "b" in "mail"',
        ),
        (policy((HIGH, severity("low"))), "severity[1]", '"low" has no target at all; write as needed'),
        (policy((replace(HIGH, words=()), NORMAL, LOW)), "severity[0].words", 'no words propose "high"'),
        (
            policy((HIGH, replace(NORMAL, words=("High words!", "slow")), LOW)),
            "severity[1].words",
            '"high words" speaks for "high" too; in a tie the more urgent wins',
        ),
        (
            policy(
                categories=(category("net", words=("wifi", "lan")), category("home", words=("lan", "wifi")))
            ),
            "category[1].words",
            '"lan" and "wifi" speak for "net" too',
        ),
        (policy(services=(Service(id="call", label="Call"),)), "service[0].plans", 'no plan has "call"'),
        (
            policy(plans=(Plan(id="a", label="A"), Plan(id="b", label="B"))),
            "plan[1]",
            'nothing tells "b" from "a"',
        ),
        (
            policy(plans=(Plan(id="a", label="A", call_out_charge=True),)),
            "plan[0].call_out_charge",
            "never asked for",
        ),
        # promises
        (
            policy((severity("high", "60 business hours"),)),
            "severity[0].respond",
            '"60 business hours": longer than the week it starts in (it has 42h30m)',
        ),
        (policy((severity("high", "6bd"),)), "severity[0].respond", "due 8 days later, Tuesday 08:30"),
        (policy((severity("high", None, "200h"),)), "severity[0].resolve", "longer than the week"),
        (policy((severity("high", "4h-300h"),)), "severity[0].respond", "longer than the week"),
        (
            policy(categories=(Category(id="net", label="Net", resolve=parse_target("30m")),)),
            "category[0].resolve",
            '"30m" is due before the response ("1h", severity[0].respond)',
        ),
        (
            policy((severity("high", "4 business hours", counts=Counts.BUSINESS_DAYS),)),
            "severity[0].counts",
            '"business days" changes nothing',
        ),
        (
            policy((severity("high", "as needed", counts=Counts.OFFICE_HOURS),)),
            "severity[0].counts",
            '"office hours" changes nothing',
        ),
        (policy(milestones=(50, 75)), "milestones", "50, 75, but not 100"),
        (policy(milestones=()), "milestones", "none"),
        # hours
        (
            policy(calendar=calendar({}, overrides={dt.date(2025, 1, 1): ["08:00-12:00"]})),
            "hours",
            '"high", "normal" and "low": no open time in the coming 12 months',
        ),
        (policy(calendar=calendar(holidays=NEXT_WEEK)), "holidays", "the week from Mon 2026-03-09"),
        (policy(calendar=calendar(holidays=JUNE)), "holidays", "every business day of June 2026"),
        (
            policy(calendar=calendar(NIGHTS, "Europe/Warsaw")),
            "hours",
            "Sun 2026-03-29: the clocks go forward; 00:00-06:00 loses 1h (5h instead of 6h)",
        ),
        (
            policy(calendar=calendar(NIGHTS, "Europe/Warsaw")),
            "hours",
            "Sun 2026-10-25: the clocks go back; 00:00-06:00 gains 1h (7h instead of 6h)",
        ),
        (
            policy(calendar=calendar({**WEEK, "sun": ["02:30-06:00"]}, "Europe/Warsaw")),  # begins in the gap
            "hours",
            "Sun 2026-03-29: the clocks go forward; 02:30-06:00 loses 1h",
        ),
        (
            policy(
                limited={"high": calendar(WEEK, "Europe/Warsaw").with_windows({"sun": ["01:00-04:00"]})},
                calendar=calendar(WEEK, "Europe/Warsaw"),
            ),
            "limited",
            "01:00-04:00 loses 1h",
        ),
        (
            policy(
                calendar=calendar({**WEEK, "sun": ["02:00-03:00"]}, "Europe/Warsaw")
            ),  # all of it in the gap
            "hours",
            "Sun 2026-03-29: the clocks go forward; 02:00-03:00 loses 1h (0m instead of 1h)",
        ),
        (
            policy(
                calendar=calendar({**WEEK, "sun": ["02:30-03:15"]}, "Europe/Warsaw")
            ),  # turned around by it
            "hours",
            "02:30-03:15 loses 45m (0m instead of 45m)",
        ),
        (
            policy(
                limited={"high": calendar(WEEK, "Europe/Warsaw").with_windows({"sun": ["02:00-03:00"]})},
                calendar=calendar(WEEK, "Europe/Warsaw"),
            ),
            "limited",
            "02:00-03:00 loses 1h (0m instead of 1h)",
        ),
        # rules
        (
            policy((replace(HIGH, pages=True), NORMAL), after_hours=(rule(True, "normal"), rule(False))),
            "severity[0].pages",
            "true, and changes nothing: after_hours[1] decides that nobody is paged",
        ),
        (
            policy(after_hours=(rule(True, "high"), rule(False, "high", when=(Hours.AFTER,)))),
            "after_hours[1]",
            "never acts: after_hours[0] decides all its cases before",
        ),
        (
            policy(after_hours=(rule(True, "high"), rule(True, "normal"), rule(False, "normal", "high"))),
            "after_hours[2]",
            "after_hours[0] and after_hours[1] decide all its cases before",
        ),
        (
            policy(after_hours=(rule(when=(Hours.LIMITED,)),)),
            "after_hours[0].when",
            'names "limited hours", and there are no limited hours',
        ),
        (policy(after_hours=(rule(when=(Hours.HOLIDAY,)),)), "after_hours[0].when", "there is no holiday"),
        (
            policy(calendar=calendar(ALL_DAY), after_hours=(rule(when=(Hours.AFTER,)),)),
            "after_hours[0].when",
            "the desk never closes",
        ),
        (
            policy(
                (LOW, severity("wish", "as needed")),
                escalations=(escalate("75% of response", "leads", "wish"),),
            ),
            "escalate[0].when",
            '"75% of response" never comes: "wish" has no respond target',
        ),
        (
            policy(escalations=(escalate("breach of next response"),)),
            "escalate[0].when",
            "no severity has a next target",
        ),
        (
            policy(escalations=(escalate("75% of response", counts=Counts.OFFICE_HOURS),)),
            "escalate[0].counts",
            "a share of a clock counts what the clock counts",
        ),
        (
            policy(escalations=(escalate("breach of response", "tier:3"), escalate("200% of response"))),
            "escalate[1]",
            'tier 2 ("200% of response") comes after tier 3 (escalate[0]) for "high"',
        ),
        (
            policy(escalations=(escalate("8h unanswered"), escalate("4h unanswered", "tier:3"))),
            "escalate[0]",
            "comes after tier 3 (escalate[1])",
        ),
        (
            policy(
                (HIGH,), escalations=(escalate("breach of response"), escalate("1h unresolved", "tier:3"))
            ),
            "escalate[0]",
            "comes no earlier than tier 3",
        ),
    ],
)
def test_what_is_hardly_meant_is_found(found: Policy, key: str, says: str) -> None:
    said = [(finding.key, finding.message) for finding in lint(found, TODAY)]
    assert [at for at, message in said if at == key and says in message], said


def test_one_mistake_is_one_finding() -> None:
    twice = policy(
        (severity("high", "60 business hours"), LOW),
        categories=tuple(Category(id=id, label=id) for id in ("a", "b", "c")),
    )
    assert len(lint(twice, TODAY)) == 1


def test_chains_are_known_from_outside() -> None:
    paging = policy(after_hours=(rule(True, "high", chain="night"),))
    assert named_chains(paging) == ("night",)
    assert lint(paging, TODAY) == ()
    assert lint(paging, TODAY, frozenset({"night"})) == ()
    (finding,) = lint(paging, TODAY, frozenset({"day"}))
    assert (
        str(finding)
        == 'after_hours[0].page: pages the chain "night", which the configuration lacks; it has day'
    )


def test_windows_in_office_hours() -> None:
    both = policy(limited=LIMITED)
    assert lint(both, TODAY, windows=({"sat": ["09:00-13:00"]},)) == ()
    (finding,) = lint(both, TODAY, windows=({"sat": ["09:00-13:00"]}, {"mon": ["16:00-20:00"]}))
    assert (finding.key, "overlaps the office hours 08:30-17:00" in finding.message) == (
        "limited[1].mon",
        True,
    )


def test_the_year_to_come_is_looked_at() -> None:
    closed = policy(calendar=calendar(holidays=NEXT_WEEK))
    assert lint(closed, dt.date(2026, 3, 10)) == ()


def test_a_team_without_the_chain_that_is_paged() -> None:
    paging = policy((replace(HIGH, pages=True), NORMAL, LOW), after_hours=(rule(True, "normal"),))
    assert lint(paging, TODAY) == lint(paging, TODAY, teams={"desk": frozenset({"high", "normal"})}) == ()
    teams = {"desk": frozenset({"high"}), "night": frozenset[str]()}
    assert [(finding.key, finding.message) for finding in lint(paging, TODAY, teams=teams)] == [
        ("severity[0].pages", 'pages the chain for "high", and "night" has none: it rings no phone'),
        (
            "after_hours[0].page",
            'pages the chain for "normal", and "desk" and "night" have none: it rings no phone',
        ),
    ]


def test_an_override_on_a_holiday_never_opens() -> None:
    hours = {
        dt.date(2026, 3, 9): ["09:00-10:00"],
        dt.date(2026, 3, 10): [],
        dt.date(2026, 3, 16): ["09:00-10:00"],
    }
    past = {dt.date(2026, 3, 2): ["09:00-10:00"]}
    public = frozenset({dt.date(2026, 3, day) for day in (2, 9, 10)})
    closed = policy(calendar=calendar(holidays=public, overrides=hours))
    (finding,) = lint(closed, TODAY, overrides=hours | past)
    assert str(finding) == "overrides.2026-03-09: 09:00-10:00 never opens: Mon 2026-03-09 is a holiday"
