"""The demo behind the page: every story by Next alone, every policy, every fault, and nothing left behind."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.demo.browser import shown
from bot.demo.casts import COMPANIES, DESK, Company
from bot.demo.controls import Demo
from bot.demo.hands import Hands
from bot.demo.tours import STORIES
from playground.web.controls import Controls
from tests.smoke.conftest import ROOT, violations
from tests.smoke.demos import SOON, emergency, seen, sees, told, until, up


@pytest.fixture
async def demo() -> AsyncIterator[Demo]:
    async with up() as it:
        yield it


def test_it_is_what_the_page_asks_for() -> None:
    controls: Controls = Demo()
    assert controls


# ---------------------------------------------------------------- stories
@pytest.mark.parametrize(("story", "speed"), [*((s.id, 0.0) for s in STORIES), ("night", 600.0)])
async def test_a_story_is_played_to_its_end_by_next_alone(story: str, speed: float) -> None:
    async with up(speed) as demo:
        await demo.story(story)
        steps = told(demo).steps
        for n in range(steps):
            tour = told(demo)
            assert (tour.step, tour.done) == (n + 1, False)
            assert "By hand" in tour.text
            assert tour.where in ("customer", "slack", "engineer", "telephone", "clock", "faults")
            await demo.next()
        assert told(demo).done
        with pytest.raises(ValueError, match="to its end"):
            await demo.next()
        assert demo.state().speed == speed
        assert seen(demo, "refused") == []
        assert violations(demo.world.playground) == []


async def test_nobody_is_woken_for_a_low(demo: Demo) -> None:
    await demo.story("low")
    while not told(demo).done:
        await demo.next()
    assert [e for e in demo.world.playground.journal if e.kind in ("sms", "call_rings")] == []


async def test_what_is_done_by_hand_counts(demo: Demo) -> None:
    await demo.story("night")
    number = await demo.changed(0)
    await Hands(demo.world).writes("thandi", "The mail server is down")
    async with asyncio.timeout(SOON):
        while told(demo).step == 1:
            number = await demo.changed(number)
    assert told(demo).step == 2
    await demo.next()
    assert told(demo).step == 3


async def test_a_story_that_went_another_way_says_so(demo: Demo) -> None:
    await demo.story("night")
    await demo.next()
    await demo.next()
    await Hands(demo.world).acknowledges("ada", "MIT-1001")
    await demo.world.settled()
    with pytest.raises(ValueError, match="no longer fits"):
        await demo.next()
    assert "no longer fits" in demo.state().trouble
    await demo.story("")
    assert demo.state().tour is None
    assert seen(demo, "dm", "You have MIT-1001") == [], "an edit, no new message"


# ---------------------------------------------------------------- the clock
async def test_it_steps_from_one_thing_to_the_next(demo: Demo) -> None:
    hands, start = Hands(demo.world), demo.world.clock.now()
    await hands.writes("thandi", "Our mail server is down, nobody can work")
    await hands.settled()
    await hands.writes("thandi", "1")
    await sees(demo, "dm", to="U0ADA")
    await hands.settled()
    said = []
    while not seen(demo, "dm", to="U0GRACE"):
        await demo.step()
        said.append(demo.state().next_what)
    assert dt.timedelta(minutes=4) < demo.world.clock.now() - start < dt.timedelta(minutes=6)
    assert "Ada is called" in said
    assert "Ada's phone stops ringing" in said
    assert "next step: Grace" in said


async def test_what_is_on_the_way_happens_in_its_time(demo: Demo) -> None:
    await emergency(demo)
    start = demo.world.clock.now()
    await until(demo, 12)
    rung = [round((e.at - start).total_seconds() / 60) for e in seen(demo, "call_rings")]
    assert rung[0] == 1
    assert len(set(rung)) > 3, "each at its own minute"
    assert demo.world.clock.now() == start + dt.timedelta(minutes=12)


async def test_it_jumps_to_the_next_opening(demo: Demo) -> None:
    await Hands(demo.world).writes("thandi", "Could we have a quote for a new laptop? No hurry")
    await demo.jump("opening")
    now = demo.state().now.astimezone(demo.state().zone)
    assert (now.hour, now.minute) == (8, 30)


@pytest.mark.parametrize(
    ("id", "wall"), [("sat", "Sat 02:00"), ("fri", "Fri 16:55"), ("holiday", "Wed 10:00")]
)
async def test_moments_to_jump_to(demo: Demo, id: str, wall: str) -> None:
    await demo.jump(id)
    state = demo.state()
    assert f"{state.now.astimezone(state.zone):%a %H:%M}" == wall


async def test_speeds(demo: Demo) -> None:
    for id in ("1", "60", "600", "0"):
        await demo.speed(id)
        assert [c.id for c in demo.state().speeds if c.on] == [id]
        assert demo.state().speed == float(id)
    with pytest.raises(ValueError, match="no such speed"):
        await demo.speed("7")


# ---------------------------------------------------------------- policies
@pytest.mark.parametrize("company", COMPANIES.values(), ids=COMPANIES.keys())
async def test_each_policy_has_a_desk_that_answers(demo: Demo, company: Company) -> None:
    await demo.policy(company.policy)
    state = demo.state()
    assert [c.id for c in state.policies if c.on] == [company.policy]
    assert state.cast.engineers[0].note.startswith("on call")
    for person, house in company.people:
        after, hands = len(demo.world.playground.journal), Hands(demo.world)
        text = (
            "Aplikacja nie działa, błąd 500"
            if company.language == "pl"
            else "Everything is down, nobody can work"
        )
        await (hands.writes if person.phone and not person.slack else hands.writes_in_slack)(person.id, text)
        card = await sees(demo, "message", person.name, house.name, after=after)
        assert card.where == DESK
        answer = await sees(
            demo, "dm" if person.slack else "whatsapp", to=person.slack or person.phone, after=after
        )
        assert ("Zgłoszenie" in answer.text) is (company.language == "pl"), answer.text
    assert violations(demo.world.playground) == []


async def test_a_change_of_policy_throws_everything_away(demo: Demo) -> None:
    await Hands(demo.world).writes("thandi", "Our mail server is down, nobody can work")
    old, number = demo.world, await demo.changed(0)
    folder = Path(old._folder.name)
    await demo.policy("serwis")
    assert await demo.changed(number) > number
    assert demo.world is not old
    assert not os.path.exists(folder)  # noqa: ASYNC240, PTH110
    assert len(demo.world.playground.journal) == 0
    assert old.bot == "down"


async def test_what_there_is_not(demo: Demo) -> None:
    for deed in (demo.policy("x"), demo.fault("x", True), demo.jump("x"), demo.story("x"), demo.next()):
        with pytest.raises(ValueError, match=r"^[A-Z].*\.$"):
            await deed


# ---------------------------------------------------------------- the page
async def test_two_demos_on_one_machine_and_nothing_left() -> None:
    before = asyncio.all_tasks()
    quiet: Any = lambda event, /, **fields: None  # noqa: E731
    async with shown(log=quiet) as one, shown(log=quiet) as two:
        assert one.url != two.url
        assert one.demo.world.url != two.demo.world.url
        folders = [Path(page.demo.world._folder.name) for page in (one, two)]
        async with httpx.AsyncClient(trust_env=False) as client:
            for page in (one, two):
                assert (await client.get(page.url)).status_code == 200
    assert not any(folder.exists() for folder in folders)
    assert asyncio.all_tasks() == before


async def test_the_board_is_one_click_away() -> None:
    async with (
        shown(log=lambda event, /, **fields: None) as page,
        httpx.AsyncClient(trust_env=False) as client,
    ):
        answer = await client.get(page.url + page.demo.state().board.lstrip("/"))
        assert answer.status_code == 303
        link = answer.headers["location"]
        assert link.startswith(f"{page.demo.world.url}/board/enter#")
        assert (await client.get(link)).status_code == 200
        await page.demo.fault("killed", True)
        assert (await client.get(page.url + "board")).status_code == 409


async def test_one_command_prints_the_url_and_ctrl_c_leaves_nothing(tmp_path: Path) -> None:
    env = {k: v for k, v in os.environ.items() if "proxy" not in k.lower()}
    env |= {"TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "demo",
        cwd=ROOT, env=env, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        async with asyncio.timeout(20):
            while "http://" not in (line := (await process.stdout.readline()).decode()):
                assert line, "it has ended"
        url = next(word for word in line.split() if word.startswith("http://"))
        async with httpx.AsyncClient(trust_env=False) as client:
            assert "playground" in (await client.get(url)).text
        process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(process.wait(), 20) == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert list(tmp_path.iterdir()) == []  # noqa: ASYNC240
