"""The stories that check themselves: each step waits until it is seen at the stand-ins, or the story fails."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from bot.demo import call, emergency
from bot.demo import stage as st
from bot.demo.teller import NotSeen, Story

STORIES = {
    "emergency": (emergency.TITLE, st.NIGHT, emergency.CHAPTERS),
    "call": (call.TITLE, st.SUNDAY, call.CHAPTERS),
}
"""Each with what is said first, when it begins, and its chapters."""


async def play(name: str = "emergency", out: Callable[[str], None] = print) -> int:
    """Exit code 0 only if every step was seen."""
    title, start, chapters = STORIES[name]
    out(title)
    async with st.raised(start=start, log=_quiet) as stage:
        story = Story(stage, out)
        try:
            for chapter in chapters:
                await chapter(story)
        except NotSeen as error:
            print(f"\nThe story broke off: {error}", file=sys.stderr)
            return 1
        finally:
            await stage.playground.settle()
            story.catch_up()
        wrong = [e for e in stage.playground.journal if e.kind in ("refused", "twiml_error", "fallback")]
        if wrong:
            print(f"\nA vendor refused something: {wrong[0]}", file=sys.stderr)
            return 1
        out(f"\nAll {story.steps} steps were seen.")
    return 0


def _quiet(event: str, /, **fields: Any) -> None:
    """The story is the output; only trouble is worth another line."""
    if event in (
        "task_died",
        "sending_broke",
        "not_sent",
        "card_not_sent",
        "inbound_failed",
        "channel_start_failed",
    ):
        print(f"  ! {event} {fields}", file=sys.stderr)
