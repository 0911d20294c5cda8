"""What we say in Slack, and what becomes of it when Slack does not do as it is told."""

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp
import pytest

from bot.app.ports import Channel, DeliveryError, OutcomeUnknown, Permanent, Temporary
from bot.domain.message import Choice
from channels.slack import outbound, workspace
from playground import Fault
from tests.contract.channels_slack.fakes import ADA, DESK, THANDI
from tests.contract.channels_slack.rig import Rig, at, outgoing, rig
from tests.contract.channels_slack.test_blocks import CARD


# ---------------------------------------------------------------- messages
async def test_a_message_to_a_channel_and_its_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        first = await here.channel.send(outgoing("see https://a.example", at(DESK)))
        await here.channel.send(outgoing("inside", at(DESK, first.message)))
        top, inside = here.calls("chat.postMessage")
        assert (top["unfurl_links"], top["unfurl_media"], first.place) == (False, False, DESK)
        assert top["metadata"] == {"event_type": "standby", "event_payload": {"token": "attempt-1"}}
        assert "thread_ts" not in top and inside["thread_ts"] == first.message


async def test_a_person_s_id_means_the_direct_message(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        first = await here.channel.send(outgoing("You are paged", at(ADA)))
        await here.channel.send(outgoing("again", at(ADA), again=True))
        assert first.place == here.slack.im(ADA)
        assert len([r for r in here.play.requests if r["path"] == "/api/conversations.open"]) == 1
        assert here.play.journal.entries("slack", "dm")[-1].text == "(possible repeat) again"


async def test_an_edit_replaces_words_and_buttons(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        asked = await here.channel.send(
            outgoing("Which?", at(THANDI), Choice(id="sev|MIT-1|high", label="High"))
        )
        edited = await here.channel.send(outgoing("High it is", at(THANDI), edits=asked.message, again=True))
        shown = here.slack.message_at(asked.place, asked.message)
        assert edited.message == asked.message and shown["text"] == "High it is"
        assert [b["type"] for b in shown["blocks"]] == ["rich_text"]


async def test_a_whisper_is_for_one_person(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        await here.channel.send(outgoing("Grace has it already", at(DESK), only_for=ADA))
        (entry,) = here.play.journal.entries("slack", "ephemeral")
        assert (entry.to, entry.where, entry.text) == (ADA, DESK, "Grace has it already")


async def test_a_whisper_in_a_thread_is_as_long_as_it_has_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        card = await here.channel.put_card(at(DESK), CARD, "", "card-1")
        why = "\n".join(f"Monday 09:0{n % 10}: the office opens, and the clock goes on" for n in range(60))
        await here.channel.send(outgoing(why, at(DESK, card.thread), only_for=ADA))
        (asked,) = here.calls("chat.postEphemeral")
        assert (asked["user"], asked["thread_ts"]) == (ADA, card.message)
        read = [e["text"] for b in asked["blocks"] for s in b["elements"] for e in s["elements"]]
        assert "".join(read) == why


async def test_the_longest_message_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        text = "a < b & <!channel> " * 620
        choices = [Choice(id=f"sev|MIT-1|{i}", label=f"Option {i}") for i in range(25)]
        sent = await here.channel.send(outgoing(text, at(DESK), *choices))
        blocks = here.slack.message_at(DESK, sent.message)["blocks"]
        texts = [
            e["text"]
            for b in blocks
            if b["type"] == "rich_text"
            for s in b["elements"]
            for e in s["elements"]
        ]
        assert "".join(texts) == text


# ---------------------------------------------------------------- cards and marks
async def test_a_card_is_posted_once_and_then_edited(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        first = await here.channel.put_card(at(DESK), CARD, "", "card-1")
        second = await here.channel.put_card(at(DESK), CARD, first.message, "card-2")
        assert first.thread == first.message == second.message == second.thread
        assert len(here.calls("chat.postMessage")) == 1
        assert "MIT-1042" in here.play.journal.entries("slack", "edited")[-1].text


async def test_a_card_that_was_deleted_is_posted_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        anew = await here.channel.put_card(at(DESK), CARD, "1795428000.999999", "card-1")
        assert anew.message in here.slack.channels[DESK].messages


async def test_a_card_is_found_by_its_token(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        card = await here.channel.put_card(at(DESK), CARD, "", "card-1")
        inside = await here.channel.send(outgoing("hello", at(DESK, card.message), token="line-1"))
        await here.slack.message(DESK, ADA, "chatter")
        assert await here.channel.find(at(DESK), "card-1") == card.message
        assert await here.channel.find(at(DESK, card.message), "line-1") == inside.message
        assert await here.channel.find(at(DESK), "line-1") is None


async def test_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        await here.slack.message(DESK, ADA, "on it")
        ts = next(iter(here.slack.channels[DESK].messages))
        for mark in ("sent", "sent", "internal", "failed"):
            await here.channel.mark(at(DESK), ts, mark)
        names = [r["name"] for r in here.slack.message_at(DESK, ts)["reactions"]]
        assert names == ["white_check_mark", "lock", "warning"]
        with pytest.raises(Permanent):
            await here.channel.mark(at(DESK), ts, "applause")


# ---------------------------------------------------------------- when it goes wrong
async def fails(call: Awaitable[object]) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await call
    return caught.value


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        (Fault.rate_limited(30), Temporary, 30.0),
        (Fault.rate_limited("-1"), Temporary, None),
        (Fault.rate_limited("9" * 400), Temporary, 3600.0),
        (Fault.server_error(500), Temporary, None),
        (Fault.server_error(503), Temporary, None),
        (Fault.reset(), OutcomeUnknown, None),
        (Fault.refuse("ratelimited"), Temporary, None),
        (Fault.refuse("channel_not_found"), Permanent, "channel_not_found"),
        (Fault.refuse("not_in_channel"), Permanent, "not_in_channel"),
        (Fault.refuse("invalid_auth"), Permanent, "invalid_auth"),
    ],
)
async def test_what_slack_s_answers_are_to_us(
    fault: Fault, kind: type[DeliveryError], code: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with rig(monkeypatch) as here:
        for method, call in _calls(here).items():
            here.play.faults.add("slack", method, fault)
            error = await fails(call())
            assert type(error) is kind, method
            if isinstance(error, Temporary):
                assert error.retry_after == code
            if isinstance(error, Permanent):
                assert error.code == code


def _calls(here: Rig) -> dict[str, Callable[[], Awaitable[object]]]:
    channel: Channel = here.channel
    return {
        "chat.postMessage": lambda: channel.send(outgoing("x", at(DESK))),
        "chat.update": lambda: channel.put_card(at(DESK), CARD, "1.2", "t"),
        "chat.postEphemeral": lambda: channel.send(outgoing("x", at(DESK), only_for=ADA)),
    }


async def test_what_may_be_done_twice_is_simply_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        here.play.faults.add("slack", "conversations.open", Fault.reset())
        assert type(await fails(here.channel.send(outgoing("x", at(ADA))))) is Temporary
        here.play.faults.add("slack", "reactions.add", Fault.reset())
        assert type(await fails(here.channel.mark(at(DESK), "1.2", "sent"))) is Temporary


async def test_an_answer_that_never_comes_may_have_been_a_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspace, "_TIMEOUT", aiohttp.ClientTimeout(total=0.2, connect=5, sock_connect=5))
    async with rig(monkeypatch) as here:
        here.play.faults.add("slack", "chat.postMessage", Fault.accept_then_hang(5))
        assert type(await fails(here.channel.put_card(at(DESK), CARD, "", "card-1"))) is OutcomeUnknown
        assert await here.channel.find(at(DESK), "card-1") is not None


async def test_nobody_there_means_that_nothing_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    server = await asyncio.start_server(lambda r, w: w.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    async with rig(monkeypatch, api_url=f"http://127.0.0.1:{port}/api/") as here:
        assert type(await fails(here.channel.send(outgoing("x", at(DESK))))) is Temporary
        assert here.adapter.connected()


async def test_an_answer_that_is_not_slack_s(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\nConnection: close\r\n\r\n<ht>",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\nConnection: close\r\n\r\nfine",
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1\r\nConnection: close\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\nConnection: close\r\n\r\n"
        b'{"ok":true}',
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\nConnection: close\r\n\r\n{",
    ]
    down = b"HTTP/1.1 502 Bad\r\nContent-Type: application/json\r\nContent-Length: 1\r\nConnection: close\r\n\r\n<"
    left = [b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", *answers, down]

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(left.pop(0))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, rig(monkeypatch, api_url=f"http://127.0.0.1:{port}/api/") as here:
        for _ in answers:
            assert type(await fails(here.channel.send(outgoing("x", at(DESK))))) is OutcomeUnknown
        assert type(await fails(here.channel.send(outgoing("x", at(DESK))))) is Temporary


def test_what_the_channel_can_do() -> None:
    can = outbound.SlackChannel.capabilities
    assert (can.text_limit, can.card_gap.total_seconds()) == (11_000, 1.2)
    assert (can.edits, can.cards, can.marks, can.pages, can.receipts) == (True, True, True, True, False)
