"""A one-time link to the board: handed out in private, good for one person, once, for ten minutes."""

from __future__ import annotations

import datetime as dt
import hashlib
from urllib.parse import urlsplit

from bot.app.context import Context
from bot.app.doors import BoardLink
from bot.domain.errors import NotPossible
from bot.domain.people import Person

GOOD_FOR = dt.timedelta(minutes=10)
MOST_OPEN = 5
ENTER = "/board/enter"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def digest_of(secret: str) -> str:
    """What is kept of a code or a cookie of ours: they are 256 random bits, which nobody finds by trying."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def is_loopback(public_url: str) -> bool:
    """Plain http on this machine, as in the demo: nothing crosses a network."""
    parts = urlsplit(public_url)
    return parts.scheme == "http" and parts.hostname in LOOPBACK


def new_link(ctx: Context, person: Person) -> str:
    """Raises NotPossible. The code is behind the `#`: no server on the way and no preview of links gets to see it. In hex, so that no
    program that looks for links in a text takes its end for punctuation."""
    url = ctx.setup.public_url
    if not url:
        raise NotPossible("There is no link: bot.public_url of the configuration is empty")
    if not url.startswith("https://") and not is_loopback(url):
        raise NotPossible("The board needs https, and bot.public_url of the configuration begins with http")
    if not any(person.is_engineer_of(team.name) for team in ctx.directory.teams):
        raise NotPossible("The board is for engineers and leads of a team")
    if ctx.uow.links.open_of(person.id, ctx.now) >= MOST_OPEN:
        raise NotPossible("You have several links to the board that still work: open the latest one")
    code = digest_of(ctx.setup.random.token() + ctx.setup.random.token())
    link = BoardLink(digest=digest_of(code), person=person.id, made=ctx.now, until=ctx.now + GOOD_FOR)
    ctx.uow.links.save(link)
    return f"{url}{ENTER}#{code}"
