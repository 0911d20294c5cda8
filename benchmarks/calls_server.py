"""The bot of benchmarks/calls.py, in a process of its own: whole, on SQLite, at two in the morning.

Two hundred organisations of twelve contacts, one of whom calls; eight teams of ten engineers, five of whom are in the chain.
Every second caller has an open ticket. `full` has 2,000 open tickets and 10,000 calls of other nights in its rows besides,
`empty` has neither. On SIGTERM it says, as a
line of JSON, what each kind of request cost the writer's thread and what was logged.
"""

from __future__ import annotations

import asyncio
import collections
import datetime as dt
import json
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import uvloop

from bot.app.inbound import CallIn, CallReportIn, LegIn
from bot.app.rows import UnitOfWork
from bot.config import load
from bot.domain.events import Actor, By, How, TicketOpened
from bot.domain.evolve import evolve
from bot.domain.hotline import Call, Choice, End, Leg, Phase
from bot.domain.ids import Address, ChannelName, ContactId, OrganisationId, PersonId, TeamName, TicketId
from bot.domain.timers import Timer, TimerKind
from bot.wiring import PLUGINS, Standby, SystemClock, build
from storage import schema

CALLERS, CONTACTS, TEAMS, ENGINEERS, STEPS = 200, 2400, 8, 10, 5
OPEN, OLD = 2000, 10_000
NIGHT = dt.datetime(2026, 11, 24, 0, 0, tzinfo=dt.UTC)
"""02:00 on a Tuesday in Johannesburg."""
ENVIRON = {"SID": "AC" + "0" * 32, "TOKEN": "bench-token"}
PUBLIC, VOICE = "https://desk.example.com", "+14155550102"
CONFIG = """
[bot]
listen = "127.0.0.1:0"
public_url = "{public}"
policies = ["{policy}"]
[storage]
url = "sqlite:///{folder}/{name}.db"
[voice]
calls_at_once = 200
calls_per_caller = 100
[channels.slack]
mode = "http"
bot_token = "env:TOKEN"
signing_secret = "env:TOKEN"
api_url = "{vendor}/slack/"
[channels.twilio]
account_sid = "env:SID"
auth_token = "env:TOKEN"
api_url = "{vendor}"
whatsapp_from = "+14155550100"
sms_from = "+14155550101"
voice_from = "{voice}"
"""


def mobile(contact: int) -> str:
    return f"+2782{contact:07}"


def parts() -> Iterator[str]:
    """Teams, people, chains and customers. Half of the customers pay for a call-out and are asked first."""
    for team in range(TEAMS):
        yield f"""[[teams]]
name = "desk{team}"
policy = "managed-it"
slack_channel = "C{team}DESK"
chains = {{ emergency = "standby{team}" }}
[[chains]]
name = "standby{team}"
repeat = 0
steps = [{", ".join(f'{{ page = ["person:e{team}-{n}"], wait = "5m" }}' for n in range(STEPS))}]
"""
        for n in range(ENGINEERS):
            yield f"""[[people]]
id = "e{team}-{n}"
name = "Engineer {team}{n}"
roles = ["engineer"]
teams = ["desk{team}"]
timezone = "Africa/Johannesburg"
slack = "U{team}E{n}"
phones = ["+2711555{1000 + ENGINEERS * team + n}"]
"""
    each = CONTACTS // CALLERS
    for n in range(CALLERS):
        contacts = ", ".join(
            f'{{ id = "c{m}", name = "Contact {m}", email = "c{m}@acme.example", phones = ["{mobile(m)}"] }}'
            for m in range(each * n, each * (n + 1))
        )
        yield f"""[[organisations]]
id = "acme{n}"
name = "Acme {n}"
team = "desk{n % TEAMS}"
plan = "{"premium" if n % 4 < 2 else "standard"}"
language = "en"
timezone = "Africa/Johannesburg"
contacts = [{contacts}]
"""


def standby(folder: Path, name: str, vendor: str, log: Any) -> Standby:
    policy = Path(__file__).parents[1] / "policies" / "managed-it.toml"
    head = CONFIG.format(public=PUBLIC, policy=policy, folder=folder, name=name, vendor=vendor, voice=VOICE)
    path = folder / f"{name}.toml"
    path.write_text(head + "".join(parts()), "utf-8")
    config = load(path, PLUGINS, ENVIRON)
    schema.upgrade(config.storage_url)
    return build(config, clock=SystemClock(start=NIGHT), environ={}, log=log)


# ---------------------------------------------------------------- what other nights left
def callers() -> range:
    """The contacts who call."""
    return range(0, CONTACTS, CONTACTS // CALLERS)


def open_tickets(uow: UnitOfWork, it: Standby, contacts: Iterable[int]) -> None:
    """One each, with its opening in the log and a timer that is due tomorrow."""
    policy, at = it.bus.setup.directory.policies[0], NIGHT - dt.timedelta(days=1)
    for contact in contacts:
        opened = TicketOpened(
            ticket=uow.tickets.next_reference(policy.prefix),
            organisation=OrganisationId(f"acme{contact * CALLERS // CONTACTS}"),
            organisation_name="Acme",
            contact=ContactId(f"c{contact}"),
            contact_name=f"Contact {contact}",
            known=True,
            team=TeamName(f"desk{contact * CALLERS // CONTACTS % TEAMS}"),
            policy=policy.name,
            policy_version=policy.version,
            plan="premium",
            vip=False,
            severity="normal",
            how=How.GIVEN,
            text="The printer on the second floor prints nothing but empty pages",
            place=Address(channel=ChannelName("sms"), place=mobile(contact)),
            language="en",
            zone="Africa/Johannesburg",
            opened_by=Actor(by=By.CUSTOMER, id=f"c{contact}"),
        )
        uow.tickets.save(evolve(None, opened, at, policy))
        uow.log.append(opened.ticket, (opened,), at)
        later = Timer(ticket=opened.ticket, kind=TimerKind.MARK, due=NIGHT + dt.timedelta(days=1))
        uow.timers.replace(opened.ticket, (TimerKind.MARK,), (later,))


def old_call(n: int) -> Call:
    """Half of them of those who call tonight, fifty each from every second one, the last one hours ago; every tenth about
    an open ticket."""
    contact = callers()[n % CALLERS] if n % 2 else n % CONTACTS
    began = NIGHT - dt.timedelta(hours=3, minutes=3 * n)
    over, team = began + dt.timedelta(minutes=5), contact * CALLERS // CONTACTS % TEAMS
    legs = tuple(
        Leg(
            turn=k + 1, person=PersonId(f"e{team}-{k}"), number=f"+2711555{1000 + ENGINEERS * team + k}",
            began=began, ended=over, accepted=began if k else None,
        )
        for k in range(2)
    )  # fmt: skip
    ticket = f"MIT-{1001 + n % OPEN}" if n % 10 == 1 else f"OLD-{n}"
    return Call(
        id=f"CA{'f' * 8}{n:024x}", number=mobile(contact), began=began, heard=over, language="en",
        zone="Africa/Johannesburg", team=TeamName(f"desk{team}"), contact=ContactId(f"c{contact}"), known=True,
        phase=Phase.OVER, choice=Choice.EMERGENCY, turn=4, ticket=TicketId(ticket), legs=legs, seconds=240,
        ended=over, end=End.TALKED,
    )  # fmt: skip


def old_calls(uow: UnitOfWork) -> None:
    for n in range(OLD):
        uow.calls.save(old_call(n))


# ---------------------------------------------------------------- the process
class Spent:
    """CPU seconds of the writer's thread by what came in, the commit not in it; and how often what was logged."""

    def __init__(self) -> None:
        self.work: dict[str, list[float]] = collections.defaultdict(lambda: [0, 0.0])
        self.logged: collections.Counter[str] = collections.Counter()

    def log(self, event: str, /, **fields: object) -> None:
        self.logged[event if event != "not_answered" else f"{event}: {fields.get('error')}"] += 1

    def watch(self, it: Standby) -> None:
        take = it.bus._take

        def timed(uow: UnitOfWork, inbound: Any) -> Any:
            began = time.thread_time()
            try:
                return take(uow, inbound)
            finally:
                found = self.work[step_of(inbound)]
                found[0] += 1
                found[1] += time.thread_time() - began

        it.bus._take = timed  # type: ignore[method-assign]

    def told(self) -> str:
        return json.dumps({"work": self.work, "logged": self.logged})


def step_of(inbound: Any) -> str:
    if isinstance(inbound, CallIn):
        return str(inbound.heard)
    if isinstance(inbound, LegIn):
        return "accept" if inbound.digits else "whisper"
    return "over" if isinstance(inbound, CallReportIn) else type(inbound).__name__


async def main(name: str, folder: Path, vendor: str) -> None:
    spent = Spent()
    it = standby(folder, name, vendor, spent.log)
    it.store.transact(lambda uow: open_tickets(uow, it, callers()[::2]))
    if name == "full":
        others = [n for n in range(OPEN + CALLERS) if n not in callers()][:OPEN]
        it.store.transact(lambda uow: open_tickets(uow, it, others))
        it.store.transact(old_calls)
    spent.watch(it)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with it.running():
        print(f"http://127.0.0.1:{it.port}", flush=True)
        await stop.wait()
        print(spent.told(), flush=True)


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3]))
