import re
from collections.abc import Callable
from urllib.parse import parse_qsl, quote_plus

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
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


SENDABLE = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.dictionaries(SENDABLE, SENDABLE), SENDABLE.filter(bool))
def test_a_signature_is_as_twilios_own(params: dict[str, str], token: str) -> None:
    header = RequestValidator(token).compute_signature(PUBLIC + PATH, params)
    assert verify(PUBLIC, PATH, "", params, header, [token])
    assert not verify(PUBLIC, PATH, "", params | {"More": "x" * len(repr(params))}, header, [token])


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


FORM = "application/x-www-form-urlencoded"
PIECES = st.sampled_from([*"&&&===+%aZ é\0;", "%2B", "%26", "%3d", "%c3%a9", "%ff", "%", "%4", "A=1"])


@given(st.lists(PIECES).map("".join) | SENDABLE.map(lambda text: "A=" + quote_plus(text)))
@example("&".join(f"a{n}=1" for n in range(200)))
@example("&".join(f"a{n}=1" for n in range(201)))
def test_a_form_is_read_as_python_would(form: str) -> None:
    strict = {"keep_blank_values": True, "strict_parsing": True, "errors": "strict", "max_num_fields": 200}
    try:
        pairs = parse_qsl(form.encode().decode("ascii"), **strict)  # type: ignore[call-overload]
    except ValueError:
        pairs = None
    if pairs is None or len(dict(pairs)) != len(pairs):
        with pytest.raises(Refused):
            parse_form(FORM, form.encode())
    else:
        assert parse_form(FORM, form.encode()) == dict(pairs)


SCRAPS = [
    "Message",
    "Sid",
    "MessageSid",
    "OriginalReplied",
    "Original",
    "SmsS",
    "MM",
    "SM",
    SID,
    "9" * 32,
    "x",
]


@given(st.lists(st.sampled_from(SCRAPS)).map("".join), st.sampled_from(["", SID, "SM" + "9" * 32]))
@example("OriginalRepliedMessageSid" + SID, SID)
@example("OriginalRepliedMessageSid" + SID, "")
def test_every_sid_is_seen_wherever_it_stands(text: str, replied: str) -> None:
    params = inbound_params(text) | ({"OriginalRepliedMessageSid": replied} if replied else {})
    signed = "".join(name + params[name] for name in sorted(params))
    there = re.findall(r"(OriginalReplied)?MessageSid((?:SM|MM)[0-9a-f]{32})", signed)
    if all(sid == (replied if original else SID) for original, sid in there):
        checked(params, ACCOUNT)
    else:
        with pytest.raises(Refused):
            checked(params, ACCOUNT)


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
