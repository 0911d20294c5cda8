"""The phones' threads in the browser: what is read there, what can be tapped, and that what is written reaches the bot."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from playground import Playground
from playground.server import Served
from playground.web import app
from playground.web.controls import Cast, Customer, Engineer, State
from tests.playground.conftest import Bot

THANDI, PAWEL, ADA, GRACE = "+27115550100", "+48225550100", "+27115550001", "+27115550002"
WHATSAPP, SMS, VOICE = "+14155550100", "+14155550101", "+14155550102"
NIGHT = dt.datetime(2026, 11, 24, 0, 0, tzinfo=dt.UTC)
CAST = Cast(
    customers=(
        Customer(name="Thandi", organisation="Acme & Sons", phone=THANDI),
        Customer(name="<b>Paweł</b>", organisation="Serwis", phone=PAWEL, language="pl"),
        Customer(name="Nomsa", organisation="Acme & Sons", telegram=20001),
    ),
    engineers=(
        Engineer(name="Grace", slack="U0GRACE", phone=GRACE, note="next"),
        Engineer(name="Ada", slack="U0ADA", phone=ADA, note="on call"),
        Engineer(name="Lin", slack="U0LIN", note="lead"),
    ),
    desk="C0DESK",
    whatsapp=WHATSAPP,
    sms=SMS,
    voice=VOICE,
)


@dataclass
class Hands:
    """Controls that keep what was asked of them."""

    now: State
    done: list[tuple[Any, ...]] = field(default_factory=list)

    def state(self) -> State:
        return self.now

    async def speed(self, id: str) -> None:
        self.done.append(("speed", id))

    async def step(self) -> None:
        self.done.append(("step",))

    async def jump(self, id: str) -> None:
        self.done.append(("jump", id))

    async def policy(self, id: str) -> None:
        self.done.append(("policy", id))

    async def fault(self, id: str, on: bool) -> None:
        self.done.append(("fault", id, on))

    async def story(self, id: str) -> None:
        self.done.append(("story", id))

    async def next(self) -> None:
        self.done.append(("next",))

    async def changed(self, after: int) -> int:
        return after


@dataclass
class Page:
    """The page as a browser has it."""

    client: httpx.AsyncClient
    hands: Hands

    async def pane(self, name: str, **query: str) -> str:
        answer = await self.client.get(f"/pane/{name}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.text

    async def does(self, deed: str, **values: str) -> str:
        """The sentence of what could not be done; empty where it was."""
        answer = await self.client.post(f"/do/{deed}", json=values)
        return str(answer.json().get("error", ""))

    def becomes(self, **changes: Any) -> None:
        self.hands.now = replace(self.hands.now, **changes)


@pytest.fixture
async def page(play: Playground) -> AsyncIterator[Page]:
    state = State(now=NIGHT, zone=ZoneInfo("Africa/Johannesburg"), speed=1, cast=CAST, bot="up")
    hands = Hands(state)
    served = Served(app.build(lambda: (play, hands)), "127.0.0.1", 0)
    await served.start()
    url = f"http://127.0.0.1:{served.port}"
    headers = {"Origin": url, "Sec-Fetch-Site": "same-origin"}
    async with httpx.AsyncClient(base_url=url, headers=headers, trust_env=False) as client:
        yield Page(client, hands)
    await served.stop()


async def sends(play: Playground, to: str, text: str = "", **more: str) -> None:
    """The bot sends a message, as Twilio's API has it; `types` is a Content to be made of it first."""
    kind = "whatsapp:" if to.startswith("whatsapp:") else ""
    form = {"To": to, "From": kind + (WHATSAPP if kind else SMS)} | ({"Body": text} if text else {})
    auth = (play.twilio.account_sid, play.twilio.auth_token)
    async with httpx.AsyncClient(base_url=play.url, auth=auth, trust_env=False) as bot:
        if types := more.pop("types", ""):
            made = await bot.post("/twilio/v1/Content", json={"types": json.loads(types)})
            form["ContentSid"] = made.json()["sid"]
        path = f"/twilio/2010-04-01/Accounts/{play.twilio.account_sid}/Messages.json"
        assert (await bot.post(path, data=form | more)).status_code == 201
    await play.settle()


async def test_a_customer_writes_on_whatsapp_and_by_sms(play: Playground, page: Page, bot: Bot) -> None:
    play.bot_url = bot.url
    assert "Write as Thandi" in await page.pane("customer")
    assert await page.does("chat.say", number=THANDI, channel="whatsapp", text=" It is <i>down</i> ") == ""
    assert await page.does("chat.say", number=THANDI, channel="sms", text="and by SMS") == ""
    first, second = (h.form for h in await bot.hears(2))
    assert (first["From"], first["To"]) == (f"whatsapp:{THANDI}", f"whatsapp:{WHATSAPP}")
    assert (first["Body"], first["ProfileName"]) == ("It is <i>down</i>", "Thandi")
    assert (second["From"], second["To"], second["Body"]) == (THANDI, SMS, "and by SMS")
    shown = await page.pane("customer")
    assert "It is &lt;i&gt;down&lt;/i&gt;" in shown and "<i>" not in shown and "and by SMS" not in shown
    assert "delivered" in shown
    assert "and by SMS" in await page.pane("customer", channel="sms")


async def test_what_the_bot_did_not_take_is_marked(play: Playground, page: Page) -> None:
    assert await page.does("chat.say", number=THANDI, channel="sms", text="anybody?") == ""
    assert "not delivered" not in await page.pane("customer", channel="sms")
    play.bot_url = "http://127.0.0.1:9"
    assert await page.does("chat.say", number=THANDI, channel="sms", text="hello?") == ""
    assert "! not delivered" in await page.pane("customer", channel="sms")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"number": THANDI, "channel": "whatsapp", "text": "  "}, "Write something first."),
        ({"number": "+27115550777", "channel": "sms", "text": "hi"}, "Nobody here has that phone."),
        ({"number": THANDI, "channel": "fax", "text": "hi"}, "Nobody here has that phone."),
    ],
)
async def test_what_can_t_be_written(page: Page, values: dict[str, str], said: str) -> None:
    assert await page.does("chat.say", **values) == said


async def test_quick_replies_and_lists_are_tapped(play: Playground, page: Page, bot: Bot) -> None:
    play.bot_url = bot.url
    await page.does("chat.say", number=THANDI, channel="whatsapp", text="hello")
    quick = {
        "body": "*Urgent?* {{1}}",
        "actions": [{"type": "QUICK_REPLY", "title": "Yes", "id": "yes|{{2}}"}],
    }
    values = json.dumps({"1": "5 < 6", "2": "MIT-1001"})
    types = json.dumps({"twilio/quick-reply": quick})
    await sends(play, f"whatsapp:{THANDI}", types=types, ContentVariables=values)
    picker = {
        "body": "Which?",
        "button": "1-2",
        "items": [{"item": "One", "id": "1"}, {"item": "Two", "id": "2"}],
    }
    await sends(play, f"whatsapp:{THANDI}", types=json.dumps({"twilio/list-picker": picker}))
    shown = await page.pane("customer")
    assert "<strong>Urgent?</strong> 5 &lt; 6" in shown and "[Yes]" not in shown
    assert 'data-id="yes|MIT-1001"' in shown and 'class="taps list"' in shown
    asked, listed = (e.id for e in play.journal.entries("twilio", "whatsapp"))
    assert await page.does("chat.tap", number=THANDI, sid=asked, id="yes|MIT-1001") == ""
    assert await page.does("chat.tap", number=THANDI, sid=listed, id="2") == ""
    tapped, chosen = [h.form for h in await bot.hears(3)][1:]
    assert (tapped["ButtonPayload"], tapped["ButtonText"], tapped["Body"]) == ("yes|MIT-1001", "Yes", "Yes")
    assert (chosen["ListId"], chosen["ListTitle"]) == ("2", "Two")
    for sid, id in ((asked, "no"), ("SM0", "yes")):
        assert await page.does("chat.tap", number=THANDI, sid=sid, id=id) == "That button is no longer there."


async def test_templates_and_what_nobody_sees(play: Playground, page: Page) -> None:
    await sends(play, f"whatsapp:{THANDI}", "outside of the 24 hours")
    play.twilio.add_template("HX1", "News: {{1}}")
    await sends(play, f"whatsapp:{THANDI}", ContentSid="HX1", ContentVariables='{"1": "_soon_ <script>"}')
    shown = await page.pane("customer")
    assert "News: <em>soon</em> &lt;script&gt;" in shown and "<script>" not in shown
    assert "did not arrive here (error 63016)" in shown and "outside of the 24 hours" not in shown


async def test_an_engineer_answers_a_page_with_one_press(play: Playground, page: Page, bot: Bot) -> None:
    play.bot_url = bot.url
    await sends(play, ADA, "Emergency MIT-1001. Reply ACK 4821")
    shown = await page.pane("engineer")
    assert 'data-text="ACK 4821"' in shown and "Write as Ada" in shown
    assert "WhatsApp" not in shown and "Lin" not in shown
    assert await page.does("chat.say", number=ADA, channel="sms", text="ACK 4821") == ""
    assert (await bot.hears(1))[0].form["Body"] == "ACK 4821"
    assert 'data-text="ACK 4821"' not in await page.pane("engineer")
    await sends(play, ADA, "High MIT-1002. Reply ACK 7777")
    assert 'data-text="ACK 7777"' in await page.pane("engineer")
    await sends(play, ADA, "Grace has MIT-1002. Nothing to do.")
    assert "data-text" not in await page.pane("engineer")


async def test_another_s_news_are_counted_until_they_are_looked_at(play: Playground, page: Page) -> None:
    await page.pane("engineer")
    await sends(play, GRACE, "one")
    await sends(play, GRACE, "two")
    assert '2<span class="unseen"> new' in await page.pane("engineer", **{"as": ADA})
    assert "two" in await page.pane("engineer", **{"as": GRACE})
    shown = await page.pane("engineer", **{"as": ADA})
    assert "new</span>" not in shown and 'data-news="2"' in shown


async def test_names_are_text_and_everybody_speaks_their_language(page: Page) -> None:
    shown = await page.pane("customer", **{"as": PAWEL})
    assert "&lt;b&gt;Paweł&lt;/b&gt;" in shown and "<b>" not in shown
    assert "Acme &amp; Sons" in shown and "Serwer pocztowy nie działa" in shown and "Nomsa" not in shown
    page.becomes(cast=replace(CAST, customers=(), engineers=()))
    assert "Nobody of this policy" in await page.pane("customer")
    assert "Nobody of this desk" in await page.pane("engineer")


async def test_without_whatsapp_there_is_sms(page: Page) -> None:
    page.becomes(cast=replace(CAST, whatsapp=""))
    shown = await page.pane("customer", channel="whatsapp")
    assert 'data-channel="sms"' in shown and "WhatsApp" not in shown
