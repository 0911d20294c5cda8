"""Who plays under each policy, as data: the company, its people, its customers, and the channels that fit.

All names are made up; the numbers are of ranges that nobody has.
"""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from playground.web import controls

WHATSAPP, SMS, VOICE = "+14155550100", "+14155550101", "+14155550102"
"""Our own numbers."""
DESK = "C0DESK"


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """One of the desk's people."""

    id: str
    name: str
    phone: str
    tier: int = 1
    lead: bool = False

    @property
    def slack(self) -> str:
        return f"U0{self.id.upper()}"


@dataclass(frozen=True, kw_only=True)
class Person:
    """A customer's person; what is empty they do not have."""

    id: str
    name: str
    email: str
    phone: str = ""
    telegram: int = 0
    in_slack: bool = False
    console: str = ""

    @property
    def slack(self) -> str:
        return f"U0{self.id.upper()}" if self.in_slack else ""


@dataclass(frozen=True, kw_only=True)
class Customer:
    """An organisation; `more` are further keys of its table, as TOML."""

    id: str
    name: str
    people: tuple[Person, ...]
    plan: str = ""
    more: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Company:
    """`on_call` take turns by the week; the chain pages whoever is on call, then each of `then`. `paged` are the
    severities that have that chain."""

    policy: str
    label: str
    watch: str
    zone: ZoneInfo
    desk: str
    colleagues: tuple[Colleague, ...]
    customers: tuple[Customer, ...]
    on_call: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    paged: tuple[str, ...] = ()
    language: str = "en"
    greeting: str = ""

    @property
    def people(self) -> tuple[tuple[Person, Customer], ...]:
        return tuple((p, c) for c in self.customers for p in c.people)


THANDI = Person(
    id="thandi",
    name="Thandi",
    email="thandi@acme.example",
    phone="+27115550100",
    telegram=20001,
    in_slack=True,
    console="you",
)
SIPHO = Person(id="sipho", name="Sipho", email="sipho@bluegum.example", phone="+27115550110", telegram=20002)

MANAGED_IT = Company(
    policy="managed-it",
    label="Managed IT",
    watch="A desk in office hours, and an engineer on standby for emergencies. Bluegum Books pay for call-outs.",
    zone=ZoneInfo("Africa/Johannesburg"),
    desk="desk",
    greeting="Welcome to Example IT.",
    colleagues=(
        Colleague(id="ada", name="Ada", phone="+27115550001"),
        Colleague(id="grace", name="Grace", phone="+27115550002"),
        Colleague(id="lin", name="Lin", phone="+27115550003", tier=2, lead=True),
    ),
    on_call=("ada", "grace"),
    then=("person:grace",),
    paged=("emergency",),
    customers=(
        Customer(id="acme", name="Acme Clinics", plan="premium", people=(THANDI,)),
        Customer(id="bluegum", name="Bluegum Books", plan="standard", people=(SIPHO,)),
    ),
)

INTERNAL_HELPDESK = Company(
    policy="internal-helpdesk",
    label="Internal help desk",
    watch="Colleagues write to the bot in Slack. Round the clock: an answer within minutes, then a solution.",
    zone=ZoneInfo("Asia/Karachi"),
    desk="it-desk",
    colleagues=(
        Colleague(id="hina", name="Hina", phone="+14155550111"),
        Colleague(id="omar", name="Omar", phone="+14155550112"),
        Colleague(id="sana", name="Sana", phone="+14155550113", tier=2),
        Colleague(id="tariq", name="Tariq", phone="+14155550114", tier=3, lead=True),
    ),
    on_call=("hina", "omar"),
    then=("person:omar", "tier:2"),
    paged=("critical", "high"),
    customers=(
        Customer(
            id="sales",
            name="Sales floor",
            people=(
                Person(
                    id="bilal", name="Bilal", email="bilal@work.example", phone="+14155550115", in_slack=True
                ),
                Person(id="maryam", name="Maryam", email="maryam@work.example", in_slack=True),
            ),
        ),
        Customer(
            id="payroll",
            name="Payroll",
            people=(Person(id="nadia", name="Nadia", email="nadia@work.example", in_slack=True),),
        ),
    ),
)

FLEET_TRACKING = Company(
    policy="fleet-tracking",
    label="Fleet tracking",
    watch="A desk in Qatar, Sunday to Thursday. A response is an answer or a plan of what both sides do next.",
    zone=ZoneInfo("Asia/Qatar"),
    desk="fleet-desk",
    colleagues=(
        Colleague(id="noora", name="Noora", phone="+14155550121"),
        Colleague(id="rahul", name="Rahul", phone="+14155550122"),
        Colleague(id="yousef", name="Yousef", phone="+14155550123", tier=3, lead=True),
    ),
    on_call=("noora", "rahul"),
    then=("person:rahul", "leads"),
    paged=("critical",),
    customers=(
        Customer(
            id="dune",
            name="Dune Deliveries",
            more=('version = "6"',),
            people=(
                Person(
                    id="khalid",
                    name="Khalid",
                    email="khalid@dune.example",
                    phone="+14155550124",
                    telegram=20011,
                ),
            ),
        ),
        Customer(
            id="pearl",
            name="Pearl Coaches",
            more=('version = "4"',),
            people=(Person(id="leila", name="Leila", email="leila@pearl.example", phone="+14155550125"),),
        ),
    ),
)

TIERED_SUPPORT = Company(
    policy="tiered-support",
    label="Three tiers",
    watch="The front line first, then specialists, then senior engineers. A category asks what the ticket is about.",
    zone=ZoneInfo("Asia/Phnom_Penh"),
    desk="support",
    colleagues=(
        Colleague(id="dara", name="Dara", phone="+14155550131"),
        Colleague(id="sopheap", name="Sopheap", phone="+14155550132"),
        Colleague(id="bopha", name="Bopha", phone="+14155550133", tier=2),
        Colleague(id="rith", name="Rith", phone="+14155550134", tier=3, lead=True),
    ),
    on_call=("dara", "sopheap"),
    then=("tier:2", "tier:3"),
    paged=("critical", "high"),
    customers=(
        Customer(
            id="lotus",
            name="Lotus Garden Hotels",
            plan="hardware",
            people=(
                Person(
                    id="maly", name="Maly", email="maly@lotus.example", phone="+14155550135", telegram=20021
                ),
            ),
        ),
        Customer(
            id="mekong",
            name="Mekong Ferries",
            plan="standard",
            people=(Person(id="vanna", name="Vanna", email="vanna@mekong.example", phone="+14155550136"),),
        ),
    ),
)

SERWIS = Company(
    policy="serwis",
    label="Serwis (po polsku)",
    watch="Pomoc po polsku w dni robocze: o terminie decyduje kategoria, a nocą nikt nie jest budzony.",
    zone=ZoneInfo("Europe/Warsaw"),
    language="pl",
    desk="pomoc",
    greeting="Dzień dobry.",
    colleagues=(
        Colleague(id="ola", name="Ola", phone="+14155550141"),
        Colleague(id="marek", name="Marek", phone="+14155550142"),
        Colleague(id="ewa", name="Ewa", phone="+14155550143", tier=2, lead=True),
    ),
    on_call=("ola", "marek"),
    then=("leads",),
    customers=(
        Customer(
            id="rower",
            name="Serwis Rowerowy Szprycha",
            plan="standard",
            people=(
                Person(
                    id="kasia",
                    name="Kasia",
                    email="kasia@szprycha.example",
                    phone="+14155550144",
                    telegram=20031,
                ),
            ),
        ),
        Customer(
            id="fon",
            name="Fonolandia",
            plan="all-in-one",
            people=(
                Person(id="piotr", name="Piotr", email="piotr@fonolandia.example", phone="+14155550145"),
            ),
        ),
    ),
)

COMPANIES = {c.policy: c for c in (MANAGED_IT, INTERNAL_HELPDESK, FLEET_TRACKING, TIERED_SUPPORT, SERWIS)}


def cast(company: Company, on_call: frozenset[str]) -> controls.Cast:
    """As the page needs it; `on_call` are ids."""
    return controls.Cast(
        customers=tuple(
            controls.Customer(
                name=person.name,
                organisation=house.name,
                phone=person.phone,
                telegram=person.telegram,
                slack=person.slack,
                language=company.language,
            )
            for person, house in company.people
        ),
        engineers=tuple(
            controls.Engineer(name=c.name, slack=c.slack, phone=c.phone, note=_note(c, on_call))
            for c in company.colleagues
        ),
        desk=DESK,
        whatsapp=WHATSAPP,
        sms=SMS,
        voice=VOICE,
    )


def _note(colleague: Colleague, on_call: frozenset[str]) -> str:
    notes = ["on call"] if colleague.id in on_call else []
    notes += [f"tier {colleague.tier}"] if colleague.tier > 1 else []
    notes += ["lead"] if colleague.lead else []
    return ", ".join(notes)
