"""When to look at a ticket again. A due timer is a question, not an order."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum

from bot.domain.ids import TicketId


class TimerKind(enum.StrEnum):
    """Why to look."""

    SEVERITY = "severity"  # the customer's patience to confirm the proposed one
    BREACH = "breach"  # a clock runs out
    MARK = "mark"  # a milestone, an aim or an escalation rule
    CONSENT = "consent"  # the customer's patience to agree to a call-out
    PATIENCE = "patience"  # whoever acknowledged has to have written by then
    OPENING = "opening"  # the desk opens, for a customer who waits for it
    CLOSE = "close"  # a resolved ticket closes by itself
    PAGE = "page"  # the step of a page has waited long enough


TICKET_KINDS = tuple(kind for kind in TimerKind if kind is not TimerKind.PAGE)
"""The kinds that follow from the ticket alone, replaced as a set whenever it changes."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Timer:
    """Look at `ticket` at `due` (UTC)."""

    ticket: TicketId
    kind: TimerKind
    due: dt.datetime
    id: int = 0
