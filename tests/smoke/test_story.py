"""Both stories, as `make story` plays them: every step seen, and every request as the vendors want it."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.demo import stage as st
from bot.demo import story
from bot.demo.story import play
from bot.demo.teller import Story, at
from playground import Playground
from tests.fakes.line_vendors import violations


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Playground]:
    """The stand-ins of the story that is played."""
    monkeypatch.delenv("HTTP_PROXY", raising=False)
    monkeypatch.delenv("HTTPS_PROXY", raising=False)
    kept: list[Playground] = []
    real = st.Playground

    def remembered(**options: object) -> Playground:
        kept.append(real(**options))  # type: ignore[arg-type]
        return kept[-1]

    monkeypatch.setattr(st, "Playground", remembered)
    return kept


async def _seen_to_its_end(name: str, made: list[Playground]) -> str:
    told: list[str] = []
    assert await play(name, told.append) == 0
    assert told[-1].strip().endswith("steps were seen.")
    assert len(made[0].requests) > 20
    assert violations(made[0]) == []
    return "\n".join(told)


async def test_the_emergency_by_chat(made: list[Playground]) -> None:
    lines = await _seen_to_its_end("emergency", made)
    assert "Phone of Ada              (rings)" in lines


async def test_the_call_shows_both_sides_of_the_phone(made: list[Playground]) -> None:
    lines = await _seen_to_its_end("call", made)
    in_order = (
        "Phone Thandi →            (calls the support number)",
        'Phone of Thandi           "Welcome to Example IT.',
        "Phone Thandi →            [2]",
        'Phone of Thandi           "Your reference is M I T, 1 0 0 1.',
        "Phone of Ada              (rings)",
        'Phone of Ada              "Emergency line. Thandi, Acme Clinics, is waiting.',
        'Phone of Thandi           "There is no answer yet.',
        'Phone of Grace            "Emergency line. Thandi, Acme Clinics, is waiting.',
        "Phone Grace →             [1]",
        "Phone Thandi ↔ Grace      (talked 4:0",
        "Phone Bongani →           [#]",
        'Phone of Grace            "Calling Bongani now."',
        "Phone of Bongani          (rings)",
        "Phone Grace ↔ Bongani     (talked 2:0",
    )
    places = [lines.find(line) for line in in_order]
    assert -1 not in places and places == sorted(places), lines


async def _never(s: Story) -> None:
    """Waits for what nobody does."""
    await s.sees("a call", at("twilio", "call_rings", to=st.THANDI), within=0.05)


async def test_what_was_not_seen_ends_the_story(
    made: list[Playground], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(story.STORIES, "call", ("A title", st.SUNDAY, (_never,)))
    assert await play("call", lambda line: None) == 1
    assert "The story broke off: a call: not seen" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("call",), 2, "standby demo --story call"),
        (("--story", "sleep"), 2, "sleep"),
    ],
)
def test_a_story_that_is_not_asked_for_in_the_right_way(words: tuple[str, ...], code: int, told: str) -> None:
    found = CliRunner().invoke(app, ["demo", *words])
    assert found.exit_code == code and told in found.output
