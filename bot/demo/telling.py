"""What the stories of the tour are made of: who sees what, and who does what."""

from __future__ import annotations

import datetime as dt

from bot.demo.casts import INTERNAL_HELPDESK, MANAGED_IT
from bot.demo.tour_teller import Deed, Fits
from playground.journal import Entry

TUESDAY, SATURDAY = dt.date(2026, 11, 24), dt.date(2026, 11, 28)
ADA, GRACE, _ = MANAGED_IT.colleagues
HINA = INTERNAL_HELPDESK.colleagues[0]
MINUTE = dt.timedelta(minutes=1)


def sees(kind: str, *words: str, to: str = "", where: str = "") -> Fits:
    """Somebody gets to see an entry of the journal with these words."""

    def fits(entry: Entry) -> bool:
        return (
            entry.kind == kind
            and (not to or entry.to == to)
            and (not where or entry.where == where)
            and all(word in entry.text for word in words)
        )

    return fits


def writes(person: str, text: str) -> Deed:
    return lambda hands: hands.writes(person, text)


def asks_in_slack(person: str, text: str) -> Deed:
    return lambda hands: hands.writes_in_slack(person, text)


def commands(colleague: str, words: str) -> Deed:
    return lambda hands: hands.commands(colleague, words)


def answers(colleague: str, ticket: str, text: str) -> Deed:
    return lambda hands: hands.answers(colleague, ticket, text)


def acknowledges(colleague: str, ticket: str) -> Deed:
    return lambda hands: hands.acknowledges(colleague, ticket)
