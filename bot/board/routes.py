"""The board's URLs. Whoever is not logged in learns nothing but how to get in; what belongs to another team is not there.

No GET changes anything: link previews and scanners follow links.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable

import jinja2
from starlette.datastructures import FormData
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.app.rows import StorageError
from bot.board import gate
from bot.board.access import Access, Tries
from bot.board.deeds import WORDS, Deeds
from bot.board.figures_page import FiguresPage
from bot.board.hub import Hub
from bot.board.pages import Pages
from bot.board.security import (
    cookie_of,
    give_cookie,
    is_from_us,
    may_post,
    take_cookie,
    with_headers,
)
from bot.board.stream import Stream
from bot.board.streaming import HEADERS, Streams
from bot.board.templating import static_files
from bot.board.viewer import House, Viewer
from bot.domain.ids import TicketId

Handler = Callable[[Request], Awaitable[Response]]
Inside = Callable[[Request, Viewer], Awaitable[Response]]

CODE = 256
"""Longer than any code of ours."""
FIELDS = 8
EVER = "public, max-age=31536000, immutable"


@dataclasses.dataclass(kw_only=True)
class Board:
    """Everything under /board. `public_url` is the one that the process was started with."""

    house: House
    public_url: str
    access: Access
    tries: Tries
    deeds: Deeds
    pages: Pages
    figures: FiguresPage
    streams: Streams
    templates: jinja2.Environment
    hub: Hub

    @property
    def routes(self) -> list[Route]:
        """The last takes what is none of the others, so that a wrong address has a page of the board, too."""
        return [
            self._route("/board/enter", self._door, "GET"),
            self._route("/board/enter", self._enter, "POST"),
            self._route("/board/static/{name}", _static, "GET"),
            self._route("/board", self._inside(self._board), "GET"),
            self._route("/board/fragment", self._inside(self._fragment), "GET"),
            self._route("/board/ticket/{id}", self._inside(self._ticket), "GET"),
            self._route("/board/figures", self._inside(self._figures), "GET"),
            self._route("/board/events", self._inside(self._events), "GET"),
            self._route("/board/ticket/{id}/{word}", self._inside(self._deed), "POST"),
            self._route("/board/leave", self._inside(self._leave), "POST"),
            self._route("/board{rest:path}", self._inside(self._nothing)),
        ]

    def _route(self, path: str, handler: Handler, *methods: str) -> Route:
        async def guarded(request: Request) -> Response:
            try:
                response = await handler(request)
            except (ClientDisconnect, MultiPartException):
                response = Response("bad request", 400)
            except StorageError:
                response = gate.page(self.templates, self.house, request, "busy")
            return with_headers(response, self.public_url)

        return Route(path, guarded, methods=list(methods) or None)

    def _inside(self, handler: Inside) -> Handler:
        """Only for whoever is logged in. A POST has to come from a page of theirs."""

        async def checked(request: Request) -> Response:
            viewer = await self.access.viewer(cookie_of(request, self.public_url))
            if viewer is None:
                return self._turned_away(request)
            if request.method not in ("GET", "HEAD"):
                given = request.headers.get("x-csrf") or _field(await _form(request), "csrf")
                if not may_post(request, viewer, given, self.public_url):
                    return gate.page(self.templates, self.house, request, "foreign", viewer)
            return await handler(request, viewer)

        return checked

    def _turned_away(self, request: Request) -> Response:
        response = gate.page(self.templates, self.house, request, "out")
        if cookie_of(request, self.public_url):
            take_cookie(response, self.public_url)
        return response

    # ---------------------------------------------------------------- in and out
    async def _door(self, request: Request) -> Response:
        """What a link opens: one button. The code stays behind the `#`, where the page's script finds it."""
        speech = gate.speech(self.house, request)
        page = self.templates.get_template("enter.html").render(s=speech, viewer=None)
        return HTMLResponse(page)

    async def _enter(self, request: Request) -> Response:
        address = request.client.host if request.client else ""
        if not is_from_us(request, self.public_url):
            return gate.page(self.templates, self.house, request, "foreign")
        code = _field(await _form(request), "code").strip()[:CODE]
        entered = await self.access.enter(code, cookie_of(request, self.public_url)) if code else None
        if entered is None:  # only then: others of the same address come in all the same
            if self.tries.too_many(address):
                return gate.page(self.templates, self.house, request, "slow")
            self.tries.note(address)
            self.house.log("board_refused")
            return gate.page(self.templates, self.house, request, "used")
        self.house.log("board_entered", person=entered.person.id)
        response = RedirectResponse("/board", 303)
        give_cookie(response, self.public_url, entered.cookie)
        return response

    async def _leave(self, request: Request, viewer: Viewer) -> Response:
        await self.access.leave(viewer)
        self.streams.end(viewer)
        response = gate.page(self.templates, self.house, request, "left", viewer)
        take_cookie(response, self.public_url)
        return response

    # ---------------------------------------------------------------- pages
    async def _board(self, request: Request, viewer: Viewer) -> Response:
        return HTMLResponse(await self.pages.board(viewer, request.query_params))

    async def _fragment(self, request: Request, viewer: Viewer) -> Response:
        return HTMLResponse(await self.pages.fragment(viewer, request.query_params))

    async def _figures(self, request: Request, viewer: Viewer) -> Response:
        return HTMLResponse(await self.figures.page(viewer, request.query_params))

    async def _ticket(self, request: Request, viewer: Viewer) -> Response:
        id = _ticket_id(request)
        told = self.deeds.kept(viewer, id) if _is_shown(request) else ""
        page = await self.pages.ticket(viewer, id, told)
        return HTMLResponse(page) if page is not None else await self._nothing(request, viewer)

    async def _nothing(self, request: Request, viewer: Viewer) -> Response:
        return gate.page(self.templates, self.house, request, "nothing", viewer)

    async def _events(self, request: Request, viewer: Viewer) -> Response:
        """Server-sent events for as long as the page is open and the session good."""
        if request.method == "HEAD":
            return Response(headers=HEADERS)
        last, cookie = request.headers.get("last-event-id", ""), cookie_of(request, self.public_url)
        told = self.streams.told(viewer, cookie, request.query_params, last)
        return told or Response("too many pages are open", 429, {"retry-after": "30"})

    # ---------------------------------------------------------------- deeds
    async def _deed(self, request: Request, viewer: Viewer) -> Response:
        """A page's script (it sends x-csrf) gets the sentence; a form gets the ticket's page with it."""
        word, id, form = request.path_params["word"], _ticket_id(request), await _form(request)
        said = None
        if word in WORDS:
            said = await self.deeds.do(viewer, word, id, _field(form, "text"), _field(form, "once")[:64])
        if said is None:
            return await self._nothing(request, viewer)
        if "x-csrf" in request.headers:
            return JSONResponse({"told": said})
        self.deeds.keep(viewer, id, said)
        return RedirectResponse(f"/board/ticket/{id}", 303)


async def _static(request: Request) -> Response:
    """A file of bot/board/static. Whoever asks with its digest may keep it for ever."""
    file = static_files().get(request.path_params["name"])
    if file is None:
        return Response("not found", 404)
    headers = {"etag": f'"{file.tag}"', "cache-control": "public, no-cache"}
    if request.query_params.get("v") == file.tag:
        headers["cache-control"] = EVER
    if f'"{file.tag}"' in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(file.body, headers=headers | {"content-type": file.kind})


async def _form(request: Request) -> FormData:
    """No files: what a page of ours sends is small and short."""
    return await request.form(max_files=0, max_fields=FIELDS)


def _field(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _is_shown(request: Request) -> bool:
    """Is it a page that somebody opens, and not what a script of a page fetches? Browsers say so."""
    return request.headers.get("sec-fetch-dest", "document") == "document"


def _ticket_id(request: Request) -> TicketId:
    return TicketId(request.path_params["id"].upper())


def built(*, house: House, public_url: str, access: Access, templates: jinja2.Environment) -> Board:
    """The board with its pages, nothing started."""
    hub = Hub(house=house, templates=templates)
    stream = Stream(house=house, templates=templates, hub=hub)
    return Board(
        house=house,
        public_url=public_url,
        access=access,
        tries=Tries(now=house.clock.now),
        deeds=Deeds(house=house),
        pages=Pages(house=house, templates=templates, hub=hub),
        figures=FiguresPage(house=house, templates=templates),
        streams=Streams(stream=stream, access=access),
        templates=templates,
        hub=hub,
    )
