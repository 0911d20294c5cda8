"""Forms in Slack, over HTTP: asked for by a button, a menu, a command or a shortcut; filled in; taken in."""

import dataclasses
import json
from typing import Any

import pytest

from bot.app.inbound import ActionIn, FormIn
from bot.domain.message import Choice
from playground import Fault
from tests.contract.channels_slack.fakes import ADA, DESK, GUEST, THANDI
from tests.contract.channels_slack.rig import Rig, at, once, only, outgoing, rig
from tests.contract.channels_slack.test_blocks import CARD


def view(here: Rig) -> dict[str, Any]:
    assert len(here.slack.views) == 1
    return next(iter(here.slack.views.values()))


def labels(here: Rig) -> list[str]:
    return [block["label"]["text"] for block in view(here)["blocks"]]


# ---------------------------------------------------------------- about a ticket
@pytest.mark.parametrize(
    ("verb", "values", "text", "severity"),
    [
        ("need", {"text": {"text": "Which version?"}}, "Which version?", ""),
        ("resolve", {"text": {"text": "Disk replaced"}}, "Disk replaced", ""),
        ("severity", {"severity": {"severity": "high"}}, "", "high"),
        ("plan", {"text": {"text": "Swap the disk"}, "more": {"more": "Stay off it"}}, "Swap the disk", ""),
        ("plan", {"text": {"text": "Swap the disk"}}, "Swap the disk", ""),
        ("due", {"text": {"text": "friday 16:00"}}, "friday 16:00", ""),
        ("category", {"category": {"category": "network"}}, "network", ""),
        ("exclude", {"exclude": {"exclude": "hardware"}}, "hardware", ""),
    ],
)
async def test_a_button_that_needs_words_opens_a_form(
    verb: str, values: dict[str, Any], text: str, severity: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with rig(monkeypatch) as here:
        button = Choice(id=f"{verb}|MIT-1042|", label=verb)
        card = await here.channel.send(outgoing("MIT-1042", at(DESK), button))
        await here.slack.press(ADA, DESK, card.message, button.id)
        assert here.desk.received == []
        opened = view(here)["id"]
        answer = once(await here.slack.submit(ADA, opened, values))
        filled = only(here, FormIn)
        assert (filled.form, filled.ticket, filled.text, filled.severity) == (
            verb,
            "MIT-1042",
            text,
            severity,
        )
        assert filled.more == values.get("more", {}).get("more", "")
        assert (filled.external_id, filled.address) == (f"view:{opened}", at(DESK))
        assert json.loads(answer.body) == {"response_action": "clear"}


async def test_a_severity_that_a_button_names_needs_no_form(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        button = Choice(id="severity|MIT-1042|high", label="High")
        asked = await here.channel.send(outgoing("Which?", at(DESK), button))
        await here.slack.press(ADA, DESK, asked.message, button.id)
        assert only(here, ActionIn).action.value == "high" and not here.slack.views


async def a_full_card(here: Rig) -> str:
    """A card with more actions than fit one row; the id of its message."""
    verbs = ("ack", "take", "severity", "need", "resolve", "why", "plan", "due", "category", "exclude")
    choices = tuple(Choice(id=f"{verb}|MIT-1042|", label=verb) for verb in verbs)
    card = dataclasses.replace(CARD, choices=choices, facts=("Network", "not covered: training"))
    return (await here.channel.put_card(at(DESK), card, "", "card-1")).message


async def test_the_menu_of_a_card_opens_forms_as_its_buttons_do(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        card = await a_full_card(here)
        await here.slack.press(ADA, DESK, card, "more", "plan|MIT-1042|")
        assert (view(here)["title"]["text"], labels(here)) == (
            "Support plan MIT-1042",
            ["What we do", "What we need from you"],
        )
        assert here.desk.received == []


async def test_the_menu_of_a_card_asks_why(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        card = await a_full_card(here)
        await here.slack.press(ADA, DESK, card, "more", "why|MIT-1042|")
        asked = only(here, ActionIn)
        assert (str(asked.action), asked.address, asked.message) == ("why|MIT-1042|", at(DESK), card)
        assert not here.slack.views


@pytest.mark.parametrize("verb", ["severity", "category", "exclude"])
async def test_nothing_to_choose_from_is_said(verb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        old = Choice(id=f"{verb}|OLD-1|", label=verb)
        card = await here.channel.send(outgoing("OLD-1", at(DESK), old))
        await here.slack.press(ADA, DESK, card.message, old.id)
        assert "nothing to choose" in view(here)["blocks"][0]["text"]["text"]


# ---------------------------------------------------------------- the form for a new ticket
async def test_an_engineer_raises_a_ticket_for_a_customer(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        await here.slack.command(ADA, DESK, text="new")
        opened = view(here)["id"]
        offered = await here.slack.suggest(ADA, opened, "contact", "contact", "acme")
        assert [o["value"] for o in json.loads(offered.body)["options"]] == ["thandi"]
        values = {"text": {"text": "The till is dead"}, "contact": {"contact": "thandi"}}
        await here.slack.submit(ADA, opened, values)
        filled = only(here, FormIn)
        assert (filled.form, filled.contact, filled.severity, filled.address) == (
            "new",
            "thandi",
            "",
            at(DESK),
        )


async def test_a_guest_may_raise_one_too(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        await here.slack.global_shortcut(GUEST, "new_ticket")
        assert [b["block_id"] for b in view(here)["blocks"]] == ["text", "severity"]
        await here.slack.submit(
            GUEST, view(here)["id"], {"text": {"text": "help"}, "severity": {"severity": "emergency"}}
        )
        filled = only(here, FormIn)
        assert (filled.severity, filled.contact, filled.address) == ("emergency", "", at(GUEST))


async def test_where_there_is_one_severity_it_is_asked_what_it_is_about(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with rig(monkeypatch) as here:
        here.desk.facts.plain = True
        await here.slack.global_shortcut(GUEST, "new_ticket")
        assert labels(here) == ["What is wrong?", "What is it about?"]
        values = {"text": {"text": "no Wi-Fi"}, "category": {"category": "network"}}
        await here.slack.submit(GUEST, view(here)["id"], values)
        filled = only(here, FormIn)
        assert (filled.text, filled.category, filled.severity) == ("no Wi-Fi", "network", "")


async def test_a_ticket_from_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        await here.slack.message("C0GENERAL", THANDI, "the till & the fax are dead")
        ts = next(iter(here.slack.channels["C0GENERAL"].messages))
        await here.slack.shortcut(ADA, "C0GENERAL", ts, "open_ticket")
        elements = {b["block_id"]: b["element"] for b in view(here)["blocks"]}
        assert elements["text"]["initial_value"] == "the till & the fax are dead"
        assert elements["contact"]["initial_option"]["text"]["text"] == "Thandi (Acme Clinics)"


async def test_an_empty_form_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        await here.slack.global_shortcut(GUEST, "new_ticket")
        opened = view(here)["id"]
        answer = once(await here.slack.submit(GUEST, opened, {"text": {"text": "  "}}))
        assert list(json.loads(answer.body)["errors"]) == ["text"]
        assert here.desk.received == [] and opened in here.slack.views


async def test_a_form_opens_once_however_often_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        answers = await here.slack.command(ADA, DESK, text="new", times=3)
        assert isinstance(answers, list) and [a.status for a in answers] == [200] * 3
        assert len(here.slack.views) == 1
        assert all(a.body == "" for a in answers)


async def test_a_form_that_does_not_open_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        here.play.faults.add("slack", "views.open", Fault.server_error(503), times=2)
        answer = once(await here.slack.command(ADA, DESK, text="new"))
        assert "could not be opened" in json.loads(answer.body)["text"]
        assert once(await here.slack.global_shortcut(ADA, "new_ticket")).status == 200
        assert here.desk.counted == [("form_failed", "slack")] * 2
