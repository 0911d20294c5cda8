"""Two customers with one outage."""

from __future__ import annotations

import datetime as dt

from bot.demo.casts import SIPHO, THANDI
from bot.demo.hands import Hands
from bot.demo.telling import ADA, TUESDAY, acknowledges, commands, sees, writes
from bot.demo.tour_teller import Step, Story

SECOND = Story(
    id="second",
    title="A second customer, the same outage",
    about="02:00. What fails for Acme Clinics fails for Bluegum Books too, who pay for call-outs at night.",
    policy="managed-it",
    day=TUESDAY,
    time=dt.time(2),
    steps=(
        Step(
            text="Thandi reports that the internet is down. By hand: write as Thandi, then 1.",
            look="Ada is paged for Acme Clinics.",
            where="customer",
            deed=lambda hands: _reports(hands),
            seen=(sees("dm", "MIT-1001", to=ADA.slack),),
        ),
        Step(
            text="Ada acknowledges. By hand: as Ada, the button of the page.",
            look="She has the first one.",
            where="slack",
            deed=acknowledges("ada", "MIT-1001"),
            seen=(sees("whatsapp", "Ada", "has MIT-1001", to=THANDI.phone),),
        ),
        Step(
            text="Sipho of Bluegum Books has the same trouble. By hand: write as Sipho, then 1.",
            look="His plan charges call-outs at night, so he is asked before anybody is woken for him.",
            where="customer",
            deed=lambda hands: _reports_too(hands),
            seen=(sees("whatsapp", "is charged", to=SIPHO.phone),),
        ),
        Step(
            text="He agrees. By hand: tap the button, or write yes.",
            look="A ticket, a card, a thread and a clock of its own; Ada is paged for this one too.",
            where="customer",
            deed=writes("sipho", "yes"),
            seen=(sees("dm", "MIT-1002", to=ADA.slack),),
        ),
        Step(
            text="She takes all that she is paged for. By hand: as Ada /standby ack all.",
            look="Sipho hears that Ada has it. Neither of the two learns of the other.",
            where="slack",
            deed=commands("ada", "ack all"),
            seen=(sees("whatsapp", "Ada", "has MIT-1002", to=SIPHO.phone),),
        ),
        Step(
            text="She writes in both threads. By hand: a line in each.",
            look="Each has an answer within their own hour.",
            where="slack",
            deed=lambda hands: _answers_both(hands),
            seen=(
                sees("whatsapp", "provider", to=THANDI.phone),
                sees("whatsapp", "provider", to=SIPHO.phone),
            ),
        ),
        Step(
            text="The line is back, and she resolves both. By hand: Resolve on each card.",
            look="One outage, two customers, two records that can be shown to either.",
            where="slack",
            deed=lambda hands: _resolves_both(hands),
            seen=(
                sees("whatsapp", "resolved", to=THANDI.phone),
                sees("whatsapp", "resolved", to=SIPHO.phone),
            ),
        ),
    ),
)


async def _reports(hands: Hands) -> None:
    await hands.writes("thandi", "The internet is down in the whole clinic")
    await hands.settled()
    await hands.writes("thandi", "1")


async def _reports_too(hands: Hands) -> None:
    await hands.writes("sipho", "Our internet is down, no shop can sell anything")
    await hands.settled()
    await hands.writes("sipho", "1")


async def _answers_both(hands: Hands) -> None:
    for ticket in ("MIT-1001", "MIT-1002"):
        await hands.answers("ada", ticket, "Your provider has a broken cable. I am on the phone with them.")


async def _resolves_both(hands: Hands) -> None:
    for ticket in ("MIT-1001", "MIT-1002"):
        await hands.commands("ada", f"resolve {ticket} The cable is mended and the line is up.")
