"""The demo: the stand-ins and the bot stay up, on a fast clock, and whoever sits at the terminal plays the people."""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import Any

from bot.demo import stage as st
from bot.demo.transcript import line
from bot.terminal import typed_lines
from playground.twilio.people import answers, leaves_message

HELP = """
You play the people. Type a line:
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
"""
THANDI_CALLS = leaves_message(10, "Nobody can work, please call me back", presses="21", ends="#")
"""2 is the emergency line; 1, where she is asked, the ticket that she has already."""


async def show(speed: float) -> int:
    """Runs until `q`, Ctrl-C or SIGTERM."""
    stop = asyncio.Event()
    for sig in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sig, stop.set)
    async with st.raised(speed=speed, start=st.NIGHT, log=_only_trouble, port=0) as stage:
        _welcome(stage, speed)
        printing = asyncio.create_task(_print(stage))
        typing = asyncio.create_task(_typing(stage, stop))
        await stop.wait()
        for task in (printing, typing):
            task.cancel()
        await asyncio.gather(printing, typing, return_exceptions=True)
    print("The demo has ended.")
    return 0


def _welcome(stage: st.Stage, speed: float) -> None:
    print(
        f"Standby is up, {speed:g} times faster than life; it is 02:00 in Johannesburg and Ada is on standby."
    )
    print("\nOpen:")
    print(f"  {stage.url}/readyz    can it page?")
    print(f"  {stage.url}/metrics   its counters")
    print("In another terminal, be the customer yourself:")
    print(f"  .venv/bin/standby chat --url {stage.url} --token {st.CONSOLE_TOKEN}")
    print(
        HELP if sys.stdin.isatty() else "\n(No terminal to type at: Ctrl-C or SIGTERM ends it.)", flush=True
    )


async def _print(stage: st.Stage) -> None:
    """Everything that people see, as it happens."""
    seen = 0
    while True:
        entry = await stage.playground.journal.wait_for(lambda e: True, timeout=10**8, after=seen)
        seen = entry.number + 1
        if (told := line(entry)) is not None:
            print(told, flush=True)


async def _typing(stage: st.Stage, stop: asyncio.Event) -> None:
    await _opening(stage)
    async for words in typed_lines():
        if words.strip() == "q":
            stop.set()
            return
        try:
            await _act(stage, words.strip())
        except (LookupError, ValueError, StopIteration) as error:
            print(f"  ({str(error) or 'nothing there yet'})")


async def _opening(stage: st.Stage) -> None:
    """So that there is something to see at once."""
    await stage.playground.twilio.whatsapp_says(
        st.THANDI, "Our mail server is down, nobody can work", to=st.WHATSAPP
    )


async def _act(stage: st.Stage, words: str) -> None:
    verb, _, rest = words.partition(" ")
    play = stage.playground
    if verb == "t":
        await play.twilio.whatsapp_says(st.THANDI, rest, to=st.WHATSAPP)
    elif verb in ("a", "g"):
        card = [e for e in play.journal.entries("slack", "message") if e.where == st.DESK and not e.thread][
            -1
        ]
        await play.slack.message(st.DESK, st.ADA if verb == "a" else st.GRACE, rest, card.id)
    elif verb == "ack":
        await _tap(play, st.GRACE if rest.lower().startswith("g") else st.ADA)
    elif verb == "call":
        await play.twilio.phones.call(st.THANDI_MOBILE, person=THANDI_CALLS)
    elif verb == "wake":
        phone = st.GRACE_PHONE if rest.lower().startswith("g") else st.ADA_PHONE
        play.twilio.phones.script(phone, answers("1", talks=60))
    elif verb == "/":
        await play.slack.command(st.ADA, st.DESK, "/standby", rest)
    elif verb == "+":
        stage.jump(minutes=float(rest or 5))
    else:
        print(HELP)


async def _tap(play: Any, person: str) -> None:
    page = [e for e in play.journal.entries("slack", "dm") if e.to == person][-1]
    action = next(a["action_id"] for b in page.raw["blocks"] if b["type"] == "actions" for a in b["elements"])
    await play.slack.press(person, page.where, page.id, action, stale=True)


def _only_trouble(event: str, /, **fields: Any) -> None:
    if event in ("task_died", "sending_broke", "inbound_failed", "channel_start_failed"):
        print(f"  ! {event} {fields}", file=sys.stderr)
