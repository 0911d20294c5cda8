"""The page of figures: how promises were kept, how much there was to do, how customers found it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import jinja2
from markupsafe import Markup

from bot.app.context import Setup
from bot.app.rows import UnitOfWork
from bot.app.speech import Speech
from bot.board import charts
from bot.board.figures import NOTHING, Figures, together, work_of
from bot.board.figures_days import ByTeam, Days, Grain, periods
from bot.board.figures_numbers import Numbers
from bot.board.figures_view import Drawn, Slice, Tile, drawn, tiles
from bot.board.viewer import House, Viewer
from bot.domain.ids import TeamName
from bot.domain.people import Directory, Unlisted
from escalation.policy import Policy

SHOWN = {Grain.DAY: 14, Grain.WEEK: 12, Grain.MONTH: 12}
"""How many times beside each other."""
CHOICES = {Grain.DAY: "Days", Grain.WEEK: "Weeks", Grain.MONTH: "Months"}
RUNNING = {Grain.DAY: "Today", Grain.WEEK: "This week so far", Grain.MONTH: "This month so far"}
BEFORE = {
    Grain.DAY: "yesterday: {value}",
    Grain.WEEK: "last week: {value}",
    Grain.MONTH: "last month: {value}",
}
_UTC = ZoneInfo("UTC")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Choice:
    """A link of a row of which one is chosen."""

    label: str
    url: str
    chosen: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class Row:
    """A number with a bar beside it."""

    name: str
    number: str
    bar: Markup


@dataclasses.dataclass(frozen=True, kw_only=True)
class Colleague:
    """What one of us did in the time that runs."""

    name: str
    took: str
    solved: str
    called_out: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Shown:
    """The page. `partly`: older days have not been counted yet; `zones` are those of the days, in words."""

    running: str
    grains: tuple[Choice, ...]
    teams: tuple[Choice, ...]
    zones: str
    partly: bool
    tiles: tuple[Tile, ...]
    charts: tuple[Drawn, ...]
    open: tuple[Row, ...]
    open_in_all: str
    colleagues: tuple[Colleague, ...]


@dataclasses.dataclass(kw_only=True)
class FiguresPage:
    """One for the whole board: it remembers the days that are over."""

    house: House
    templates: jinja2.Environment
    days: Days = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        self.days = Days(house=self.house)

    async def page(self, viewer: Viewer, query: Mapping[str, str]) -> str:
        """`by` is day, week or month, `team` one of the viewer's (none: all of them); anything else is as if it were not
        there."""
        speech = Speech(language=viewer.language, zone=viewer.zone, now=self.house.clock.now())
        shown = await self.shown(viewer, query, speech)
        template = self.templates.get_template("figures.html")
        return template.render(s=speech, viewer=viewer, here="figures", page=shown)

    async def shown(self, viewer: Viewer, query: Mapping[str, str], s: Speech) -> Shown:
        """What is on the page."""
        setup, numbers = self.house.setup(), Numbers(s=s)
        grain = next((g for g in Grain if g == query.get("by")), Grain.WEEK)
        team = next((t for t in viewer.teams if t == query.get("team")), None)
        teams = (team,) if team else tuple(sorted(viewer.teams))
        zones = {name: zone_of(setup.directory, name) for name in teams}
        slices = await self._slices(grain, zones, s.now)
        now = slices[-1].figures or NOTHING
        counted = await self.house.run(lambda uow: _open(uow, teams))
        return Shown(
            running=s.text(RUNNING[grain]),
            grains=_grains(grain, team, s),
            teams=_teams(grain, team, viewer, s),
            zones=", ".join(sorted({zone.key for zone in zones.values()})),
            partly=any(each.figures is None for each in slices),
            tiles=tuple(
                dataclasses.replace(tile, before=s.text(BEFORE[grain], value=tile.before))
                for tile in tiles(now, slices[-2].figures, numbers)
            ),
            charts=drawn(slices, grain, numbers),
            open=_by_severity(counted, teams, setup.directory, numbers),
            open_in_all=numbers.count(sum(counted.values())),
            colleagues=_colleagues(now, setup, numbers),
        )

    async def _slices(
        self, grain: Grain, zones: Mapping[TeamName, ZoneInfo], now: dt.datetime
    ) -> tuple[Slice, ...]:
        """Each team's days are those of its own zone; the latest date that anywhere is today ends the last slice."""
        by_zone: dict[ZoneInfo, set[TeamName]] = {}
        for team, zone in zones.items():
            by_zone.setdefault(zone, set()).add(team)
        today = max((now.astimezone(zone).date() for zone in by_zone), default=now.date())
        found = periods(grain, today, SHOWN[grain])
        dates = [date for period in found for date in period.days if date <= today]
        counted = [(names, await self.days.of(zone, dates)) for zone, names in by_zone.items()]
        return tuple(
            Slice(period=period, figures=_put_together([d for d in period.days if d <= today], counted))
            for period in found
        )


def _put_together(
    dates: Sequence[dt.date], counted: Sequence[tuple[set[TeamName], Mapping[dt.date, ByTeam]]]
) -> Figures | None:
    """None while a day of it is not counted."""
    if any(date not in by_date for date in dates for _, by_date in counted):
        return None
    return together(
        figures
        for date in dates
        for names, by_date in counted
        for team, figures in by_date[date].items()
        if team in names
    )


def zone_of(directory: Directory, team: TeamName) -> ZoneInfo:
    """Whose days a team's figures are of: its policy's."""
    policy = _policy(directory, team)
    return policy.zone if policy else _UTC


def _policy(directory: Directory, team: TeamName) -> Policy | None:
    try:
        return directory.policy(directory.team(team).policy)
    except Unlisted:
        return None


# ---------------------------------------------------------------- what can be chosen
def _url(grain: Grain, team: TeamName | None) -> str:
    return "/board/figures?" + urlencode({"by": grain.value} | ({"team": team} if team else {}))


def _grains(chosen: Grain, team: TeamName | None, s: Speech) -> tuple[Choice, ...]:
    return tuple(
        Choice(label=s.text(CHOICES[grain]), url=_url(grain, team), chosen=grain is chosen) for grain in Grain
    )


def _teams(grain: Grain, chosen: TeamName | None, viewer: Viewer, s: Speech) -> tuple[Choice, ...]:
    """None where there is nothing to choose from."""
    if len(viewer.teams) < 2:
        return ()
    all_ = Choice(label=s.text("All my teams"), url=_url(grain, None), chosen=chosen is None)
    return (
        all_,
        *(Choice(label=t, url=_url(grain, t), chosen=t == chosen) for t in sorted(viewer.teams)),
    )


# ---------------------------------------------------------------- who and what
_Counted = Mapping[tuple[TeamName, str], int]


def _open(uow: UnitOfWork, teams: Sequence[TeamName]) -> _Counted:
    """How many tickets are open now, by team and severity."""
    return {
        (team, severity): n for team in teams for severity, n in uow.tickets.open_by_severity(team).items()
    }


def _by_severity(
    counted: _Counted, teams: Sequence[TeamName], directory: Directory, n: Numbers
) -> tuple[Row, ...]:
    """The most urgent first, also those of which none is open; those of several policies that are called the same are
    one. A severity that the policy has lost goes by its id."""
    rows: Counter[str] = Counter()
    for team in teams:
        policy = _policy(directory, team)
        labels = {severity.id: severity.label for severity in policy.severities} if policy else {}
        rows.update(dict.fromkeys(labels.values(), 0))
        mine = {severity: number for (of, severity), number in counted.items() if of == team}
        rows.update({labels.get(severity, severity): number for severity, number in mine.items()})
    most = max(rows.values(), default=0)
    return tuple(
        Row(name=name, number=n.count(number), bar=charts.strip(number, most))
        for name, number in rows.items()
    )


def _colleagues(now: Figures, setup: Setup, n: Numbers) -> tuple[Colleague, ...]:
    return tuple(
        Colleague(
            name=setup.name_of(work.person),
            took=n.count(work.took),
            solved=n.count(work.solved),
            called_out=n.count(work.called_out),
        )
        for work in work_of(now)
    )
