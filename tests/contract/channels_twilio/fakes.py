"""A world for the adapter, and Twilio's side of a webhook."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any, cast
from urllib.parse import urlencode

from bot.app.inbound import Inbound
from bot.app.ports import Facts, Outcome, Overloaded, Random
from bot.domain.grammar import Action
from bot.domain.ids import Address, ChannelName, TicketId
from bot.domain.message import Choice, Message, Part
from bot.domain.script import Hear, Script, Verb
from channels.adapter import World, opens_nothing

PUBLIC = "https://desk.example.com"
ACCOUNT = "AC" + "0" * 32
TOKEN = "playground-twilio-auth-token"
OTHER_TOKEN = "the-one-we-rotate-to"
SID = "SM" + "1" * 32
CALL_SID = "CA" + "1" * 32
VOICE = "+14155550102"
THANDI = "+27115550100"
OURS = "+14155550100"
NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


class StillClock:
    """Says what the test says."""

    def __init__(self, now: dt.datetime = NOW) -> None:
        self.at = now

    def now(self) -> dt.datetime:
        return self.at

    def real_seconds_until(self, at: dt.datetime) -> float:
        return max((at - self.at).total_seconds(), 0.0)


class Standing:
    """Who would be called if all else failed."""

    def __init__(self) -> None:
        self.numbers: tuple[str, ...] = ("+27115550101", "+27115550102")

    def standby_numbers(self, now: dt.datetime) -> tuple[str, ...]:
        return self.numbers


class Desk:
    """Takes everything in and keeps it."""

    def __init__(self) -> None:
        self.received: list[Inbound] = []
        self.counted: Counter[tuple[str, str]] = Counter()
        self.overloaded = False
        self.reply: Message | None = None
        self.script: Script | None = None
        self.facts = Standing()
        self.opens: Callable[[str, str], Awaitable[bool]] = opens_nothing
        self.clock = StillClock()

    async def receive(self, inbound: Inbound) -> Outcome:
        if self.overloaded:
            raise Overloaded
        self.received.append(inbound)
        fresh = sum(i.external_id == inbound.external_id for i in self.received) == 1
        return Outcome(fresh=fresh, reply=self.reply if fresh else None, script=self.script)

    def count(self, name: str, label: str) -> None:
        self.counted[name, label] += 1

    def world(self, public_url: str = PUBLIC) -> World:
        return World(
            receive=self.receive,
            facts=cast(Facts, self.facts),
            clock=self.clock,
            random=cast(Random, None),
            public_url=public_url,
            count=self.count,
            opens_recording=lambda key, recording: self.opens(key, recording),
        )


def config(**changes: Any) -> dict[str, Any]:
    """The section as it comes from config.toml."""
    return {
        "account_sid": ACCOUNT,
        "auth_token": TOKEN,
        "second_auth_token": OTHER_TOKEN,
        "whatsapp_from": OURS,
        "sms_from": "+14155550101",
        "voice_from": VOICE,
        "templates": {"update": "HX" + "a" * 32, "page": "HX" + "b" * 32},
    } | changes


def inbound_params(body: str = "our mail server is down", **changes: str) -> dict[str, str]:
    """What Twilio sends for a WhatsApp message."""
    return {
        "SmsMessageSid": SID,
        "NumMedia": "0",
        "ProfileName": "Thandi",
        "WaId": THANDI[1:],
        "SmsSid": SID,
        "SmsStatus": "received",
        "Body": body,
        "To": f"whatsapp:{OURS}",
        "NumSegments": "1",
        "MessageSid": SID,
        "AccountSid": ACCOUNT,
        "From": f"whatsapp:{THANDI}",
        "ApiVersion": "2010-04-01",
    } | changes


def key_params(**changes: str) -> dict[str, str]:
    """What Twilio sends when a key was pressed."""
    return {
        "AccountSid": ACCOUNT,
        "ApiVersion": "2010-04-01",
        "CallSid": CALL_SID,
        "CallStatus": "in-progress",
        "Called": THANDI,
        "Caller": VOICE,
        "Digits": "1",
        "Direction": "outbound-api",
        "FinishedOnKey": "",
        "From": VOICE,
        "To": THANDI,
        "msg": "Gather End",
    } | changes


LEG_SID = "CA" + "2" * 32
RECORDING = "RE" + "3" * 32
ENGINEER = "+27115550199"


def call_params(**changes: str) -> dict[str, str]:
    """What Twilio sends of a call to our number."""
    return {
        "AccountSid": ACCOUNT,
        "ApiVersion": "2010-04-01",
        "CallSid": CALL_SID,
        "CallStatus": "in-progress",
        "Called": VOICE,
        "Caller": THANDI,
        "Direction": "inbound",
        "From": THANDI,
        "To": VOICE,
    } | changes


def leg_params(**changes: str) -> dict[str, str]:
    """What Twilio sends of the phone that is rung for that call."""
    leg = {"CallSid": LEG_SID, "ParentCallSid": CALL_SID, "Direction": "outbound-dial"}
    return call_params(**leg | {"From": VOICE, "Caller": VOICE, "To": ENGINEER, "Called": ENGINEER} | changes)


def scripted(verb: Verb | None = None, *say: str, **changes: Any) -> Script:
    whole = {"call": CALL_SID, "turn": 3, "language": "en", "say": say, "verb": verb or Hear()}
    return Script(**whole | changes)


def sign(url: str, params: dict[str, str], token: str = TOKEN) -> str:
    """X-Twilio-Signature, written here from Twilio's description and not with the SDK."""
    text = url + "".join(name + params[name] for name in sorted(params))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()


def form(params: dict[str, str]) -> bytes:
    return urlencode(params).encode()


def choices(count: int, ticket: str = "MIT-1042") -> tuple[Choice, ...]:
    names = [
        "Emergency",
        "High",
        "Normal",
        "Low",
        "Fifth",
        "Sixth",
        "Seventh",
        "Eighth",
        "Ninth",
        "Tenth",
        "11",
    ]
    return tuple(
        Choice(
            id=str(Action(verb="severity", ticket=TicketId(ticket), value=name.lower())),
            label=name,
        )
        for name in names[:count]
    )


def question(words: str, *labels: str, verb: str = "cat") -> Message:
    """As the bot asks: the choices stand numbered in the text already."""
    lines = "\n".join(f"{n} {label}" for n, label in enumerate(labels, 1))
    choices = tuple(
        Choice(id=str(Action(verb=verb, ticket=TicketId("MIT-1042"), value=str(n))), label=label)
        for n, label in enumerate(labels, 1)
    )
    return says(f"{words}\n{lines}", choices=choices, digits=True)


def says(text: str, **changes: Any) -> Message:
    return Message(parts=(Part(text=text),), **changes)


def at(channel: str, number: str = THANDI) -> Address:
    return Address(channel=ChannelName(channel), place=number)
