"""What the page needs of whoever runs the bot behind it: who plays, the clock, the policy, the faults, the tour.

The playground knows nothing of the bot: the demo implements these.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol
from zoneinfo import ZoneInfo


@dataclass(frozen=True, kw_only=True)
class Customer:
    """A customer's person; what is empty they do not have. `phone` is their WhatsApp and the phone they call from."""

    name: str
    organisation: str
    phone: str = ""
    telegram: int = 0
    slack: str = ""
    language: str = "en"


@dataclass(frozen=True, kw_only=True)
class Engineer:
    """One of the desk's people."""

    name: str
    slack: str
    phone: str = ""
    note: str = ""
    """Such as `on call` or `tier 2, lead`."""


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Who is there under the chosen policy; `desk` is the Slack channel where tickets appear. Our own numbers are those
    that customers write to and call."""

    customers: tuple[Customer, ...]
    engineers: tuple[Engineer, ...]
    desk: str
    whatsapp: str
    sms: str
    voice: str


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Something that can be chosen: a policy, a moment to jump to, a speed, a fault, a story. `watch` is one line on what
    to look for; `on` whether it is chosen now."""

    id: str
    label: str
    watch: str = ""
    on: bool = False


@dataclass(frozen=True, kw_only=True)
class Tour:
    """A story that is being played: which step comes next, and how one would do it by hand. `where` is the screen that
    it happens on (`customer`, `slack`, `engineer`, `telephone`, `clock`, `faults`)."""

    story: str
    title: str
    step: int
    steps: int
    text: str
    where: str = ""
    done: bool = False
    busy: bool = False


@dataclass(frozen=True, kw_only=True)
class State:
    """Everything of the bar at the top. `now` is UTC, shown in `zone`; `speed` 0 is paused; `next_at` is when the next
    thing will happen by itself, with `next_what` in a few words."""

    now: dt.datetime
    zone: ZoneInfo
    speed: float
    cast: Cast
    bot: str
    """`up`, `starting` or `down`."""
    board: str = ""
    """Where the bot's board can be opened, ready to be clicked; empty where it can't."""
    next_at: dt.datetime | None = None
    next_what: str = ""
    speeds: tuple[Choice, ...] = ()
    jumps: tuple[Choice, ...] = ()
    policies: tuple[Choice, ...] = ()
    faults: tuple[Choice, ...] = ()
    stories: tuple[Choice, ...] = ()
    tour: Tour | None = None
    trouble: str = ""
    """What went wrong last, for the one who plays."""
    more: Sequence[str] = field(default_factory=tuple)


class Controls(Protocol):
    """Each deed returns when it is done; raises ValueError with a sentence for the player where it can't be."""

    def state(self) -> State: ...

    async def speed(self, id: str) -> None: ...

    async def step(self) -> None:
        """To the next thing that will happen by itself."""

    async def jump(self, id: str) -> None: ...

    async def policy(self, id: str) -> None:
        """Everything begins anew under another policy."""

    async def fault(self, id: str, on: bool) -> None: ...

    async def story(self, id: str) -> None:
        """Begin a story of the tour; an empty id ends it."""

    async def next(self) -> None:
        """The next step of the story."""

    async def changed(self, after: int) -> int:
        """Wait until something of the state may have changed; a number that rises."""
