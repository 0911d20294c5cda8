"""The base of everything that is said; `customer_notices.py` and `notices.py` have what there is to say."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True, kw_only=True)
class Notice:
    """Something to be said."""
