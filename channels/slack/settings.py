"""[channels.slack]: what the operator writes. Every mistake is a sentence at its own key."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationInfo, field_validator


class SlackSettings(BaseModel):
    """Socket mode needs no public address, only an app-level token; HTTP mode needs the signing secret."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    mode: Literal["socket", "http"] = "socket"
    bot_token: SecretStr
    app_token: SecretStr | None = None
    signing_secret: SecretStr | None = None
    api_url: str = "https://slack.com/api/"
    team_id: str | None = Field(default=None, description="Requests of any other workspace are refused.")

    @field_validator("bot_token")
    @classmethod
    def _is_a_bot_token(cls, token: SecretStr) -> SecretStr:
        if not token.get_secret_value().strip():
            raise ValueError("bot_token is empty: it wants the app's bot token, which begins with xoxb-")
        if token.get_secret_value().startswith("xapp-"):
            raise ValueError("bot_token holds an app-level token (xapp-): it wants the bot token (xoxb-)")
        return token

    @field_validator("app_token")
    @classmethod
    def _is_an_app_token(cls, token: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        given = token.get_secret_value().strip() if token else ""
        if not given and info.data.get("mode") == "socket":
            raise ValueError(
                "app_token is needed in socket mode: an app-level token, which begins with xapp-"
            )
        if given.startswith("xoxb-"):
            raise ValueError("app_token holds a bot token (xoxb-): it wants the app-level token (xapp-)")
        return token if given else None

    @field_validator("signing_secret")
    @classmethod
    def _is_a_secret(cls, secret: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        given = secret.get_secret_value().strip() if secret else ""
        if not given and info.data.get("mode") == "http":
            raise ValueError("signing_secret is needed in http mode: without it anybody could speak as Slack")
        return secret if given else None

    @field_validator("api_url")
    @classmethod
    def _is_a_url(cls, url: str) -> str:
        if not url.startswith(("https://", "http://")):
            raise ValueError(
                "api_url is no address: it wants https://slack.com/api/ or a stand-in's http://..."
            )
        return url if url.endswith("/") else url + "/"

    @field_validator("team_id")
    @classmethod
    def _is_a_team(cls, team: str | None) -> str | None:
        if team is not None and not team.startswith(("T", "E")):
            raise ValueError(f"team_id {team!r} is no workspace id: one begins with T, such as T012AB3CD")
        return team
