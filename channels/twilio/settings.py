"""The section [channels.twilio]."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

DEFAULT_API_URL = "https://api.twilio.com"
PURPOSES = ("update", "page")
"""What a template can be for: an update of a ticket to its customer, and a page to an engineer."""

_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_ACCOUNT = re.compile(r"AC[0-9a-fA-F]{32}")
_VOICE = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,79}")
_TEMPLATE = re.compile(r"HX[0-9a-fA-F]{32}")


def _account(value: str) -> str:
    if not _ACCOUNT.fullmatch(value):
        raise ValueError("an account SID is AC and 32 hex digits, as the Twilio console shows it")
    return value


def _number(value: str) -> str:
    if not _NUMBER.fullmatch(value):
        raise ValueError("a phone number starts with + and the country code, digits only, like +14155550100")
    return value


def _token(value: SecretStr) -> SecretStr:
    if not value.get_secret_value().strip():
        raise ValueError("the auth token is empty; the Twilio console shows it next to the account SID")
    return value


def _origin(value: str) -> str:
    parts = urlsplit(value)
    _ = parts.port  # raises ValueError with a sentence where it is no number
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("this is a URL without a query, like https://api.twilio.com")
    return value.rstrip("/")


def _document(value: str) -> str:
    parts = urlsplit(value)
    _ = parts.port  # raises ValueError with a sentence where it is no number
    local = parts.scheme == "http" and parts.hostname == "127.0.0.1"
    if not (parts.scheme == "https" or local) or not parts.hostname or parts.fragment:
        raise ValueError("this is what Twilio reads while Standby is away: the https://... of a TwiML Bin")
    return value


def _voice(value: str) -> str:
    if not _VOICE.fullmatch(value):
        raise ValueError("a voice is a name from Twilio's list of voices, like Polly.Amy")
    return value


def _templates(value: dict[str, str]) -> dict[str, str]:
    for purpose, sid in value.items():
        if purpose not in PURPOSES:
            raise ValueError(f"no template is for {purpose!r}; there are: {', '.join(PURPOSES)}")
        if not _TEMPLATE.fullmatch(sid):
            raise ValueError(f"the template for {purpose!r} must be a content SID: HX and 32 hex digits")
    return value


Number = Annotated[str, AfterValidator(_number)]
Document = Annotated[str, AfterValidator(_document)]
Token = Annotated[SecretStr, AfterValidator(_token)]


class TwilioSettings(BaseModel):
    """A channel is there when its number is. While a token is rotated, signatures made with either count;
    `auth_token` is the one that our own requests use."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    account_sid: Annotated[str, AfterValidator(_account)]
    auth_token: Token
    second_auth_token: Token | None = None
    api_url: Annotated[str, AfterValidator(_origin)] = DEFAULT_API_URL
    whatsapp_from: Number | None = None
    sms_from: Number | None = None
    voice_from: Number | None = None
    voice: Annotated[str, AfterValidator(_voice)] | None = None
    voice_fallback_url: Document | None = None
    voice_screen_url: Document | None = None
    templates: Annotated[dict[str, str], AfterValidator(_templates)] = Field(default_factory=dict)

    @property
    def tokens(self) -> tuple[str, ...]:
        """Those that a signature may be made with."""
        both = (self.auth_token, self.second_auth_token)
        return tuple(token.get_secret_value() for token in both if token is not None)
