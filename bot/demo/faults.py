"""What can be made to go wrong, and what to watch for then. Through the stand-ins, so that the bot meets it as it would
meet it at the vendors; but for the bot's own death, which is its runner's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.demo.clock import PlayClock
from playground import Playground
from playground.faults import Fault
from playground.twilio.people import BY_HAND, UNANSWERED, VOICEMAIL

ALWAYS = 10**9
KILLED = "killed"
"""The id of the bot's death."""
SMS_LOST = "30003"
"""Twilio's code for a phone that is switched off."""
RATE_EVERY = dt.timedelta(seconds=30)
"""Under the rate limit, one request in so long is taken."""


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """Something that can go wrong."""

    id: str
    label: str
    watch: str


TROUBLES = (
    Trouble(
        id="sms",
        label="SMS undelivered",
        watch="The next way is tried at once: whoever is paged is called sooner, and the thread says so.",
    ),
    Trouble(
        id="nobody",
        label="Nobody answers the phone",
        watch="Phones ring in vain. The page takes its next step, and in the end everybody is called.",
    ),
    Trouble(
        id="voicemail",
        label="Voicemail answers",
        watch="A machine that picks up acknowledges nothing: only a key does. The page goes on.",
    ),
    Trouble(
        id="slack_limit",
        label="Slack says 429",
        watch="Slack takes one message in 30 seconds. Pages go first, phones are not slowed down, cards catch up.",
    ),
    Trouble(
        id="slack_down",
        label="Slack is down",
        watch="Pages arrive by SMS and by phone at once; what Slack has missed is there when it is back.",
    ),
    Trouble(
        id=KILLED,
        label="The bot is killed",
        watch="Switch this off to start it again: it goes on where it was, and marks what may arrive twice.",
    ),
)


class Troubles:
    """Which of them are on, at one playground."""

    def __init__(self, playground: Playground, clock: PlayClock) -> None:
        self._playground, self._clock = playground, clock
        self.on: set[str] = set()
        self._taken: dt.datetime | None = None
        self._order("twilio", "Messages.json", Fault.undelivered(SMS_LOST), self._is_sms)
        self._order("slack", "", Fault.server_error(503), lambda _: "slack_down" in self.on)
        self._order("slack", "", Fault.rate_limited(int(RATE_EVERY.total_seconds())), self._is_limited)
        self._phones()

    def set(self, id: str, on: bool) -> None:
        """Raises ValueError for what there is not."""
        if id not in {trouble.id for trouble in TROUBLES}:
            raise ValueError("There is no such fault.")
        if on:
            self.on -= {"nobody", "voicemail"} if id in ("nobody", "voicemail") else set()
            self.on.add(id)
        else:
            self.on.discard(id)
        self._phones()

    def _phones(self) -> None:
        """Who picks up without being told to: the one who plays, unless a fault says otherwise."""
        answers = {"nobody": UNANSWERED, "voicemail": VOICEMAIL}
        found = next((person for id, person in answers.items() if id in self.on), BY_HAND)
        self._playground.twilio.phones.default = found

    def _order(self, platform: str, name: str, fault: Fault, when: Callable[[dict[str, Any]], bool]) -> None:
        self._playground.faults.add(platform, name, fault, times=ALWAYS, when=when)

    def _is_sms(self, asked: Mapping[str, Any]) -> bool:
        return "sms" in self.on and not str(asked.get("To", "")).startswith("whatsapp:")

    def _is_limited(self, _: Mapping[str, Any]) -> bool:
        if "slack_limit" not in self.on:
            self._taken = None
            return False
        now = self._clock.now()
        if self._taken is None or now >= self._taken + RATE_EVERY:
            self._taken = now
            return False
        return True
