"""What the page needs of whoever runs it, as a test says it: nothing behind it but a list of what was asked."""

import asyncio
import dataclasses
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import httpx

from playground import Playground
from playground.server import Served
from playground.web.app import build
from playground.web.controls import Cast, Choice, Customer, Engineer, State

NOW = dt.datetime(2026, 11, 24, 0, 0, tzinfo=dt.UTC)
CAST = Cast(
    customers=(
        Customer(
            name="Thandi",
            organisation="Acme Clinics",
            phone="+27115550100",
            telegram=20001,
            slack="U0THANDI",
        ),
    ),
    engineers=(Engineer(name="Ada", slack="U0ADA", phone="+27115550001", note="on call"),),
    desk="C0DESK",
    whatsapp="+14155550100",
    sms="+14155550101",
    voice="+14155550102",
)


@dataclass
class Asked:
    """Controls that write down what was asked of them."""

    play: Playground
    cast: Cast = CAST
    done: list[tuple[str, ...]] = field(default_factory=list)
    number: int = 0
    turned: asyncio.Event = field(default_factory=asyncio.Event)
    bot: str = "up"

    def state(self) -> State:
        return State(
            now=NOW,
            zone=ZoneInfo("Africa/Johannesburg"),
            speed=1.0,
            cast=self.cast,
            bot=self.bot,
            speeds=(Choice(id="1", label="x1", on=True), Choice(id="60", label="x60")),
        )

    def turn(self) -> None:
        self.number += 1
        self.turned.set()
        self.turned = asyncio.Event()

    async def speed(self, id: str) -> None:
        self.done.append(("speed", id))

    async def step(self) -> None:
        self.done.append(("step",))

    async def jump(self, id: str) -> None:
        if id == "nowhere":
            raise ValueError("There is no such moment: <b>choose another</b>.")
        self.done.append(("jump", id))

    async def policy(self, id: str) -> None:
        self.done.append(("policy", id))

    async def fault(self, id: str, on: bool) -> None:
        self.done.append(("fault", id, str(on)))

    async def story(self, id: str) -> None:
        self.done.append(("story", id))

    async def next(self) -> None:
        self.done.append(("next",))

    async def changed(self, after: int) -> int:
        while self.number <= after:
            await self.turned.wait()
        return self.number


@dataclass
class Desk:
    """A served page: what a browser on this machine may do."""

    controls: Asked
    http: httpx.AsyncClient

    async def pane(self, name: str, **query: str) -> str:
        answer = await self.http.get(f"/pane/{name}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.text

    async def do(self, deed: str, look: dict[str, str] | None = None, /, **form: object) -> httpx.Response:
        headers = {"Sec-Fetch-Site": "same-origin"}
        return await self.http.post(f"/do/{deed}", params=look, json=form, headers=headers)

    def with_cast(self, **changes: object) -> None:
        self.controls.cast = dataclasses.replace(self.controls.cast, **changes)  # type: ignore[arg-type]


@asynccontextmanager
async def desk_of(play: Playground) -> AsyncIterator[Desk]:
    """The page over real HTTP."""
    controls = Asked(play)
    served = Served(build(lambda: (controls.play, controls)), "127.0.0.1", 0)
    await served.start()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{served.port}", trust_env=False) as http:
        yield Desk(controls, http)
    await served.stop()
