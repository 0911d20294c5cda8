"""The playground: three vendors on one port, and everything that happens between them and the bot."""

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette

from playground.courier import Courier
from playground.faults import Faults
from playground.journal import Journal
from playground.server import Served
from playground.slack.world import SlackWorld
from playground.stage import Stage
from playground.telegram.world import TelegramWorld
from playground.twilio.world import TwilioWorld

Json = dict[str, Any]


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Playground:
    """Stand-ins for Slack, Telegram and Twilio. `pace` scales every modelled vendor delay (0.0 = at once)."""

    def __init__(
        self,
        *,
        now: Callable[[], dt.datetime] = _utc_now,
        monotonic: Callable[[], float] = time.monotonic,
        bot_url: str | None = None,
        public_url: str | None = None,
        slack_signing_secret: str = "playground-signing-secret",  # noqa: S107
        slack_bot_token: str = "xoxb-playground-bot-token",  # noqa: S107
        slack_app_token: str = "xapp-playground-app-token",  # noqa: S107
        telegram_token: str = "123456:playground-telegram-token",  # noqa: S107
        telegram_secret: str = "playground-telegram-secret",  # noqa: S107
        telegram_mode: str = "auto",
        twilio_account_sid: str = "AC" + "0" * 32,
        twilio_auth_token: str = "playground-twilio-auth-token",  # noqa: S107
        pace: float = 1.0,
    ) -> None:
        self.journal, self.faults = Journal(now), Faults()
        self.requests: list[Json] = []
        self._stage = Stage(
            now=now,
            monotonic=monotonic,
            journal=self.journal,
            faults=self.faults,
            courier=Courier(pace),
            requests=self.requests,
            bot_url=bot_url,
            public_url=public_url,
            first_id=int(now().timestamp()) % 100_000_000,
        )
        self.slack = SlackWorld(
            self._stage,
            signing_secret=slack_signing_secret,
            bot_token=slack_bot_token,
            app_token=slack_app_token,
        )
        self.telegram = TelegramWorld(
            self._stage, token=telegram_token, secret=telegram_secret, mode=telegram_mode
        )
        self.twilio = TwilioWorld(self._stage, account_sid=twilio_account_sid, auth_token=twilio_auth_token)
        self._served: Served | None = None

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Serve all vendors on one port; 0 takes a free one."""
        self._stage.closing.clear()
        routes = [*self.slack.routes(), *self.telegram.routes(), *self.twilio.routes()]
        self._served = Served(Starlette(routes=routes), host, port)
        self._stage.url = f"http://{host}:{self._served.port}"
        await self._served.start()

    async def stop(self) -> None:
        """End the server, then what is still to come. Safe to call twice."""
        self._stage.closing.set()
        await self.slack.close()
        if self._served is not None:
            await self._served.stop()
            self._served = None
        await self._stage.courier.close()

    async def settle(self) -> None:
        """Wait until all callbacks, echoes and retries that are under way have been made."""
        await self._stage.courier.settle()

    async def __aenter__(self) -> "Playground":
        """Start on a free port."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        await self.stop()

    @property
    def url(self) -> str:
        """Where the stand-ins are: http://127.0.0.1:PORT."""
        return self._stage.url

    @property
    def slack_api_url(self) -> str:
        """What the bot takes for https://slack.com/api/."""
        return f"{self.url}/slack/api/"

    @property
    def telegram_api_url(self) -> str:
        """What the bot takes for https://api.telegram.org."""
        return f"{self.url}/telegram"

    @property
    def twilio_api_url(self) -> str:
        """What the bot takes for https://api.twilio.com (and content.twilio.com)."""
        return f"{self.url}/twilio"

    @property
    def bot_url(self) -> str | None:
        """Where the bot's webhooks really are."""
        return self._stage.bot_url

    @bot_url.setter
    def bot_url(self, url: str | None) -> None:
        self._stage.bot_url = url

    @property
    def public_url(self) -> str | None:
        """What the vendors believe the bot's address is (signatures cover it); None: bot_url."""
        return self._stage.public_url

    @public_url.setter
    def public_url(self, url: str | None) -> None:
        self._stage.public_url = url

    @property
    def pace(self) -> float:
        """The factor on all modelled vendor delays."""
        return self._stage.courier.pace

    @pace.setter
    def pace(self, pace: float) -> None:
        self._stage.courier.pace = pace
