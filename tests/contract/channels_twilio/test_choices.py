import json

import pytest

from bot.domain.message import Choice
from channels.twilio.choices import shape
from tests.contract.channels_twilio.fakes import choices

TEXT = "This looks like an emergency.\n\n1 Emergency\n2 High"


def test_three_are_buttons() -> None:
    shaped = shape(TEXT, choices(3))
    assert shaped is not None
    types, variables = shaped
    reply = types["twilio/quick-reply"]
    assert reply["body"] == "{{1}}\n\n{{2}}\n{{3}}"
    assert reply["actions"][0] == {
        "type": "QUICK_REPLY",
        "title": "Emergency",
        "id": "severity|{{4}}|emergency",
    }
    assert variables == {
        "1": "This looks like an emergency.",
        "2": "1 Emergency",
        "3": "2 High",
        "4": "MIT-1042",
    }


def test_four_are_a_list() -> None:
    shaped = shape(TEXT, choices(4))
    assert shaped is not None
    picker = shaped[0]["twilio/list-picker"]
    assert picker["button"] == "1-4"
    assert [item["item"] for item in picker["items"]] == ["Emergency", "High", "Normal", "Low"]


def test_tickets_share_a_content() -> None:
    one, other = shape(TEXT, choices(3)), shape(TEXT.replace("an", "no"), choices(3, ticket="MIT-1043"))
    assert one is not None
    assert other is not None
    assert one[0] == other[0]
    assert one[1] != other[1]


def test_an_id_that_is_no_action_stays() -> None:
    shaped = shape("x", (Choice(id="plain", label="Plain"),))
    assert shaped is not None
    assert shaped[0]["twilio/quick-reply"]["actions"][0]["id"] == "plain"


def test_no_variable_breaks_the_rules() -> None:
    shaped = shape("a\tb" + " " * 12 + "c\n \n\nd", choices(2))
    assert shaped is not None
    for value in shaped[1].values():
        assert value.strip()
        assert not set("\n\t") & set(value)
        assert " " * 5 not in value
    assert json.dumps(shaped)


@pytest.mark.parametrize(
    ("text", "count"),
    [("x" * 1025, 3), ("", 3), ("x\n" * 60, 3), ("x", 11)],
    ids=["long", "no", "lines", "many"],
)
def test_what_whatsapp_would_refuse_is_not_tried(text: str, count: int) -> None:
    assert shape(text, choices(count)) is None


def test_two_labels_alike_are_not_tried() -> None:
    label = "x" * 20
    assert shape("x", (Choice(id="a", label=label + "1"), Choice(id="b", label=label + "2"))) is None
