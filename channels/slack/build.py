"""The folder plugged together: settings and world in, an Adapter out. Nothing here talks to Slack yet."""

from __future__ import annotations

from slack_bolt.app.async_app import AsyncApp

from channels.adapter import Adapter, World
from channels.slack.guard import Guard
from channels.slack.home import HomeTab
from channels.slack.inbound import Intake
from channels.slack.outbound import SlackChannel
from channels.slack.payload import SLACK
from channels.slack.route import events_route
from channels.slack.settings import SlackSettings
from channels.slack.socket_mode import SocketMode
from channels.slack.workspace import Workspace


def build(settings: SlackSettings, world: World) -> Adapter:
    """Slack as a channel, over a socket or over HTTP."""
    workspace = Workspace(settings.bot_token.get_secret_value(), settings.api_url)
    channel = SlackChannel(workspace, world.facts)
    home = HomeTab(workspace, world.facts)
    app = _bolt(workspace, Intake(world, workspace, settings.team_id, home))

    async def stop() -> None:
        await home.stop()
        await workspace.stop()

    if settings.mode == "http" and settings.signing_secret is not None:
        guard = Guard(settings.signing_secret.get_secret_value(), world.clock)
        routes = (events_route(app, guard, world),)
        return Adapter(channels={SLACK: channel}, routes=routes, start=workspace.start, stop=stop)
    token = settings.app_token.get_secret_value() if settings.app_token is not None else ""
    socket = SocketMode(app, token, workspace)
    return Adapter(
        channels={SLACK: channel},
        tasks={"slack socket": socket.run},
        start=workspace.start,
        stop=stop,
        connected=socket.connected,
    )


def _bolt(workspace: Workspace, intake: Intake) -> AsyncApp:
    """Bolt without what we do ourselves: the signature (guard) and own messages (translate).

    The intake stands before Bolt's authorization, which would ask auth.test and trips over malformed bodies; only
    url_verification goes on to it.
    """
    return AsyncApp(
        name="standby",
        client=workspace.client,
        signing_secret="",
        before_authorize=intake,
        request_verification_enabled=False,
        ignoring_self_events_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
