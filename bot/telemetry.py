"""What the operator can watch: counters for Prometheus, structured logs without anybody's words or numbers."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, MutableMapping
from typing import Any, TypeVar

import prometheus_client
import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge

from bot.app.bus import Log, Runner
from bot.app.rows import StorageError, UnitOfWork

T = TypeVar("T")

_NAMES = {
    "received": "What came in, by channel and kind",
    "refused": "Requests refused for a bad signature or secret, by channel",
    "sent": "Messages that a vendor took, by channel",
    "cards": "Cards posted or changed, by channel",
    "send_errors": "Sends that did not work, by channel and kind of error",
    "restarts": "Tasks that died and were started again",
    "vendor_down": "Times that a vendor was found down, so that pages went another way",
}
_PHONE = re.compile(r"\+?\d[\d\s().-]{5,}\d{2}")
_TOKEN = re.compile(r"(bot\d+:[\w-]{10,}|xox[a-z]-[\w-]+|xapp-[\w-]+)")


class Metrics:
    """Counters by name and one label, and whether the last unit of work could be written."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self.storage_ok = True
        self._counters = {
            name: Counter(f"standby_{name}", text, ["label"], registry=registry)
            for name, text in _NAMES.items()
        }
        self._others = Counter(
            "standby_events", "Everything else that is counted", ["label"], registry=registry
        )
        self._storage = Gauge("standby_storage_ok", "1 while the database takes writes", registry=registry)
        self._storage.set(1)

    def count(self, name: str, label: str) -> None:
        counter = self._counters.get(name)
        if counter is None:
            self._others.labels(f"{name}:{label}").inc()
        else:
            counter.labels(label).inc()

    def page(self) -> bytes:
        """The text for /metrics."""
        return prometheus_client.generate_latest(self.registry)

    def watched(self, run: Runner) -> Runner:
        """The same runner, noting whether the database took it."""

        async def watching(work: Callable[[UnitOfWork], T]) -> T:
            try:
                result = await run(work)
            except StorageError:
                self._note(ok=False)
                raise
            self._note(ok=True)
            return result

        return watching

    def _note(self, *, ok: bool) -> None:
        if ok is not self.storage_ok:
            self.storage_ok = ok
            self._storage.set(int(ok))


def scrub(text: str) -> str:
    """Phone numbers down to their last two digits, tokens to nothing."""
    text = _TOKEN.sub("<token>", text)
    return _PHONE.sub(lambda found: "…" + found[0][-2:], text)


def _scrubbed(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if isinstance(value, str) and key != "timestamp":
            event[key] = scrub(value)
    return event


def logger() -> Log:
    """JSON lines on standard error; the SDKs' own chatter only from warnings up."""
    logging.basicConfig(
        level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s"
    )
    for noisy in ("httpx", "httpcore", "apscheduler", "slack_bolt", "slack_sdk", "telegram", "aiohttp"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    bound = structlog.wrap_logger(
        structlog.PrintLogger(sys.stderr),
        processors=[
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _scrubbed,
            structlog.processors.JSONRenderer(),
        ],
    )

    def log(event: str, /, **fields: Any) -> None:
        bound.info(event, **fields)

    return log
