"""What a screen of the page is made of: a fragment that is drawn, and deeds that its buttons and forms do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import ImmutableMultiDict

from playground.web.controls import Controls, State
from playground.world import Playground

Form = ImmutableMultiDict[str, str]
"""What a button or a form sent: `form.get("text", "")`, and `form.getlist("choice")` where a name comes several times."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One look at the world. `query` is how this screen is looked at (`as`, the channel, the thread), kept by the
    browser. `memory` lives as long as the playground, for what a screen shows and no vendor keeps."""

    play: Playground
    controls: Controls
    state: State
    query: Mapping[str, str]
    memory: dict[str, Any] = field(default_factory=dict)


Draw = Callable[[Seen], tuple[str, Mapping[str, Any]]]
"""The template's name and its values; `seen` and `state` are there anyway."""

Deed = Callable[[Seen, Form], Awaitable[None]]
"""Returns when it is done; a ValueError with a sentence for the player, or a LookupError for what is no longer there."""
