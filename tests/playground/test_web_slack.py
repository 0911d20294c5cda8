"""The Slack screen: what its members see of what the bot sent."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from playground import Playground
from playground.web.controls import Customer
from tests.playground.conftest import Bot
from tests.playground.test_slack_api import button, section
from tests.playground.web_controls import CAST, Desk, desk_of

EVIL = "<script>alert('x')</script>"


@pytest.fixture
async def desk(play: Playground, bot: Bot) -> AsyncIterator[Desk]:
    play.bot_url = bot.url
    async with desk_of(play) as desk:
        yield desk


@pytest.fixture
async def slack(play: Playground) -> AsyncWebClient:
    return AsyncWebClient(play.slack.bot_token, base_url=play.slack_api_url, retry_handlers=[], timeout=2)


def words(html: str) -> str:
    """What stands on the screen, without tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


# ---------------------------------------------------------------- what is seen
async def test_a_member_sees_their_channels_and_who_they_are(desk: Desk, play: Playground) -> None:
    play.slack.add_channel("C0SHARED", "acme-and-us", ["U0THANDI"])
    ada, thandi = await desk.pane("slack"), await desk.pane("slack", **{"as": "U0THANDI"})
    assert "acme-and-us" not in ada and "Ada (on call)" in ada
    assert "acme-and-us" in thandi and 'data-look="channel=C0DESK' not in thandi
    assert re.search(r'<option value="U0THANDI" selected>Thandi \(Acme Clinics\)', thandi)
    spied = await desk.pane("slack", **{"as": "U0THANDI", "channel": "C0DESK"})
    assert "<h3>#acme-and-us</h3>" in spied


async def test_a_message_is_drawn_from_its_blocks(desk: Desk, slack: AsyncWebClient) -> None:
    await slack.chat_postMessage(
        channel="C0DESK",
        text="fallback",
        blocks=[
            {"type": "header", "text": plain("Emergency :warning:")},
            {**section("*Acme* <@U0ADA>"), "accessory": button("Open", "open")},
            {"type": "section", "fields": [{"type": "mrkdwn", "text": "_Plan_"}, plain("premium")]},
            {"type": "divider"},
            {"type": "context", "elements": [{"type": "mrkdwn", "text": "`due` soon"}]},
            {
                "type": "actions",
                "elements": [
                    {**button("Acknowledge", "ack"), "style": "primary"},
                    {
                        **button("Close", "close"),
                        "style": "danger",
                        "confirm": {
                            "title": plain("Close it?"),
                            "text": plain("The customer is told."),
                            "confirm": plain("Close"),
                            "deny": plain("No"),
                        },
                    },
                    {
                        "type": "overflow",
                        "action_id": "more",
                        "options": [{"text": plain("Snooze"), "value": "snooze"}],
                    },
                ],
            },
        ],
    )
    shown = await desk.pane("slack")
    assert "<strong>Acme</strong>" in shown and "@Ada" in shown and "<em>Plan</em>" in shown
    assert "<code>due</code>" in shown and "<hr>" in shown and "⚠️" in shown
    assert "fallback" not in shown
    assert re.search(r'class="kit-button primary"[^>]*data-action="ack"[^>]*>Acknowledge<', shown)
    assert re.search(
        r'danger"[^>]*data-confirm="The customer is told." data-confirm-title="Close it\?"', shown
    )
    assert re.search(r'<details class="kit-menu".*data-value="snooze"[^>]*>Snooze<', shown, re.DOTALL)


async def test_threads_edits_reactions_and_days(desk: Desk, slack: AsyncWebClient, play: Playground) -> None:
    card = await slack.chat_postMessage(channel="C0DESK", text="Ticket 1")
    await slack.chat_postMessage(channel="C0DESK", thread_ts=card["ts"], text="paging Ada")
    await slack.chat_update(channel="C0DESK", ts=card["ts"], text="Ticket 1: 50 min left")
    await play.slack.message("C0DESK", "U0ADA", "on it", card["ts"])
    mine = next(ts for ts, m in play.slack.channels["C0DESK"].messages.items() if m["text"] == "on it")
    await slack.reactions_add(channel="C0DESK", timestamp=mine, name="white_check_mark")
    top = await desk.pane("slack")
    assert "50 min left" in top and "(edited)" in top and "2 replies" in top
    assert "paging Ada" not in top
    inside = await desk.pane("slack", thread=card["ts"])
    assert "paging Ada" in inside and "on it" in inside and "✅" in inside and 'title="Standby"' in inside


async def test_a_whisper_is_seen_by_one_and_can_be_put_away(desk: Desk, slack: AsyncWebClient) -> None:
    await slack.chat_postEphemeral(channel="C0DESK", user="U0ADA", text="psst")
    shown = await desk.pane("slack")
    assert "psst" in shown and "Only visible to you" in shown
    desk.controls.play.slack.channels["C0DESK"].members.add("U0THANDI")
    assert "psst" not in await desk.pane("slack", **{"as": "U0THANDI"})
    ts = re.search(r'data-do="slack.dismiss" data-ts="([^"]+)"', shown)
    assert ts is not None
    await desk.do("slack.dismiss", ts=ts[1])
    assert "psst" not in await desk.pane("slack")


async def test_what_is_new_elsewhere_is_counted(desk: Desk, slack: AsyncWebClient) -> None:
    await slack.chat_postMessage(channel="U0ADA", text="you are paged")
    im = desk.controls.play.slack.im("U0ADA")
    assert re.search(r'class="unread">1<', await desk.pane("slack"))
    assert "you are paged" in await desk.pane("slack", channel=im)
    assert "unread" not in await desk.pane("slack")


async def test_markup_in_names_and_texts_is_text(desk: Desk, slack: AsyncWebClient, play: Playground) -> None:
    play.slack.add_user("U0EVIL", EVIL)
    play.slack.add_channel("C0EVIL", EVIL, ["U0EVIL", "U0ADA"])
    desk.with_cast(
        customers=(
            *CAST.customers,
            Customer(name=EVIL, organisation=EVIL, slack="U0EVIL", phone="+27115550777"),
        )
    )
    await play.slack.message("C0EVIL", "U0EVIL", EVIL)
    await slack.chat_postMessage(
        channel="C0EVIL",
        text=EVIL,
        blocks=[
            {"type": "header", "text": plain(EVIL)},
            section(EVIL),
            {
                "type": "actions",
                "elements": [
                    button(EVIL, EVIL, '"><b>'),
                    {
                        "type": "static_select",
                        "action_id": "s",
                        "placeholder": plain(EVIL),
                        "options": [{"text": plain(EVIL), "value": EVIL}],
                    },
                ],
            },
        ],
    )
    for query in ({"channel": "C0EVIL"}, {"as": "U0EVIL"}, {"as": EVIL, "channel": EVIL, "thread": EVIL}):
        shown = await desk.pane("slack", **query)
        assert "<script" not in shown and "<b>" not in shown
        assert "&lt;script&gt;" in shown
    page = (await desk.http.get("/", params={"slack.channel": EVIL, 'x"><b>': EVIL})).text
    assert page.count("<script") == 1 and "<b>" not in page


async def test_links_to_the_desk_lead_where_the_bot_really_is(
    desk: Desk, slack: AsyncWebClient, play: Playground
) -> None:
    play.public_url = "https://desk.example.com"
    await slack.chat_postMessage(
        channel="C0DESK", text="<https://desk.example.com/board/enter?k=1|The board>"
    )
    assert f'href="{play.bot_url}/board/enter?k=1"' in await desk.pane("slack")
