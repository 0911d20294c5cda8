"""The console's two routes: say something, and fetch what was said.

POST /console/messages {"id", "who", "text"} or {"id", "who", "action"} -> {"reply": message or null}
GET  /console/messages?who=&after=&wait=                                -> {"session", "messages": [message]}

A message is {"number", "text", "choices": [{"id", "label"}], "digits"}; `id` is the client's own, and the same id
again is the same message.
"""

from __future__ import annotations

import hmac
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.app.inbound import ActionIn, Inbound, MessageIn, Sender
from bot.app.ports import Overloaded
from bot.domain.grammar import parse_action
from bot.domain.ids import Address, ChannelName
from bot.domain.message import Message
from channels.adapter import World
from channels.console.outbound import Mailboxes

CONSOLE = ChannelName("console")
PATH = "/console/messages"
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.@+-]{1,64}$")]


class Line(BaseModel):
    """What a client posts."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    id: Name
    who: Name
    text: str = Field(default="", max_length=4000)
    action: str = Field(default="", max_length=64)


class Question(BaseModel):
    """What a client asks. `wait` in seconds."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    who: Name
    after: int = 0
    wait: float = Field(default=10.0, ge=0, le=20)


def translate(line: Line) -> Inbound | None:
    """None when there is nothing in it, or a button that is not ours."""
    sender, address = Sender(id=line.who, name=line.who), Address(channel=CONSOLE, place=line.who)
    external_id = f"{line.who}:{line.id}"
    if line.action:
        action = parse_action(line.action)
        if action is None:
            return None
        return ActionIn(
            channel=CONSOLE, external_id=external_id, sender=sender, address=address, action=action
        )
    if not line.text.strip():
        return None
    return MessageIn(
        channel=CONSOLE,
        external_id=external_id,
        sender=sender,
        address=address,
        text=line.text.strip(),
        message=line.id,
    )


class Routes:
    """The handlers: the token first, then the content."""

    def __init__(self, world: World, mailboxes: Mailboxes, token: str) -> None:
        self._world, self._mailboxes, self._token = world, mailboxes, token

    async def post(self, request: Request) -> Response:
        """200 when it is durable."""
        if not self._trusted(request):
            return self._refused()
        try:
            inbound = translate(Line.model_validate_json(await request.body()))
        except ValidationError:
            inbound = None
        if inbound is None:
            return JSONResponse({"error": "not understood"}, 400)
        try:
            outcome = await self._world.receive(inbound)
        except Overloaded:
            return JSONResponse({"error": "busy"}, 503, {"Retry-After": "1"})
        return JSONResponse({"reply": _shown(0, outcome.reply) if outcome.reply else None})

    async def get(self, request: Request) -> Response:
        """Waits until there is something new, or the time is over. `session` begins ids that nobody else has."""
        if not self._trusted(request):
            return self._refused()
        try:
            asked = Question.model_validate(dict(request.query_params))
        except ValidationError:
            return JSONResponse({"error": "not understood"}, 400)
        found = await self._mailboxes.wait(asked.who, asked.after, asked.wait)
        messages = [_shown(said.number, said.message) for said in found]
        return JSONResponse({"session": self._world.random.token(), "messages": messages})

    def _trusted(self, request: Request) -> bool:
        given = request.headers.get("authorization", "").encode("latin-1")
        return hmac.compare_digest(given, f"Bearer {self._token}".encode())

    def _refused(self) -> Response:
        self._world.count("refused", "console")
        return JSONResponse({"error": "wrong token"}, 401)


def _shown(number: int, message: Message) -> dict[str, Any]:
    choices = [{"id": choice.id, "label": choice.label} for choice in message.choices]
    return {"number": number, "text": message.text, "choices": choices, "digits": message.digits}
