"""From what is to be said to the rows that say it: who hears it, where, in which language, in what order."""

from __future__ import annotations

import dataclasses
from typing import Any
from zoneinfo import ZoneInfo

from bot.app.context import Context, Setup
from bot.app.rows import OutboxItem, Priority
from bot.app.speech import Speech
from bot.domain import notices as no
from bot.domain.ids import Address, PersonId
from bot.domain.people import Unlisted
from bot.domain.ticket import Ticket

HIDDEN = "hidden-"
"""What the place of one begins with who can neither be written to nor called."""


def who(ctx: Context, ticket: Ticket) -> str:
    """The customer's person, in the words of the team's desk."""
    language = ctx.policy(ticket).language
    return named(ctx.setup, ticket, Speech(language=language, zone=ZoneInfo("UTC"), now=ctx.now))


def named(setup: Setup, ticket: Ticket, speech: Speech) -> str:
    """The customer's person; of one whom nobody knows, what they call themselves and how to reach them."""
    if ticket.known:
        return ticket.contact_name
    if ticket.place.place.startswith(HIDDEN):
        return ticket.contact_name or speech.text("somebody with a hidden number")
    return speech.text(
        "{name} (unverified, {channel} {place})" if ticket.contact_name else "{channel} {place} (unverified)",
        name=ticket.contact_name,
        channel=setup.label(ticket.place.channel),
        place=ticket.place.place,
    )


def desks_of(ctx: Context, ticket: Ticket) -> tuple[Address, ...]:
    """Its team's desks; of a team that the configuration has lost, those where its cards stand."""
    try:
        team = ctx.directory.team(ticket.team)
    except Unlisted:
        return tuple(card.address for card in ctx.uow.cards.of(ticket.id))
    return tuple(desk for desk in team.desks if (can := ctx.setup.can(desk.channel)) and can.cards)


def say(ctx: Context, ticket: Ticket, sayings: tuple[no.Saying, ...]) -> None:
    """Put what is to be said into the outbox."""
    items: list[OutboxItem] = []
    if (can := ctx.setup.can(ticket.place.channel)) is not None and can.rings:
        sayings = _only_by_phone(sayings)
    for saying in sayings:
        if isinstance(saying, no.ToCustomer):
            items += _to_customer(ctx, ticket, saying)
        elif isinstance(saying, no.ToDesk):
            items += _to_desks(ctx, ticket, saying)
        else:
            items.append(mark(ctx, ticket, saying))
    if items:
        ctx.uow.outbox.add(items)


_BY_ENGINEERS = (
    no.Answer,
    no.InfoNeeded,
    no.PlanForYou,
    no.TimeProposed,
    no.NotCovered,
    no.ResolvedForYou,
    no.CallOffered,
)
"""What a customer has to hear of from somebody, where we can't write to them."""


def _only_by_phone(sayings: tuple[no.Saying, ...]) -> tuple[no.Saying, ...]:
    """No phone rings for a text: whoever wrote one is told, once, that the customer has not got it."""
    kept: tuple[no.Saying, ...] = tuple(it for it in sayings if not isinstance(it, no.ToCustomer))
    lost = [it for it in sayings if isinstance(it, no.ToCustomer) and isinstance(it.notice, _BY_ENGINEERS)]
    unsent = tuple(
        no.Marked(at=it.mark[0], message=it.mark[1], mark="failed") for it in lost if it.mark is not None
    )
    return (*kept, *unsent, no.ToDesk(notice=no.DeskLine(what="only_by_phone"))) if lost else kept


def _to_customer(ctx: Context, ticket: Ticket, saying: no.ToCustomer) -> list[OutboxItem]:
    language, zone = ctx.reader(ticket)
    pieces = split(saying.notice, _limit(ctx, ticket.place))
    at, message = saying.mark or (None, "")
    last = len(pieces) - 1
    return [
        _item(
            ctx,
            ticket,
            ticket.place,
            language,
            zone,
            notice=piece,
            priority=Priority.CUSTOMER,
            mark_at=at if n == last else None,
            mark_message=message if n == last else "",
        )
        for n, piece in enumerate(pieces)
    ]


def _to_desks(ctx: Context, ticket: Ticket, saying: no.ToDesk) -> list[OutboxItem]:
    policy = ctx.policy(ticket)
    skipped = saying.except_at.root() if saying.except_at else None
    return [
        _item(
            ctx,
            ticket,
            desk,
            policy.language,
            policy.zone,
            notice=piece,
            card_of=ticket.id,
            lane_key=f"{desk}/{ticket.id}",
        )
        for desk in desks_of(ctx, ticket)
        if desk != skipped
        for piece in split(_alerting(ctx, ticket, saying.notice), _limit(ctx, desk))
    ]


MOST_MENTIONS = 12
"""More names than this in one line alert nobody better."""


def _alerting(ctx: Context, ticket: Ticket, notice: no.Notice) -> no.Notice:
    """The line with the people that its audience means now."""
    if not isinstance(notice, no.DeskLine) or not notice.audience:
        return notice
    found = dict.fromkeys(notice.mention)
    for target in notice.audience:
        found |= dict.fromkeys(_people(ctx, ticket, target))
    return dataclasses.replace(notice, mention=tuple(found)[:MOST_MENTIONS], audience=())


def _people(ctx: Context, ticket: Ticket, target: str) -> list[PersonId]:
    """A tier that nobody is in is everyone of the team: a hole in the configuration must not be silence."""
    if target == "owner":
        return [ticket.owner] if ticket.owner else []
    try:
        wanted = f"tier:{ticket.tier}" if target == "tier" else target
        found = ctx.resolve(wanted, ticket.team)
    except Unlisted:
        found = ()
    if not found and target.partition(":")[0] in ("tier", "leads", "person"):
        found = ctx.directory.people_of(ticket.team)
    return [person.id for person in found]


def _item(
    ctx: Context, ticket: Ticket, address: Address, language: str, zone: ZoneInfo, **fields: Any
) -> OutboxItem:
    return row(ctx, address, language, zone.key, ticket=ticket.id, **fields)


def row(ctx: Context, address: Address, language: str, zone: str, **fields: Any) -> OutboxItem:
    """A row that is due now and has never been tried. Of a place's rows, those of one `lane_key` keep their order."""
    given: dict[str, Any] = {"notice": None, "priority": Priority.DESK, "lane_key": str(address), **fields}
    return OutboxItem(
        channel=address.channel,
        address=address,
        language=language,
        zone=zone,
        created=ctx.now,
        **{"due": ctx.now, **given},
    )


def mark(ctx: Context, ticket: Ticket, marked: no.Marked) -> OutboxItem:
    """A reaction on a message."""
    policy = ctx.policy(ticket)
    return _item(
        ctx,
        ticket,
        marked.at,
        policy.language,
        policy.zone,
        reaction=marked.mark,
        edits=marked.message,
        priority=Priority.MARK,
        lane_key=f"mark:{marked.at}:{marked.message}",
    )


def tell(ctx: Context, told: no.Notice, to: Address, only_for: str = "") -> None:
    """A short answer to one of us, at the place where they asked, seen by them alone where the channel can."""
    person = ctx.directory.person_at(to.channel, only_for or to.place)
    zone = person.zone if person else ZoneInfo("UTC")
    answer = row(
        ctx, to, ctx.language_of(person), zone.key, notice=told, lane_key=f"told:{to}", only_for=only_for
    )
    ctx.uow.outbox.add([answer])


def _limit(ctx: Context, address: Address) -> int:
    can = ctx.setup.can(address.channel)
    return can.text_limit if can else 4000


def split(notice: no.Notice, limit: int) -> list[no.Notice]:
    """A long text becomes several notices, so that nothing is cut off; the rest of a message needs some room."""
    text = getattr(notice, "text", "")
    room = max(limit - 200, 200)
    if (
        not isinstance(notice, no.Answer | no.CustomerSaid | no.ColleagueSaid | no.InfoNeeded)
        or len(text) <= room
    ):
        return [notice]
    return [dataclasses.replace(notice, text=piece) for piece in _pieces(text, room)]


def _pieces(text: str, room: int) -> list[str]:
    """Cut at a line's or a word's end where there is one in the last half."""
    pieces = []
    while len(text) > room:
        cut = max(text.rfind("\n", room // 2, room), text.rfind(" ", room // 2, room))
        cut = cut if cut > 0 else room
        pieces.append(text[:cut])
        text = text[cut:].lstrip()
    return [*pieces, text] if text else pieces
