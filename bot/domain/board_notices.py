"""What is said about the board."""

from __future__ import annotations

import dataclasses

from bot.domain.notice import Notice


@dataclasses.dataclass(frozen=True, kw_only=True)
class BoardLinkForYou(Notice):
    """For one person alone: whoever opens the link first is taken for them."""

    url: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class BoardLinkSent(Notice):
    """Said where it was asked for, which others may read."""
