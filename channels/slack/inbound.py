"""The way in: a global Bolt middleware that runs before any acknowledgement and answers itself.

Nothing is acknowledged before it is durable, over HTTP and over the socket alike: no 200, no acknowledgement.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.app.inbound import ActionIn, CommandIn, FormIn, HomeIn, Inbound
from bot.app.ports import DeliveryError, Option, Overloaded, Permanent
from channels.adapter import World
from channels.slack import blocks, forms
from channels.slack.home import HomeTab
from channels.slack.payload import SLACK, Json, teams_of, word
from channels.slack.translate import Incomplete, OpenForm, Suggest, is_at_home, meaning, new_with_words
from channels.slack.workspace import Workspace

IN_TIME = 2.5
"""Seconds that a call may take before an answer: Slack waits for three."""
_SPENT = "exchanged_trigger_id"
_log = logging.getLogger(__name__)


class Intake(AsyncMiddleware):
    """Understands a request, takes it in, answers it."""

    def __init__(self, world: World, workspace: Workspace, team: str | None, home: HomeTab) -> None:
        self._world, self._facts, self._workspace, self._team = world, world.facts, workspace, team
        self._home = home
        self._options = {
            forms.SEVERITY: self._facts.severities,
            forms.CATEGORY: self._facts.categories,
            forms.EXCLUDE: self._facts.exclusions,
        }

    async def async_process(
        self, *, req: AsyncBoltRequest, resp: BoltResponse, next: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse:
        """Bolt's entry; `next` is Bolt's own answer to url_verification, and nothing else is left to do after us."""
        if word(req.body, "type") == "url_verification":
            return await next()
        if self._team and self._team not in teams_of(req.body):
            self._world.count("refused", "slack")
            return BoltResponse(status=403)
        try:
            return await self._answer(req.body)
        except Overloaded:
            self._world.count("overloaded", "slack")
            return BoltResponse(status=503)

    def _is_desk(self, place: str) -> bool:
        return self._facts.is_desk(SLACK, place)

    async def _answer(self, body: Json) -> BoltResponse:
        meant = meaning(body, self._is_desk, self._workspace.identity.user)
        if isinstance(meant, OpenForm):
            return await self._open(meant)
        if isinstance(meant, Suggest):
            return _answered(forms.suggestions(self._facts.contacts_like(meant.query)))
        if isinstance(meant, Incomplete):
            return _answered({"response_action": "errors", "errors": meant.errors})
        if isinstance(meant, CommandIn) and meant.text.lower().startswith("new "):
            asked = self._facts.new_form(SLACK, meant.sender.id)
            if asked.for_contact:  # one of us: the form still has to say for which customer
                return await self._open(new_with_words(meant))
        answer = await self._take(meant) if meant is not None else _answered()
        if isinstance(meant, ActionIn) and is_at_home(body):
            self._home.refresh(meant.sender.id, f"home:{meant.external_id}", self._world.receive)
        return answer

    async def _take(self, inbound: Inbound) -> BoltResponse:
        """Durable first. A command is answered in the same breath, a form closes, our page is shown beside it, the rest is just
        acknowledged."""
        outcome = await self._world.receive(inbound)
        if isinstance(inbound, HomeIn) and outcome.reply is not None:
            self._home.show(inbound.sender.id, outcome.reply)
            return _answered()
        if isinstance(inbound, FormIn):
            return _answered({"response_action": "clear"})
        if isinstance(inbound, CommandIn) and outcome.reply is not None:
            said = blocks.of_message(outcome.reply, self._facts)
            return _answered({"response_type": "ephemeral", "text": said.text, "blocks": said.blocks})
        return _answered()

    # ---------------------------------------------------------------- forms
    async def _open(self, wanted: OpenForm) -> BoltResponse:
        """Open a modal, first thing: everything it shows is in memory. A second delivery finds its trigger spent."""
        opening = self._workspace.client.views_open(trigger_id=wanted.trigger, view=self._view(wanted))
        try:
            async with asyncio.timeout(IN_TIME):
                await self._workspace.call("views.open", opening)
        except (DeliveryError, TimeoutError) as error:
            if isinstance(error, Permanent) and error.code == _SPENT:
                return _answered()
            self._world.count("form_failed", "slack")
            _log.warning("a form was not opened: %s", error)
            return _answered({"text": self._not_opened(wanted)}) if wanted.typed else _answered()
        return _answered()

    def _not_opened(self, wanted: OpenForm) -> str:
        return forms.not_opened(self._facts.new_form(SLACK, wanted.user).language)

    def _view(self, wanted: OpenForm) -> Json:
        if wanted.form == forms.NEW:
            return self._new_ticket(wanted)
        language = self._facts.language(wanted.ticket)
        about = forms.About(origin=wanted.origin, ticket=wanted.ticket, language=language)
        if wanted.form in forms.WORDED:
            return forms.WORDED[wanted.form](about)
        return forms.CHOSEN[wanted.form](about, self._options[wanted.form](wanted.ticket))

    def _new_ticket(self, wanted: OpenForm) -> Json:
        asked = self._facts.new_form(SLACK, wanted.user)
        contact = self._author(wanted.author) if asked.for_contact and wanted.author else None
        return forms.new_ticket(asked, wanted.origin, wanted.text, contact)

    def _author(self, identity: str) -> Option | None:
        """Who wrote the message, where they are a customer's contact."""
        return self._facts.contact(self._facts.contact_id(SLACK, identity))


def _answered(body: Json | None = None) -> BoltResponse:
    return BoltResponse(status=200, body=body or "")
