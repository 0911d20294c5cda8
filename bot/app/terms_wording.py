"""The words to a customer about what both sides agree on: a plan, a time, a call, what is covered, how it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.app.phrases import choice, in_time, yes_no
from bot.app.speech import Speech
from bot.domain import notices as no
from bot.domain.message import Message


def _wait_over(n: no.WaitOver, s: Speech) -> Message:
    return Message(
        parts=s.say(
            "Thank you, we go on with *{ticket}*. It is to be solved *{by}*: the time in which we waited for you "
            "does not count.",
            ticket=n.ticket,
            by=in_time(n.solved, s),
        )
    )


def _plan(n: no.PlanForYou, s: Speech) -> Message:
    parts = s.say("*{person}* ({ticket}) has a plan:\n{text}", person=n.person, ticket=n.ticket, text=n.ours)
    if n.theirs:
        parts += s.say("\n\nWhat we need from you:\n{text}", text=n.theirs)
    return Message(parts=parts)


def _time_proposed(n: no.TimeProposed, s: Speech) -> Message:
    parts = s.say(
        "*{person}* proposes to have *{ticket}* done *{by}*. Is that all right?\n1 Yes\n2 No",
        person=n.person,
        ticket=n.ticket,
        by=s.by(n.due),
    )
    stamp = str(int(n.due.timestamp()))
    return yes_no(parts, "agree", n.ticket, s.text("Yes"), s.text("No"), stamp)


def _time_answered(n: no.TimeAnswered, s: Speech) -> Message:
    if n.accepted:
        return Message(parts=s.say("Agreed: *{ticket}* is done *{by}*.", ticket=n.ticket, by=s.by(n.due)))
    return Message(
        parts=s.say(
            "All right, {person} knows. When do you need *{ticket}*? Just write it here.",
            person=n.person,
            ticket=n.ticket,
        )
    )


def _call_offered(n: no.CallOffered, s: Speech) -> Message:
    parts = s.say(
        "*{ticket}* takes longer than we want it to. Shall one of our engineers call you about it?\n1 Yes\n2 No",
        ticket=n.ticket,
    )
    return yes_no(parts, "call", n.ticket, s.text("Yes, call me"), s.text("No"))


def _call_settled(n: no.CallSettled, s: Speech) -> Message:
    if n.wanted:
        return Message(
            parts=s.say(
                "An engineer calls you about *{ticket}*. Write here if a time suits you best.",
                ticket=n.ticket,
            )
        )
    return Message(parts=s.say("All right, we go on here in writing."))


def _not_covered(n: no.NotCovered, s: Speech) -> Message:
    if not n.label:
        return Message(
            parts=s.say(
                "*{ticket}* is covered after all, {person} goes on with it.", ticket=n.ticket, person=n.person
            )
        )
    parts = s.say("Our support does not cover this (*{ticket}*): {what}.", ticket=n.ticket, what=n.label)
    if n.instead:
        parts += s.say(" {text}", text=n.instead)
    return Message(parts=parts + s.say("\nIf you see it differently, just answer here."))


def _merged(n: no.MergedForYou, s: Speech) -> Message:
    return Message(
        parts=s.say(
            "*{ticket}* and *{into}* are the same thing, so we go on with *{into}* for both.",
            ticket=n.ticket,
            into=n.into,
        )
    )


def _rating_asked(n: no.RatingAsked, s: Speech) -> Message:
    parts = s.say(
        "How was it with *{ticket}*? Answer with a number, 1 (bad) to 5 (very good).", ticket=n.ticket
    )
    choices = tuple(choice("rate", n.ticket, str(score), str(score)) for score in range(1, 6))
    return Message(parts=parts, choices=choices, digits=True)


def _rating_thanks(n: no.RatingThanks, s: Speech) -> Message:
    return Message(parts=s.say("Thank you. That helps us to get better."))


TERMS_WORDS: dict[type[no.Notice], Callable[[Any, Speech], Message]] = {
    no.WaitOver: _wait_over,
    no.PlanForYou: _plan,
    no.TimeProposed: _time_proposed,
    no.TimeAnswered: _time_answered,
    no.CallOffered: _call_offered,
    no.CallSettled: _call_settled,
    no.NotCovered: _not_covered,
    no.MergedForYou: _merged,
    no.RatingAsked: _rating_asked,
    no.RatingThanks: _rating_thanks,
}
