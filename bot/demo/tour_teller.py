"""Tells a story of the tour: plays each step by the hands of its people, or notices that somebody has done it."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.demo.hands import Hands
from bot.demo.passing import settled, to_the_next
from bot.demo.world import World
from playground.journal import Entry
from playground.web import controls

Fits = Callable[[Entry], bool]
Deed = Callable[[Hands], Awaitable[None]]

LAST = 2.0
"""Real seconds that what must be seen may take when no time of the demo has to pass for it."""
LOST = (
    "This step no longer fits what has happened since. Begin the story again, or end it and go on by hand: "
    "nothing of the desk is lost."
)
OVER = "The story has been told to its end."


@dataclass(frozen=True, kw_only=True)
class Step:
    """`text` is what happens next and how to do it by hand, `look` what to look at once it has. The step counts as done
    when all of `seen` was seen, which may take `within` of the demo's time. A deed of None: only time passes."""

    text: str
    look: str
    where: str
    seen: tuple[Fits, ...]
    deed: Deed | None = None
    within: dt.timedelta = dt.timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Story:
    """Told under a policy, from `day` and `time` on the wall there."""

    id: str
    title: str
    about: str
    policy: str
    day: dt.date
    time: dt.time
    steps: tuple[Step, ...]


class Teller:
    """One telling. `changed` is called when there is something new to show."""

    def __init__(self, story: Story, world: World, changed: Callable[[], None]) -> None:
        self.story, self.world, self._changed = story, world, changed
        self.index, self.busy = 0, False
        self._hands = Hands(world)
        self._watching: asyncio.Task[None] = self._watch()

    @property
    def done(self) -> bool:
        return self.index >= len(self.story.steps)

    def shown(self) -> controls.Tour:
        """As the page shows it: what has just been seen, and what comes."""
        steps, at = self.story.steps, min(self.index, len(self.story.steps) - 1)
        looked = steps[self.index - 1].look if self.index else self.story.about
        return controls.Tour(
            story=self.story.id,
            title=self.story.title,
            step=at + 1,
            steps=len(steps),
            text=looked if self.done else f"{looked} {steps[at].text}",
            where="" if self.done else steps[at].where,
            done=self.done,
            busy=self.busy,
        )

    def _watch(self) -> asyncio.Task[None]:
        return asyncio.create_task(
            self._see(self.index, len(self.world.playground.journal)), name="demo:story"
        )

    async def _see(self, index: int, mark: int) -> None:
        """All of a step; if nobody pressed Next for it, the story goes on by itself."""
        journal = self.world.playground.journal
        for fits in self.story.steps[index].seen:
            await journal.wait_for(fits, timeout=10**8, after=mark)
        if not self.busy:
            asyncio.get_running_loop().call_soon(self._go_on, index)

    def _go_on(self, index: int) -> None:
        if self.index != index or self.done:
            return
        self.index += 1
        if not self.done:
            self._watching = self._watch()
        self._changed()

    async def next(self) -> None:
        """Play the step that comes. Raises ValueError with a sentence."""
        if self.done:
            raise ValueError(OVER)
        index, step = self.index, self.story.steps[self.index]
        self.busy = True
        self._changed()
        try:
            if step.deed is not None:
                await step.deed(self._hands)
            await self._let_it_be_seen(step)
        except (LookupError, ValueError, StopIteration, RuntimeError) as error:
            raise ValueError(LOST) from error
        finally:
            self.busy = False
            if self._watching.done():
                self._go_on(index)
            self._changed()

    async def _let_it_be_seen(self, step: Step) -> None:
        until = self.world.clock.now() + step.within
        await settled(self.world)
        while not self._watching.done():
            if await to_the_next(self.world, until) is None:
                break
        await asyncio.wait((self._watching,), timeout=LAST)
        if not self._watching.done():
            last = "\n".join(str(entry) for entry in list(self.world.playground.journal)[-15:])
            raise LookupError(f"not seen by {self.world.clock.now()}; the last ones:\n{last}")
        self._watching.result()

    async def end(self) -> None:
        """Watch no longer."""
        self._watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(self._watching, return_exceptions=True)
