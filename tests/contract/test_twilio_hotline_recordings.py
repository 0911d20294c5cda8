"""Listening to a message: only with the key of that recording, and nothing of ours goes anywhere but to Twilio."""

import contextlib
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.app.recording_key import is_key, key_of, opener, recording_url
from bot.app.rows import StorageError
from channels.twilio import recordings
from channels.web import build_web, serve
from tests.contract.channels_twilio.fakes import ACCOUNT, PUBLIC, RECORDING, TOKEN
from tests.contract.channels_twilio.rig import Rig, running
from tests.fakes.world import World

SOUND = bytes(range(256)) * 40


class Archive:
    """Twilio's side: what it has, and what it was asked."""

    def __init__(self) -> None:
        self.answer = Response(SOUND, media_type="audio/mpeg")
        self.asked: list[tuple[str, str]] = []

    async def serve(self, request: Request) -> Response:
        self.asked.append((request.url.path, request.headers.get("authorization", "")))
        if request.url.path.startswith("/elsewhere/"):
            return Response(SOUND, media_type="audio/mpeg")
        return self.answer


class Ears:
    """The adapter in front of the archive, and links as the bot makes them."""

    def __init__(self, rig: Rig, archive: Archive, archive_url: str) -> None:
        self.rig, self.archive, self.archive_url = rig, archive, archive_url
        self.world = World()
        rig.desk.opens = opener(self.world.run)

    def link(self, recording: str = RECORDING) -> str:
        return self.world.store.transact(lambda uow: recording_url(uow, self.world.random, PUBLIC, recording))

    async def get(self, link: str, **headers: str) -> httpx.Response:
        return await self.rig.http.get(link.replace(PUBLIC, self.rig.url), headers=headers)


@contextlib.asynccontextmanager
async def archive() -> AsyncIterator[tuple[Archive, str]]:
    kept = Archive()
    route = Route("/{path:path}", kept.serve)
    web = build_web([route], health=dict, ready=lambda: (True, {}), metrics=lambda: b"")
    async with serve(web, "127.0.0.1", 0) as served:
        yield kept, f"http://127.0.0.1:{served.port}"


@pytest.fixture
async def ears() -> AsyncIterator[Ears]:
    async with archive() as (kept, url), running(api_url=url) as rig:
        yield Ears(rig, kept, url)


async def test_a_recording_is_heard(ears: Ears) -> None:
    answer = await ears.get(ears.link())
    assert (answer.status_code, answer.content) == (200, SOUND)
    assert answer.headers["content-type"] == "audio/mpeg"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"] == f'inline; filename="{RECORDING}.mp3"'
    ((path, authorization),) = ears.archive.asked
    assert path == f"/2010-04-01/Accounts/{ACCOUNT}/Recordings/{RECORDING}.mp3"
    assert httpx.BasicAuth(ACCOUNT, TOKEN)._auth_header == authorization


@pytest.mark.parametrize(
    ("asked", "status", "sound"),
    [
        ("bytes=0-1", 206, SOUND[:2]),
        ("bytes=100-", 206, SOUND[100:]),
        ("bytes=-5", 206, SOUND[-5:]),
        ("bytes=10-999999", 206, SOUND[10:]),
        ("bytes=999999-", 416, b""),
        ("bytes=5-3", 416, b""),
        ("bytes=-0", 416, b""),
        ("bytes=-", 200, SOUND),
        ("bytes=0-1,3-4", 200, SOUND),
        ("lines=1-2", 200, SOUND),
    ],
)
async def test_a_phone_asks_for_parts(ears: Ears, asked: str, status: int, sound: bytes) -> None:
    answer = await ears.get(ears.link(), range=asked)
    assert (answer.status_code, answer.content) == (status, sound)
    assert answer.headers["accept-ranges"] == "bytes"
    if status == 206:
        start = SOUND.rindex(sound) if asked == "bytes=-5" else int(asked[6:].split("-")[0])
        expected = f"bytes {start}-{start + len(sound) - 1}/{len(SOUND)}"
        assert answer.headers["content-range"] == expected


async def test_without_its_key_it_is_not_there(ears: Ears) -> None:
    before = f"{PUBLIC}/twilio/voice/recording/{RECORDING}?key="
    assert (await ears.get(before + key_of("", RECORDING))).status_code == 404
    link, other = ears.link(), "RE" + "4" * 32
    for wrong in (
        link.replace(RECORDING, other),
        link[:-1],
        link[:-1] + ("0" if link[-1] != "0" else "1"),
        link.partition("?")[0],
        before + "ż",
        link.replace(RECORDING, "../Messages"),
        ears.link("RE1"),
        ears.link(RECORDING.lower()),
    ):
        answer = await ears.get(wrong)
        assert (answer.status_code, answer.text.lower()) == (404, "not found")
    assert ears.archive.asked == []


@pytest.mark.parametrize(
    ("theirs", "ours", "words"), [(404, 404, "not ready yet"), (401, 503, "now"), (500, 503, "now")]
)
async def test_not_now(ears: Ears, theirs: int, ours: int, words: str) -> None:
    ears.archive.answer = Response("no", theirs)
    answer = await ears.get(ears.link())
    assert answer.status_code == ours
    assert words in answer.text
    assert answer.headers["retry-after"] == "60"
    assert answer.headers["content-type"].startswith("text/plain")


async def test_nobody_there() -> None:
    async with running(api_url="http://127.0.0.1:9") as rig:
        ears = Ears(rig, Archive(), "")
        assert (await ears.get(ears.link())).status_code == 503


async def test_the_database_is_away(ears: Ears) -> None:
    link = ears.link()

    async def away(key: str, recording: str) -> bool:
        raise StorageError

    ears.rig.desk.opens = away
    answer = await ears.get(link)
    assert (answer.status_code, answer.text) == (503, "We are busy. Please try again in a minute.")


async def test_a_redirect_carries_no_credentials(ears: Ears) -> None:
    ears.archive.answer = Response(status_code=307, headers={"location": f"{ears.archive_url}/elsewhere/x"})
    assert (await ears.get(ears.link())).content == SOUND
    assert [bool(authorization) for _, authorization in ears.archive.asked] == [True, False]


@pytest.mark.parametrize(
    "to",
    [
        "http://127.0.0.1:9/x",
        "file:///etc/passwd",
        "ftp://x.example/",
        "https://127.0.0.1:9/x",
        "//[",
        "/again",
    ],
)
async def test_a_redirect_to_nowhere_ends(ears: Ears, to: str) -> None:
    ears.archive.answer = Response(status_code=302, headers={"location": to})
    assert (await ears.get(ears.link())).status_code == 503
    assert len(ears.archive.asked) <= 3


async def test_too_long(ears: Ears, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recordings, "LARGEST", len(SOUND) - 1)
    answer = await ears.get(ears.link())
    assert answer.status_code == 502
    assert "too long" in answer.text


def test_keys() -> None:
    key = key_of("secret", RECORDING)
    assert len(key) == 32
    assert is_key(key, "secret", RECORDING)
    for given, secret, recording in (
        (key, "other", RECORDING),
        (key, "secret", "RE"),
        ("", "secret", RECORDING),
        ("\ud800", "secret", RECORDING),
    ):
        assert not is_key(given, secret, recording)
