"""The Web API: who may call what with which arguments; the methods themselves live beside it."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from playground.faults import Fault, Kind
from playground.gate import Gate, Incoming, Refused
from playground.slack.workspace import APP, BOT, BOT_USER, DOMAIN, TEAM, Workspace, refuse

Json = dict[str, Any]
NESTED = ("blocks", "view", "attachments", "metadata", "files")


@dataclass(frozen=True)
class Method:
    """One API method: its required arguments and what it does."""

    required: tuple[str, ...]
    run: Callable[[Json], Json]


def truth(value: Any, default: bool = False) -> bool:
    """Read a boolean argument, which forms spell as 1, 0, true or false."""
    return default if value in (None, "") else str(value).lower() in ("1", "true")


def spoiled(fault: Fault) -> Refused:
    """Word an ordered fault as Slack does."""
    if fault.kind is Kind.RATE_LIMITED:
        body = {"ok": False, "error": "ratelimited"}
        return Refused("ratelimited", 429, body, {"Retry-After": fault.retry_after})
    if fault.kind is Kind.SERVER_ERROR:
        return Refused("internal_error", fault.status, {"ok": False, "error": "internal_error"})
    return refuse(fault.code)


class SlackApi:
    """Checks token and arguments, then calls the method."""

    def __init__(
        self, workspace: Workspace, methods: dict[str, Method], bot_token: str, app_token: str
    ) -> None:
        self._workspace, self._bot_token, self._app_token = workspace, bot_token, app_token
        self._methods = {"auth.test": Method((), self._auth_test), **methods}
        self._gate = Gate(workspace.stage, "slack", spoiled)

    async def answer(self, request: Request) -> Response:
        """Answer one call."""
        name = request.path_params["method"]
        return await self._gate.admit(request, path=f"/api/{name}", name=name, effect=self._effect(name))

    def _effect(self, name: str) -> Callable[[Incoming], Awaitable[Response]]:
        async def effect(incoming: Incoming) -> Response:
            self._check_token(name, incoming)
            method = self._methods.get(name)
            if method is None:
                raise refuse("unknown_method", req_method=name)
            arguments = _nested(incoming.arguments)
            missing = [n for n in method.required if arguments.get(n) in (None, "")]
            if missing:
                messages = [f"[ERROR] missing required field: {n}" for n in missing]
                raise refuse("invalid_arguments", messages)
            return JSONResponse({"ok": True, **method.run(arguments)})

        return effect

    def _check_token(self, name: str, incoming: Incoming) -> None:
        header = incoming.headers.get("authorization", "")
        token = header.removeprefix("Bearer ") or incoming.arguments.get("token")
        if not token:
            raise refuse("not_authed")
        wanted = self._app_token if name == "apps.connections.open" else self._bot_token
        if token in (self._app_token, self._bot_token) and token != wanted:
            raise refuse("not_allowed_token_type")
        if token != wanted:
            raise refuse("invalid_auth")

    def _auth_test(self, _: Json) -> Json:
        return {
            "url": f"https://{DOMAIN}.slack.com/",
            "team": "Playground",
            "user": self._workspace.users[BOT_USER].name,
            "team_id": TEAM,
            "user_id": BOT_USER,
            "bot_id": BOT,
            "app_id": APP,
            "is_enterprise_install": False,
        }


def _nested(arguments: Json) -> Json:
    """Forms carry nested values as JSON text."""
    return {k: _parsed(k, v) if k in NESTED and isinstance(v, str) else v for k, v in arguments.items()}


def _parsed(name: str, value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        raise refuse("invalid_blocks_format" if name == "blocks" else "invalid_arguments") from None
