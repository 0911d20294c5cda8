"""Twilio: WhatsApp, SMS and calls."""

from __future__ import annotations

import dataclasses

from starlette.routing import Route

from bot.app.ports import Channel
from bot.domain.ids import ChannelName
from channels.adapter import Adapter, Plugin, World
from channels.twilio.calls import CALL, Calls
from channels.twilio.choices import Contents
from channels.twilio.client import HttpxClient, build_client
from channels.twilio.hotline import Hotline
from channels.twilio.messaging import SMS, WHATSAPP, Inbox
from channels.twilio.outbound import SMS as SMS_CAN
from channels.twilio.outbound import WHATSAPP as WHATSAPP_CAN
from channels.twilio.outbound import Sender, TwilioChannel
from channels.twilio.recordings import Recordings
from channels.twilio.settings import TwilioSettings
from channels.twilio.voice import CallChannel

__all__ = ["TwilioSettings", "plugin"]


def build(settings: TwilioSettings, world: World) -> Adapter:
    """A channel for each of our numbers. Our own people are paged on WhatsApp too where a template for that is approved:
    outside of a day after they wrote, nothing else gets through."""
    http = HttpxClient(settings.api_url)
    client = build_client(settings, http)
    channels: dict[ChannelName, Channel] = {}
    if settings.whatsapp_from is not None:
        sender = Sender(
            capabilities=dataclasses.replace(WHATSAPP_CAN, pages="page" in settings.templates),
            number=settings.whatsapp_from,
            prefix="whatsapp:",
            templates=settings.templates,
        )
        contents = Contents(client, world.clock)
        channels[WHATSAPP] = TwilioChannel(client, world.clock, world.public_url, sender, contents)
    if settings.sms_from is not None:
        sender = Sender(capabilities=SMS_CAN, number=settings.sms_from)
        channels[SMS] = TwilioChannel(client, world.clock, world.public_url, sender)
    routes: tuple[Route, ...] = Inbox(settings, world).routes
    recordings = Recordings(settings, world)
    if settings.voice_from is not None:
        number, voice = settings.voice_from, settings.voice or ""
        channels[CALL] = CallChannel(client, world.clock, world.public_url, number, voice, world.may_dial)
        routes += (*Calls(settings, world).routes, *Hotline(settings, world).routes, recordings.route)

    async def stop() -> None:
        await http.close()
        await recordings.close()

    return Adapter(channels=channels, routes=routes, stop=stop)


plugin = Plugin(
    name="twilio",
    settings=TwilioSettings,
    provides=(WHATSAPP, SMS),
    identity_key=None,
    desk_key=None,
    build=build,
)
