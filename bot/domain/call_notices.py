"""What one of us hears on a call that puts them through to a customer, as values."""

from __future__ import annotations

import dataclasses

from bot.domain.ids import TicketId
from bot.domain.notice import Notice


@dataclasses.dataclass(frozen=True, kw_only=True)
class CallBack(Notice):
    """One of us is rung first: about what and whom, and the key that calls the customer."""

    ticket: TicketId
    severity: str
    organisation: str
    contact: str
    text: str
