"""The demo: the page of the playground in a browser, and a terminal in which whoever sits there plays the people too."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import signal
import sys
from typing import Any

from bot.demo import stage as st
from bot.demo.browser import Page, shown
from bot.demo.casts import Colleague, Company
from bot.demo.controls import Demo
from bot.demo.hands import Hands
from bot.demo.passing import pass_until
from bot.demo.transcript import knows, line
from bot.terminal import typed_lines
from playground import Playground
from playground.twilio.people import answers, leaves_message

HELP = """
Or play the people here. Type a line:
  t TEXT    Thandi (the customer) writes on WhatsApp         t our mail server is down
  a TEXT    Ada writes in the newest ticket's thread         a looking into it
            (a line that starts with // stays inside)        a // the disk again
  g TEXT    Grace, the next engineer, does
  ack NAME  Ada or Grace taps Acknowledge on their page      ack grace
  / TEXT    Ada's slash command                              / status
  call      Thandi calls the emergency line; nobody wakes up, and she leaves a message
  wake NAME Ada or Grace picks up from now on, presses 1     wake grace
  + MIN     so many minutes pass at once                     + 5
  q         the end
Under another policy t, a and g are the first of its customers and engineers.
"""
THEY_CALL = leaves_message(10, "Nobody can work, please call me back", presses="21", ends="#")
"""2 is the emergency line; 1, where they are asked, the ticket that they have already."""


async def show(speed: float) -> int:
    """Runs until `q`, Ctrl-C or SIGTERM."""
    stop = asyncio.Event()
    for sig in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sig, stop.set)
    async with shown(speed=speed, log=_only_trouble) as page:
        _welcome(page)
        printing = asyncio.create_task(_print(page.demo))
        typing = asyncio.create_task(_typing(page.demo, stop))
        await stop.wait()
        for task in (printing, typing):
            task.cancel()
        await asyncio.gather(printing, typing, return_exceptions=True)
    print("The demo has ended.")
    return 0


def _welcome(page: Page) -> None:
    world = page.demo.world
    print("Standby is up. It is 02:00 in Johannesburg, and Ada is on standby.")
    print("\nOpen in a browser:")
    print(f"  {page.url}    everybody's phones, Slack, the clock, faults, five short stories")
    print("\nThe bot itself:")
    print(f"  {world.url}/readyz    can it page?")
    print(f"  {world.url}/metrics   its counters")
    print("In another terminal, be the customer yourself:")
    print(f"  .venv/bin/standby chat --url {world.url} --token {st.CONSOLE_TOKEN}")
    print(
        HELP if sys.stdin.isatty() else "\n(No terminal to type at: Ctrl-C or SIGTERM ends it.)", flush=True
    )


async def _print(demo: Demo) -> None:
    """Everything that people see, as it happens, whoever the people are by then."""
    while True:
        world = demo.world
        knows(world.company.zone, _names(world.company))
        printing = asyncio.create_task(_print_one(world.playground))
        try:
            changed = 0
            while demo.world is world:
                changed = await demo.changed(changed)
        finally:
            printing.cancel()
            await asyncio.gather(printing, return_exceptions=True)
        print(f"\n--- {demo.world.company.label}: everything begins anew", flush=True)


async def _print_one(playground: Playground) -> None:
    seen = 0
    while True:
        entry = await playground.journal.wait_for(lambda e: True, timeout=10**8, after=seen)
        seen = entry.number + 1
        if (told := line(entry)) is not None:
            print(told, flush=True)


def _names(company: Company) -> dict[str, str]:
    known = {
        identity: person.name for person, _ in company.people for identity in (person.phone, person.slack)
    }
    return known | {identity: c.name for c in company.colleagues for identity in (c.phone, c.slack)}


async def _typing(demo: Demo, stop: asyncio.Event) -> None:
    async for words in typed_lines():
        if words.strip() == "q":
            stop.set()
            return
        try:
            await _act(demo, words.strip())
        except (LookupError, ValueError, StopIteration) as error:
            print(f"  ({str(error) or 'nothing there yet'})")


async def _act(demo: Demo, words: str) -> None:
    verb, _, rest = words.partition(" ")
    world, hands = demo.world, Hands(demo.world)
    customer, (first, second, *_) = world.company.people[0][0], world.company.colleagues
    if verb == "t":
        said = hands.writes if customer.phone else hands.writes_in_slack
        await said(customer.id, rest)
    elif verb in ("a", "g"):
        await hands.answers_newest((first if verb == "a" else second).id, rest)
    elif verb == "ack":
        await hands.acknowledges(_whom(rest, first, second).id, "")
    elif verb == "call":
        await world.playground.twilio.phones.call(customer.phone, person=THEY_CALL)
    elif verb == "wake":
        world.playground.twilio.phones.script(_whom(rest, first, second).phone, answers("1", talks=60))
    elif verb == "/":
        await hands.commands(first.id, rest)
    elif verb == "+":
        await pass_until(world, world.clock.now() + dt.timedelta(minutes=float(rest or 5)))
    else:
        print(HELP)


def _whom(said: str, first: Colleague, second: Colleague) -> Colleague:
    return second if said.lower().startswith(second.name[0].lower()) else first


def _only_trouble(event: str, /, **fields: Any) -> None:
    with contextlib.suppress(BrokenPipeError):
        if event in ("task_died", "sending_broke", "inbound_failed", "channel_start_failed"):
            print(f"  ! {event} {fields}", file=sys.stderr)
