"""The board's pages: the open tickets by time left, and one ticket with all that happened to it."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby

import jinja2
from babel.dates import format_date
from markupsafe import Markup

from bot.app.rows import UnitOfWork
from bot.app.speech import DATE_PATTERN, Speech, locale_of
from bot.board.hub import Hub, Listing
from bot.board.lines import Filter, Line, Phase, line_of, may_see, standing_of
from bot.board.open_tickets import Kept
from bot.board.panels import panels
from bot.board.timeline import Entry, Teller
from bot.board.viewer import House, Viewer
from bot.domain.events import Recorded
from bot.domain.ids import TicketId
from bot.domain.page import Page
from bot.domain.status import Status
from bot.domain.ticket import Ticket

LATEST = 200
"""Entries of a ticket's timeline that are shown."""
FILTERS = {"team": "Team", "policy": "Policy", "organisation": "Customer", "severity": "Severity"}
PANELS = "panels"
"""`part` of a fragment's query: only what stands beside the tickets."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Choice:
    """One field of the filter; `options` are values with what people call them."""

    name: str
    label: str
    chosen: str
    options: tuple[tuple[str, str], ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Counts:
    """Of the tickets that are shown."""

    open: int
    overdue: int
    waiting: int
    unclaimed: int

    @classmethod
    def of(cls, lines: Sequence[Kept]) -> Counts:
        tickets = [kept.ticket for kept in lines]
        return cls(
            open=len(lines),
            overdue=sum(kept.standing.phase is Phase.OVERDUE for kept in lines),
            waiting=sum(ticket.status is Status.WAITING for ticket in tickets),
            unclaimed=sum(t.acknowledged is None and t.owner is None for t in tickets),
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class Day:
    """The entries of one day."""

    label: str
    entries: tuple[Entry, ...]


@dataclasses.dataclass(kw_only=True)
class Pages:
    house: House
    templates: jinja2.Environment
    hub: Hub

    async def board(self, viewer: Viewer, query: Mapping[str, str]) -> str:
        """The whole page, in the order and with the words of now; without a script it is loaded again by itself."""
        return await self._shown("board.html", viewer, query)

    async def fragment(self, viewer: Viewer, query: Mapping[str, str]) -> str:
        """What a page's script puts in the place of what it has: the list, or with `part=panels` what stands beside it."""
        if query.get("part") == PANELS:
            side = await panels(self.house, viewer)
            return self.templates.get_template("side.html").render(s=self._speech(viewer), side=side)
        return await self._shown("list.html", viewer, query)

    async def ticket(self, viewer: Viewer, id: TicketId, told: str = "") -> str | None:
        """None where there is no such ticket for them. `told` is what came of what they did last."""
        mark = (await self.hub.listing(viewer, Filter(ticket=id))).id
        directory = self.house.setup().directory
        found = await self.house.run(lambda uow: _read(uow, id, lambda it: may_see(viewer, it, directory)))
        if found is None:
            return None
        return await asyncio.to_thread(self._ticket, viewer, *found, told, mark)

    async def _shown(self, template: str, viewer: Viewer, query: Mapping[str, str]) -> str:
        wanted = Filter.of(query)
        listing = await self.hub.listing(viewer, wanted)
        side = await panels(self.house, viewer) if template == "board.html" else None
        return await asyncio.to_thread(self._rendered, template, viewer, wanted, listing, side)

    def _rendered(self, template: str, viewer: Viewer, wanted: Filter, listing: Listing, side: object) -> str:
        speech = self._speech(viewer)
        return self.templates.get_template(template).render(
            s=speech,
            viewer=viewer,
            here="board",
            lines=Markup("\n".join(listing.html)),
            counts=Counts.of(listing.lines),
            choices=self._choices(listing.mine, wanted, speech),
            filtered=wanted != Filter(),
            id=listing.id,
            side=side,
            units=units(speech),
        )

    def _choices(self, mine: Iterable[Kept], wanted: Filter, s: Speech) -> tuple[Choice, ...]:
        """Only what there is to choose from; what is chosen stays even where nothing fits it any more."""
        setup, found = self.house.setup(), dict[str, dict[str, str]]()
        for kept in mine:
            ticket = kept.ticket
            policy = setup.policy(ticket)
            for name, value, text in (
                ("team", ticket.team, str(ticket.team)),
                ("policy", ticket.policy, policy.title),
                ("organisation", ticket.organisation, ticket.organisation_name),
                ("severity", ticket.severity, policy.severity(ticket.severity).label),
            ):
                found.setdefault(name, {})[value] = text
        choices = []
        for name in FILTERS:
            chosen, options = getattr(wanted, name), found.get(name, {})
            options |= {chosen: options.get(chosen, chosen)} if chosen else {}
            if chosen or len(options) > 1:
                listed = tuple(sorted(options.items(), key=lambda option: option[1].casefold()))
                choices.append(Choice(name=name, label=s.text(FILTERS[name]), chosen=chosen, options=listed))
        return tuple(choices)

    def _ticket(
        self,
        viewer: Viewer,
        ticket: Ticket,
        page: Page | None,
        log: Sequence[Recorded],
        told: str,
        mark: str,
    ) -> str:
        speech, setup = self._speech(viewer), self.house.setup()
        line = line_of(setup, ticket, page, standing_of(setup, ticket, speech.now), speech)
        teller = Teller(setup=setup, ticket=ticket, policy=setup.policy(ticket), s=speech)
        html = self.templates.get_template("line.html").render(line=line, s=speech)
        return self.templates.get_template("ticket.html").render(
            s=speech,
            viewer=viewer,
            line=line,
            html=Markup(html),
            opened=speech.when(ticket.opened, starts=True),
            days=_days(teller.told(log[-LATEST:]), speech),
            latest=LATEST if len(log) > LATEST else 0,
            deeds=_deeds(line, speech),
            may_note=ticket.status is not Status.CLOSED,
            once=setup.random.token(),
            told=told,
            id=mark,
            units=units(speech),
        )

    def _speech(self, viewer: Viewer) -> Speech:
        return Speech(language=viewer.language, zone=viewer.zone, now=self.house.clock.now())


def _read(
    uow: UnitOfWork, id: TicketId, visible: Callable[[Ticket], bool]
) -> tuple[Ticket, Page | None, Sequence[Recorded]] | None:
    """The log of a ticket of somebody else's is not even read."""
    ticket = uow.tickets.peek(id)
    if ticket is None or not visible(ticket):
        return None
    return ticket, uow.pages.latest_of(id), uow.log.last_of(id, LATEST + 1)


def _deeds(line: Line, s: Speech) -> tuple[tuple[str, str], ...]:
    """What can be done by a button, as on the card in chat."""
    offered = {choice.label: choice for choice in line.view.choices}
    words = (("ack", s.text("Acknowledge")), ("take", s.text("Take")))
    return tuple((word, label) for word, label in words if label in offered)


def _days(entries: Iterable[Entry], s: Speech) -> tuple[Day, ...]:
    """The latest first: what happens now is on top."""
    latest = tuple(entries)[::-1]
    return tuple(
        Day(label=_date(dt.date.fromisoformat(day), s), entries=tuple(several))
        for day, several in groupby(latest, key=lambda entry: entry.day)
    )


def _date(day: dt.date, s: Speech) -> str:
    year = "" if day.year == s.now.astimezone(s.zone).year else " y"
    return format_date(day, s.text(DATE_PATTERN) + year, locale=locale_of(s.language))


def units(s: Speech) -> dict[str, str]:
    """How a browser writes times that it counts itself."""

    def unit(written: str) -> str:
        return written.replace("5", "").strip()

    return {
        "d": unit(s.plural("{n} d", "{n} d", 5)),
        "h": unit(s.plural("{n} h", "{n} h", 5)),
        "min": unit(s.plural("{n} min", "{n} min", 5)),
    }
