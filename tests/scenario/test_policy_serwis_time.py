"""serwis: payments are solved the same day, everything else in 24 to 48 hours of business days."""

from __future__ import annotations

import pytest

from tests.fakes.serwis import ERROR_STEPS, MISTAKE, PAYMENT, PAYMENT_STEPS, fresh, serwis

"""To be solved the same day."""
"""To be solved in 24 to 48 hours of business days."""
CLOSED_NOW = (
    "Biuro jest teraz zamknięte. Zgłoszenie czeka w kolejce i wrócimy do niego w najbliższym dniu roboczym "
    "między 9:00 a 16:00."
)


# ---------------------------------------------------------------- payments: the same day
@pytest.mark.parametrize(
    ("at", "by", "opens"),
    [
        ("2026-11-23T09:00", "do 16:00", ""),
        ("2026-11-23T15:00", "do 16:00 (za 1 godz.)", ""),
        ("2026-11-23T15:59", "do 16:00 (za 1 min)", ""),
        ("2026-11-23T05:30", "do 16:00", "o 9:00"),  # before opening it is today's
        ("2026-11-23T16:00", "do jutra, 16:00", "jutro o 9:00"),
        ("2026-11-20T17:30", "do poniedziałku, 16:00", "w poniedziałek o 9:00"),  # a Friday evening
        ("2026-11-21T11:00", "do poniedziałku, 16:00", "w poniedziałek o 9:00"),  # a Saturday
        ("2026-11-22T11:00", "do jutra, 16:00", "jutro o 9:00"),  # a Sunday
        ("2026-11-10T15:30", "do 16:00 (za 30 min)", ""),  # the eve of Independence Day
        ("2026-11-10T16:30", "do czwartku, 16:00", "w czwartek o 9:00"),
        ("2026-11-11T10:00", "do jutra, 16:00", "jutro o 9:00"),  # Independence Day itself
        ("2026-04-03T15:30", "do 16:00 (za 30 min)", ""),  # Good Friday is worked
        ("2026-04-03T16:30", "do wtorku, 16:00", "we wtorek o 9:00"),
        ("2026-04-06T10:00", "do jutra, 16:00", "jutro o 9:00"),  # Easter Monday
        ("2026-12-23T16:30", "do poniedziałku, 16:00", "w poniedziałek o 9:00"),  # Christmas from the 24th
        ("2026-01-05T17:00", "do środy, 16:00", "w środę o 9:00"),  # the eve of Epiphany
        ("2026-03-27T16:00", "do poniedziałku, 16:00", "w poniedziałek o 9:00"),  # a weekend of 47 hours
        ("2026-10-23T16:00", "do poniedziałku, 16:00", "w poniedziałek o 9:00"),  # a weekend of 49 hours
    ],
)
async def test_payments_are_solved_the_same_day(at: str, by: str, opens: str) -> None:
    reopens = f" Wracamy do pracy {opens}.\n{CLOSED_NOW}" if opens else ""
    async with serwis(at) as t:
        await t.says("Nie przyszła faktura za listopad")
        t.looks_away()
        await t.says("Płatności")
        t.sees(f"Zgłoszenie SER-1001, temat: Płatności. Rozwiążemy sprawę {by}.{reopens}", PAYMENT_STEPS)
        t.desk_sees(f"Klient wybiera temat: Płatności. Termin: {by}.")
        t.paged()


async def test_at_night_the_time_stands_still_and_the_card_says_when_it_runs() -> None:
    async with serwis("2026-11-10T16:30") as t:
        await t.reports(*PAYMENT)
        still = (
            "jeszcze 7 godz., rozwiązanie najpóźniej w czwartek o 16:00; czas stoi, rusza w czwartek o 9:00"
        )
        t.card_shows(clock=still, bar="░░░░░░░░░░", urgency=0)
        await t.until("2026-11-11T12:00")  # nobody works on Independence Day
        still = "jeszcze 7 godz., rozwiązanie najpóźniej jutro o 16:00; czas stoi, rusza jutro o 9:00"
        t.card_shows(clock=still)
        t.desk_sees()
        await t.until("2026-11-12T12:30")
        t.card_shows(clock="jeszcze 3 godz. 30 min, rozwiązanie najpóźniej o 16:00", bar="▓▓▓▓▓░░░░░")
        t.desk_sees("@Ada @Grace ⏳ Rozwiązanie: minęło 50% czasu. Termin: do 16:00 (za 3 godz. 30 min).")
        t.sees()


# ---------------------------------------------------------------- everything else: 24 to 48 hours of business days
@pytest.mark.parametrize(
    ("at", "by"),
    [
        ("2026-11-23T10:00", "do środy, 10:00"),  # Monday
        ("2026-11-24T10:00", "do czwartku, 10:00"),
        ("2026-11-25T10:00", "do piątku, 10:00"),
        ("2026-11-26T10:00", "do poniedziałku, 10:00"),
        ("2026-11-27T15:30", "do wtorku, 15:30"),
        ("2026-11-09T10:00", "do czwartku, 10:00"),  # Independence Day between
        ("2026-04-03T15:30", "do środy, 15:30"),  # Easter Monday between
        ("2026-03-27T15:59", "do wtorku, 15:59"),  # the clocks go forward between
        ("2026-10-23T10:00", "do wtorku, 10:00"),  # and back
        ("2026-12-22T12:00", "do poniedziałku, 12:00"),  # Christmas between
        ("2026-12-23T12:00", "do wtorku, 12:00"),
    ],
)
async def test_an_error_is_solved_within_two_business_days(at: str, by: str) -> None:
    async with serwis(at) as t:
        await t.says("Błąd: aplikacja źle liczy VAT")
        t.looks_away()
        await t.says("7")
        t.sees(f"Zgłoszenie SER-1001, temat: Błąd w aplikacji. Rozwiążemy sprawę {by}.", ERROR_STEPS)
        t.desk_sees(f"Klient wybiera temat: Błąd w aplikacji. Termin: {by}.")


@pytest.mark.parametrize(
    ("at", "clock"),
    [
        ("2026-11-23T10:00", "jeszcze 2 dni, rozwiązanie najpóźniej w środę o 10:00"),
        ("2026-11-24T10:00", "jeszcze 2 dni, rozwiązanie najpóźniej w czwartek o 10:00"),
        ("2026-11-25T10:00", "jeszcze 2 dni, rozwiązanie najpóźniej w piątek o 10:00"),
        ("2026-11-26T10:00", "jeszcze 2 dni, rozwiązanie najpóźniej w poniedziałek o 10:00"),
        ("2026-11-27T10:00", "jeszcze 2 dni, rozwiązanie najpóźniej we wtorek o 10:00"),
    ],
)
async def test_the_card_names_the_day_in_its_case(at: str, clock: str) -> None:
    async with serwis(at) as t:
        await t.reports(*MISTAKE)
        t.card_shows(clock=clock)


async def test_the_aim_warns_the_team_and_the_promise_is_the_customers() -> None:
    async with serwis("2026-11-27T15:30") as t:
        await t.reports(*MISTAKE)
        await t.until("2026-11-29T12:00")  # no time passes at the weekend
        t.card_shows(bar="▓░░░░░░░░░")
        assert t.card.clock.startswith("jeszcze 1 dzień 16 godz., rozwiązanie najpóźniej we wtorek o 15:30")
        t.desk_sees()
        await t.until("2026-11-30T15:30")
        t.desk_sees("@Ada @Grace 🟡 Rozwiązanie: założony czas minął. Termin: do jutra, 15:30.")
        t.card_shows(clock="jeszcze 1 dzień, rozwiązanie najpóźniej jutro o 15:30", bar="▓▓▓▓▓░░░░░")
        t.sees()
        assert await t.breaches() == []


async def test_milestones_are_louder_each_time_and_the_breach_has_its_instant() -> None:
    async with serwis("2026-11-23T10:00") as t:
        await t.reports(*PAYMENT)
        await t.until("2026-11-23T13:00")
        t.desk_sees("@Ada @Grace ⏳ Rozwiązanie: minęło 50% czasu. Termin: do 16:00 (za 3 godz.).")
        await t.types("Ada", "ack")
        t.looks_away()
        await t.until("2026-11-23T14:30")
        t.desk_sees("@Ada @Grace ⏳ Rozwiązanie: minęło 75% czasu. Termin: do 16:00 (za 1 godz. 30 min).")
        t.card_shows(urgency=1, clock="jeszcze 1 godz. 30 min, rozwiązanie najpóźniej o 16:00")
        await t.until("2026-11-23T15:24")
        t.desk_sees("@Ada @Grace @Lin ⏳ Rozwiązanie: minęło 90% czasu. Termin: do 16:00 (za 36 min).")
        await t.until("2026-11-23T16:00")
        assert await t.breaches() == []
        await t.passes(seconds=1)
        t.desk_sees("@Ada @Grace @Lin 🔴 Rozwiązanie: czas minął (o 16:00).")
        assert await t.breaches() == [("resolution", "2026-11-23T16:00")]
        t.card_shows(urgency=3, bar="▓▓▓▓▓▓▓▓▓▓")
        await t.until("2026-11-24T11:00")
        t.card_shows(clock="2 godz. po terminie (rozwiązanie najpóźniej wczoraj o 16:00)")
        t.sees()
        t.paged()


async def test_solved_at_closing_time_is_in_time() -> None:
    async with serwis("2026-11-23T10:00") as t:
        await t.reports(*PAYMENT)
        await t.until("2026-11-23T16:00")
        await t.types("Ada", "resolve Płatność doszła.")
        await t.until("2026-11-25T10:00")
        assert await t.breaches() == []
        t.looks_away()


@pytest.mark.parametrize("back", ["2026-11-23T17:00", "2026-11-26T09:30"])
async def test_a_breach_is_recorded_at_its_instant_also_after_downtime(back: str) -> None:
    async with serwis("2026-11-23T10:00") as t:
        await t.reports(*PAYMENT)
        await t.down_until(back)
        assert await t.breaches() == [("resolution", "2026-11-23T16:00")]
        (line,) = fresh(t, "slack")[1:]
        assert line.startswith("@Ada @Grace @Lin 🔴 Rozwiązanie: czas minął (")
        t.sees()
        t.looks_away()


@pytest.mark.parametrize(
    ("until", "over"),
    [
        ("2026-11-26T10:00", "1 dzień po terminie"),
        ("2026-11-27T10:00", "2 dni po terminie"),
        ("2026-12-02T10:00", "5 dni po terminie"),
        ("2026-11-25T11:00", "1 godz. po terminie"),
        ("2026-11-25T15:00", "5 godz. po terminie"),
        ("2026-11-26T12:00", "1 dzień 2 godz. po terminie"),
    ],
)
async def test_how_long_it_is_overdue_is_counted_in_business_days(until: str, over: str) -> None:
    async with serwis("2026-11-23T10:00") as t:
        await t.reports(*MISTAKE)
        await t.until(until)
        assert t.card.clock.startswith(over + " (rozwiązanie najpóźniej ")
        t.looks_away()
