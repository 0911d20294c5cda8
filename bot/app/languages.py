"""The languages that Standby speaks: English, and one for each catalogue."""

from __future__ import annotations

from functools import cache

from babel import Locale

from bot.app.speech import CATALOGUES


@cache
def spoken() -> tuple[str, ...]:
    """Their codes, such as `en`."""
    folders = (path.parent.name for path in CATALOGUES.glob("*/messages.po"))
    return ("en", *sorted(folders))


def language_named(words: str) -> str | None:
    """`pl`, `polski`, `Polish` -> `pl`, in any language that we speak; None for one that we don't."""
    wanted = words.strip(" .!").casefold()
    for code in spoken():
        names = {code} | {Locale(code).get_display_name(other) for other in spoken()}
        if wanted in {name.casefold() for name in names if name}:
            return code
    return None
