"""Slack's words into ours. Pure: a request's body in, what it means out; None is nothing that we act on.

A place is a desk's channel id, or for anything private the person's own id: commands, forms and messages to us all
meet there, and sending to it opens the direct message. Slack's D... ids, which only it knows beforehand, stay out.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from bot.app.inbound import ActionIn, CommandIn, FormIn, HomeIn, Inbound, MessageIn, Sender
from bot.domain.events import Attachment
from bot.domain.grammar import parse_action
from bot.domain.ids import Address
from channels.slack import filled, forms
from channels.slack.home import home_of
from channels.slack.payload import SLACK, Json, dig, rows, word
from channels.slack.text import readable

FORM_VERBS = frozenset({*forms.WORDED, *forms.CHOSEN})
"""Buttons with these verbs and no value yet ask for it in a form."""
_HEARD = ("", "file_share", "thread_broadcast")


@dataclasses.dataclass(frozen=True, kw_only=True)
class OpenForm:
    """A modal to open at once: its trigger works once and lives for three seconds."""

    form: str
    trigger: str
    user: str
    origin: forms.Origin
    ticket: str = ""
    text: str = ""
    author: str = ""
    """Who wrote the message that a ticket is opened from."""
    typed: bool = False
    """Asked for by a slash command, which can be answered in words."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Suggest:
    """Somebody types into the field for a contact."""

    query: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Incomplete:
    """A form to be shown again: what is wrong, by block."""

    errors: dict[str, str]


Meaning = Inbound | OpenForm | Suggest | Incomplete | None
IsDesk = Callable[[str], bool]


def meaning(body: Json, is_desk: IsDesk, own: str = "") -> Meaning:
    """What a request means; `own` is our bot's user id where it is known."""
    match word(body, "type"):
        case "event_callback" if word(body, "event", "type") == "app_home_opened":
            return _home(body)
        case "event_callback":
            return _message(body, is_desk, own)
        case "block_actions":
            return _press(body)
        case "view_submission":
            return _submission(body, is_desk)
        case "block_suggestion" if word(body, "action_id") == forms.CONTACT:
            return Suggest(query=word(body, "value"))
        case "message_action" | "shortcut":
            return _shortcut(body)
        case "" if word(body, "command"):
            return _command(body, is_desk)
        case _:
            return None


# ---------------------------------------------------------------- words
def _message(body: Json, is_desk: IsDesk, own: str) -> MessageIn | None:
    """Private words and a desk's; what else is said in channels is none of our business."""
    event = dig(body, "event")
    if word(event, "type") != "message" or word(event, "subtype") not in _HEARD:
        return None
    user, place, ts = word(event, "user"), word(event, "channel"), word(event, "ts")
    ours = {own, "USLACKBOT", *(word(a, "user_id") for a in rows(body, "authorizations") if a.get("is_bot"))}
    if user in ours or word(event, "bot_id") or not (user and place and ts and word(body, "event_id")):
        return None
    text, files = _words(event), _files(event)
    direct = word(event, "channel_type") == "im"
    if not (direct or is_desk(place)) or not (text.strip() or files):
        return None
    return MessageIn(
        channel=SLACK,
        external_id=word(body, "event_id"),
        sender=Sender(id=user),
        address=_private(user) if direct else _address(place, word(event, "thread_ts"), ts),
        text=text,
        message=ts,
        attachments=files,
        direct=direct,
    )


def _words(event: object) -> str:
    """The text; of a forwarded message that came without any, what was forwarded."""
    said = readable(word(event, "text"))
    shared = (word(a, "text") or word(a, "fallback") for a in rows(event, "attachments"))
    return said if said.strip() else "\n".join(readable(text) for text in shared if text)


def _files(event: object) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(
            name=word(file, "name") or word(file, "title") or "file",
            mime=word(file, "mimetype") or "application/octet-stream",
            url=word(file, "url_private"),
        )
        for file in rows(event, "files")
        if word(file, "mode") not in ("tombstone", "hidden_by_limit")
    )


def _address(place: str, thread: str, ts: str) -> Address:
    """In a channel; a message that begins a thread stands outside of it."""
    return Address(channel=SLACK, place=place, thread=thread if thread != ts else "")


def _private(person: str) -> Address:
    """The direct message with somebody. Threads in it are ignored."""
    return Address(channel=SLACK, place=person)


def _asked_at(place: str, person: str, is_desk: IsDesk) -> Address:
    """Commands and shortcuts work anywhere, also where we are not: outside of a desk they are private."""
    return Address(channel=SLACK, place=place) if is_desk(place) else _private(person)


def _home(body: Json) -> HomeIn | None:
    """Somebody looks at our page; its tab with messages needs nothing."""
    user, id = word(body, "event", "user"), word(body, "event_id")
    return home_of(user, id) if word(body, "event", "tab") == "home" and user and id else None


def is_at_home(body: Json) -> bool:
    """Was this button on our page?"""
    return word(body, "type") == "block_actions" and word(body, "view", "type") == "home"


# ---------------------------------------------------------------- hands
def _press(body: Json) -> ActionIn | OpenForm | None:
    """A button, or an option of a menu: there the option says what is meant."""
    pressed = next(iter(rows(body, "actions")), {})
    chosen = word(pressed, "selected_option", "value")
    action = parse_action(chosen or word(pressed, "action_id"))
    trigger, user = word(body, "trigger_id"), word(body, "user", "id")
    private = user if is_at_home(body) else ""
    place = word(body, "container", "channel_id") or word(body, "channel", "id") or private
    if action is None or not (place and trigger and user):
        return None
    ts = word(body, "container", "message_ts")
    thread = word(body, "container", "thread_ts") or word(body, "message", "thread_ts")
    address = _private(user) if place.startswith("D") else _address(place, thread, ts)
    if action.verb in FORM_VERBS and not action.value:
        origin = forms.Origin(place=address.place, thread=address.thread)
        return OpenForm(form=action.verb, trigger=trigger, user=user, origin=origin, ticket=action.ticket)
    return ActionIn(
        channel=SLACK,
        external_id=trigger,
        sender=_person(body),
        address=address,
        action=action,
        message="" if dig(body, "container", "is_ephemeral") is True else ts,
    )


def _shortcut(body: Json) -> OpenForm | None:
    trigger, user = word(body, "trigger_id"), word(body, "user", "id")
    if word(body, "callback_id") not in ("open_ticket", "new_ticket") or not (trigger and user):
        return None
    return OpenForm(
        form=forms.NEW,
        trigger=trigger,
        user=user,
        origin=forms.Origin(place=word(body, "channel", "id")),
        text=_words(dig(body, "message")),
        author=word(body, "message", "user"),
    )


def _command(body: Json, is_desk: IsDesk) -> CommandIn | OpenForm | None:
    trigger, user, place = word(body, "trigger_id"), word(body, "user_id"), word(body, "channel_id")
    if not (trigger and user and place):
        return None
    text = readable(word(body, "text")).strip()
    if text.lower() == "new":
        origin = forms.Origin(place=place)
        return OpenForm(form=forms.NEW, trigger=trigger, user=user, origin=origin, typed=True)
    return CommandIn(
        channel=SLACK,
        external_id=trigger,
        sender=Sender(id=user, name=word(body, "user_name")),
        address=_asked_at(place, user, is_desk),
        text=text,
    )


def new_with_words(command: CommandIn) -> OpenForm:
    """`new` with words after it, as the form with these words in it."""
    return OpenForm(
        form=forms.NEW,
        trigger=command.external_id,
        user=command.sender.id,
        origin=forms.Origin(place=command.address.place),
        text=command.text[4:].strip(),
        typed=True,
    )


def _submission(body: Json, is_desk: IsDesk) -> FormIn | Incomplete | None:
    view, sender = dig(body, "view"), _person(body)
    form = filled.read(view)
    if form is None or not (word(view, "id") and sender.id):
        return None
    if errors := form.errors():
        return Incomplete(errors=errors)
    origin = form.origin
    address = _asked_at(origin.place, sender.id, is_desk)
    inside = origin.thread if address.place == origin.place else ""
    return FormIn(
        channel=SLACK,
        external_id="view:" + word(view, "id"),
        sender=sender,
        address=dataclasses.replace(address, thread=inside),
        form=form.form,
        ticket=form.ticket,
        text=form.text,
        more=form.more,
        severity=form.severity,
        category=form.category,
        contact=form.contact,
    )


def _person(body: Json) -> Sender:
    return Sender(id=word(body, "user", "id"), name=word(body, "user", "name"))
