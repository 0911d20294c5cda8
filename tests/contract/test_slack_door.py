"""HTTP mode's door: what Slack did not sign, just now, for us, has no effect; nothing at all gives a 500."""

import json
from collections.abc import Callable

import pytest

from tests.contract.channels_slack.fakes import PAYLOADS, THANDI
from tests.contract.channels_slack.rig import Rig, once, rig

BODY = (PAYLOADS / "message_dm.json").read_bytes()
JSON = {"content-type": "application/json"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
TS, SIGNATURE = "X-Slack-Request-Timestamp", "X-Slack-Signature"
Headers = list[tuple[str, str]]


def signed(here: Rig, body: bytes = BODY, stamp: int | str | None = None) -> dict[str, str]:
    return here.slack.sign(body, stamp)


def headers(here: Rig, **changed: str | None) -> Headers:
    """Good headers with something changed; None leaves one out."""
    good = signed(here) | {k.replace("_", "-"): v for k, v in changed.items() if v is not None}
    return [(k, v) for k, v in good.items() if changed.get(k.replace("-", "_"), "") is not None]


def _now(here: Rig) -> int:
    return int(here.desk.clock.now().timestamp())


TRIES: dict[str, Callable[[Rig], Headers]] = {
    "no signature": lambda r: headers(r, X_Slack_Signature=None),
    "no timestamp": lambda r: headers(r, X_Slack_Request_Timestamp=None),
    "nothing": lambda r: [],
    "301 s old": lambda r: list(signed(r, BODY, _now(r) - 301).items()),
    "301 s ahead": lambda r: list(signed(r, BODY, _now(r) + 301).items()),
    "timestamp abc": lambda r: list(signed(r, BODY, "abc").items()),
    "timestamp empty": lambda r: list(signed(r, BODY, "").items()),
    "timestamp nan": lambda r: list(signed(r, BODY, "nan").items()),
    "timestamp float": lambda r: list(signed(r, BODY, f"{_now(r)}.0").items()),
    "timestamp negative": lambda r: list(signed(r, BODY, f"-{_now(r)}").items()),
    "timestamp underscored": lambda r: list(signed(r, BODY, f"{_now(r):_}").items()),
    "timestamp of 5000 digits": lambda r: list(signed(r, BODY, "9" * 5000).items()),
    "another timestamp": lambda r: headers(r, X_Slack_Request_Timestamp=str(_now(r) - 1)),
    "signature empty": lambda r: headers(r, X_Slack_Signature=""),
    "signature garbage": lambda r: headers(r, X_Slack_Signature="v0=abc"),
    "signature v1": lambda r: headers(r, X_Slack_Signature=signed(r)[SIGNATURE].replace("v0", "v1")),
    "signature upper case": lambda r: headers(r, X_Slack_Signature="v0=" + signed(r)[SIGNATURE][3:].upper()),
    "duplicate signature": lambda r: [*headers(r), (SIGNATURE, signed(r)[SIGNATURE])],
    "duplicate timestamp": lambda r: [*headers(r), (TS, signed(r)[TS])],
}


@pytest.mark.parametrize("name", TRIES)
async def test_what_is_not_signed_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        answer = await here.post(BODY, [*TRIES[name](here), *JSON.items()])
        assert (answer.status_code, here.desk.received) == (401, [])
        assert here.desk.counted == [("refused", "slack")]


async def test_a_signature_of_non_ascii_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        raw = {TS.encode(): str(_now(here)).encode(), SIGNATURE.encode(): "v0=é☎".encode()}
        answer = await here.post(BODY, raw)  # type: ignore[arg-type]
        assert (answer.status_code, here.desk.received) == (401, [])


async def test_another_body_than_was_signed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        good = signed(here) | JSON
        again = json.dumps(json.loads(BODY)).encode()
        for body in (BODY.replace(b"Mail", b"mail"), again, BODY + b" ", b"", b"\xff\xfe" + BODY):
            assert (await here.post(body, good)).status_code == 401
        assert (await here.post(b"\xff\xfe", signed(here, b"") | JSON)).status_code == 401
        assert here.desk.received == []


async def test_another_secret_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch, signing_secret="somebody-elses") as here:
        assert once(await here.slack.dm(THANDI, "help", times=1)).status == 401
        assert here.desk.received == []


@pytest.mark.parametrize(("team", "status"), [("T0PLAY", 200), ("T0OTHER", 403)])
async def test_another_workspace_is_refused(team: str, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch, team_id=team) as here:
        assert once(await here.slack.dm(THANDI, "help")).status == status
        assert once(await here.slack.command(THANDI, here.slack.im(THANDI), text="status")).status == status
        assert once(await here.slack.global_shortcut(THANDI, "new_ticket")).status == status
        assert len(here.desk.received) == (2 if status == 200 else 0)


async def test_the_challenge_is_answered_when_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch, team_id="T0PLAY") as here:
        body = b'{"token": "x", "challenge": "3eZbrw1aB", "type": "url_verification"}'
        assert (await here.post(body, JSON)).status_code == 401
        answer = await here.post(body, signed(here, body) | JSON)
        assert (answer.status_code, answer.json()) == (200, {"challenge": "3eZbrw1aB"})
        check = b"ssl_check=1&token=x"
        assert (await here.post(check, FORM)).status_code == 401
        assert (await here.post(check, signed(here, check) | FORM)).status_code == 200


MALFORMED = (
    b"", b"{", b"[]", b"null", b"5", b'"x"', b"{}", b"payload=", b"payload={", b"payload=[]", b"payload=null", b"a=b&c",
    b'{"type": "event_callback"}', b'{"type": "event_callback", "event": "x"}', b'{"type": 5, "event": []}',
    b'{"type": "event_callback", "event": {"type": "message"}, "authorizations": 5}', b'{"user": 5}', b'{"team": 5}',
    b'{"type": "event_callback", "event": {"type": []}}', b'{"type": "url_verification", "challenge": {"a": []}}',
    b'{"type": "event_callback", "event": {"type": "message", "user": {}, "channel": 5, "ts": null}, "event_id": []}',
    b'{"type": "block_actions", "actions": {}}', b'{"type": "block_actions", "actions": [null], "channel": []}',
    b'{"type": "view_submission", "view": []}', b'{"n": ' + b"9" * 5000 + b"}", b"[" * 100_000, b'{"a":' * 50_000,
    b'{"authorizations": [5]}', b'{"enterprise": 5}', b'{"view": {"app_installed_team_id": 5}}', b"command=&text=",
    b'{"is_ext_shared_channel": true, "type": "event_callback", "event": null}', b"ssl_check=%00", b'{"ssl_check": []}',
)  # fmt: skip


async def test_malformed_bodies_are_no_servers_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        for body in MALFORMED:
            for kind in (JSON, FORM):
                answer = await here.post(body, signed(here, body) | kind)
                assert answer.status_code in (200, 400), (body[:80], answer.status_code)
        assert here.desk.received == []


async def test_what_is_far_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        assert (await here.post(b"x" * 1_100_000, signed(here))).status_code == 413
