"""The shapes of what Slack sends: events, commands, block actions, submissions."""

from typing import Any

from playground.slack.workspace import APP, BOT_USER, DOMAIN, TEAM, Channel, User, Workspace, elements

Json = dict[str, Any]


def envelope(workspace: Workspace, event: Json) -> Json:
    """Return the outer form of an event callback, with a fresh event_id."""
    return {
        "token": "verification-token",
        "team_id": TEAM,
        "context_team_id": TEAM,
        "context_enterprise_id": None,
        "api_app_id": APP,
        "event": event,
        "type": "event_callback",
        "event_id": workspace.next_id("Ev"),
        "event_time": workspace.stage.stamp(),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM,
                "user_id": BOT_USER,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{workspace.next_id('EC')}",
    }


def message_event(channel: Channel, message: Json) -> Json:
    """Return the event of a new message."""
    return {
        **message,
        "type": "message",
        "channel": channel.id,
        "channel_type": channel.kind,
        "event_ts": message["ts"],
    }


def changed_event(channel: Channel, message: Json, previous: Json, ts: str) -> Json:
    """Return the event of an edited (or unfurled) message."""
    return {
        "type": "message",
        "subtype": "message_changed",
        "message": message,
        "previous_message": previous,
        "channel": channel.id,
        "hidden": True,
        "ts": ts,
        "event_ts": ts,
        "channel_type": channel.kind,
    }


def deleted_event(channel: Channel, previous: Json, ts: str) -> Json:
    """Return the event of a deleted message."""
    return {
        "type": "message",
        "subtype": "message_deleted",
        "previous_message": previous,
        "channel": channel.id,
        "hidden": True,
        "deleted_ts": previous["ts"],
        "ts": ts,
        "event_ts": ts,
        "channel_type": channel.kind,
    }


def rich_text(text: str) -> list[Json]:
    """Return the blocks that Slack's own clients send with a typed message."""
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return [{"type": "rich_text", "block_id": "typed", "elements": [section]}]


def person(user: User) -> Json:
    """Return the user of an interaction."""
    return {"id": user.id, "username": user.name, "name": user.name, "team_id": TEAM}


def interaction(kind: str, user: User, **data: Any) -> Json:
    """Return what all interactions share; shortcuts alone do not name the app."""
    app = {} if kind in ("message_action", "shortcut") else {"api_app_id": APP}
    return {
        "type": kind,
        "user": person(user),
        **app,
        "token": "verification-token",
        "team": {"id": TEAM, "domain": DOMAIN},
        "enterprise": None,
        "is_enterprise_install": False,
        **data,
    }


def slash(workspace: Workspace, user: User, channel: Channel, command: str, text: str) -> dict[str, str]:
    """Return the form of a slash command."""
    return {
        "token": "verification-token",
        "team_id": TEAM,
        "team_domain": DOMAIN,
        "channel_id": channel.id,
        "channel_name": channel.name,
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": workspace.response_url(channel.id, "", user.id),
        "trigger_id": workspace.trigger(user.id),
    }


def find_element(blocks: list[Json], action_id: str, block_id: str | None, value: str | None) -> Json | None:
    """Return block and element that a person means; a button may be told apart by its value."""
    for block in blocks:
        for element in elements(block):
            if element.get("action_id") != action_id or block_id not in (None, block.get("block_id")):
                continue
            if element.get("type") == "button" and value not in (None, element.get("value")):
                continue
            return {"block": block, "element": element}
    return None


def action(block: Json, element: Json, value: Any, action_ts: str) -> Json:
    """Return one entry of `actions`: the pressed button, or the chosen option."""
    base = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": action_ts,
    }
    if element["type"] == "button":
        return {**base, **{k: v for k, v in element.items() if k in ("text", "value", "style", "url")}}
    kept = {k: v for k, v in element.items() if k == "placeholder"}
    return {**base, **kept, **chosen(element, value, [])}


_PLAIN = {
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
}


def chosen(element: Json, value: Any, suggested: list[Json]) -> Json:
    """Return a value as Slack reports it; an option must be one that the person was shown."""
    kind = element["type"]
    if kind in _PLAIN:
        return {_PLAIN[kind]: value}
    options = [*(element.get("options") or []), *suggested]
    options += [o for group in element.get("option_groups") or [] for o in group["options"]]
    by_value = {o["value"]: o for o in options}
    if kind in ("checkboxes", "multi_static_select", "multi_external_select"):
        return {"selected_options": [_option(by_value, v) for v in value or []]}
    if kind in ("static_select", "external_select", "overflow", "radio_buttons"):
        return {"selected_option": None if value is None else _option(by_value, value)}
    raise LookupError(f"the playground cannot fill in a {kind}")


def _option(by_value: dict[str, Json], value: str) -> Json:
    if value not in by_value:
        raise LookupError(f"no option {value!r}; there are {sorted(by_value)}")
    return by_value[value]


def initial(element: Json) -> Any:
    """Return what an untouched element holds."""
    if "initial_option" in element:
        return element["initial_option"]["value"]
    if "initial_options" in element:
        return [o["value"] for o in element["initial_options"]]
    names = ("initial_value", "initial_date", "initial_time", "initial_date_time", "initial_user")
    return next((element[n] for n in (*names, "initial_conversation") if n in element), None)


def state(view: Json, values: dict[str, dict[str, Any]], suggested: dict[str, list[Json]]) -> Json:
    """Return view.state for what a person filled in; what the modal does not have is a mistake."""
    unknown = {(b, a) for b, row in values.items() for a in row}
    found: dict[str, Json] = {}
    for block in view["blocks"]:
        for element in elements(block):
            if element["type"] in ("button", "overflow", "image"):
                continue
            name = (block["block_id"], element["action_id"])
            value = values.get(name[0], {}).get(name[1], initial(element))
            unknown.discard(name)
            _check_filled(block, element, value)
            shown = suggested.get(f"{name[0]}/{name[1]}", [])
            filled = {"type": element["type"], **chosen(element, value, shown)}
            found.setdefault(name[0], {})[name[1]] = filled
    if unknown:
        raise LookupError(f"the view has no {sorted(unknown)}; it has {found}")
    return {"values": found}


def _check_filled(block: Json, element: Json, value: Any) -> None:
    """Slack's client does not submit an empty required input or an overlong text."""
    if block["type"] == "input" and not block.get("optional") and value in (None, "", []):
        raise ValueError(f"{block['block_id']}/{element['action_id']} is required: Slack would not submit")
    if isinstance(value, str) and len(value) > int(element.get("max_length") or 3000):
        raise ValueError(f"{block['block_id']}/{element['action_id']} is too long: Slack would not submit")
