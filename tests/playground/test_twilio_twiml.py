"""The walk through the TwiML of a call, without any call."""

from collections.abc import Mapping

import pytest

from playground.twilio.twiml import (
    Asked,
    Dialled,
    Ended,
    Odd,
    Quiet,
    Recorded,
    Rung,
    Said,
    Step,
    fetched,
    mistake,
    walk,
)

MENU = '<Gather numDigits="1" timeout="3" action="/key"><Say loop="2">Press</Say><Pause/></Gather>'


def walked(xml: str, replies: Mapping[int, str] | None = None) -> list[Step]:
    """All steps; the reply to the n-th is in `replies`."""
    steps, seen = walk(f"<Response>{xml}</Response>"), []
    try:
        seen.append(next(steps))
        while True:
            seen.append(steps.send((replies or {}).get(len(seen) - 1, "")))
    except StopIteration:
        return seen


def key(digits: str, finished: str = "", url: str = "/key") -> Asked:
    return Asked(url, {"Digits": digits, "FinishedOnKey": finished, "msg": "Gather End"})


def test_words_and_pauses() -> None:
    assert walked('<Say language="pl-PL"> a\n b </Say><Pause length="2"/><Hangup/><Say>c</Say>') == [
        Said("a b", "pl-PL"),
        Quiet(2),
        Ended("completed"),
    ]


def test_silence_goes_on_with_the_next_verb() -> None:
    prompts = [Said("Press", listening=True)] * 2 + [Quiet(1, listening=True)]
    assert walked(MENU + "<Say>Bye</Say>") == [
        *prompts,
        Quiet(3, listening=True, last=True),
        Said("Bye"),
    ]


@pytest.mark.parametrize("step", [0, 1, 2, 3])
def test_a_key_cuts_the_prompt_short(step: int) -> None:
    assert walked(MENU + "<Say>Bye</Say>", {step: "1"})[step + 1 :] == [key("1")]


def test_several_digits_and_a_finishing_key() -> None:
    gather = '<Gather action="/key"><Say>Code</Say></Gather>'
    assert walked(gather, {0: "4", 1: "2", 2: "#"})[-1] == key("42", "#")
    assert walked(gather, {0: "4", 1: "2"})[-1] == key("42")
    assert walked(gather, {0: "#"}) == [Said("Code", listening=True)]
    assert walked('<Gather numDigits="1" finishOnKey="" action="/key"/>', {0: "#"})[-1] == key("#")
    assert walked('<Gather actionOnEmptyResult="true" action="/key"/>')[-1] == key("")


def test_what_a_url_answers_is_gone_on_with() -> None:
    more = "<Response><Say>Yours</Say><Redirect>/on</Redirect></Response>"
    assert walked(MENU + "<Say>Never</Say>", {0: "1", 1: more})[1:] == [key("1"), Said("Yours"), Asked("/on")]


def test_mistakes_are_said() -> None:
    assert walked("<Sing>la</Sing><Say>a</Say>") == [Odd("12200", "Sing"), Said("a")]
    assert walked("<Gather><Dial/></Gather>")[0] == Odd("12200", "Dial")
    (mistake,) = walked("<Say>")
    assert isinstance(mistake, Odd) and mistake.code == "12100"


def test_phones_to_be_rung() -> None:
    dial = '<Dial action="/rung" timeout="25" callerId="+1"><Number url="/w">+2</Number><Sip/>+3</Dial><Say>a</Say>'
    odd, step, *after = walked(dial)
    assert odd == Odd("12200", "Sip") and after == [Said("a")]
    assert step == Dialled(phones=(Rung("+2", "/w"),), action="/rung", caller_id="+1", timeout=25)
    assert walked("<Dial>+2</Dial>") == [Dialled(phones=(Rung("+2"),))]
    assert walked("<Dial>+2</Dial><Say>a</Say>", {0: "<Response/>"}) == [Dialled(phones=(Rung("+2"),))]


def test_a_message_is_recorded() -> None:
    record = (
        '<Record action="/r" maxLength="120" finishOnKey="#" transcribe="true" playBeep="false"/><Say>a</Say>'
    )
    step = Recorded(action="/r", longest=120, finish="#", transcribe=True, beep=False)
    assert walked(record) == [step, Said("a")]
    assert walked(record, {0: "<Response><Say>b</Say></Response>"}) == [step, Said("b")]


def test_a_rejected_call_and_the_first_document() -> None:
    assert walked("<Reject/><Say>a</Say>") == [Ended("no-answer")]
    assert walked('<Reject reason="busy"/>') == [Ended("busy")]
    steps = fetched("/incoming")
    assert next(steps) == Asked("/incoming")
    assert steps.send("<Response><Say>a</Say></Response>") == Said("a")
    assert mistake("<Response>") and not mistake("<Response/>")
