"""A configuration that is read again: all of a good one is in force at once, nothing of a bad one ever is."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.app.facts import DirectoryFacts
from bot.app.inbound import MessageIn, Sender
from bot.app.rows import KeptPolicy, StorageError
from bot.config import ConfigError, load, policies
from bot.demo import stage as st
from bot.domain.ids import Address, ChannelName, TicketId
from bot.domain.status import Status
from bot.domain.ticket import Ticket
from bot.wiring import PLUGINS, Standby, build
from storage.schema import upgrade
from tests.contract.storage_samples import NOW, ticket

WHATSAPP = ChannelName("whatsapp")
ENVIRON = {
    "SLACK_BOT_TOKEN": "xoxb-not-a-token",
    "SLACK_SIGNING_SECRET": "0123456789abcdef",
    "TELEGRAM_TOKEN": "1000:not-a-token",
    "TELEGRAM_SECRET": "not-a-secret-0123",
    "TWILIO_ACCOUNT_SID": "AC0123456789abcdef0123456789abcdef",
    "TWILIO_AUTH_TOKEN": "not-a-token-either",
    "CONSOLE_TOKEN": st.CONSOLE_TOKEN,
}
URLS = {name: f"http://127.0.0.1:9/{name}/" for name in ("slack", "telegram", "twilio")}


class Company:
    """The demo's configuration in a folder of its own, and a Standby that is built on it and does not send."""

    def __init__(self, folder: Path) -> None:
        self.config, self.policy = folder / "config.toml", folder / "policy.toml"
        self.policy.write_text(st.POLICY.read_text("utf-8"), "utf-8")
        text = st.CONFIG.format(
            port=0,
            policy="policy.toml",
            storage="sqlite:///standby.db",
            whatsapp_from=st.WHATSAPP,
            voice_from=st.VOICE,
            sms_from=st.SMS,
            update=st.UPDATE,
            **URLS,
        )
        self.config.write_text(text, "utf-8")
        self.logged: list[tuple[str, dict[str, Any]]] = []
        self.standby = self.start()
        self._ids = itertools.count(1)

    def start(self) -> Standby:
        config = load(self.config, PLUGINS, ENVIRON)
        upgrade(config.storage_url)
        self.standby = build(config, environ=ENVIRON, log=self._log)
        return self.standby

    def _log(self, event: str, /, **fields: Any) -> None:
        self.logged.append((event, fields))

    def restart(self) -> None:
        self.standby.close()
        self.start()

    def edit(self, old: str, new: str, file: str = "policy") -> None:
        path: Path = getattr(self, file)
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    async def opens(self, words: str = "urgent the server is down") -> None:
        await self.standby.bus.receive(
            MessageIn(
                channel=WHATSAPP,
                external_id=f"in-{next(self._ids)}",
                sender=Sender(id=st.THANDI),
                address=Address(channel=WHATSAPP, place=st.THANDI),
                text=words,
            )
        )

    def ticket(self, id: str) -> Ticket:
        found = self.standby.store.transact(lambda uow: uow.tickets.get(TicketId(id)))
        assert found is not None
        return found

    def promise_of(self, id: str) -> str:
        """What an emergency is promised by the policy that this ticket goes by."""
        it = self.ticket(id)
        policy = self.standby.bus.setup.directory.policy_of(it.policy, it.policy_version)
        respond = policy.severity("emergency").respond
        return respond.text if respond else ""

    def events(self) -> list[str]:
        return [event for event, _ in self.logged]


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    it = Company(tmp_path)
    yield it
    it.standby.close()


def longer(company: Company) -> None:
    company.edit('respond = "1h" ', 'respond = "4h" ')


async def test_a_new_policy_is_for_new_tickets_and_for_everybody_who_reads(company: Company) -> None:
    await company.opens()
    longer(company)
    company.edit('label = "Emergency"', 'label = "Fire"')
    done = await company.standby.reload()
    (policy,) = company.standby.bus.setup.directory.policies
    assert done.lines == ["Reloaded.", f"managed-it {policy.version} is in force, for new tickets"]
    await company.opens("new: urgent the internet is down")
    assert company.promise_of("MIT-1001") == "1h"
    assert company.promise_of("MIT-1002") == "4h"
    assert company.ticket("MIT-1002").policy_version == policy.version
    setups = [reader.setup for reader in (company.standby.bus, *company.standby.lanes)]
    assert all(setup is setups[0] for setup in setups)
    facts = company.standby.reload.facts
    assert facts.severities("MIT-1001")[0].label == "Fire"
    assert isinstance(facts.it, DirectoryFacts) and facts.it.directory is setups[0].directory
    company.restart()
    assert (company.promise_of("MIT-1001"), company.promise_of("MIT-1002")) == ("1h", "4h")
    assert company.events() == ["reloaded"]


MISTAKES: dict[str, Callable[[Company], object]] = {
    "severity[0].respond": lambda c: c.edit('respond = "1h" ', 'respond = "4 fortnights" '),
    "bot.policies[0]": lambda c: c.policy.unlink(),
    "organisations[0].team": lambda c: c.edit('team = "desk"\nplan', 'team = "tresen"\nplan', "config"),
}


@pytest.mark.parametrize("key", MISTAKES)
async def test_a_mistake_changes_nothing(company: Company, key: str) -> None:
    await company.opens()
    before, facts = company.standby.bus.setup, company.standby.reload.facts.it
    company.edit("Acme Clinics", "Acme Hospitals", "config")
    MISTAKES[key](company)
    with pytest.raises(ConfigError) as caught:
        load(company.config, PLUGINS, ENVIRON)
    done = await company.standby.reload()
    assert done.lines == [*map(str, caught.value.problems), "Nothing was changed."]
    assert all(r.setup is before for r in (company.standby.bus, *company.standby.lanes))
    assert company.standby.reload.facts.it is facts
    assert company.events() == ["config_problem"] * len(caught.value.problems) + ["reload_refused"]
    assert company.logged[0][1]["key"] == key
    assert b'standby_events_total{label="reloads:refused"} 1.0' in company.standby.metrics.page()
    await company.opens("new: urgent the internet is down")
    assert company.promise_of("MIT-1002") == "1h"


async def test_what_waits_for_the_next_start_is_named_and_the_rest_applied(company: Company) -> None:
    company.edit("https://desk.example.com", "https://help.example.com", "config")
    company.edit('telegram = 20001, slack = "U0THANDI"', "telegram = 20001", "config")
    company.edit("[channels.console]", "[channels.console]\n# moved", "config")
    company.edit('sms_from = "+14155550101"\n', "", "config")
    done = await company.standby.reload()
    assert done.next_start == ("bot.public_url", "channels.twilio")
    assert done.lines[-1] == "channels.twilio counts from the next start"
    slack = ChannelName("slack")
    assert company.standby.bus.setup.directory.contact_at(slack, "U0THANDI") is None
    assert (await company.standby.reload()).next_start == done.next_start, "still, until it is started"
    company.edit("https://help.example.com", "https://desk.example.com", "config")
    assert (await company.standby.reload()).next_start == ("channels.twilio",)


async def test_the_same_again_is_no_news(company: Company) -> None:
    await company.opens()
    assert (await company.standby.reload()).lines == ["Reloaded."]
    longer(company)
    await company.standby.reload()
    company.edit('respond = "4h" ', 'respond = "1h" ')
    assert len((await company.standby.reload()).policies) == 1
    directory = company.standby.bus.setup.directory
    assert directory.policy_of("managed-it", company.ticket("MIT-1001").policy_version) in directory.policies


async def test_a_policy_that_is_gone_serves_its_open_tickets(company: Company) -> None:
    await company.opens()
    company.edit('name = "managed-it"', 'name = "other"')
    company.edit('prefix = "MIT"', 'prefix = "OTH"')
    company.edit('policy = "managed-it"', 'policy = "other"', "config")
    longer(company)
    await company.standby.reload()
    await company.opens("new: urgent the internet is down")
    for _ in range(2):
        assert (company.promise_of("MIT-1001"), company.promise_of("OTH-1001")) == ("1h", "4h")
        company.restart()


async def test_a_text_that_nobody_understands_any_more(company: Company) -> None:
    def save(uow: Any) -> None:
        for version, status in (("odd", Status.WAITING), ("gone", Status.NEW), ("old", Status.CLOSED)):
            uow.tickets.save(ticket(f"MIT-{version}", policy_version=version, status=status))
        for version in ("odd", "old"):
            kept = KeptPolicy(name="managed-it", version=version, label="p.toml", text="name =", kept=NOW)
            uow.policies.keep(kept)

    company.standby.store.transact(save)
    expected = ["policy_version_not_kept", "policy_version_unreadable"]
    await company.standby.reload()
    assert company.events() == [*expected, "reloaded"]
    company.logged.clear()
    company.restart()
    assert company.events() == expected
    assert [fields["version"] for _, fields in company.logged] == ["gone", "odd"]
    assert company.promise_of("MIT-odd") == "1h"
    assert company.standby.bus.setup.directory.kept == ()


async def test_the_database_says_no(company: Company) -> None:
    longer(company)
    before, run = company.standby.bus.setup, company.standby.reload.run

    async def refuses(work: Any) -> Any:
        raise StorageError("disk full")

    company.standby.reload.run = refuses
    assert (await company.standby.reload()).lines == [
        "the database can't take it now: disk full",
        "Nothing was changed.",
    ]
    assert company.standby.bus.setup is before
    company.standby.reload.run = run
    assert (await company.standby.reload()).policies


async def test_a_ticket_that_is_opened_meanwhile(company: Company) -> None:
    """After we have looked which versions are needed, before the new one is in force."""
    longer(company)
    run = company.standby.reload.run

    async def then_one_opens(work: Any) -> Any:
        found = await run(work)
        await company.opens()
        return found

    company.standby.reload.run = then_one_opens
    await company.standby.reload()
    assert company.promise_of("MIT-1001") == "1h"
    company.edit('respond = "4h" ', 'respond = "8h" ')
    company.standby.reload.run = run
    await company.standby.reload()
    assert company.promise_of("MIT-1001") == "1h"


async def test_several_at_once_go_one_after_the_other(company: Company) -> None:
    loads, read = [], company.standby.reload.load

    def counted() -> Any:
        loads.append("begins")
        config = read()
        loads.append("ends")
        return config

    company.standby.reload.load = counted
    await asyncio.gather(*(company.standby.reload() for _ in range(3)))
    assert loads == ["begins", "ends"] * 3


async def test_a_file_that_changes_while_it_is_read(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = policies.read_toml

    def then_saved(path: Path, report: Any) -> Any:
        found = read(path, report)
        if path == company.policy:
            path.write_text(path.read_text("utf-8") + "# saved again\n", "utf-8")
        return found

    monkeypatch.setattr(policies, "read_toml", then_saved)
    before = company.standby.bus.setup
    (problem, _) = (await company.standby.reload()).lines
    assert problem == 'bot.policies[0]: "policy.toml": it changed while it was read; try again'
    assert company.standby.bus.setup is before


async def test_what_is_kept_is_the_file_to_the_letter(company: Company) -> None:
    text = company.policy.read_text("utf-8") + "# Zażółć 🦆\n"
    company.policy.write_bytes(text.replace("\n", "\r\n").encode())
    await company.opens()
    await company.standby.reload()
    await company.opens("new: urgent the internet is down")
    version = company.ticket("MIT-1002").policy_version
    longer(company)
    company.restart()
    earlier = [policy.version for policy in company.standby.bus.setup.directory.kept]
    assert earlier == [version, company.ticket("MIT-1001").policy_version], "the latest first"
    kept = company.standby.store.transact(lambda uow: uow.policies.get("managed-it", version))
    assert kept is not None and kept.text.encode() == text.replace("\n", "\r\n").encode()
    assert kept.label == "policy.toml"
