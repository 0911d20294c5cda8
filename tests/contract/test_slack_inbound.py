"""What people do in Slack, over HTTP: taken in before it is acknowledged, understood, answered."""

import json

import pytest

from bot.app.inbound import ActionIn, CommandIn, MessageIn
from bot.app.ports import Outcome, Overloaded
from bot.domain.message import Choice, Message, Part
from tests.contract.channels_slack.fakes import ADA, DESK, THANDI
from tests.contract.channels_slack.rig import at, once, only, outgoing, rig


# ---------------------------------------------------------------- events
async def test_a_direct_message_with_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        file = {"name": "till.png", "mimetype": "image/png", "content": b"png"}
        answer = once(await here.slack.dm(THANDI, "a < b & see https://a.example", files=[file]))
        heard = only(here, MessageIn)
        assert (answer.status, heard.text) == (200, "a < b & see https://a.example")
        assert (heard.address, heard.direct, heard.external_id) == (
            at(THANDI),
            True,
            here.slack.last_event_id,
        )
        assert heard.attachments[0].url.endswith("/till.png")


async def test_a_reply_in_a_ticket_s_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        card = await here.channel.send(outgoing("MIT-1042", at(DESK)))
        await here.slack.message(DESK, ADA, "on it", card.message)
        assert only(here, MessageIn).address == at(DESK, card.message)


async def test_five_deliveries_are_five_of_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        await here.slack.dm(THANDI, "help", times=5)
        assert len(here.desk.received) == 5
        assert {i.external_id for i in here.desk.received} == {here.slack.last_event_id}


async def test_what_is_not_for_us_is_acknowledged_and_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        said = await here.channel.send(outgoing("see https://a.example", at(DESK)))
        await here.channel.send(outgoing("changed", at(DESK), edits=said.message))
        await here.play.settle()
        for event in (
            {"type": "team_join"},
            {"type": "app_rate_limited"},
            {"type": "message", "subtype": "bot_message"},
        ):
            assert once(await here.slack.raw(event)).status == 200
        assert once(await here.slack.react(ADA, DESK, said.message, "eyes")).status == 200
        assert here.desk.received == []
        assert here.play.journal.entries("slack", "delivery_failed") == []


async def test_an_edit_by_a_person_is_no_message(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        await here.slack.dm(THANDI, "help")
        await here.slack.edit(THANDI, here.slack.im(THANDI), only(here, MessageIn).message, "help me")
        assert len(here.desk.received) == 1


async def test_too_much_in_flight_means_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        here.desk.trouble = Overloaded()
        assert once(await here.slack.dm(THANDI, "help")).status == 503
        assert once(await here.slack.command(ADA, DESK, text="status")).status == 503
        here.desk.trouble = None
        await here.play.settle()
        assert [type(i) for i in here.desk.received] == [
            MessageIn
        ]  # Slack tries events again, commands never


async def test_a_bug_behind_the_door_is_not_acknowledged(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        here.desk.trouble = RuntimeError("a bug")
        assert once(await here.slack.dm(THANDI, "help")).status == 500
        here.desk.trouble = None
        await here.play.settle()
        assert only(here, MessageIn).text == "help"


# ---------------------------------------------------------------- commands
async def test_a_command_is_answered_in_the_same_breath(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        parts = (Part(text="Ada has <it>"),)
        here.desk.answer = Outcome(
            reply=Message(parts=parts, choices=(Choice(id="take|MIT-1|", label="Take"),))
        )
        answer = once(await here.slack.command(ADA, DESK, text="status MIT-1042"))
        body = json.loads(answer.body)
        assert (body["response_type"], body["text"]) == ("ephemeral", "Ada has &lt;it&gt;")
        assert [b["type"] for b in body["blocks"]] == ["rich_text", "actions"]
        heard = only(here, CommandIn)
        assert (heard.text, heard.address, heard.sender.name) == ("status MIT-1042", at(DESK), "Ada")


async def test_a_command_outside_of_a_desk_is_private(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        assert once(await here.slack.command(THANDI, "C0GENERAL", text="new the till is dead")).body == ""
        heard = only(here, CommandIn)
        assert (heard.text, heard.address) == ("new the till is dead", at(THANDI))


# ---------------------------------------------------------------- buttons
async def test_a_button_is_taken_in(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        ack = Choice(id="ack|MIT-1042|4821", label="Acknowledge")
        page = await here.channel.send(outgoing("You are paged", at(ADA), ack))
        await here.slack.press(ADA, page.place, page.message, ack.id, times=2)
        first, second = here.desk.received
        assert isinstance(first, ActionIn) and first.external_id == second.external_id
        assert (str(first.action), first.address, first.message) == (ack.id, at(ADA), page.message)


async def test_nobody_is_asked_who_we_are_but_once(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        for _ in range(3):
            await here.slack.dm(THANDI, "help")
            await here.slack.command(THANDI, here.slack.im(THANDI), text="status")
        assert [r["path"] for r in here.play.requests] == ["/api/auth.test"]
