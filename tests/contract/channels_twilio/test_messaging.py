import pytest

from bot.app.inbound import ActionIn, MessageIn
from bot.domain.events import Attachment
from channels.twilio.messaging import attempt, message, receipt
from channels.twilio.signature import Refused
from tests.contract.channels_twilio.fakes import SID, THANDI, at, inbound_params


def words(**changes: str) -> MessageIn:
    found = message(inbound_params(**changes))
    assert isinstance(found, MessageIn)
    return found


def test_a_whatsapp_message() -> None:
    found = words(ProfileName=" Thandi\n Nkosi ")
    assert (found.channel, found.external_id, found.message) == ("whatsapp", SID, SID)
    assert found.address == at("whatsapp")
    assert (found.sender.id, found.sender.name) == (THANDI, "Thandi Nkosi")
    assert found.text == "our mail server is down"
    assert found.direct


def test_an_sms() -> None:
    found = words(From=THANDI, To="+14155550101")
    assert found.address == at("sms")


def test_files() -> None:
    found = words(
        Body="",
        NumMedia="3",
        MediaUrl0="https://api.twilio.com/x",
        MediaContentType0="image/png",
        MediaUrl1="https://api.twilio.com/y",
        MediaContentType1="odd/thing",
        MediaUrl2="file:///etc/passwd",
    )
    assert found.attachments == (
        Attachment(name="file1.png", mime="image/png", url="https://api.twilio.com/x"),
        Attachment(name="file2", mime="odd/thing", url="https://api.twilio.com/y"),
    )
    assert words(NumMedia="").attachments == ()
    assert words(NumMedia="999").attachments == ()


@pytest.mark.parametrize("name", ["ButtonPayload", "ListId"])
def test_a_tap_on_ours_is_an_action(name: str) -> None:
    replied = "SM" + "9" * 32
    found = message(inbound_params(**{name: "severity|MIT-1042|high", "OriginalRepliedMessageSid": replied}))
    assert isinstance(found, ActionIn)
    assert (found.action.verb, found.action.ticket, found.action.value) == ("severity", "MIT-1042", "high")
    assert (found.external_id, found.message, found.address) == (SID, replied, at("whatsapp"))


def test_a_tap_on_something_else_is_its_words() -> None:
    assert words(ButtonPayload="yes", ButtonText="Yes please", Body="").text == "Yes please"
    assert words(ListId="severity|{{4}}|high", ListTitle="High", Body="High").text == "High"


def test_a_place_is_said() -> None:
    assert (
        words(Body="", Latitude="-26.2", Longitude="28.0", Address="1 Main Rd").text
        == "1 Main Rd geo:-26.2,28.0"
    )


def test_no_nul_gets_in() -> None:
    assert words(Body="a\0b").text == "ab"


@pytest.mark.parametrize(
    ("status", "code", "ours", "switch", "retry"),
    [
        ("delivered", "", "delivered", False, False),
        ("read", "", "delivered", False, False),
        ("undelivered", "30003", "failed", False, True),
        ("undelivered", "30008", "failed", False, True),
        ("failed", "30001", "failed", False, True),
        ("failed", "63018", "failed", False, True),
        ("failed", "20429", "failed", False, True),
        ("failed", "63016", "failed", True, False),
        ("failed", "30005", "failed", False, False),
        ("failed", "", "failed", False, False),
        ("canceled", "", "failed", False, False),
        ("queued", "", None, False, False),
        ("sending", "", None, False, False),
        ("sent", "", None, False, False),
        ("accepted", "", None, False, False),
        ("scheduled", "", None, False, False),
        ("something-new", "", None, False, False),
    ],
)
def test_a_status(status: str, code: str, ours: str | None, switch: bool, retry: bool) -> None:
    params = {
        "MessageSid": SID,
        "From": "whatsapp:+14155550100",
        "To": f"whatsapp:{THANDI}",
        "MessageStatus": status,
        "ErrorCode": code,
    }
    found = receipt(params, "tok")
    if ours is None:
        assert found is None
        return
    assert found is not None
    assert (found.status, found.code, found.switch, found.retry) == (ours, code, switch, retry)
    assert (found.token, found.external_id) == ("tok", f"{SID}:{status}")
    assert found.address == at("whatsapp")


def test_the_attempt_is_named() -> None:
    assert attempt("attempt=a-_9") == "a-_9"
    for query in ("", "attempt=", "attempt=a&attempt=b", "attempt=a%20b", "attempt=" + "x" * 65):
        with pytest.raises(Refused):
            attempt(query)
