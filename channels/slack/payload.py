"""Reading what Slack sent without trusting its shape: what is missing or of another type is simply empty."""

from __future__ import annotations

from typing import Any

from bot.domain.ids import ChannelName

SLACK = ChannelName("slack")
Json = dict[str, Any]


def word(source: object, *path: str) -> str:
    """The text at a path, fit to be stored; empty where there is none."""
    found = dig(source, *path)
    return storable(found) if isinstance(found, str) else ""


def rows(source: object, *path: str) -> list[Json]:
    """The objects of the list at a path."""
    found = dig(source, *path)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def dig(source: object, *path: str) -> object:
    for key in path:
        if not isinstance(source, dict):
            return None
        source = source.get(key)
    return source


def storable(text: str) -> str:
    """JSON can spell half a character and NUL; no database takes either."""
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def teams_of(body: Json) -> set[str]:
    """The workspaces that a request names; with Slack Connect the acting person's may stand beside ours."""
    named = (
        word(body, "team_id"),
        word(body, "team", "id"),
        word(body, "view", "app_installed_team_id"),
        word(body, "message", "team"),
        *(word(authorization, "team_id") for authorization in rows(body, "authorizations")),
    )
    return {team for team in named if team}
