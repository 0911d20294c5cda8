"""What is not urgent, at a time at which the desk is closed."""

from __future__ import annotations

import datetime as dt

from bot.demo.casts import DESK, THANDI
from bot.demo.hands import Hands
from bot.demo.telling import SATURDAY, commands, sees, writes
from bot.demo.tour_teller import Step, Story

LOW = Story(
    id="low",
    title="A quiet Low over the weekend",
    about="Saturday, 10:00. The desk is closed, and what comes now is not urgent.",
    policy="managed-it",
    day=SATURDAY,
    time=dt.time(10),
    steps=(
        Step(
            text="Thandi asks for a price. By hand: write as Thandi, with no hurry in it.",
            look="Low is proposed from her words, and there is a card: but no phone rings.",
            where="customer",
            deed=writes("thandi", "Could we have a quote for a new laptop? No hurry"),
            seen=(
                sees("whatsapp", "MIT-1001", "Low", to=THANDI.phone),
                sees("message", "MIT-1001", where=DESK),
            ),
        ),
        Step(
            text="She agrees that it is Low. By hand: tap Low, or write 4.",
            look="She is told that the desk is closed and by when she has an answer: hours of the weekend don't count.",
            where="customer",
            deed=writes("thandi", "4"),
            seen=(sees("whatsapp", "closed", to=THANDI.phone),),
        ),
        Step(
            text="Monday comes. By hand: jump to the next opening.",
            look="Two nights have passed, and nobody was paged. The card is where it was, with time left.",
            where="clock",
            deed=lambda hands: _until_monday(hands),
            seen=(lambda entry: True,),
        ),
        Step(
            text="Ada takes it with her coffee. By hand: as Ada press Take on the card.",
            look="The card is hers, and nobody else need look at it.",
            where="slack",
            deed=commands("ada", "take MIT-1001"),
            seen=(sees("edited", "MIT-1001", "Ada", where=DESK),),
        ),
        Step(
            text="She answers and resolves it. By hand: write in the thread, then press Resolve.",
            look="Thandi has her price, in time. The promise is kept, and the card says so.",
            where="slack",
            deed=lambda hands: _offers(hands),
            seen=(
                sees("whatsapp", "offer", to=THANDI.phone),
                sees("whatsapp", "resolved", to=THANDI.phone),
            ),
        ),
        Step(
            text="Thandi is content. By hand: write close.",
            look="Closed. A quiet Low has cost nobody a minute of sleep.",
            where="customer",
            deed=writes("thandi", "close"),
            seen=(sees("whatsapp", "MIT-1001", "is closed", to=THANDI.phone),),
        ),
    ),
)


async def _until_monday(hands: Hands) -> None:
    opens = dt.datetime.combine(SATURDAY + dt.timedelta(days=2), dt.time(8, 30), hands.world.company.zone)
    await hands.waits_until(opens.astimezone(dt.UTC))


async def _offers(hands: Hands) -> None:
    await hands.answers("ada", "MIT-1001", "Here is our offer: a 14 inch laptop, ready on Thursday.")
    await hands.commands("ada", "resolve MIT-1001 The offer is with you.")
