"""What a member of the workspace does: write, press, fill in. Everything goes the way Slack would send it."""

from __future__ import annotations

import json
from typing import Any

from playground.courier import Delivered, Result
from playground.slack.workspace import elements
from playground.web.parts import Deed, Form, Seen
from playground.web.slack import HOME, me_of, place_of

Json = dict[str, Any]

COMMAND = "/standby"
SHORTCUT = "open_ticket"
MANY = ("multi_static_select", "multi_external_select", "checkboxes")
FILLED = (
    "plain_text_input", "email_text_input", "url_text_input", "number_input", "datepicker", "timepicker",
    "static_select", "external_select", "radio_buttons", *MANY,
)  # fmt: skip
"""What can be filled in on the page."""


async def say(seen: Seen, form: Form) -> None:
    """Write into the channel or thread; a line that begins with the command is one."""
    me, text = me_of(seen), form.get("text", "").strip()
    channel, thread = form.get("to") or place_of(seen, me), form.get("thread_of", "")
    if not text:
        raise ValueError("Write something first.")
    if channel == HOME:
        raise ValueError("There is nobody to write to here. Choose a channel first.")
    word, _, rest = text.partition(" ")
    if not word.startswith("/") or word.startswith("//"):
        await seen.play.slack.message(channel, me, text, thread or None)
    elif word != COMMAND:
        raise ValueError(f"This workspace has one command: {COMMAND}. Try: {COMMAND} help")
    elif thread:
        raise ValueError(f"Slack takes no commands in a thread. Write it in the channel: {text}")
    else:
        answer = await seen.play.slack.command(me, channel, COMMAND, rest.strip())
        _answered(answer, f"{COMMAND} failed")


async def press(seen: Seen, form: Form) -> None:
    """A button or an option of a message."""
    answer = await seen.play.slack.press(
        me_of(seen),
        form["channel_of"],
        form["ts"],
        form["action"],
        form.get("value"),
        form.get("block") or None,
    )
    _answered(answer, "That button did nothing")


async def press_view(seen: Seen, form: Form) -> None:
    """A button or an option of a modal or of the home tab."""
    answer = await seen.play.slack.press_view(
        me_of(seen), form["view"], form["action"], form.get("value"), form.get("block") or None
    )
    _answered(answer, "That button did nothing")


async def submit(seen: Seen, form: Form) -> None:
    """Send a modal in. What Slack's client would not send stands as a mistake at its field, and so do the bot's."""
    id = form["view"]
    view = seen.play.slack.views[id]
    values, missing = _filled(view, form)
    errors: dict[str, dict[str, str]] = seen.memory.setdefault("slack.errors", {})
    errors[id] = missing
    if missing:
        return
    answer = await seen.play.slack.submit(me_of(seen), id, values)
    _answered(answer, "The form was not sent")
    said = _object(answer)
    errors[id] = {k: str(v) for k, v in (said.get("errors") or {}).items()}


def _filled(view: Json, form: Form) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """The values by block and action, and what is missing by block."""
    values: dict[str, dict[str, Any]] = {}
    missing: dict[str, str] = {}
    for block in view["blocks"]:
        for element in elements(block):
            if element["type"] not in FILLED:
                continue
            name = f"{block['block_id']}/{element['action_id']}"
            many = element["type"] in MANY
            value: Any = form.getlist(name) if many else form.get(name, "").replace("\r\n", "\n").strip()
            if not value and block["type"] == "input" and not block.get("optional"):
                missing[block["block_id"]] = "Please fill this in."
            values.setdefault(block["block_id"], {})[element["action_id"]] = value or ([] if many else None)
    return values, missing


async def close(seen: Seen, form: Form) -> None:
    """Close a modal without sending it."""
    await seen.play.slack.close_view(me_of(seen), form["view"])


async def suggest(seen: Seen, form: Form) -> None:
    """Type into a field that asks the bot what to offer; the options are kept for this modal."""
    view, block, action = form["view"], form["block"], form["action"]
    answer = await seen.play.slack.suggest(me_of(seen), view, block, action, form.get("query", ""))
    _answered(answer, "No suggestions")
    said = _object(answer)
    groups = said.get("option_groups") or []
    options = [*(said.get("options") or []), *(o for g in groups for o in g.get("options") or [])]
    seen.memory.setdefault("slack.suggested", {})[f"{view}/{block}/{action}"] = options


async def home(seen: Seen, _: Form) -> None:
    """Open the app's home tab, which the bot then draws."""
    await seen.play.slack.home(me_of(seen))


async def shortcut(seen: Seen, form: Form) -> None:
    """Open a ticket from a message."""
    answer = await seen.play.slack.shortcut(me_of(seen), form["channel_of"], form["ts"], SHORTCUT)
    _answered(answer, "The shortcut failed")


async def dismiss(seen: Seen, form: Form) -> None:
    """Put a whisper away."""
    seen.memory.setdefault("slack.away", set()).add(form["ts"])


def _answered(answer: Result, failed: str) -> None:
    """Slack tells who pressed or typed that the app gave no answer; it does not try again."""
    last = answer[-1] if isinstance(answer, list) else answer
    if last.ok:
        return
    why = "did not answer within three seconds" if last.body == "timeout" else "can't be reached"
    why = f"answered with status {last.status}" if last.status else why
    raise ValueError(f"{failed}: the bot {why}. Slack does not try this again; do it once more in a moment.")


def _object(answer: Result) -> Json:
    last: Delivered = answer[-1] if isinstance(answer, list) else answer
    try:
        found = json.loads(last.body) if last.body.strip() else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


DEEDS: dict[str, Deed] = {
    "slack.say": say,
    "slack.press": press,
    "slack.press_view": press_view,
    "slack.submit": submit,
    "slack.close": close,
    "slack.suggest": suggest,
    "slack.home": home,
    "slack.shortcut": shortcut,
    "slack.dismiss": dismiss,
}
