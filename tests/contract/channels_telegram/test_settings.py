"""What the configuration may say, and that it never repeats a secret."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from channels.telegram.settings import TelegramSettings

TOKEN = "123456:secret-token"


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"token": "a/b"},
        {"token": ""},
        {"token": TOKEN, "mode": "webhook"},
        {"token": TOKEN, "webhook_secret": "short"},
        {"token": TOKEN, "webhook_secret": "not-allowed-because-of-this:"},
        {"token": TOKEN, "webhook_secret": "x" * 257},
        {"token": TOKEN, "api_uri": "https://api.telegram.org"},
    ],
)
def test_mistakes_are_refused_without_quoting_them(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as caught:
        TelegramSettings.model_validate(wrong)
    assert not any(len(v) > 10 and v in str(caught.value) for v in wrong.values())


def test_urls() -> None:
    settings = TelegramSettings.model_validate({"token": TOKEN, "api_url": "http://127.0.0.1:1/telegram/"})
    assert settings.base_url == "http://127.0.0.1:1/telegram/bot"
    assert settings.base_file_url == "http://127.0.0.1:1/telegram/file/bot"
    assert TOKEN not in repr(settings)
