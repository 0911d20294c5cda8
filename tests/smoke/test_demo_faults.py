"""What can be made to go wrong in the demo, and what is to be seen then."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator

import httpx
import pytest

from bot.demo.controls import Demo
from tests.smoke.demos import ADA, emergency, seen, sees, until, up


@pytest.fixture
async def demo() -> AsyncIterator[Demo]:
    async with up() as it:
        yield it


async def test_sms_undelivered(demo: Demo) -> None:
    await demo.fault("sms", True)
    await emergency(demo)
    await until(demo, 0.5)
    assert seen(demo, "call_rings", to=ADA), "called at once, not after a minute"
    await demo.fault("sms", False)
    assert not any(f.on for f in demo.state().faults)


@pytest.mark.parametrize(
    ("fault", "words"), [("nobody", "nobody picks up"), ("voicemail", "an answering machine")]
)
async def test_phones_that_nobody_answers(demo: Demo, fault: str, words: str) -> None:
    await demo.fault(fault, True)
    await emergency(demo)
    await until(demo, 6)
    assert seen(demo, "message", words)
    assert seen(demo, "dm", to="U0GRACE"), "the next step"


async def test_slack_limits_us(demo: Demo) -> None:
    await demo.fault("slack_limit", True)
    await emergency(demo)
    assert seen(demo, "sms", "MIT-1001", to=ADA), "phones are not slowed down"
    await until(demo, 10)
    assert seen(demo, "fault", "rate_limited")
    assert seen(demo, "dm", "MIT-1001", to="U0ADA"), "and Slack catches up"


async def test_slack_is_down_and_comes_back(demo: Demo) -> None:
    await demo.fault("slack_down", True)
    await emergency(demo)
    assert seen(demo, "sms", "MIT-1001", to=ADA)
    assert seen(demo, "message") == []
    await demo.fault("slack_down", False)
    await until(demo, 10)
    assert seen(demo, "message", "MIT-1001", "Acme Clinics")


async def test_the_bot_is_killed_and_goes_on(demo: Demo) -> None:
    await emergency(demo)
    await demo.fault("killed", True)
    assert demo.state().bot == "down"
    assert demo.state().board == ""
    async with httpx.AsyncClient(trust_env=False) as client:
        with pytest.raises(httpx.TransportError):
            await client.get(demo.world.url + "/readyz")
        demo.world.clock.to(demo.world.clock.now() + dt.timedelta(minutes=6))
        await demo.fault("killed", False)
        assert demo.state().bot == "up"
        await sees(demo, "dm", "MIT-1001", to="U0GRACE")
        assert (await client.get(demo.world.url + "/readyz")).status_code == 200
