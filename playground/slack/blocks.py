"""Block Kit's limits, refused as Slack refuses them: one message a mistake, with its JSON pointer."""

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
Errors = Iterator[str]

MESSAGE_BLOCKS, VIEW_BLOCKS, MESSAGE_CHARACTERS = 50, 100, 13_200
_LIMITED = {"static_select": 100, "multi_static_select": 100, "overflow": 5, "checkboxes": 10}
_LIMITED["radio_buttons"] = 10
_SELECTS = {
    f"{many}{kind}_select"
    for many in ("", "multi_")
    for kind in ("static", "external", "users", "conversations", "channels")
} | {"channels_select"}
_INPUTS = {
    "plain_text_input", "email_text_input", "url_text_input", "number_input", "datepicker", "timepicker",
    "datetimepicker", "checkboxes", "radio_buttons", "file_input", "rich_text_input",
} | _SELECTS  # fmt: skip
_ACTIONS = {"button", "overflow", "workflow_button"} | (_INPUTS - {"file_input"})
_BLOCKS = {
    "actions", "alert", "call", "card", "carousel", "container", "context", "context_actions", "data_table",
    "data_visualization", "divider", "file", "header", "image", "input", "markdown", "plan", "rich_text",
    "section", "table", "task_card", "video",
}  # fmt: skip


def _error(what: str, at: str) -> str:
    return f"[ERROR] {what} [json-pointer:{at}]"


def message_errors(blocks: Any) -> tuple[str, list[str]] | None:
    """Return Slack's error and its messages for the blocks of a message, or None."""
    if not isinstance(blocks, list) or any(not isinstance(b, dict) for b in blocks):
        return "invalid_blocks_format", []
    if found := list(_blocks(blocks, MESSAGE_BLOCKS, "/blocks")):
        return "invalid_blocks", found
    if _characters(blocks) > MESSAGE_CHARACTERS:
        return "msg_blocks_too_long", []
    return None


def view_errors(view: Any) -> list[str]:
    """Return what is wrong with a modal or a home tab."""
    if not isinstance(view, dict):
        return [_error("must be an object", "/view")]
    return list(_view(view))


def _view(view: Json) -> Errors:
    if view.get("type") not in ("modal", "home"):
        yield _error("must be one of: modal, home", "/view/type")
    blocks = view.get("blocks")
    if not isinstance(blocks, list) or any(not isinstance(b, dict) for b in blocks):
        yield _error("missing required field: blocks", "/view")
        return
    if view.get("type") == "modal":
        if "title" not in view:
            yield _error("missing required field: title", "/view")
        if "submit" not in view and any(b.get("type") == "input" for b in blocks):
            yield _error("missing required field: submit", "/view")
    for key in ("title", "submit", "close"):
        if key in view:
            yield from _text(view[key], f"/view/{key}", 24, plain=True)
    for key, most in (("private_metadata", 3000), ("callback_id", 255)):
        yield from _length(view.get(key), f"/view/{key}", most, least=0)
    yield from _blocks(blocks, VIEW_BLOCKS, "/view/blocks")


def _blocks(blocks: list[Json], most: int, at: str) -> Errors:
    if len(blocks) > most:
        yield _error(f"no more than {most} items allowed", at)
    ids = [b["block_id"] for b in blocks if b.get("block_id")]
    if len(set(ids)) != len(ids):
        yield _error("block_id must be unique", at)
    for i, block in enumerate(blocks):
        yield from _block(block, f"{at}/{i}")


def _block(block: Json, at: str) -> Errors:
    kind = block.get("type")
    if kind not in _BLOCKS:
        yield _error(f"unsupported type: {kind}", f"{at}/type")
        return
    yield from _length(block.get("block_id"), f"{at}/block_id", 255, least=0)
    match kind:
        case "section":
            yield from _section(block, at)
        case "header":
            yield from _text(block.get("text"), f"{at}/text", 150, plain=True)
        case "context":
            yield from _context(block.get("elements"), f"{at}/elements")
        case "actions":
            yield from _actions(block.get("elements"), f"{at}/elements")
        case "input":
            yield from _text(block.get("label"), f"{at}/label", 2000, plain=True)
            if "hint" in block:
                yield from _text(block["hint"], f"{at}/hint", 2000, plain=True)
            yield from _element(block.get("element"), f"{at}/element", _INPUTS)
        case "image":
            yield from _length(block.get("alt_text"), f"{at}/alt_text", 2000)
            if not (block.get("image_url") or block.get("slack_file")):
                yield _error("missing required field: image_url", at)
        case "markdown":
            yield from _length(block.get("text"), f"{at}/text", 12_000)


def _section(block: Json, at: str) -> Errors:
    if "text" not in block and not block.get("fields"):
        yield _error("must have text or fields", at)
    if "text" in block:
        yield from _text(block["text"], f"{at}/text", 3000)
    fields = block.get("fields") or []
    if len(fields) > 10:
        yield _error("no more than 10 items allowed", f"{at}/fields")
    for i, field in enumerate(fields):
        yield from _text(field, f"{at}/fields/{i}", 2000)
    if "accessory" in block:
        yield from _element(block["accessory"], f"{at}/accessory", _ACTIONS | {"image"})


def _context(elements: Any, at: str) -> Errors:
    if not isinstance(elements, list) or not 1 <= len(elements) <= 10:
        yield _error("must have 1 to 10 items", at)
        return
    for i, element in enumerate(elements):
        if element.get("type") != "image":
            yield from _text(element, f"{at}/{i}", 3000)


def _actions(elements: Any, at: str) -> Errors:
    if not isinstance(elements, list) or not elements:
        yield _error("must have at least 1 item", at)
        return
    if len(elements) > 25:
        yield _error("no more than 25 items allowed", at)
    ids = [e["action_id"] for e in elements if isinstance(e, dict) and e.get("action_id")]
    if len(set(ids)) != len(ids):
        yield _error("action_id must be unique within a block", at)
    for i, element in enumerate(elements):
        yield from _element(element, f"{at}/{i}", _ACTIONS)


def _element(element: Any, at: str, allowed: set[str]) -> Errors:
    if not isinstance(element, dict) or element.get("type") not in allowed:
        yield _error("unsupported element type", f"{at}/type")
        return
    kind = element["type"]
    yield from _length(element.get("action_id"), f"{at}/action_id", 255, least=0)
    if "placeholder" in element:
        yield from _text(element["placeholder"], f"{at}/placeholder", 150, plain=True)
    if kind == "button":
        yield from _button(element, at)
    if kind == "image":
        yield from _length(element.get("alt_text"), f"{at}/alt_text", 2000)
    if kind == "plain_text_input" and int(element.get("max_length") or 0) > 3000:
        yield _error("must be less than 3001", f"{at}/max_length")
    if isinstance(element.get("confirm"), dict):
        for key, most in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
            if key in element["confirm"]:
                yield from _text(element["confirm"][key], f"{at}/confirm/{key}", most, plain=key != "text")
    if kind in _LIMITED:
        yield from _options(element, at, _LIMITED[kind])


def _button(element: Json, at: str) -> Errors:
    yield from _text(element.get("text"), f"{at}/text", 75, plain=True)
    yield from _length(element.get("value"), f"{at}/value", 2000, least=0)
    yield from _length(element.get("url"), f"{at}/url", 3000, least=0)
    if element.get("style") not in (None, "primary", "danger"):
        yield _error("must be one of: primary, danger", f"{at}/style")


def _options(element: Json, at: str, most: int) -> Errors:
    groups = element.get("option_groups") or []
    options = [*(element.get("options") or []), *(o for g in groups for o in g.get("options") or [])]
    if not options:
        yield _error("must have at least 1 option", f"{at}/options")
    if len(element.get("options") or []) > most or any(len(g.get("options") or []) > 100 for g in groups):
        yield _error(f"no more than {most} items allowed", f"{at}/options")
    values = [o.get("value") for o in options]
    if len(set(values)) != len(values):
        yield _error("option values must be unique", f"{at}/options")
    plain = element["type"] not in ("checkboxes", "radio_buttons")
    for i, option in enumerate(options):
        yield from _text(option.get("text"), f"{at}/options/{i}/text", 75, plain=plain)
        yield from _length(option.get("value"), f"{at}/options/{i}/value", 150)
        if "description" in option:
            yield from _text(option["description"], f"{at}/options/{i}/description", 75, plain=plain)
    initial = element.get("initial_option")
    for chosen in [initial] if initial else element.get("initial_options") or []:
        if chosen not in options:
            yield _error("initial option must be one of the options", f"{at}/initial_option")


def _text(value: Any, at: str, most: int, plain: bool = False) -> Errors:
    kinds = ("plain_text",) if plain else ("plain_text", "mrkdwn")
    if not isinstance(value, dict) or value.get("type") not in kinds:
        yield _error(f"must be a text object of type {' or '.join(kinds)}", at)
        return
    yield from _length(value.get("text"), f"{at}/text", most)
    if unknown := set(value) - {"type", "text", "emoji", "verbatim"}:
        yield _error(f"unknown field: {sorted(unknown)[0]}", at)
    if "emoji" in value and value["type"] == "mrkdwn":
        yield _error("unknown field: emoji", at)


def _length(value: Any, at: str, most: int, least: int = 1) -> Errors:
    size = len(value) if isinstance(value, str) else 0
    if size > most:
        yield _error(f"must be less than {most + 1} characters", at)
    if size < least:
        yield _error(f"must be more than {least - 1} characters", at)


def _characters(value: Any) -> int:
    if isinstance(value, dict):
        return sum(len(v) if k == "text" and isinstance(v, str) else _characters(v) for k, v in value.items())
    return sum(map(_characters, value)) if isinstance(value, list) else 0
