"""What a policy serves besides trouble, and what it does not serve: services, exclusions, versions.

Source: semantics.md, Policy file. Words are compared by the caller; dates are local to the policy.
"""

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, kw_only=True, slots=True)
class Entitlement:
    """A plan that has a service; `within` is how long after the customer's start, None for always."""

    plan: str
    within: dt.timedelta | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Service:
    """Something that customers may ask for; `once` is once a customer. `note` says how it is arranged."""

    id: str
    label: str
    meaning: str = ""
    words: tuple[str, ...] = ()
    plans: tuple[Entitlement, ...] = ()
    once: bool = False
    note: str = ""


class Entitled(StrEnum):
    """Whether a customer may have a service, and why not."""

    INCLUDED = "included"
    OTHER_PLAN = "other plan"
    TOO_LATE = "too late"
    USED = "used"
    UNKNOWN_START = "unknown start"


@dataclass(frozen=True, kw_only=True, slots=True)
class Entitling:
    """The answer to a request: `until` is the last date of an entitlement that ends (told also when it has)."""

    entitled: Entitled
    until: dt.date | None = None


def entitlement(
    service: Service, plan: str, since: dt.date | None, today: dt.date, *, used: bool = False
) -> Entitling:
    """Return whether `plan`, begun on `since`, has the service on `today`; `used` is whether it was had before.

    A plan that has it for a while needs `since`: without it a human decides (UNKNOWN_START).
    """
    offers = [offer for offer in service.plans if offer.plan == plan]
    if not offers:
        return Entitling(entitled=Entitled.OTHER_PLAN)
    if service.once and used:
        return Entitling(entitled=Entitled.USED)
    lengths = [offer.within for offer in offers if offer.within is not None]
    if len(lengths) < len(offers):
        return Entitling(entitled=Entitled.INCLUDED)
    if since is None:
        return Entitling(entitled=Entitled.UNKNOWN_START)
    until = since + max(lengths) - dt.timedelta(days=1)
    return Entitling(entitled=Entitled.INCLUDED if today <= until else Entitled.TOO_LATE, until=until)


@dataclass(frozen=True, kw_only=True, slots=True)
class Exclusion:
    """What support does not cover, but for customers with one of `unless_plans`; `instead` says what to do instead."""

    id: str
    label: str
    words: tuple[str, ...] = ()
    instead: str = ""
    unless_plans: tuple[str, ...] = ()


_SAID = re.compile(r"\b(?:versions?|release|wersj\w*|ver|v)\s*[.:]?\s*(\d{1,4})(?:[.\d]*)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Versions:
    """The product's major versions: `supported` has the current one first; the others are out of support."""

    product: str
    supported: tuple[int, ...]

    def supports(self, major: int) -> bool:
        """Tell whether errors in this major version are worked on; one newer than the current is."""
        return major in self.supported or major > max(self.supported)


def major_version(text: str) -> int | None:
    """Return the major version that words name (`version 3.2`, `v3`), or a bare `3.2`; None without one."""
    if found := _SAID.search(text):
        return int(found[1])
    bare = re.fullmatch(r"\s*(\d{1,4})(?:\.\d+)*\s*", text)
    return int(bare[1]) if bare else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Availability:
    """The share of a month, in percent, that the service is meant to be up; scheduled maintenance may not count."""

    target: float
    excludes_maintenance: bool = True
    report: str = "on request"
