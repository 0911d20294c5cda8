"""The operator's commands. Exit codes: 0 done, 1 the answer is bad news, 2 wrong use."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer
import uvloop

from bot.app.export import every_ticket, exported
from bot.beside import DEFAULT, wrong_use
from bot.beside import configured as _config
from bot.board_shell import board
from bot.calendars.check import check_calendars
from bot.config import Config, ConfigError, load
from bot.control import PID, Hangups, NotRunning, Unreachable, among, ask, reachable
from bot.doctor_shell import doctor
from bot.doctor_shell import warnings as unanswered
from bot.oncall_shell import oncall
from bot.page_shell import page
from bot.policy_shell import policy
from bot.report_shell import report
from bot.terminal import typed_lines
from bot.why_shell import why
from bot.wiring import PLUGINS, StorageError, SystemClock, build
from storage import schema
from storage.engine import open_store

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="A support desk that lives in chat, and its pager."
)
db = typer.Typer(no_args_is_help=True, help="The database: upgrade, check, backup.")
app.add_typer(db, name="db")
app.add_typer(page, name="page")
app.add_typer(policy, name="policy")
app.add_typer(report, name="report")
app.command()(doctor)
app.command()(oncall)
app.command()(why)
app.command()(board)

ConfigPath = Annotated[Path, typer.Option("--config", "-c", help="The configuration file.")]
PATIENCE = 60.0
"""Seconds that `reload` waits for its answer."""


@app.command()
def run(config: ConfigPath = DEFAULT) -> None:
    """Run Standby until it is told to stop (SIGTERM, Ctrl-C): then it takes nothing new, ends what it began, exits."""
    hangups = Hangups()
    loaded = _config(config)
    try:
        if loaded.storage_url.startswith("sqlite"):
            schema.upgrade(loaded.storage_url)
        standby = build(loaded)
    except StorageError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from None

    async def serving() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for sig in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(sig, stop.set)
        async with (
            standby.running(),
            reachable(loaded.bot.data, among(standby.questions), standby.log),
            hangups.answered(standby.reload),
        ):
            print(f"Standby listens on http://{loaded.bot.host}:{standby.port}", flush=True)
            await stop.wait()

    uvloop.run(serving())


@app.command()
def check(
    config: ConfigPath = DEFAULT,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document and nothing else.")] = False,
) -> None:
    """Is the configuration right? Prints every mistake at once, each by its dotted key."""
    loaded, problems, warnings = _checked(config)
    warnings += unanswered(loaded) if loaded else []
    if as_json:
        print(json.dumps({"ok": not problems, "problems": problems, "warnings": warnings}))
    else:
        _show(problems, warnings)
        if not problems:
            print(f"{config} is right.")
    raise typer.Exit(1 if problems else 0)


def _checked(path: Path) -> tuple[Config | None, list[str], list[str]]:
    """The configuration, or what is wrong with it or its calendars; and warnings."""
    try:
        loaded = load(path, PLUGINS, os.environ)
    except ConfigError as error:
        return None, [str(problem) for problem in error.problems], []
    problems, warnings = asyncio.run(check_calendars(loaded, SystemClock().now()))
    usable = None if problems else loaded
    return usable, [str(problem) for problem in problems], [*loaded.warnings, *warnings]


def _show(problems: list[str], warnings: list[str]) -> None:
    for line in problems:
        print(line)
    for line in warnings:
        print(f"warning: {line}")


@app.command()
def reload(config: ConfigPath = DEFAULT) -> None:
    """Have the running Standby read its configuration again. Where anything is wrong with it, nothing changes."""
    loaded, problems, warnings = _checked(config)
    _show(problems, warnings)
    if loaded is None:
        raise typer.Exit(1)
    try:
        answer = ask(loaded.bot.data, {"reload": str(loaded.path)}, PATIENCE)
    except NotRunning:
        print("Standby does not run.", file=sys.stderr)
        raise typer.Exit(1) from None
    except Unreachable as error:
        print(f"Standby can't be asked: {error}.", file=sys.stderr)
        print(
            f"SIGHUP to the process in {loaded.bot.data / PID} does the same; see its log.", file=sys.stderr
        )
        raise typer.Exit(1) from None
    for line in answer["lines"]:
        print(line)
    raise typer.Exit(0 if answer["done"] else 1)


@app.command()
def export(config: ConfigPath = DEFAULT) -> None:
    """Every ticket as a line of JSON, the oldest first: its times and outcomes, no texts and nobody's name."""
    try:
        with contextlib.closing(open_store(_config(config).storage_url, alone=False)) as store:
            for ticket in every_ticket(store):
                print(json.dumps(exported(ticket)))
    except StorageError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from None


@app.command()
def demo(
    name: Annotated[
        Literal["emergency", "call"] | None,
        typer.Argument(help="Which story: an emergency by chat (the default), or the emergency line."),
    ] = None,
    speed: Annotated[float, typer.Option(help="How many times faster than real time.", min=1, max=600)] = 1.0,
    story: Annotated[bool, typer.Option("--story", help="Play one story by itself and exit.")] = False,
) -> None:
    """The real bot against local stand-ins of Slack, Telegram and Twilio, on a page to open in a browser."""
    from bot.demo import play, show

    if name is not None and not story:
        raise wrong_use(f"A story is played with --story: standby demo --story {name}")
    raise typer.Exit(uvloop.run(play(name or "emergency") if story else show(speed)))


@app.command()
def chat(
    url: Annotated[str, typer.Option(help="Where Standby listens.")] = "http://127.0.0.1:8080",
    who: Annotated[str, typer.Option(help="Who you are there.")] = "you",
    token: Annotated[
        str, typer.Option(envvar="STANDBY_CONSOLE_TOKEN", help="The console channel's token.")
    ] = "",
) -> None:
    """Be a customer in this terminal (the console channel has to be configured)."""
    from channels.console.client import chat as talk

    print("Write in one message what is wrong. Ctrl-D ends.")
    fine = True
    with contextlib.suppress(KeyboardInterrupt):
        fine = asyncio.run(talk(url, token, who, typed_lines(), print))
    raise typer.Exit(0 if fine else 1)


@db.command("upgrade")
def db_upgrade(config: ConfigPath = DEFAULT) -> None:
    """Bring the database to this version (an SQLite file is copied first)."""
    url = _config(config).storage_url
    try:
        done = schema.upgrade(url)
    except StorageError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from None
    print(
        f"The database is at version {done.after}." + (f" A copy is at {done.backup}." if done.backup else "")
    )


@db.command("check")
def db_check(config: ConfigPath = DEFAULT) -> None:
    """Is the database at this version?"""
    try:
        state = schema.check(_config(config).storage_url)
    except StorageError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from None
    print(f"database {state.current or 'empty'}, this Standby {state.head}")
    raise typer.Exit(0 if state.up_to_date else 1)


@db.command("backup")
def db_backup(to: Path, config: ConfigPath = DEFAULT) -> None:
    """Copy a live SQLite database to a file (use pg_dump for PostgreSQL)."""
    try:
        schema.backup(_config(config).storage_url, to)
    except (StorageError, ValueError) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from None
    print(f"Copied to {to}.")
