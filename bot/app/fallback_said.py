"""The documents that answer calls while Standby is down, for the operator at a terminal: what to do with them, and what is
wrong with them."""

from __future__ import annotations

import dataclasses

from bot.app.fallback_check import Problem

COMMAND = "standby doctor --voice-fallback"
LINE, SCREEN, ACCEPT = "line.xml", "screen.xml", "accept.xml"
ACCEPT_URL = "ACCEPT_URL"
"""What stands in the document SCREEN where nobody knows yet which address ACCEPT got."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Fallback:
    """The documents by file name, whom they dial, and what to enter for the number. `screened`: is it known where the
    other two documents are?"""

    documents: dict[str, str]
    numbers: tuple[str, ...]
    voice_url: str
    status_url: str
    fallback_url: str
    screen_url: str
    screened: bool


_SAID = {
    "nobody": "the emergency line dials nobody. Paste a new document: {command}",
    "stranger": "the emergency line dials {text}, which is nobody's phone here. Paste a new document: {command}",
    "first": "the emergency line dials others first than {people}, whose turn it is. Paste a new document: {command}",
    "screen": "whoever picks up is not asked for a key at channels.twilio.voice_screen_url. Paste a new document: {command}",
    "away": "channels.twilio.voice_fallback_url can't be reached. Look at it in the vendor's console.",
    "refused": "channels.twilio.voice_fallback_url answers {text}. Look at it, and at channels.twilio.auth_token.",
    "odd": "what is at channels.twilio.voice_fallback_url is no TwiML document. Paste it again: {command}",
}


def said_of(problem: Problem) -> str:
    """For the operator."""
    people = " and ".join(problem.people) or "anybody"
    return _SAID[problem.what].format(text=problem.text, people=people, command=COMMAND)


def steps(made: Fallback, folder: str) -> list[str]:
    """What a person does in the vendor's console, in order."""
    line = f"Paste {folder}{LINE} into "
    line += f"the TwiML Bin at {made.fallback_url}." if made.fallback_url else "another new TwiML Bin."
    steps = [line]
    if not made.screened:
        steps = [
            f"In Twilio's console, under TwiML Bins, create one from {folder}{ACCEPT}.",
            f"Create another from {folder}{SCREEN}, with the address of the first in place of {ACCEPT_URL}.",
            f"Set channels.twilio.voice_screen_url to its address, and run {COMMAND} again for the next {LINE}.",
            *steps,
        ]
    if not made.fallback_url:
        steps.append("Set channels.twilio.voice_fallback_url to its address.")
    number = (
        'The voice number, "A call comes in": Webhook, HTTP POST',
        f"  URL                    {made.voice_url}",
        f"  Primary handler fails  {made.fallback_url or f'the TwiML Bin of {LINE}'}",
        f"  Call status changes    {made.status_url}",
    )
    steps += ["\n".join(number), "Restart Standby if you changed the configuration, then run: standby doctor"]
    dialled_now = f"Dialled in this order: {', '.join(made.numbers)}"
    return [dialled_now, *(f"{n}. {step}" for n, step in enumerate(steps, 1))]
