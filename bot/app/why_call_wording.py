"""The words for the calls about a ticket."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from bot.app.callback_wording import talked_for
from bot.app.speech import Speech
from bot.domain import why_notices as why
from bot.domain.hotline import Choice, End, Phase
from bot.domain.message import Part

_RUNG = {
    why.Rung.TOOK: "   {time} *{name}*: pressed 1",
    why.Rung.LOST: "   {time} *{name}*: pressed 1, then the line broke",
    why.Rung.PASSED: "   {time} *{name}*: passed it on",
    why.Rung.NO_ANSWER: "   {time} *{name}*: no answer",
    why.Rung.GONE: "   {time} *{name}*: the caller hung up while it rang",
    why.Rung.RINGS: "   {time} *{name}*: rings now",
}
_ENDS = {
    End.TALKED: "*{name}* talked to the caller for {length}, until {when}.",
    End.HUNG_UP: "The caller hung up, {when}.",
    End.MESSAGE: "The caller left no message, {when}.",
    End.DECLINED: "The caller declined the charge, {when}.",
}
_NOW = {
    Phase.TALKING: "*{name}* is talking to the caller.",
    Phase.MESSAGE: "The caller is asked for a message.",
}


def call_lines(call: why.CallStory, s: Speech, *, other: bool) -> Iterator[tuple[Part, ...]]:
    """A call to us: the line, each phone that rang, how it ended. One of ours is a line."""
    if call.by is not None:
        yield _called_back(call, s) + _zone(s, other=other)
        return
    when = s.when(call.at, starts=True)
    if call.lines == (Choice.DESK,):
        head = s.say("☎️ *Called {when}*: the desk", when=when)
    elif Choice.DESK in call.lines:
        head = s.say("☎️ *Called {when}*: the desk, then the emergency line", when=when)
    else:
        head = s.say("☎️ *Called {when}*: the emergency line", when=when)
    yield head + _zone(s, other=other)
    for phone in call.phones:
        yield s.say(_RUNG[phone.came], time=_time(phone.at, s), name=phone.name)
    yield _end(call, s)


def _zone(s: Speech, *, other: bool) -> tuple[Part, ...]:
    return s.say(" (times of {zone})", zone=s.zone.key) if other else ()


def _end(call: why.CallStory, s: Speech) -> tuple[Part, ...]:
    name = call.phones[-1].name if call.phones else ""
    if call.ended is None or call.end is None:
        return s.say(_NOW.get(call.phase, "The caller is on the line."), name=name)
    values = {
        "name": name,
        "length": talked_for(call.seconds, s),
        "when": s.when(call.ended, starts=True),
        "url": call.recording,
    }
    if call.recording:
        return s.say("The caller left a message ({length}), {when}: {url}", **values)
    if call.end is End.MESSAGE and call.seconds:
        return s.say("The caller left a message ({length}), {when}.", **values)
    return s.say(_ENDS.get(call.end, _ENDS[End.HUNG_UP]), **values)


def _called_back(call: why.CallStory, s: Speech) -> tuple[Part, ...]:
    values = {"name": call.name, "when": s.when(call.at, starts=True)}
    if not call.phones and call.ended is None:
        return s.say("☎️ *{name} asked to call back {when}*: their phone is being called", **values)
    if not call.phones:
        return s.say("☎️ *{name} asked to call back {when}*: nobody pressed 1 on their phone", **values)
    tried = "; ".join(_tried(call, n, s) for n in range(len(call.phones)))
    return s.say("☎️ *{name} called back {when}*: {tried}", tried=tried, **values)


def _tried(call: why.CallStory, n: int, s: Speech) -> str:
    phone = call.phones[n]
    if phone.came is why.Rung.TOOK:
        told = s.text("talked for {length}", length=talked_for(call.seconds, s))
    elif phone.came is why.Rung.RINGS:
        told = s.text("on the phone now")
    else:
        told = s.text("not reached")
    return s.text("{time} {what}", time=_time(phone.at, s), what=told) if n else told


def _time(at: dt.datetime, s: Speech) -> str:
    return f"{at.astimezone(s.zone):%H:%M}"
