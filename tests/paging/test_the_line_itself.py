"""A dialogue fails on whatever was not expected, and shows all of itself."""

import pytest

from tests.fakes.line import line


async def test_what_nobody_looked_at_fails_it() -> None:
    with pytest.raises(
        AssertionError, match=r"(?s)nobody looked at.*Ada, sms: .*02:00:00  twilio   sms  .*bot → Ada"
    ):
        async with line() as t:
            await t.emergency()
            t.thread_lines()


async def test_another_way_than_expected_fails_it() -> None:
    async with line() as t:
        await t.emergency()
        with pytest.raises(
            AssertionError, match=r"(?s)Ada is paged by\n    slack\n    sms\n  expected\n    sms\n"
        ):
            t.paged("Ada", by=["sms"])
        t.take_all()


async def test_an_error_in_the_log_fails_it() -> None:
    with pytest.raises(AssertionError, match=r"the log has .*timer_failed"):
        async with line() as t:
            t.bot.standby.log("timer_failed", error="x")
