"""Slack's Home tab: opened, taken in, published beside the acknowledgement; a button there acts and shows the page anew."""

from __future__ import annotations

import pytest

from bot.app.inbound import ActionIn, HomeIn, Inbound
from bot.app.ports import Outcome, Overloaded
from bot.domain.message import Choice, Message, Part, Style
from channels.slack.home import MOST_BLOCKS, HomeTab, view_of
from channels.slack.workspace import Workspace
from playground.journal import Entry
from playground.slack.text import seen_view
from tests.contract.channels_slack.fakes import ADA, FakeFacts, violations
from tests.contract.channels_slack.rig import Rig, at, once, rig

TAKE = Choice(id="swap|-|3 yes", label="Take swap 3")


def page(*paragraphs: str, choices: tuple[Choice, ...] = ()) -> Message:
    parts = [Part(text="On call", style=Style.BOLD), Part(text="\n" + "\n\n".join(paragraphs))]
    return Message(parts=tuple(parts), choices=choices)


async def published(here: Rig, after: int = 0) -> Entry:
    """The next publication of a page."""
    return await here.play.journal.wait_for(lambda entry: entry.kind == "home_published", after=after)


async def test_whoever_opens_the_tab_sees_their_page(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        here.desk.answer = Outcome(reply=page("standby: Ada until Tue 09:00", "Your tickets"))
        assert once(await here.slack.home(ADA)).status == 200
        await published(here)
        assert seen_view(here.slack.homes[ADA]) == "On call\nstandby: Ada until Tue 09:00\n---\nYour tickets"
        (looked,) = here.desk.received
        assert isinstance(looked, HomeIn)
        assert (looked.sender.id, looked.address, looked.external_id) == (
            ADA,
            at(ADA),
            here.slack.last_event_id,
        )


async def test_the_tab_with_messages_is_none_of_our_business(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        event = {"type": "app_home_opened", "user": ADA, "channel": "D0ADA", "tab": "messages"}
        assert once(await here.slack.raw(event)).status == 200
        assert here.desk.received == []


async def test_a_second_delivery_publishes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        here.desk.answer = Outcome(fresh=False)
        assert once(await here.slack.home(ADA)).status == 200
        assert here.calls("views.publish") == []


async def test_a_button_there_acts_and_shows_the_page_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        here.desk.answer = Outcome(reply=page("one swap is open", choices=(TAKE,)))
        await here.slack.home(ADA)
        first = await published(here)
        here.desk.answer = Outcome(reply=page("no swap is open"))
        await here.slack.press_view(ADA, here.slack.homes[ADA]["id"], TAKE.id)
        await published(here, after=first.number + 1)
        assert "no swap is open" in seen_view(here.slack.homes[ADA])
        opened, pressed, again = here.desk.received
        assert isinstance(pressed, ActionIn) and isinstance(again, HomeIn)
        assert (pressed.address, str(pressed.action)) == (at(ADA), TAKE.id)
        assert len({opened.external_id, pressed.external_id, again.external_id}) == 3


async def test_a_page_that_can_t_be_shown_is_logged_and_nothing_else(
    caplog: pytest.LogCaptureFixture,
) -> None:
    tab = HomeTab(Workspace("xoxb-1", "http://127.0.0.1:1/api/"), FakeFacts())
    tab.show(ADA, page("all is well"))
    await tab.settle()
    assert "a home page was not shown" in caplog.text


async def test_a_look_again_that_is_refused_is_let_be() -> None:
    async def receive(inbound: Inbound) -> Outcome:
        raise Overloaded

    tab = HomeTab(Workspace("xoxb-1", "http://127.0.0.1:1/api/"), FakeFacts())
    tab.refresh(ADA, "home:1", receive)
    await tab.settle()


async def test_overloaded_asks_slack_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(monkeypatch) as here:
        here.desk.trouble = Overloaded()
        assert once(await here.slack.home(ADA)).status == 503


def test_a_long_page_stays_within_slack_s_limit_and_keeps_its_buttons() -> None:
    paragraphs = [f"{n}: " + "words " * 20 for n in range(120)]
    view = view_of(page(*paragraphs, choices=(TAKE,)), FakeFacts())
    assert len(view["blocks"]) == MOST_BLOCKS
    assert view["blocks"][-1]["type"] == "actions"
    assert violations("views.publish", {"user_id": ADA, "view": view}) == []
