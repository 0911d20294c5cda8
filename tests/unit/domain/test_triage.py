"""What the words of a first message sound like."""

from __future__ import annotations

import dataclasses

from bot.domain.triage import is_greeting, is_no, is_thanks, is_yes, propose
from tests.builders import policy

PROPOSED = {
    "The mail server is down": "emergency",
    "DOWN!!!": "emergency",
    "nobody can log in": "emergency",
    "My printer is slow": "normal",
    "please add a user": "low",
    "several people say it is slow": "high",  # one word each: the more urgent wins
    "The printer is slow and down": "normal",  # two words of one outweigh one of another
    "the download hangs": "normal",  # `down` is a word, not a part of one
    "It does something odd": "normal",  # none found: a plain problem
    "": "normal",
}


def test_the_words_propose_a_severity() -> None:
    assert {text: propose(text, policy()).id for text in PROPOSED} == PROPOSED


def test_a_vips_ticket_is_at_least_high() -> None:
    said = {"please add a user": "high", "slow": "high", "all is down": "emergency"}
    assert {text: propose(text, policy(), vip=True).id for text in said} == said


def test_a_vip_is_like_anyone_where_the_policy_says_nothing() -> None:
    assert propose("slow", policy(vip_at_least=None), vip=True).id == "normal"


def test_few_severities() -> None:
    all_of_them = policy().severities
    for kept, proposed in ((all_of_them[:1], "emergency"), (all_of_them[:2], "high")):
        few = policy(severities=kept, vip_at_least=None)
        assert propose("hm", few).id == proposed


def test_a_severity_without_words_is_proposed_by_none() -> None:
    mute = tuple(dataclasses.replace(s, words=()) for s in policy().severities)
    assert propose("everything is down", policy(severities=mute)).id == "normal"


GREETINGS = {
    "hi": True,
    "Good morning!": True,
    "Dzień dobry": True,
    "dzien dobry wszystkim": True,
    "Cześć!": True,
    "Dobry wieczór, Państwu": False,
    "Szanowni Państwo,": True,
    "dzień dobry, nie działa poczta": False,
    "Hello there team": True,
    "/start": True,
    "": True,
    "👋": True,
    "hi my printer is slow": False,
    "good good good good good": False,
    "help": False,
}


def test_greetings() -> None:
    assert {text: is_greeting(text) for text in GREETINGS} == GREETINGS


THANKS = {
    "Thanks!": True,
    "ok great, thank you so much": True,
    "it works now": True,
    "dziękuję": True,
    "Dziekuje bardzo za pomoc!": True,
    "super, już wszystko działa": True,
    "wszystko w porządku, pozdrawiam": True,
    "dzięki, ale nadal nie działa": False,
    "problem": False,
    "": True,
    "thanks but it is down again": False,
    "it does not work": False,
    "yes yes yes yes yes yes yes": False,
}


def test_thanks() -> None:
    assert {text: is_thanks(text) for text in THANKS} == THANKS


YES = ("yes", "Yes, please!", "OK.", "ok", "y", "agreed", "sure", "tak", "Tak, zgadzam się.", "zgoda", "zgadzam sie",
       "dobrze", "no tak", "Yes, call now", "yes call now", "Yes, that works", "Yes - please do so", "Tak! Dzwońcie")  # fmt: skip
NO = ("no", "No, thanks", "nope", "nie", "Nie!", "nie zgadzam się", "nie, dziękuję", "Nie zgadzam sie", "No, wait",
      "no wait", "No. Tomorrow is fine", "Nie, poczekamy do jutra")  # fmt: skip
NEITHER = ("", "?", "no problem", "not ok", "ok no", "tak, ale kiedy", "nie wiem", "please", "yes but call me first",
           "yes, but not now", "tak, ale nie teraz", "No, no problem")  # fmt: skip
TROUBLE = ("No internet at all", "no power here", "nie ma internetu", "Nie mamy prądu", "No one can work",
           "nie działa poczta", "No signal, no phones")  # fmt: skip
"""What somebody in trouble writes while they are asked whether an engineer may be called: no refusal."""


def test_yes_and_no() -> None:
    assert [t for t in YES if not is_yes(t) or is_no(t)] == []
    assert [t for t in NO if is_yes(t) or not is_no(t)] == []
    assert [t for t in NEITHER + TROUBLE if is_yes(t) or is_no(t)] == []
