"""What happens in a random night: each deed takes four numbers, modulo what there is."""

from __future__ import annotations

import datetime as dt

from bot.app.duty import KeptOverride
from bot.app.pace import Pace
from bot.domain.ids import Address, ChannelName, PersonId, TeamName, TicketId
from bot.domain.people import Person
from escalation.instants import Span
from escalation.schedule import Change, Override
from tests.builders import DESK
from tests.fakes.world import Sent, tap
from tests.scenario.paging_random_world import CUSTOMERS, ERRORS, LENGTHS, SECRET, RandomWorld


class RandomNight(RandomWorld):
    """A world in which it all happens."""

    async def do_report(self, a: int, b: int, c: int, d: int) -> None:
        who = CUSTOMERS[a % len(CUSTOMERS)]
        before = set(self.ticket_ids())
        self.did(f"{who} {('emergency', 'high', 'normal')[b % 3]}")
        await self.says(who, "new: Everything is down, nobody can work")
        for ticket in set(self.ticket_ids()) - before:
            await self.taps(who, tap("sev", ticket, ("emergency", "high", "normal")[b % 3]))

    async def do_customer(self, a: int, b: int, c: int, d: int) -> None:
        who = CUSTOMERS[a % len(CUSTOMERS)]
        texts = ("more words", "urgent", "close", "reopen", "yes", "no", "status", "it works, thanks", "2")
        self.did(f"{who} {texts[b % len(texts)]}")
        await self.says(who, texts[b % len(texts)])

    async def do_passes(self, a: int, b: int, c: int, d: int) -> None:
        self.did(f"{LENGTHS[a % len(LENGTHS)]} min")
        await self.passes(minutes=LENGTHS[a % len(LENGTHS)])

    async def do_ack(self, a: int, b: int, c: int, d: int) -> None:
        pages = [p for _, p in self.tables.pages.rows.values()]
        code = pages[c % len(pages)].code if pages else "1234"
        ticket, person = self.a_ticket(c), self.an_engineer(a)
        words = (f"ack {ticket}", "ack", f"ack {code}", code, "ack 9999")
        if b % len(words) == 0 and set(person.identities) - {"call"}:
            self.acks(person, ticket)
        await self.acts(person, words[b % len(words)], d)

    def acks(self, person: Person, ticket: str) -> None:
        """They say now that they have it."""
        if self.directory.may_work(person, TeamName("desk")):
            running = [p for _, p in self.tables.pages.rows.values() if p.is_open and p.ticket == ticket]
            self.acked += [(person.id, page) for page in running]

    async def do_thread(self, a: int, b: int, c: int, d: int) -> None:
        """Words in the thread of a ticket: commands, and answers."""
        people = [p for p in self.directory.people if "slack" in p.identities]
        ticket = self.a_ticket(c)
        where = Address(channel=ChannelName("slack"), place=DESK)
        card = self.store.transact(lambda uow: uow.cards.get(TicketId(ticket), where))
        if not people or card is None or not card.thread:
            return
        person, who = people[a % len(people)], self.directory.people[d % len(self.directory.people)].id
        words = (
            "ack", "ack", "escalate", "escalate", "snooze 20m", "snooze", f"page {who}", "page everyone",
            f"handover {who}", "escalate", "ack all", "handover", "We are looking into it", "page standby",
        )  # fmt: skip
        said = words[b % len(words)]
        self.did(f"{person.id} in {ticket} {said!r}")
        self.by_hand.append((self.real, said))
        if said.startswith("We are"):
            if self.tables.tickets.rows[ticket][1].acknowledged is None:
                self.acks(person, ticket)
        else:
            self.commands_said.add(said)
            if said == "ack":
                self.acks(person, ticket)
        await self.says(
            person.identities[ChannelName("slack")], said, via="slack", place=DESK, thread=card.thread
        )

    async def do_ack_all(self, a: int, b: int, c: int, d: int) -> None:
        await self.acts(self.an_engineer(a), "ack all", d)

    async def do_command(self, a: int, b: int, c: int, d: int) -> None:
        ticket, who = self.a_ticket(c), self.directory.people[d % len(self.directory.people)].id
        words = (
            f"escalate {ticket}", f"escalate {ticket}", f"snooze {ticket} 20m", f"snooze {ticket}",
            f"handover {ticket} {who}", f"page {ticket} {who}", f"page {ticket}", f"page {ticket} everyone",
            f"take {ticket}", f"resolve {ticket} done", f"reopen {ticket}", f"close {ticket}",
            f"severity {ticket} emergency", f"severity {ticket} high", f"severity {ticket} normal",
            f"note {ticket} {SECRET}", f"/need {ticket} a photo",
            f"merge {ticket} into {self.a_ticket(d)}", f"page {ticket} standby",
        )  # fmt: skip
        await self.acts(self.an_engineer(a), words[b % len(words)], d)

    async def do_key(self, a: int, b: int, c: int, d: int) -> None:
        calls = [s for s in self.channels["call"].sent if not s.edits]
        if calls:
            call = calls[-1 - a % min(len(calls), 4)]
            digit = ("1", "1", "2", "5")[b % 4]
            self.did(f"{digit} at {call.place}")
            self.pressed.add(call.token)
            self.by_hand.append((self.real, f"key {digit}"))
            await self.presses(call, digit)

    async def do_button(self, a: int, b: int, c: int, d: int) -> None:
        shown = [s for n in ("slack", "telegram") for s in self.channels[n].sent if s.choices]
        if not shown:
            return
        sent: Sent = shown[-1 - a % min(len(shown), 6)]
        choice = sent.choices[b % len(sent.choices)]
        people = [p for p in self.directory.people if sent.channel in p.identities]
        if not people:
            return
        who = people[c % len(people)].identities[sent.channel]  # type: ignore[index]
        self.did(f"{who} {choice}")
        self.by_hand.append((self.real, choice))
        await self.taps(who, choice, via=sent.channel)

    async def do_stranger(self, a: int, b: int, c: int, d: int) -> None:
        ticket = self.a_ticket(a)
        await self.commands("U0NOBODY", f"ack {ticket}")
        await self.taps("U0NOBODY", tap("ack", ticket), via="slack", place=DESK)

    async def do_vendor(self, a: int, b: int, c: int, d: int) -> None:
        names = ("slack", "telegram", "sms", "call", "whatsapp")
        name, error = names[a % 5], ERRORS[b % len(ERRORS)]
        minutes = (0.01, 0.5, 3, 12, 60)[c % 5]
        self.did(f"{name} {error()!r} for {minutes} min")
        self.watched[name].down = (self.real_now + dt.timedelta(minutes=minutes), error)

    async def do_broken(self, a: int, b: int, c: int, d: int) -> None:
        person = self.an_engineer(a)
        places = [(w, p) for w in person.identities for p in person.places(w)]
        if places:
            way, place = places[b % len(places)]
            broken = self.channels[way].broken
            self.did(f"{way} {place} {'mended' if place in broken else 'broken'}")
            broken ^= {place}

    async def do_receipt(self, a: int, b: int, c: int, d: int) -> None:
        tries = [t for t in self.tries if t.channel in ("sms", "call", "whatsapp") and t.message]
        if tries:
            it = tries[-1 - a % min(len(tries), 6)]
            status = "failed" if it.channel == "call" or b % 4 else "delivered"
            self.did(f"{it.channel} {it.outgoing.address.place} {status} {it.outgoing.token}")
            await self.receipt(it.channel, it.outgoing.token, status, code="30005", retry=bool(c % 2))

    async def do_crash(self, a: int, b: int, c: int, d: int) -> None:
        """It dies while something is being sent, and comes back later."""
        self.dying = True
        await self.do_report(c, d, 0, 0)
        await self.passes(minutes=(0, 1, 5)[a % 3])
        self.dying = False
        await self._away((0, 0.2, 2, 30, 200)[b % 5])

    async def do_down(self, a: int, b: int, c: int, d: int) -> None:
        await self._away((1, 4, 10, 60, 200, 600)[a % 6])

    async def _away(self, minutes: float) -> None:
        self.did(f"away {minutes} min")
        gone = dt.timedelta(minutes=minutes)
        self.clock.at += gone
        self.off += gone
        for breaker in {id(b): b for b in self.breakers.values()}.values():
            breaker.failures, breaker.last = 0, None
        self.bus.latest = None
        self.starts += 1
        for lane in self.lanes:
            lane.swept = None
            lane.pace = Pace(breaker=lane.breaker)
        await self.restarts()

    async def do_set_back(self, a: int, b: int, c: int, d: int) -> None:
        by = dt.timedelta(minutes=(0.05, 1, 7, 30, 60)[a % 5])
        self.did(str(by))
        self.clock.at -= by
        self.skew += by
        self.starts += 1
        await self.settle()

    async def do_reload(self, a: int, b: int, c: int, d: int) -> None:
        self.reloads += 1
        self.reloaded = self.up
        self.replace_setup(self.night.directory(again=self.reloads % 2 == 1))
        await self.settle()

    async def do_override(self, a: int, b: int, c: int, d: int) -> None:
        person = self.an_engineer(a).id
        span = Span(start=self.clock.at, end=self.clock.at + dt.timedelta(minutes=10 + 10 * c))
        change = tuple(Change)[b % len(tuple(Change))]
        override = Override(person=person, span=span, change=change)
        self.did(f"{person} {change} for {10 + 10 * c} min")
        kept = KeptOverride(schedule="standby", override=override, by=PersonId("p0"), made=self.clock.at)
        self.store.transact(lambda uow: uow.rota.add_override(kept))
        await self.settle()
