"""The words that engineers read: lines in the thread, pages, answers to commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.app.arithmetic import CLOCK_NAMES
from bot.app.board_wording import BOARD_WORDS
from bot.app.calendar_wording import CALENDAR_WORDS
from bot.app.callback_wording import (
    CALLBACK_LINES,
    CALLBACK_TOLD,
    CALLBACK_WORDS,
    callback_button,
    talked_button,
    talked_for,
)
from bot.app.chain_wording import means, targets, trigger, with_means
from bot.app.fallback_lines import FALLBACK_LINES
from bot.app.hotline_lines import HOTLINE_LINES
from bot.app.page_wording import PAGE_WORDS, why_failed
from bot.app.phrases import in_time
from bot.app.rota_wording import ROTA_WORDS
from bot.app.speech import Speech, Value
from bot.app.trust_wording import TRUST_WORDS
from bot.app.why_wording import WHY_WORDS
from bot.domain import notices as no
from bot.domain.ids import PersonId
from bot.domain.message import Message, Part, Style
from bot.domain.status import Status
from escalation.sla import ClockKind

NameOf = Callable[[PersonId], str]

LINES: dict[str, str] = {
    "severity_confirmed": "The customer says *{severity}*. Answer {by}.",
    "severity_stands": "No word from the customer: *{severity}* stands. Answer {by}.",
    "severity_changed": "{name} set the severity to *{severity}*. Answer {by}.",
    "wait_over": "The customer answered: the wait is over.",
    "contact_named": "The customer is *{name}*, {text} (as they say).",
    "acknowledged": "✅ *{name}* has it ({text}).",
    "taken": "✅ *{name}* took it.",
    "ack_lapsed": "⏰ Acknowledged, and the customer has heard nothing: paging again. Answer {by}.",
    "info_asked": "⏸ *{name}* asked the customer: {text}",
    "resolved": "✅ *{name}* resolved it. {text}",
    "desk_failed": "⚠️ A message of {name} on {text} could not be posted at the desk. Look after it, please.",
    "reopened": "Reopened by {name}.",
    "closed": "{name} closed it.",
    "category_confirmed": "The customer says it is about: *{text}*. Due {by}.",
    "category_stands": "No word from the customer: it is taken as *{text}*. Due {by}.",
    "category_unknown": "No word from the customer about what it is. Due {by}.",
    "category_changed": "{name} set the category to *{text}*. Due {by}.",
    "breached": "🔴 {clock}: the time ran out ({when}).",
    "milestone": "⏳ {clock}: {name} % of the time is used up. Due {by}.",
    "aim_passed": "🟡 {clock}: the aim has passed. Promised {by}.",
    "escalated": "⬆️ {trigger}: this needs you now.",
    "escalated_tier": "⬆️ {trigger}: this is with tier {name} now.",
    "call_offered": "☎️ {trigger}: the customer is offered a call.",
    "call_wanted": "☎️ The customer wants to be called.",
    "call_declined": "The customer does not want a call.",
    "consent_asked": "💶 The call-out is charged: the customer is asked.",
    "consent_agreed": "💶 The customer agrees to the call-out charge.",
    "consent_declined": "💶 The customer declines the call-out and waits until {when}.",
    "consent_silent": "💶 No answer about the call-out charge: paging all the same. Settle it with the customer.",
    "desk_opened": "🟠 The desk is open, and this customer has waited for it. Answer {by}.",
    "urgent": "🟠 The customer says that it is urgent.",
    "plan_given": "📋 *{name}* gave the customer a plan: {text}",
    "time_proposed": "🗓 *{name}* proposed to have it done {by}.",
    "time_agreed": "🗓 The customer agrees: done {by}.",
    "time_declined": "🗓 The customer does not agree to {when}.",
    "excluded": "🚫 *{name}*: not covered by the support ({text}).",
    "excluded_clock": "🚫 *{name}*: not covered by the support ({text}). The time for the solution stands still.",
    "covered_again": "*{name}*: covered after all.",
    "sounds_excluded": "This sounds like something that the support does not cover: *{text}*.",
    "out_of_support": "The customer runs version {text}, which is out of support.",
    "service_asked": "A request for *{text}*: {served}.",
    "contact_missing": "Of this contact we have no {fields}; they are asked for it.",
    "merged_into": "{name} merged it: it goes on as *{text}*.",
    "merged_from": "*{name}* goes on here: {text}",
    "rated": "⭐ The customer gives it {text} of 5.",
    "handed_over": "🤝 *{name}* hands it to *{text}*, who is being paged.",
    "escalated_on": "⬆️ *{name}* passes it on up the chain.",
    "snoozed": "💤 *{name}* snoozed it: paged again {when} unless the customer was written to.",
    "joined": "✅ *{name}* joins.",
    "page_placed": "📟 Step {text} pages {when}, unless somebody has it before.",
    "page_given_up": "📟 Nobody answered the page that {name} asked for.",
    "page_called_in": "📟 *{name}* calls in {people}.",
    "page_held": "📟 {name} has been paged a lot this hour: this one waits for the others and goes out with them {when}.",
    "page_delayed": "⚠️ {text} to {name} is not getting through; it is tried again, and another way now.",
    "paging": "📟 Step {text}: paging {people}.",
    "page_skipped": "⚠️ Step {text} of the chain has nobody who can be reached. Going on.",  # rows of before
    "page_skipped_nobody": "⚠️ Step {text}, {targets}: nobody is on call. Going on.",
    "page_skipped_gone": "⚠️ Step {text}, {targets}: nobody to page. Going on.",
    "page_skipped_unable": "⚠️ Step {text}: there is no way to reach {people}. Going on.",
    "page_everyone": "🔴 The chain is spent and nobody has it. Paging everyone: {people}.",
    "page_everyone_called": "🔴 Nobody took the call. Paging everyone: {people}.",
    "page_everyone_lapsed": "🔴 The chain is spent. {name} has it, and the customer still has no answer. "
    "Paging everyone: {people}.",
    "page_everyone_handed": "🔴 The chain is spent. {name} has it, and nobody else has acknowledged. "
    "Paging everyone: {people}.",
    "page_nobody": "🔴 Nobody at all can be paged for this ticket. Somebody take it, please.",
    "page_failed": "⚠️ {text} to {name} failed.",
    "page_failed_why": "⚠️ {text} to {name}: {why}.",
    "page_unneeded": "Paging stopped: {reason}.",
    "no_chain": "⚠️ {severity} pages, but the team has no chain for it: everyone is called.",
    "not_delivered": "⚠️ Not delivered to the customer ({text}). Reach them another way.",
    "only_by_phone": "☎️ Not sent: this customer can only be called. Tell them on the phone, please.",
    "files_not_relayed": "⚠️ Files from {name} stay here; the customer got the words only.",
    "put_aside": "⚠️ A message could not be handled and was put aside: {text}",
    **FALLBACK_LINES,
    **CALLBACK_LINES,
    **HOTLINE_LINES,
}

TOLD: dict[str, str] = {
    "not_engineer": "You are not listed as an engineer of this team, so that was not done and nothing went to the customer.",
    "unknown_ticket": "There is no ticket {ticket} here.",
    "has_it": "{name} has {ticket} already.",
    "you_joined": "You help with *{ticket}*; {name} has it.",
    "you_have_all": "You have {text}.",
    "call_over": "That call is over. Nothing was changed.",
    "stale": "{ticket} has moved on since; nothing was changed.",
    "page_help": "Write *page MIT-1042 grace* to page somebody for a ticket, or *page test grace* to try their ways out.",
    "done_paged": "Done: {ticket} is being paged.",
    "done_paged_one": "Done: {text} is paged for {ticket}.",
    "done_paged_several": "Done: {text} are paged for {ticket}.",
    "done_escalated": "Done: {ticket} goes on to the next.",
    "pick_person": "Who is to have {ticket}? In words: *{text}*.",
    "done_handed_over": "Done: {name} is paged for {ticket}. It is yours until they acknowledge.",
    "done_snoozed": "Done: you have {ticket}, and are paged again {when} unless the customer was written to.",
    "you_have_it": "You have *{ticket}*.",
    "done_resolved": "Done: {ticket} is resolved.",
    "done_reopened": "Done: {ticket} is open again.",
    "done_closed": "Done: {ticket} is closed.",
    "done_noted": "Done: {ticket} has your note.",
    "done_asked": "Done: {ticket} waits for the customer.",
    "done_severity": "Done: {ticket} is *{text}*.",
    "done_category": "Done: {ticket} is about *{text}*.",
    "done_planned": "Done: {ticket} has a plan, and the customer knows it.",
    "done_excluded": "Done: {ticket} is not covered ({text}), and the customer knows it.",
    "done_covered": "Done: {ticket} is covered again.",
    "done_merged": "Done: {ticket} goes on as *{text}*.",
    "illegal": "{text}.",
    "not_understood": "I don't know *{text}*. {name}",
    "help": "*new* words · *ack* · *take* · *severity* REF high · *category* REF word · *need* REF text · *plan* REF text · *due* REF friday 16:00 · "
    "*exclude* REF · *merge* REF into REF · *resolve* REF text · *reopen* · *note* · *why* REF · *status*. "
    "Paging: *page* REF grace · *escalate* REF · *snooze* REF 20m · *handover* REF grace · *call* REF · *oncall* · *override* · *swap* · *take* standby. "
    "In a ticket's thread just write: it goes to the customer; a line starting with // stays inside.",
    "need_words": "Write what you need after it, such as *{text}*.",
    "no_open_page": "No page is open for you.",
    "wrong_code": "{text} is not the code of an open page.",
    "which_page": "Several pages are open: reply with the code of one.",
    "whose_contact": "Pick the customer's contact, so that they hear of it.",
    "opened": "*{ticket}* is open for {name}.",
    "pick_severity": "Which severity for {ticket}?",
    "unknown_severity": "I know no severity *{text}* here; there are {name}.",
    "no_reach": "{name} has no channel that we can write to.",
    "not_possible": "{text}.",
    "proposed": "The customer is asked whether *{ticket}* may be done {by}.",
    "pick_category": "What is {ticket} about? {text}",
    "pick_exclusion": "What of {ticket} is not covered? {text}",
    "no_clock": "Nothing runs towards a time on {ticket}.",
    **CALLBACK_TOLD,
}


def _customer_said(n: no.CustomerSaid, s: Speech, name_of: NameOf) -> Message:
    parts = (
        (*s.say("*{name}*: ", name=n.name), Part(text=n.text)) if n.text else s.say("*{name}*", name=n.name)
    )
    if n.attachments:
        parts += s.say("\n📎 {files}", files=", ".join(n.attachments))
    return Message(parts=parts)


def _colleague_said(n: no.ColleagueSaid, s: Speech, name_of: NameOf) -> Message:
    template = (
        "🔒 *{name}* (internal, {where}): {text}" if n.internal else "*{name}* → customer ({where}): {text}"
    )
    return Message(parts=s.say(template, name=n.name, where=n.where, text=n.text))


def _desk_line(n: no.DeskLine, s: Speech, name_of: NameOf) -> Message:
    values: dict[str, Value] = {
        "name": n.name or s.text("Standby"),
        "severity": n.severity,
        "text": means(n.text, s) if n.what in _BY_MEANS else n.text,
        "clock": s.text(CLOCK_NAMES[ClockKind(n.text)]) if n.text in set(ClockKind) else "",
        "trigger": trigger(n.text, s) if n.what in _TRIGGERED else "",
        "served": s.text(n.name) if n.what == "service_asked" else "",
        "fields": ", ".join(s.text(f) for f in n.text.split(", ")) if n.what == "contact_missing" else "",
        "reason": s.text(_REASONS.get(n.text, "nobody is needed any more"))
        if n.what == "page_unneeded"
        else "",
        "why": why_failed(n.reason, s) if n.what == "page_failed" else "",
        "people": ", ".join(with_means(named, s) for named in n.people),
        "targets": targets(n.people, s, name_of) if n.what in _BY_TARGETS else "",
        "by": in_time(n.due, s) if n.due else s.text("when they can"),
        "when": s.when(n.due) if n.due else "",
        "customer": n.text or s.text("the customer"),
        "number": n.reason,
        "error": why_failed(n.reason, s) or n.reason,
        "length": talked_for(n.seconds, s),
        "caller": n.text or s.text("a hidden number"),
    }
    what = "escalated_tier" if n.what == "escalated" and n.name else n.what
    what = "page_failed_why" if values["why"] else what
    if n.what == "page_everyone" and n.name:
        what = "page_everyone_handed" if n.reason == "answered" else "page_everyone_lapsed"
    mentions = [Part(text=name_of(p), style=Style.MENTION, person=p) for p in n.mention]
    spaced = tuple(part for m in mentions for part in (m, Part(text=" ")))
    parts = spaced + s.say(LINES[what].strip(), **values)
    return Message(parts=parts, choices=(*callback_button(n.callback, s), *talked_button(n.talked, s)))


_REASONS = {
    "severity": "the ticket's severity changed",
    "declined": "the customer declined the call-out",
    "closed": "closed",
    "merged": "merged into another ticket",
}
_TRIGGERED = ("escalated", "call_offered")
_BY_TARGETS = ("page_skipped_nobody", "page_skipped_gone")
_BY_MEANS = ("acknowledged", "page_failed", "page_delayed")


def _told(n: no.Told, s: Speech, name_of: NameOf) -> Message:
    by = s.by(n.due) if n.due else ""
    when = s.when(n.due) if n.due else ""
    what = n.what
    if what == "done_paged" and n.text:
        what = "done_paged_several" if ", " in n.text else "done_paged_one"
    parts = s.say(TOLD[what], ticket=n.ticket, name=n.name, text=n.text, by=by, when=when)
    return Message(parts=parts, choices=n.choices)


STATUS = {
    Status.NEW: "new",
    Status.ACTIVE: "in work",
    Status.WAITING: "waiting for the customer",
    Status.RESOLVED: "resolved",
    Status.CLOSED: "closed",
}


def _tickets(n: no.OpenTickets, s: Speech, name_of: NameOf) -> Message:
    if not n.lines:
        return Message(parts=s.say("No open tickets."))
    parts: tuple[Part, ...] = ()
    for line in n.lines:
        parts += s.say("\n" if parts else "")
        parts += s.say(
            "*{ticket}* {severity}, {organisation}: {status}, {person}",
            ticket=line.ticket,
            severity=line.severity,
            organisation=line.organisation,
            status=s.text(STATUS[Status(line.status)]),
            person=line.person or s.text("nobody yet"),
        )
        if line.due is not None:
            parts += s.say(", due {by}", by=s.by(line.due))
    return Message(parts=parts)


DESK_WORDS: dict[type[no.Notice], Callable[[Any, Speech, NameOf], Message]] = {
    no.CustomerSaid: _customer_said,
    no.ColleagueSaid: _colleague_said,
    no.DeskLine: _desk_line,
    **PAGE_WORDS,
    no.Told: _told,
    no.OpenTickets: _tickets,
    **ROTA_WORDS,
    **CALENDAR_WORDS,
    **TRUST_WORDS,
    **CALLBACK_WORDS,
    **WHY_WORDS,
    **BOARD_WORDS,
}
