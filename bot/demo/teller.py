"""Who tells a story: plays it, prints what everybody sees, and waits for each step at the stand-ins."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.demo import stage as st
from bot.demo.transcript import lines, written


class NotSeen(Exception):
    """A step of the story did not happen."""


class Story:
    """Plays, prints what everybody sees, and keeps what it needs to go on."""

    def __init__(self, stage: st.Stage, out: Callable[[str], None]) -> None:
        self.stage, self.play, self.out = stage, stage.playground, out
        self.told = 0
        self.card = ""
        self.caller: Any = None
        self.steps = 0

    def catch_up(self) -> None:
        """Print what happened since the last look."""
        news = self.play.journal.entries(after=self.told)
        self.told += len(news)
        for told in lines(news):
            self.out(told)

    def tells(self, where: str, text: str) -> None:
        """What nobody but those who are there can hear."""
        self.catch_up()
        self.out(written(self.stage.clock.now(), where, text))

    async def sees(
        self, what: str, fits: Callable[[Any], bool], *, after: int | None = None, within: float = 10.0
    ) -> Any:
        """Wait until somebody sees it, for at most so many real seconds."""
        try:
            entry = await self.play.journal.wait_for(
                fits, timeout=within, after=self.mark if after is None else after
            )
        except TimeoutError as error:
            self.catch_up()
            raise NotSeen(f"{what}: not seen\n{error}") from None
        self.steps += 1
        return entry

    def chapter(self, title: str) -> None:
        self.catch_up()
        self.out(f"\n--- {title}")
        self.mark = len(self.play.journal)

    mark = 0


def at(
    platform: str, kind: str, *words: str, to: str = "", where: str = "", thread: str | None = None
) -> Callable[[Any], bool]:
    def fits(e: Any) -> bool:
        return (
            e.platform == platform
            and e.kind == kind
            and (not to or e.to == to)
            and (not where or e.where == where)
            and (thread is None or e.thread == thread)
            and all(w in e.text for w in words)
        )

    return fits


Chapter = Callable[[Story], Awaitable[None]]
