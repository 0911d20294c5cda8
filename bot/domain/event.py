"""What every event is made of: who did it, and the words for how. The events themselves are in events.py."""

from __future__ import annotations

import dataclasses
import enum


class By(enum.StrEnum):
    """What kind of one did it."""

    CUSTOMER = "customer"
    ENGINEER = "engineer"
    STANDBY = "standby"  # the bot itself


@dataclasses.dataclass(frozen=True, kw_only=True)
class Actor:
    """Who did something: a contact, a person of ours, or the bot."""

    by: By
    id: str = ""
    name: str = ""


STANDBY = Actor(by=By.STANDBY)


class Consent(enum.StrEnum):
    """What the customer says to a call-out that is charged."""

    NONE = ""  # not asked
    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"
    SILENT = "silent"  # no answer in time


class How(enum.StrEnum):
    """How a severity came to be."""

    PROPOSED = "proposed"  # from the words, waiting for the customer
    CONFIRMED = "confirmed"  # the customer said so
    SILENCE = "silence"  # nobody answered, so the proposal stands
    CHANGED = "changed"  # later, by either side
    GIVEN = "given"  # chosen when the ticket was opened


@dataclasses.dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file that came with a message; its bytes stay at the vendor, `url` is for the adapter that knows it."""

    name: str
    mime: str
    url: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened to a ticket."""
