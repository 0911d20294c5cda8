"""`standby page test`: the running Standby tries every way of a person, and the terminal shows what comes of each."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.beside import DEFAULT, bad_news, configured, wrong_use
from bot.config.values import duration
from bot.control import NotRunning, Unreachable, ask

PATIENCE = 60.0
"""Seconds that an answer of the running Standby may take."""
PAUSE = 1.0
"""Seconds between two questions."""

page = typer.Typer(no_args_is_help=True, help="The pager: test.")


@page.callback()
def _page() -> None:
    """So that `test` stays a word of its own while it is the only one."""


@page.command("test")
def page_test(
    person: Annotated[str, typer.Argument(help="Whose ways: an id or a name of people.")],
    wait: Annotated[str, typer.Option(help="How long they have to answer, from 1m to 2h.")] = "10m",
    config: Annotated[Path, typer.Option("--config", "-c", help="The configuration file.")] = DEFAULT,
) -> None:
    """Page a person by every way they have, as a test, and show what comes of each. Exit 1 unless all were answered."""
    loaded = configured(config)
    try:
        seconds = duration(wait).total_seconds()
    except ValueError as error:
        raise wrong_use(f'--wait "{wait}": {error}') from None
    if not 60 <= seconds <= 7200:
        raise wrong_use(f'--wait "{wait}": write a time from 1m to 2h')
    begun = _asked(loaded.bot.data, {"page_test": person, "wait": seconds})
    typer.echo(f"{begun['name']} is being tried; the code is {begun['code']}.")
    try:
        ways = _watched(loaded.bot.data, begun["id"])
    except KeyboardInterrupt:
        typer.echo("Nobody looks any more; the test page goes on.")
        raise typer.Exit(1) from None
    raise typer.Exit(0 if ways and all(way["answered"] for way in ways) else 1)


def _watched(data: Path, id: str) -> list[dict[str, Any]]:
    """Show each change until it is over; how each way stands then."""
    shown: dict[int, str] = {}
    for state in _states(data, id):
        for n, way in enumerate(state["ways"]):
            if shown.get(n) != way["state"]:
                shown[n] = way["state"]
                typer.echo(f"  {way['way']}: {way['state']}")
        if state["over"]:
            return list(state["ways"])
    raise AssertionError("it never ends")


def _states(data: Path, id: str) -> Iterator[dict[str, Any]]:
    never = threading.Event()
    while True:
        yield _asked(data, {"page_test_state": id})
        never.wait(PAUSE)


def _asked(data: Path, question: dict[str, Any]) -> dict[str, Any]:
    """The answer; where there is none, or it is bad news, the command ends with 1."""
    try:
        answer = ask(data, question, PATIENCE)
    except NotRunning:
        raise bad_news("Standby does not run.") from None
    except Unreachable as error:
        raise bad_news(f"Standby can't be asked: {error}.") from None
    if not answer["done"]:
        raise bad_news("\n".join(answer["lines"]))
    return answer
