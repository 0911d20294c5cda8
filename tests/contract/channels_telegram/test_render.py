"""Messages and cards as Telegram's HTML, within its limits."""

from __future__ import annotations

import dataclasses
import html.parser

import pytest

from bot.domain.ids import PersonId
from bot.domain.message import CardView, Choice, Message, Part, Style, Tone
from channels.telegram import render

BOLD, QUOTE, MENTION = Style.BOLD, Style.QUOTE, Style.MENTION
CARD = CardView(
    ticket="MIT-1042",
    title="MIT-1042 · Acme Clinics",
    severity="Emergency",
    urgency=2,
    customer="Thandi, Acme Clinics",
    words="our mail server is <down> & out",
    status="new",
    holder="nobody yet",
    bar="▓▓▓░░░░░░░",
    clock="42 min left, answer by 10:30",
    paging="paging Ada",
    choices=(Choice(id="take|MIT-1042|", label="Take", tone=Tone.MAIN),),
)


def who(person: PersonId) -> str | None:
    return {"ada": "10001"}.get(person)


def said(*parts: Part, choices: tuple[Choice, ...] = ()) -> Message:
    return Message(parts=parts, choices=choices)


def one(*parts: Part) -> render.Piece:
    (piece,) = render.pieces(said(*parts), who)
    return piece


class Shown(html.parser.HTMLParser):
    """What a reader sees; fails on tags that do not pair."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self._open = "", list[str]()
        self.feed(markup)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize(
    ("parts", "markup", "text"),
    [
        ([Part(text="a <b>&")], "a &lt;b&gt;&amp;", "a <b>&"),
        ([Part(text="x", style=BOLD), Part(text=" y")], "<b>x</b> y", "x y"),
        (
            [Part(text="They say:"), Part(text="help\nme", style=QUOTE), Part(text="Now.")],
            "They say:\n<blockquote>help\nme</blockquote>\nNow.",
            "They say:\nhelp\nme\nNow.",
        ),
        (
            [Part(text="A&B", style=MENTION, person=PersonId("ada"))],
            '<a href="tg://user?id=10001">A&amp;B</a>',
            "A&B",
        ),
        ([Part(text="Lin", style=MENTION, person=PersonId("lin"))], "@Lin", "@Lin"),
        ([], "…", "…"),
        ([Part(text="half \ud83d a pair")], "half ? a pair", "half ? a pair"),
    ],
)
def test_parts(parts: list[Part], markup: str, text: str) -> None:
    assert one(*parts) == render.Piece(html=markup, text=text)


@pytest.mark.parametrize("char", ["a", "😀", "<", "&", "ab ", "line\n", "é"])
@pytest.mark.parametrize("style", [Style.PLAIN, BOLD, QUOTE])
def test_long_texts_are_cut_into_whole_pieces(char: str, style: Style) -> None:
    text = (char * 5000)[:5000]
    found = render.pieces(said(Part(text="Hi. "), Part(text=text, style=style)), who)
    shown = [Shown(piece.html).text for piece in found]
    assert all(0 < units(s) <= render.LIMIT for s in shown)
    assert all(units(piece.html) < 3 * render.LIMIT for piece in found)
    assert "".join("".join(shown).split()) == "".join(("Hi." + text).split())


def test_an_edit_is_always_one_piece() -> None:
    piece = render.single(said(Part(text="<" * 5000, style=BOLD)), who)
    assert piece.text.endswith("…")
    assert units(piece.text) <= render.LIMIT


def rows(*labels: str) -> list[list[str]]:
    markup = render.keyboard([Choice(id=f"take|M-{n}|", label=label) for n, label in enumerate(labels)])
    assert markup is not None
    return [[button.text for button in row] for row in markup.inline_keyboard]


def test_no_button_that_would_be_refused() -> None:
    long = Choice(id="é" * 33, label="too long")
    markup = render.keyboard([Choice(id="take|M-2|", label="Take"), long])
    assert markup is not None
    assert [[b.callback_data for b in row] for row in markup.inline_keyboard] == [["take|M-2|"]]
    assert render.keyboard([]) is None


@pytest.mark.parametrize(
    ("labels", "shown"),
    [
        (["Yes", "No"], [["Yes", "No"]]),
        (["1", "2", "3", "4", "5"], [["1", "2", "3", "4", "5"]]),
        (["Network", "Printing", "Email", "Phones"], [["Network", "Printing"], ["Email", "Phones"]]),
        (["Payments", "Integrations", "Account"], [["Payments", "Integrations"], ["Account"]]),
        (["Something else fully"] * 2, [["Something else fully"], ["Something else fully"]]),
        (["⭐⭐⭐⭐⭐", "😀" * 5, "😀" * 6], [["⭐⭐⭐⭐⭐", "😀" * 5], ["😀" * 6]]),
        (["A", "B", "C", "Something else fully"], [["A", "B", "C"], ["Something else fully"]]),
    ],
)
def test_as_many_buttons_in_a_row_as_a_phone_shows(labels: list[str], shown: list[list[str]]) -> None:
    assert rows(*labels) == shown


def test_eight_categories_and_a_full_card() -> None:
    categories = (
        "Payments",
        "Subscription",
        "Integrations",
        "Account",
        "Error",
        "Outage",
        "Complaint",
        "Other",
    )
    assert [len(row) for row in rows(*categories)] == [2, 2, 2, 2]
    full = (
        "Acknowledge",
        "Take",
        "Severity",
        "Need info",
        "Resolve",
        "Why this time?",
        "Plan",
        "Propose time",
    )
    assert rows(*full, "Category", "Not covered") == [
        ["Acknowledge", "Take"],
        ["Severity", "Need info", "Resolve"],
        ["Why this time?", "Plan"],
        ["Propose time", "Category"],
        ["Not covered"],
    ]


def test_a_card() -> None:
    assert render.card(CARD).html.splitlines() == [
        "🟠 <b>MIT-1042 · Acme Clinics</b>",
        "Emergency · Thandi, Acme Clinics",
        "<blockquote>our mail server is &lt;down&gt; &amp; out</blockquote>",
        "▓▓▓░░░░░░░ 42 min left, answer by 10:30",
        "new · nobody yet",
        "paging Ada",
    ]
    assert render.card(dataclasses.replace(CARD, over=True)).html.startswith("⚪")


def test_facts_stand_on_one_line_before_the_clock() -> None:
    facts = ("Hardware", "", "version 3,\nout of support", "<b>not</b> covered")
    lines = render.card(dataclasses.replace(CARD, facts=facts)).html.splitlines()
    assert lines[3:5] == [
        "Hardware · version 3, out of support · &lt;b&gt;not&lt;/b&gt; covered",
        "▓▓▓░░░░░░░ 42 min left, answer by 10:30",
    ]
    assert len(lines) == len(render.card(CARD).html.splitlines()) + 1


def test_long_facts_are_cut() -> None:
    long = render.card(dataclasses.replace(CARD, facts=("word " * 100,) * 20, words="x" * 9000))
    (line,) = (line for line in long.text.splitlines() if line.startswith("word"))
    assert len(line) <= render.FACTS and "… · word" in line and line.endswith("…")
    assert units(Shown(long.html).text) <= render.LIMIT and long.html.endswith("paging Ada")


@pytest.mark.parametrize("words", ["x" * 9000, "😀" * 5000, "<&>" * 3000])
def test_a_card_cuts_the_words_and_nothing_else(words: str) -> None:
    piece = render.card(dataclasses.replace(CARD, words=words))
    assert units(Shown(piece.html).text) <= render.LIMIT
    assert "…" in piece.html
    assert piece.html.endswith("paging Ada")


def test_topic_names() -> None:
    assert render.topic_name(CARD) == "MIT-1042 · Acme Clinics: our mail server is <down> & out"
    long = render.topic_name(dataclasses.replace(CARD, words="no\nmail 😀 " * 40))
    assert units(long) <= 128
    assert "\n" not in long
    assert long.endswith("…")


def test_cut() -> None:
    assert [render.cut("abc", n) for n in (3, 2, 1, 0)] == ["abc", "a…", "…", ""]
