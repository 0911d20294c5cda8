"""The config.toml of a company of the demo, and what the vendors know of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.demo.casts import DESK, SMS, VOICE, WHATSAPP, Company
from bot.demo.stage import UPDATE
from playground import Playground

POLICIES = Path(__file__).parents[2] / "policies"
ON_CALL = "standby"
"""The name of the schedule and of the chain."""


def written(folder: Path, company: Company, playground: Playground, *, port: int) -> Path:
    """The file, in `folder`, where the database goes too. The bot is to listen at `port` of this machine."""
    path = folder / "config.toml"
    lines = [
        *_bot(folder, company, port),
        *_channels(playground),
        *_desk(company),
        *_rota(company),
        *_customers(company),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def furnish(company: Company, playground: Playground) -> None:
    """People and places, as the vendors know them."""
    slack = playground.slack
    for colleague in company.colleagues:
        slack.add_user(colleague.slack, colleague.name)
    slack.add_channel(DESK, company.desk, members=[c.slack for c in company.colleagues])
    for person, _ in company.people:
        if person.slack:
            slack.add_user(person.slack, person.name, person.email)
        if person.telegram:
            playground.telegram.add_user(person.telegram, person.name, language_code=company.language)
    news = {"pl": "Nowa wiadomość w sprawie zgłoszenia: {{1}}"}.get(
        company.language, "News on your ticket: {{1}}"
    )
    playground.twilio.add_template(UPDATE, news)


def _q(value: str | int | Iterable[str]) -> str:
    """As TOML has it."""
    return json.dumps(value if isinstance(value, str | int) else list(value), ensure_ascii=False)


def _bot(folder: Path, company: Company, port: int) -> Iterator[str]:
    yield "[bot]"
    yield f'listen = "127.0.0.1:{port}"'
    yield f'public_url = "http://127.0.0.1:{port}"'
    yield f"policies = [{_q(str(POLICIES / f'{company.policy}.toml'))}]"
    yield "[storage]"
    yield f"url = {_q('sqlite:///' + str(folder / 'standby.db'))}"
    if company.greeting:
        yield "[voice]"
        yield f"greeting = {_q(company.greeting)}"


def _channels(playground: Playground) -> Iterator[str]:
    yield "[channels.slack]"
    yield 'mode = "http"'
    yield 'bot_token = "env:SLACK_BOT_TOKEN"'
    yield 'signing_secret = "env:SLACK_SIGNING_SECRET"'
    yield f"api_url = {_q(playground.slack_api_url)}"
    yield "[channels.telegram]"
    yield 'mode = "webhook"'
    yield 'token = "env:TELEGRAM_TOKEN"'
    yield 'webhook_secret = "env:TELEGRAM_SECRET"'
    yield f"api_url = {_q(playground.telegram_api_url)}"
    yield "[channels.twilio]"
    yield 'account_sid = "env:TWILIO_ACCOUNT_SID"'
    yield 'auth_token = "env:TWILIO_AUTH_TOKEN"'
    yield f"api_url = {_q(playground.twilio_api_url)}"
    yield f'whatsapp_from = "{WHATSAPP}"'
    yield f'sms_from = "{SMS}"'
    yield f'voice_from = "{VOICE}"'
    yield "[channels.twilio.templates]"
    yield f'update = "{UPDATE}"'
    yield "[channels.console]"
    yield 'token = "env:CONSOLE_TOKEN"'


def _desk(company: Company) -> Iterator[str]:
    yield "[[teams]]"
    yield 'name = "desk"'
    yield f"policy = {_q(company.policy)}"
    yield f'slack_channel = "{DESK}"'
    yield "chains = { " + ", ".join(f'{severity} = "{ON_CALL}"' for severity in company.paged) + " }"
    for colleague in company.colleagues:
        yield "[[people]]"
        yield f"id = {_q(colleague.id)}"
        yield f"name = {_q(colleague.name)}"
        yield f"roles = {_q(('engineer', 'lead') if colleague.lead else ('engineer',))}"
        yield 'teams = ["desk"]'
        yield f"tier = {colleague.tier}"
        yield f"timezone = {_q(company.zone.key)}"
        yield f"slack = {_q(colleague.slack)}"
        yield f"phones = [{_q(colleague.phone)}]"


def _rota(company: Company) -> Iterator[str]:
    yield "[[schedules]]"
    yield f'name = "{ON_CALL}"'
    yield f"timezone = {_q(company.zone.key)}"
    yield "[[schedules.layers]]"
    yield f"people = {_q(company.on_call)}"
    yield 'every = "1 week"'
    yield 'handover = "2026-01-05T09:00"'
    yield "[[chains]]"
    yield f'name = "{ON_CALL}"'
    yield "repeat = 2"
    steps = ", ".join(f'{{ page = [{_q(t)}], wait = "5m" }}' for t in (f"schedule:{ON_CALL}", *company.then))
    yield f"steps = [{steps}]"


def _customers(company: Company) -> Iterator[str]:
    for house in company.customers:
        yield "[[organisations]]"
        yield f"id = {_q(house.id)}"
        yield f"name = {_q(house.name)}"
        yield 'team = "desk"'
        yield f"language = {_q(company.language)}"
        yield f"timezone = {_q(company.zone.key)}"
        yield from ([f"plan = {_q(house.plan)}"] if house.plan else [])
        yield from house.more
        for person in house.people:
            yield "[[organisations.contacts]]"
            yield f"id = {_q(person.id)}"
            yield f"name = {_q(person.name)}"
            yield f"email = {_q(person.email)}"
            yield from ([f"phones = [{_q(person.phone)}]"] if person.phone else [])
            yield from ([f"telegram = {person.telegram}"] if person.telegram else [])
            yield from ([f"slack = {_q(person.slack)}"] if person.slack else [])
            yield from ([f"console = {_q(person.console)}"] if person.console else [])
