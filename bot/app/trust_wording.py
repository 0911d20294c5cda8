"""The words of test pages, gaps, hand-overs and reports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from bot.app.phrases import choice
from bot.app.rota_wording import stamp, stretch, swap_line
from bot.app.speech import Speech
from bot.domain import notices as no
from bot.domain.grammar import NO_TICKET
from bot.domain.ids import PersonId
from bot.domain.message import Message, Part, Tone
from bot.domain.trust_notices import (
    Doubt,
    FailedWay,
    GapsAhead,
    HardToReach,
    MissedWay,
    OpenWork,
    PagedBefore,
    ShiftBegan,
    ShiftSummary,
    SwapUntaken,
    SwapWanted,
    TestAnswered,
    TestBegun,
    TestOver,
    TestPage,
)
from escalation.instants import Span

NameOf = Callable[[PersonId], str]
MOST_GAPS = 3


# ---------------------------------------------------------------- test pages
def _test_page(n: TestPage, s: Speech, name_of: NameOf) -> Message:
    if n.shift is not None:
        parts = s.say(
            "📟 *Test page* before your shift. It begins {when}.", when=s.when(n.shift, starts=True)
        )
    elif n.by:
        parts = s.say("📟 *Test page*, asked for by {name}.", name=n.by)
    else:
        parts = s.say("📟 *Test page*.")
    template = " Reply OK {code} here or press the button." if n.taps else " Reply OK {code} here."
    parts += s.say(template, code=n.code)
    button = choice("drill", NO_TICKET, s.text("It works here"), f"{n.drill}:{n.way}", Tone.MAIN)
    return Message(
        parts=parts,
        choices=(button,) if n.taps else (),
        template="page",
        spoken=s.text("This is a test page. Nothing is wrong."),
        keys=(("1", s.text("Press 1 to confirm.")),),
    )


def _test_begun(n: TestBegun, s: Speech, name_of: NameOf) -> Message:
    values = {"ways": ", ".join(n.ways), "name": n.name, "when": s.when(n.until)}
    if n.name:
        return Message(
            parts=s.say(
                "{name} is being tried by {ways}. You hear what came of it {when} at the latest.", **values
            )
        )
    template = "A test page goes to you by {ways}. Answer each of them; it ends {when}."
    return Message(parts=s.say(template, ways=values["ways"], when=values["when"]))


def _test_answered(n: TestAnswered, s: Speech, name_of: NameOf) -> Message:
    parts = s.say("✅ {way} works.", way=n.way)
    if n.clean:
        parts += s.say(" So do all your ways: you can be paged.")
    elif n.left:
        parts += s.say(" Still to be answered: {ways}.", ways=", ".join(n.left))
    return Message(parts=parts)


def _test_over(n: TestOver, s: Speech, name_of: NameOf) -> Message:
    if not n.ways:
        return Message(
            parts=s.say(
                "⚠️ *{name}* can't be paged at all and goes on call {when}. Add a phone or a chat to people, or put "
                "somebody else on.",
                name=n.name,
                when=s.when(n.shift.start, starts=True) if n.shift else "",
            )
        )
    if not n.missed:
        ways = ", ".join(n.ways)
        return Message(parts=s.say("✅ *{name}* answered the test page by {ways}.", name=n.name, ways=ways))
    ways = ", ".join(_missed(m, s) for m in n.missed)
    if n.yours:
        parts = s.say("⚠️ You did not answer the test page by {ways}.", ways=ways)
    else:
        parts = s.say("⚠️ *{name}* did not answer the test page by {ways}.", name=n.name, ways=ways)
    if n.shift is None or n.shift.start <= s.now:
        return (
            Message(parts=parts + s.say(" Try again with *page test*.")) if n.yours else Message(parts=parts)
        )
    parts += s.say(
        " The shift on {schedule} begins {when}.",
        schedule=n.schedule,
        when=s.when(n.shift.start, starts=True),
    )
    button = choice("drillswap", NO_TICKET, s.text("Ask for a swap"), n.drill)
    return Message(parts=parts, choices=(button,))


def _missed(m: MissedWay, s: Speech) -> str:
    return s.text("{way} ({error})", way=m.way, error=m.error) if m.error else m.way


# ---------------------------------------------------------------- who is on call
def _gaps(n: GapsAhead, s: Speech, name_of: NameOf) -> Message:
    parts = s.say("⚠️ *{schedule}*: nobody is on call", schedule=n.schedule)
    for gap in n.gaps[:MOST_GAPS]:
        parts += s.say("\n• ") + _gap(gap, n.until, s)
    more = len(n.gaps) - MOST_GAPS
    if more > 0:
        parts += (*s.say("\n"), Part(text=s.plural("and {n} more gap", "and {n} more gaps", more)))
    return Message(parts=parts + s.say("\nFill the first: *{words}*", words=_filling(n, s)))


def _gap(gap: Span, horizon: dt.datetime, s: Speech) -> tuple[Part, ...]:
    """One that runs begins now; one that reaches as far as was looked may have no end."""
    if gap.start <= s.now and gap.end >= horizon:
        return s.say("now and for at least 30 days")
    if gap.end >= horizon:
        return s.say("from {start} on, for as far as can be seen", start=stamp(gap.start, s, starts=True))
    if gap.start <= s.now:
        return s.say("now, until {end}", end=stamp(gap.end, s))
    return (Part(text=stretch(gap.start, gap.end, s)),)


def _filling(n: GapsAhead, s: Speech) -> str:
    """What to type, in the zone of whoever reads it; no word of it is translated."""
    start, end = (f"{at.astimezone(s.zone):%Y-%m-%d %H:%M}" for at in n.gaps[0])
    return f"override {n.schedule} {n.person} {start} to {end}"


def _shift_began(n: ShiftBegan, s: Speech, name_of: NameOf) -> Message:
    template = "📟 *{schedule}*: {names} on call." if n.now else "⚠️ *{schedule}*: nobody is on call."
    if n.until is not None:
        template = (
            "📟 *{schedule}*: {names} on call until {until}."
            if n.now
            else "⚠️ *{schedule}*: nobody is on call until {until}."
        )
    until = stamp(n.until, s) if n.until else ""
    parts = s.say(template, schedule=n.schedule, names=", ".join(n.now), until=until)
    if n.before:
        parts += s.say(" Before: {names}.", names=", ".join(n.before))
    return Message(parts=parts)


def _summary(n: ShiftSummary, s: Speech, name_of: NameOf) -> Message:
    template = (
        "📟 You are on call until {until} (*{schedule}*)."
        if n.until
        else "📟 You are on call (*{schedule}*)."
    )
    parts = s.say(template, schedule=n.schedule, until=stamp(n.until, s) if n.until else "")
    if not n.work:
        parts += s.say(" Nothing is open.")
    for work in n.work:
        parts += s.say("\n• ") + _work(work, s)
    if n.more:
        more = s.plural("\nand {n} more ticket: write status", "\nand {n} more tickets: write status", n.more)
        parts += (Part(text=more),)
    if n.paged:
        parts += s.say("\nPaged in the last shift:")
        for page in n.paged:
            parts += s.say("\n• ") + _paged(page, s)
    return Message(parts=parts)


_WAITS = {"us": ", the customer waits for us", "them": ", we wait for the customer", "": ""}


def _work(work: OpenWork, s: Speech) -> tuple[Part, ...]:
    parts = s.say(
        "*{ticket}* {severity}, {organisation}: {person}",
        ticket=work.ticket,
        severity=work.severity,
        organisation=work.organisation,
        person=work.holder or s.text("nobody yet"),
    )
    if work.due is not None and work.due > s.now:
        parts += s.say(", {left} left", left=s.span(work.due - s.now))
    elif work.due is not None:
        parts += s.say(", {left} overdue", left=s.span(s.now - work.due))
    parts += s.say(_WAITS[work.waits])
    return parts + (s.say(", being paged now") if work.paging else ())


def _paged(page: PagedBefore, s: Speech) -> tuple[Part, ...]:
    when = s.when(page.at)
    if page.after is None:
        return s.say("{ticket}, {when}: nobody acknowledged it", ticket=page.ticket, when=when)
    return s.say(
        "{ticket}, {when}: {person} after {left}",
        ticket=page.ticket,
        when=when,
        person=page.name,
        left=s.span(page.after),
    )


def _swap_wanted(n: SwapWanted, s: Speech, name_of: NameOf) -> Message:
    template = (
        "🔁 *{by}* asks the desk who takes your shift, {stretch} ({schedule}). Until somebody does, you stay on call. "
        "Take it back: *swap cancel {id}*"
        if n.by
        else "Asked: who takes {stretch} of {name} ({schedule})? Until somebody does, {name} stays on call. "
        "Take it back: *swap cancel {id}*"
    )
    values = {"by": n.by, "name": n.swap.asker, "schedule": n.swap.schedule, "id": str(n.swap.id)}
    return Message(parts=s.say(template, stretch=stretch(n.swap.start, n.swap.end, s), **values))


def _swap_untaken(n: SwapUntaken, s: Speech, name_of: NameOf) -> Message:
    values = {
        "name": n.swap.asker,
        "schedule": n.swap.schedule,
        "stretch": stretch(n.swap.start, n.swap.end, s),
    }
    if not n.over:
        parts = s.say("🔁 Still open. ") + swap_line(n.swap, s)
        button = choice("swap", NO_TICKET, s.text("I take it"), f"{n.swap.id} yes", Tone.MAIN)
        return Message(parts=parts, choices=() if n.swap.asked_of else (button,))
    if n.yours:
        return Message(
            parts=s.say("🔁 Nobody took {stretch} ({schedule}): you stay on call.", **_but_name(values))
        )
    return Message(parts=s.say("🔁 Nobody took {stretch} ({schedule}): {name} stays on call.", **values))


def _but_name(values: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in values.items() if key != "name"}


# ---------------------------------------------------------------- who can be reached
def _hard_to_reach(n: HardToReach, s: Speech, name_of: NameOf) -> Message:
    parts = s.say("⚠️ *{team}*: a page might not reach", team=n.team)
    for doubt in n.doubts:
        reasons = "; ".join(_doubts(doubt, s))
        parts += s.say("\n• *{name}*: {reasons}", name=doubt.name, reasons=reasons)
    return Message(parts=parts + s.say("\nTry somebody's ways with *page test {id}*.", id=n.doubts[0].id))


def _doubts(doubt: Doubt, s: Speech) -> list[str]:
    reasons = [] if doubt.ways else [s.text("no way at all")]
    if doubt.alone:
        reasons.append(s.text("one way only, {way}", way=doubt.ways[0]))
    reasons += [_failed(failed, s) for failed in doubt.failed]
    if doubt.unanswered:
        reasons.append(s.text("a test page was not answered by {ways}", ways=", ".join(doubt.unanswered)))
    if doubt.untested:
        reasons.append(s.text("not tested for 30 days"))
    return reasons


def _failed(failed: FailedWay, s: Speech) -> str:
    times = s.plural("failed {n} time", "failed {n} times", failed.times)
    return s.text("{way} {times} this week ({error})", way=failed.way, times=times, error=failed.error)


TRUST_WORDS: dict[type[no.Notice], Callable[[Any, Speech, NameOf], Message]] = {
    TestPage: _test_page,
    TestBegun: _test_begun,
    TestAnswered: _test_answered,
    TestOver: _test_over,
    GapsAhead: _gaps,
    ShiftBegan: _shift_began,
    ShiftSummary: _summary,
    SwapWanted: _swap_wanted,
    SwapUntaken: _swap_untaken,
    HardToReach: _hard_to_reach,
}
