"""Slack as a channel: desks and direct messages, cards, forms and the slash command (slack-bolt, slack-sdk)."""

from channels.adapter import Plugin
from channels.slack.build import build
from channels.slack.payload import SLACK
from channels.slack.settings import SlackSettings

plugin = Plugin(
    name="slack",
    settings=SlackSettings,
    provides=(SLACK,),
    identity_key="slack",
    desk_key="slack_channel",
    build=build,
)

__all__ = ["SlackSettings", "plugin"]
