"""A page: one ticket's walk along a chain until somebody acknowledges."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum

from bot.domain.ids import PageId, PersonId, TeamName, TicketId
from escalation.chain import Chain, Position


class PageState(enum.StrEnum):
    """A page ends in one of two ways, and in no other."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    STOPPED = "stopped"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Page:
    """`chain` is a snapshot: a change of the configuration does not touch a page that runs.

    `position` is None before the first step and once the chain is spent (then `last_resort` is true: everyone, again
    and again). `steps` counts those begun so far, skipped ones too; an attempt carries its number.
    """

    id: PageId
    ticket: TicketId
    team: TeamName
    urgency: str
    chain: Chain
    code: str
    started: dt.datetime
    state: PageState = PageState.OPEN
    position: Position | None = None
    last_resort: bool = False
    steps: int = 0
    until: dt.datetime | None = None
    """When the step has waited long enough; an earlier look changes nothing."""
    waiting_since: dt.datetime | None = None
    step_people: tuple[PersonId, ...] = ()
    handed_by: str = ""
    """The colleague who asked for whoever is paged first."""
    gives_up: bool = False
    """It ends once its chain is spent: nobody has to be woken for it, or somebody has it and asked for help."""
    ended: dt.datetime | None = None
    acknowledged_by: PersonId | None = None

    @property
    def is_open(self) -> bool:
        return self.state is PageState.OPEN
