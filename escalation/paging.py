"""By what means an engineer is paged, and when. Source: semantics.md, Standby and paging.

A method is a plain name (`slack`, `telegram`, `sms`, `whatsapp`, `call`): channels bring their own.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from escalation.instants import ZERO, utc

CHAT = "chat"  # in a rule: whatever chat the person has
CALL = "call"
SMS = "sms"
MOST_REPEATS = 60  # of a rule, whatever the step lasts
_REPEATS = 10  # of a rule where nobody says how long the step lasts
_YEARS = range(1900, 2100)
_CODES = 9000 - len(_YEARS)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """`after` the step began, page `by` these methods at once; and again `every` so often until the step is over.

    Raises ValueError for an `every` that is no time.
    """

    after: dt.timedelta
    by: tuple[str, ...]
    every: dt.timedelta | None = None

    def __post_init__(self) -> None:
        """Refuse a rule that would never get on."""
        if self.every is not None and self.every <= ZERO:
            raise ValueError(f"a rule that pages again every {self.every}; it takes more than no time")


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """One thing to send: `after` the step began, which is `at` (UTC), by `method`."""

    after: dt.timedelta
    at: dt.datetime
    method: str


_URGENT = (
    Rule(after=ZERO, by=(CHAT, SMS)),
    Rule(after=dt.timedelta(minutes=1), by=(CALL,), every=dt.timedelta(minutes=2)),
)
_CALM = (Rule(after=ZERO, by=(CHAT,)), Rule(after=dt.timedelta(minutes=5), by=(SMS,)))

DEFAULT_RULES: Mapping[str, tuple[Rule, ...]] = MappingProxyType({"emergency": _URGENT, "critical": _URGENT})


def rules_for(urgency: str, own: Mapping[str, tuple[Rule, ...]] | None = None) -> tuple[Rule, ...]:
    """Return a person's own rules for an urgency, else the default ones: a chat message, then an SMS."""
    if own and urgency in own:
        return own[urgency]
    return DEFAULT_RULES.get(urgency, _CALM)


def attempts(
    rules: Iterable[Rule],
    methods_available: Sequence[str],
    since: dt.datetime,
    until: dt.datetime | None = None,
) -> tuple[Attempt, ...]:
    """Return what to send to a person with these methods (their order is their preference), earliest first.

    A method they lack is replaced by the next they have that the rule does not name (a call by an SMS, if there
    is one: it is the louder one); a rule never sends twice by one method at a time. Empty for a person without any.
    A rule with `every` comes again before `until`, the end of the step: 60 times at most, 10 times without an end.
    """
    began = utc(since)
    lasts = None if until is None else utc(until) - began
    planned = ((after, rule) for rule in rules for after in _times(rule, lasts))
    return tuple(
        Attempt(after=after, at=began + after, method=method)
        for after, rule in sorted(planned, key=lambda plan: plan[0])
        for method in _methods(rule, methods_available)
    )


def _times(rule: Rule, lasts: dt.timedelta | None) -> list[dt.timedelta]:
    """Return when a rule comes, after the step began. Its first time does not depend on how long the step lasts."""
    times = [rule.after]
    if rule.every is not None:
        most = _REPEATS if lasts is None else MOST_REPEATS
        again = (rule.after + n * rule.every for n in range(1, most + 1))
        times += [after for after in again if lasts is None or after < lasts]
    return times


def _methods(rule: Rule, available: Sequence[str]) -> tuple[str, ...]:
    """Return the methods that a rule comes to for a person."""
    spare = [method for method in dict.fromkeys(available) if method not in rule.by]
    used: list[str] = []
    for method in rule.by:
        if method in available:
            used.append(method)
        elif spare:
            used.append(spare.pop(spare.index(SMS) if method == CALL and SMS in spare else 0))
    return tuple(dict.fromkeys(used or tuple(available[:1])))


def next_method(failed: Iterable[str], methods_available: Sequence[str]) -> str | None:
    """Return the first method that has not failed yet, to be tried at once; None when all have."""
    tried = frozenset(failed)
    return next((method for method in methods_available if method not in tried), None)


def page_code(random_int: int) -> str:
    """Return the four digits to reply with, from any integer: 1000 to 9999 without what reads as a year (1900 to 2099)."""
    number = 1000 + random_int % _CODES
    return str(number if number < _YEARS.start else number + len(_YEARS))
