"""Time goes forward from one thing that happens by itself to the next, so that nothing happens late or all at once."""

from __future__ import annotations

import asyncio
import datetime as dt

from bot.app.context import Context
from bot.app.rows import UnitOfWork
from bot.demo.coming import Ahead, Coming, Sender, ahead
from bot.demo.world import World

STOPS = 120
"""So many things may happen on the way to a moment; beyond, and after so many real SECONDS, they happen late."""
SECONDS = 8.0
MOMENT = dt.timedelta(seconds=2)
TRIES = 12
"""A step goes on over so many instants at which nobody sees anything."""
NOTHING = "Nothing happens by itself now. Write to the desk as a customer, and something will."


async def look_ahead(world: World) -> Ahead:
    """What the bot will do by itself, what the phones will do, and who is on call."""
    found, standby = Ahead(), world.standby
    if standby is not None:
        senders = [Sender(channels=lane.names, card_free=lane.pace.card_free) for lane in standby.lanes]

        def read(uow: UnitOfWork) -> Ahead:
            return ahead(Context(uow=uow, now=world.clock.now(), setup=standby.reload.setup), senders)

        found = await standby.run(read)
    alarm = world.clock.next_alarm()
    if alarm is None:
        return found
    coming = (*found.coming, Coming(at=alarm, what=_of_phones(world)))
    return Ahead(coming=tuple(sorted(coming, key=lambda c: c.at)), on_call=found.on_call)


def _of_phones(world: World) -> str:
    names = {c.phone: c.name for c in world.company.colleagues} | {
        p.phone: p.name for p, _ in world.company.people
    }
    ringing = [
        leg
        for leg in world.playground.twilio.phones.legs.values()
        if leg.status == "ringing" and not leg.inbound
    ]
    if not ringing:
        return "a vendor goes on"
    leg = ringing[-1]
    what = "voicemail answers on {}'s phone" if leg.person.machine else "{}'s phone stops ringing"
    return what.format(names.get(leg.number, leg.number))


async def settled(world: World) -> None:
    """Until all that is under way has come to its end, also what the bot holds back for a second or two."""
    for _ in range(TRIES):
        await world.settled()
        if not await creep(world):
            return


async def creep(world: World) -> bool:
    """What the bot holds back for a moment (a card's next edit) happens also while the clock stands."""
    now = world.clock.now()
    found = next((c for c in (await look_ahead(world)).coming if c.at <= now + MOMENT), None)
    if found is not None:
        world.clock.to(found.at)
    return found is not None


async def to_the_next(world: World, until: dt.datetime | None = None) -> Coming | None:
    """Go to the next thing, if it is not after `until`, and see it happen. None where there is none."""
    found = (await look_ahead(world)).coming
    if not found or (until is not None and found[0].at > until):
        return None
    world.clock.to(found[0].at)
    await settled(world)
    return found[0]


async def step(world: World) -> None:
    """Until somebody sees something new. Raises ValueError where nothing comes."""
    before = len(world.playground.journal)
    for n in range(TRIES):
        if await to_the_next(world) is None:
            if n == 0:
                raise ValueError(NOTHING)
            return
        if len(world.playground.journal) > before:
            return


async def pass_until(world: World, at: dt.datetime) -> None:
    """Everything on the way happens at its time."""
    loop = asyncio.get_running_loop()
    over = loop.time() + SECONDS
    await settled(world)
    for _ in range(STOPS):
        if loop.time() > over or await to_the_next(world, at) is None:
            break
    world.clock.to(at)
    await settled(world)
