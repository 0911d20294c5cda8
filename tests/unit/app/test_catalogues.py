"""Whatever is said has its words in every language, with the same names and marks in them."""

from __future__ import annotations

from pathlib import Path

from tests.unit.app.templates import ROOM, Source, language, languages, said


def test_every_template_can_be_found_in_the_source() -> None:
    assert said()[1] == ()


def test_every_language_has_words_for_everything_and_nothing_else() -> None:
    reports = [language(name) for name in languages()]
    flawed = [str(report) for report in reports if report.missing or report.obsolete or report.wrong]
    assert flawed == [], "\n" + "\n".join(flawed)


def test_the_bot_speaks_polish() -> None:
    assert "pl" in languages()


def test_what_is_written_on_buttons_is_known_to_be() -> None:
    templates, _ = said()
    buttons = {id for id, its in templates.items() if any(t.room == ROOM["choice"][0][2] for t in its)}
    assert {"Acknowledge", "Propose time", "It works"} <= buttons


SAMPLE = """
from bot.app.speech import Speech
LINES = {"a": "Taken by {name}.", "b": "Over."}
def one(s: Speech, late: bool, n: int):
    head = "Late" if late else "Soon"
    for key, label in more_of():
        s.text(label)
    told(s, "Told {x}.")
    return s.say(head + " {by}", by="") + s.say(LINES["a"].strip()) + s.plural("{n} day", "{n} days", n)
def more_of():
    found = []
    found.append(("k", "Kept"))
    return found
def told(s: Speech, template: str):
    return s.say(template, x=s.text(unheard_of()))
"""


def test_templates_are_found_however_they_are_written(tmp_path: Path) -> None:
    """Tables, conditions, sums, loops, arguments; and what can't be read is said to be so."""
    path = tmp_path / "sample.py"
    path.write_text(SAMPLE)
    found, unknown = Source([path], root=tmp_path).templates()
    assert {t.id for t in found} == {
        "Late {by}",
        "Soon {by}",
        "Taken by {name}.",
        "Over.",
        "Kept",
        "Told {x}.",
        ("{n} day", "{n} days"),
    }
    assert unknown == ["sample.py:15: sample.py: unheard_of()"]
