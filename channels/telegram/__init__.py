"""Telegram: customers in private chats, desks in forum groups (a topic a ticket)."""

from __future__ import annotations

from starlette.routing import Route

from channels.adapter import Adapter, Plugin, World
from channels.telegram.client import make_bot
from channels.telegram.inbound import TELEGRAM
from channels.telegram.intake import Intake
from channels.telegram.menu import keep_menu
from channels.telegram.outbound import TelegramChannel
from channels.telegram.polling import Polling
from channels.telegram.settings import TelegramSettings
from channels.telegram.webhook import PATH, Webhook


def build(settings: TelegramSettings, world: World) -> Adapter:
    """Nothing is asked of Telegram here, nor at the start: the tasks do that, and try again."""
    bot = make_bot(settings)
    intake = Intake(bot, world)
    way: Polling | Webhook = Polling(bot, intake)
    routes: tuple[Route, ...] = ()
    if settings.mode == "webhook" and settings.webhook_secret is not None:
        way = Webhook(bot, intake, world, settings.webhook_secret.get_secret_value())
        routes = (Route(PATH, way.handle, methods=["POST"]),)

    async def stop() -> None:
        await intake.stop()
        await bot.aclose()

    return Adapter(
        channels={TELEGRAM: TelegramChannel(bot, world.facts)},
        routes=routes,
        tasks={"telegram": way.run, "telegram-menu": lambda: keep_menu(bot)},
        stop=stop,
        connected=lambda: way.connected,
    )


plugin = Plugin(
    name="telegram",
    settings=TelegramSettings,
    provides=(TELEGRAM,),
    identity_key="telegram",
    desk_key="telegram_chat",
    build=build,
)
