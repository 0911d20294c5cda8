"""What a caller hears, and what whoever picks up for them hears: the script of a call as it is stored now."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.app.context import Context
from bot.app.customers import GUESTS
from bot.app.hotline_ticket import (
    contact_of,
    has_emergency_line,
    is_desk_open,
    policy_of,
    said_for_them,
    ticket_of,
)
from bot.app.page_wording import spoken_due
from bot.app.speech import Speech
from bot.domain.decision import next_due
from bot.domain.hotline import ACCEPT, LONGEST_MESSAGE, RING, TRIES, Call, Choice, Leg, Phase
from bot.domain.people import Contact
from bot.domain.script import Connect, HangUp, Hear, Record, Ring, Script, Verb
from bot.domain.ticket import Ticket

FIRST = {
    "again": "You are on the emergency line already.",
    "crowded": "Many calls are coming in right now.",
    "not_a_number": "Sorry, that number can't be called.",
    "next": "There is no answer yet.",
    "broken": "Sorry, the connection was lost.",
    "nobody": "Sorry, nobody has answered yet.",
    "no_phone": "Sorry, there is no engineer whom we could call right now.",
    "no_emergency_line": "There is no emergency service at this hour.",
    "full": "Sorry, all our lines are busy. Please write to us, or call again in a few minutes. Goodbye.",
    "screened": "Sorry, too many calls have come from this number. Please write to us, or call again later. Goodbye.",
}
"""What is said before anything else, by Call.said."""


def script_of(ctx: Context, call: Call) -> Script:
    """What the caller hears now. The same call gives the same script, however often it is asked for."""
    s = Speech(language=call.language, zone=ZoneInfo(call.zone), now=ctx.now)
    words, verb = _PHASES[call.phase](ctx, call, s)
    first = s.text(FIRST[call.said]) if call.said in FIRST else ""
    said = tuple(w for w in (first, *words) if w)
    return Script(call=call.id, turn=call.turn, language=call.language, say=said, verb=verb)


Said = tuple[tuple[str, ...], Verb]


def _menu(ctx: Context, call: Call, s: Speech) -> Said:
    urgent = has_emergency_line(ctx, call)
    keys = s.text("For the support desk, press 1.")
    emergency = s.text("In an emergency, press 2.") if urgent else ""
    if call.tries == 0:
        own = call.language == policy_of(ctx, call).language
        welcome = (ctx.directory.hotline.greeting if own else "") or s.text("This is the support line.")
        return (welcome, keys, emergency), Hear()
    last = urgent and call.tries + 1 == TRIES
    silence = s.text("If you press nothing, we take it as an emergency.") if last else ""
    return (keys, emergency, silence), Hear()


def _which(ctx: Context, call: Call, s: Speech) -> Said:
    new = s.text("For something new, press 0.")
    if len(call.offered) == 1:
        ticket = s.text(
            "You have an open ticket, {ticket}. If you are calling about it, press 1.",
            ticket=spelled(call.offered[0]),
        )
        return (ticket, new), Hear()
    listed = [
        s.text("For ticket {ticket}, press {key}.", ticket=spelled(ticket), key=str(n + 1))
        for n, ticket in enumerate(call.offered)
    ]
    return (s.text("You have open tickets."), *listed, new), Hear()


def _number(ctx: Context, call: Call, s: Speech) -> Said:
    asked = s.text("Please enter a number where we can call you back, then press the hash key.")
    hidden = "" if call.said else s.text("Your number is hidden.")
    return (hidden, asked), Hear(seconds=8, many=True)


def _charge(ctx: Context, call: Call, s: Speech) -> Said:
    opens = s.at(policy_of(ctx, call).calendar.next_open(ctx.now))
    return (
        s.text("Outside office hours a call-out is charged."),
        s.text("If you agree, press 1, and we call an engineer now."),
        s.text("To wait until the desk opens, {when}, press 2.", when=opens),
    ), Hear()


def _ringing(ctx: Context, call: Call, s: Speech) -> Said:
    leg = call.legs[-1]
    ring = Ring(number=leg.number, seconds=RING)
    if call.choice is Choice.DESK:
        return (s.text("Please stay on the line, we are calling the desk."),), ring
    if any(rung.person == leg.person for rung in call.rung[:-1]):
        return (s.text("Please stay on the line, we are trying again."),), ring
    if len(call.rung) > 1:
        return (s.text("Please stay on the line, we are calling the next engineer."),), ring
    wait = s.text("Please stay on the line, we are calling the engineer on standby.")
    return (_reference(call, s), wait), ring


def _closed(ctx: Context, call: Call, s: Speech) -> Said:
    message = s.text("To leave a message, press 1.")
    emergency = s.text("In an emergency, press 2.") if has_emergency_line(ctx, call) else ""
    if is_desk_open(ctx, call):
        return (s.text("Sorry, nobody at the desk can take your call right now."), message, emergency), Hear()
    opens = s.at(policy_of(ctx, call).calendar.next_open(ctx.now))
    return (s.text("The desk is closed. It opens {when}.", when=opens), message, emergency), Hear()


def _message(ctx: Context, call: Call, s: Speech) -> Said:
    wakes = s.text("We are going to wake everybody.") if call.choice is Choice.EMERGENCY else ""
    asked = s.text("After the tone, please say what has happened and where we can reach you.")
    hash_ = s.text("Press the hash key when you are done.")
    record = Record(seconds=LONGEST_MESSAGE, transcribe=call.language.lower().startswith("en"))
    return (wakes, asked, hash_), record


def _over(ctx: Context, call: Call, s: Speech) -> Said:
    if call.said == "declined":
        opens = s.at(policy_of(ctx, call).calendar.next_open(ctx.now))
        first = s.text("All right. An engineer will look at it when the desk opens, {when}.", when=opens)
    elif call.said in ("recorded", "no_message"):
        thanks = s.text("Thank you." if call.said == "recorded" else "We have heard no message.")
        urgent = call.choice is Choice.EMERGENCY
        next_ = "Everybody is being called now, and somebody will call you back."
        first = " ".join((thanks, s.text(next_ if urgent else "The desk will call you back."))).strip()
    else:
        first = ""
    reference = _reference(call, s) if call.ticket else ""
    bye = s.text("Goodbye.") if call.said not in FIRST else ""
    return (first, reference, bye), HangUp()


_PHASES = {
    Phase.MENU: _menu,
    Phase.WHICH: _which,
    Phase.NUMBER: _number,
    Phase.CHARGE: _charge,
    Phase.RINGING: _ringing,
    Phase.TALKING: _ringing,
    Phase.CLOSED: _closed,
    Phase.MESSAGE: _message,
    Phase.OVER: _over,
}


def _reference(call: Call, s: Speech) -> str:
    return s.text("Your reference is {ticket}.", ticket=spelled(call.ticket or ""))


def spelled(reference: str) -> str:
    """`M I T, 1 0 4 2`: a voice says each letter and digit."""
    return ", ".join(" ".join(part) for part in reference.split("-"))


# ---------------------------------------------------------------- whoever picks up
def whisper(ctx: Context, call: Call, leg: Leg, digits: str = "") -> Script:
    """Who calls, about what, how long there is; put through once 1 was pressed on this very phone."""
    s = _of_person(ctx, leg)
    if leg.accepted is not None and digits:
        return _for_leg(call, leg.turn, s, (), Connect())
    keys = s.text("Press 1 to take the call, 2 to pass it on.")
    about = () if call.tries else _about(ctx, call, s)
    return _for_leg(call, leg.turn, s, (*about, keys), Hear(seconds=ACCEPT))


def _about(ctx: Context, call: Call, s: Speech) -> tuple[str, ...]:
    ticket = ticket_of(ctx, call)
    policy = ctx.policy(ticket)
    contact = contact_of(ctx, call)
    line = "Emergency line." if call.choice is Choice.EMERGENCY else "Support desk."
    words = " ".join((ticket.said or ticket.text).split())
    words = "" if words in said_for_them(policy, ctx.now) else words[:160].rstrip(" .!?") + "."
    return (
        s.text(line),
        _who_waits(contact, ticket, s),
        s.text(
            "{ticket}, {severity}.",
            ticket=spelled(ticket.id),
            severity=policy.severity(ticket.severity).label,
        ),
        words,
        spoken_due(next_due(ticket, policy, ctx.now), s),
    )


def _who_waits(contact: Contact, ticket: Ticket, s: Speech) -> str:
    if not contact.name:
        return s.text("An unknown caller is waiting.")
    if contact.organisation == GUESTS:
        return s.text("{name}, unknown to us, is waiting.", name=contact.name)
    return s.text(
        "{name}, {organisation}, is waiting.", name=contact.name, organisation=ticket.organisation_name
    )


def whisper_over(ctx: Context, call: Call, turn: int) -> Script:
    """There is nothing to take any more."""
    leg = next((leg for leg in call.legs if leg.turn == turn), None)
    s = _of_person(ctx, leg)
    if call.ended is not None:
        ticket = spelled(call.ticket or "")
        words = s.text("The caller has hung up. Please call them back, about {ticket}.", ticket=ticket)
    elif leg is not None and leg is call.legs[-1]:
        words = s.text("All right.")
    else:
        words = s.text("Somebody else is being called already.")
    return _for_leg(call, turn, s, (words, s.text("Goodbye.")), HangUp())


def _of_person(ctx: Context, leg: Leg | None) -> Speech:
    person = ctx.directory.listed(leg.person) if leg else None
    zone = person.zone if person else ZoneInfo("UTC")
    return Speech(language=ctx.language_of(person), zone=zone, now=ctx.now)


def _for_leg(call: Call, turn: int, s: Speech, say: tuple[str, ...], verb: Verb) -> Script:
    said = tuple(w for w in say if w)
    return Script(call=call.id, turn=turn, language=s.language, say=said, verb=verb, leg=True)
