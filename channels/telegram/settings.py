"""[channels.telegram] of the configuration."""

from __future__ import annotations

import re
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, SecretStr, field_validator, model_validator

SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")


class TelegramSettings(BaseModel):
    """How to reach the Bot API, and how it reaches us. Values never show up in error messages."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    mode: Literal["polling", "webhook"] = "polling"
    token: SecretStr
    webhook_secret: SecretStr | None = None
    api_url: str = "https://api.telegram.org"

    @field_validator("token")
    @classmethod
    def _token_fits_a_url(cls, token: SecretStr) -> SecretStr:
        if not re.fullmatch(r"[A-Za-z0-9:_-]+", token.get_secret_value()):
            raise ValueError("is what @BotFather gave you, such as 123456:ABC-def")
        return token

    @field_validator("webhook_secret")
    @classmethod
    def _secret_is_strong(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and not SECRET.fullmatch(secret.get_secret_value()):
            raise ValueError("must be 16 to 256 of A-Z, a-z, 0-9, _ and -")
        return secret

    @model_validator(mode="after")
    def _webhook_has_a_secret(self) -> Self:
        if self.mode == "webhook" and self.webhook_secret is None:
            raise ValueError("webhook_secret is needed with mode = webhook")
        return self

    @property
    def base_url(self) -> str:
        """The token is appended to it."""
        return self.api_url.rstrip("/") + "/bot"

    @property
    def base_file_url(self) -> str:
        """The token is appended to it: never log or hand on a link that begins with this."""
        return self.api_url.rstrip("/") + "/file/bot"
