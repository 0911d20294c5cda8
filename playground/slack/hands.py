"""What people do with buttons, shortcuts and modals."""

import json
from typing import Any

from playground.courier import Delivered, Result
from playground.slack import payloads
from playground.slack.delivery import Delivery
from playground.slack.directory import Views
from playground.slack.text import escaped, seen
from playground.slack.workspace import APP, TEAM, Channel, User, Workspace, public

Json = dict[str, Any]


class Hands:
    """Presses, submissions and shortcuts, as people make them."""

    def __init__(self, workspace: Workspace, delivery: Delivery, views: Views) -> None:
        self._workspace, self._delivery, self._views = workspace, delivery, views
        self._stage = workspace.stage
        self._suggested: dict[str, dict[str, list[Json]]] = {}

    async def press(
        self,
        user: str,
        channel: str,
        ts: str,
        action_id: str,
        value: str | None = None,
        block_id: str | None = None,
        *,
        stale: bool = False,
        times: int = 1,
    ) -> Result:
        """Press a button or choose an option (`value`) in a message; `stale`: also one that an edit took away."""
        place = self._place(channel)
        message, ephemeral = _find_message(place, ts)
        versions = [message, *(reversed(place.versions.get(ts, [])) if stale else [])]
        found = next((f for m in versions if (f := _element(m, action_id, block_id, value))), None)
        if found is None:
            raise LookupError(f"{ts} has no {action_id!r} (value {value!r}): {seen(message)}")
        who = self._workspace.user(user)
        payload = self._block_actions(who, found, value)
        payload |= self._message_container(place, message, ephemeral, who)
        self._tell("pressed", user, place.id, message.get("thread_ts", ""), ts, found["element"], value)
        return await self._delivery.interact(payload, times=times)

    async def press_view(
        self,
        user: str,
        view_id: str,
        action_id: str,
        value: Any = None,
        block_id: str | None = None,
        *,
        times: int = 1,
    ) -> Result:
        """Press a button or choose an option in a modal or a home tab."""
        view = self._view(view_id)
        found = payloads.find_element(view["blocks"], action_id, block_id, value)
        if found is None:
            raise LookupError(f"view {view_id} has no {action_id!r}")
        payload = self._block_actions(self._workspace.user(user), found, value)
        payload |= {"view": view, "container": {"type": "view", "view_id": view_id}}
        self._tell("pressed", user, "", "", view_id, found["element"], value)
        return await self._delivery.interact(payload, times=times)

    async def shortcut(self, user: str, channel: str, ts: str, callback_id: str, *, times: int = 1) -> Result:
        """Use a message shortcut."""
        place, who = self._place(channel), self._workspace.user(user)
        message = place.messages[ts]
        payload = payloads.interaction(
            "message_action",
            who,
            callback_id=callback_id,
            trigger_id=self._workspace.trigger(user),
            message_ts=ts,
            action_ts=self._workspace.next_ts(),
            response_url=self._workspace.response_url(place.id, ts, user),
            channel={"id": place.id, "name": place.name},
            message=public(message),
        )
        self._stage.tell("slack", "shortcut", who=user, where=place.id, id=ts, text=callback_id, raw=payload)
        return await self._delivery.interact(payload, times=times)

    async def global_shortcut(self, user: str, callback_id: str, *, times: int = 1) -> Result:
        """Use a global shortcut."""
        who = self._workspace.user(user)
        payload = payloads.interaction(
            "shortcut",
            who,
            callback_id=callback_id,
            trigger_id=self._workspace.trigger(user),
            action_ts=self._workspace.next_ts(),
        )
        self._stage.tell("slack", "shortcut", who=user, text=callback_id, raw=payload)
        return await self._delivery.interact(payload, times=times)

    async def submit(
        self, user: str, view_id: str, values: dict[str, dict[str, Any]] | None = None, *, times: int = 1
    ) -> Result:
        """Fill in a modal and press its submit button; the bot's response_action takes effect."""
        view = self._view(view_id)
        if not view.get("submit"):
            raise LookupError(f"view {view_id} has no submit button")
        state = payloads.state(view, values or {}, self._suggested.get(view_id, {}))
        payload = payloads.interaction(
            "view_submission",
            self._workspace.user(user),
            trigger_id=self._workspace.trigger(user),
            view={**view, "state": state},
            response_urls=[],
        )
        self._stage.tell(
            "slack", "submitted", who=user, id=view_id, text=json.dumps(values or {}), raw=payload
        )
        answer = await self._delivery.interact(payload, times=times)
        self._respond(view, user, answer[0] if isinstance(answer, list) else answer)
        return answer

    def _respond(self, view: Json, user: str, answer: Delivered) -> None:
        """Do what the answer to a submission says: close, show errors, or show another view."""
        if not answer.ok:
            self._views.tell("view_failed", view, user, "We had some trouble connecting. Try again?")
            return
        body = _json_object(answer.body)
        match body.get("response_action"):
            case "errors":
                text = "\n".join(f"{block}: {error}" for block, error in body.get("errors", {}).items())
                self._views.tell("view_errors", view, user, text)
            case "update":
                self._views.tell("view_updated", self._views.store(body["view"], view["id"]), user)
            case "push":
                pushed = self._views.store(body["view"], self._workspace.next_id("V"))
                pushed |= {"root_view_id": view["root_view_id"], "previous_view_id": view["id"]}
                self._workspace.view_users[pushed["id"]] = user
                self._views.tell("view_opened", pushed, user)
            case _:
                self._workspace.views.pop(view["id"], None)
                self._views.tell("view_closed", view, user, "")

    async def close_view(self, user: str, view_id: str) -> Delivered | None:
        """Close a modal by hand; the bot hears of it only with notify_on_close."""
        view = self._view(view_id)
        self._workspace.views.pop(view_id)
        self._views.tell("view_closed", view, user, "")
        if not view["notify_on_close"]:
            return None
        payload = payloads.interaction("view_closed", self._workspace.user(user), view=view, is_cleared=False)
        answer = await self._delivery.interact(payload)
        return answer if isinstance(answer, Delivered) else answer[0]

    async def suggest(
        self, user: str, view_id: str, block_id: str, action_id: str, query: str = ""
    ) -> Delivered:
        """Type into an external select; what the bot offers may then be submitted."""
        view = self._view(view_id)
        if payloads.find_element(view["blocks"], action_id, block_id, None) is None:
            raise LookupError(f"view {view_id} has no {block_id}/{action_id}")
        payload = payloads.interaction(
            "block_suggestion",
            self._workspace.user(user),
            action_id=action_id,
            block_id=block_id,
            value=query,
            view=view,
            container={"type": "view", "view_id": view_id},
        )
        answer = await self._delivery.interact(payload)
        single = answer if isinstance(answer, Delivered) else answer[0]
        body = _json_object(single.body) if single.ok else {}
        groups = body.get("option_groups") or []
        options = [*(body.get("options") or []), *(o for g in groups for o in g["options"])]
        self._suggested.setdefault(view_id, {})[f"{block_id}/{action_id}"] = options
        labels = "\n".join(str(o["text"]["text"]) for o in options)
        self._stage.tell("slack", "suggestions", who="bot", to=user, id=view_id, text=labels, raw=body)
        return single

    def _block_actions(self, user: User, found: Json, value: Any) -> Json:
        action = payloads.action(found["block"], found["element"], value, self._workspace.next_ts())
        return payloads.interaction(
            "block_actions",
            user,
            trigger_id=self._workspace.trigger(user.id),
            actions=[action],
        )

    def _message_container(self, place: Channel, message: Json, ephemeral: bool, user: User) -> Json:
        container: Json = {
            "type": "message",
            "message_ts": message["ts"],
            "channel_id": place.id,
            "is_ephemeral": ephemeral,
        }
        if message.get("thread_ts"):
            container["thread_ts"] = message["thread_ts"]
        payload: Json = {
            "container": container,
            "channel": {"id": place.id, "name": place.name},
            "state": {"values": {}},
            "response_url": self._workspace.response_url(place.id, message["ts"], user.id),
        }
        if not ephemeral:
            payload["message"] = {**public(message), "app_id": APP, "team": TEAM}
        return payload

    def _place(self, channel: str) -> Channel:
        if channel not in self._workspace.channels:
            raise LookupError(f"no Slack channel {channel}; there are {sorted(self._workspace.channels)}")
        return self._workspace.channels[channel]

    def _view(self, view_id: str) -> Json:
        for view in [*self._workspace.views.values(), *self._workspace.homes.values()]:
            if view["id"] == view_id:
                return view
        raise LookupError(f"no open view {view_id}; there are {sorted(self._workspace.views)}")

    def _tell(
        self, kind: str, user: str, where: str, thread: str, on: str, element: Json, value: Any
    ) -> None:
        label = element.get("text", {}).get("text") if element["type"] == "button" else value
        raw = {"element": element, "value": value}
        text = escaped(str(label))
        self._stage.tell("slack", kind, who=user, where=where, thread=thread, id=on, text=text, raw=raw)


def _find_message(place: Channel, ts: str) -> tuple[Json, bool]:
    if ts in place.messages:
        return place.messages[ts], False
    if ts in place.ephemerals:
        return place.ephemerals[ts], True
    raise LookupError(f"no message {ts} in {place.id}")


def _element(message: Json, action_id: str, block_id: str | None, value: str | None) -> Json | None:
    blocks = [
        *(message.get("blocks") or []),
        *(b for a in message.get("attachments") or [] for b in a.get("blocks") or []),
    ]
    return payloads.find_element(blocks, action_id, block_id, value)


def _json_object(text: str) -> Json:
    try:
        found = json.loads(text) if text.strip() else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
