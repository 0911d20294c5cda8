"""A ticket that waits for its customer, and one that is left lying."""

from __future__ import annotations

import datetime as dt

from bot.demo.casts import DESK
from bot.demo.hands import Hands
from bot.demo.telling import HINA, TUESDAY, acknowledges, asks_in_slack, commands, sees
from bot.demo.tour_teller import Step, Story

WAITING = Story(
    id="waiting",
    title="Waiting, and a breach",
    about="A company's own IT desk, open round the clock: ten minutes to acknowledge, four hours to solve.",
    policy="internal-helpdesk",
    day=TUESDAY,
    time=dt.time(9),
    steps=(
        Step(
            text="Bilal writes to the bot in Slack. By hand: as Bilal in Slack, a direct message.",
            look="His words sound like High, and he is asked.",
            where="slack",
            deed=asks_in_slack("bilal", "VPN is broken, our team can't work"),
            seen=(sees("dm", "IHD-1001", "High", to="U0BILAL"),),
        ),
        Step(
            text="He agrees. By hand: press High.",
            look="Hina is paged. If she does not answer within five minutes, Omar is.",
            where="slack",
            deed=asks_in_slack("bilal", "2"),
            seen=(sees("dm", "IHD-1001", to=HINA.slack),),
        ),
        Step(
            text="Hina acknowledges. By hand: as Hina, the button of the page.",
            look="The first clock has stopped. The second runs on: four hours for the solution.",
            where="slack",
            deed=acknowledges("hina", "IHD-1001"),
            seen=(sees("dm", "Hina", to="U0BILAL"),),
        ),
        Step(
            text="She has to know more. By hand: as Hina /standby need IHD-1001, and a question.",
            look="The card says that it waits for Bilal: its time stands still.",
            where="slack",
            deed=commands("hina", "need IHD-1001 Which error does the VPN show?"),
            seen=(
                sees("dm", "Which error", to="U0BILAL"),
                sees("edited", "waiting for the customer", where=DESK),
            ),
        ),
        Step(
            text="Two hours pass, and Bilal answers. By hand: let the clock run, then write as Bilal.",
            look="Those two hours are not the desk's: the clock goes on where it stood.",
            where="slack",
            deed=lambda hands: _answers_late(hands),
            seen=(sees("message", "Error 809", where=DESK),),
        ),
        Step(
            text="Then nobody does anything. By hand: step on and on.",
            look="At three quarters of the time the specialists hear of it: a ticket left lying is not left alone.",
            where="slack",
            deed=None,
            seen=(sees("edited", "tier 2", where=DESK),),
            within=dt.timedelta(hours=5),
        ),
        Step(
            text="And still nobody does. By hand: step on until the time is over.",
            look="Overdue: the card says so in words, and the senior engineers and the lead are told.",
            where="slack",
            deed=None,
            seen=(sees("edited", "IHD-1001", "over, resolution was due", where=DESK),),
            within=dt.timedelta(hours=5),
        ),
        Step(
            text="Half an hour later Hina resolves it after all. By hand: the button Resolve.",
            look="Late stays late: the card and the report have the breach. /standby why IHD-1001 tells which hours counted.",
            where="slack",
            deed=lambda hands: _resolves_late(hands),
            seen=(sees("dm", "certificate", to="U0BILAL"),),
        ),
    ),
)


async def _answers_late(hands: Hands) -> None:
    await hands.passes(dt.timedelta(hours=2))
    await hands.writes_in_slack("bilal", "Error 809, for all of us since this morning")


async def _resolves_late(hands: Hands) -> None:
    await hands.passes(dt.timedelta(minutes=30))
    await hands.commands("hina", "resolve IHD-1001 The VPN gateway has a new certificate.")
