"""Charts: well-formed, escaped, readable without colour, and drawn for any numbers."""

from __future__ import annotations

from xml.etree import ElementTree as Xml

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from bot.board.charts import HEIGHT, WIDTH, Chart, Series, bars, lines, nice, strip

SVG = "{http://www.w3.org/2000/svg}"
VALUES = st.lists(
    st.tuples(st.none() | st.floats(0, 1e7), st.none() | st.floats(0, 1e7)), min_size=0, max_size=40
)


def chart(one: list[float | None], other: list[float | None], **changes: object) -> Chart:
    values = [v for v in (*one, *other) if v is not None]
    fields: dict[str, object] = {
        "id": "c",
        "title": "Tickets",
        "labels": tuple(f"day {n}" for n in range(len(one))),
        "series": tuple(
            Series(name=name, values=tuple(of), written=tuple(str(v) for v in of))
            for name, of in (("Opened", one), ("Resolved", other))
        ),
        "top": nice(max(values, default=0)),
        "ticks": ((0.0, "0"),),
    }
    return Chart(**(fields | changes))  # type: ignore[arg-type]


def parsed(svg: Markup) -> Xml.Element:
    return Xml.fromstring(str(svg).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


@given(pairs=VALUES)
def test_whatever_the_numbers_it_stays_inside(
    pairs: list[tuple[float | None, float | None]],
) -> None:
    it = chart([a for a, _ in pairs], [b for _, b in pairs])
    for draw in (bars, lines):
        root = parsed(draw(it))
        for rect in root.iter(f"{SVG}rect"):
            x, y = float(rect.attrib["x"]), float(rect.attrib["y"])
            assert x >= 0 and x + float(rect.attrib["width"]) <= WIDTH + 1
            assert y >= 0 and y + float(rect.attrib["height"]) <= HEIGHT
        for dot in root.iter(f"{SVG}circle"):
            assert 0 <= float(dot.attrib["cx"]) <= WIDTH
            assert 0 <= float(dot.attrib["cy"]) <= HEIGHT


def test_texts_are_text_and_nothing_is_styled_inline() -> None:
    evil = '<script>alert("1")</script> & \'"'
    it = chart([1.0, 2.0], [3.0, None], title=evil, labels=(evil, evil))
    it = Chart(**(vars(it) | {"series": (Series(name=evil, values=(1.0, 2.0), written=(evil, evil)),) * 2}))
    for svg in (bars(it), lines(it)):
        assert "<script" not in svg
        assert "style=" not in svg
        root = parsed(svg)
        assert root.attrib["role"] == "img"
        title = root.find(f"{SVG}title")
        assert title is not None and title.text == evil
        assert title.attrib["id"] == root.attrib["aria-labelledby"]


def test_series_differ_in_shape() -> None:
    it = chart([1.0, 2.0], [2.0, 1.0])
    assert len(list(parsed(lines(it)).iter(f"{SVG}circle"))) == 3, "two dots and the legend's"
    assert len(list(parsed(lines(it)).iter(f"{SVG}rect"))) == 3
    drawn = [rect.attrib["class"] for rect in parsed(bars(it)).iter(f"{SVG}rect")]
    assert drawn.count("bar s0") == drawn.count("bar s1") == 3


def test_a_hole_breaks_the_line() -> None:
    it = chart([1.0, 2.0, None, 3.0, 4.0, None, 5.0], [None] * 7)
    assert len(list(parsed(lines(it)).iter(f"{SVG}polyline"))) == 2
    assert not it.is_empty
    assert chart([None], [None]).is_empty
    assert chart([], []).is_empty


@pytest.mark.parametrize(
    ("most", "top"), [(0, 1), (1, 1), (1.1, 2), (3, 5), (7, 10), (10, 10), (11, 20), (480, 500), (2001, 5000)]
)
def test_a_round_top(most: float, top: float) -> None:
    assert nice(most) == top


@pytest.mark.parametrize(
    ("value", "most", "width"), [(0, 0, "0.0"), (3, 6, "50.0"), (6, 6, "100.0"), (9, 6, "100.0")]
)
def test_a_strip(value: float, most: float, width: str) -> None:
    assert f'class="bar s0" width="{width}"' in strip(value, most)
