"""The words of a chain: whom a target means, by what means people are reached, when a trigger fires."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.app.arithmetic import CLOCK_NAMES
from bot.app.speech import Speech
from bot.domain.ids import PersonId
from escalation.escalate import Lacking, parse_trigger

MEANS = {"Call": "Call"}
"""Labels of channels that are words; the others are names of products."""


def means(label: str, s: Speech) -> str:
    """A channel's label, in the reader's language."""
    return s.text(MEANS[label]) if label in MEANS else label


def all_means(labels: Iterable[str], s: Speech) -> str:
    return ", ".join(means(label, s) for label in labels)


def with_means(named: str, s: Speech) -> str:
    """`Ada (Slack, Call)`: the name as it is, by what means in the reader's language."""
    name, bracket, labels = named.removesuffix(")").rpartition(" (")
    if not bracket or not named.endswith(")"):
        return named
    return f"{name} ({all_means(labels.split(', '), s)})"


def target(written: str, s: Speech, name_of: Callable[[PersonId], str]) -> str:
    """Whom a step means, as people say it; `written` is as the configuration has it, such as `schedule:standby`."""
    kind, _, name = written.partition(":")
    if kind == "schedule":
        return s.text("schedule {name}", name=name)
    if kind == "person":
        return name_of(PersonId(name))
    if kind == "tier":
        return s.text("tier {n}", n=name)
    if kind == "leads":
        return s.text("the leads")
    return s.text("everyone") if kind == "everyone" else written


def targets(written: Iterable[str], s: Speech, name_of: Callable[[PersonId], str]) -> str:
    return ", ".join(target(one, s, name_of) for one in written)


def trigger(text: str, s: Speech) -> str:
    """The instant or the age that a rule names, in words."""
    found = parse_trigger(text)
    if found.clock is not None and found.fraction == 1:
        return s.text("{clock}: the time is used up", clock=s.text(CLOCK_NAMES[found.clock]))
    if found.clock is not None:
        percent = str(round(found.fraction * 100))
        return s.text("{clock}, {n} % of the time", clock=s.text(CLOCK_NAMES[found.clock]), n=percent)
    if found.lacking is Lacking.ANSWER:
        return s.text("no answer for {left}", left=s.span(found.after))
    return s.text("not solved for {left}", left=s.span(found.after))
