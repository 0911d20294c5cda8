"""HTTP mode: POST /slack/events takes events, commands, buttons and forms; the guard stands in front of Bolt."""

from __future__ import annotations

from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from channels.adapter import World
from channels.slack.guard import Guard

PATH = "/slack/events"
LARGEST = 1_000_000
"""Bytes of a request; Slack's own are far smaller."""


def events_route(app: AsyncApp, guard: Guard, world: World) -> Route:
    """The one route, for Starlette."""

    async def events(request: Request) -> Response:
        body = await _read(request)
        if body is None:
            return Response(status_code=413)
        if not guard.admits(request.headers, body):
            world.count("refused", "slack")
            return Response(status_code=401)
        understood = _parse(request, body)
        if understood is None:
            return Response(status_code=400)
        return to_starlette_response(await app.async_dispatch(understood))

    return Route(PATH, events, methods=["POST"])


async def _read(request: Request) -> bytes | None:
    """The whole body; None when it is larger than anything Slack sends, or breaks off."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST:
                return None
    except ClientDisconnect:
        return None
    return bytes(body)


def _parse(request: Request, body: bytes) -> AsyncBoltRequest | None:
    """None for what is neither JSON nor a form, or of a shape on which Bolt chokes."""
    try:
        understood = to_async_bolt_request(request, body)
    except Exception:  # Bolt reads a hostile body with everything from KeyError to RecursionError
        return None
    return understood if isinstance(understood.body, dict) else None
