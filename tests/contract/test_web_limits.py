"""The web app's guard, and the server that drains, over real HTTP."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from channels import web
from channels.web import Serving, build_web, serve


class Handlers:
    """A few routes that do what a test wants."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.entered = asyncio.Semaphore(0)
        self.ready = True

    async def echo(self, request: Request) -> Response:
        return Response(await request.body())

    async def slow(self, request: Request) -> Response:
        self.entered.release()
        await self.gate.wait()
        return PlainTextResponse("done")

    async def boom(self, request: Request) -> Response:
        raise RuntimeError("the secret of the house")

    async def refuse(self, request: Request) -> Response:
        raise HTTPException(418, "tea", {"x-tea": "yes"})

    async def broken(self, request: Request) -> Response:
        async def halves() -> AsyncIterator[bytes]:
            yield b"half"
            raise RuntimeError("and no more")

        return StreamingResponse(halves(), headers={"cache-control": "public"})

    def routes(self) -> list[Route]:
        return [
            Route("/echo", self.echo, methods=["POST"]),
            Route("/slow", self.slow),
            Route("/twilio/voice/incoming", self.slow),
            Route("/boom", self.boom),
            Route("/board/events", self.slow),
            Route("/refuse", self.refuse),
            Route("/broken", self.broken),
        ]


class Site:
    def __init__(self, handlers: Handlers, served: Serving, http: httpx.AsyncClient) -> None:
        self.handlers, self.served, self.http = handlers, served, http

    async def status(self, path: str, **more: Any) -> int:
        return (await self.http.get(path, **more)).status_code

    async def until_inside(self, more: int) -> None:
        async with asyncio.timeout(5):
            for _ in range(more):
                await self.handlers.entered.acquire()


@contextlib.asynccontextmanager
async def running(**limits: int) -> AsyncIterator[Site]:
    handlers = Handlers()
    app = build_web(
        handlers.routes(),
        health=lambda: {"alive": True},
        ready=lambda: (handlers.ready, {} if handlers.ready else {"problems": ["the database is full"]}),
        metrics=lambda: b"standby_up 1\n",
        **limits,
    )
    async with serve(app, "127.0.0.1", 0) as served:
        url = f"http://127.0.0.1:{served.port}"
        async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=5) as http:
            yield Site(handlers, served, http)


async def test_health_readiness_metrics() -> None:
    async with running() as site:
        alive = await site.http.get("/healthz")
        assert (alive.status_code, alive.json()) == (200, {"alive": True})
        assert await site.status("/readyz") == 200
        site.handlers.ready = False
        unready = await site.http.get("/readyz")
        assert (unready.status_code, unready.json()) == (503, {"problems": ["the database is full"]})
        metrics = await site.http.get("/metrics")
        assert metrics.text == "standby_up 1\n"
        assert metrics.headers["content-type"].startswith("text/plain; version=")


async def test_unknown_paths_and_wrong_methods() -> None:
    async with running() as site:
        assert await site.status("/nothing") == 404
        assert await site.status("/echo/") == 404
        assert await site.status("/echo") == 405
        assert (await site.http.delete("/healthz")).status_code == 405
        assert await site.status("/%ff%00//../etc/passwd") == 404


async def test_an_exception_is_an_answer(caplog: pytest.LogCaptureFixture) -> None:
    async with running() as site:
        answer = await site.http.get("/boom")
        assert (answer.status_code, answer.json()) == (500, {"error": "internal error"})
        assert "the answer to GET '/boom' failed" in caplog.text
        refused = await site.http.get("/refuse")
        assert (refused.status_code, refused.headers["x-tea"]) == (418, "yes")
        with caplog.at_level(logging.CRITICAL), pytest.raises(httpx.RemoteProtocolError):
            await site.http.get("/broken")
        assert await site.status("/healthz") == 200


async def test_streams_have_places_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "MOST_STREAMS", 3)
    async with running(max_in_flight=2) as site:
        streams = [asyncio.create_task(site.status("/board/events")) for _ in range(3)]
        await site.until_inside(3)
        fourth = await site.http.get("/board/events")
        assert (fourth.status_code, fourth.headers["retry-after"]) == (503, "5")
        assert (await site.http.post("/echo", content=b"x")).status_code == 200
        site.handlers.gate.set()
        assert await asyncio.gather(*streams) == [200, 200, 200]
        assert await site.status("/board/events") == 200


async def test_every_answer_is_careful() -> None:
    async with running() as site:
        for path in ("/healthz", "/nothing", "/boom"):
            headers = (await site.http.get(path)).headers
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["cache-control"] == "no-store"
            assert "frame-ancestors 'none'" in headers["content-security-policy"]
            assert "server" not in headers


async def chunks(size: int) -> AsyncIterator[bytes]:
    for _ in range(size // 500):
        yield b"x" * 500


async def test_a_body_has_a_limit() -> None:
    async with running(max_body=1000) as site:
        assert (await site.http.post("/echo", content=b"x" * 1000)).content == b"x" * 1000
        assert (await site.http.post("/echo", content=chunks(1000))).content == b"x" * 1000
        assert (await site.http.post("/echo", content=b"x" * 1001)).status_code == 413
        assert (await site.http.post("/echo", content=b"x" * 2_000_000)).status_code == 413
        assert (await site.http.post("/echo", content=chunks(1500))).status_code == 413
        assert (await site.http.post("/nothing", content=chunks(1500))).status_code == 413


async def raw(site: Site, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", site.served.port)
    try:
        writer.write(request)
        async with asyncio.timeout(5):
            return await reader.read(4000)
    finally:
        writer.close()
        await writer.wait_closed()


async def test_odd_requests_are_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "BODY_SECONDS", 0.1)
    async with running(max_body=1000) as site:
        head = b"POST /echo HTTP/1.1\r\nHost: x\r\n"
        huge = await raw(site, head + b"Content-Length: 99999999999\r\n\r\n")
        assert huge.startswith(b"HTTP/1.1 413")
        assert (await raw(site, head + b"Content-Length: 5\r\n\r\nab")).startswith(b"HTTP/1.1 408")
        assert (await raw(site, head + b"Content-Length: x\r\n\r\n")).startswith(b"HTTP/1.1 400")
        both = b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        assert (await raw(site, head + both)).startswith(b"HTTP/1.1 400")
        assert (await raw(site, b"nonsense\r\n\r\n")).startswith(b"HTTP/1.1 400")


async def test_a_slow_sender_holds_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(max_in_flight=2) as site:
        head = b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab"
        slow = [await asyncio.open_connection("127.0.0.1", site.served.port) for _ in range(4)]
        for _, writer in slow:
            writer.write(head)
            await writer.drain()
        assert (await site.http.post("/echo", content=b"")).status_code in (200, 503)
        assert await site.status("/refuse") in (418, 503)
        for _, writer in slow:
            writer.write(b"cde")
        for reader, writer in slow:
            assert (await reader.readline()).startswith(b"HTTP/1.1 200")
            writer.close()
            await writer.wait_closed()


async def test_only_so_many_at_once_and_room_for_calls() -> None:
    async with running(max_in_flight=8) as site:
        busy = [asyncio.create_task(site.http.get("/slow")) for _ in range(7)]
        await site.until_inside(7)
        turned_away = await site.http.get("/slow")
        assert turned_away.status_code == 503
        assert turned_away.headers["retry-after"] == "1"
        assert await site.status("/healthz") == 200
        call = asyncio.create_task(site.http.get("/twilio/voice/incoming"))
        await site.until_inside(1)
        assert await site.status("/twilio/voice/incoming") == 503
        site.handlers.gate.set()
        assert {(await answer).status_code for answer in [*busy, call]} == {200}
        assert await site.status("/slow") == 200


async def test_a_client_that_goes_away_frees_its_place() -> None:
    async with running(max_in_flight=2) as site:
        with pytest.raises(httpx.ReadTimeout):
            await site.http.get("/slow", timeout=0.1)
        site.handlers.gate.set()
        await asyncio.sleep(0)
        assert await site.status("/slow") == 200


async def test_stopping_lets_what_is_there_end() -> None:
    async with running() as site:
        answer = asyncio.create_task(site.http.get("/slow"))
        await site.until_inside(1)
        stopping = asyncio.create_task(site.served.stop(5))
        await asyncio.sleep(0.3)
        assert not stopping.done()
        async with httpx.AsyncClient(trust_env=False) as late:
            with pytest.raises(httpx.ConnectError):
                await late.get(f"http://127.0.0.1:{site.served.port}/healthz")
        site.handlers.gate.set()
        assert (await answer).text == "done"
        await stopping


async def test_stopping_does_not_wait_for_ever(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    async with running() as site:
        answer = asyncio.create_task(site.http.get("/slow"))
        await site.until_inside(1)
        async with asyncio.timeout(3):
            await site.served.stop(0.1)
        assert (await answer).status_code == 503


async def test_a_taken_port_is_said_at_once() -> None:
    async with running() as site:
        with pytest.raises(OSError, match="in use"):
            serve(
                build_web([], health=dict, ready=lambda: (True, {}), metrics=bytes),
                "127.0.0.1",
                site.served.port,
            )
