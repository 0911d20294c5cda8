"""config.toml as frozen tables. Lists that hold tables of their own (contacts, layers, steps) are read one entry at a
time by document.py, so that one entry's mistake does not hide another's."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any, Literal, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Field, create_model

from bot.config.values import (
    Bundle,
    Calendar,
    Country,
    Date,
    Drill,
    Duration,
    Email,
    Greeting,
    Handover,
    Identity,
    Idle,
    Language,
    Listen,
    Phone,
    PublicUrl,
    Repeat,
    Share,
    Sitting,
    Slug,
    StorageUrl,
    Text,
    Tier,
    TimeOfDay,
    Turn,
    Wait,
    Zone,
)

T = TypeVar("T", bound="Table")

Entries: TypeAlias = tuple[dict[str, Any], ...]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Table(BaseModel):
    """A TOML table: nothing in it but what is named here, and nothing changes after reading."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Bot(Table):
    """[bot]"""

    name: Text = "Standby"
    listen: Listen = ("127.0.0.1", 8080)
    public_url: PublicUrl
    policies: tuple[Text, ...] = Field(min_length=1)


class Storage(Table):
    """[storage]"""

    url: StorageUrl = "sqlite:///data/standby.db"


class Paging(Table):
    """[paging]"""

    per_hour: int = Field(default=8, ge=1, le=100)
    bundle: Bundle = dt.timedelta(minutes=5)


class Voice(Table):
    """[voice]; without `countries` those of all phones in the file."""

    countries: tuple[Country, ...] = Field(default=(), min_length=1)
    calls_per_caller: int = Field(default=6, ge=1, le=100)
    calls_at_once: int = Field(default=20, ge=1, le=200)
    greeting: Greeting = ""


class Board(Table):
    """[board]: how long a log-in lives without its person, and how long at all."""

    idle: Idle = dt.timedelta(minutes=30)
    absolute: Sitting = dt.timedelta(hours=12)


class Team(Table):
    """[[teams]]; and a key for each channel that has desks."""

    name: Slug
    policy: Slug
    chains: dict[str, Slug] = {}


class PagingRule(Table):
    """[[people]] rules: an entry of a severity's list."""

    after: Duration
    by: tuple[Slug, ...] = Field(min_length=1)
    every: Repeat | None = None


class Person(Table):
    """[[people]]; and a key for each channel that knows people by an id."""

    id: Slug
    name: Text
    roles: tuple[Literal["engineer", "lead", "operator"], ...] = ("engineer",)
    teams: tuple[Slug, ...] = ()
    tier: Tier = 1
    timezone: Zone | None = None
    phones: tuple[Phone, ...] = ()
    rules: dict[str, tuple[PagingRule, ...]] = {}


class Window(Table):
    """restrictions of a layer; `to` at or before `from` is on the next day."""

    days: tuple[Day, ...] = Field(min_length=1)
    start: TimeOfDay = Field(alias="from")
    end: TimeOfDay = Field(alias="to")


class Layer(Table):
    """[[schedules.layers]]; a later layer wins where it covers. People in turn or a calendar: layers.py sees to that."""

    people: tuple[Slug, ...] = Field(default=(), min_length=1)
    every: Turn | None = None
    handover: Handover | None = None
    restrictions: tuple[Window, ...] = ()
    ical: Calendar | None = None
    joins: bool = False


class Schedule(Table):
    """[[schedules]]"""

    name: Slug
    timezone: Zone
    layers: Entries = Field(min_length=1)
    drill: Drill | None = None


class Step(Table):
    """A step of a chain."""

    page: tuple[Text, ...] = Field(min_length=1)
    wait: Wait
    at: Share | None = None


class Chain(Table):
    """[[chains]]"""

    name: Slug
    repeat: int = Field(default=0, ge=0, le=100)
    steps: Entries = Field(min_length=1)


class Contact(Table):
    """An entry of an organisation's contacts; and a key for each channel that knows people by an id."""

    id: Slug
    name: Text
    email: Email | None = None
    phones: tuple[Phone, ...] = ()
    vip: bool = False


class Organisation(Table):
    """[[organisations]]"""

    id: Slug
    name: Text
    team: Slug
    plan: Slug | None = None
    language: Language | None = None
    timezone: Zone | None = None
    since: Date | None = None
    version: Text | None = None
    contacts: Entries = ()


SETTINGS: dict[str, type[Table]] = {
    "bot": Bot,
    "storage": Storage,
    "paging": Paging,
    "voice": Voice,
    "board": Board,
    "teams": Team,
    "people": Person,
    "people.rules": PagingRule,
    "schedules": Schedule,
    "schedules.layers": Layer,
    "schedules.layers.restrictions": Window,
    "chains": Chain,
    "chains.steps": Step,
    "organisations": Organisation,
    "organisations.contacts": Contact,
}
"""Every table of the file but the channels', which belong to their plugins. docs/operate.md describes each key."""


@lru_cache(maxsize=64)
def with_keys(model: type[T], keys: tuple[str, ...]) -> type[T]:
    """The table with an optional key for each channel: an id there, a string or a number."""
    extra: dict[str, Any] = dict.fromkeys(keys, (Identity | None, None))
    return create_model(model.__name__, __base__=model, **extra)
