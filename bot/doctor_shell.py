"""`standby doctor`: what is not as it should be, and what to do about it; and the documents with which the emergency line
works while Standby is down."""

from __future__ import annotations

import asyncio
import dataclasses
import ipaddress
import json
import os
from pathlib import Path
from typing import Annotated

import httpx
import typer

from bot.app.context import Context
from bot.app.fallback_check import Hosted, Problem, Unreadable, problems, unread
from bot.app.fallback_numbers import CALL, dialled, numbers_now
from bot.app.fallback_said import ACCEPT, ACCEPT_URL, COMMAND, LINE, SCREEN, Fallback, said_of, steps
from bot.app.trust_places import people_on
from bot.beside import DEFAULT, bad_news, configured, seen_or_configured, wrong_use
from bot.config import Config, ConfigError, load
from bot.control import NotRunning, Unreachable, ask
from bot.domain.dialling import refusal
from bot.domain.people import Person
from bot.wiring import PLUGINS, StorageError, SystemClock
from channels.twilio import TwilioSettings
from channels.twilio import fallback as twiml
from storage import schema

PATIENCE = 5.0
"""Seconds that the running Standby has for an answer."""
RETRIES = "#rc=5&rp=5xx,ct,rt"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Finding:
    """What was looked at, and what is to be said of it; where it is not `ok`, that is what to do."""

    about: str
    ok: bool
    says: str


def doctor(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="[DIR]", help="Where the documents are written; printed otherwise."),
    ] = None,
    config: Annotated[Path, typer.Option("--config", "-c", help="The configuration file.")] = DEFAULT,
    voice_fallback: Annotated[
        bool, typer.Option("--voice-fallback", help="The documents that answer calls while Standby is down.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document and nothing else.")] = False,
) -> None:
    """Is everything as it should be? Says of each thing that is not what to do about it; exit 1 where there is any."""
    if voice_fallback:
        _tell_fallback(fallback_of(configured(config)), folder, as_json)
        return
    if folder is not None:
        raise wrong_use(f"A folder is for the documents only: {COMMAND} {folder}")
    findings = examined(config)
    fine = all(finding.ok for finding in findings)
    if as_json:
        typer.echo(json.dumps({"ok": fine, "checks": [dataclasses.asdict(it) for it in findings]}))
    for finding in () if as_json else findings:
        typer.echo(f"{'ok   ' if finding.ok else 'WRONG'}  {finding.about}: {finding.says}")
    raise typer.Exit(0 if fine else 1)


# ---------------------------------------------------------------- the checklist
def examined(path: Path) -> list[Finding]:
    """Everything that is looked at, in order. Without a configuration nothing else can be."""
    try:
        config = load(path, PLUGINS, os.environ)
    except ConfigError as error:
        return [Finding(about="configuration", ok=False, says=str(problem)) for problem in error.problems]
    found = [Finding(about="configuration", ok=True, says=f"{path} is right.")]
    found += [_database(config), _process(config)]
    settings = calling(config)
    if settings is None:
        return [*found, Finding(about="calls", ok=True, says="off: channels.twilio.voice_from is not set.")]
    hosted, screened = _hosted(settings), bool(_accept_url(settings))
    return found + seen_or_configured(
        config, SystemClock().now(), lambda ctx: [*_phones(ctx), *_fallback(ctx, settings, hosted, screened)]
    )


def calling(config: Config) -> TwilioSettings | None:
    """Twilio's section, where calls are on."""
    settings = config.channels.get("twilio")
    return settings if isinstance(settings, TwilioSettings) and settings.voice_from else None


def warnings(config: Config) -> list[str]:
    """For `standby check`: calls that nobody answers while Standby is down."""
    settings = calling(config)
    if settings is None or settings.voice_fallback_url:
        return []
    return [
        "channels.twilio.voice_fallback_url: not set, so nobody answers the emergency line while Standby is down; "
        f"{COMMAND} says how to set it up"
    ]


def _database(config: Config) -> Finding:
    try:
        state = schema.check(config.storage_url)
    except StorageError as error:
        return Finding(about="database", ok=False, says=str(error))
    if state.up_to_date:
        return Finding(about="database", ok=True, says=f"at version {state.current}, as it should be.")
    if state.current is None:
        todo = "There is none yet. Run: standby db upgrade"
    else:
        todo = (
            f"It is at version {state.current}, this Standby works with {state.head}. Run: standby db upgrade"
        )
    return Finding(about="database", ok=False, says=todo)


def _process(config: Config) -> Finding:
    """It answers at the address where it listens; where it does not, the socket tells whether it runs at all."""
    host, port = config.bot.address
    at = f"{'127.0.0.1' if _is_everywhere(host) else host}:{port}"
    try:
        ready = httpx.get(f"http://{at}/readyz", timeout=PATIENCE, trust_env=False)
    except httpx.HTTPError:
        return Finding(about="running", ok=False, says=_silent(config, at))
    if ready.status_code == 200:
        return Finding(about="running", ok=True, says=f"it answers at {at} and can page.")
    told = f"it answers at {at}, but can't page ({ready.status_code}). See http://{at}/readyz and its log."
    return Finding(about="running", ok=False, says=told)


def _is_everywhere(host: str) -> bool:
    """Does it listen on all of the machine's addresses?"""
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False


def _silent(config: Config, at: str) -> str:
    try:
        ask(config.bot.data, {"doctor": ""}, PATIENCE)
    except (NotRunning, Unreachable):
        return f"Standby does not run: nothing answers at {at}. Start it: standby run"
    return f"Standby runs, but nothing answers at {at}. See its log, and bot.listen."


def _phones(ctx: Context) -> list[Finding]:
    """Everybody who is put on call by some schedule."""
    ids = dict.fromkeys(id for s in ctx.directory.schedules for id in people_on(ctx.schedule(s.name)))
    people = [person for id in ids if (person := ctx.directory.listed(id)) is not None]
    silent = [person for person in people if not dialled(ctx.directory, person)]
    if not silent:
        return [Finding(about="phones", ok=True, says="everybody who is put on call can be called.")]
    return [Finding(about="phones", ok=False, says=_no_phone(ctx, person)) for person in silent]


def _no_phone(ctx: Context, person: Person) -> str:
    barred = person.identities.get(CALL, "")
    if not barred:
        return f"{person.name} is put on call and has no phone. Set people.phones of {person.id}."
    why = refusal(barred, ctx.directory.hotline)
    return f"{person.name} is put on call, but {barred} is not dialled ({why}). See voice.countries."


# ---------------------------------------------------------------- what is hosted
def _hosted(settings: TwilioSettings) -> Hosted | Unreadable | None:
    """What the vendor has; None where none is configured."""
    read = twiml.reader(settings)
    if read is None:
        return None
    try:
        return asyncio.run(read())
    except Unreadable as error:
        return error


def _fallback(
    ctx: Context, settings: TwilioSettings, hosted: Hosted | Unreadable | None, screened: bool
) -> list[Finding]:
    """`screened`: the document at voice_screen_url asks for a key."""
    about = "when Standby is down"
    if hosted is None:
        todo = f"nobody answers the emergency line. Set it up: {COMMAND}"
        return [Finding(about=about, ok=False, says=todo)]
    if isinstance(hosted, Unreadable):
        wrong: tuple[Problem, ...] = (unread(hosted),)
    else:
        wrong = problems(ctx, hosted, settings.voice_screen_url or "")
    found = [Finding(about=about, ok=False, says=said_of(problem)) for problem in wrong]
    if not settings.voice_screen_url:
        todo = f"whoever picks up need not press a key, so a voicemail takes the call. Set it up: {COMMAND}"
        found.append(Finding(about=about, ok=False, says=todo))
    elif not screened:
        todo = f"the document at channels.twilio.voice_screen_url asks for no key. Paste {SCREEN} again: {COMMAND}"
        found.append(Finding(about=about, ok=False, says=todo))
    return found or [Finding(about=about, ok=True, says="the emergency line dials whoever is on call.")]


def _accept_url(settings: TwilioSettings) -> str:
    """Where the document `screen` goes, as it is hosted; empty where that can't be told."""
    url = settings.voice_screen_url
    if not url:
        return ""

    async def read() -> str:
        async with twiml.client() as http:
            return await twiml.accept_url(http, url, settings.account_sid, settings.tokens[0])

    try:
        return asyncio.run(read())
    except Unreadable:
        return ""


# ---------------------------------------------------------------- the documents
def fallback_of(config: Config) -> Fallback:
    """As they should be now. Where calls are off, or nobody can be called, the command ends with 1."""
    settings = calling(config)
    if settings is None or settings.voice_from is None:
        raise bad_news("Calls are off: set channels.twilio.voice_from to your number first.")
    numbers = seen_or_configured(config, SystemClock().now(), numbers_now)
    if not numbers:
        raise bad_news("There is nobody to call: set people.phones, and see voice.countries.")
    language = config.directory.policy(config.directory.teams[0].policy).language
    voice, screen_url, accept_url = (
        settings.voice or "",
        settings.voice_screen_url or "",
        _accept_url(settings),
    )
    return Fallback(
        documents={
            ACCEPT: twiml.accept(),
            SCREEN: twiml.screen(language, voice, accept_url or ACCEPT_URL),
            LINE: twiml.fallback(numbers, language, voice, settings.voice_from, screen_url, accept_url),
        },
        numbers=numbers,
        voice_url=f"{config.bot.public_url}/twilio/voice/incoming{RETRIES}",
        status_url=f"{config.bot.public_url}/twilio/status",
        fallback_url=settings.voice_fallback_url or "",
        screen_url=screen_url,
        screened=bool(accept_url),
    )


def _tell_fallback(made: Fallback, folder: Path | None, as_json: bool) -> None:
    if folder is not None:
        _write(made.documents, folder)
    if as_json:
        typer.echo(json.dumps(dataclasses.asdict(made)))
        return
    for name, text in made.documents.items() if folder is None else ():
        typer.echo(f"{name}:\n{text}\n")
    for line in steps(made, "" if folder is None else f"{folder}/"):
        typer.echo(line)


def _write(documents: dict[str, str], folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in documents.items():
            (folder / name).write_text(text + "\n", "utf-8")
    except OSError as error:
        raise wrong_use(f"{folder} can't be written: {error.strerror or error}") from None
