"""What is said on a call, as TwiML: escaped, never too long, and only what a voice can say."""

import dataclasses
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.twilio.signature import AGAIN
from channels.twilio.spoken import LIMIT, Line, answer, call, moment, shortened, size, speakable
from tests.contract.channels_twilio.fakes import says
from tests.contract.channels_twilio.rig import twiml_checker

LINE = Line(public_url="https://desk.example.com", token="t" * 22)
KEYS = (("1", "Press 1 to acknowledge."), ("2", "Press 2 to page the next one."))
PAGE = says("MIT-1042, see the thread", spoken="Emergency at Acme Clinics. Mail is down", keys=KEYS)
WHOLE = "Emergency at Acme Clinics. Mail is down. Press 1 to acknowledge. Press 2 to page the next one."
check = twiml_checker()


def said(xml: str) -> list[str]:
    assert check(xml) == []
    return ["".join(verb.itertext()) for verb in ET.fromstring(xml).iter("Say")]


def test_a_page_is_said_three_times_with_its_keys() -> None:
    xml = call(LINE, PAGE)
    assert said(xml) == [WHOLE] * 3 + ["Goodbye."]
    root = ET.fromstring(xml)
    assert [verb.tag for verb in root] == ["Gather", "Gather", "Gather", "Say", "Hangup"]
    assert root[0].attrib == {
        "action": f"https://desk.example.com/twilio/voice/key?attempt={'t' * 22}&lang=en{AGAIN}",
        "method": "POST",
        "input": "dtmf",
        "numDigits": "1",
        "timeout": "5",
        "finishOnKey": "",
    }
    assert root[0][0].attrib == {"language": "en-GB", "loop": "2"}


def test_in_their_language_and_a_voice_of_our_choice() -> None:
    polish = dataclasses.replace(LINE, language="pl", voice="Polly.Ewa")
    xml = call(polish, PAGE)
    assert {verb.get("language") for verb in ET.fromstring(xml).iter("Say")} == {"pl-PL"}
    assert {verb.get("voice") for verb in ET.fromstring(xml).iter("Say")} == {"Polly.Ewa"}
    assert "lang=pl" in xml


@pytest.mark.parametrize("language", ["en-US", "xx", "de"])
def test_english_words_in_an_english_voice(language: str) -> None:
    xml = call(dataclasses.replace(LINE, language=language), PAGE)
    assert {verb.get("language") for verb in ET.fromstring(xml).iter("Say")} == {"en-GB"}


def test_without_words_for_a_call_the_text_is_said_and_without_keys_once() -> None:
    xml = call(LINE, says("Grace has it!"))
    assert said(xml) == ["Grace has it!", "Goodbye."]
    assert "<Gather" not in xml


HOSTILE = [
    '"quoted" & <Hangup/> </Say></Gather><Dial>+15550100</Dial>',
    "]]> <!-- --> &amp; &#0; {name} %s",
    "🔥🔥 down 👩\u200d💻 \ud800 \0\x07\uffff\u202e now",
    "żółć\n\n\tjaźń",
    "a" * 5000,
    "x & y < z " * 500,
    "🔥" * 5000 + "x",
    "'" * 5000,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_only_words(text: str) -> None:
    message = says("x", spoken=text, keys=KEYS)
    for xml in (call(LINE, message), answer(LINE, message), answer(LINE, says(text))):
        assert check(xml) == []
        assert not {verb.tag for verb in ET.fromstring(xml).iter()} - {"Response", "Gather", "Say", "Hangup"}
    whole = said(call(LINE, message))
    assert size(call(LINE, message)) <= LIMIT
    assert whole[0].endswith("Press 1 to acknowledge. Press 2 to page the next one.")


def test_as_much_as_fits_is_said() -> None:
    words = " ".join(f"word{n}" for n in range(1000))
    xml = call(LINE, says("x", spoken=words, keys=KEYS))
    assert LIMIT - 40 < size(xml) <= LIMIT
    spoken = said(xml)[0].removesuffix(". Press 1 to acknowledge. Press 2 to page the next one.")
    assert words.startswith(spoken + " ")


@given(st.text(max_size=3000), st.text(max_size=600))
def test_no_words_make_it_too_long_or_wrong(words: str, key: str) -> None:
    xml = call(LINE, says("x", spoken=words, keys=(("1", key),)))
    assert size(xml) <= LIMIT
    ET.fromstring(xml)


def test_what_no_voice_can_say_is_left_out() -> None:
    assert speakable("  Mail\r\n is 🔥 down → now, 40 °C, zł ") == "Mail is down → now, 40 °C, zł"
    assert shortened("one two three", 9) == "one two"
    assert shortened("one, two", 5) == "one"
    assert shortened("abcdef", 3) == "abc"


def test_a_reply_is_said_and_the_call_ends() -> None:
    assert said(answer(LINE, says("x", spoken="Thank you, it is yours."))) == [
        "Thank you, it is yours.",
        "Goodbye.",
    ]
    assert said(answer(LINE, None)) == ["Goodbye."]
    assert said(answer(dataclasses.replace(LINE, language="pl"), says("Masz to.")))[0] == "Masz to."


def test_a_reply_with_keys_keeps_the_line_open() -> None:
    xml = answer(LINE, PAGE)
    assert said(xml)[0] == WHOLE
    assert "&amp;turn=1#rc" in xml


def test_somebody_who_pressed_a_key_is_asked_for_a_moment() -> None:
    xml = moment(LINE, "1", 0)
    assert said(xml) == ["One moment please."]
    root = ET.fromstring(xml)
    assert [verb.tag for verb in root] == ["Say", "Pause", "Redirect"]
    assert root[2].text == LINE.url(digits="1", wait="1") + AGAIN
    assert "#" not in LINE.url(digits="#", wait="1")
    assert said(moment(LINE, "1", 3)) == [
        "Sorry, that did not work. Please answer by chat or by SMS.",
        "Goodbye.",
    ]
