"""What the page of figures shows: numbers put into words, in the reader's language."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence

from markupsafe import Markup

from bot.board import charts
from bot.board.charts import Chart, Series
from bot.board.figures import Figures, Kept
from bot.board.figures_days import Grain, Period
from bot.board.figures_numbers import NONE, Numbers

MINUTE, HOUR = 60, 3600


@dataclasses.dataclass(frozen=True, kw_only=True)
class Slice:
    """One of the times beside each other; `figures` None: it has not been counted yet."""

    period: Period
    figures: Figures | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Tile:
    """One number of the time that runs, what it is made of, and the same of the time before."""

    title: str
    value: str
    notes: tuple[str, ...]
    before: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Drawn:
    """A chart and its numbers. `note` says what they are."""

    chart: Chart
    svg: Markup
    note: str = ""


# ---------------------------------------------------------------- the time that runs
def tiles(now: Figures, before: Figures | None, numbers: Numbers) -> tuple[Tile, ...]:
    """The time that runs beside the one before it."""
    made = (_answers, _solutions, _load, _satisfaction, _paging)
    return tuple(make(now, before, numbers) for make in made)


def _answers(now: Figures, before: Figures | None, n: Numbers) -> Tile:
    late = (
        n.s.plural("{n} later answer was late", "{n} later answers were late", now.late_answers)
        if now.late_answers
        else ""
    )
    return _kept(
        n.s.text("First answers in time"), now.response, before.response if before else None, n, late
    )


def _solutions(now: Figures, before: Figures | None, n: Numbers) -> Tile:
    return _kept(n.s.text("Solved in time"), now.resolution, before.resolution if before else None, n, "")


def _kept(title: str, kept: Kept, before: Kept | None, n: Numbers, more: str) -> Tile:
    notes = []
    if kept.decided:
        notes.append(n.s.text("{met} of {all}", met=n.count(kept.met), all=n.count(kept.decided)))
    if kept.times:
        half, most = n.time(kept.time_of(50)), n.time(kept.time_of(90))
        notes.append(n.s.text("half within {half}, nine in ten within {most}", half=half, most=most))
    notes += [more] if more else []
    return Tile(
        title=title,
        value=n.percent(kept.share),
        notes=tuple(notes) or (n.s.text("Nothing was due."),),
        before=n.percent(before.share) if before else NONE,
    )


def _load(now: Figures, before: Figures | None, n: Numbers) -> Tile:
    notes = [n.s.text("{n} resolved", n=n.count(now.resolved))]
    notes += [n.s.text("{n} reopened", n=n.count(now.reopened))] if now.reopened else []
    return Tile(
        title=n.s.text("New tickets"),
        value=n.count(now.opened),
        notes=tuple(notes),
        before=n.count(before.opened) if before else NONE,
    )


def _satisfaction(now: Figures, before: Figures | None, n: Numbers) -> Tile:
    counted = n.s.plural("{n} rating, 1 to 5", "{n} ratings, 1 to 5", now.rated)
    return Tile(
        title=n.s.text("Satisfaction"),
        value=n.average(now.rating),
        notes=(counted if now.rated else n.s.text("Nobody has rated."),),
        before=n.average(before.rating) if before else NONE,
    )


def _paging(now: Figures, before: Figures | None, n: Numbers) -> Tile:
    outs = len(now.called_out)
    called = n.s.plural("{n} call-out", "{n} call-outs", outs)
    return Tile(
        title=n.s.text("Pages started"),
        value=n.count(now.pages),
        notes=(called if outs else n.s.text("Nobody was called out."),),
        before=n.count(before.pages) if before else NONE,
    )


# ---------------------------------------------------------------- charts
Value = Callable[[Figures], float | None]


def drawn(slices: Sequence[Slice], grain: Grain, n: Numbers) -> tuple[Drawn, ...]:
    """All charts, each over all slices."""
    labels = tuple(n.label(grain, each.period) for each in slices)
    made = (_in_time, _answer_times, _solution_times, _tickets, _ratings, _pages)
    return tuple(make(slices, labels, n) for make in made)


def _series(slices: Sequence[Slice], name: str, value: Value, written: Callable[[Figures], str]) -> Series:
    """`written` is how it stands in the table, with what it is made of."""
    counted = [each.figures for each in slices]
    values = tuple(None if figures is None else value(figures) for figures in counted)
    shown = tuple(
        NONE if figures is None or found is None else written(figures)
        for figures, found in zip(counted, values, strict=True)
    )
    return Series(name=name, values=values, written=shown)


def _in_time(slices: Sequence[Slice], labels: tuple[str, ...], n: Numbers) -> Drawn:
    chart = Chart(
        id="in-time",
        title=n.s.text("Promises kept"),
        labels=labels,
        series=(
            _shares(slices, n.s.text("First answers"), lambda f: f.response, n),
            _shares(slices, n.s.text("Solutions"), lambda f: f.resolution, n),
        ),
        top=1.0,
        ticks=tuple((share, n.percent(share)) for share in (0.0, 0.5, 1.0)),
    )
    note = n.s.text(
        "Met of all that were met or missed. What still runs, or waits for the customer, is neither."
    )
    return Drawn(chart=chart, svg=charts.lines(chart), note=note)


def _shares(slices: Sequence[Slice], name: str, kept: Callable[[Figures], Kept], n: Numbers) -> Series:
    def written(figures: Figures) -> str:
        of = kept(figures)
        return f"{n.percent(of.share)} ({n.count(of.met)}/{n.count(of.decided)})"

    return _series(slices, name, lambda f: kept(f).share, written)


def _answer_times(slices: Sequence[Slice], labels: tuple[str, ...], n: Numbers) -> Drawn:
    return _times(
        "answer-times", n.s.text("Time to the first answer"), lambda f: f.response, slices, labels, n
    )


def _solution_times(slices: Sequence[Slice], labels: tuple[str, ...], n: Numbers) -> Drawn:
    return _times(
        "solution-times", n.s.text("Time to the solution"), lambda f: f.resolution, slices, labels, n
    )


def _times(
    id: str,
    title: str,
    kept: Callable[[Figures], Kept],
    slices: Sequence[Slice],
    labels: tuple[str, ...],
    n: Numbers,
) -> Drawn:
    def within(percent: int) -> Value:
        return lambda f: t.total_seconds() if (t := kept(f).time_of(percent)) is not None else None

    def within_words(percent: int) -> Callable[[Figures], str]:
        return lambda f: n.time(kept(f).time_of(percent))

    series = (
        _series(slices, n.s.text("Half within"), within(50), within_words(50)),
        _series(slices, n.s.text("Nine in ten within"), within(90), within_words(90)),
    )
    top = _round_time(_most(series))
    ticks = tuple((value, n.time(dt.timedelta(seconds=value))) for value in (0.0, top / 2, top))
    chart = Chart(id=id, title=title, labels=labels, series=series, top=top, ticks=ticks)
    note = n.s.text("Hours that count: closed hours and waits for the customer are left out.")
    return Drawn(chart=chart, svg=charts.lines(chart), note=note)


def _round_time(seconds: float) -> float:
    """The top of an axis: whole minutes up to an hour, whole hours above, and so its half."""
    unit = MINUTE if seconds <= HOUR else HOUR
    most = seconds / unit
    return unit * next((top for top in (2, 4, 6, 10, 20, 40, 60) if most <= top), max(charts.nice(most), 100))


def _tickets(slices: Sequence[Slice], labels: tuple[str, ...], n: Numbers) -> Drawn:
    chart = _counted(
        "tickets",
        n.s.text("Tickets"),
        labels,
        (
            _series(slices, n.s.text("New tickets"), lambda f: f.opened, lambda f: n.count(f.opened)),
            _series(slices, n.s.text("Resolved"), lambda f: f.resolved, lambda f: n.count(f.resolved)),
        ),
        n,
    )
    return Drawn(chart=chart, svg=charts.bars(chart))


def _ratings(slices: Sequence[Slice], labels: tuple[str, ...], n: Numbers) -> Drawn:
    def written(figures: Figures) -> str:
        return f"{n.average(figures.rating)} ({n.count(figures.rated)})"

    rated = _series(slices, n.s.text("Average rating"), lambda f: f.rating, written)
    chart = Chart(
        id="ratings",
        title=n.s.text("Satisfaction"),
        labels=labels,
        series=(rated,),
        bottom=1.0,
        top=5.0,
        ticks=tuple((float(score), n.count(score)) for score in (1, 3, 5)),
    )
    return Drawn(chart=chart, svg=charts.lines(chart), note=n.s.text("1 is bad, 5 is very good."))


def _pages(slices: Sequence[Slice], labels: tuple[str, ...], n: Numbers) -> Drawn:
    chart = _counted(
        "pages",
        n.s.text("Pages and call-outs"),
        labels,
        (
            _series(slices, n.s.text("Pages started"), lambda f: f.pages, lambda f: n.count(f.pages)),
            _series(
                slices,
                n.s.text("Call-outs"),
                lambda f: len(f.called_out),
                lambda f: n.count(len(f.called_out)),
            ),
        ),
        n,
    )
    note = n.s.text("A call-out is one of you being tried for one page, however often.")
    return Drawn(chart=chart, svg=charts.bars(chart), note=note)


def _counted(id: str, title: str, labels: tuple[str, ...], series: tuple[Series, ...], n: Numbers) -> Chart:
    top = max(charts.nice(_most(series)), 2)
    ticks = tuple((value, n.count(value)) for value in dict.fromkeys((0, top // 2, top)))
    return Chart(id=id, title=title, labels=labels, series=series, top=top, ticks=ticks)


def _most(series: Sequence[Series]) -> float:
    return max((value for each in series for value in each.values if value is not None), default=0.0)
