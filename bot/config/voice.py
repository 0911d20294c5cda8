"""Calls: [voice], and whether the phones in the file are numbers that Standby dials."""

from __future__ import annotations

from collections.abc import Iterator

from bot.config.document import Document
from bot.config.problems import Report
from bot.config.schema import Voice
from bot.domain.dialling import FOREIGN, INVALID, OWN, PREMIUM, WORLD, country, refusal
from bot.domain.hotline import Hotline

NUMBERS = ("voice_from", "sms_from", "whatsapp_from")
"""The settings of a channel that hold a number of ours."""


def build_hotline(document: Document) -> Hotline:
    """What calls go by. `countries`, where the file does not say, are those of its phones, people's first."""
    voice = document.voice or Voice()
    listed = [phone for _, phone in _phones(document)]
    voices = [number for key, number in _ours(document) if key.endswith("voice_from")]
    found = [code for number in (*listed, *voices) if (code := country(number)) not in ("", WORLD)]
    return Hotline(
        countries=tuple(dict.fromkeys(voice.countries or found)),
        own=frozenset(number for _, number in _ours(document)),
        listed=frozenset(listed),
        per_caller=voice.calls_per_caller,
        at_once=voice.calls_at_once,
        greeting=voice.greeting,
    )


def check(document: Document, report: Report) -> None:
    """Every phone may be dialled; and there is a number to call where it is said how calls are taken."""
    hotline = build_hotline(document)
    for at, phone in _phones(document):
        if why := refusal(phone, hotline):
            report.add(at, _sentence(why, phone, document), phone)
    if "voice" in document.raw and not any(key.endswith("voice_from") for key, _ in _ours(document)):
        report.warn("voice", "nobody can call: no channel has a voice_from")


def _sentence(why: str, phone: str, document: Document) -> str:
    where = country(phone)
    if why == FOREIGN and where == WORLD:
        why = WORLD
    if why == OWN:
        return f"is our own number ({next(key for key, number in _ours(document) if number == phone)})"
    return {
        PREMIUM: "is a premium-rate or shared-cost number; Standby never dials those",
        WORLD: "is a number of a satellite or another international network; Standby never dials those",
        FOREIGN: f"is a number of {where}, which [voice] countries does not name; add it there if that is right",
        INVALID: "is not a number of a person's phone, so Standby can't call it",
    }[why]


def _ours(document: Document) -> Iterator[tuple[str, str]]:
    """Our numbers, each with its dotted key."""
    for name, settings in document.channels.items():
        for key in NUMBERS:
            if number := getattr(settings, key, None):
                yield f"channels.{name}.{key}", number


def _phones(document: Document) -> Iterator[tuple[str, str]]:
    """People's and contacts' phones, each with its dotted key."""
    contacts = [contact for organisation in document.organisations for contact in organisation.parts]
    for entry in (*document.people, *contacts):
        for index, phone in enumerate(entry.value.phones):
            yield f"{entry.at}.phones[{index}]", phone
