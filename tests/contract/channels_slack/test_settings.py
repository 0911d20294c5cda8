"""Mistakes in [channels.slack] are sentences at their own key."""

from typing import Any

import pytest
from pydantic import ValidationError

from channels.slack import SlackSettings, plugin

GOOD: dict[str, Any] = {"bot_token": "xoxb-1", "app_token": "xapp-1"}


def test_socket_mode_is_the_default() -> None:
    settings = SlackSettings(**GOOD)
    assert (settings.mode, settings.api_url) == ("socket", "https://slack.com/api/")
    assert "xoxb" not in repr(settings)


def test_an_address_gets_its_last_slash() -> None:
    assert SlackSettings(**GOOD, api_url="http://127.0.0.1:9/slack/api").api_url.endswith("/api/")


@pytest.mark.parametrize(
    ("given", "key", "says"),
    [
        ({"bot_token": "xoxb-1"}, "app_token", "needed in socket mode"),
        ({"bot_token": "xoxb-1", "app_token": " "}, "app_token", "needed in socket mode"),
        ({"bot_token": "xoxb-1", "mode": "http"}, "signing_secret", "needed in http mode"),
        ({"bot_token": "xapp-1", "app_token": "xapp-1"}, "bot_token", "holds an app-level token"),
        ({"bot_token": "", "app_token": "xapp-1"}, "bot_token", "is empty"),
        ({"bot_token": "xoxb-1", "app_token": "xoxb-1"}, "app_token", "holds a bot token"),
        (GOOD | {"api_url": "slack.com/api"}, "api_url", "is no address"),
        (GOOD | {"team_id": "acme"}, "team_id", "is no workspace id"),
        (GOOD | {"tokn": "x"}, "tokn", "Extra inputs"),
        (GOOD | {"mode": "carrier pigeon"}, "mode", "'socket' or 'http'"),
    ],
)
def test_mistakes(given: dict[str, Any], key: str, says: str) -> None:
    with pytest.raises(ValidationError) as caught:
        SlackSettings(**given)
    errors = [e for e in caught.value.errors() if e["loc"] == (key,)]
    assert len(errors) == 1 and says in errors[0]["msg"]


def test_what_the_plugin_says_of_itself() -> None:
    assert (plugin.name, plugin.provides, plugin.identity_key, plugin.desk_key) == (
        "slack",
        ("slack",),
        "slack",
        "slack_channel",
    )
