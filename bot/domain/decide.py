"""Which events a command causes, what is then said to whom, and what becomes of the page. Pure: values and `now` in,
a Decision out; one transaction writes all of it (bot/app/record.py)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from bot.domain import commands as cmd
from bot.domain import decide_consent as consent
from bot.domain import decide_course as course
from bot.domain import decide_engineer as engineer
from bot.domain import decide_opening as opening
from bot.domain import decide_terms as terms
from bot.domain.decision import (
    CLOSES_AFTER,
    Decision,
    PageAnswered,
    PageChange,
    PageUnwanted,
    PageWanted,
    alarm_of,
    next_due,
    timers_of,
)
from bot.domain.ticket import Ticket
from escalation.policy import Policy


def decide(ticket: Ticket | None, command: cmd.Command, policy: Policy, now: dt.datetime) -> Decision:
    """Raises IllegalMove where the ticket's status does not allow it; then nothing changes."""
    if isinstance(command, cmd.OpenTicket):
        return opening.open_ticket(command, policy, now)
    if ticket is None:
        raise ValueError(f"{type(command).__name__} without a ticket")
    late = course.breaches(ticket, policy, now)
    return _DECISIONS[type(command)](late.ticket, command, policy, now).after(late)


_DECISIONS: dict[type[cmd.Command], Callable[[Ticket, Any, Policy, dt.datetime], Decision]] = {
    cmd.SetSeverity: opening.set_severity,
    cmd.SetCategory: opening.set_category,
    cmd.AnswerConsent: consent.answer_consent,
    cmd.CustomerWrites: course.customer_writes,
    cmd.NameContact: course.name_contact,
    cmd.Reply: engineer.reply,
    cmd.Talk: engineer.talk,
    cmd.WriteNote: engineer.write_note,
    cmd.Acknowledge: engineer.acknowledge,
    cmd.Take: engineer.take,
    cmd.HandOver: engineer.hand_over,
    cmd.Snooze: engineer.snooze,
    cmd.AskInfo: engineer.ask_info,
    cmd.Resolve: engineer.resolve,
    cmd.GivePlan: terms.give_plan,
    cmd.ProposeTime: terms.propose_time,
    cmd.AnswerProposal: terms.answer_proposal,
    cmd.AnswerCall: terms.answer_call,
    cmd.AnswerWorse: course.answer_worse,
    cmd.CallInVain: course.call_in_vain,
    cmd.Exclude: terms.exclude,
    cmd.Merge: terms.merge,
    cmd.TakeIn: terms.take_in,
    cmd.Rate: terms.rate,
    cmd.SetLanguage: course.set_language,
    cmd.Reopen: course.reopen,
    cmd.Close: course.close,
    cmd.Look: course.look,
}
"""The map of what can be done to a ticket."""

__all__ = [
    "CLOSES_AFTER",
    "Decision",
    "PageAnswered",
    "PageChange",
    "PageUnwanted",
    "PageWanted",
    "alarm_of",
    "decide",
    "next_due",
    "timers_of",
]
