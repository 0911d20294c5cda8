import pytest

from bot.domain.message import Message, Part, Style
from channels.twilio.render import flat, sms_text, split, whatsapp_text


def part(text: str, style: Style = Style.PLAIN) -> Part:
    return Part(text=text, style=style)


MIXED = Message(
    parts=(
        part("MIT-1042", Style.BOLD),
        part(": "),
        part("Ada", Style.MENTION),
        part(" asks"),
        part("is *it* down?\nstill?", Style.QUOTE),
        part("Answer here."),
    )
)


def test_whatsapp_has_bold_and_quotes() -> None:
    assert whatsapp_text(MIXED) == "*MIT-1042*: @Ada asks\n> is *it* down?\n> still?\nAnswer here."


def test_sms_has_the_words() -> None:
    assert sms_text(MIXED) == "MIT-1042: @Ada asks\n> is *it* down?\n> still?\nAnswer here."


@pytest.mark.parametrize(
    ("text", "shown"),
    [(" x ", " *x* "), ("a*b", "a*b"), ("a\nb", "a\nb"), ("  ", "  "), ("x x", "*x x*")],
)
def test_bold_only_where_it_works(text: str, shown: str) -> None:
    assert whatsapp_text(Message(parts=(part("-"), part(text, Style.BOLD), part("-")))) == f"-{shown}-"


def test_a_possible_repeat_says_so() -> None:
    assert sms_text(MIXED, again=True).startswith("(possible repeat) MIT")


def test_what_no_form_can_carry_is_left_out() -> None:
    assert sms_text(Message(parts=(part("a\0b\ud800c\r\nd"),))) == "ab?c\nd"


def test_a_template_gets_one_short_line() -> None:
    line = flat(Message(parts=(part("one\n\n two\tthree" + " " * 9 + "four\n" + "x" * 2000),)))
    assert line.startswith("one · two · three    four · xxx")
    assert len(line) == 900
    assert line.endswith("…")
    assert flat(Message(parts=(part(" \n\t "),))) == ""


def test_a_text_that_fits_is_one() -> None:
    assert split("x" * 1600) == ["x" * 1600]


def test_a_long_text_is_cut_at_lines_then_spaces_then_anywhere() -> None:
    assert split("a" * 1000 + "\n" + "b" * 1000) == ["a" * 1000, "b" * 1000]
    assert split("a" * 1000 + " " + "b" * 1000) == ["a" * 1000, "b" * 1000]
    assert split("a" * 3500) == ["a" * 1600, "a" * 1600, "a" * 300]


def test_no_word_is_lost() -> None:
    text = " ".join(f"word{n}" for n in range(2000))
    pieces = split(text)
    assert " ".join(pieces) == text
    assert all(len(piece) <= 1600 for piece in pieces)


def test_emoji_take_two_places() -> None:
    assert all(len(piece.encode("utf-16-le")) // 2 <= 1600 for piece in split("🔥" * 2000))
