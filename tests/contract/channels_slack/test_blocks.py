"""Messages and cards as blocks: nothing of people's words is markup, nothing is lost, Slack would take it all."""

import dataclasses
from typing import Any

import pytest

from bot.domain.ids import PersonId
from bot.domain.message import CardView, Choice, Message, Part, Style, Tone
from channels.slack import blocks
from channels.slack.blocks import Said
from tests.contract.channels_slack.fakes import ADA, FakeFacts, violations

CARD = CardView(
    ticket="MIT-1042",
    title="MIT-1042 · Acme Clinics",
    severity="Emergency",
    urgency=2,
    customer="Thandi, Acme Clinics · VIP",
    words="our mail server is down,\nnobody can work",
    status="new",
    holder="nobody yet",
    bar="███████░░░",
    clock="42 min left, answer by 10:30",
    paging="Paging Ada (step 1 of 2)",
    choices=(
        Choice(id="ack|MIT-1042|", label="Acknowledge", tone=Tone.MAIN),
        Choice(id="resolve|MIT-1042|", label="Resolve", tone=Tone.GRAVE),
    ),
)


def said(*parts: Part, choices: tuple[Choice, ...] = (), again: bool = False) -> Said:
    return fine(blocks.of_message(Message(parts=parts, choices=choices), FakeFacts(), again=again))


def fine(made: Said) -> Said:
    body = {"channel": "C1", "text": made.text, "blocks": made.blocks}
    assert violations("chat.postMessage", body) == []
    for block in made.blocks:
        assert sum(len(e.get("text", "")) for e in elements([block])) <= 3000
        assert all(e["text"] for e in elements([block]) if e["type"] == "text")
    return made


def elements(made: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rich = [section for block in made if block["type"] == "rich_text" for section in block["elements"]]
    return [element for section in rich for element in section["elements"]]


def shown(made: Said) -> str:
    """What a person reads; blocks stand on lines of their own."""
    texts = []
    for block in made.blocks:
        if block["type"] == "rich_text":
            texts.append("".join(e.get("text", f"<{e.get('user_id')}>") for e in elements([block])))
        elif block["type"] == "header":
            texts.append(block["text"]["text"])
        else:
            texts.append(" ".join(pressable(e) for e in block["elements"]))
    return "\n".join(texts)


def pressable(element: dict[str, Any]) -> str:
    if element["type"] == "button":
        return f"[{element['text']['text']}]"
    return f"[{element['type']}: {', '.join(o['text']['text'] for o in element['options'])}]"


# ---------------------------------------------------------------- messages
def test_parts_keep_their_meaning() -> None:
    made = said(
        Part(text="Ada", style=Style.MENTION, person=PersonId("ada")),
        Part(text=" has "),
        Part(text="MIT-1042", style=Style.BOLD),
        Part(text="mail is down", style=Style.QUOTE),
        Part(text="By 10:30"),
    )
    assert made.text == "@Ada has MIT-1042\nmail is down\nBy 10:30"
    assert shown(made) == f"<{ADA}> has MIT-1042\nmail is down\nBy 10:30"
    kinds = [section["type"] for block in made.blocks for section in block["elements"]]
    assert kinds == ["rich_text_section", "rich_text_quote", "rich_text_section"]
    assert elements(made.blocks)[2]["style"] == {"bold": True}


def test_whoever_has_no_identity_here_is_named() -> None:
    made = said(Part(text="Lin", style=Style.MENTION, person=PersonId("lin")))
    assert shown(made) == "@Lin"


def test_words_from_people_are_no_markup() -> None:
    evil = "<!channel> *bold* <@U1> <https://evil|bank> `x` :fire: &lt;"
    made = said(Part(text=evil))
    assert [e["type"] for e in elements(made.blocks)] == ["text"]
    assert elements(made.blocks)[0]["text"] == evil
    assert "<" not in made.text and "&amp;lt;" in made.text


@pytest.mark.parametrize("style", [Style.PLAIN, Style.QUOTE])
@pytest.mark.parametrize(
    "text",
    ["word " * 2400, "x" * 12_000, ("line of a log\n" * 857), "a\n" * 6000, "word " * 598 + "z" * 1000],
)
def test_nothing_is_lost_up_to_twelve_thousand_characters(text: str, style: Style) -> None:
    made = said(Part(text=text, style=style))
    read = "".join(e["text"] for e in elements(made.blocks))
    assert read.rstrip("\n") == text.rstrip("\n")


def test_what_is_longer_still_is_cut_visibly() -> None:
    made = said(Part(text="x" * 30_000), choices=tuple(_choice(i) for i in range(25)))
    assert shown(made).count("x") > 12_000 and "…" in shown(made)


def test_a_hundred_quotes_still_fit_one_message() -> None:
    parts = [p for i in range(100) for p in (Part(text=f"{i}:"), Part(text="q", style=Style.QUOTE))]
    assert "99:" in shown(said(*parts))


def test_blanks_alone_are_no_block() -> None:
    assert said(Part(text=" \n"), Part(text=""), choices=(_choice(1),)).blocks[0]["type"] == "actions"
    assert said().text == "-"


def test_buttons_stand_in_rows_of_five() -> None:
    made = said(Part(text="Which?"), choices=(*(_choice(i) for i in range(30)), _choice(0)))
    rows = [block["elements"] for block in made.blocks[1:]]
    assert [len(row) for row in rows] == [5, 5, 5, 5, 5]
    assert rows[0][0]["action_id"] == rows[0][0]["value"] == "sev|MIT-1|0"


@pytest.mark.parametrize(
    ("count", "rows"),
    [(1, [1]), (2, [2]), (5, [5]), (6, [3, 3]), (7, [4, 3]), (8, [4, 4]), (9, [5, 4]), (11, [4, 4, 3])],
)
def test_the_rows_of_a_question_are_even(count: int, rows: list[int]) -> None:
    made = said(Part(text="What is it about?"), choices=tuple(_choice(i) for i in range(count)))
    assert [len(block["elements"]) for block in made.blocks[1:]] == rows


def test_buttons_look_as_grave_as_they_are() -> None:
    made = fine(blocks.of_card(CARD)).blocks[-1]["elements"]
    assert [button["style"] for button in made] == ["primary", "danger"]
    assert "style" not in said(choices=(_choice(1),)).blocks[0]["elements"][0]


def test_a_possible_repeat_says_so() -> None:
    made = said(Part(text="You are paged"), again=True)
    assert (made.text, shown(made)) == ("(possible repeat) You are paged",) * 2


# ---------------------------------------------------------------- cards
def test_what_an_engineer_sees_at_two_in_the_morning() -> None:
    made = fine(blocks.of_card(CARD))
    assert shown(made) == (
        "🟠 Emergency · MIT-1042\n"
        "Thandi, Acme Clinics · VIP\n"
        "our mail server is down,\nnobody can work\n"
        "███████░░░  42 min left, answer by 10:30\n"
        "new · nobody yet\n"
        "Paging Ada (step 1 of 2)\n"
        "[Acknowledge] [Resolve]"
    )
    assert made.text == "MIT-1042 Emergency: Thandi, Acme Clinics · VIP - 42 min left, answer by 10:30"


@pytest.mark.parametrize(("urgency", "mark"), [(0, "🟢"), (1, "🟡"), (2, "🟠"), (3, "🔴"), (9, "🔴")])
def test_how_bad_it_is_shows_first(urgency: int, mark: str) -> None:
    assert shown(blocks.of_card(dataclasses.replace(CARD, urgency=urgency))).startswith(mark)


def test_a_card_that_is_over_is_green_and_keeps_the_buttons_that_it_was_given() -> None:
    over = fine(
        blocks.of_card(dataclasses.replace(CARD, over=True, bar="", paging="", choices=CARD.choices[:1]))
    )
    assert shown(over).startswith("✅") and shown(over).endswith("[Acknowledge]")
    closed = fine(blocks.of_card(dataclasses.replace(CARD, over=True, choices=())))
    assert "[" not in shown(closed)


def test_only_the_card_shortens_long_words() -> None:
    for words in ("word " * 3000, "line\n" * 40):
        made = fine(blocks.of_card(dataclasses.replace(CARD, words=words)))
        assert "… (whole text in the thread)" in shown(made)
        assert sum(len(e.get("text", "")) for e in elements(made.blocks)) < 1500


def test_a_card_whose_texts_are_all_far_too_long() -> None:
    fields = ("ticket", "title", "severity", "customer", "words", "status", "holder", "clock", "paging")
    long: dict[str, Any] = {field: field * 500 for field in fields}
    fine(blocks.of_card(dataclasses.replace(CARD, **long)))


def card_with(*labels: str, **changes: Any) -> Said:
    choices = tuple(Choice(id=f"{label.lower()}|MIT-1042|", label=label) for label in labels)
    return fine(blocks.of_card(dataclasses.replace(CARD, choices=choices, **changes)))


TEN = ("Ack", "Take", "Severity", "Need", "Resolve", "Why", "Plan", "Due", "Category", "Exclude")


def test_beyond_five_actions_stand_in_a_menu() -> None:
    made = card_with(*TEN)
    assert shown(made).splitlines()[-1] == (
        "[Ack] [Take] [Severity] [Need] [Resolve] [overflow: Why, Plan, Due, Category, Exclude]"
    )
    menu = made.blocks[-1]["elements"][-1]
    assert (menu["action_id"], menu["options"][1]["value"]) == ("more", "plan|MIT-1042|")


def test_one_more_than_five_is_no_menu_and_many_more_are_a_list() -> None:
    assert shown(card_with(*TEN[:6])).splitlines()[-2:] == [
        "[Ack] [Take] [Severity]",
        "[Need] [Resolve] [Why]",
    ]
    assert "[overflow: Why, Plan]" in shown(card_with(*TEN[:7]))
    many = card_with(*TEN, "Eleventh", "Twelfth", "Ack")
    assert "[static_select: Why, Plan, Due, Category, Exclude, Eleventh, Twelfth]" in shown(many)
    assert card_with().blocks[-1]["type"] == "rich_text"


def test_facts_stand_on_one_line_between_the_case_and_the_state() -> None:
    facts = ("Hardware", "", "version 3,\nout of support", "*not* covered: <!channel>", " ")
    made = card_with("Take", facts=facts)
    assert shown(made).splitlines()[3:6] == [
        "nobody can work",
        "Hardware · version 3, out of support · *not* covered: <!channel>",
        "███████░░░  42 min left, answer by 10:30",
    ]
    assert len(card_with("Take").blocks) == len(made.blocks) - 1


def test_long_facts_are_cut() -> None:
    line = shown(card_with("Take", facts=("word " * 100,) * 20)).splitlines()[4]
    assert len(line) <= 300
    assert line.startswith("word ") and "… · word" in line and line.endswith("…")


def test_a_title_that_says_more_is_shown() -> None:
    assert "Mail is down\n" in shown(
        blocks.of_card(dataclasses.replace(CARD, title="MIT-1042: Mail is down"))
    )


def _choice(i: int) -> Choice:
    return Choice(id=f"sev|MIT-1|{i}", label=f"Option {i}")
