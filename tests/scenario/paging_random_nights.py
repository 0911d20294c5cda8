"""What a random night is made of: people with some ways to be reached, who is on call, chains, limits, and what happens.

Everything is drawn before the night begins, as small numbers, so that a night that goes wrong shrinks to a short one.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bot.domain.ids import Address, ChannelName, PersonId, TeamName
from bot.domain.people import Directory, Person, Team
from escalation.chain import Chain, Step
from escalation.escalate import parse_trigger
from escalation.office import AfterHours
from escalation.paging import Rule
from escalation.policy import Policy
from escalation.rotation import Period, Rotation, Unit
from escalation.schedule import Schedule
from escalation.storm import Limits
from tests.builders import DESK, ZONE, directory, policy

MINUTE = dt.timedelta(minutes=1)
WAYS = ("slack", "telegram", "sms", "whatsapp", "call")
SUBSETS: tuple[tuple[str, ...], ...] = (
    ("slack", "sms"), ("slack", "sms", "call"), ("sms", "call"), ("call", "slack"), ("telegram", "whatsapp"),
    ("slack", "telegram", "sms", "whatsapp", "call"), ("call",), ("slack",), ("whatsapp",), (),
)  # fmt: skip
TARGETS = (
    "schedule:standby", "schedule:empty", "schedule:nowhere", "person:p0", "person:p1", "person:p2",
    "person:ghost", "tier:1", "tier:2", "tier:9", "leads", "everyone",
)  # fmt: skip
PLACES = ("50% of response", "90% of response", "150% of response", "50% of resolution")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Night:
    """`deeds` are a name and four numbers each; whoever carries them out takes them modulo what there is."""

    start: int
    people: tuple[Person, ...]
    chains: tuple[Chain, ...]
    shift_hours: int
    on_shift: tuple[str, ...]
    limits: Limits
    asks_consent: bool
    after: tuple[Person, ...]
    """Who there is once the configuration was read again."""
    deeds: tuple[tuple[str, int, int, int, int], ...]

    def directory(self, *, again: bool = False) -> Directory:
        """`again`: as it is after the configuration was read anew."""
        return directory(
            people=self.after if again else self.people,
            policies=(policy_of(self),),
            limits=self.limits,
            chains=self.chains,
            schedules=(_schedule("standby", self.on_shift, self.shift_hours), _schedule("empty", (), 24)),
            teams=(
                Team(
                    name=TeamName("desk"),
                    policy="managed-it",
                    desks=(Address(channel=ChannelName("slack"), place=DESK),),
                    chains={"emergency": self.chains[0].name, "high": self.chains[-1].name},
                ),
            ),
        )


def policy_of(night: Night) -> Policy:
    """Emergency and High page, at any hour."""
    severities = tuple(
        dataclasses.replace(s, pages=s.id in ("emergency", "high")) for s in policy().severities
    )
    consent = (AfterHours(severities=("emergency",), page=True, consent=True),) if night.asks_consent else ()
    return policy(severities=severities, after_hours=consent)


def _schedule(name: str, people: tuple[str, ...], hours: int) -> Schedule:
    rotation = Rotation(
        people=people,
        every=Period(count=hours, unit=Unit.HOURS),
        handover=dt.datetime(2026, 1, 5, 9, 0),  # noqa: DTZ001
        zone=ZONE,
    )
    return Schedule(name=name, zone=ZONE, layers=(rotation,) if people else ())


rules = st.builds(
    Rule,
    after=st.sampled_from([0, 1, 2, 5]).map(lambda n: n * MINUTE),
    by=st.lists(st.sampled_from(["chat", *WAYS]), min_size=1, max_size=3, unique=True).map(tuple),
    every=st.sampled_from([None, None, 1 * MINUTE, 2 * MINUTE]),
)
own_rules: st.SearchStrategy[dict[str, tuple[Rule, ...]]] = st.one_of(
    st.just({}),
    st.dictionaries(
        st.sampled_from(["emergency", "high"]), st.lists(rules, min_size=1, max_size=3).map(tuple), min_size=1
    ),
)


@st.composite
def a_person(draw: st.DrawFn, n: int, other: bool = False) -> Person:
    """`other`: of a team that has nothing to do with it."""
    ways = draw(st.sampled_from(SUBSETS))
    phone = f"+2771000000{n}"
    places = {"slack": f"U0P{n}", "telegram": f"9000{n}", "sms": phone, "whatsapp": phone, "call": phone}
    second = draw(st.booleans())
    return Person(
        id=PersonId(f"p{n}"),
        name=f"Person{n} Surname{n}",
        roles=frozenset({"engineer", "lead"} if draw(st.booleans()) else {"engineer"}),
        teams=frozenset({TeamName("elsewhere" if other else "desk")}),
        tier=draw(st.integers(1, 2)),
        zone=ZoneInfo("Europe/Warsaw"),
        identities={ChannelName(w): places[w] for w in ways},
        rules=draw(own_rules),
        others={ChannelName(w): (f"+2771000009{n}",) for w in ways if second and w in ("sms", "call")},
    )


steps = st.builds(
    Step,
    targets=st.lists(st.sampled_from(TARGETS), max_size=3, unique=True).map(tuple),
    wait=st.sampled_from([0, 1, 5, 10, 30]).map(lambda n: n * MINUTE),
    at=st.one_of(st.none(), st.none(), st.none(), st.sampled_from(PLACES).map(parse_trigger)),
)


@st.composite
def a_chain(draw: st.DrawFn, name: str) -> Chain:
    listed = draw(st.lists(steps, min_size=1, max_size=4))
    return Chain(name=name, steps=tuple(listed), repeat=draw(st.integers(0, 2)))


DEEDS: dict[str, int] = {
    "report": 14,
    "customer": 6,
    "passes": 26,
    "ack": 8,
    "ack_all": 3,
    "command": 12,
    "thread": 10,
    "key": 8,
    "button": 6,
    "stranger": 2,
    "vendor": 10,
    "broken": 4,
    "receipt": 12,
    "crash": 4,
    "down": 4,
    "set_back": 3,
    "reload": 2,
    "override": 2,
}
numbers = st.integers(0, 40)
deeds = st.tuples(
    st.sampled_from([name for name, weight in DEEDS.items() for _ in range(weight)]),
    numbers, numbers, numbers, numbers,
)  # fmt: skip


@st.composite
def nights(draw: st.DrawFn, least: int = 1, most: int = 30) -> Night:
    count = draw(st.integers(1, 3))
    people = tuple(draw(a_person(n)) for n in range(count))
    people += (draw(a_person(7, other=True)),)
    after = tuple(draw(a_person(p)) for p in range(count) if draw(st.booleans()))
    ids = [p.id for p in people[:-1]]
    return Night(
        start=draw(st.integers(0, 7 * 24 * 60)),
        people=people,
        chains=(draw(a_chain("standby")), draw(a_chain("calm"))),
        shift_hours=draw(st.sampled_from([1, 2, 12, 168])),
        on_shift=tuple(draw(st.lists(st.sampled_from([*ids, "ghost"]), min_size=1, max_size=3))),
        limits=Limits(per_hour=draw(st.integers(1, 8)), bundle=draw(st.sampled_from([5, 2])) * MINUTE),
        asks_consent=draw(st.booleans()),
        after=(*after, people[-1]),
        deeds=(("report", draw(numbers), 0, 0, 0), *draw(st.lists(deeds, min_size=least, max_size=most))),
    )
