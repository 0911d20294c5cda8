"""Channels as plugins offer them, with settings like the real ones."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, SecretStr, model_validator

from bot.domain.ids import ChannelName
from channels.adapter import Adapter, Plugin, World


class SlackSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    mode: Literal["socket", "http"] = "socket"
    bot_token: SecretStr
    app_token: SecretStr | None = None
    signing_secret: SecretStr | None = None
    api_url: str = "https://slack.com/api/"

    @model_validator(mode="after")
    def _complete(self) -> SlackSettings:
        if self.mode == "http" and self.signing_secret is None:
            raise ValueError("signing_secret is needed with mode = http")
        return self


class TelegramSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    mode: Literal["polling", "webhook"] = "polling"
    token: SecretStr
    webhook_secret: SecretStr | None = None
    api_url: str = "https://api.telegram.org"


class TwilioSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    account_sid: str
    auth_token: SecretStr
    api_url: str = "https://api.twilio.com"
    whatsapp_from: str | None = None
    sms_from: str | None = None
    voice_from: str | None = None
    templates: dict[str, str] = {}


def _build(settings: Any, world: World) -> Adapter:
    raise AssertionError("reading a configuration builds no adapter")


def _plugin(
    name: str, settings: type[BaseModel], provides: tuple[str, ...], identity: str | None, desk: str | None
) -> Plugin:
    return Plugin(
        name=name,
        settings=settings,
        provides=tuple(ChannelName(channel) for channel in provides),
        identity_key=identity,
        desk_key=desk,
        build=_build,
    )


PLUGINS = (
    _plugin("slack", SlackSettings, ("slack",), "slack", "slack_channel"),
    _plugin("telegram", TelegramSettings, ("telegram",), "telegram", "telegram_chat"),
    _plugin("twilio", TwilioSettings, ("whatsapp", "sms"), None, None),
)

ENVIRON = {
    "SLACK_BOT_TOKEN": "xoxb-not-a-token",
    "SLACK_APP_TOKEN": "xapp-not-a-token",
    "SLACK_SIGNING_SECRET": "0123456789abcdef",
    "TELEGRAM_TOKEN": "1000:not-a-token",
    "TELEGRAM_SECRET": "not-a-secret-0123",
    "TWILIO_ACCOUNT_SID": "AC0123456789abcdef0123456789abcdef",
    "TWILIO_AUTH_TOKEN": "not-a-token-either",
}
