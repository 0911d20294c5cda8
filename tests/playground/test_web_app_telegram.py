"""The Telegram screen: a phone that sees what the bot sent, and whose taps and words reach the bot."""

from collections.abc import AsyncIterator

import httpx
import pytest

from playground import Playground
from playground.web.telegram import formatted
from tests.playground.conftest import Bot
from tests.playground.web_controls import Desk, desk_of

THANDI = 20001


@pytest.fixture
async def desk(play: Playground, bot: Bot) -> AsyncIterator[Desk]:
    play.bot_url = bot.url
    async with desk_of(play) as desk:
        yield desk


async def call(play: Playground, method: str, **arguments: object) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        url = f"{play.telegram_api_url}/bot{play.telegram.token}/{method}"
        assert (await http.post(url, json=arguments)).json()["ok"]


async def webhook(play: Playground, bot: Bot) -> None:
    await call(play, "setWebhook", url=f"{bot.url}/telegram/webhook", secret_token=play.telegram.secret)


@pytest.mark.parametrize(
    ("text", "entities", "seen"),
    [
        ("a < b\nc", [], "a &lt; b<br>c"),
        ("😀 bold", [("bold", 3, 4)], "😀 <strong>bold</strong>"),
        ("both", [("bold", 0, 4), ("italic", 0, 4)], "<strong><em>both</em></strong>"),
        ("in side", [("bold", 0, 7), ("code", 3, 4)], "<strong>in <code>side</code></strong>"),
        ("no idea", [("hologram", 0, 2)], "no idea"),
        ("<b>", [("bold", 0, 3)], "<strong>&lt;b&gt;</strong>"),
    ],
)
def test_text_with_entities(text: str, entities: list[tuple[str, int, int]], seen: str) -> None:
    found = [{"type": kind, "offset": offset, "length": length} for kind, offset, length in entities]
    assert formatted(text, found) == seen


def test_links_only_lead_to_pages() -> None:
    link = {"type": "text_link", "offset": 0, "length": 4}
    assert 'href="https://acme.example/?a&amp;b"' in formatted(
        "here", [{**link, "url": "https://acme.example/?a&b"}]
    )
    assert formatted("here", [{**link, "url": "javascript:alert(1)"}]) == "here"


async def test_a_phone_starts_the_bot_and_taps_its_keys(desk: Desk, play: Playground, bot: Bot) -> None:
    await webhook(play, bot)
    assert 'data-do="telegram.start"' in await desk.pane("telegram")
    assert (await desk.do("telegram.start")).status_code == 200
    assert bot.heard[-1].json["message"]["text"] == "/start"
    keys = [
        [{"text": "Emergency <1>", "callback_data": "sev:1"}, {"text": "Help", "url": "https://acme.example"}]
    ]
    await call(
        play, "sendMessage", chat_id=THANDI, text="How <i>urgent</i>?", parse_mode="HTML",
        reply_markup={"inline_keyboard": keys},
    )  # fmt: skip
    shown = await desk.pane("telegram")
    assert "How <em>urgent</em>?" in shown and "Emergency &lt;1&gt;" in shown
    assert 'href="https://acme.example"' in shown and 'data-data="sev:1"' in shown
    message = list(play.telegram.chats[THANDI].messages)[-1]
    tapped = await desk.do("telegram.press", chat_of=str(THANDI), message=str(message), data="sev:1")
    assert tapped.status_code == 200
    query = bot.heard[-1].json["callback_query"]
    assert query["data"] == "sev:1"
    await call(play, "answerCallbackQuery", callback_query_id=query["id"], text="Noted <b>")
    assert "Noted &lt;b&gt;" in await desk.pane("telegram")
    await call(
        play, "setMessageReaction", chat_id=THANDI, message_id=1, reaction=[{"type": "emoji", "emoji": "👍"}]
    )
    assert "👍" in await desk.pane("telegram")


async def test_what_is_written_reaches_the_bot(desk: Desk, play: Playground, bot: Bot) -> None:
    await webhook(play, bot)
    await desk.do("telegram.say", text="mail is <b>down</b>", to=str(THANDI))
    assert bot.heard[-1].json["message"]["text"] == "mail is <b>down</b>"
    shown = await desk.pane("telegram")
    assert "mail is &lt;b&gt;down&lt;/b&gt;" in shown and "bubble mine" in shown
    assert (await desk.do("telegram.say", text=" ")).status_code == 422
    assert (await desk.do("telegram.press", chat_of=str(THANDI), message="1", data="x")).status_code == 409


async def test_topics_are_there_only_for_who_sits_in_the_group(desk: Desk, play: Playground) -> None:
    await call(play, "createForumTopic", chat_id=-1001, name="MIT-1001")
    thandi, ada = await desk.pane("telegram"), await desk.pane("telegram", **{"as": "10001"})
    assert "MIT-1001" not in thandi
    assert "Desk: MIT-1001" in ada
    topic = next(iter(play.telegram.chats[-1001].topics))
    look = {"as": "10001", "chat": "-1001", "topic": str(topic)}
    await desk.do("telegram.say", look, text="on it", to="-1001", topic_of=str(topic))
    assert "on it" in await desk.pane("telegram", **look)


async def test_who_has_no_telegram_has_no_phone(desk: Desk, play: Playground) -> None:
    desk.with_cast(customers=())
    for chat in play.telegram.chats.values():
        if chat.person is None:
            chat.members.clear()
    assert "Nobody" in await desk.pane("telegram")
    assert (await desk.do("telegram.start")).status_code == 422
