"""What a ticket-opening webhook costs, beside slack-bolt's own no-op listener behind the same server, in one run.

The ticket: a signed Twilio form, one durable SQLite transaction (WAL, FULL), about ten rows. Printed as CPU per request
of the serving process, user and system, of all its threads, as the scheduler counts it; the client's share is not in
it. Gate: 3 times bolt's no-op.

The server is saturated: sixteen connections ask again as soon as they are answered, so it is never idle, and those
that wait share a commit. That is the case in which CPU is what there is too little of. A message that comes alone pays
for a whole commit, some 200 us more, while the processor has nothing else to do.

Other jobs move the numbers by a third from one second to the next. So the two take short turns, each turn gives a ratio
of neighbours, and the median ratio counts. The second line cuts the way of a ticket short at four places: the server and
the guard alone, with the signature and parsing, with an empty unit of work on the writer's thread (all saturated, over
HTTP), and the unit of work and its sixteenth of a commit (in this process, undisturbed). What these do not explain is
called "sharing": two threads on one interpreter and its caches.
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
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from benchmarks.webhook_server import opening_cost

ROOT = Path(__file__).parents[1]
SECRET, SID, TOKEN = "bench-secret", "AC" + "0" * 32, "bench-token"
PUBLIC, GATE, REQUESTS, ROUNDS, CONNECTIONS = "https://desk.example.com", 3.0, 300, 17, 16
CUTS = ("/parts/nothing", "/parts/signed", "/parts/hopped")

Request = tuple[str, dict[str, str], bytes]


def cpu_seconds(pid: int) -> float:
    """Time on a processor of all threads so far, as the scheduler counts it: /proc/pid/stat counts ticks of 10 ms,
    and whatever sleeps on the disk between two of them is charged for more than it used."""
    tasks = Path(f"/proc/{pid}/task")
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks.iterdir()) / 1e9


def slack_requests() -> list[Request]:
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


def ticket_requests(offset: int, path: str = "/twilio/messages") -> list[Request]:
    """Signed WhatsApp messages, each of which opens a ticket (where the path is the real one)."""
    validator, made = RequestValidator(TOKEN), []
    for n in range(REQUESTS):
        sid = f"SM{offset + n:032x}"
        params = {
            "SmsMessageSid": sid, "NumMedia": "0", "ProfileName": "Thandi", "SmsSid": sid, "WaId": "27115550100",
            "SmsStatus": "received", "Body": "Our mail server is down, nobody can work",
            "To": "whatsapp:+14155550100", "NumSegments": "1", "MessageSid": sid, "AccountSid": SID,
            "From": f"whatsapp:+2711{5550100 + offset + n}", "ApiVersion": "2010-04-01",
        }  # fmt: skip
        signature = validator.compute_signature(PUBLIC + path, params)
        headers = {"content-type": "application/x-www-form-urlencoded", "x-twilio-signature": signature}
        made.append((path, headers, urlencode(params).encode()))
    return made


async def fire(url: str, requests: list[Request]) -> None:
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

    def measure(self, requests: list[Request]) -> float:
        """CPU microseconds per request."""
        before = cpu_seconds(self.process.pid)
        asyncio.run(fire(self.url, requests))
        return (cpu_seconds(self.process.pid) - before) / len(requests) * 1e6

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


def turns(bolt: Server, desk: Server) -> dict[str, list[float]]:
    """CPU of bolt's no-op, of a ticket, and of a ticket cut short, in turns."""
    bolt.measure(slack_requests())
    desk.measure(ticket_requests(ROUNDS * REQUESTS))
    took: dict[str, list[float]] = {name: [] for name in ("bolt", "ticket", *CUTS)}
    for n in range(ROUNDS):
        took["bolt"].append(bolt.measure(slack_requests()))
        took["ticket"].append(desk.measure(ticket_requests(n * REQUESTS)))
        for path in CUTS:
            took[path].append(desk.measure(ticket_requests(0, path)))
    return took


def parts(middle: dict[str, float], alone: dict[str, float]) -> dict[str, float]:
    """What each further step of a ticket's way adds."""
    nothing, signed, hopped = (middle[path] for path in CUTS)
    told = {
        "server and guard": nothing,
        "signature and parsing": signed - nothing,
        "thread hop": hopped - signed,
    }
    told |= alone
    return told | {"sharing": middle["ticket"] - sum(told.values())}


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        bolt, desk = Server("bolt", folder), Server("standby", folder)
        try:
            took = turns(bolt, desk)
        finally:
            bolt.stop()
            desk.stop()
        alone = opening_cost(folder)
    middle = {name: statistics.median(values) for name, values in took.items()}
    ratios = sorted(ticket / noop for ticket, noop in zip(took["ticket"], took["bolt"], strict=True))
    ratio = statistics.median(ratios)
    print(
        f"ticket-opening webhook: {ratio:.2f} x slack-bolt's no-op ({middle['ticket']:.0f} us CPU / "
        f"{middle['bolt']:.0f} us; half of the turns {ratios[len(ratios) // 4]:.2f} to "
        f"{ratios[-1 - len(ratios) // 4]:.2f}); at most {GATE}"
    )
    print("  of which, us: " + ", ".join(f"{name} {us:.0f}" for name, us in parts(middle, alone).items()))
    return 0 if ratio <= GATE else 1


if __name__ == "__main__":
    raise SystemExit(main())
