"""[channels.console] of the configuration."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, SecretStr, field_validator


class ConsoleSettings(BaseModel):
    """Whoever has the token can speak as any customer: it is for the operator's own machine."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    token: SecretStr

    @field_validator("token")
    @classmethod
    def _token_is_strong(cls, token: SecretStr) -> SecretStr:
        value = token.get_secret_value()
        if len(value) < 16 or not value.isascii() or not value.isprintable():
            raise ValueError("must be at least 16 plain characters")
        return token
