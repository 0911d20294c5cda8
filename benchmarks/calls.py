"""Two hundred emergency calls at once: how long each of Twilio's webhooks takes, and what it costs.

All of them ring within two seconds. Each hears the menu, presses 2, says whether it is about an open ticket, agrees to the
charge where there is one, waits while a first phone is not answered, talks to the second engineer and hangs up: some ten
webhooks, each signed, over HTTP, against the whole bot with its ticker and its lanes; what it sends (messages, cards, pages)
goes to vendors that take 50 ms. The callers and those vendors are this process, the bot is another.

It is done twice: with next to nothing in the rows, then with 2,000 open tickets and 10,000 calls of other nights. What a missing index
or a scan costs shows as the ratio of the two.

Limits: 250 ms for the 99th percentile (Twilio waits 15 s), CPU a webhook, that ratio; and every call ends as a talk.
The bot's CPU is that of all its threads, its messages included, as the scheduler counts it. "This machine" is how much later than
asked a sleep of 5 ms ends in the process of the callers: what it says of a webhook's time is not the bot's.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import uvloop

from benchmarks.calls_server import CALLERS, OLD, OPEN, old_call
from benchmarks.calls_vendor import Caller, Seen, Sink
from benchmarks.webhook import ROOT, cpu_seconds
from bot.app.rows import UnitOfWork
from bot.domain.hotline import End
from storage.engine import open_store

GATE_P99, GATE_CPU, GATE_RATIO = 0.250, 12e-3, 1.3


@dataclasses.dataclass(frozen=True, kw_only=True)
class Night:
    """What came of one run."""

    name: str
    seen: Seen
    sent: Counter[str]
    late: Sequence[float]
    cpu: float
    loop: float
    lasted: float
    work: dict[str, tuple[int, float]]
    logged: dict[str, int]
    ends: Counter[str]

    @property
    def webhooks(self) -> int:
        return len(self.seen.all)

    @property
    def p99(self) -> float:
        return share(self.seen.all, 0.99)

    @property
    def each(self) -> float:
        """CPU seconds a webhook, with all that it caused."""
        return self.cpu / self.webhooks

    @property
    def alone(self) -> float:
        """CPU seconds a webhook on the writer's thread."""
        return sum(seconds for _, seconds in self.work.values()) / self.webhooks


def share(values: Sequence[float], part: float) -> float:
    return sorted(values)[int(len(values) * part)]


def spread(values: Sequence[float]) -> str:
    p50, p99, most = share(values, 0.5), share(values, 0.99), max(values)
    return f"p50 {p50 * 1e3:.1f}, p99 {p99 * 1e3:.1f}, max {most * 1e3:.1f} ms"


async def lateness(late: list[float]) -> None:
    """How late a sleep ends here."""
    while True:
        began = time.perf_counter()
        await asyncio.sleep(0.005)
        late.append(time.perf_counter() - began - 0.005)


async def night(name: str, folder: Path) -> Night:
    sink, seen, late = Sink(), Seen(), list[float]()
    vendor = await sink.start()
    bot = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.calls_server", name, str(folder), vendor,
        cwd=ROOT, env={k: v for k, v in os.environ.items() if "proxy" not in k.lower()}, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert bot.stdout is not None
    try:
        url = (await bot.stdout.readline()).decode().strip()
        if not url:
            raise SystemExit("the bot did not start")
        callers = [Caller(n, url, seen) for n in range(CALLERS)]
        noise = asyncio.create_task(lateness(late))
        before, loop, began = cpu_seconds(bot.pid), loop_seconds(bot.pid), time.perf_counter()
        await asyncio.gather(*(caller.call() for caller in callers))
        cpu, loop = cpu_seconds(bot.pid) - before, loop_seconds(bot.pid) - loop
        lasted = time.perf_counter() - began
        noise.cancel()
        bot.send_signal(signal.SIGTERM)
        told = json.loads(await bot.stdout.readline())
        await bot.wait()
    finally:
        if bot.returncode is None:
            bot.kill()
    ends = ended(folder / f"{name}.db", [caller.sid for caller in callers])
    return Night(
        name=name, seen=seen, sent=sink.taken, late=late, cpu=cpu, loop=loop, lasted=lasted, ends=ends, **told
    )  # fmt: skip


def loop_seconds(pid: int) -> float:
    """Of the process's first thread: its event loop."""
    return int(Path(f"/proc/{pid}/task/{pid}/schedstat").read_text().split()[0]) / 1e9


def ended(file: Path, sids: Sequence[str]) -> Counter[str]:
    """How the calls ended, as the rows say."""
    store = open_store(f"sqlite:///{file}")
    calls = store.transact(lambda uow: [uow.calls.get(sid) for sid in sids])
    store.close()
    return Counter(str(call.end if call else "missing") for call in calls)


def cost_of_live(file: Path) -> float:
    """CPU seconds of `uow.calls.live()` with two hundred that go on, as at every ring."""
    store = open_store(f"sqlite:///{file}")

    def save(uow: UnitOfWork) -> None:
        for n in range(CALLERS):
            uow.calls.save(dataclasses.replace(old_call(n), id=f"CA{n + CALLERS:032x}", ended=None, end=None))

    def load(uow: UnitOfWork) -> list[float]:
        took = []
        for _ in range(20):
            began = time.thread_time()
            assert len(uow.calls.live()) == CALLERS
            took.append(time.thread_time() - began)
        return took

    store.transact(save)
    took = store.transact(load)
    store.close()
    return statistics.median(took)


def show(it: Night) -> None:
    slow = ", ".join(f"{step} {share(took, 0.99) * 1e3:.0f}" for step, took in it.seen.took.items())
    cost = ", ".join(f"{step} {seconds / n * 1e3:.2f}" for step, (n, seconds) in it.work.items() if n >= 20)
    print(
        f"{CALLERS} emergency calls, {it.name}: {spread(it.seen.all)} of {it.webhooks} webhooks in {it.lasted:.0f} s"
    )
    print(f"  at most {it.seen.most} at once; p99 by step, ms: {slow}; this machine: {spread(it.late)}")
    print(
        f"  CPU a webhook {it.each * 1e3:.2f} ms, with {it.sent.total() / it.webhooks:.1f} messages each "
        f"({it.cpu / it.lasted:.0%} of a core, {it.loop / it.cpu:.0%} of that the event loop); "
        f"its unit of work alone {it.alone * 1e3:.2f} ms: {cost}"
    )
    print(f"  ended: {dict(it.ends)}; trouble: {dict(it.seen.trouble) or 'none'}; logged: {it.logged}")


def held(nights: Sequence[Night], ratio: float) -> bool:
    fine = [
        it.p99 < GATE_P99
        and it.each < GATE_CPU
        and it.ends == {str(End.TALKED): CALLERS}
        and not it.seen.trouble
        for it in nights
    ]
    return all(fine) and ratio < GATE_RATIO


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        nights = [uvloop.run(night(name, Path(folder))) for name in ("empty", "full")]
        live = cost_of_live(Path(folder) / "full.db")
    empty, full = nights
    ratio = full.alone / empty.alone
    for it in nights:
        show(it)
    print(
        f"  with {OPEN} open tickets and {OLD} old calls a unit of work costs {ratio:.2f} x as much; at most {GATE_RATIO}"
    )
    print(f"  loading the {CALLERS} calls that go on: {live * 1e3:.2f} ms of CPU")
    print(
        f"  limits: p99 {GATE_P99 * 1e3:.0f} ms: {full.p99 / GATE_P99:.2f} of it; "
        f"CPU {GATE_CPU * 1e3:.0f} ms: {full.each / GATE_CPU:.2f} of it"
    )
    return 0 if held(nights, ratio) else 1


if __name__ == "__main__":
    raise SystemExit(main())
