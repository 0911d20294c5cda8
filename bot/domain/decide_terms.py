"""What both sides agree on while a ticket is worked: a plan, a time, what is covered, a call, one ticket for two."""

from __future__ import annotations

import datetime as dt

from bot.domain import commands as cmd
from bot.domain import events as ev
from bot.domain import notices as no
from bot.domain.decide_engineer import first_touch
from bot.domain.decide_opening import exclusion_label
from bot.domain.decision import Decision, PageAnswered, PageUnwanted, applied, desk_line, solved_by
from bot.domain.errors import IllegalMove, NotPossible
from bot.domain.status import Move
from bot.domain.ticket import Ticket
from escalation.policy import Policy
from escalation.sla import ClockKind
from escalation.targets import AsNeeded, Negotiated


def give_plan(ticket: Ticket, c: cmd.GivePlan, policy: Policy, now: dt.datetime) -> Decision:
    first = first_touch(ticket, c)
    events = (*first, ev.PlanGiven(person=c.person, ours=c.ours, theirs=c.theirs))
    plan = no.PlanForYou(ticket=ticket.id, person=c.name, ours=c.ours, theirs=c.theirs)
    steps = f"{c.ours}\n{c.theirs}".strip()
    return Decision(
        ticket=applied(ticket, events, policy, now),
        events=events,
        sayings=(no.ToCustomer(notice=plan), desk_line("plan_given", name=c.name, text=steps)),
        page=PageAnswered(person=c.person, name=c.name) if first else None,
    )


def propose_time(ticket: Ticket, c: cmd.ProposeTime, policy: Policy, now: dt.datetime) -> Decision:
    """Only where no firm time was promised: a promise is not talked away. Raises NotPossible."""
    if not ticket.status.is_open:
        raise IllegalMove(ticket.id, ticket.status, Move.ANSWER)
    target = ticket.served(policy).resolve
    if target is not None and not isinstance(target, Negotiated | AsNeeded):
        raise NotPossible("{ticket} has a time of its own: {target}", ticket=ticket.id, target=target.text)
    if c.due <= now:
        raise NotPossible("That time has passed")
    first = first_touch(ticket, c)
    events = (*first, ev.TurnaroundProposed(person=c.person, name=c.name, due=c.due))
    asked = no.TimeProposed(ticket=ticket.id, person=c.name, due=c.due)
    return Decision(
        ticket=applied(ticket, events, policy, now),
        events=events,
        sayings=(no.ToCustomer(notice=asked), desk_line("time_proposed", name=c.name, due=c.due)),
        page=PageAnswered(person=c.person, name=c.name) if first else None,
    )


def answer_proposal(ticket: Ticket, c: cmd.AnswerProposal, policy: Policy, now: dt.datetime) -> Decision:
    """A tap on a question that is not asked any more changes nothing; nobody agrees on a time that has passed."""
    asked = ticket.proposal
    if asked is None or not ticket.status.is_open:
        return Decision(ticket=ticket)
    accepted = c.accepted and asked.due > now
    events = (ev.TurnaroundAnswered(accepted=accepted, by=c.by),)
    told = no.TimeAnswered(ticket=ticket.id, accepted=accepted, due=asked.due, person=asked.name)
    line = desk_line("time_agreed" if accepted else "time_declined", due=asked.due, mention=(asked.person,))
    return Decision(
        ticket=applied(ticket, events, policy, now),
        events=events,
        sayings=(no.ToCustomer(notice=told), line),
    )


def answer_call(ticket: Ticket, c: cmd.AnswerCall, policy: Policy, now: dt.datetime) -> Decision:
    if not ticket.call_offered or not ticket.status.is_open:
        return Decision(ticket=ticket)
    events = (ev.CallAnswered(wanted=c.wanted),)
    settled = no.CallSettled(ticket=ticket.id, wanted=c.wanted)
    what = "call_wanted" if c.wanted else "call_declined"
    return Decision(
        ticket=applied(ticket, events, policy, now),
        events=events,
        sayings=(
            no.ToCustomer(notice=settled),
            desk_line(what, audience=("owner",) if ticket.owner else ("tier",)),
        ),
    )


def exclude(ticket: Ticket, c: cmd.Exclude, policy: Policy, now: dt.datetime) -> Decision:
    """Support does not cover it: resolving it stands still, and the customer hears what to do instead."""
    if c.exclusion == ticket.exclusion:
        return Decision(ticket=ticket)
    if not ticket.status.is_open:
        raise IllegalMove(ticket.id, ticket.status, Move.ANSWER)
    first = first_touch(ticket, c)
    events = (*first, ev.Excluded(person=c.person, exclusion=c.exclusion))
    found = next((e for e in policy.exclusions if e.id == c.exclusion), None)
    told = no.NotCovered(
        ticket=ticket.id,
        person=c.name,
        label=found.label if found else "",
        instead=found.instead if found else "",
    )
    after = applied(ticket, events, policy, now)
    stands = after.clock(ClockKind.RESOLUTION) is not None
    what = ("excluded_clock" if stands else "excluded") if c.exclusion else "covered_again"
    line = desk_line(
        what, name=c.name, text=exclusion_label(c.exclusion, policy), due=solved_by(after, policy, now)
    )
    return Decision(
        ticket=after,
        events=events,
        sayings=(no.ToCustomer(notice=told), line),
        page=PageAnswered(person=c.person, name=c.name) if first else None,
    )


def merge(ticket: Ticket, c: cmd.Merge, policy: Policy, now: dt.datetime) -> Decision:
    """Its clocks end here; the kept ticket's run on (`take_in`)."""
    events = (ev.MergedInto(ticket=c.into, by=c.by),)
    return Decision(
        ticket=applied(ticket, events, policy, now),
        events=events,
        sayings=(
            no.ToCustomer(notice=no.MergedForYou(ticket=ticket.id, into=c.into)),
            desk_line("merged_into", name=c.by.name, text=c.into),
        ),
        page=PageUnwanted(reason="merged"),
    )


def take_in(ticket: Ticket, c: cmd.TakeIn, policy: Policy, now: dt.datetime) -> Decision:
    if not ticket.status.is_open:
        raise NotPossible("{ticket} is not open: merge into one that is", ticket=ticket.id)
    events = (ev.MergedFrom(ticket=c.other, text=c.text, by=c.by),)
    line = desk_line("merged_from", name=c.other, text=c.text)
    return Decision(ticket=applied(ticket, events, policy, now), events=events, sayings=(line,))


def rate(ticket: Ticket, c: cmd.Rate, policy: Policy, now: dt.datetime) -> Decision:
    events = (ev.Rated(score=c.score),)
    return Decision(
        ticket=ticket,
        events=events,
        sayings=(
            no.ToCustomer(notice=no.RatingThanks(ticket=ticket.id, score=c.score)),
            desk_line("rated", text=str(c.score)),
        ),
    )
