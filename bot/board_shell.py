"""`standby board`: a link to the board for somebody whom chat does not reach, and the end of everybody's sessions."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.app.board_shell import ended_all, linked
from bot.app.context import Context, Setup
from bot.app.rows import UnitOfWork
from bot.beside import DEFAULT, bad_news, configured, wrong_use
from bot.config import Config
from bot.control import NotRunning, Unreachable, ask
from bot.domain.errors import NotPossible
from bot.wiring import StorageError, SystemClock, SystemRandom
from storage.engine import open_store

PATIENCE = 60.0
"""Seconds that an answer of the running Standby may take."""


def board(
    person: Annotated[str, typer.Option("--person", help="Who it is for: an id or a name of people.")] = "",
    end_all: Annotated[
        bool, typer.Option("--end-all", help="End every session, or those of --person.")
    ] = False,
    config: Annotated[Path, typer.Option("--config", "-c", help="The configuration file.")] = DEFAULT,
) -> None:
    """Print a link that lets a person into the board once, within 10 minutes. Hand it to nobody else."""
    if not person and not end_all:
        raise wrong_use("Say for whom: --person ID")
    loaded = configured(config)
    if end_all:
        typer.echo(_asked(loaded, {"board_end": person}, lambda ctx: ended_all(ctx, person)))
    else:
        typer.echo(_asked(loaded, {"board": person}, lambda ctx: linked(ctx, person)))


def _asked(loaded: Config, question: dict[str, Any], otherwise: Callable[[Context], str]) -> str:
    """The running Standby answers; where none runs, it is done here, on the database."""
    try:
        answer = ask(loaded.bot.data, question, PATIENCE)
    except NotRunning:
        return _here(loaded, otherwise)
    except Unreachable as error:
        raise bad_news(f"Standby can't be asked: {error}.") from None
    if not answer["done"]:
        raise bad_news("\n".join(answer["lines"]))
    return "\n".join(answer["lines"])


def _here(loaded: Config, work: Callable[[Context], str]) -> str:
    setup = Setup(
        directory=loaded.directory,
        capabilities={},
        random=SystemRandom(),
        public_url=loaded.bot.public_url,
    )

    def done(uow: UnitOfWork) -> str:
        return work(Context(uow=uow, now=SystemClock().now(), setup=setup))

    try:
        with contextlib.closing(open_store(loaded.storage_url, alone=False)) as store:
            return store.transact(done)
    except (NotPossible, StorageError) as error:
        raise bad_news(f"{error}.") from None
