"""What somebody on the phone hears, and what the phone does then. An adapter puts it into its vendor's form."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True, kw_only=True)
class Verb:
    """What comes after the words."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Hear(Verb):
    """Keys: one, or (`many`) as many as they like, ended by # or by silence. The words are cut short by a key.
    After `seconds` without one we are told of the silence; but a phone that we rang (`leg`) is hung up by the vendor."""

    seconds: int = 5
    many: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class Ring(Verb):
    """A phone rings, for so many seconds; the caller hears it ring. Whoever picks up is asked first, unless `plain`."""

    number: str
    seconds: int
    plain: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class Record(Verb):
    """A message, at most so long; any silence of some seconds or # ends it. `transcribe`: the vendor writes it down."""

    seconds: int
    transcribe: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class Connect(Verb):
    """Put through: whoever pressed 1 talks to the caller now."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class HangUp(Verb):
    """That was it."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Script:
    """`say` are sentences, ready to be spoken in `language`. `call` (the vendor's id of the caller's call) and `turn` come
    back with whatever happens next; `leg`: this is heard on the phone that we rang for them."""

    call: str
    turn: int
    language: str
    say: tuple[str, ...]
    verb: Verb
    leg: bool = False
