"""What a first message says besides how urgent it sounds: what it is about, which service it asks for, what support
does not cover, which version it names."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Protocol, TypeVar

from bot.domain.people import Organisation
from bot.domain.triage import words_found
from escalation.entitlement import major_version
from escalation.policy import Policy


class Worded(Protocol):
    """Something of a policy that words propose."""

    @property
    def id(self) -> str: ...
    @property
    def words(self) -> tuple[str, ...]: ...


W = TypeVar("W", bound=Worded)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Reading:
    """Ids of the policy, and a major version; empty or None where the words say nothing."""

    category: str | None = None
    service: str = ""
    exclusion: str = ""
    version: int | None = None


NOTHING = Reading()


def read(text: str, policy: Policy, organisation: Organisation) -> Reading:
    """What `text` says under this policy; the organisation's own version stands where the text names none."""
    if not (policy.categories or policy.services or policy.exclusions or policy.versions):
        return NOTHING
    category = best(text, policy.categories)
    service = best(text, policy.services)
    covered = [e for e in policy.exclusions if organisation.plan not in e.unless_plans]
    exclusion = None if service else best(text, covered)
    version = None
    if policy.versions is not None:
        version = major_version(text) if any(c.isalpha() for c in text) else None
        version = major_version(organisation.version) if version is None else version
    return Reading(
        category=category.id if category else None,
        service=service.id if service else "",
        exclusion=exclusion.id if exclusion else "",
        version=version,
    )


def best(text: str, offered: Sequence[W]) -> W | None:
    """The one most of whose words are found, the first in a tie; None without any."""
    scores = [words_found(text, one.words) for one in offered]
    top = max(scores, default=0)
    return offered[scores.index(top)] if top else None
