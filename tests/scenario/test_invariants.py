"""Random days at the desk, the same every time: whatever people, vendors and time do, these things stay true."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from random import Random
from zoneinfo import ZoneInfo

import pytest

from bot.app import cards
from bot.app.context import Context
from bot.app.ports import DeliveryError, NeedsTemplate, OutcomeUnknown, Permanent, Temporary
from bot.app.rows import SendState
from bot.app.speech import Speech
from bot.app.wording import words
from bot.domain import customer_notices
from bot.domain.decide import alarm_of, timers_of
from bot.domain.events import ClockBreached, Consent, PageStarted, TurnaroundAnswered
from bot.domain.evolve import evolve
from bot.domain.notice import Notice
from bot.domain.page import PageState
from bot.domain.status import Status
from bot.domain.ticket import Ticket
from bot.domain.timers import TimerKind
from escalation.entitlement import Exclusion, Service, Versions
from escalation.escalate import Escalation, parse_trigger
from escalation.office import AfterHours, Hours
from escalation.policy import AnsweredBy, Category, Policy
from escalation.targets import parse_target
from storage.memory import MemoryStore
from tests.builders import ADA, DESK, GRACE, LIN, SIPHO, THANDI, directory, policy
from tests.fakes.world import MONDAY_NOON, World, tap

SEQUENCES, STEPS = 20, 40
STRANGER = "+27110000001"
SECRET = "xinsidex"
"""Stands in every note; no customer may ever read it."""
MARKS = {THANDI: "xthandix", SIPHO: "xsiphox", STRANGER: "xstrangerx"}
"""Stands in everything that this customer writes; no other customer may ever read it."""

CUSTOMER_SAYS = (
    "Everything is down {mark}",
    "The printer is slow {mark}",
    "please add a user {mark}",
    "more words {mark}",
    "urgent {mark} all of it",
    "new: The phone is slow {mark}",
    "hello",
    "thanks",
    "1",
    "3",
    "new",
    "urgent",
    "close",
    "reopen",
    "status",
    "yes",
    "no, thanks",
    "2",
    "Mail",
    "a training, please {mark}",
    "our hosting {mark} is slow, version 4",
    "add and the phone {mark}",
    "language pl",
    "language en",
    "{ticket} it is the one in room 4 {mark}",
    "I am {mark}, x@acme.example",
)
ENGINEER_COMMANDS = (
    "ack {ticket}",
    "take {ticket}",
    "resolve {ticket} done {about}",
    "need {ticket} a photo {about}",
    "reopen {ticket}",
    "close {ticket}",
    "note {ticket} {secret}",
    "severity {ticket} {severity}",
    "status",
    "ack",
    "plan {ticket} we: look at it {about}; you: wait {about}",
    "due {ticket} friday 16:00",
    "due {ticket} in 3h",
    "category {ticket} billing",
    "category {ticket}",
    "exclude {ticket} hosting",
    "exclude {ticket}",
    "merge {ticket} into {other}",
    "why {ticket}",
)
ENGINEER_TAPS = ("ack", "take", "severity", "category", "exclude", "due", "plan", "why", "resolve")
CUSTOMER_TAPS = (
    "sev",
    "sev",
    "works",
    "reopen",
    "consent",
    "consent",
    "cat",
    "agree",
    "call",
    "rate",
    "worse",
)
THREAD_LINES = (
    "On it {about}",
    "// {secret}",
    "/need more {about}",
    "On it {about}\n// {secret}\nsoon",
    "@U0LIN // {secret}",
    "ack",
)
LENGTHS = (1, 3, 6, 31, 90, 240)


CATEGORIES = (
    Category(id="billing", label="Billing", words=("invoice",), resolve=parse_target("same day")),
    Category(
        id="mail", label="Mail", words=("mail", "phone"), respond=parse_target("30m-45m"), steps=("Wait",)
    ),
)
RULES = (
    Escalation(trigger=parse_trigger("75% of response"), to=("tier:1",)),
    Escalation(trigger=parse_trigger("200% of response"), to=("tier:2",)),
    Escalation(trigger=parse_trigger("24h unanswered"), to=("tier:3", "leads")),
    Escalation(trigger=parse_trigger("24h unresolved"), to=("person:lin",), offer="call"),
)
CLOSED_NOW = (Hours.AFTER, Hours.HOLIDAY)
AFTER_HOURS = (
    AfterHours(severities=("emergency",), page=True, consent=True),
    AfterHours(severities=("emergency",), when=CLOSED_NOW, page=False, tell="The desk is closed."),
    AfterHours(severities=("high",), when=CLOSED_NOW, page=False),
    AfterHours(severities=("high",), page=True),
)


def any_policy(random: Random) -> Policy:
    """Sometimes with one severity only; each of the rest by chance."""
    severities = []
    for severity in policy().severities:
        changes = {}
        if random.random() < 0.5:
            changes["next"] = parse_target(random.choice(["30m", "2h", "2bd", "next business day"]))
        if random.random() < 0.6:
            targets = ["4h", "8bh", "2bd", "as needed", "same day", "negotiated"]
            changes["resolve"] = parse_target(random.choice(targets))
        severities.append(dataclasses.replace(severity, **changes))
    one = random.random() < 0.2
    return policy(
        severities=tuple(severities[:1] if one else severities),
        vip_at_least=None,
        answered_by=random.choice(list(AnsweredBy)),
        categories=CATEGORIES if one or random.random() < 0.5 else (),
        after_hours=tuple(rule for rule in AFTER_HOURS if random.random() < 0.3),
        escalations=tuple(rule for rule in RULES if random.random() < 0.5),
        services=(Service(id="training", label="Training", words=("training",)),),
        exclusions=(Exclusion(id="hosting", label="Hosting", words=("hosting",), instead="Ask them."),),
        versions=Versions(product="Tracker", supported=(7, 6)),
        requires=random.choice([(), ("email",), ("name", "email", "phone")]),
        survey=random.random() < 0.5,
    )


class Day:
    """A world that things happen to; `trace` says what, for whoever has to find out why."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.policy = any_policy(self.random)
        self.store = MemoryStore()
        self.world = World(
            people=directory(policies=(self.policy,)),
            at=MONDAY_NOON + dt.timedelta(minutes=self.random.randrange(7 * 24 * 60)),
            store=self.store,
        )
        self.trace: list[object] = []
        self.read: set[object] = set()
        self.deeds: dict[Callable[[], Awaitable[None]], int] = {
            self.customer_says: 18,
            self.customer_taps: 10,
            self.engineer_commands: 28,
            self.engineer_taps: 6,
            self.engineer_writes: 14,
            self.vendor_fails: 8,
            self.receipt_comes: 5,
            self.crash: 3,
            self.downtime: 2,
            self.time_passes: 12,
        }

    async def step(self) -> None:
        (deed,) = self.random.choices(list(self.deeds), weights=list(self.deeds.values()))
        await deed()

    def did(self, *what: object) -> None:
        self.trace.append(what)

    def a_ticket(self) -> str:
        return self.random.choice(list(self.tables.tickets.rows) or ["MIT-1001"])

    def filled(self, text: str, ticket: str, mark: str = "") -> str:
        severity = self.random.choice(self.policy.severities).id
        about = f"about-{ticket}."
        other = self.a_ticket()
        return text.format(
            ticket=ticket, mark=mark, secret=SECRET, severity=severity, about=about, other=other
        )

    @property
    def tables(self):  # type: ignore[no-untyped-def]
        return self.store._tables

    # ------------------------------------------------------------ what happens
    async def customer_says(self) -> None:
        who = self.random.choice(list(MARKS))
        text = self.filled(self.random.choice(CUSTOMER_SAYS), self.a_ticket(), MARKS[who])
        files = ("photo.jpg",) if MARKS[who] in text and self.random.random() < 0.1 else ()
        self.did(who, text, files)
        await self.world.says(who, text, files=files)

    async def customer_taps(self) -> None:
        who, ticket = self.random.choice(list(MARKS)), self.a_ticket()
        verb = self.random.choice(CUSTOMER_TAPS)
        offered = {
            "sev": [severity.id for severity in self.policy.severities],
            "cat": [category.id for category in CATEGORIES],
            "rate": list("12345"),
            **{verb: ["yes", "no"] for verb in ("consent", "agree", "call", "worse")},
        }
        value = self.random.choice(offered.get(verb, [""]))
        self.did(who, verb, ticket, value)
        await self.world.taps(who, tap(verb, ticket, value))

    async def engineer_commands(self) -> None:
        who = self.random.choice([ADA, GRACE, LIN])
        text = self.filled(self.random.choice(ENGINEER_COMMANDS), self.a_ticket())
        self.did(who, text)
        await self.world.commands(who, text)

    async def engineer_taps(self) -> None:
        who, ticket = self.random.choice([ADA, GRACE]), self.a_ticket()
        verb = self.random.choice(ENGINEER_TAPS)
        self.did(who, verb, ticket)
        await self.world.taps(who, tap(verb, ticket), via="slack", place=DESK)

    async def engineer_writes(self) -> None:
        threads = {c.thread: c.ticket for c in self.tables.cards.rows.values() if c.thread}
        if threads:
            thread = self.random.choice(list(threads))
            text = self.filled(self.random.choice(THREAD_LINES), threads[thread])
            who = self.random.choice([ADA, GRACE, "U0NOBODY"])
            self.did(who, threads[thread], text)
            await self.world.says(who, text, via="slack", place=DESK, thread=thread)

    async def vendor_fails(self) -> None:
        errors: list[DeliveryError] = [
            Temporary("busy"),
            Temporary("slowly", retry_after=5),
            Permanent("gone"),
            OutcomeUnknown("timeout"),
            NeedsTemplate("63016"),
        ]
        channel = self.random.choice(list(self.world.channels.values()))
        channel.fail.append(self.random.choice(errors))
        self.did(channel.name, repr(channel.fail[-1]))

    async def receipt_comes(self) -> None:
        sent = [s for name in ("sms", "whatsapp") for s in self.world.channels[name].sent]
        if sent:
            which, status = self.random.choice(sent), self.random.choice(["delivered", "failed"])
            retry, switch = self.random.random() < 0.5, self.random.random() < 0.3
            self.did("receipt", which.token, status, retry, switch)
            await self.world.receipt(which.channel, which.token, status, retry=retry, switch=switch)

    async def crash(self) -> None:
        self.did("crash")
        await self.world.restarts()

    async def downtime(self) -> None:
        hours = self.random.randint(1, 80)
        self.did("downtime", hours)
        self.world.clock.at += dt.timedelta(hours=hours)
        await self.world.settle()

    async def time_passes(self) -> None:
        minutes, seconds = self.random.choice(LENGTHS), self.random.randint(1, 59)
        self.did("passes", minutes, seconds)
        await self.world.passes(minutes=minutes, seconds=seconds)

    # ------------------------------------------------------------ what stays true
    def check(self) -> None:
        for _, ticket in self.tables.tickets.rows.values():
            self.check_ticket(ticket)
            self.check_timers(ticket)
            self.check_pages(ticket)
        self.check_outbox()
        self.check_cards()
        self.check_customers_read_only_their_own()
        self.check_what_customers_are_told()
        broke = [e for e in self.world.logged if e[0] in ("inbound_failed", "sending_broke", "timer_failed", "not_sayable")]  # fmt: skip
        assert broke == []

    def check_ticket(self, ticket: Ticket) -> None:
        log = self.tables.events.get(ticket.id)
        again = None
        for entry in log:
            again = evolve(again, entry.event, entry.at, self.policy)
            assert not isinstance(entry.event, PageStarted) or again.may_page, (
                "paged against the customer's word"
            )
        assert again == ticket
        breaches = [(r.at, r.event) for r in log if isinstance(r.event, ClockBreached)]
        assert all(breach.at <= noticed for noticed, breach in breaches)
        told = Counter(breach.clock for _, breach in breaches)
        agreed = sum(isinstance(r.event, TurnaroundAnswered) and r.event.accepted for r in log)
        assert told["response"] <= 1 and told["resolution"] <= 1 + agreed

    def check_timers(self, ticket: Ticket) -> None:
        found = [t for t in self.tables.timers.rows.values() if t.ticket == ticket.id]
        kinds = Counter(t.kind for t in found)
        assert max(kinds.values(), default=1) == 1
        assert all(t.due > self.world.clock.at for t in found), "a look that was not taken"
        assert ticket.status is not Status.CLOSED or found == []
        alarm = alarm_of(ticket, self.policy, self.world.clock.at)
        first = min((t.due for t in timers_of(ticket, self.policy, self.world.clock.at)), default=None)
        assert [t.due for t in alarm] == ([first] if first else [])
        wanted = {t.kind: t.due for t in alarm}
        assert wanted == {t.kind: t.due for t in found if t.kind is not TimerKind.PAGE}
        assert kinds[TimerKind.PAGE] == len(self.open_pages(ticket))

    def open_pages(self, ticket: Ticket) -> list[object]:
        pages = [page for _, page in self.tables.pages.rows.values() if page.ticket == ticket.id]
        return [page for page in pages if page.is_open]

    def check_pages(self, ticket: Ticket) -> None:
        """A page is walked on until somebody has it or nobody needs it; whoever is needed is paged."""
        running = self.open_pages(ticket)
        assert len(running) <= 1
        assert not running or (ticket.status.is_open and ticket.acknowledged is None)
        for _, page in self.tables.pages.rows.values():
            assert page.is_open or (page.ended and (page.acknowledged_by or page.state is PageState.STOPPED))
        pages = ticket.handling(self.policy).pages
        if pages and ticket.confirmed and ticket.status.is_open and ticket.acknowledged is None:
            self.check_somebody_comes(ticket, len(running))
        assert not running or (pages and ticket.consent is not Consent.DECLINED)

    def check_somebody_comes(self, ticket: Ticket, running: int) -> None:
        """At once, or after the customer's patience, or, for one who declined, when the desk opens."""
        now = self.world.clock.at
        if ticket.may_page:
            assert running == 1, f"{ticket.id} needs somebody and pages nobody"
        elif ticket.consent is Consent.ASKED:
            assert ticket.consent_until and now < ticket.consent_until <= now + self.policy.patience
        else:
            assert ticket.desk_opens and ticket.desk_opens > now
            assert not self.policy.calendar.is_open(now), f"{ticket.id} waits for a desk that is open"

    def check_outbox(self) -> None:
        items = list(self.tables.outbox.rows.values())
        assert [i for i in items if i.state == SendState.SENDING] == []
        held = {i.lane_key for i in items if i.state == SendState.PENDING and i.due > self.world.clock.at}
        stand = {(c.ticket, c.address) for c in self.tables.cards.rows.values() if c.message}
        for item in items:
            waits = item.card_of is not None and (item.card_of, item.address.root()) not in stand
            if item.state == SendState.PENDING and item.lane_key not in held and not waits:
                raise AssertionError(f"due and not sent: {item}")

    def check_cards(self) -> None:
        """What stands there is true (the bar moves along with the words, not by itself), and will be."""
        ctx = Context(uow=self.store._work, now=self.world.clock.at, setup=self.world.setup)
        slack = next(lane for lane in self.world.lanes if lane.name == "slack")
        held = slack.pace.card_free is not None and slack.pace.card_free > self.world.clock.at
        for card in self.tables.cards.rows.values():
            assert held or card.next_render is None or card.next_render > self.world.clock.at
            view, _ = cards.render(ctx, card)
            if card.message and card.shown and not held:
                shown = self.world.channels["slack"].cards[card.message]
                assert dataclasses.replace(shown, bar="") == dataclasses.replace(view, bar="")

    def check_customers_read_only_their_own(self) -> None:
        places = {t.id: t.place.place for _, t in self.tables.tickets.rows.values()}
        for sent in self.world.channels["whatsapp"].sent:
            others = [mark for who, mark in MARKS.items() if who != sent.place]
            assert not any(word in sent.text for word in (SECRET, *others)), sent
            for ticket, place in places.items():
                assert place == sent.place or f"about-{ticket}." not in sent.text, sent

    def check_what_customers_are_told(self) -> None:
        """Nothing that is for the desk; and no time that has passed already, as if it were still to come."""
        for item in self.tables.outbox.rows.values():
            if item.id not in self.read and item.address.place in MARKS and item.notice is not None:
                assert type(item.notice).__module__ == customer_notices.__name__, item
                speech = Speech(language=item.language, zone=ZoneInfo(item.zone), now=item.created)
                told = words(item.notice, speech, lambda person: person).text
                assert passed_of(item.notice, item.created, speech.zone).isdisjoint(
                    re.findall(r"\d\d:\d\d", told)
                ), told
            self.read.add(item.id)


def passed_of(notice: Notice, at: dt.datetime, zone: ZoneInfo) -> set[str]:
    """The times of day in a notice that are over by `at`, but for those that are there as a time to come as well. (The
    answer to `status` says of such a time that it is over.)"""
    if isinstance(notice, customer_notices.StatusReport):
        return set()
    found = [getattr(notice, name, None) for name in ("due", "solved", "until", "reopens")]
    times = [time for time in found if isinstance(time, dt.datetime)]
    to_come = {f"{time.astimezone(zone):%H:%M}" for time in times if time >= at}
    return {f"{time.astimezone(zone):%H:%M}" for time in times if time < at} - to_come


@pytest.mark.parametrize("seed", range(SEQUENCES))
def test_whatever_happens(seed: int) -> None:
    async def live(day: Day) -> None:
        for _ in range(STEPS):
            await day.step()
            day.check()

    day = Day(seed)
    try:
        asyncio.run(live(day))
    except Exception as error:
        error.add_note("\n".join(map(str, day.trace[-8:])))
        raise
