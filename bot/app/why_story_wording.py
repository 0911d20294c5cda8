"""The words for what became of a ticket's pages, and why nobody was paged."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

from bot.app.arithmetic import arithmetic
from bot.app.chain_wording import MEANS, means, target, targets
from bot.app.failover import AROUND
from bot.app.page_wording import why_failed
from bot.app.speech import Speech
from bot.app.why_call_wording import call_lines
from bot.app.why_verdict_wording import rule_line, zoned
from bot.domain import why_notices as why
from bot.domain.ids import PersonId
from bot.domain.message import Message, Part

NameOf = Callable[[PersonId], str]

FATES = {
    why.Fate.TO_COME: "{time} {method}: to come",
    why.Fate.SENDING: "{time} {method}: on its way",
    why.Fate.ACCEPTED: "{time} {method}: accepted",
    why.Fate.DELIVERED: "{time} {method}: delivered",
    why.Fate.FAILED: "{time} {method}: ⚠️ failed ({error})",
    why.Fate.HELD: "{time} {method}: held back for the next bundle",
    why.Fate.CANCELLED: "{time} {method}: not sent, no longer needed",
    why.Fate.WAITS: "{time} {method}: waits, the caller is on the line",
    why.Fate.ON_THE_LINE: "{time} {method}: not sent, the caller was on the line",
}
_REASONS = {
    "severity": "the ticket's severity changed",
    "the severity was raised": "the severity was raised, and a new page began",
    "it begins anew": "it began anew",
    "declined": "the customer declined the call-out",
    "resolved": "resolved",
    "closed": "closed",
    "merged": "merged into another ticket",
    "waiting": "waiting for the customer",
}
_NEVER = {
    why.Unpaged.ASKED: "The customer is still asked how urgent it is, until {when}.",
    why.Unpaged.CHARGE_ASKED: "The customer is asked about the call-out charge first, until {when}.",
    why.Unpaged.DECLINED: "The customer declined the call-out.",
    why.Unpaged.HAD_IT: "{name} had it before a page could begin.",
    why.Unpaged.OVER: "It was over before a page could begin.",
    why.Unpaged.POLICY: "The policy pages nobody for {severity} at that hour ({hours}).",
}
_YOU = {
    why.You.TO_COME: "You have not been paged yet: your turn is step {n}.",
    why.You.LATER: "You were not paged: your turn would have been step {n}.",
    why.You.NO_WAY: "You were not paged: you have no way to be reached that can carry a page.",
    why.You.NOT_YOU: "You were not paged: no step of the chain meant you then.",
    why.You.RANG: "No page went to you, but your phone rang for the caller, {when}.",
}
_UNMADE = (why.Fate.TO_COME, why.Fate.CANCELLED, why.Fate.ON_THE_LINE)
_LONGEST = 80


def why_ticket(n: why.WhyTicket, s: Speech, name_of: NameOf) -> Message:
    """Why it is due when it is, then each call and each page, in the zone whose hours count."""
    zone = ZoneInfo(n.zone)
    parts: tuple[Part, ...] = ()
    if n.clocks:
        parts += s.say("Why *{ticket}* is due when it is:", ticket=n.ticket)
        for clock in n.clocks:
            parts += s.say("\n") + arithmetic(clock, zone, s)
    else:
        parts += s.say("Nothing runs towards a time on {ticket}.", ticket=n.ticket)
    there = zoned(s, n.zone)
    for told in _in_order(n, there, name_of, other=zone != s.zone):
        parts += s.say("\n\n") + told
    if n.never is not None:
        parts += s.say("\n\n") + _never(n.never, there)
    if n.you is not None:
        parts += s.say("\n") + s.say(_YOU[n.you], n=str(n.your_step), when=_started(n.your_phone, there))
    return Message(parts=parts)


def _started(at: dt.datetime | None, s: Speech) -> str:
    return s.when(at, starts=True) if at is not None else ""


def _in_order(n: why.WhyTicket, s: Speech, name_of: NameOf, *, other: bool) -> Iterator[tuple[Part, ...]]:
    """The calls and the pages, in order of time; a page that a call began comes behind it."""
    calls, pages = list(n.calls), list(n.pages)
    while calls or pages:
        if not pages or (calls and calls[0].at <= pages[0].started):
            lines = list(call_lines(calls.pop(0), s, other=other))
            yield _joined(lines, s)
        else:
            yield _page(pages.pop(0), s, name_of, other=other)


def _joined(lines: list[tuple[Part, ...]], s: Speech) -> tuple[Part, ...]:
    parts = lines[0]
    for line in lines[1:]:
        parts += s.say("\n") + line
    return parts


def _page(page: why.PageStory, s: Speech, name_of: NameOf, *, other: bool) -> tuple[Part, ...]:
    head = "📟 *Paged {when}*: {severity}, chain {chain}"
    parts = s.say(head, when=s.when(page.started, starts=True), severity=page.severity, chain=page.chain)
    parts += s.say(" (times of {zone})", zone=s.zone.key) if other else ()
    for step in page.steps:
        for line in _step(step, s, name_of):
            parts += s.say("\n") + line
    return parts + s.say("\n") + _end(page, s)


def _step(step: why.StepStory, s: Speech, name_of: NameOf) -> Iterator[tuple[Part, ...]]:
    time, n = s.when(step.at, starts=True), str(step.step)
    head = s.text("Step {n}", n=n)
    if step.round > 1:
        head = s.text("Step {n}, round {round}", n=n, round=str(step.round))
    if step.last_resort:
        yield s.say("*Everyone*, {time}", time=time)
    elif not step.people:
        yield s.say("*{step}*, {time}: skipped. {why}", step=head, time=time, why=_skipped(step, s, name_of))
    else:
        meant = targets(step.targets, s, name_of)
        yield s.say("*{step}*, {time}, {targets}", step=head, time=time, targets=meant)
    for name, tried in _by_name(step.tried, step.people, s):
        if tried:
            yield s.say("   *{name}* {tried}", name=name, tried=tried)
        else:
            yield s.say("   *{name}*: nothing was sent", name=name)
    for called in step.called_in:
        at = f"{called.at.astimezone(s.zone):%H:%M}"
        for name, tried in _by_name(called.tried, called.people, s):
            values = {"name": name, "by": called.by, "time": at, "tried": tried or s.text("nothing was sent")}
            if called.by:
                yield s.say("   *{name}*, called in by {by} at {time}: {tried}", **values)
            else:
                yield s.say("   *{name}*, called in at {time}: {tried}", **values)


def _by_name(several: tuple[why.Tried, ...], people: tuple[str, ...], s: Speech) -> Iterator[tuple[str, str]]:
    """Each of them, with what was tried in words; empty where nothing was."""
    for name in dict.fromkeys((*(tried.name for tried in several), *people)):
        yield name, "; ".join(_all_tried([tried for tried in several if tried.name == name], s))


def _all_tried(several: list[why.Tried], s: Speech) -> Iterator[str]:
    """Each attempt; of those by one method that were not made, only how many."""
    unmade = Counter((t.method, t.fate) for t in several if t.fate in _UNMADE and not t.error)
    told: set[tuple[str, why.Fate]] = set()
    for tried in several:
        key = tried.method, tried.fate
        if tried.error or unmade[key] < 2:
            yield _tried(tried, s)
        elif key not in told:
            told.add(key)
            yield _unmade(tried, unmade[key], s)


def _unmade(first: why.Tried, n: int, s: Speech) -> str:
    if first.fate is why.Fate.CANCELLED:
        return s.text("{n} × {method}: not sent, no longer needed", n=str(n), method=means(first.method, s))
    if first.fate is why.Fate.ON_THE_LINE:
        return s.text(
            "{n} × {method}: not sent, the caller was on the line", n=str(n), method=means(first.method, s)
        )
    at = f"{first.at.astimezone(s.zone):%H:%M}"
    return s.text(
        "{time} {method}: to come, then {n} more", time=at, method=means(first.method, s), n=str(n - 1)
    )


def _skipped(step: why.StepStory, s: Speech, name_of: NameOf) -> str:
    return " ".join(_empty(one, s, name_of) for one in step.empty) or s.text("Nobody could be reached.")


def _empty(empty: why.EmptyTarget, s: Speech, name_of: NameOf) -> str:
    """Whom a target means, where that is not the name itself."""
    names, meant = ", ".join(empty.people), target(empty.target, s, name_of)
    if not names:
        return s.text("Nobody was on ({target}).", target=meant)
    if names == meant:
        return s.text("{names} can't be reached.", names=names)
    return s.text("{names} can't be reached ({target}).", names=names, target=meant)


def _tried(tried: why.Tried, s: Speech) -> str:
    at = f"{tried.at.astimezone(s.zone):%H:%M}"
    method, error = means(tried.method, s), _error(tried, s)
    if tried.fate is why.Fate.TO_COME and error:
        told = s.text("{time} {method}: is tried again ({error})", time=at, method=method, error=error)
    else:
        told = s.text(FATES[tried.fate], time=at, method=method, error=error or s.text("no reason given"))
    return s.text("{what}, perhaps twice", what=told) if tried.again else told


def _error(tried: why.Tried, s: Speech) -> str:
    """Of a call in words; of the rest what the vendor said, cut."""
    error = tried.error.removeprefix(AROUND)
    called = why_failed(error, s) if tried.method in MEANS else ""
    return called or (error if len(error) <= _LONGEST else error[: _LONGEST - 1] + "…")


def _end(page: why.PageStory, s: Speech) -> tuple[Part, ...]:
    when = s.when(page.ended, starts=True) if page.ended else ""
    if page.acknowledged_by and page.ended:
        after = s.span(page.ended - page.started)
        values = {"name": page.acknowledged_by, "when": when, "left": after, "via": means(page.via, s)}
        if page.via:
            return s.say("✅ *{name}* acknowledged {when} by {via}, after {left}.", **values)
        return s.say("✅ *{name}* acknowledged {when}, after {left}.", **values)
    if page.ended:
        reason = s.text(_REASONS.get(page.reason, "nobody is needed any more"))
        return s.say("Paging stopped {when}: {reason}.", when=when, reason=reason)
    return _coming(page.coming, s)


def _coming(coming: why.Coming | None, s: Speech) -> tuple[Part, ...]:
    if coming is None:
        return s.say("Nobody has acknowledged it yet.")
    values = {
        "when": s.when(coming.at, starts=True),
        "n": str(coming.step),
        "people": ", ".join(coming.people) or s.text("nobody can be reached"),
    }
    if coming.step:
        return s.say("Nobody has acknowledged it yet. Next, {when}: step {n}, {people}.", **values)
    return s.say("Nobody has acknowledged it yet. Next, {when}: everyone, {people}.", **values)


def _never(never: why.Never, s: Speech) -> tuple[Part, ...]:
    values = {
        "when": s.when(never.until) if never.until else "",
        "name": never.name,
        "severity": never.severity,
        "hours": s.text(_HOURS[never.verdict.hours]),
    }
    parts = s.say("*Nobody was paged.* ") + s.say(_NEVER[never.why], **values)
    if never.why is why.Unpaged.POLICY:
        parts += s.say("\n") + rule_line(never.verdict, s)
        if never.verdict.queued is not None:
            when = s.when(never.verdict.queued, starts=True)
            parts += s.say("\nIt waits for the desk to open, *{when}*; then it pages.", when=when)
    if never.why is why.Unpaged.DECLINED and never.until is not None:
        parts += s.say(" They wait until the desk opens, {when}.", when=s.when(never.until, starts=True))
    return parts


_HOURS = {
    "office hours": "office hours",
    "limited hours": "limited hours",
    "after hours": "after hours",
    "holiday": "a holiday",
}
