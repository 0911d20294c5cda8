"""Every error of the domain.

DomainError
 ├─ IllegalMove       the ticket's status does not allow it
 ├─ NotAllowed        this person may not do that
 ├─ NotPossible       what was asked makes no sense here; the message says why
 ├─ UnknownTicket     no such ticket, or not yours (the two are not told apart)
 ├─ WhichTicket       the command names none, and there is no telling
 └─ NotUnderstood     words that mean nothing to us; carries what would
"""

from __future__ import annotations


class DomainError(Exception):
    """Something a person asked for can't be done; the message can be shown to an engineer."""


class IllegalMove(DomainError):
    """The status table has no such move. Nothing was changed."""

    def __init__(self, ticket: str, status: str, move: str) -> None:
        self.already = move == f"be {status}"
        super().__init__(
            f"{ticket} is {status} already" if self.already else f"{ticket} is {status}; it can't {move}"
        )
        self.ticket, self.status, self.move = ticket, status, move


class NotAllowed(DomainError):
    """Known to us, but without the right to do this."""


class NotPossible(DomainError):
    """Asked of the wrong ticket, or at the wrong time. `template` says why, for an engineer, with `{names}` of `values`."""

    def __init__(self, template: str, **values: str) -> None:
        super().__init__(template.format(**values))
        self.template, self.values = template, values


class UnknownTicket(DomainError):
    """There is no such ticket for the one who asks."""

    def __init__(self, reference: str) -> None:
        super().__init__(f"There is no ticket {reference} here")
        self.reference = reference


class WhichTicket(DomainError):
    """A command that needs a ticket came without one: `word`, and what was written behind it."""

    def __init__(self, word: str = "", rest: str = "") -> None:
        super().__init__("Which ticket?")
        self.word, self.rest = word, rest


class NotUnderstood(DomainError):
    """The words are no command; `closest` holds up to two that are."""

    def __init__(self, words: str, closest: tuple[str, ...] = ()) -> None:
        super().__init__(words)
        self.words, self.closest = words, closest
