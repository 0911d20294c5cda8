"""Tables whose rows are one test: the whole unit layer has two seconds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest


def each(
    names: str | Sequence[str], rows: Sequence[Any]
) -> Callable[[Callable[..., None]], Callable[[], None]]:
    """Written like `pytest.mark.parametrize`; every row is tried, and those that fail are told at once."""

    def rowwise(test: Callable[..., None]) -> Callable[[], None]:
        def all_rows() -> None:
            failed = []
            for row in rows:
                values = {names: row} if isinstance(names, str) else dict(zip(names, row, strict=True))
                try:
                    test(**values)
                except (Exception, pytest.fail.Exception) as error:
                    failed.append(f"{values}\n    {type(error).__name__}: {error}")
            assert failed == [], "\n".join(failed)

        all_rows.__name__, all_rows.__doc__, all_rows.__module__ = (
            test.__name__,
            test.__doc__,
            test.__module__,
        )
        return all_rows

    return rowwise
