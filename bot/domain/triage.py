"""What the words of a first message say: how urgent it sounds, whether it is a request at all."""

from __future__ import annotations

import re
from functools import lru_cache

from escalation.policy import Policy, Severity

_GREETINGS = frozenset(
    [
        "hi",
        "hello",
        "hey",
        "hallo",
        "hola",
        "good",
        "morning",
        "afternoon",
        "evening",
        "day",
        "start",
        "there",
        "team",
        "all",
        "dzień",
        "dobry",
        "cześć",
        "witam",
    ]
)
_THANKS = frozenset(
    [
        "thanks",
        "thank",
        "you",
        "thx",
        "ty",
        "ok",
        "okay",
        "great",
        "perfect",
        "cheers",
        "super",
        "works",
        "it",
        "now",
        "all",
        "good",
        "fixed",
        "solved",
        "resolved",
        "yes",
        "so",
        "much",
        "very",
        "dziękuję",
        "dzięki",
    ]
)


def _tokens(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _spaced(text: str) -> str:
    return f" {' '.join(_tokens(text))} "


@lru_cache(maxsize=256)
def _spoken(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_spaced(word) for word in words)


def is_greeting(text: str) -> bool:
    """Nothing but a hello: no ticket comes of it."""
    tokens = _tokens(text)
    return not tokens or (len(tokens) <= 4 and all(t in _GREETINGS for t in tokens))


def is_thanks(text: str) -> bool:
    """Nothing but thanks: a resolved ticket stays resolved."""
    tokens = _tokens(text)
    return not tokens or (len(tokens) <= 6 and all(t in _THANKS for t in tokens))


def propose(text: str, policy: Policy, *, vip: bool = False) -> Severity:
    """The severity that the words sound like: most of its words found wins, the more urgent one in a tie.

    Without any, the second least urgent (a plain problem), or the only one. A VIP's ticket is at least
    `policy.vip_at_least`.
    """
    haystack = _spaced(text)
    scores = [sum(word in haystack for word in _spoken(s.words)) for s in policy.severities]
    best = max(scores)
    if best:
        found = policy.severities[scores.index(best)]
    else:
        found = policy.severities[-2] if len(policy.severities) > 2 else policy.severities[-1]
    if vip and policy.vip_at_least:
        return policy.more_urgent(found.id, policy.vip_at_least)
    return found
