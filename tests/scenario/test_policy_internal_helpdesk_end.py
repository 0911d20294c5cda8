"""internal-helpdesk: a ticket is solved, closed and rated, or it is open again."""

from __future__ import annotations

import pytest

from bot.domain import events as ev
from bot.domain.status import Status
from tests.fakes.dialogue import Talk, talk
from tests.fakes.world import tap

HEADSET = ("My headset has no microphone", "3")
"""A medium ticket: answered within an hour, solved within eight."""
OUTAGE = ("The network is down in the whole building", "1")
"""A critical ticket: answered within five minutes, solved within the hour."""
HOW_WAS_IT = "How was it with IHD-1001? Answer with a number, 1 (bad) to 5 (very good)."
CLOSED = "IHD-1001 is closed. Thank you. Write here whenever you need us."


async def story(t: Talk) -> list[str]:
    """What the log holds, by name."""
    return [type(event).__name__ for event in await t.world.events(t.card.ticket)]


# ---------------------------------------------------------------- after it is solved
async def test_resolved_confirmed_and_rated_by_buttons() -> None:
    async with talk("internal-helpdesk", at="2026-11-23T10:00") as t:
        await t.reports(*HEADSET)
        await t.answers("Ada", "You get a new one")
        t.looks_away()
        await t.fills("Ada", "resolve", text="A new headset is on your desk.")
        t.sees(
            "Ada says IHD-1001 is resolved.\nA new headset is on your desk.\n"
            "If it is not, just answer here and it is open again."
        )
        t.desk_sees("✅ Ada resolved it. A new headset is on your desk.")
        t.card_shows(status="resolved", over=True, urgency=0)
        assert [c.label for c in t.card.choices] == ["Reopen"]
        await t.taps("works")
        t.sees(CLOSED, HOW_WAS_IT)
        t.desk_sees("Thandi closed it.")
        t.card_shows(status="closed", choices=())
        await t.taps("rate", "5")
        t.sees("Thank you. That helps us to get better.")
        t.desk_sees("⭐ The customer gives it 5 of 5.")
        await t.taps("rate", "1")
        t.sees()
        assert [e for e in await t.world.events("IHD-1001") if isinstance(e, ev.Rated)] == [ev.Rated(score=5)]


async def test_closed_by_a_word_and_rated_by_a_digit() -> None:
    async with talk("internal-helpdesk", at="2026-11-23T10:00", customer="sipho") as t:
        await t.reports(*HEADSET)
        await t.types("Ada", "resolve New batteries.")
        t.looks_away()
        await t.says("close")
        t.sees(CLOSED, HOW_WAS_IT)
        await t.says("4")
        t.sees("Thank you. That helps us to get better.")
        t.desk_sees("Sipho closed it.", "⭐ The customer gives it 4 of 5.")
        assert ev.Rated(score=4) in await t.world.events("IHD-1001")


async def test_who_closes_before_anything_was_done_is_not_asked_how_it_was() -> None:
    async with talk("internal-helpdesk", at="2026-11-23T10:00") as t:
        await t.reports(*HEADSET)
        await t.says("close")
        t.sees(CLOSED)
        t.desk_sees("Thandi closed it.")
        await t.passes(days=4)


async def test_solved_at_first_contact_is_in_the_log() -> None:
    async with talk("internal-helpdesk", at="2026-11-23T10:00") as t:
        await t.reports(*HEADSET)
        await t.passes(minutes=12)
        await t.types("Ada", "resolve Mute was on: the button at the ear.")
        await t.taps("works")
        await t.taps("rate", "5")
        assert await story(t) == [
            "TicketOpened",
            "SeveritySet",
            "Acknowledged",
            "Resolved",
            "Closed",
            "Rated",
        ]
        recorded = await t.world.run(lambda uow: list(uow.log.of(t.card.ticket)))
        minutes = [round((r.at - recorded[0].at).total_seconds() / 60) for r in recorded]
        assert minutes == [0, 0, 12, 12, 12, 12]
        t.looks_away()


async def test_solved_at_the_second_contact_too() -> None:
    async with talk("internal-helpdesk", at="2026-11-23T10:00") as t:
        await t.reports(*HEADSET)
        await t.types("Ada", "need Which model is it?")
        await t.says("A Jabra 40")
        await t.types("Ada", "resolve Mute was on.")
        assert await story(t) == [
            "TicketOpened",
            "SeveritySet",
            "Acknowledged",
            "InfoAsked",
            "CustomerWrote",
            "Resolved",
        ]
        t.looks_away()


async def test_not_solved_after_all_it_is_open_again_with_a_new_promise() -> None:
    async with talk("internal-helpdesk", at="2026-11-23T10:00") as t:
        await t.reports(*HEADSET)
        await t.until("2026-11-23T12:00")
        await t.types("Ada", "resolve Mute was on.")
        t.looks_away()
        await t.until("2026-11-23T14:00")
        await t.says("It still does not work")
        t.sees(
            "IHD-1001 is open again. An engineer answers you here by 15:00 (in 1 h). "
            "It is to be solved by 20:00 (in 6 h)."
        )
        t.desk_sees("@Ada Reopened by Thandi.", "Thandi: It still does not work")
        t.paged()
        t.card_shows(status="new", holder="nobody yet", over=False)
        assert t.card.clock.startswith("1 h left") and t.card.clock.endswith("answer by 15:00")
        await t.answers("Grace", "I bring you another one.")
        t.sees("Grace (IHD-1001): I bring you another one.")
        t.card_shows(clock="6 h left, resolution by 20:00", holder="Grace")  # two hours resolved do not count
        t.looks_away()


async def test_a_reopened_critical_ticket_pages_again() -> None:
    async with talk("internal-helpdesk", at="2026-11-22T03:00") as t:
        await t.reports(*OUTAGE)
        await t.types("Ada", "resolve The switch was restarted.")
        t.looks_away()
        await t.until("2026-11-22T05:00")
        await t.taps("reopen")
        t.sees(
            "IHD-1001 is open again. We are calling the engineer on standby now. "
            "An engineer answers you here by 05:05 (in 5 min). It is to be solved by 06:00 (in 1 h)."
        )
        t.paged("Ada")
        t.card_shows(status="new", urgency=2, paging="Paging Ada (step 1 of 1)")
        await t.answers("Ada", "I am in the server room again.")
        t.sees("Ada (IHD-1001): I am in the server room again.")
        t.card_shows(clock="1 h left, resolution by 06:00", paging="")
        t.looks_away()


async def test_thanks_leave_it_resolved_and_it_closes_by_itself() -> None:
    async with talk("internal-helpdesk", at="2026-11-23T10:00") as t:
        await t.reports(*HEADSET)
        await t.types("Ada", "resolve Mute was on.")
        t.looks_away()
        await t.says("Thank you so much!")
        t.desk_sees("Thandi: Thank you so much!")
        t.card_shows(status="resolved")
        await t.passes(hours=72)
        assert (await t.ticket()).status is Status.CLOSED
        t.looks_away()


async def closed(t: Talk) -> None:
    """A ticket that was solved and closed by the customer, who is asked how it was."""
    await t.reports(*HEADSET)
    await t.types("Ada", "resolve Mute was on.")
    await t.taps("works")
    assert t.read()[-2:] == [CLOSED, HOW_WAS_IT]
    t.looks_away()


@pytest.mark.parametrize(
    ("words", "score"), [("5 stars", 5), ("5/5", 5), ("4", 4), ("3.", 3), ("*2*", 2), ("1 ⭐", 1)]
)
async def test_a_rating_in_hardly_more_than_a_number(words: str, score: int) -> None:
    async with talk("internal-helpdesk", at="2026-11-23T10:00") as t:
        await closed(t)
        await t.says(words)
        t.sees("Thank you. That helps us to get better.")
        t.desk_sees(f"⭐ The customer gives it {score} of 5.")


@pytest.mark.parametrize("words", ["0", "6", "10"])
async def test_a_number_that_is_no_rating_is_asked_about_again(words: str) -> None:
    async with talk("internal-helpdesk", at="2026-11-23T10:00") as t:
        await closed(t)
        await t.says(words)
        t.sees(HOW_WAS_IT)
        t.desk_sees()


async def test_a_rating_while_somebody_works_on_another_ticket() -> None:
    async with talk("internal-helpdesk", at="2026-11-23T10:00") as t:
        await t.reports(*HEADSET)
        await t.types("Ada", "resolve Mute was on.")
        await t.reports("new: My screen stays dark", "3")
        await t.types("Grace", "ack")
        await t.world.taps(t.place, tap("works", "IHD-1001"), via=t.via)
        assert t.read()[-2:] == [CLOSED, HOW_WAS_IT]
        t.looks_away()
        await t.says("4")
        t.sees("Thank you. That helps us to get better.")
        t.desk_sees("⭐ The customer gives it 4 of 5.")
        assert ev.Rated(score=4) in await t.world.events("IHD-1001")
        t.card_shows(severity="Medium", holder="Grace")


@pytest.mark.parametrize("words", ["Thanks!", "thank you very much", "dziękuję"])
async def test_thanks_after_the_end_open_nothing(words: str) -> None:
    async with talk("internal-helpdesk", at="2026-11-23T10:00") as t:
        await closed(t)
        await t.says("5")
        t.looks_away()
        await t.says(words)
        t.sees("You are welcome. Write here whenever you need us.")
        t.desk_sees()
        assert len(t.world.channels["slack"].cards) == 1


@pytest.mark.parametrize("words", ["It works", "it works now!", "Works.", "Działa"])
async def test_the_words_of_the_button_close_what_is_resolved(words: str) -> None:
    async with talk("internal-helpdesk", at="2026-11-23T10:00") as t:
        await t.reports(*HEADSET)
        await t.types("Ada", "resolve Mute was on.")
        t.looks_away()
        await t.says(words)
        t.sees(CLOSED, HOW_WAS_IT)
        t.desk_sees("Thandi closed it.")
        t.card_shows(status="closed")


async def test_it_works_on_an_open_ticket_closes_nothing() -> None:
    async with talk("internal-helpdesk", at="2026-11-23T10:00") as t:
        await t.reports(*HEADSET)
        await t.says("It works")
        t.sees()
        t.desk_sees("Thandi: It works")
        t.card_shows(status="new")


async def test_not_yet_tapped_after_the_end_is_answered() -> None:
    async with talk("internal-helpdesk", at="2026-11-23T10:00") as t:
        await closed(t)
        await t.taps("reopen")
        t.sees("IHD-1001 is closed. Write what is wrong, and we open another ticket.")
        t.desk_sees()
        t.card_shows(status="closed")


async def test_a_ticket_that_is_open_again_is_answered_by_an_acknowledgement() -> None:
    async with talk("internal-helpdesk", at="2026-11-22T03:00") as t:
        await t.reports(*OUTAGE)
        await t.types("Ada", "resolve The switch was restarted.")
        await t.until("2026-11-22T05:00")
        await t.says("The network is down again")
        t.card_shows(clock="5 min left, next answer by 05:05", urgency=2)
        await t.passes(minutes=2)
        t.looks_away()
        await t.types("Ada", "ack")
        t.sees("Ada has IHD-1001 now and is looking into it.")
        t.card_shows(clock="1 h left, resolution by 06:00", paging="", holder="Ada")
        await t.answers("Ada", "The same switch, I am on my way")
        t.looks_away()
        await t.until("2026-11-22T05:30")
        assert await t.breaches() == []
        t.paged()
        t.looks_away()


async def test_what_was_solved_late_says_by_how_much() -> None:
    async with talk("internal-helpdesk", at="2026-11-23T10:00") as t:
        await t.reports(*HEADSET)
        await t.types("Ada", "ack")
        await t.until("2026-11-23T18:30")
        await t.types("Ada", "resolve A new headset is on your desk.")
        t.card_shows(clock="solved late, by 30 min")
        t.looks_away()
