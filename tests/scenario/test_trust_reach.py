"""Each Monday: whom a page might not reach; nothing where there is no doubt."""

from __future__ import annotations

import dataclasses

from bot.app.ports import Permanent
from tests.builders import DESK, GRACE_PHONE, THANDI
from tests.fakes.before_night import Night, company, rota, team_of_three, turns

ADA, GRACE, LIN = team_of_three()


def told(night: Night) -> list[str]:
    return [t for t in night.texts("slack", DESK) if "might not reach" in t]


async def answers_all(night: Night, who: str) -> None:
    """Everything is answered."""
    night.look_away()
    await night.commands(f"U0{who.upper()}", f"page test {who}")
    (chat,) = night.seen("slack", f"U0{who.upper()}")
    (sms,) = night.seen("sms")
    (call,) = night.seen("call")
    await night.taps(chat.place, chat.choices[0], via="slack")
    await night.says(sms.place, "ok", via="sms")
    await night.presses(call, "1")


async def test_silent_where_everybody_answered_a_test() -> None:
    night = await Night.begins(
        "2026-11-20T10:00", company(rota(turns("ada", "grace")), people=team_of_three())
    )
    await answers_all(night, "ada")
    await answers_all(night, "grace")
    night.look_away()
    await night.goes_on_until("2026-12-19T10:00")
    assert told(night) == []
    await night.goes_on_until("2026-12-21T09:00")
    assert told(night) == [
        "⚠️ desk: a page might not reach\n"
        "• Ada: not tested for 30 days\n"
        "• Grace: not tested for 30 days\n"
        "Try somebody's ways with page test ada."
    ]


async def test_what_failed_and_what_was_not_answered() -> None:
    night = await Night.begins(
        "2026-11-20T10:00", company(rota(turns("grace", "ada")), people=team_of_three())
    )
    await answers_all(night, "grace")
    night.channels["sms"].fail = [Permanent("unreachable handset")]
    await night.commands("U0ADA", "page test")
    await night.passes(days=1)
    night.channels["sms"].broken = {GRACE_PHONE}
    await night.says(THANDI, "urgent: the server is down")
    await night.passes(minutes=6)
    await night.says("+27115550001", "ack", via="sms")
    night.look_away()
    await night.goes_on_until("2026-11-23T09:00")
    (report,) = told(night)
    grace, ada = sorted(report.splitlines()[1:3], reverse=True)
    assert grace.startswith("• Grace: SMS failed ") and grace.endswith(" this week (gone)")
    assert ada == (
        "• Ada: SMS failed 1 time this week (unreachable handset); a test page was not answered by Slack, Call"
    )


async def test_no_way_or_one_way_only() -> None:
    people = (
        dataclasses.replace(ADA, identities={}),
        dataclasses.replace(GRACE, identities={"sms": "+1"}),
        LIN,
    )
    night = await Night.begins("2026-11-20T10:00", company(rota(turns("ada", "grace")), people=people))
    await night.goes_on_until("2026-11-23T09:00")
    (report,) = told(night)
    assert report.splitlines()[1:3] == [
        "• Ada: no way at all",
        "• Grace: one way only, SMS; not tested for 30 days",
    ]


async def test_a_monday_that_was_missed_is_done_late_once() -> None:
    night = await Night.begins(
        "2026-11-20T10:00", company(rota(turns("ada", "grace")), people=team_of_three())
    )
    await night.sleeps_until("2026-12-09T16:00")
    assert len(told(night)) == 1
    await night.goes_on_until("2026-12-14T08:59")
    assert told(night) == []
