"""Small charts as inline SVG: colours from the stylesheet's classes, shapes that tell series apart without them, a title
for whoever does not see it. Texts come in ready; the page shows the same numbers in a table."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from markupsafe import Markup

WIDTH, HEIGHT = 360, 176
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 8, 34, 150
_LABELS = 4
"""Labels under the axis that have room."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Series:
    """One value for each label, and how it is written; None where there is nothing to show."""

    name: str
    values: tuple[float | None, ...]
    written: tuple[str, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Chart:
    """What is drawn. `id` is unique on the page; `top` is the value at the top of the axis, `ticks` the lines across with
    what is written at them."""

    id: str
    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    top: float
    ticks: tuple[tuple[float, str], ...]
    bottom: float = 0.0

    @property
    def is_empty(self) -> bool:
        return all(value is None for series in self.series for value in series.values)


def nice(most: float) -> float:
    """A round number that is not less: 1, 2 or 5 with zeros; at least 1."""
    step = 1.0
    while True:
        for times in (1, 2, 5):
            if most <= step * times:
                return step * times
        step *= 10


def bars(chart: Chart) -> Markup:
    """Bars beside each other for each label: the first series filled, the second outlined."""
    slot = _slot(chart)
    width = max(slot * 0.8 / len(chart.series), 1.0)
    drawn = []
    for which, series in enumerate(chart.series):
        for n, value in enumerate(series.values):
            if value is None:
                continue
            x = _LEFT + n * slot + slot * 0.1 + which * width
            y = _y(chart, value)
            rect = '<rect class="bar s{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}">{}</rect>'
            drawn.append(
                Markup(rect).format(
                    which, x, y, max(width - 1, 1), max(_BOTTOM - y, 0), _tip(chart, series, n)
                )
            )
    return _svg(chart, drawn, "bar")


def lines(chart: Chart) -> Markup:
    """A line for each series, broken where there is nothing: the first has dots, the second is dashed with squares."""
    drawn: list[Markup] = []
    for which, series in enumerate(chart.series):
        for run in _runs(series.values):
            if len(run) > 1:
                points = " ".join(f"{_x(chart, n):.1f},{_y(chart, value):.1f}" for n, value in run)
                drawn.append(Markup('<polyline class="line s{}" points="{}"/>').format(which, points))
            drawn += [_point(chart, series, which, n, value) for n, value in run]
    return _svg(chart, drawn, "point")


def strip(value: float, most: float) -> Markup:
    """A bar that lies in a table's row, beside its number: for the eye alone."""
    width = 100 * value / most if most else 0
    svg = (
        '<svg class="strip" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="rail" width="100" height="10"/><rect class="bar s0" width="{:.1f}" height="10"/></svg>'
    )
    return Markup(svg).format(min(max(width, 0.0), 100.0))


def _runs(values: Sequence[float | None]) -> Iterator[list[tuple[int, float]]]:
    """The stretches without a hole."""
    run: list[tuple[int, float]] = []
    for n, value in enumerate(values):
        if value is not None:
            run.append((n, value))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _point(chart: Chart, series: Series, which: int, n: int, value: float) -> Markup:
    return _mark(which, _x(chart, n), _y(chart, value), "point", _tip(chart, series, n))


def _mark(which: int, x: float, y: float, shape: str, inside: Markup) -> Markup:
    """A dot or a square for lines; a filled or an outlined box for bars."""
    if shape == "point" and which == 0:
        return Markup('<circle class="dot s0" cx="{:.1f}" cy="{:.1f}" r="3.5">{}</circle>').format(
            x, y, inside
        )
    kind, half = ("dot", 3.5) if shape == "point" else ("bar", 5)
    box = '<rect class="{} s{}" x="{:.1f}" y="{:.1f}" width="{}" height="{}">{}</rect>'
    return Markup(box).format(kind, which, x - half, y - half, 2 * half, 2 * half, inside)


def _svg(chart: Chart, drawn: Sequence[Markup], shape: str) -> Markup:
    frame = (
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-title">'
        '<title id="{}-title">{}</title>{}{}{}{}</svg>'
    )
    parts = (_legend(chart, shape), _grid(chart), _axis(chart))
    return Markup(frame).format(
        WIDTH, HEIGHT, chart.id, chart.id, chart.title, *parts, Markup("").join(drawn)
    )


def _legend(chart: Chart, shape: str) -> Markup:
    """Which is which, where there is more than one."""
    if len(chart.series) < 2:
        return Markup("")
    room = (WIDTH - _LEFT) / len(chart.series)
    keys = []
    for which, series in enumerate(chart.series):
        x = _LEFT + which * room + 6
        text = Markup('<text x="{:.1f}" y="16">{}</text>').format(x + 10, series.name)
        keys.append(_mark(which, x, 12, shape, Markup("")) + text)
    return Markup('<g class="legend">{}</g>').format(Markup("").join(keys))


def _grid(chart: Chart) -> Markup:
    line = (
        '<line x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/><text x="{}" y="{:.1f}" text-anchor="end">{}</text>'
    )
    rows = [
        Markup(line).format(_LEFT, WIDTH - _RIGHT, y, y, _LEFT - 6, y + 4, written)
        for value, written in chart.ticks
        for y in (_y(chart, value),)
    ]
    return Markup('<g class="grid">{}</g>').format(Markup("").join(rows))


def _axis(chart: Chart) -> Markup:
    """The first label, the last, and some between."""
    last = len(chart.labels) - 1
    every = max(-(-last // (_LABELS - 1)), 1)
    shown = [n for n in range(last + 1) if (last - n) % every == 0]
    texts = [
        Markup('<text x="{:.1f}" y="{}" text-anchor="{}">{}</text>').format(
            _x(chart, n) if n < last else WIDTH - _RIGHT,
            _BOTTOM + 18,
            "end" if n == last else "middle",
            chart.labels[n],
        )
        for n in shown
    ]
    return Markup('<g class="axis">{}</g>').format(Markup("").join(texts))


def _tip(chart: Chart, series: Series, n: int) -> Markup:
    return Markup("<title>{}: {}, {}</title>").format(chart.labels[n], series.name, series.written[n])


def _slot(chart: Chart) -> float:
    return (WIDTH - _LEFT - _RIGHT) / max(len(chart.labels), 1)


def _x(chart: Chart, n: int) -> float:
    """The middle of a label's place."""
    return _LEFT + (n + 0.5) * _slot(chart)


def _y(chart: Chart, value: float) -> float:
    reach = (chart.top - chart.bottom) or 1.0
    share = min(max((value - chart.bottom) / reach, 0.0), 1.0)
    return _BOTTOM - share * (_BOTTOM - _TOP)
