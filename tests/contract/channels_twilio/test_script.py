"""What is heard on a call to our number, as TwiML: well formed, one phone at a time, and words that are only words."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.script import Connect, HangUp, Hear, Record, Ring, Script, Verb
from channels.twilio.script import House, written
from channels.twilio.signature import AGAIN
from channels.twilio.spoken import LIMIT, size
from tests.contract.channels_twilio.fakes import CALL_SID, ENGINEER, PUBLIC, VOICE, scripted
from tests.contract.channels_twilio.rig import twiml_checker

HOUSE = House(public_url=PUBLIC, number=VOICE)
VERBS: tuple[Verb, ...] = (
    Hear(),
    Hear(many=True),
    Ring(number=ENGINEER, seconds=25),
    Ring(number=ENGINEER, seconds=25, plain=True),
    Record(seconds=120),
    Record(seconds=120, transcribe=True),
    Connect(),
    HangUp(),
)
NESTED = {
    "Response": {"Gather", "Dial", "Record", "Redirect", "Say", "Hangup"},
    "Gather": {"Say"},
    "Dial": {"Number"},
}
HOSTILE = [
    "</Say><Dial>+19005550100</Dial><Say>",
    "]]> <!-- --> &amp; &#0; {name} %s",
    "🔥🔥 down 👩\u200d💻 \ud800 \0\x07\uffff\u202e now",
    "żółć\n\n\tjaźń",
    "a" * 5000,
    "x & y < z " * 500,
    "🔥" * 5000 + "x",
    "'" * 5000,
]
check = twiml_checker()


def url(path: str, lang: str = "en", more: str = "") -> str:
    return f"{PUBLIC}/twilio/voice/{path}?call={CALL_SID}&turn=3&lang={lang}{more}{AGAIN}"


def read(script: Script, pressed: int = 0) -> ET.Element:
    xml = written(script, HOUSE, pressed)
    assert check(xml) == []
    assert size(xml) <= LIMIT
    return ET.fromstring(xml)


def said(root: ET.Element) -> list[str]:
    return ["".join(say.itertext()) for say in root.iter("Say")]


def tags(root: ET.Element) -> list[str]:
    return [verb.tag for verb in root]


def test_a_key_is_heard() -> None:
    root = read(scripted(Hear(seconds=6), "For the desk press 1", "For an emergency press 2."))
    assert tags(root) == ["Gather"]
    assert root[0].attrib == {
        "action": url("heard"),
        "method": "POST",
        "input": "dtmf",
        "numDigits": "1",
        "timeout": "6",
        "finishOnKey": "",
        "actionOnEmptyResult": "true",
    }
    assert said(root) == ["For the desk press 1. For an emergency press 2."]


def test_a_number_is_heard() -> None:
    (gather,) = read(scripted(Hear(many=True), "Where can we call you back?"))
    assert gather.get("finishOnKey") == "#"
    assert "numDigits" not in gather.attrib
    assert gather.get("actionOnEmptyResult") == "true"


def test_a_leg_on_which_nobody_presses_a_key_is_hung_up() -> None:
    script = scripted(Hear(seconds=8), "Acme calls. Press 1.", leg=True)
    root = read(script)
    assert tags(root) == ["Gather", "Hangup"]
    assert root[0].get("action") == url("accept")
    assert "actionOnEmptyResult" not in root[0].attrib
    assert read(script, pressed=2)[0].get("action") == url("accept", more="&pressed=2")


def test_one_phone_is_rung() -> None:
    root = read(scripted(Ring(number=ENGINEER, seconds=25), "I am calling Ada."))
    assert tags(root) == ["Say", "Dial"]
    assert root[1].attrib == {
        "action": url("rung"),
        "method": "POST",
        "timeout": "25",
        "timeLimit": "14400",
        "callerId": VOICE,
        "answerOnBridge": "false",
    }
    ((number,),) = root.iter("Dial")
    assert (number.text, number.attrib) == (ENGINEER, {"url": url("whisper"), "method": "POST"})


def test_a_customer_who_is_called_back_is_asked_nothing() -> None:
    root = read(scripted(Ring(number=ENGINEER, seconds=25, plain=True)))
    assert tags(root) == ["Dial"]
    assert [number.attrib for number in root.iter("Number")] == [{}]


def test_a_message_is_recorded() -> None:
    root = read(scripted(Record(seconds=120, transcribe=True), "Please speak after the tone."))
    assert tags(root) == ["Say", "Record", "Redirect"]
    assert root[1].attrib == {
        "action": url("recorded"),
        "method": "POST",
        "timeout": "5",
        "finishOnKey": "#",
        "maxLength": "120",
        "playBeep": "true",
        "recordingStatusCallback": url("recording"),
        "recordingStatusCallbackMethod": "POST",
        "recordingStatusCallbackEvent": "completed absent",
        "transcribe": "true",
        "transcribeCallback": url("transcribed"),
    }
    assert (root[2].text, root[2].attrib) == (url("recorded"), {"method": "POST"})
    assert "transcribe" not in read(scripted(Record(seconds=120)))[0].attrib


def test_put_through_is_an_empty_document() -> None:
    assert tags(read(scripted(Connect(), leg=True))) == []
    assert tags(read(scripted(Connect(), "You are through.", leg=True))) == ["Say"]


def test_the_end() -> None:
    root = read(scripted(HangUp(), "Goodbye."))
    assert tags(root) == ["Say", "Hangup"]


def test_in_their_language_and_a_voice_of_our_choice() -> None:
    polish = scripted(Hear(), "Dzień dobry.", language="pl")
    root = read(polish)
    assert root[0][0].attrib == {"language": "pl-PL"}
    assert root[0].get("action") == url("heard", "pl")
    own = House(public_url=PUBLIC, number=VOICE, voice="Polly.Ewa")
    assert ET.fromstring(written(polish, own))[0][0].get("voice") == "Polly.Ewa"


@pytest.mark.parametrize("leg", [False, True])
@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_only_words(verb: Verb, text: str, leg: bool) -> None:
    root = read(scripted(verb, "Hello.", text, text, leg=leg))
    for parent in root.iter():
        assert {child.tag for child in parent} <= NESTED.get(parent.tag, set())
    assert [number.text for number in root.iter("Number")] in ([], [ENGINEER])


@pytest.mark.parametrize("verb", VERBS)
def test_of_long_words_the_short_sentences_stay(verb: Verb) -> None:
    words = " ".join(f"word{n}" for n in range(1000))
    (heard,) = said(read(scripted(verb, "Acme calls.", words, "Press 1 to take the call.")))
    assert heard.startswith("Acme calls. word0 word1 ")
    assert heard.endswith(". Press 1 to take the call.")
    assert len(heard) > 2000


def test_nothing_that_can_be_said_is_no_say() -> None:
    for verb in VERBS:
        assert said(read(scripted(verb, "🔥", "\0", ""))) == []


@given(st.lists(st.text(max_size=1500), max_size=6), st.sampled_from(VERBS), st.booleans())
def test_no_words_make_it_too_long_or_wrong(words: list[str], verb: Verb, leg: bool) -> None:
    read(scripted(verb, *words, leg=leg))


def test_what_no_phone_does() -> None:
    with pytest.raises(TypeError, match="Verb"):
        written(scripted(Verb()), HOUSE)
