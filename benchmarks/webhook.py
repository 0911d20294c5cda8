"""What a ticket-opening webhook costs, beside slack-bolt's own no-op listener behind the same server, in one run.

The ticket: a signed Twilio form, one durable SQLite transaction (WAL, FULL), about ten rows. Printed as CPU per request
of the serving process, user and system, read from /proc; the client's share is not in it. Gate: 3 times bolt's no-op.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
SECRET, SID, TOKEN = "bench-secret", "AC" + "0" * 32, "bench-token"
PUBLIC, GATE, REQUESTS, ROUNDS, CONNECTIONS = "https://desk.example.com", 3.0, 1500, 3, 16


def cpu_seconds(pid: int) -> float:
    """Time on a processor of all threads so far, as the scheduler counts it: /proc/pid/stat counts ticks of 10 ms,
    and whatever sleeps on the disk between two of them is charged for more than it used."""
    tasks = Path(f"/proc/{pid}/task")
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks.iterdir()) / 1e9


def slack_requests() -> list[tuple[str, dict[str, str], bytes]]:
    """Signed message events, each with its own id."""
    made = []
    for n in range(REQUESTS):
        event = {
            "type": "message",
            "channel": "D1",
            "channel_type": "im",
            "user": "U1",
            "text": "hello",
            "ts": f"{n}.1",
        }
        body = json.dumps(
            {
                "type": "event_callback",
                "team_id": "T1",
                "api_app_id": "A1",
                "event_id": f"Ev{n}",
                "event": event,
            }
        ).encode()
        stamp = str(int(time.time()))
        signature = hmac.new(SECRET.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
        headers = {
            "content-type": "application/json",
            "x-slack-request-timestamp": stamp,
            "x-slack-signature": f"v0={signature}",
        }
        made.append(("/slack/events", headers, body))
    return made


def ticket_requests(offset: int) -> list[tuple[str, dict[str, str], bytes]]:
    """Signed WhatsApp messages, each of which opens a ticket."""
    validator, made = RequestValidator(TOKEN), []
    for n in range(REQUESTS):
        sid = f"SM{offset + n:032x}"
        params = {
            "SmsMessageSid": sid, "NumMedia": "0", "ProfileName": "Thandi", "SmsSid": sid, "WaId": "27115550100",
            "SmsStatus": "received", "Body": "Our mail server is down, nobody can work",
            "To": "whatsapp:+14155550100", "NumSegments": "1", "MessageSid": sid, "AccountSid": SID,
            "From": f"whatsapp:+2711{5550100 + offset + n}", "ApiVersion": "2010-04-01",
        }  # fmt: skip
        signature = validator.compute_signature(PUBLIC + "/twilio/messages", params)
        headers = {"content-type": "application/x-www-form-urlencoded", "x-twilio-signature": signature}
        made.append(("/twilio/messages", headers, urlencode(params).encode()))
    return made


async def fire(url: str, requests: list[tuple[str, dict[str, str], bytes]]) -> None:
    """Sixteen kept-alive connections, each asking as fast as it is answered, on bare sockets: the client is to cost
    little, so that the server is what is busy. Anything but a 200 ends the run."""
    host, port = url.removeprefix("http://").split(":")
    queue = iter([_as_bytes(host, *request) for request in requests])

    async def worker() -> None:
        reader, writer = await asyncio.open_connection(host, int(port))
        for whole in queue:
            writer.write(whole)
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", head.lower())
            body = await reader.readexactly(int(length[1])) if length else b""
            if not head.startswith(b"HTTP/1.1 200"):
                raise SystemExit(f"{head!r} {body[:200]!r}")
        writer.close()
        await writer.wait_closed()

    await asyncio.gather(*(worker() for _ in range(CONNECTIONS)))


def _as_bytes(host: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
    lines = [f"POST {path} HTTP/1.1", f"host: {host}", f"content-length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Server:
    """One of the two servers, in a process of its own."""

    def __init__(self, which: str, folder: str) -> None:
        env = {k: v for k, v in os.environ.items() if "proxy" not in k.lower()}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.webhook_server", which, folder],
            cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()
        if not self.url:
            raise SystemExit(f"the {which} server did not start")

    def measure(self, requests: list[tuple[str, dict[str, str], bytes]]) -> float:
        """CPU microseconds per request."""
        before = cpu_seconds(self.process.pid)
        asyncio.run(fire(self.url, requests))
        return (cpu_seconds(self.process.pid) - before) / len(requests) * 1e6

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


def parts(folder: str) -> dict[str, float]:
    """The unit of work alone, in this process."""
    from benchmarks.webhook_server import opening_cost

    return opening_cost(folder)


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        bolt, desk = Server("bolt", folder), Server("standby", folder)
        try:
            bolt.measure(slack_requests()[:300])
            desk.measure(ticket_requests(ROUNDS * REQUESTS)[:300])
            rounds: list[tuple[float, float]] = []
            for n in range(ROUNDS):
                rounds.append((bolt.measure(slack_requests()), desk.measure(ticket_requests(n * REQUESTS))))
        finally:
            bolt.stop()
            desk.stop()
        inside: dict[str, Any] = parts(folder)
    noop = statistics.median(r[0] for r in rounds)
    ticket = statistics.median(r[1] for r in rounds)
    ratio = ticket / noop
    told = ", ".join(f"{name} {value:.0f}" for name, value in inside.items())
    print(
        f"ticket-opening webhook: {ticket:.0f} us CPU = {ratio:.2f} x slack-bolt's no-op ({noop:.0f} us); at most {GATE}"
    )
    print(f"  of which, us: {told}, server and rest {ticket - sum(inside.values()):.0f}")
    return 0 if ratio <= GATE else 1


if __name__ == "__main__":
    raise SystemExit(main())
