"""A folder with the configuration of one small company, to be spoiled one line at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

import pytest

from bot.config import Config, ConfigError, load
from tests.contract.config.plugins import ENVIRON, PLUGINS

CONFIG = (Path(__file__).parent / "contract.toml").read_text()
POLICY = (Path(__file__).parent / "policy.toml").read_text()

Loads: TypeAlias = Callable[..., Config]


@pytest.fixture
def loads(tmp_path: Path) -> Loads:
    """Loads the configuration with some text replaced (in the config, in the policy)."""

    def loads(
        *edits: tuple[str, str],
        policy: tuple[tuple[str, str], ...] = (),
        environ: Mapping[str, str] = ENVIRON,
    ) -> Config:
        (tmp_path / "policies").mkdir(exist_ok=True)
        (tmp_path / "policies" / "managed-it.toml").write_text(edited(POLICY, policy))
        (tmp_path / "config.toml").write_text(edited(CONFIG, edits))
        return load(tmp_path / "config.toml", PLUGINS, environ)

    return loads


@pytest.fixture
def mistakes(loads: Loads) -> Callable[..., list[str]]:
    """What is said about a spoiled configuration, a line each."""

    def mistakes(*edits: tuple[str, str], **others: object) -> list[str]:
        with pytest.raises(ConfigError) as caught:
            loads(*edits, **others)
        return [str(problem) for problem in caught.value.problems]

    return mistakes


def edited(text: str, edits: tuple[tuple[str, str], ...]) -> str:
    for old, new in edits:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the file"
        text = text.replace(old, new)
    return text
