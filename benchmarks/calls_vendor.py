"""The vendors' side of benchmarks/calls.py: somebody's emergency call as Twilio tells of it, and whoever takes our messages."""

from __future__ import annotations

import asyncio
import dataclasses
import itertools
import json
import random
import re
import time
import xml.etree.ElementTree as ET
from collections import Counter, defaultdict
from urllib.parse import urlencode, urlsplit

from twilio.request_validator import RequestValidator

from benchmarks.calls_server import CALLERS, CONTACTS, ENVIRON, PUBLIC, VOICE, mobile

BURST, LATENCY = 2.0, 0.05
"""Seconds in which all of them ring; seconds that a vendor takes for one of our messages."""
KEYS = (
    ("In an emergency, press 2", "2"),
    ("For something new, press 0", "0"),
    ("a call-out is charged", "1"),
)
"""What a caller presses, by what they hear."""
_SIGNED = RequestValidator(ENVIRON["TOKEN"])


class Sink:
    """Answers what the bot asks of Slack and Twilio, and counts it."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self._numbers = itertools.count(1)

    async def start(self) -> str:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                path, body = await _read(reader)
                await asyncio.sleep(LATENCY)
                writer.write(_http("HTTP/1.1 200 OK", json.dumps(self._answer(path, body)).encode()))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def _answer(self, path: str, body: bytes) -> dict[str, object]:
        n, what = next(self._numbers), urlsplit(path).path.rpartition("/")[2]
        self.taken[what] += 1
        if not path.startswith("/slack/"):
            return {"sid": f"{'CA' if what == 'Calls.json' else 'SM'}{n:032x}", "status": "queued"}
        ts = f"1700000000.{n:06}"
        return {"ok": True, "ts": ts, "message_ts": ts, "user_id": "UBOT", "team_id": "T1", "bot_id": "B1",
                "channel": {"id": f"D{n}"} if what == "conversations.open" else _channel(body)}  # fmt: skip


def _channel(body: bytes) -> str:
    found = re.search(rb'"?channel"?[=:]\s*"?(\w+)', body)
    return found[1].decode() if found else "C0"


async def _read(reader: asyncio.StreamReader) -> tuple[str, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head.lower())
    body = await reader.readexactly(int(length[1])) if length else b""
    return head.split(b" ", 2)[1].decode(), body


def _http(first: str, body: bytes, *headers: str) -> bytes:
    lines = [first, *(headers or ("content-type: application/json",)), f"content-length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


@dataclasses.dataclass(kw_only=True)
class Seen:
    """What the callers went through: seconds of each webhook by its step, and what went wrong."""

    took: dict[str, list[float]] = dataclasses.field(default_factory=lambda: defaultdict(list))
    trouble: Counter[str] = dataclasses.field(default_factory=Counter)
    live: int = 0
    most: int = 0

    @property
    def all(self) -> list[float]:
        return sorted(itertools.chain.from_iterable(self.took.values()))


class Caller:
    """One call from its first ring to its end. Whose phone rings first does not pick up, has a voicemail, or passes the
    call on; the second presses 1. Everybody takes their time, from a few seconds up; a phone rings shorter than in life,
    so that the steps come closer together."""

    def __init__(self, n: int, url: str, seen: Seen) -> None:
        self.sid = f"CA{n:032x}"
        self._n, self._seen, self._random = n, seen, random.Random(n)
        self._number = mobile(n * (CONTACTS // CALLERS))
        self._url, self._rung = url, 0

    async def call(self) -> None:
        await self._takes(0, BURST)
        self._reader, self._writer = await asyncio.open_connection(
            *self._url.removeprefix("http://").split(":")
        )
        self._seen.live += 1
        self._seen.most = max(self._seen.most, self._seen.live)
        page = await self._asks("rang", f"{PUBLIC}/twilio/voice/incoming", CallStatus="ringing")
        while page.find("Hangup") is None:
            page = await self._next(page)
        await self._asks("over", f"{PUBLIC}/twilio/status", CallStatus="completed", CallDuration="40")
        self._seen.live -= 1
        self._writer.close()

    async def _next(self, page: ET.Element) -> ET.Element:
        gather, dial, redirect = page.find("Gather"), page.find("Dial"), page.find("Redirect")
        if gather is not None:
            await self._takes(2, 6)
            said = " ".join(gather.itertext())
            key = next((key for words, key in KEYS if words in said), "")
            return await self._asks("keys", gather.attrib["action"], Digits=key)
        if dial is not None:
            return await self._rings(dial)
        if redirect is None or not redirect.text or page.find("Record") is not None:
            raise SystemExit(f"this is no way for a call to go: {ET.tostring(page)!r}")
        self._seen.trouble["asked to wait a moment"] += 1
        await self._takes(1, 2)
        return await self._asks("waited", redirect.text)

    async def _rings(self, dial: ET.Element) -> ET.Element:
        number = dial.find("Number")
        assert number is not None and number.text
        self._rung += 1
        answers = "1" if self._rung > 1 else ("nobody", "", "2")[self._n % 3]
        talk = 0.0
        if answers != "nobody":
            talk = await self._picked_up(number, answers)
        else:
            await self._takes(3, 6)
        status = {"nobody": "no-answer"}.get(answers, "completed")
        return await self._asks(
            "leg over", dial.attrib["action"], DialCallStatus=status, DialCallDuration=str(round(talk))
        )

    async def _picked_up(self, number: ET.Element, key: str) -> float:
        """Seconds that they talked."""
        leg = {"CallSid": f"CA{self._rung:02x}{self.sid[4:]}", "ParentCallSid": self.sid, "From": VOICE,
               "To": number.text or "", "Direction": "outbound-dial"}  # fmt: skip
        await self._takes(2, 5)
        whisper = await self._asks("whisper", number.attrib["url"], **leg)
        gather = whisper.find("Gather")
        assert gather is not None, ET.tostring(whisper)
        await self._takes(2, 5)
        if not key:
            return 0
        answer = await self._asks("accept", gather.attrib["action"], **leg, Digits=key)
        if key == "1" and answer.find("Hangup") is not None:
            self._seen.trouble["pressed 1 and was not put through"] += 1
        if key == "1":
            await self._takes(4, 8)
        return 6 if key == "1" else 0

    async def _takes(self, least: float, most: float) -> None:
        await asyncio.sleep(self._random.uniform(least, most))

    async def _asks(self, step: str, url: str, **said: str) -> ET.Element:
        """One webhook, signed, as Twilio sends it."""
        url = url.partition("#")[0]
        params = {
            "CallSid": self.sid, "AccountSid": ENVIRON["SID"], "From": self._number, "To": VOICE, "Caller": self._number,
            "Called": VOICE, "CallStatus": "in-progress", "Direction": "inbound", "ApiVersion": "2010-04-01",
            "FromCountry": "ZA", "FromState": "", "FromCity": "", "FromZip": "", "ToCountry": "US", "ToState": "CA",
            "ToCity": "SAN FRANCISCO", "ToZip": "94101", "CallerCountry": "ZA", "CalledCountry": "US", **said,
        }  # fmt: skip
        parts = urlsplit(url)
        where = parts.path + (f"?{parts.query}" if parts.query else "")
        whole = _http(
            f"POST {where} HTTP/1.1", urlencode(params).encode(), f"host: {parts.netloc}",
            "content-type: application/x-www-form-urlencoded",
            f"x-twilio-signature: {_SIGNED.compute_signature(url, params)}",
        )  # fmt: skip
        began = time.perf_counter()
        self._writer.write(whole)
        status, body = await _read(self._reader)
        self._seen.took[step].append(time.perf_counter() - began)
        if status != "200":
            raise SystemExit(f"{step}: {status} {body[:300]!r}")
        return ET.fromstring(body)
