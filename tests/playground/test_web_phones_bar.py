"""The bar and the tour in the browser: what they show of the controls, and that each button asks for its deed."""

from __future__ import annotations

import datetime as dt

from playground.web.controls import Choice, Tour
from tests.playground.test_web_phones import NIGHT, Page, page

__all__ = ["page"]

SPEEDS = (Choice(id="0", label="Pause"), Choice(id="60", label="×60", on=True))
FAULTS = (
    Choice(id="sms", label="SMS undelivered", watch="The phone <rings> at once.", on=True),
    Choice(id="down", label="Slack is down", watch="SMS still comes."),
)


async def test_the_clock_and_what_comes_next(page: Page) -> None:
    page.becomes(speeds=SPEEDS, speed=60, next_at=NIGHT + dt.timedelta(minutes=5), next_what="Grace is paged")
    shown = await page.pane("bar")
    assert "Tue 02:00:00" in shown and "24 November 2026, Johannesburg" in shown
    assert 'data-now="2026-11-24T00:00:00Z"' in shown and 'data-zone="Africa/Johannesburg"' in shown
    assert "Grace is paged" in shown and "02:05" in shown
    assert 'data-id="60" aria-pressed="true"' in shown and 'data-id="0" aria-pressed="false"' in shown
    page.becomes(next_at=None)
    assert "Nothing is due by itself" in await page.pane("bar")


async def test_menus_faults_and_the_bot(page: Page) -> None:
    page.becomes(
        faults=FAULTS,
        policies=(Choice(id="serwis", label="Serwis", on=True),),
        jumps=(Choice(id="sat", label="Saturday 02:00"),),
        bot="down",
        board="http://127.0.0.1:8080/board",
        trouble="That took <too> long.",
    )
    shown = await page.pane("bar")
    assert "Bot down" in shown and 'href="http://127.0.0.1:8080/board"' in shown
    assert "That took &lt;too&gt; long." in shown and "The phone &lt;rings&gt; at once." in shown
    assert shown.count("The phone &lt;rings&gt;") == 2 and shown.count("SMS still comes") == 1
    assert "Everything begins anew with Serwis" in shown and 'data-do="jump" data-id="sat"' in shown
    assert 'data-id="sms" data-on="0"' in shown and 'data-id="down" data-on="1"' in shown
    await page.does("fault", id="sms", on="0")
    await page.does("fault", id="down", on="1")
    await page.does("jump", id="sat")
    assert page.hands.done == [("fault", "sms", False), ("fault", "down", True), ("jump", "sat")]


async def test_the_tour(page: Page) -> None:
    page.becomes(stories=(Choice(id="night", label="An emergency at <night>", watch="Who wakes up?"),))
    shown = await page.pane("tour")
    assert "An emergency at &lt;night&gt;" in shown and 'data-do="story" data-id="night"' in shown
    tour = Tour(story="night", title="At night", step=2, steps=5, text="Ada sleeps.", where="engineer")
    page.becomes(tour=tour)
    shown = await page.pane("tour")
    assert "Step 2 of 5" in shown and "Ada sleeps." in shown and 'data-show="engineer"' in shown
    assert 'data-where="engineer"' in shown and 'data-do="next"' in shown
    page.becomes(tour=Tour(story="night", title="At night", step=5, steps=5, text="The end.", done=True))
    shown = await page.pane("tour")
    assert "Told to its end" in shown and 'data-do="next"' not in shown and 'data-id=""' in shown
    page.becomes(tour=Tour(story="night", title="At night", step=2, steps=5, text="...", busy=True))
    assert "disabled" in await page.pane("tour")
