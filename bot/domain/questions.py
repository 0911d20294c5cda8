"""What a customer is being asked, and how they may answer it in words: one table."""

from __future__ import annotations

import enum

from bot.domain import commands as cmd
from bot.domain.decision import Asked, asked_at_opening
from bot.domain.events import Actor, Consent, How
from bot.domain.grammar import digit_choice
from bot.domain.reading import best
from bot.domain.ticket import Ticket
from bot.domain.triage import is_no, is_yes
from escalation.policy import Policy


class Question(enum.StrEnum):
    """Also the verb of the buttons that answer it (`sev` for the severity, as ever)."""

    CONSENT = "consent"
    SEVERITY = "sev"
    CATEGORY = "cat"
    PROPOSAL = "agree"
    CALL = "call"
    WORSE = "worse"


YES, NO = "yes", "no"
FEW = 3
"""Words of an answer to what something is about."""


def asked(ticket: Ticket, policy: Policy) -> Question | None:
    """The question that a bare digit or a `yes` answers; what stops a page comes first."""
    if not ticket.status.is_open:
        return None
    if ticket.consent is Consent.ASKED and ticket.consent_until is not None:
        return Question.CONSENT
    if not ticket.confirmed and ticket.acknowledged is None:
        return Question.SEVERITY if asked_at_opening(policy) is Asked.SEVERITY else Question.CATEGORY
    stands = {
        Question.CONSENT: ticket.consent in (Consent.ASKED, Consent.SILENT),
        Question.PROPOSAL: ticket.proposal is not None,
        Question.WORSE: bool(ticket.worse),
        Question.CALL: ticket.call_offered,
    }
    return next((q for q, open_ in stands.items() if open_ and q == ticket.question), None)


def answer_in_words(ticket: Ticket, policy: Policy, text: str, by: Actor) -> cmd.Command | None:
    """The command that `text` means as an answer; None when it is none. A severity that is more urgent than the
    ticket's may be named at any time; a bare number means one only until somebody of ours has the ticket."""
    question = asked(ticket, policy)
    if question is None and ticket.consent is Consent.DECLINED and _wants_it_now(ticket, policy, text):
        return cmd.AnswerConsent(agreed=True, by=by)
    if question is Question.CATEGORY:
        value = _named(text, [(c.id, c.label) for c in policy.categories]) or _meant(text, policy)
        return None if value is None else answer(ticket, policy, question, value, by)
    if question is not None and question is not Question.SEVERITY:
        value = _yes_or_no(text)
        if value is not None or digit_choice(text, 9) is not None:
            return None if value is None else answer(ticket, policy, question, value, by)
    return _severity(ticket, policy, text, by)


def answer(ticket: Ticket, policy: Policy, question: str, value: str, by: Actor) -> cmd.Command | None:
    """What a button means, tapped by the customer; None for a value that is none."""
    if question == Question.SEVERITY:
        known = value in [s.id for s in policy.severities]
        open_ = ticket.status.is_open
        return cmd.SetSeverity(severity=value, how=How.CONFIRMED, by=by) if known and open_ else None
    if question == Question.CATEGORY:
        known = value in [c.id for c in policy.categories]
        return cmd.SetCategory(category=value, how=How.CONFIRMED, by=by) if known else None
    value, at, asked_time = value.partition("@")
    if value not in (YES, NO) or (at and asked_time != stamp(ticket)):
        return None
    yes = value == YES
    if question == Question.WORSE:
        return (
            cmd.SetSeverity(severity=ticket.worse, how=How.CONFIRMED, by=by) if yes and ticket.worse else None
        )
    if question == Question.CONSENT:
        return cmd.AnswerConsent(agreed=yes, by=by)
    if question == Question.PROPOSAL:
        return cmd.AnswerProposal(accepted=yes, by=by)
    return cmd.AnswerCall(wanted=yes, by=by) if question == Question.CALL else None


def stamp(ticket: Ticket) -> str:
    """Tells the time that is proposed now from one that was proposed before."""
    return str(int(ticket.proposal.due.timestamp())) if ticket.proposal else ""


def _severity(ticket: Ticket, policy: Policy, text: str, by: Actor) -> cmd.Command | None:
    """A digit or a name: any while the question stands, later only one that makes it more urgent."""
    if not ticket.status.is_open or len(policy.severities) == 1:
        return None
    ids = [s.id for s in policy.severities]
    if ticket.acknowledged is not None and digit_choice(text, len(ids)) is not None:
        return None
    value = _named(text, [(s.id, s.label) for s in policy.severities])
    if value is None or (ticket.confirmed and ids.index(value) >= ids.index(ticket.severity)):
        return None
    return cmd.SetSeverity(severity=value, how=How.CONFIRMED, by=by)


def _wants_it_now(ticket: Ticket, policy: Policy, text: str) -> bool:
    """Whoever declined a call-out changes their mind: `call now`, `yes`, or what it is. (`OK` is no change of mind.)"""
    said = text.casefold().strip(" .!")
    label = policy.severity(ticket.severity).label.casefold()
    return said in (
        "yes",
        "tak",
        "call",
        "call now",
        "yes call now",
        "yes, call now",
        ticket.severity.casefold(),
        label,
    )


def _meant(text: str, policy: Policy) -> str | None:
    """The category that a few words sound like (`błąd`); more of them are a message."""
    found = best(text, policy.categories) if len(text.split()) <= FEW else None
    return found.id if found else None


def _named(text: str, offered: list[tuple[str, str]]) -> str | None:
    """The id that a digit or a name means."""
    index = digit_choice(text, len(offered))
    if index is not None:
        return offered[index][0]
    said = text.casefold().strip(".! ")
    return next((id for id, label in offered if said in (id.casefold(), label.casefold())), None)


def _yes_or_no(text: str) -> str | None:
    index = digit_choice(text, 2)
    if index is not None:
        return (YES, NO)[index]
    if is_yes(text):
        return YES
    return NO if is_no(text) else None


CUSTOMER_VERBS = frozenset({*(q.value for q in Question), "works", "rate"})
"""The buttons that only customers have."""

__all__ = ["CUSTOMER_VERBS", "NO", "YES", "Question", "answer", "answer_in_words", "asked"]
