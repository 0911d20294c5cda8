"""Every request of the bot passes here: recorded, spoiled if a fault was ordered, then answered."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from playground.faults import Fault, Kind
from playground.stage import Stage

Json = dict[str, Any]


class Refused(Exception):
    """The vendor says no: its own status, headers and error body. `code` is for the journal."""

    def __init__(self, code: str, status: int, body: Json, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(code)
        self.code, self.status, self.body, self.headers = code, status, body, dict(headers or {})

    def answer(self) -> Response:
        """Return the refusal as an HTTP answer."""
        return JSONResponse(self.body, self.status, self.headers)


class NoAnswer(Response):
    """Closes the connection without a word, so that the client sees a broken read."""

    def __init__(self) -> None:
        super().__init__(status_code=500)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Abort the transport (see server.py) and wait until the server has noticed."""
        scope["playground.abort"]()
        while (await receive())["type"] != "http.disconnect":
            continue


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """One request of the bot, parsed; `arguments` is query and body together."""

    method: str
    path: str
    query: Json
    headers: Mapping[str, str]
    body: Any
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    fault: Fault | None = None

    @property
    def arguments(self) -> Json:
        """The named arguments, wherever the vendor lets them stand."""
        return {**self.query, **(self.body if isinstance(self.body, dict) else {})}


def _pairs(text: str) -> Json:
    """Parse a form or a query; a repeated name becomes a list."""
    found: dict[str, list[str]] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        found.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


async def _multipart(request: Request) -> tuple[Json, dict[str, tuple[str, bytes]]]:
    body: Json = {}
    files: dict[str, tuple[str, bytes]] = {}
    async with request.form() as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                files[name] = (value.filename or name, await value.read())
            else:
                body[name] = value
    return body, files


async def read(request: Request, path: str) -> Incoming:
    """Read a request whole: JSON, form or multipart."""
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    body: Any = None
    files: dict[str, tuple[str, bytes]] = {}
    if kind == "multipart/form-data":
        body, files = await _multipart(request)
    elif raw := await request.body():
        text = raw.decode("utf-8", "replace")
        try:
            is_form = kind == "application/x-www-form-urlencoded"
            body = _pairs(text) if is_form else json.loads(text)
        except ValueError:
            body = text
    return Incoming(
        method=request.method,
        path=path,
        query=_pairs(request.url.query),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=body,
        files=files,
    )


class Gate:
    """One platform's door. `refusal` words an ordered fault as that vendor would."""

    def __init__(self, stage: Stage, platform: str, refusal: Callable[[Fault], Refused]) -> None:
        self._stage, self._platform, self._refusal = stage, platform, refusal

    async def admit(
        self,
        request: Request,
        *,
        path: str,
        name: str,
        effect: Callable[[Incoming], Awaitable[Response]],
    ) -> Response:
        """Record the request, then refuse, break, hang or do it."""
        incoming = await read(request, path)
        self._record(incoming)
        fault = self._stage.faults.take(self._platform, name, incoming.arguments)
        if fault is not None:
            self._stage.tell(self._platform, "fault", id=name, text=fault.kind.value, raw=incoming.arguments)
        if fault is not None and fault.kind is Kind.RESET:
            return NoAnswer()
        if fault is not None and fault.kind in (Kind.RATE_LIMITED, Kind.SERVER_ERROR, Kind.REFUSE):
            return self._refusal(fault).answer()
        answer = await self._do(_with(incoming, fault), name, effect)
        if fault is not None and fault.kind is Kind.HANG:
            await self._hang(request, fault.seconds)
            return NoAnswer()
        return answer

    async def _do(
        self, incoming: Incoming, name: str, effect: Callable[[Incoming], Awaitable[Response]]
    ) -> Response:
        try:
            return await effect(incoming)
        except Refused as refused:
            self._stage.tell(
                self._platform, "refused", id=name, text=refused.code, who="bot", raw=incoming.arguments
            )
            return refused.answer()

    def _record(self, incoming: Incoming) -> None:
        record: Json = {
            "platform": self._platform,
            "method": incoming.method,
            "path": incoming.path,
            "query": incoming.query,
            "headers": dict(incoming.headers),
            "body": incoming.body,
        }
        if incoming.files:
            record["files"] = {name: filename for name, (filename, _) in incoming.files.items()}
        self._stage.requests.append(record)

    async def _hang(self, request: Request, seconds: float) -> None:
        """Say nothing until the time is over, the client has gone, or the playground stops."""

        async def gone() -> None:
            while (await request.receive())["type"] != "http.disconnect":
                continue

        ends = [asyncio.ensure_future(gone()), asyncio.ensure_future(self._stage.closing.wait())]
        try:
            await asyncio.wait(ends, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in ends:
                end.cancel()
            await asyncio.gather(*ends, return_exceptions=True)


def _with(incoming: Incoming, fault: Fault | None) -> Incoming:
    return Incoming(
        method=incoming.method,
        path=incoming.path,
        query=incoming.query,
        headers=incoming.headers,
        body=incoming.body,
        files=incoming.files,
        fault=fault,
    )
