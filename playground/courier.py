"""What the stand-ins send to the bot: webhooks over real HTTP, and the waiting that goes with them."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx


@dataclass(frozen=True)
class Delivered:
    """How the bot answered one delivery; status 0 means that no answer came, and `body` says why."""

    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether the vendor would take it for received."""
        return 200 <= self.status < 300


Result = Delivered | list[Delivered]


async def repeated(times: int, send: Callable[[], Awaitable[Delivered]]) -> Result:
    """Deliver the same thing `times` over, one after another; a single delivery comes back bare."""
    answers = [await send() for _ in range(times)]
    return answers[0] if times == 1 else answers


class Courier:
    """Posts to the bot and runs what happens later (callbacks, retries) as tasks that stop with it."""

    def __init__(self, pace: float) -> None:
        self.pace = pace
        self._client: httpx.AsyncClient | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def post(
        self,
        url: str,
        body: bytes,
        headers: Mapping[str, str],
        *,
        timeout: float = 15.0,  # noqa: ASYNC109
    ) -> Delivered:
        """POST once; a refused connection or a late answer is a Delivered with status 0."""
        if self._client is None:
            limits = httpx.Limits(max_keepalive_connections=0)
            self._client = httpx.AsyncClient(trust_env=False, limits=limits)
        try:
            async with asyncio.timeout(timeout):
                answer = await self._client.post(url, content=body, headers=dict(headers), timeout=timeout)
        except (TimeoutError, httpx.TimeoutException):
            return Delivered(0, "timeout")
        except httpx.TransportError as error:
            return Delivered(0, f"connection_failed: {error!r}")
        return Delivered(answer.status_code, answer.text, dict(answer.headers))

    async def pause(self, seconds: float) -> None:
        """Wait a modelled vendor delay, scaled by the pace."""
        await asyncio.sleep(seconds * self.pace)

    def later(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run work in the background until the playground stops."""
        task: asyncio.Task[None] = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            context = {"message": "background work of the playground failed", "exception": error}
            task.get_loop().call_exception_handler(context)

    async def settle(self) -> None:
        """Wait until no background work is left (with a slow pace: as long as the vendor's retries take)."""
        while self._tasks:
            await asyncio.wait(tuple(self._tasks))

    async def close(self) -> None:
        """Cancel what is still to come and close all connections."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()
            self._client = None
