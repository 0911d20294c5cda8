"""What the documents say is held against the code: the diagram, every setting, every command."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from pydantic import BaseModel

from bot.app.customer_words import WORDS
from bot.cli import app
from bot.config import load
from bot.config.policy_schema import POLICY
from bot.config.schema import SETTINGS
from bot.domain.grammar import ENGINEER_WORDS
from bot.domain.status import diagram
from bot.wiring import PLUGINS
from tests.contract.config.plugins import ENVIRON

ROOT = Path(__file__).parents[2]
OPERATE = (ROOT / "docs" / "operate.md").read_text()
POLICIES = (ROOT / "docs" / "policies.md").read_text()
CONFIG = (ROOT / "config.toml").read_text()


def _keys(tables: dict[str, type[BaseModel]]) -> Iterator[str]:
    for at, table in tables.items():
        for name, field in table.model_fields.items():
            yield f"{at}.{field.alias or name}".removeprefix(".")


def _settings() -> list[str]:
    """Every dotted key that config.toml may have."""
    keys = [*_keys(SETTINGS), *_keys({f"channels.{plugin.name}": plugin.settings for plugin in PLUGINS})]
    for plugin in PLUGINS:
        if plugin.desk_key:
            keys.append(f"teams.{plugin.desk_key}")
        if plugin.identity_key:
            keys += [f"people.{plugin.identity_key}", f"organisations.contacts.{plugin.identity_key}"]
    return keys


def _commands() -> list[str]:
    """`standby run`, `standby db upgrade`, ..."""

    def below(command: object, path: str) -> Iterator[str]:
        inner = getattr(command, "commands", None)
        if inner is None:
            yield path
        for name, child in (inner or {}).items():
            yield from below(child, f"{path} {name}")

    return list(below(typer.main.get_command(app), "standby"))


def test_the_diagram_of_the_map_is_the_tables() -> None:
    text = (ROOT / "docs" / "map.md").read_text()
    found = re.search(
        r"<!-- diagram: begin -->\n```mermaid\n(.*)\n```\n<!-- diagram: end -->", text, re.DOTALL
    )
    assert found and found[1] == diagram(), (
        "docs/map.md is stale; bot.domain.status.diagram() prints the new one"
    )


def test_every_file_that_the_map_names_is_there() -> None:
    text = (ROOT / "docs" / "map.md").read_text()
    named = set(re.findall(r"`((?:bot|channels|storage)/[\w/]+\.py)`", text))
    assert len(named) > 10
    assert {name for name in named if not (ROOT / name).is_file()} == set()


@pytest.mark.parametrize("key", _settings())
def test_every_setting_is_described(key: str) -> None:
    assert f"`{key}`" in OPERATE
    assert re.search(rf"\b{key.rpartition('.')[2]}\b", CONFIG), f"config.toml does not show {key}"


@pytest.mark.parametrize("command", _commands())
def test_every_command_is_described(command: str) -> None:
    assert re.search(rf"`{command}[ `]", OPERATE)


@pytest.mark.parametrize("key", list(_keys(POLICY)))
def test_every_key_of_a_policy_is_described(key: str) -> None:
    if key in ("hours", "holidays", "severity", "category", "plan"):  # tables, described by their keys
        assert f"`{key}." in POLICIES
    else:
        assert f"`{key}`" in POLICIES


def test_no_setting_is_described_that_is_none() -> None:
    keys = {*_settings(), "channels"}
    tables = "|".join({key.partition(".")[0] for key in keys})
    described = set(re.findall(rf"`((?:{tables})(?:\.\w+)+)`", OPERATE))
    assert described - keys == set()


def test_the_shipped_configuration_fits_the_real_channels() -> None:
    config = load(ROOT / "config.toml", PLUGINS, ENVIRON)
    assert list(config.channels) == ["slack", "telegram", "twilio"]
    assert config.warnings == ()


def test_every_word_that_people_can_say_is_in_the_list() -> None:
    text = (ROOT / "docs" / "words.md").read_text()
    customers, _, engineers = text.partition("## Engineers")
    for word in WORDS:
        assert f"| `{word}" in customers, word
    for word in ENGINEER_WORDS:
        assert f"`{word}" in engineers, word
