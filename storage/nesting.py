"""One transaction a thread at a time."""

from __future__ import annotations

import threading


class Nesting:
    """Refuses a transaction inside a transaction of the same thread: it would wait for itself, or tear in two."""

    def __init__(self) -> None:
        self._local = threading.local()

    def __enter__(self) -> None:
        if getattr(self._local, "inside", False):
            raise RuntimeError("transact inside transact: pass the unit of work on instead")
        self._local.inside = True

    def __exit__(self, *_: object) -> None:
        self._local.inside = False
