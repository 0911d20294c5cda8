import pytest
from pydantic import ValidationError

from channels.twilio.settings import TwilioSettings
from tests.contract.channels_twilio.fakes import OTHER_TOKEN, TOKEN, config


def test_what_the_manual_shows_is_fine() -> None:
    settings = TwilioSettings(**config(api_url="http://127.0.0.1:9000/twilio/"))
    assert settings.api_url == "http://127.0.0.1:9000/twilio"
    assert settings.tokens == (TOKEN, OTHER_TOKEN)
    assert TOKEN not in repr(settings)


def test_what_answers_while_we_are_away_is_somebody_elses_url() -> None:
    """Over https, or on this machine in tests; a query is fine."""
    away, here = "https://away.example.com/calls?key=1", "http://127.0.0.1:9000/screen"
    settings = TwilioSettings(**config(voice_fallback_url=away, voice_screen_url=here))
    assert (settings.voice_fallback_url, settings.voice_screen_url) == (away, here)
    assert TwilioSettings(**config()).voice_fallback_url is None


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("account_sid", "SK" + "0" * 32, "account SID"),
        ("account_sid", "AC" + "0" * 31, "account SID"),
        ("auth_token", " ", "empty"),
        ("whatsapp_from", "whatsapp:+14155550100", "country code"),
        ("whatsapp_from", "+0155550100", "country code"),
        ("sms_from", "4155550101", "country code"),
        ("voice_from", "+1 415 555 0102", "country code"),
        ("voice", "Polly Amy", "voices"),
        ("voice", "", "voices"),
        ("api_url", "api.twilio.com", "URL"),
        ("api_url", "http://host:port", "Port"),
        ("voice_fallback_url", "http://away.example.com/calls", "https://"),
        ("voice_fallback_url", "away.example.com/calls", "https://"),
        ("voice_screen_url", "http://127.0.0.1.example.com/", "https://"),
        ("voice_screen_url", "https:///screen", "https://"),
        ("voice_screen_url", "https://away.example.com:port/", "Port"),
        ("templates", {"updates": "HX" + "a" * 32}, "'updates'"),
        ("templates", {"update": "template"}, "content SID"),
        ("colour", "red", "Extra inputs"),
    ],
)
def test_a_mistake_is_said_in_a_sentence(key: str, value: object, says: str) -> None:
    with pytest.raises(ValidationError) as error:
        TwilioSettings(**config(**{key: value}))
    assert error.value.errors()[0]["loc"] == (key,)
    assert says in error.value.errors()[0]["msg"]
