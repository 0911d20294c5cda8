"""`standby report`: what was done, for those who pay for it. Exit codes as in bot/cli.py."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.app.context import Context
from bot.app.hours import OnCallHours, on_call_hours, unknown_before
from bot.app.timesheet import CallOut, Ending, Outcome, call_outs, period, sums
from bot.beside import DEFAULT, bad_news, configured, seen, wrong_use
from bot.config import Config
from bot.domain.ids import PersonId
from bot.wiring import StorageError, SystemClock

T = TypeVar("T")
report = typer.Typer(no_args_is_help=True, help="What was done: timesheet, oncall.")

WIDEST = 120
"""Columns of a table for people."""
Since = Annotated[str, typer.Option(help="The first date, such as 2026-11-01.")]
Until = Annotated[str, typer.Option(help="The date behind the last, such as 2026-12-01.")]
ConfigPath = Annotated[Path, typer.Option("--config", "-c", help="The configuration file.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="For a spreadsheet, with a header.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document and nothing else.")]
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@report.callback()
def _reports() -> None:
    """What was done: timesheet, oncall."""


@report.command()
def timesheet(
    since: Since = "",
    until: Until = "",
    person: Annotated[str, typer.Option(help="Only this one, by id.")] = "",
    config: ConfigPath = DEFAULT,
    as_csv: AsCsv = False,
    as_json: AsJson = False,
) -> None:
    """Every call-out of every engineer: when, for whom, how long. This month so far; on its first day, the month
    before."""
    asked = _asked(config, since, until, both=as_csv and as_json)
    loaded, first, behind = asked.config, asked.first, asked.behind
    known = [p.id for p in loaded.directory.people]
    if person and person not in known:
        raise wrong_use(f'unknown person "{person}"; there is {", ".join(known) or "none"}')
    who = PersonId(person) if person else None
    rows = asked.looks(lambda ctx: call_outs(ctx, first, behind, who))
    if as_csv:
        _print_csv(COLUMNS, rows)
    elif as_json:
        print(json.dumps(_document(rows, first, behind)))
    else:
        _print_table(rows, first, behind)


@report.command()
def oncall(
    since: Since = "",
    until: Until = "",
    schedule: Annotated[str, typer.Option(help="Only this one.")] = "",
    config: ConfigPath = DEFAULT,
    as_csv: AsCsv = False,
    as_json: AsJson = False,
) -> None:
    """Everybody's hours on call, and those at night and on weekends. This month so far; on its first day, the month
    before."""
    asked = _asked(config, since, until, both=as_csv and as_json)
    loaded, first, behind = asked.config, asked.first, asked.behind
    known = [s.name for s in loaded.directory.schedules]
    if schedule and schedule not in known:
        raise wrong_use(f'unknown schedule "{schedule}"; there is {", ".join(known) or "none"}')
    names = [name for name in known if schedule in ("", name)]
    rows, edge = asked.looks(
        lambda ctx: (on_call_hours(ctx, names, first, behind), unknown_before(ctx, names))
    )
    if edge and first < edge:
        print(f"Calendars are known from {edge} on; before that their shifts are missing.", file=sys.stderr)
    if as_csv:
        _print_csv(HOURS, rows)
    elif as_json:
        found = [{name: value(row) for name, value in HOURS.items()} for row in rows]
        print(json.dumps({"since": first.isoformat(), "until": behind.isoformat(), "rows": found}))
    else:
        _print_hours(rows, first, behind)


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Asked:
    """A report's configuration and period, and the way to look into its database."""

    config: Config
    now: dt.datetime
    first: dt.date
    behind: dt.date

    def looks(self, look: Callable[[Context], T]) -> T:
        try:
            return seen(self.config, self.now, look)
        except StorageError as error:
            raise bad_news(str(error)) from None


def _asked(path: Path, since: str, until: str, *, both: bool) -> _Asked:
    """`both`: CSV and JSON were asked for, which nobody can have in one."""
    if both:
        raise wrong_use("--csv or --json, not both")
    loaded, now = configured(path), SystemClock().now()
    today = now.astimezone(loaded.directory.policies[0].zone).date()
    first, behind = _period(since, until, today)
    return _Asked(config=loaded, now=now, first=first, behind=behind)


def _period(since: str, until: str, today: dt.date) -> tuple[dt.date, dt.date]:
    """From --since on, until --until or today; without either as `period` says, with only --until its month."""
    first, behind = (_date(text) if text else None for text in (since, until))
    if first is None and behind is None:
        return period(today)
    if first is None:
        assert behind is not None
        first = (behind - dt.timedelta(days=1)).replace(day=1)
    behind = behind or today + dt.timedelta(days=1)
    if first >= behind:
        raise wrong_use(f"nothing lies from {first} until {behind}")
    return first, behind


def _date(text: str) -> dt.date:
    try:
        date = dt.date.fromisoformat(text)
    except ValueError:
        raise wrong_use(f'"{text}" is no date; write it as 2026-11-01') from None
    if not 2000 <= date.year < 2100:
        raise wrong_use(f"{date} is too far away; write a date such as 2026-11-01")
    return date


# ---------------------------------------------------------------- for programs
COLUMNS: dict[str, Callable[[CallOut], Any]] = {
    "date": lambda row: row.date.isoformat(),
    "person": lambda row: row.person,
    "name": lambda row: row.name,
    "ticket": lambda row: row.ticket,
    "organisation": lambda row: row.organisation,
    "severity": lambda row: row.severity,
    "hours": lambda row: row.hours.value,
    "after_hours": lambda row: row.after_hours,
    "charge": lambda row: row.charge.value,
    "paged_at": lambda row: _iso(row.paged, row),
    "methods": lambda row: ", ".join(row.methods),
    "acknowledged_at": lambda row: _iso(row.acknowledged, row),
    "acknowledged_by": lambda row: row.via,
    "minutes_to_acknowledge": lambda row: row.minutes_to_acknowledge,
    "ended_at": lambda row: _iso(row.ended, row),
    "ending": lambda row: row.ending.value,
    "minutes_worked": lambda row: row.minutes_worked,
    "outcome": lambda row: row.outcome.value,
}
"""What a row has. Times are local to the person, with their offset."""


HOURS: dict[str, Callable[[OnCallHours], Any]] = {
    "schedule": lambda row: row.schedule,
    "timezone": lambda row: row.zone.key,
    "person": lambda row: row.person,
    "name": lambda row: row.name,
    "hours": lambda row: _hours(row.length.total),
    "night_hours": lambda row: _hours(row.length.night),
    "weekend_hours": lambda row: _hours(row.length.weekend),
    "shifts": lambda row: row.shifts,
    "call_outs": lambda row: row.call_outs,
}
"""What somebody's hours on call have. No person: nobody was on."""


def _hours(length: dt.timedelta) -> float:
    return round(length / dt.timedelta(hours=1), 2)


def _iso(at: dt.datetime | None, row: CallOut) -> str | None:
    return at.astimezone(row.zone).isoformat(timespec="seconds") if at else None


def _print_csv(columns: Mapping[str, Callable[[T], Any]], rows: Sequence[T]) -> None:
    """RFC 4180: commas, CRLF, quotes where they are needed."""
    writer = csv.writer(sys.stdout, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(value(row)) for value in columns.values()] for row in rows)


def _cell(value: Any) -> str:
    """As text that no spreadsheet takes for a formula."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _document(rows: Sequence[CallOut], first: dt.date, behind: dt.date) -> dict[str, Any]:
    return {
        "since": first.isoformat(),
        "until": behind.isoformat(),
        "rows": [{name: value(row) for name, value in COLUMNS.items()} for row in rows],
        "sums": [dataclasses.asdict(one) for one in sums(rows)],
    }


# ---------------------------------------------------------------- for people
def _print_table(rows: Sequence[CallOut], first: dt.date, behind: dt.date) -> None:
    last = behind - dt.timedelta(days=1)
    if not rows:
        print(f"No call-outs from {first} to {last}.")
        return
    console = Console(file=sys.stdout, width=WIDEST)  # a narrower terminal wraps its lines and loses nothing
    titles = ("Paged", "Person", "Ticket", "Customer", "Severity", "Hours", "Charge", "By")
    table = _table(f"Call-outs from {first} to {last}", (*titles, "Had it", "Min", "Ended", "Worked"))
    for row in rows:
        table.add_row(*map(Text, _shown(row)))
    console.print(table)
    total = _table("", ("Person", "Call-outs", "After hours", "Acknowledged", "Minutes worked"))
    for one in sums(rows):
        counts = (one.call_outs, one.after_hours, one.acknowledged, one.minutes_worked)
        total.add_row(Text(one.name), *map(str, counts))
    console.print(total)


def _print_hours(rows: Sequence[OnCallHours], first: dt.date, behind: dt.date) -> None:
    last = behind - dt.timedelta(days=1)
    if not rows:
        print("There are no schedules.")
        return
    titles = ("Schedule", "Person", "Hours", "At night", "On weekends", "Shifts", "Call-outs")
    table = _table(f"On call from {first} to {last}", titles)
    for row in rows:
        lengths = (row.length.total, row.length.night, row.length.weekend)
        counts = (*(f"{_hours(one):.9g}" for one in lengths), str(row.shifts), _number(row.call_outs))
        table.add_row(*map(Text, (row.schedule, row.name, *counts)))
    Console(file=sys.stdout, width=WIDEST).print(table)


def _table(title: str, columns: Sequence[str]) -> Table:
    table = Table(
        title=title or None, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False
    )
    for name in columns:
        table.add_column(name, overflow="fold", no_wrap=name in ("Paged", "Ticket"))
    return table


def _shown(row: CallOut) -> tuple[str, ...]:
    """Where somebody else acknowledged, or nobody, that stands in place of when."""
    acknowledged = " ".join(filter(None, (_local(row.acknowledged, row), row.via)))
    return (
        _local(row.paged, row, "%d %b %H:%M") or f"{row.date:%d %b}",
        row.name,
        row.ticket,
        row.organisation,
        row.severity,
        row.hours.value.partition(" ")[0],
        row.charge.value,
        ", ".join(row.methods),
        _NOT_THEY.get(row.outcome, acknowledged),
        _number(row.minutes_to_acknowledge),
        " ".join(filter(None, (_local(row.ended, row), _ENDINGS.get(row.ending, row.ending.value)))),
        _number(row.minutes_worked),
    )


_NOT_THEY = {
    Outcome.SOMEBODY_ELSE: "another",
    Outcome.NOBODY: "nobody",
    Outcome.RUNNING: "nobody yet",
}
_ENDINGS = {Ending.TAKEN: "taken", Ending.WAITING: "waiting"}
"""Short enough for a table."""


def _number(minutes: int | None) -> str:
    return "" if minutes is None else str(minutes)


def _local(at: dt.datetime | None, row: CallOut, form: str = "%H:%M") -> str:
    return at.astimezone(row.zone).strftime(form) if at else ""
