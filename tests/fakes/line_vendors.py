"""What the vendors' own descriptions (../shared/specs, where it is there) say against what the bot sent."""

from __future__ import annotations

import functools
import importlib.util
from types import ModuleType

from playground import Playground
from tests.fakes.line_config import ROOT


def violations(play: Playground) -> list[str]:
    """One line each; empty when every request and every call's instructions keep to them."""
    checker = _checker()
    if checker is None:
        return []
    sent = [r for r in play.requests if not r["path"].startswith("/response/")]
    found = [f"{r['platform']} {r['path']}: {e}" for r in sent for e in checker.check(r["platform"], r)]
    calls = {e.text for e in play.journal.entries("twilio", "call")}
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
