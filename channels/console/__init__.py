"""The console: a person at the terminal is a customer (`standby chat`). The example in docs/add-a-channel.md."""

from __future__ import annotations

from starlette.routing import Route

from channels.adapter import Adapter, Plugin, World
from channels.console.inbound import CONSOLE, PATH, Routes
from channels.console.outbound import ConsoleChannel, Mailboxes
from channels.console.settings import ConsoleSettings


def build(settings: ConsoleSettings, world: World) -> Adapter:
    """No tasks, and nobody to ask: it is always connected."""
    mailboxes = Mailboxes(world.clock)
    routes = Routes(world, mailboxes, settings.token.get_secret_value())
    return Adapter(
        channels={CONSOLE: ConsoleChannel(mailboxes)},
        routes=(Route(PATH, routes.post, methods=["POST"]), Route(PATH, routes.get, methods=["GET"])),
        closing=mailboxes.close,
    )


plugin = Plugin(
    name="console",
    settings=ConsoleSettings,
    provides=(CONSOLE,),
    identity_key="console",
    desk_key=None,
    build=build,
)
