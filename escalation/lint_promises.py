"""Findings about promises: targets that are longer than a week or shorter than they can be, `counts` in vain."""

import datetime as dt
from collections.abc import Iterator

from escalation.calendar import EmptyCalendar
from escalation.finding import Finding, Served, Subject
from escalation.targets import AsNeeded, Counts, Duration, Negotiated, Range, Target, brief, promise
from escalation.week import length

_WEEK = dt.timedelta(days=7)


def nothing_promised(subject: Subject) -> Iterator[Finding]:
    """Find severities that have no target anywhere."""
    kept = {served.rank for served in subject.served if any(served.targets())}
    for rank, severity in enumerate(subject.policy.severities):
        if rank not in kept:
            message = f'"{severity.id}" has no target at all; write as needed for no clock'
            yield Finding(key=f"severity[{rank}]", message=message)


def longer_than_a_week(subject: Subject) -> Iterator[Finding]:
    """Find targets that, begun as a week opens, are due later than a week after."""
    if subject.opening is None:
        return
    told: set[str] = set()
    for served in subject.served:
        for key, target in served.targets():
            due = _due(subject, served, target, subject.opening)
            if due is not None and key not in told and _later_than_a_week(subject, due):
                told.add(key)
                yield Finding(key=key, message=_long(subject, target, due))


def _later_than_a_week(subject: Subject, due: dt.datetime) -> bool:
    """Tell by the wall and by the hours: a change of the clock makes no difference."""
    assert subject.opening is not None
    zone = subject.policy.zone
    begun, ends = (at.astimezone(zone).replace(tzinfo=None) for at in (subject.opening, due))
    return ends > begun + _WEEK and due > subject.opening + _WEEK


def _long(subject: Subject, target: Target, due: dt.datetime) -> str:
    assert subject.opening is not None
    zone = subject.policy.zone
    begun, ends = subject.opening.astimezone(zone), due.astimezone(zone)
    days = (ends.date() - begun.date()).days
    hours = brief(sum((length(day) for day in subject.usual.week), dt.timedelta()))
    return (
        f'"{target.text}": longer than the week it starts in (it has {hours}): '
        f"begun {begun:%A %H:%M}, due {days} days later, {ends:%A %H:%M}"
    )


def resolved_before_answered(subject: Subject) -> Iterator[Finding]:
    """Find resolutions that are due before the response."""
    told: set[str] = set()
    for served in subject.served:
        respond, resolve = served.severity.respond, served.severity.resolve
        key = served.keys["resolve"]
        if respond is None or resolve is None or subject.start is None or key in told:
            continue
        first, last = (_due(subject, served, target, subject.start) for target in (respond, resolve))
        if first is not None and last is not None and last < first:
            told.add(key)
            message = (
                f'"{resolve.text}" is due before the response ("{respond.text}", {served.keys["respond"]})'
            )
            yield Finding(key=key, message=message)


def _due(subject: Subject, served: Served, target: Target, start: dt.datetime) -> dt.datetime | None:
    calendar = subject.policy.calendar_of(served.severity.id)
    try:
        return promise(target, served.severity.counts, calendar, start).due
    except EmptyCalendar:
        return None


def counts_in_vain(subject: Subject) -> Iterator[Finding]:
    """Find a `counts` that is written and says nothing of any target."""
    used = {
        served.keys["counts"]
        for served in subject.served
        if any(_agrees(target, served.severity.counts) for _, target in served.targets())
    }
    told: set[str] = set()
    for served in subject.served:
        key, counts = served.keys["counts"], served.severity.counts
        unwritten = key.startswith("severity") and counts is Counts.ALWAYS
        if not unwritten and key not in used and key not in told:
            told.add(key)
            yield Finding(
                key=key, message=f'"{counts}" changes nothing: no target here is a number of minutes or hours'
            )


def _agrees(target: Target, counts: Counts) -> bool:
    """Tell whether `counts` says which time of the target counts, or what is true of it anyway: office hours."""
    if isinstance(target, Range):
        return _agrees(target.aim, counts) or _agrees(target.promise, counts)
    if isinstance(target, Duration) and not target.business:
        return True
    return counts is Counts.OFFICE_HOURS and not isinstance(target, AsNeeded | Negotiated)


def milestones(subject: Subject) -> Iterator[Finding]:
    """Find milestones that leave the promise itself out."""
    listed = subject.policy.milestones
    if 100 not in listed:
        has = f"{', '.join(map(str, listed))}, but not 100" if listed else "none, not even 100"
        yield Finding(key="milestones", message=f"{has}: the promise itself is no milestone")
