"""What comes in, in our words. A channel's `inbound` module makes these from the vendor's; nothing else does.

`external_id` is the vendor's own id of the event: an event with a known one has had its effect already.
"""

from __future__ import annotations

import dataclasses
import datetime as dt

from bot.domain.events import Attachment
from bot.domain.grammar import Action
from bot.domain.hotline import Heard
from bot.domain.ids import Address, ChannelName


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sender:
    """Who, by the channel's stable identity (Slack user id, Telegram numeric id, E.164 number).

    `name` is a display name: shown, never trusted.
    """

    id: str
    name: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Inbound:
    """Something that came in. `address` is where an answer would go; `thread` in it where it was in a thread."""

    channel: ChannelName
    external_id: str
    sender: Sender
    address: Address


@dataclasses.dataclass(frozen=True, kw_only=True)
class MessageIn(Inbound):
    """Words, or files, or both. `message` is the vendor's id of it, for marks."""

    text: str
    message: str = ""
    attachments: tuple[Attachment, ...] = ()
    direct: bool = True
    """A private conversation with the bot, as opposed to a channel or group that others read."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ActionIn(Inbound):
    """A button, a menu entry, a tap. `action` is what its id said; `message` is where it stood."""

    action: Action
    message: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class CommandIn(Inbound):
    """A slash command's words: `ack MIT-1042`. Its answer goes back at once (Outcome.reply)."""

    text: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class FormIn(Inbound):
    """A filled form: `new` (text, severity or category, contact), `need`, `resolve` and `due` (text), `plan` (text and
    more), `severity` (severity), `category` and `exclude` (the id of one, as text).

    In a `new` form, `contact` is the id of a contact (ours to pick) or of nobody (the sender raises it). In a `plan`,
    `text` is what we do and `more` what the customer does."""

    form: str
    ticket: str = ""
    text: str = ""
    more: str = ""
    severity: str = ""
    category: str = ""
    contact: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReceiptIn(Inbound):
    """What became of something that we sent: `token` is the attempt's, `status` ours (delivered | failed).

    `error` is for the log, `code` the vendor's; `switch` says that a template should be tried instead,
    `retry` that the same thing may work later."""

    token: str
    status: str
    code: str = ""
    error: str = ""
    switch: bool = False
    retry: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class KeyIn(Inbound):
    """A key pressed on a call that we placed: `token` is the attempt's, `digits` what was pressed. Its answer is spoken
    (Outcome.reply)."""

    token: str
    digits: str
    call: str = ""
    """The vendor's id of the call."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class CallIn(Inbound):
    """Something happened on a call to our number (or on one that puts an engineer through), and the vendor waits to hear
    what comes next (Outcome.script). `sender` is the caller, by E.164 number; an empty id: the number is hidden.

    `call` is the vendor's id of the caller's call, `turn` that of the script that it answers. `seconds` is how long a
    talk or a recording was, `recording` the vendor's id of it. `gone`: the caller has hung up meanwhile."""

    call: str
    heard: Heard
    turn: int = 0
    digits: str = ""
    seconds: int = 0
    recording: str = ""
    bridged: bool = False
    """The vendor says that the two were put through to each other."""
    gone: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class LegIn(Inbound):
    """Whoever picked up a phone that we rang for a caller: hears who is calling (no `digits`), or presses a key. `sender`
    is that phone's number. The answer is Outcome.script."""

    call: str
    turn: int
    digits: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class CallReportIn(Inbound):
    """What we are told of a call afterwards: `what` is `over` (the caller's line is dead), `recording` (it can be listened
    to, `seconds` long; 0: there is nothing on it) or `transcript` (`text`)."""

    call: str
    what: str
    recording: str = ""
    seconds: int = 0
    text: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class HomeIn(Inbound):
    """One of us, or anybody, looks at the bot's own page (Slack's App Home). Its answer is shown there (Outcome.reply)."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Failed:
    """An inbound whose handling raised: kept whole, tried again, in the end put aside loudly."""

    inbound: Inbound
    error: str
    tries: int
    at: dt.datetime


KINDS: dict[str, type[Inbound]] = {kind.__name__: kind for kind in Inbound.__subclasses__()}
