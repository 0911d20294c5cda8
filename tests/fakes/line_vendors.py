"""What the vendors' own descriptions (../shared/specs, where it is there) say against what the bot sent; and that nobody
who called was put through to two people at once."""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Iterable
from types import ModuleType
from typing import Any

from playground import Playground
from playground.courier import Delivered
from playground.twilio.conversations import most_at_once
from tests.fakes.line_config import ROOT


def twiml_heard(play: Playground) -> set[str]:
    """All documents that the bot answers to what is asked on calls, from now on."""
    callbacks, heard = play.twilio._callbacks, set[str]()
    ask = callbacks.ask

    async def listens(*args: Any, **more: Any) -> Delivered:
        answer = await ask(*args, **more)
        if answer.ok:
            heard.add(answer.body)
        return answer

    callbacks.ask = listens  # type: ignore[method-assign]
    return heard


def violations(play: Playground, heard: Iterable[str] = ()) -> list[str]:
    """One line each; empty when every request and every call's instructions (`heard`: those that the bot answered) keep
    to them."""
    twice = ["a caller was put through to two people at once"] if most_at_once(play.journal) > 1 else []
    checker = _checker()
    if checker is None:
        return twice
    sent = [
        r for r in play.requests if not (r["path"].startswith("/response/") or r["path"].endswith(".mp3"))
    ]
    found = twice + [
        f"{r['platform']} {r['path']}: {e}" for r in sent for e in checker.check(r["platform"], r)
    ]
    calls = {e.text for e in play.journal.entries("twilio", "call")} | set(heard)
    return found + [f"TwiML: {e}" for xml in sorted(calls) for e in checker.check_twiml(xml, "voice")]


@functools.cache
def _checker() -> ModuleType | None:
    path = ROOT.parent / "shared" / "specs" / "check.py"
    if not path.exists():
        return None
    spec = importlib.util.spec_from_file_location("vendor_check", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
