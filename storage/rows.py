"""Values of the ports to columns and back."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any, TypeVar

from bot.app import inbound
from bot.app.doors import BoardLink, BoardSession
from bot.app.duty import Chore, Drill, KeptOverride, Swap
from bot.app.rows import Card, Conversation, KeptPolicy, OutboxItem
from bot.domain import events, notices
from bot.domain.hotline import Call
from bot.domain.ids import Address, TicketId
from bot.domain.page import Page
from bot.domain.ticket import Ticket
from bot.domain.timers import Timer, TimerKind
from storage.codec import dumped, loaded

T = TypeVar("T")
Row = Any
"""A row of the driver: its columns are attributes, in the order of the table."""
Columns = dict[str, Any]

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


def micros(at: dt.datetime) -> int:
    """Microseconds since 1970 UTC, exactly. TypeError for an instant without a zone."""
    return (at - _EPOCH) // _MICROSECOND


def instant(at: int) -> dt.datetime:
    return _EPOCH + dt.timedelta(microseconds=at)


def micros_if(at: dt.datetime | None) -> int | None:
    return None if at is None else micros(at)


def instant_if(at: int | None) -> dt.datetime | None:
    return None if at is None else instant(at)


def of_kind(kinds: Mapping[str, type[T]], kind: str, text: str) -> T:
    """A value by the name of its class. LookupError for a name that this version does not have."""
    if kind not in kinds:
        raise LookupError(f"the database holds a {kind}, which this Standby does not know")
    return loaded(kinds[kind], text)


# ---------------------------------------------------------------- what comes in
def failed_columns(failed: inbound.Failed) -> Columns:
    return {
        "channel": failed.inbound.channel,
        "external_id": failed.inbound.external_id,
        "at": micros(failed.at),
        "kind": type(failed.inbound).__name__,
        "raw": dumped(failed.inbound),
        "tries": failed.tries,
        "due": micros(failed.at),
        "error": failed.error,
    }


def failed_of(row: Row) -> inbound.Failed:
    """From all columns of the inbox."""
    came = of_kind(inbound.KINDS, row.kind, row.raw)
    return inbound.Failed(inbound=came, error=row.error, tries=row.tries, at=instant(row.due))


# ---------------------------------------------------------------- tickets
def ticket_columns(ticket: Ticket) -> Columns:
    return {
        "id": ticket.id,
        "team": ticket.team,
        "status": ticket.status,
        "severity": ticket.severity,
        "contact": ticket.contact,
        "organisation": ticket.organisation,
        "place_channel": ticket.place.channel,
        "place": ticket.place.place,
        "opened": micros(ticket.opened),
        "changed": micros(ticket.changed),
        "data": dumped(ticket),
        "service": ticket.service or None,
    }


def event_columns(ticket: TicketId, event: events.Event, at: int) -> Columns:
    return {"ticket": ticket, "at": at, "kind": type(event).__name__, "data": dumped(event)}


def recorded_of(row: Row) -> events.Recorded:
    """From seq, ticket, at, kind, data."""
    seq, ticket, at, kind, data = row
    event = of_kind(events.KINDS, kind, data)
    return events.Recorded(seq=seq, ticket=ticket, at=instant(at), event=event)


def kept_columns(policy: KeptPolicy) -> Columns:
    return {
        "name": policy.name,
        "version": policy.version,
        "label": policy.label,
        "text": policy.text,
        "kept": micros(policy.kept),
    }


def kept_of(row: Row) -> KeptPolicy:
    """From all columns of the policies."""
    name, version, label, text, kept = row
    return KeptPolicy(name=name, version=version, label=label, text=text, kept=instant(kept))


def page_columns(page: Page) -> Columns:
    return {
        "id": page.id,
        "ticket": page.ticket,
        "state": page.state,
        "code": page.code,
        "started": micros(page.started),
        "data": dumped(page),
    }


def drill_columns(drill: Drill) -> Columns:
    return {
        "id": drill.id,
        "person": drill.person,
        "began": micros(drill.began),
        "ended": micros_if(drill.ended),
        "data": dumped(drill),
    }


def call_columns(call: Call) -> Columns:
    return {
        "id": call.id,
        "number": call.counts_as,
        "ticket": call.ticket,
        "began": micros(call.began),
        "ended": micros_if(call.ended),
        "data": dumped(call),
    }


# ---------------------------------------------------------------- the board's doors
def link_columns(link: BoardLink) -> Columns:
    return {
        "digest": link.digest,
        "person": link.person,
        "made": micros(link.made),
        "until": micros(link.until),
        "used": micros_if(link.used),
    }


def link_of(row: Row) -> BoardLink:
    """From all columns of the links."""
    digest, person, made, until, used = row
    return BoardLink(
        digest=digest, person=person, made=instant(made), until=instant(until), used=instant_if(used)
    )


def session_columns(session: BoardSession) -> Columns:
    return {
        "digest": session.digest,
        "person": session.person,
        "began": micros(session.began),
        "seen": micros(session.seen),
    }


def session_of(row: Row) -> BoardSession:
    """From all columns of the sessions."""
    digest, person, began, seen = row
    return BoardSession(digest=digest, person=person, began=instant(began), seen=instant(seen))


# ---------------------------------------------------------------- the rota
def override_columns(override: KeptOverride) -> Columns:
    """All but the id; what the JSON has for it does not count."""
    return {
        "schedule": override.schedule,
        "ends": micros(override.override.span.end),
        "cancelled": micros_if(override.cancelled),
        "data": dumped(override),
    }


def override_of(row: Row) -> KeptOverride:
    """From id and data."""
    return dataclasses.replace(loaded(KeptOverride, row.data), id=row.id)


def swap_columns(swap: Swap) -> Columns:
    """All but the id; what the JSON has for it does not count."""
    return {"state": swap.state, "ends": micros(swap.span.end), "data": dumped(swap)}


def swap_of(row: Row) -> Swap:
    """From id and data."""
    return dataclasses.replace(loaded(Swap, row.data), id=row.id)


def chore_columns(chore: Chore) -> Columns:
    return {"name": chore.name, "due": micros(chore.due), "note": chore.note}


def chore_of(row: Row) -> Chore:
    """From all columns of the chores."""
    name, due, note = row
    return Chore(name=name, due=instant(due), note=note)


# ---------------------------------------------------------------- the outbox
_SAME = (
    *("channel", "language", "zone", "priority", "lane_key", "state", "ticket", "card_of", "attempts"),
    *("provider_id", "provider_place", "error", "again", "templated", "edits", "only_for", "reaction"),
    *("mark_message", "page", "person", "method", "held"),
)
"""Columns that are fields of the same name and value."""


def item_columns(item: OutboxItem) -> Columns:
    """All but the id."""
    columns = {name: getattr(item, name) for name in _SAME}
    columns |= {
        "at_channel": item.address.channel,
        "place": item.address.place,
        "thread": item.address.thread,
        "kind": None if item.notice is None else type(item.notice).__name__,
        "notice": None if item.notice is None else dumped(item.notice),
        "created": micros(item.created),
        "due": micros(item.due),
        "token": item.token or None,
        "mark_at": None if item.mark_at is None else dumped(item.mark_at),
    }
    return columns


def item_of(row: Row) -> OutboxItem:
    """From all columns of the outbox."""
    values: dict[str, Any] = {name: getattr(row, name) for name in _SAME}
    values |= {name: bool(values[name]) for name in ("again", "templated", "held")}
    return OutboxItem(
        id=row.id,
        address=Address(channel=row.at_channel, place=row.place, thread=row.thread),
        notice=None if row.kind is None else of_kind(notices.KINDS, row.kind, row.notice),
        created=instant(row.created),
        due=instant(row.due),
        token=row.token or "",
        mark_at=None if row.mark_at is None else loaded(Address, row.mark_at),
        **values,
    )


# ---------------------------------------------------------------- timers, cards, conversations
def timer_columns(timer: Timer) -> Columns:
    return {"ticket": timer.ticket, "kind": timer.kind, "due": micros(timer.due)}


def timer_of(row: Row) -> Timer:
    """From all columns of the timers."""
    id_, ticket, kind, due = row
    return Timer(id=id_, ticket=ticket, kind=TimerKind(kind), due=instant(due))


def card_columns(card: Card) -> Columns:
    return {
        "ticket": card.ticket,
        "channel": card.address.channel,
        "place": card.address.place,
        "at_thread": card.address.thread,
        "message": card.message,
        "thread": card.thread,
        "next_render": micros_if(card.next_render),
        "priority": card.priority,
        "shown": card.shown,
        "attempts": card.attempts,
        "sending": card.sending,
    }


def card_of(row: Row) -> Card:
    """From all columns of the cards."""
    ticket, channel, place, at_thread, message, thread, next_render, priority, shown, attempts, sending = row
    return Card(
        ticket=ticket,
        address=Address(channel=channel, place=place, thread=at_thread),
        message=message,
        thread=thread,
        next_render=instant_if(next_render),
        priority=priority,
        shown=shown,
        attempts=attempts,
        sending=sending,
    )


def conversation_columns(conversation: Conversation) -> Columns:
    return {
        "channel": conversation.address.channel,
        "place": conversation.address.place,
        "thread": conversation.address.thread,
        "contact": conversation.contact,
        "ticket": conversation.ticket,
        "last_inbound": micros_if(conversation.last_inbound),
        "introducing": conversation.introducing,
        "language": conversation.language or None,
        "rating": conversation.rating,
    }


def conversation_of(row: Row) -> Conversation:
    """From all columns of the conversations."""
    channel, place, thread, contact, ticket, last_inbound, introducing, language, rating = row
    return Conversation(
        address=Address(channel=channel, place=place, thread=thread),
        contact=contact,
        ticket=ticket,
        last_inbound=instant_if(last_inbound),
        introducing=bool(introducing),
        language=language or "",
        rating=rating,
    )
