"""The page and its doors: fragments, one stream of events, and deeds. For the browser on this machine only."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup
from starlette.applications import Starlette
from starlette.datastructures import ImmutableMultiDict
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from playground.gate import Refused
from playground.web import phones, slack, slack_deeds, telegram
from playground.web.controls import Controls, State
from playground.web.guard import Guard
from playground.web.live import World, events
from playground.web.parts import Deed, Draw, Form, Seen
from playground.web.templating import drawn, environment, static_files
from playground.world import Playground

Current = Callable[[], tuple[Playground, Controls]]

BODY = 256 * 1024
"""Bytes of a deed, at most."""
GONE = "That is no longer there. Look again, and press what you see now."


async def _fault(seen: Seen, form: Form) -> None:
    await seen.controls.fault(form["id"], form.get("on", "1") not in ("", "0", "false"))


CONTROLS: dict[str, Deed] = {
    "speed": lambda seen, form: seen.controls.speed(form["id"]),
    "step": lambda seen, _: seen.controls.step(),
    "jump": lambda seen, form: seen.controls.jump(form["id"]),
    "policy": lambda seen, form: seen.controls.policy(form["id"]),
    "fault": _fault,
    "story": lambda seen, form: seen.controls.story(form.get("id", "")),
    "next": lambda seen, _: seen.controls.next(),
}
PANES: dict[str, Draw] = {"slack": slack.draw, "telegram": telegram.draw, **phones.PANES}
DEEDS: dict[str, Deed] = {**CONTROLS, **slack_deeds.DEEDS, **telegram.DEEDS, **phones.DEEDS}


def build(current: Current) -> Starlette:
    """The app; `current` gives the playground and the controls as they are now, which a change of policy makes anew."""
    page = Page(current)
    app = Starlette(
        routes=[
            Route("/", page.whole),
            Route("/pane/{name}", page.pane),
            Route("/events", page.events),
            Route("/do/{deed}", page.do, methods=["POST"]),
            Route("/static/{name}", _static),
        ]
    )
    app.add_middleware(Guard)
    return app


class Page:
    """Answers for one demo; whatever a screen shows and no vendor keeps goes when the playground does."""

    def __init__(self, current: Current) -> None:
        self._current, self._templates = current, environment()
        self._key, self._count = secrets.token_hex(4), 0
        self._world: World | None = None

    def world(self) -> World:
        """The world as it is now; a new one for a new playground."""
        play, controls = self._current()
        known = self._world
        if known is None or known.play is not play or known.controls is not controls:
            self._count += 1
            known = self._world = World(play=play, controls=controls, run=f"{self._key}.{self._count}")
        return known

    async def whole(self, request: Request) -> Response:
        """GET /: everything at once, so that it can be seen before any script runs."""
        world = self.world()
        mark, state = world.mark, world.controls.state()
        queries = {name: _query(request, f"{name}.") for name in PANES}
        fragments = {name: self._draw(world, state, name, queries[name]) for name in PANES}
        page = drawn(
            self._templates, "page.html", state=state, fragments=fragments, queries=queries, mark=mark
        )
        return HTMLResponse(page)

    async def pane(self, request: Request) -> Response:
        """GET /pane/NAME: one screen, as the query looks at it."""
        name = request.path_params["name"]
        if name not in PANES:
            return PlainTextResponse("There is no such screen.", 404)
        world = self.world()
        return HTMLResponse(self._draw(world, world.controls.state(), name, _query(request, "")))

    def _draw(self, world: World, state: State, name: str, query: Mapping[str, str]) -> Markup:
        seen = _seen(world, state, query)
        template, values = PANES[name](seen)
        return drawn(self._templates, template, seen=seen, state=state, **values)

    async def events(self, request: Request) -> Response:
        """GET /events: goes on after the event that the browser saw last, or the mark that its page came with."""
        after = request.headers.get("last-event-id") or request.query_params.get("after", "")
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(events(self.world, after), media_type="text/event-stream", headers=headers)

    async def do(self, request: Request) -> Response:
        """POST /do/DEED: done when this answers; what can't be done is said in a sentence."""
        deed = DEEDS.get(request.path_params["deed"])
        if deed is None:
            return _trouble("There is nothing of that name to do.", 404)
        try:
            form = await _form(request)
        except ValueError as error:
            return _trouble(str(error), 400)
        world = self.world()
        try:
            await deed(_seen(world, world.controls.state(), _query(request, "")), form)
        except ValueError as error:
            return _trouble(str(error), 422)
        except (LookupError, Refused):
            return _trouble(GONE, 409)
        return JSONResponse({"at": world.mark})


def _seen(world: World, state: State, query: Mapping[str, str]) -> Seen:
    return Seen(play=world.play, controls=world.controls, state=state, query=query, memory=world.memory)


def _query(request: Request, prefix: str) -> dict[str, str]:
    pairs = request.query_params.items()
    return {name.removeprefix(prefix): value for name, value in pairs if name.startswith(prefix)}


def _trouble(sentence: str, status: int) -> Response:
    return JSONResponse({"error": sentence}, status)


async def _form(request: Request) -> Form:
    """The names and texts of a JSON object or a form."""
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > BODY:
        raise ValueError("That is too long for this page.")
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        async with request.form() as form:
            pairs = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
        return ImmutableMultiDict(pairs)
    try:
        found = json.loads(await request.body() or b"{}")
    except ValueError:
        found = None
    if kind != "application/json" or not isinstance(found, dict):
        raise ValueError("The page sent something that can't be read. Load it again.")
    return ImmutableMultiDict([(name, _text(v)) for name, value in found.items() for v in _several(value)])


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return "1" if value else ""
    return str(value)


async def _static(request: Request) -> Response:
    file = static_files().get(request.path_params["name"])
    if file is None:
        return PlainTextResponse("There is no such file.", 404)
    fresh = request.query_params.get("v") == file.tag
    keep = "public, max-age=31536000, immutable" if fresh else "no-cache"
    return Response(file.body, headers={"Content-Type": file.kind, "Cache-Control": keep})
