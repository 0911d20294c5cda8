"""`standby policy`: what a policy promises, before anybody has to keep it. Exit codes as in bot/cli.py."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot.config import ConfigError, load_policy
from bot.promises import due as clocks
from bot.promises import explain as promise
from bot.promises import facts
from bot.promises import find as files
from bot.promises.replay import Told
from bot.promises.synthetic import made_up
from bot.promises.tickets import BadTickets, read_tickets
from bot.promises.times import Month, UnreadableTime, instant, month_of
from bot.promises.times import month as read_month
from bot.wiring import SystemClock
from escalation import lint as findings
from escalation import simulate as simulation
from escalation.calendar import EmptyCalendar
from escalation.policy import Policy, UnknownCategory, UnknownSeverity

policy = typer.Typer(no_args_is_help=True, help="What a policy promises: explain, due, lint, simulate.")

Name = Annotated[str, typer.Argument(help="A policy's name, or its .toml file.")]
ConfigPath = Annotated[
    Path | None, typer.Option("--config", "-c", help="Whose policies are meant; ./config.toml otherwise.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document and nothing else.")]
At = Annotated[str, typer.Option(help="ISO time; without an offset local to the policy. Now otherwise.")]
DEFAULT = Path("config.toml")
_NAMED = 5  # tickets, in a line for people


@policy.command()
def explain(name: Name, at: At = "", config: ConfigPath = None, as_json: AsJson = False) -> None:
    """The whole promise in plain words; holidays and single dates of the 12 months from --at on."""
    found = _policy(name, _configured(config))
    today = _at(at, found).astimezone(found.zone).date()
    _print(facts.document(found, today) if as_json else promise.lines(found, today))


@policy.command()
def due(
    name: Name,
    severity: Annotated[str, typer.Option(help="May be left out where there is only one.")] = "",
    category: Annotated[str, typer.Option(help="What the ticket is about.")] = "",
    plan: Annotated[str, typer.Option(help="The customer's plan.")] = "",
    at: At = "",
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> None:
    """By when is a ticket due that is opened at that time, and why?"""
    found = _policy(name, _configured(config))
    asked = clocks.Asked(
        policy=found,
        severity=_severity(found, severity),
        category=_category(found, category),
        plan=_plan(found, plan),
        at=_at(at, found),
    )
    try:
        _print(clocks.document(asked) if as_json else list(clocks.lines(asked)))
    except EmptyCalendar as error:
        _bad_news(f"{found.name}: {error}")


@policy.command()
def lint(name: Name, config: ConfigPath = None, as_json: AsJson = False) -> None:
    """What is legal in a policy but hardly meant?"""
    within = _configured(config)
    path = _path(name, within)
    found = _read(path)
    meant = within.exists and (config is not None or files.is_configured(path, within))
    today = SystemClock().now().astimezone(found.zone).date()
    written = files.written_hours(path)
    listed = findings.lint(
        found,
        today,
        within.chains if meant else None,
        written.windows,
        written.overrides,
        within.teams.get(found.name) if meant else None,
    )
    notes = [] if meant else [_unchecked(chain) for chain in findings.named_chains(found)]
    if as_json:
        entries = [{"key": finding.key, "message": finding.message} for finding in listed]
        _print({"policy": found.name, "findings": entries, "notes": notes})
    else:
        _print([*map(str, listed or ["Nothing found."]), *notes])
    raise typer.Exit(1 if listed else 0)


@policy.command()
def simulate(
    name: Name,
    under: Annotated[str, typer.Option(help="The other policy: its name, or its .toml file.")],
    tickets: Annotated[
        Path | None,
        typer.Option(help="Past tickets: JSON lines, as `standby export` prints. Made up otherwise."),
    ] = None,
    month: Annotated[str, typer.Option(help="YYYY-MM. All of --tickets, or this month, otherwise.")] = "",
    per_day: Annotated[int, typer.Option(help="Made up: about so many a day.", min=1, max=2000)] = 20,
    seed: Annotated[int, typer.Option(help="Made up: another seed, other tickets.")] = 1,
    at: Annotated[
        str, typer.Option(help="Tickets still open are judged at this ISO time. Now otherwise.")
    ] = "",
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> None:
    """Which of a month's tickets would be late under another policy?"""
    within = _configured(config)
    before, after = _policy(name, within), _policy(under, within)
    now, chosen = _at(at, before), _month(month)
    try:
        if tickets is not None:
            past, source = _past(tickets, before, after, chosen, now)
        else:
            chosen = chosen or month_of(now, before.zone)
            past, source = made_up(before, chosen, per_day, seed), f"made up for {chosen} (seed {seed})"
            now = max((now, *(ticket.resolved for ticket in past if ticket.resolved)))
        told = Told(
            before=before,
            after=after,
            tickets=len(past),
            source=source,
            result=simulation.simulate(before, after, past, now),
        )
    except EmptyCalendar as error:
        _bad_news(str(error))
    _print(told.document() if as_json else told.lines())
    raise typer.Exit(1 if told.is_worse else 0)


def _past(
    path: Path, before: Policy, after: Policy, month: Month | None, now: dt.datetime
) -> tuple[tuple[simulation.Past, ...], str]:
    """The tickets of a file, and how they are told of."""
    try:
        read = read_tickets(path, before, after, now)
    except BadTickets as error:
        _wrong_use(str(error))
    chosen = (t for t in read.tickets if month is None or month.has(t.opened, before.zone))
    left_out = f"; {read.others} of other policies left out" if read.others else ""
    return tuple(chosen), f"from {path}{f' in {month}' if month else ''}{left_out}{_again(read.twice)}"


def _again(ids: Sequence[str]) -> str:
    """The first of the tickets that came twice."""
    if not ids:
        return ""
    more = f" and {len(ids) - _NAMED} more" if len(ids) > _NAMED else ""
    return f"; more than one line of {', '.join(ids[:_NAMED])}{more}: the last one counts"


def _configured(config: Path | None) -> files.Configured:
    within, problems = files.configured(config or DEFAULT)
    for problem in problems:
        print(f"{problem}; going on without it", file=sys.stderr)
    return within


def _policy(name: str, within: files.Configured) -> Policy:
    return _read(_path(name, within))


def _path(name: str, within: files.Configured) -> Path:
    try:
        return files.find(name, within)
    except files.NoSuchPolicy as error:
        _wrong_use(str(error))


def _read(path: Path) -> Policy:
    try:
        return load_policy(path)
    except ConfigError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        mistakes = "1 mistake" if len(error.problems) == 1 else f"{len(error.problems)} mistakes"
        _bad_news(f"{path}: {mistakes}")


def _severity(found: Policy, severity: str) -> str:
    if not severity and len(found.severities) == 1:
        return found.severities[0].id
    try:
        return found.severity(severity).id
    except UnknownSeverity as error:
        _wrong_use(str(error) if severity else f"--severity is missing; use {', '.join(error.known)}")


def _category(found: Policy, category: str) -> str | None:
    try:
        return found.category(category).id if category else None
    except UnknownCategory as error:
        _wrong_use(str(error))


def _plan(found: Policy, plan: str) -> str:
    if plan and found.plan(plan) is None:
        known = ", ".join(own.id for own in found.plans) or "none"
        _wrong_use(f'unknown plan "{plan}"; this policy has {known}')
    return plan


def _at(text: str, found: Policy) -> dt.datetime:
    """The time that was given, or now; whole minutes of it, as people read them."""
    if not text:
        return SystemClock().now().replace(second=0, microsecond=0)
    try:
        return instant(text, found.zone)
    except UnreadableTime as error:
        _wrong_use(f"--at: {error}")


def _month(text: str) -> Month | None:
    try:
        return read_month(text) if text else None
    except UnreadableTime as error:
        _wrong_use(f"--month: {error}")


def _unchecked(chain: str) -> str:
    return f'note: whether there is a chain "{chain}" depends on the configuration; name it with --config'


def _print(what: dict[str, object] | Iterable[str]) -> None:
    """A document, or lines for people."""
    if isinstance(what, dict):
        print(json.dumps(what))
    else:
        for line in what:
            print(line)


def _bad_news(message: str) -> NoReturn:
    print(message, file=sys.stderr)
    raise typer.Exit(1)


def _wrong_use(message: str) -> NoReturn:
    print(message, file=sys.stderr)
    raise typer.Exit(2)
