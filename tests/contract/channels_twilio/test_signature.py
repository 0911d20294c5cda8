from collections.abc import Callable

import pytest
from twilio.request_validator import RequestValidator

from channels.twilio.signature import Refused, checked, checked_call, parse_form, verify
from tests.contract.channels_twilio.fakes import (
    ACCOUNT,
    OTHER_TOKEN,
    OURS,
    PUBLIC,
    SID,
    TOKEN,
    inbound_params,
    sign,
)

PATH = "/twilio/messages"
PARAMS = inbound_params()
GOOD = sign(PUBLIC + PATH, PARAMS)


def ok(
    header: str | None = GOOD, url: str = PUBLIC, path: str = PATH, query: str = "", **params: str
) -> bool:
    return verify(url, path, query, PARAMS | params, header, [TOKEN, OTHER_TOKEN])


def test_twilio_is_believed() -> None:
    assert ok()
    assert ok(RequestValidator(TOKEN).compute_signature(PUBLIC + PATH, PARAMS))
    assert ok(sign(PUBLIC + PATH, PARAMS, OTHER_TOKEN))
    assert ok(sign(PUBLIC + ":443" + PATH, PARAMS))
    assert ok(sign(PUBLIC + PATH + "?a=b%20c", PARAMS), query="a=b%20c")
    assert ok(url="https://desk.example.com:443")
    local = "http://127.0.0.1:8080"
    assert ok(sign(local + PATH, PARAMS), url=local)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "x",
        GOOD.lower(),
        GOOD[:-1],
        GOOD + "=",
        GOOD[:-2] + "é=",
        sign(PUBLIC + PATH, PARAMS, "another token"),
        sign("http://desk.example.com" + PATH, PARAMS),
        sign("https://evil.example.com" + PATH, PARAMS),
        sign(PUBLIC + ":8443" + PATH, PARAMS),
        sign(PUBLIC + PATH + "?x=1", PARAMS),
        sign(PUBLIC + "/twilio/status", PARAMS),
        sign(PUBLIC + PATH, {}),
        sign(PUBLIC + PATH, PARAMS | {"Body": "x"}),
    ],
)
def test_nobody_else_is(header: str | None) -> None:
    assert not ok(header)


def test_what_can_not_be_signed_is_not_believed() -> None:
    pairs = [*PARAMS.items(), ("Body", "twice")]
    assert not verify(PUBLIC, PATH, "", pairs, GOOD, [TOKEN])
    assert not verify(PUBLIC, PATH, "", {"A": ["1"]}, GOOD, [TOKEN])  # type: ignore[dict-item]
    assert not verify(PUBLIC, PATH, "", {"A": "\ud800"}, GOOD, [TOKEN])
    assert not verify(PUBLIC, PATH, "", PARAMS, GOOD, [])
    assert not verify(PUBLIC, PATH, "", PARAMS, 7, [TOKEN])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{}"),
        ("", b"A=1"),
        ("multipart/form-data; boundary=x", b"A=1"),
        ("application/x-www-form-urlencoded", b"A=1&A=1"),
        ("application/x-www-form-urlencoded", b"A"),
        ("application/x-www-form-urlencoded", b"&"),
        ("application/x-www-form-urlencoded", b"A=%ff"),
        ("application/x-www-form-urlencoded", "A=é".encode()),
        ("application/x-www-form-urlencoded", b"\x00\xff"),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(300))),
    ],
)
def test_only_a_plain_form_is_read(kind: str, body: bytes) -> None:
    with pytest.raises(Refused) as refused:
        parse_form(kind, body)
    assert refused.value.status == 400


def test_a_form_is_read() -> None:
    kind = "Application/X-WWW-Form-URLEncoded; charset=UTF-8"
    assert parse_form(kind, b"A=%2B1+2&B=&C=%E2%82%AC") == {"A": "+1 2", "B": "", "C": "€"}
    assert parse_form(kind, b"") == {}


def test_a_message_may_have_parameters_that_we_do_not_know() -> None:
    checked(PARAMS | {"BrandNew": "1", "ReferralHeadline": "x"}, ACCOUNT)
    checked(PARAMS | {"OriginalRepliedMessageSid": "SM" + "9" * 32, "ButtonPayload": "a|MIT-1|b"}, ACCOUNT)
    checked({"AccountSid": ACCOUNT, "MessageSid": SID, "From": OURS, "To": OURS}, ACCOUNT)


@pytest.mark.parametrize(
    "changes",
    [
        {"AccountSid": "AC" + "1" * 32},
        {"AccountSid": ""},
        {"AccountSid": "é"},
        {"MessageSid": "SM1"},
        {"MessageSid": "SM" + "G" * 32},
        {"MessageSid": SID + "\n"},
        {"MessageSid": "SM" + "2" * 32},
        {"From": "+1"},
        {"From": "whatsapp:27115550100"},
        {"From": "messenger:+27115550100"},
        {"From": "+27115550100"},
        {"From": "whatsapp:+٢٧١١٥٥٥٠١٠٠"},
        {"To": "12345"},
        {"NumMedia": "x"},
        {"ApiVersion": "2010-04-01Bodyhi"},
        {"Fro=m": "x"},
        {"a b": "x"},
        {"": "x"},
    ],
)
def test_a_strange_message_is_refused(changes: dict[str, str]) -> None:
    with pytest.raises(Refused) as refused:
        checked(PARAMS | changes, ACCOUNT)
    assert refused.value.status == 403


@pytest.mark.parametrize("name", ["AccountSid", "MessageSid", "From", "To"])
def test_nothing_needed_may_be_missing(name: str) -> None:
    with pytest.raises(Refused):
        checked({key: value for key, value in PARAMS.items() if key != name}, ACCOUNT)


def _attack(body: str, recut: Callable[[dict[str, str]], dict[str, str]]) -> bool:
    """A captured message with a crafted body, cut anew: is the signature still good, and do we take it?"""
    captured = inbound_params(body)
    header = sign(PUBLIC + PATH, captured)
    forged = recut(captured)
    assert verify(PUBLIC, PATH, "", forged, header, [TOKEN]), "the attack must be a real one"
    try:
        checked(forged, ACCOUNT)
    except Refused:
        return False
    return forged["MessageSid"] != SID


def test_a_part_of_a_name_moved_to_a_value() -> None:
    def recut(params: dict[str, str]) -> dict[str, str]:
        sender = params.pop("From")
        return params | {"Fro": "m" + sender}

    assert not _attack("hi", recut)


def test_the_sender_folded_into_the_body() -> None:
    def recut(params: dict[str, str]) -> dict[str, str]:
        sender = params.pop("From")
        return params | {"Body": params["Body"] + "From" + sender}

    assert not _attack("hi", recut)


def test_a_whole_other_message_hidden_in_the_body() -> None:
    """The customer writes what could be parameters, so that the true ones end up in a parameter nobody knows."""
    new = "SM" + "e" * 32
    victim = "whatsapp:+27115559999"
    hidden = f"Fromwhatsapp:+27115559999MessageSid{new}NumMedia0Towhatsapp:{OURS}Zz"

    def recut(params: dict[str, str]) -> dict[str, str]:
        rest = "".join(name + params[name] for name in sorted(params) if name > "Body")
        first = {name: params[name] for name in params if name < "Body"}
        ours = {"Body": "hi", "From": victim, "MessageSid": new, "NumMedia": "0", "To": f"whatsapp:{OURS}"}
        return first | ours | {"Zz": rest}

    assert not _attack("hi" + hidden, recut)


def test_calls_are_checked_for_less() -> None:
    call = {"AccountSid": ACCOUNT, "CallSid": "CA" + "1" * 32, "From": "anonymous"}
    checked_call(call, ACCOUNT)
    for changes in ({"AccountSid": "x"}, {"CallSid": "CA1"}, {"a b": "c"}):
        with pytest.raises(Refused):
            checked_call(call | changes, ACCOUNT)
