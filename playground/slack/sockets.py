"""Socket Mode: the app's websockets, envelopes out, acknowledgements in."""

import asyncio
import json
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from playground.courier import Delivered
from playground.slack.workspace import APP, Workspace

Json = dict[str, Any]
ACK_SECONDS = 3.0


class Sockets:
    """All connections of the app; each envelope goes to one of them, in turn."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._live: list[WebSocket] = []
        self._tickets: set[str] = set()
        self._acks: dict[str, asyncio.Future[Json]] = {}
        self._connected = asyncio.Event()
        self.wanted = False

    @property
    def count(self) -> int:
        """How many sockets are open."""
        return len(self._live)

    async def connected(self, timeout: float = 5.0) -> None:  # noqa: ASYNC109
        """Wait until the bot has a socket open."""
        await asyncio.wait_for(self._connected.wait(), timeout)

    def new_url(self) -> str:
        """Answer apps.connections.open: an address that works once. From now on events take the socket."""
        self.wanted = True
        ticket = self._workspace.next_id("TK")
        self._tickets.add(ticket)
        return f"{self._workspace.stage.url.replace('http', 'ws', 1)}/slack/link?ticket={ticket}&app_id={APP}"

    async def serve(self, socket: WebSocket) -> None:
        """Serve one connection until it closes."""
        ticket = socket.query_params.get("ticket", "")
        if ticket not in self._tickets:
            await socket.close(4001)
            return
        self._tickets.discard(ticket)
        await socket.accept()
        self._live.append(socket)
        await socket.send_json(self._hello())
        self._connected.set()
        try:
            while True:
                self._take(json.loads(await socket.receive_text()))
        except WebSocketDisconnect:
            pass
        finally:
            self._forget(socket)

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._live),
            "debug_info": {"host": "playground", "approximate_connection_time": 18060},
            "connection_info": {"app_id": APP},
        }

    def _take(self, ack: Json) -> None:
        waiting = self._acks.get(str(ack.get("envelope_id")))
        if waiting is not None and not waiting.done():
            waiting.set_result(ack)

    def _forget(self, socket: WebSocket) -> None:
        if socket in self._live:
            self._live.remove(socket)
        if not self._live:
            self._connected.clear()

    async def send(self, kind: str, payload: Json, *, retry: int = 0, reason: str = "") -> Delivered:
        """Send one envelope; the acknowledgement's payload is the body. None within 3 s: status 0."""
        envelope_id = self._workspace.next_id("env-")
        envelope: Json = {"envelope_id": envelope_id, "payload": payload, "type": kind}
        envelope["accepts_response_payload"] = kind != "events_api"
        if kind == "events_api":
            envelope |= {"retry_attempt": retry, "retry_reason": reason}
        ack: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._acks[envelope_id] = ack
        try:
            async with asyncio.timeout(ACK_SECONDS):
                await self._connected.wait()
                socket = self._live.pop(0)
                self._live.append(socket)
                await socket.send_json(envelope)
                answer = await ack
        except TimeoutError:
            return Delivered(0, "timeout")
        except (WebSocketDisconnect, RuntimeError) as error:
            return Delivered(0, f"connection_failed: {error!r}")
        finally:
            del self._acks[envelope_id]
        return Delivered(200, json.dumps(answer["payload"]) if answer.get("payload") else "")

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask every socket to reconnect: warning, refresh_requested, link_disabled or too_many_websockets."""
        for socket in tuple(self._live):
            note = {"type": "disconnect", "reason": reason, "debug_info": {"host": "playground"}}
            await socket.send_json(note)
            if reason != "warning":
                self._forget(socket)

    async def drop(self, code: int = 1001) -> None:
        """Close every socket without a word."""
        for socket in tuple(self._live):
            self._forget(socket)
            await socket.close(code)
