"""A key pressed on a call that we placed. Only a digit is an answer: a voicemail presses none."""

from __future__ import annotations

import dataclasses
from zoneinfo import ZoneInfo

from bot.app import callback, paging_words, trust_words
from bot.app.asked import Asked
from bot.app.context import Context
from bot.app.inbound import KeyIn
from bot.app.ports import Outcome
from bot.app.refusals import refused
from bot.app.rows import OutboxItem, SendState
from bot.app.speech import Speech
from bot.app.wording import words
from bot.domain import notices as no
from bot.domain.call_notices import CallBack
from bot.domain.errors import DomainError
from bot.domain.message import Message, Part
from bot.domain.page import Page
from bot.domain.people import Person

ACKNOWLEDGE, ESCALATE = "1", "2"


def on_key(ctx: Context, k: KeyIn) -> Outcome:
    """What is said back; with keys in it, the caller may press again."""
    item = ctx.uow.outbox.by_token(k.token)
    if item is None or item.channel != k.channel:
        return Outcome(reply=_without_row(ctx, k))
    if item.ticket is not None:
        ctx.uow.tickets.get(item.ticket)
        item = ctx.uow.outbox.get(item.id) or item
    taken_for_a_machine = item.state == SendState.FAILED and item.error.startswith("machine")
    if item.state in (SendState.SENDING, SendState.ACCEPTED) or taken_for_a_machine:  # somebody is there
        ctx.uow.outbox.save(dataclasses.replace(item, state=SendState.DELIVERED))
    if item.page is None and not isinstance(item.notice, CallBack):
        return Outcome(reply=trust_words.key_answered(ctx, item, k.digits))
    person = ctx.directory.listed(item.person)
    if person is None:
        return Outcome(reply=_spoken(ctx, None, no.Told(what="not_engineer")))
    if not callback.connects(item, k.digits):
        return Outcome(reply=_said(ctx, item, k, person))
    try:
        return callback.put_through(ctx, item, k, person)
    except DomainError as error:
        return Outcome(reply=_spoken(ctx, person, refused(ctx, error, person)))


def _said(ctx: Context, item: OutboxItem, k: KeyIn, person: Person) -> Message:
    via = ctx.setup.label(k.channel)
    if k.digits not in (ACKNOWLEDGE, ESCALATE) or item.notice is None:
        return _repeated(ctx, item, person)
    try:
        if k.digits == ACKNOWLEDGE and isinstance(item.notice, no.PageBundle):
            tickets = [b.ticket for b in item.notice.pages]
            return _spoken(ctx, person, paging_words.acknowledge_these(ctx, person, tickets, via))
        if k.digits == ACKNOWLEDGE and item.ticket is not None:
            return _spoken(ctx, person, paging_words.acknowledge(ctx, person, item.ticket, via))
        if not isinstance(item.notice, no.PageCall) or item.ticket is None:
            return _repeated(ctx, item, person)
        asked = Asked(
            person=person, via=via, ticket=item.ticket, rest=f"{item.notice.code}/{item.notice.step}"
        )
        return _spoken(ctx, person, paging_words.escalate(ctx, asked))
    except DomainError as error:
        return _spoken(ctx, person, refused(ctx, error, person))


def _without_row(ctx: Context, k: KeyIn) -> Message:
    """A call whose attempt was made again since: whoever is at that phone means what they are being paged for."""
    person = ctx.directory.person_at(k.channel, k.sender.id)
    if person is None or k.digits != ACKNOWLEDGE:
        return _spoken(ctx, person, no.Told(what="call_over"))
    called = [page.ticket for page in ctx.uow.pages.open() if _was_called(ctx, page, person, k)]
    return _spoken(
        ctx, person, paging_words.acknowledge_these(ctx, person, called, ctx.setup.label(k.channel))
    )


def _was_called(ctx: Context, page: Page, person: Person, k: KeyIn) -> bool:
    """Did that phone ring for it?"""
    rows = ctx.uow.outbox.of_page(page.id)
    return any(
        r.person == person.id and r.channel == k.channel and r.address.place == k.sender.id and r.attempts
        for r in rows
    )


def _repeated(ctx: Context, item: OutboxItem, person: Person) -> Message:
    """That key means nothing: what was said is said again."""
    assert item.notice is not None
    return words(item.notice, _speech(ctx, person), ctx.setup.name_of)


def _spoken(ctx: Context, person: Person | None, *told: no.Notice) -> Message:
    speech = _speech(ctx, person)
    said = " ".join(words(notice, speech, ctx.setup.name_of).text for notice in told)
    return Message(parts=(Part(text=said),), spoken=said)


def _speech(ctx: Context, person: Person | None) -> Speech:
    zone = person.zone if person else ZoneInfo("UTC")
    return Speech(language=ctx.language_of(person), zone=zone, now=ctx.now)
