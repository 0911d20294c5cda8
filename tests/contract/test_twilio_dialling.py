"""The one gate for calls that we place: nothing is asked of Twilio for a number that must not be called."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from bot.app.ports import Outgoing, Permanent
from bot.domain.ids import Address, ChannelName
from channels.twilio import plugin
from tests.contract.channels_twilio.fakes import Desk, config, says
from tests.contract.channels_twilio.rig import running
from tests.contract.test_reload import Company

CALL = ChannelName("call")


def to(number: str) -> Outgoing:
    address = Address(channel=CALL, place=number)
    return Outgoing(address=address, message=says("Press 1."), token="tok-1", language="en")


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("own", "not dialled: it is our own number"),
        ("premium", "not dialled: it is a premium-rate or shared-cost number"),
        ("foreign", "not dialled: its country is not among the [voice] countries"),
        ("invalid", "not dialled: it is not the number of a phone"),
    ],
)
async def test_a_number_that_must_not_be_called_is_not(why: str, said: str) -> None:
    async with running() as rig:
        settings = plugin.settings(**config(api_url=rig.playground.twilio_api_url))
        asked: list[str] = []

        def may_dial(number: str) -> str:
            asked.append(number)
            return why

        adapter = plugin.build(settings, dataclasses.replace(Desk().world(), may_dial=may_dial))
        with pytest.raises(Permanent) as refused:
            await adapter.channels[CALL].send(to("+27115550100"))
        assert (str(refused.value), refused.value.code, asked) == (said, why, ["+27115550100"])
        assert rig.playground.requests == []
        assert adapter.stop is not None
        await adapter.stop()


async def test_the_gate_goes_by_the_configuration_in_force(tmp_path: Path) -> None:
    """Also after a reload: the country of whoever was added is one that may be called."""
    company = Company(tmp_path)
    try:
        call = company.standby.adapters["twilio"].channels[CALL]
        with pytest.raises(Permanent, match=r"its country is not among"):
            await call.send(to("+48512345678"))
        text = company.config.read_text("utf-8")
        assert "[voice]\n" in text
        added = text.replace("[voice]\n", '[voice]\ncountries = ["ZA", "US", "PL"]\n')
        company.config.write_text(added, "utf-8")
        reloaded = await company.standby.reload()
        assert reloaded.problems == ()
        assert company.standby.bus.setup.directory.hotline.countries == ("ZA", "US", "PL")
        with pytest.raises(Exception, match=r"Twilio can't be reached"):
            await call.send(to("+48512345678"))
        with pytest.raises(Permanent, match=r"premium-rate"):
            await call.send(to("+48701234567"))
    finally:
        company.standby.close()
