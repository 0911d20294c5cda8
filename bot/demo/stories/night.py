"""02:00: a customer in trouble, whoever is on call asleep, and the one after."""

from __future__ import annotations

import datetime as dt

from bot.demo.casts import DESK, THANDI
from bot.demo.hands import Hands
from bot.demo.telling import ADA, GRACE, MINUTE, TUESDAY, acknowledges, commands, sees, writes
from bot.demo.tour_teller import Step, Story

EMERGENCY = Story(
    id="night",
    title="An emergency at night",
    about="02:00 on a Tuesday. Acme Clinics' mail server fails; Ada is on call, Grace comes after her.",
    policy="managed-it",
    day=TUESDAY,
    time=dt.time(2),
    steps=(
        Step(
            text="Thandi writes on WhatsApp. By hand: type her message on the customer's phone.",
            look="The desk has a card at once, and Thandi is asked how bad it is.",
            where="customer",
            deed=writes("thandi", "Our mail server is down, nobody can work"),
            seen=(
                sees("whatsapp", "MIT-1001", "1 Emergency", to=THANDI.phone),
                sees("message", "MIT-1001", "Acme Clinics", where=DESK),
            ),
        ),
        Step(
            text="She answers with one digit. By hand: tap Emergency, or write 1.",
            look="She knows by when somebody answers. Ada is paged in Slack and by SMS, and the card counts down.",
            where="customer",
            deed=writes("thandi", "1"),
            seen=(
                sees("whatsapp", "Emergency", "by 03:", to=THANDI.phone),
                sees("dm", "MIT-1001", to=ADA.slack),
                sees("sms", "MIT-1001", "ACK", to=ADA.phone),
            ),
        ),
        Step(
            text="Ada sleeps on, and a minute later her phone rings. By hand: let the clock run, or step.",
            look="Whoever picks up hears in a few words what it is about. Only a key counts as an answer.",
            where="engineer",
            seen=(sees("call_rings", to=ADA.phone),),
            within=2 * MINUTE,
        ),
        Step(
            text="She does not wake up. After five minutes it is Grace's turn. By hand: let the clock run.",
            look="Grace has the page by every way; the thread tells who was tried, how, and what came of it.",
            where="slack",
            seen=(
                sees("dm", "MIT-1001", to=GRACE.slack),
                sees("sms", "MIT-1001", "ACK", to=GRACE.phone),
            ),
            within=7 * MINUTE,
        ),
        Step(
            text="Grace acknowledges. By hand: as Grace in Slack press the button of the page, or answer the SMS.",
            look="Card, page and customer all say that Grace has it, and Ada is told that she may sleep on.",
            where="slack",
            deed=acknowledges("grace", "MIT-1001"),
            seen=(
                sees("whatsapp", "Grace", "has MIT-1001", to=THANDI.phone),
                sees("sms", "Grace has MIT-1001", to=ADA.phone),
            ),
        ),
        Step(
            text="She writes to Thandi, and a line that starts with // stays inside. By hand: in the card's thread.",
            look="WhatsApp shows the first line only. In the thread each line has its mark: sent, or inside.",
            where="slack",
            deed=lambda hands: _both_lines(hands),
            seen=(
                sees("whatsapp", "Clearing it now", to=THANDI.phone),
                sees("reaction", "lock"),
            ),
        ),
        Step(
            text="Thandi answers. By hand: write as Thandi.",
            look="Her words stand in the same thread: nobody has to look in two places.",
            where="customer",
            deed=writes("thandi", "Thank you! First mails are coming in"),
            seen=(sees("message", "First mails", where=DESK),),
        ),
        Step(
            text="Grace resolves it. By hand: the button Resolve on the card.",
            look="Thandi hears what was done and is asked whether it works; the card has stopped its clock.",
            where="slack",
            deed=commands("grace", "resolve MIT-1001 The queue is empty and mail flows again."),
            seen=(sees("whatsapp", "resolved", "mail flows again", to=THANDI.phone),),
        ),
        Step(
            text="Thandi is content. By hand: write close.",
            look="The ticket is closed. That was the whole emergency; /standby why MIT-1001 tells it again.",
            where="customer",
            deed=writes("thandi", "close"),
            seen=(sees("whatsapp", "MIT-1001", "is closed", to=THANDI.phone),),
        ),
    ),
)


async def _both_lines(hands: Hands) -> None:
    await hands.answers("grace", "MIT-1001", "The mail queue is full. Clearing it now, 10 minutes.")
    await hands.answers("grace", "MIT-1001", "// same disk as in March, order a bigger one")
