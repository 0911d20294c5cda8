"""The whole emergency, as `make story` plays it: every step seen, and every request as the vendors want it."""

from __future__ import annotations

import pytest

from bot.demo import stage as st
from bot.demo.story import play
from playground import Playground
from tests.smoke.conftest import violations


async def test_the_story_is_seen_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HTTP_PROXY", raising=False)
    monkeypatch.delenv("HTTPS_PROXY", raising=False)
    made: list[Playground] = []
    real = st.Playground

    def remembered(**options: object) -> Playground:
        made.append(real(**options))  # type: ignore[arg-type]
        return made[-1]

    monkeypatch.setattr(st, "Playground", remembered)
    told: list[str] = []
    assert await play(told.append) == 0
    assert told[-1].strip().endswith("steps were seen.")
    assert len(made[0].requests) > 20
    assert violations(made[0]) == []
