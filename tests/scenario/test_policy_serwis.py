"""Support of an online application, in Polish on both sides: what it is about decides how fast it is solved."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from bot.domain import events as ev
from bot.domain.events import How
from tests.builders import DESK, SIPHO
from tests.fakes.dialogue import Talk, talk

TOPICS = """1 Reklamacja
2 Integracje: SMS, kurier, płatności online
3 Płatności
4 Subskrypcja
5 Konto i dostęp
6 Aplikacja niedostępna
7 Błąd w aplikacji
8 Pytanie o obsługę aplikacji"""
PAYMENT_STEPS = """Co można w tym czasie sprawdzić:
1. Przygotuj numer faktury lub potwierdzenie przelewu.
2. Sprawdź w banku, czy płatność nie została odrzucona."""
ERROR_STEPS = """Co można w tym czasie sprawdzić:
1. Odśwież stronę (Ctrl+F5) i spróbuj jeszcze raz.
2. Sprawdź, czy to samo dzieje się w innej przeglądarce.
3. Zapisz treść komunikatu albo zrób zrzut ekranu."""
OUTAGE_STEPS = """Co można w tym czasie sprawdzić:
1. Sprawdź, czy działają inne strony internetowe.
2. Spróbuj na innym urządzeniu, na przykład na telefonie."""
CLOSED_NOW = (
    "Biuro jest teraz zamknięte. Zgłoszenie czeka w kolejce i wrócimy do niego w dni robocze "
    "między 9:00 a 16:00."
)
NO_EMAIL = "\n\nBrakuje nam adresu e-mail. Prosimy go tu podać."
EMAIL_MISSING = "Brakuje danych kontaktu: e-mail. Klient dostał prośbę o uzupełnienie."


def serwis(at: str, *, plan: str = "standard", **more: Any) -> Talk:
    return talk("serwis", at=at, plan=plan, **more)


def question(guess: str, until: str) -> str:
    known = f" Proponowany temat: {guess}." if guess else ""
    silence = f"przyjmiemy: {guess}." if guess else "ustalimy to sami."
    return (
        f"Zgłoszenie SER-1001 przyjęte.{known}\n\nCzego dotyczy sprawa? Wystarczy odpisać cyfrę:\n{TOPICS}\n\n"
        f"Bez odpowiedzi do {until} (za 1 min) {silence}"
    )


async def payment(t: Talk) -> Talk:
    """To be solved the same day."""
    await t.says("nie działa płatność za abonament")
    await t.says("3")
    t.looks_away()
    return t


async def mistake(t: Talk) -> Talk:
    """To be solved in 24 to 48 hours of business days."""
    await t.says("Błąd: aplikacja źle liczy VAT")
    await t.says("7")
    t.looks_away()
    return t


def fresh(t: Talk, channel: str = "whatsapp") -> list[str]:
    """What was sent there since the last such look, to be searched."""
    return t.world.texts(channel, DESK if channel == "slack" else "")


# ---------------------------------------------------------------- what it is about
async def test_a_payment_in_office_hours_is_asked_about_and_promised_today() -> None:
    async with serwis("2026-11-23T10:00") as t:
        await t.says("nie działa płatność za abonament")
        t.sees(question("Płatności", "10:01"))
        t.card_shows(
            title="SER-1001 · Acme Clinics",
            customer="Thandi, Acme Clinics · VIP",
            words="nie działa płatność za abonament",
            status="nowe",
            holder="jeszcze nikt",
            facts=("Płatności",),
            clock="jeszcze 6 godz., rozwiązanie najpóźniej o 16:00",
        )
        labels = [c.label for c in t.card.choices]
        assert labels == [
            "Przyjmuję",
            "Biorę",
            "Dopytaj klienta",
            "Rozwiązane",
            "Kategoria",
            "Skąd ten termin?",
        ]
        await t.says("3")
        t.sees(
            "Zgłoszenie SER-1001, temat: Płatności. Rozwiążemy sprawę do 16:00 (za 6 godz.).", PAYMENT_STEPS
        )
        t.desk_sees("Klient wybiera temat: Płatności. Termin: do 16:00 (za 6 godz.).")
        t.paged()


@pytest.mark.parametrize("answer", ["4", "4.", "*4*", "Subskrypcja", "subskrypcja!", "subscription"])
async def test_a_digit_or_a_name_answers(answer: str) -> None:
    async with serwis("2026-11-23T10:00") as t:
        await t.says("nie działa płatność za abonament")
        t.looks_away()
        await t.says(answer)
        t.sees(
            "Zgłoszenie SER-1001, temat: Subskrypcja. Rozwiążemy sprawę do 16:00 (za 6 godz.).",
            "Co można w tym czasie sprawdzić:\n"
            "1. Sprawdź w ustawieniach konta, do kiedy subskrypcja jest opłacona.",
        )
        t.desk_sees("Klient wybiera temat: Subskrypcja. Termin: do 16:00 (za 6 godz.).")


async def test_a_tap_answers_in_telegram() -> None:
    async with serwis("2026-11-23T10:00", via="telegram") as t:
        await t.says("SMS-y do klientów nie wychodzą")
        t.sees(question("Integracje: SMS, kurier, płatności online", "10:01"))
        await t.taps("cat", "integrations")
        t.sees(
            "Zgłoszenie SER-1001, temat: Integracje: SMS, kurier, płatności online. Rozwiążemy sprawę do środy, 10:00.",
            "Co można w tym czasie sprawdzić:\n"
            "1. Sprawdź, czy dane dostępowe do integracji są aktualne.\n"
            "2. Podaj numer przesyłki, wiadomości lub transakcji oraz godzinę.",
        )
        t.looks_away()


async def test_silence_takes_the_guess_through_slack() -> None:
    async with serwis("2026-11-23T10:00", via="slack") as t:
        await t.says("aplikacja nie działa, błąd 500")
        t.sees(question("Aplikacja niedostępna", "10:01"))
        await t.passes(seconds=59)
        t.sees()
        await t.passes(seconds=1)
        t.sees(
            "Przyjmujemy dla SER-1001 temat: Aplikacja niedostępna. Rozwiążemy sprawę do środy, 10:00.",
            OUTAGE_STEPS,
        )
        t.desk_sees("Klient nie odpowiedział, przyjmuję: Aplikacja niedostępna. Termin: do środy, 10:00.")
        chosen = [e for e in await t.world.events("SER-1001") if isinstance(e, ev.CategorySet)]
        assert [(e.category, e.how) for e in chosen] == [("outage", How.SILENCE)]


async def test_silence_without_a_guess_leaves_it_to_the_desk() -> None:
    async with serwis("2026-11-23T10:00") as t:
        await t.says("Proszę o kontakt")
        t.sees(question("", "10:01"))
        t.card_shows(facts=())
        await t.passes(minutes=1)
        t.sees("Zgłoszenie SER-1001 przyjęte. Rozwiążemy sprawę do środy, 10:00.")
        t.desk_sees("Klient nie odpowiedział, czego dotyczy sprawa. Termin: do środy, 10:00.")
        assert await t.types("Ada", "category payments") == "Zrobione: SER-1001, kategoria Płatności."
        t.sees(
            "Ada ustawia temat zgłoszenia SER-1001: Płatności. Rozwiążemy sprawę do 16:00 (za 5 godz. 59 min).",
            PAYMENT_STEPS,
        )
        t.desk_sees("Ada ustawia kategorię: Płatności. Termin: do 16:00 (za 5 godz. 59 min).")
        t.card_shows(facts=("Płatności",), clock="jeszcze 6 godz., rozwiązanie najpóźniej o 16:00")


async def test_other_words_than_an_answer_reach_the_desk_and_the_guess_stands() -> None:
    async with serwis("2026-11-23T10:00") as t:
        await t.says("Błąd: aplikacja źle liczy VAT")
        t.looks_away()
        await t.says("Dodam, że od rana i na każdym komputerze")
        t.desk_sees("Thandi: Dodam, że od rana i na każdym komputerze")
        t.sees()
        await t.passes(minutes=1)
        t.sees(
            "Przyjmujemy dla SER-1001 temat: Błąd w aplikacji. Rozwiążemy sprawę do środy, 10:00.",
            ERROR_STEPS,
        )
        t.looks_away()


@pytest.mark.parametrize(
    ("words", "topic"),
    [
        ("Chcę złożyć reklamację", "Reklamacja"),
        ("Kurier nie dostaje przesyłek", "Integracje: SMS, kurier, płatności online"),
        ("Nie przyszła faktura za listopad", "Płatności"),
        ("Chcę przedłużyć abonament", "Subskrypcja"),
        ("Nie mogę się zalogować", "Konto i dostęp"),
        ("Strona leży od rana", "Aplikacja niedostępna"),
        ("Nie zapisuje się zlecenie", "Błąd w aplikacji"),
        ("Jak dodać nowego pracownika?", "Pytanie o obsługę aplikacji"),
        ("nie moge sie zalogowac", "Konto i dostęp"),
    ],
)
async def test_words_propose_a_topic(words: str, topic: str) -> None:
    async with serwis("2026-11-23T10:00") as t:
        await t.says(words)
        t.sees(question(topic, "10:01"))


async def test_a_greeting_opens_nothing() -> None:
    async with serwis("2026-11-23T10:00") as t:
        await t.says("Dzień dobry")
        (hello,) = fresh(t)
        assert hello.startswith("Dzień dobry. Wystarczy opisać problem w jednej wiadomości")
        assert t.world.channels["slack"].cards == {}
        t.looks_away()


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
        await payment(t)
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
        await mistake(t)
        t.card_shows(clock=clock)


async def test_the_aim_warns_the_team_and_the_promise_is_the_customers() -> None:
    async with serwis("2026-11-27T15:30") as t:
        await mistake(t)
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
        await payment(t)
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
        t.desk_sees("@Ada @Grace @Lin 🔴 Rozwiązanie: termin minął o 16:00.")
        assert await t.breaches() == [("resolution", "2026-11-23T16:00")]
        t.card_shows(urgency=3, bar="▓▓▓▓▓▓▓▓▓▓")
        await t.until("2026-11-24T11:00")
        t.card_shows(clock="2 godz. po terminie (rozwiązanie najpóźniej wczoraj o 16:00)")
        t.sees()
        t.paged()


async def test_solved_at_closing_time_is_in_time() -> None:
    async with serwis("2026-11-23T10:00") as t:
        await payment(t)
        await t.until("2026-11-23T16:00")
        await t.types("Ada", "resolve Płatność doszła.")
        await t.until("2026-11-25T10:00")
        assert await t.breaches() == []
        t.looks_away()


@pytest.mark.parametrize("back", ["2026-11-23T17:00", "2026-11-26T09:30"])
async def test_a_breach_is_recorded_at_its_instant_also_after_downtime(back: str) -> None:
    async with serwis("2026-11-23T10:00") as t:
        await payment(t)
        await t.down_until(back)
        assert await t.breaches() == [("resolution", "2026-11-23T16:00")]
        (line,) = fresh(t, "slack")[1:]
        assert line.startswith("@Ada @Grace @Lin 🔴 Rozwiązanie: termin minął")
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
        await mistake(t)
        await t.until(until)
        assert t.card.clock.startswith(over + " (rozwiązanie najpóźniej ")
        t.looks_away()


# ---------------------------------------------------------------- an engineer at work
async def test_an_engineer_works_in_polish() -> None:
    async with serwis("2026-11-23T10:00") as t:
        await payment(t)
        assert await t.types("Ada", "ack") == "Masz SER-1001."
        t.sees("Zgłoszeniem SER-1001 zajmuje się teraz Ada.")
        t.desk_sees("✅ Zajmuje się tym Ada (Slack).")
        t.card_shows(status="w toku", holder="Ada")
        assert "Przyjmuję" not in [c.label for c in t.card.choices]
        await t.answers("Ada", "Sprawdzamy u operatora.")
        t.sees("Ada (SER-1001): Sprawdzamy u operatora.")
        await t.answers("Grace", "// operator ma awarię")
        t.sees()
        assert await t.types("Grace", "take") == "Masz SER-1001."
        t.sees("Zgłoszeniem SER-1001 zajmuje się teraz Grace.")
        t.desk_sees("✅ Przejmuje to Grace.")
        assert await t.types("Ada", "ack") == "SER-1001: zajmuje się tym już Grace."
        assert await t.types("Ada", "note Telefon do operatora, 10 minut") == (
            "Zrobione: notatka jest przy SER-1001."
        )
        t.desk_sees("🔒 Ada (wewnętrzne, Slack): Telefon do operatora, 10 minut")
        assert await t.types("Grace", "resolve Płatność doszła.") == "Zrobione: SER-1001 jest rozwiązane."
        t.sees(
            "Zgłoszenie SER-1001 jest rozwiązane (Grace).\nPłatność doszła.\n"
            "Jeśli coś nadal nie działa, wystarczy tu odpisać, a otworzymy je ponownie."
        )
        t.desk_sees("✅ Rozwiązane (Grace). Płatność doszła.")
        t.card_shows(status="rozwiązane", over=True)
        assert [c.label for c in t.card.choices] == ["Otwórz ponownie"]
        assert await t.types("Grace", "reopen") == "Zrobione: SER-1001 jest znów otwarte."
        assert await t.types("Grace", "close") == "Zrobione: SER-1001 jest zamknięte."
        t.looks_away()


async def test_status_and_unknown_tickets_are_answered_in_polish() -> None:
    async with serwis("2026-11-23T10:00") as t:
        assert await t.world.commands("U0ADA", "status") == "Nie ma otwartych zgłoszeń."
        assert await t.world.commands("U0ADA", "resolve SER-9999") == "Nie ma tu zgłoszenia SER-9999."
        assert await t.world.commands("U0ADA", "ack") == "Nie ma dla Ciebie otwartego wezwania."
        await mistake(t)
        listed = await t.world.commands("U0ADA", "status")
        assert listed.startswith("SER-1001 ")
        assert listed.endswith("Acme Clinics: nowe, jeszcze nikt, termin do środy, 10:00")


async def test_why_skips_the_holiday() -> None:
    async with serwis("2026-11-10T16:30") as t:
        await payment(t)
        why = await t.types("Ada", "why")
        assert why.startswith(
            "Skąd termin SER-1001:\nRozwiązanie\nwt. 10 lis: zamknięte\nśr. 11 lis: święto\n"
            "czw. 12 lis 09:00-16:00: liczy się 7 godz.\ntermin: czw. 12 lis 16:00"
        )


async def test_waiting_for_the_customer_stops_the_time_and_moves_the_promise() -> None:
    async with serwis("2026-11-23T10:00") as t:
        await mistake(t)
        await t.until("2026-11-23T12:00")
        assert await t.types("Ada", "need Jaki komunikat?") == "Zrobione: SER-1001 czeka na klienta."
        t.sees(
            "Ada (SER-1001) prosi o informację:\nJaki komunikat?\nProsimy odpisać tutaj, a od razu ruszymy dalej."
        )
        t.desk_sees("⏸ Ada pyta klienta: Jaki komunikat?")
        paused = "jeszcze 1 dzień 22 godz., czas stoi: czeka na klienta"
        t.card_shows(status="czeka na klienta", clock=paused, holder="Ada")
        await t.until("2026-11-25T12:00")
        t.card_shows(clock=paused)
        await t.says("„Nieprawidłowa stawka”")
        t.sees(
            "Dziękujemy, pracujemy dalej nad SER-1001. Rozwiążemy sprawę do piątku, 10:00: "
            "czas oczekiwania na odpowiedź się nie liczy."
        )
        t.desk_sees("Thandi: „Nieprawidłowa stawka”", "@Ada Klient odpowiedział, koniec czekania.")
        t.card_shows(
            status="w toku", clock="jeszcze 1 dzień 22 godz., rozwiązanie najpóźniej w piątek o 10:00"
        )


async def test_waiting_over_night_does_not_move_a_payment() -> None:
    """A wait counts only where it overlaps counting time."""
    async with serwis("2026-11-23T16:30") as t:
        await payment(t)
        await t.types("Ada", "need Jaki numer faktury?")
        t.looks_away()
        await t.until("2026-11-24T08:00")
        await t.says("FV 12/2026")
        t.sees(
            "Dziękujemy, pracujemy dalej nad SER-1001. Rozwiążemy sprawę do 16:00: "
            "czas oczekiwania na odpowiedź się nie liczy."
        )
        t.looks_away()


async def test_not_solved_after_all_it_is_open_again_and_runs_on() -> None:
    async with serwis("2026-11-23T10:00") as t:
        await mistake(t)
        await t.until("2026-11-23T14:00")
        await t.types("Ada", "resolve Stawka poprawiona.")
        t.looks_away()
        await t.until("2026-11-24T14:00")
        await t.says("dziękuję")
        t.card_shows(status="rozwiązane")
        t.looks_away()
        await t.says("niestety dalej źle liczy")
        assert fresh(t)[-1].startswith("Zgłoszenie SER-1001 jest znów otwarte.")
        t.desk_sees("@Ada Otwarte ponownie (Thandi).", "Thandi: niestety dalej źle liczy")
        t.card_shows(  # the day in which it was resolved does not count
            status="nowe",
            holder="jeszcze nikt",
            clock="jeszcze 1 dzień 20 godz., rozwiązanie najpóźniej w czwartek o 10:00",
        )
        t.paged()
        t.looks_away()


async def test_confirmed_it_is_closed_and_nobody_is_asked_how_it_was() -> None:
    async with serwis("2026-11-23T10:00") as t:
        await payment(t)
        await t.types("Ada", "resolve Płatność doszła.")
        t.looks_away()
        await t.taps("works")
        t.sees("Zgłoszenie SER-1001 zamknięte, dziękujemy. W razie potrzeby jesteśmy tutaj.")
        t.desk_sees("Zamknięte (Thandi).")
        t.card_shows(status="zamknięte", choices=())


# ---------------------------------------------------------------- services
async def asked_for(t: Talk, words: str) -> str:
    """What the customer hears first about a service; nobody is asked what it is about, and nobody is paged."""
    await t.says(words)
    told = fresh(t)
    assert not any("Czego dotyczy sprawa?" in text for text in told)
    assert any("SER-1001" in text for text in told)
    t.paged()
    (about,) = [text for text in told if "ta usługa" in text or "tej usługi" in text]
    return about


async def test_a_trial_has_a_training_always() -> None:
    async with serwis("2026-11-23T10:00", plan="trial") as t:
        assert await asked_for(t, "Prosimy o szkolenie dla zespołu") == (
            "Szkolenie wideo: ta usługa jest w pakiecie.\n\n"
            "Szkolenie jest bezpłatne. Termin ustalimy według dostępnych godzin."
        )
        t.desk_sees("Prośba o usługę: Szkolenie wideo, jest w pakiecie klienta.")
        t.card_shows(facts=("usługa: Szkolenie wideo",))
        t.looks_away()


@pytest.mark.parametrize("plan", ["standard", "all-in-one"])
@pytest.mark.parametrize(
    ("at", "included"),
    [("2026-11-01T12:00", True), ("2026-11-30T23:00", True), ("2026-12-01T00:30", False)],
)
async def test_others_have_it_in_their_first_thirty_days(plan: str, at: str, included: bool) -> None:
    async with serwis(at, plan=plan, since=dt.date(2026, 11, 1)) as t:
        about = await asked_for(t, "Poprosimy o szkolenie")
        if included:
            assert about.startswith("Szkolenie wideo: ta usługa jest w pakiecie. Można z niej skorzystać do ")
            assert about.endswith("Szkolenie jest bezpłatne. Termin ustalimy według dostępnych godzin.")
            t.desk_sees("Prośba o usługę: Szkolenie wideo, jest w pakiecie klienta.")
        else:
            assert about.startswith("Szkolenie wideo: ta usługa była w pakiecie do ")
            assert about.endswith(" Powiemy, co da się zrobić.") and "bezpłatne" not in about
            t.desk_sees("Prośba o usługę: Szkolenie wideo, minął czas na skorzystanie z niej.")
        t.looks_away()


async def test_without_a_known_start_a_human_looks_it_up() -> None:
    async with serwis("2026-11-23T10:00") as t:
        about = await asked_for(t, "Poprosimy o szkolenie")
        assert about == "Szkolenie wideo: sprawdzimy, czy ta usługa jest w pakiecie."
        t.desk_sees("Prośba o usługę: Szkolenie wideo, nie wiadomo, od kiedy klient z nami jest.")
        t.looks_away()


async def test_the_panel_is_installed_once() -> None:
    async with serwis("2026-11-23T10:00", plan="all-in-one") as t:
        assert await asked_for(t, "Prosimy o instalację panelu klienckiego") == (
            "Instalacja panelu klienckiego: ta usługa jest w pakiecie.\n\n"
            "Instalujemy raz i bezpłatnie, bez późniejszych aktualizacji i przenosin. "
            "Najpierw ustalimy warunki techniczne, potem termin."
        )
        t.desk_sees("Prośba o usługę: Instalacja panelu klienckiego, jest w pakiecie klienta.")
        await t.types("Ada", "resolve Panel zainstalowany.")
        await t.says("zamknij")
        t.looks_away()
        t.world.look_away()
        await t.says("Prosimy zainstalować panel na nowym serwerze")
        assert fresh(t)[0] == (
            "Instalacja panelu klienckiego: ta usługa przysługuje raz i została już wykorzystana. "
            "Powiemy, co da się zrobić."
        )
        t.desk_sees("Prośba o usługę: Instalacja panelu klienckiego, klient już z niej skorzystał.")
        t.looks_away()


@pytest.mark.parametrize("plan", ["standard", "trial"])
async def test_other_plans_do_not_have_the_panel(plan: str) -> None:
    async with serwis("2026-11-23T10:00", plan=plan, since=dt.date(2026, 11, 20)) as t:
        assert await asked_for(t, "Czy zainstalujecie panel kliencki na serwerze?") == (
            "Instalacja panelu klienckiego: tej usługi nie ma w pakiecie. Powiemy, co da się zrobić."
        )
        t.desk_sees("Prośba o usługę: Instalacja panelu klienckiego, nie ma jej w pakiecie klienta.")
        t.looks_away()


# ---------------------------------------------------------------- what is not covered
@pytest.mark.parametrize(
    ("words", "exclusion", "what", "instead"),
    [
        (
            "Jak zmienić szablon wydruku?",
            "templates",
            "Wygląd wydruków i wiadomości",
            "Szablony wydruków i wiadomości możesz zmienić samodzielnie w ustawieniach aplikacji.",
        ),
        (
            "Proszę usunąć klienta Kowalskiego",
            "data",
            "Operacje na Twoich danych",
            "Dane swojego serwisu zmieniasz i usuwasz samodzielnie w aplikacji. Chętnie podpowiemy, gdzie to zrobić.",
        ),
        (
            "Mój klient nie może się zalogować",
            "end-clients",
            "Pomoc dla klientów Twojego serwisu",
            "Klientom pomaga serwis, który przyjął naprawę. Prosimy, aby zwrócili się do niego.",
        ),
        (
            "Drukarka nie drukuje",
            "own-equipment",
            "Twoje komputery, sieć, serwer lub hosting",
            "Prosimy zwrócić się do swojego informatyka lub dostawcy internetu, sprzętu czy hostingu.",
        ),
        (
            "Prosimy o aktualizację panelu",
            "client-panel",
            "Panel kliencki na Twoim hostingu",
            "Prosimy zwrócić się do osoby, która prowadzi Twój serwer, albo do dostawcy hostingu.",
        ),
        (
            "Przydałaby się nowa funkcja: kalendarz",
            "new-features",
            "Nowe funkcje i zmiany działania aplikacji",
            "Dziękujemy za pomysł: przekażemy go zespołowi, ale nie możemy obiecać, czy i kiedy powstanie.",
        ),
    ],
)
async def test_what_sounds_not_covered_is_told_with_what_to_do_instead(
    words: str, exclusion: str, what: str, instead: str
) -> None:
    async with serwis("2026-11-23T10:00") as t:
        await t.says(words)
        assert (
            f"To może wykraczać poza nasze wsparcie: {what}. {instead} Inżynier to sprawdzi i potwierdzi."
        ) in fresh(t)
        t.desk_sees(f"To brzmi jak coś spoza zakresu wsparcia: {what}.")
        assert f"może poza zakresem: {what}" in t.card.facts
        await t.says("8")
        assert (await t.ticket()).exclusion == ""  # a human decides
        t.card_shows(clock="jeszcze 2 dni, rozwiązanie najpóźniej w środę o 10:00")
        t.looks_away()
        assert await t.types("Ada", f"exclude {exclusion}") == (
            f"Zrobione: SER-1001 jest poza zakresem ({what}), klient już o tym wie."
        )
        t.sees(
            f"To wykracza poza nasze wsparcie (SER-1001): {what}. {instead}\nJeśli jest inaczej, wystarczy tu odpisać."
        )
        t.desk_sees(f"🚫 Ada: poza zakresem wsparcia ({what}). Czas na rozwiązanie stoi.")
        t.card_shows(clock="jeszcze 2 dni, czas stoi: poza zakresem wsparcia")
        assert f"poza zakresem: {what}" in t.card.facts
        await t.passes(days=7)
        assert await t.breaches() == []


async def test_covered_after_all_the_time_runs_on() -> None:
    async with serwis("2026-11-23T10:00") as t:
        await mistake(t)
        await t.types("Ada", "exclude data")
        t.looks_away()
        await t.until("2026-11-24T10:00")
        await t.says("To wasz import zepsuł te dane")
        t.desk_sees("Thandi: To wasz import zepsuł te dane")
        await t.clicks("Ada", "exclude", "-")
        t.sees("SER-1001 jednak mieści się w naszym wsparciu, Ada działa dalej.")
        t.desk_sees("Ada: jednak w zakresie wsparcia.")
        t.card_shows(clock="jeszcze 2 dni, rozwiązanie najpóźniej w czwartek o 10:00")


# ---------------------------------------------------------------- the email address
async def test_who_has_no_email_is_asked_for_it_with_the_promise() -> None:
    async with serwis("2026-11-23T10:00", customer="sipho") as t:
        await t.says("nie działa płatność za abonament")
        t.sees(question("Płatności", "10:01"))
        t.desk_sees(EMAIL_MISSING)
        await t.says("3")
        t.sees(
            f"Zgłoszenie SER-1001, temat: Płatności. Rozwiążemy sprawę do 16:00 (za 6 godz.).{NO_EMAIL}",
            PAYMENT_STEPS,
        )
        t.looks_away()
        await t.says("jan@firma")
        t.sees("To nie jest adres e-mail. Prosimy o zapis w postaci imie@example.com.")
        t.desk_sees()
        await t.says("Jan Kowalski, jan@firma.pl")
        t.sees("Dziękujemy. Zapisane przy zgłoszeniu SER-1001: Jan Kowalski.")
        t.desk_sees("Klient się przedstawia: Jan Kowalski, jan@firma.pl.")
        t.card_shows(customer="Jan Kowalski, Acme Clinics")


async def test_without_an_email_the_ticket_goes_on_all_the_same() -> None:
    async with serwis("2026-11-23T10:00", customer="sipho") as t:
        await payment(t)
        await t.says("Numer faktury to FV 12/2026")
        t.desk_sees("Sipho: Numer faktury to FV 12/2026")
        await t.types("Ada", "resolve Płatność doszła.")
        t.card_shows(status="rozwiązane")
        t.looks_away()


async def test_whoever_has_an_email_is_not_asked() -> None:
    async with serwis("2026-11-23T10:00") as t:
        await t.says("nie działa płatność za abonament")
        await t.says("3")
        assert not any("e-mail" in text for text in fresh(t))
        t.looks_away()


# ---------------------------------------------------------------- the customer's words
async def test_status() -> None:
    async with serwis("2026-11-23T10:00") as t:
        await t.says("status")
        t.sees("Nie ma otwartych zgłoszeń. Wystarczy opisać problem w jednej wiadomości, a otworzymy nowe.")
        await payment(t)
        t.world.look_away()
        await t.says("status")
        (told,) = fresh(t)
        assert told.startswith("SER-1001")
        assert told.endswith(": czeka na inżyniera, rozwiązanie do 16:00 (za 6 godz.)")
        await t.types("Ada", "ack")
        await t.says("status")
        assert fresh(t)[-1].endswith(": zajmuje się tym Ada, rozwiązanie do 16:00 (za 6 godz.)")
        t.looks_away()


async def test_help() -> None:
    async with serwis("2026-11-23T10:00") as t:
        await t.says("pomoc")
        (told,) = fresh(t)
        assert told.startswith("Wystarczy opisać problem w jednej wiadomości, a otworzymy zgłoszenie.\n")
        for word in ("status", "nowe", "pilne", "zamknij", "otwórz"):
            assert word in told
        t.looks_away()


@pytest.mark.parametrize("words", ["pilne", "PILNE!", "pilne klienci czekają przy kasie"])
async def test_urgent_is_said_to_the_desk(words: str) -> None:
    async with serwis("2026-11-23T10:00") as t:
        await payment(t)
        t.world.look_away()
        await t.says(words)
        lines = fresh(t, "slack")
        assert "@Ada @Grace 🟠 Klient pisze, że to pilne." in lines
        assert any(line.startswith("Thandi: ") for line in lines)
        t.paged()  # nobody's phone rings in this policy
        t.looks_away()


async def test_a_new_ticket_by_a_word() -> None:
    async with serwis("2026-11-23T10:00") as t:
        await payment(t)
        await t.says("nowe: Jak dodać nowego pracownika?")
        t.sees(question("Pytanie o obsługę aplikacji", "10:01").replace("SER-1001", "SER-1002"))
        await t.says("8")
        t.sees("Zgłoszenie SER-1002, temat: Pytanie o obsługę aplikacji. Rozwiążemy sprawę do środy, 10:00.")
        t.desk_sees("Klient wybiera temat: Pytanie o obsługę aplikacji. Termin: do środy, 10:00.")
        await t.says("nowe")
        t.sees("Co się dzieje? Następna wiadomość otworzy nowe zgłoszenie.")
        await t.says("Nie mogę się zalogować")
        t.sees(question("Konto i dostęp", "10:01").replace("SER-1001", "SER-1003"))


async def test_closed_by_a_word() -> None:
    async with serwis("2026-11-23T10:00") as t:
        await payment(t)
        await t.says("zamknij")
        t.sees("Zgłoszenie SER-1001 zamknięte, dziękujemy. W razie potrzeby jesteśmy tutaj.")
        t.desk_sees("Zamknięte (Thandi).")
        await t.passes(days=2)
        assert await t.breaches() == []


async def test_opened_again_by_a_word() -> None:
    async with serwis("2026-11-23T10:00") as t:
        await payment(t)
        await t.types("Ada", "resolve Płatność doszła.")
        t.looks_away()
        await t.says("otwórz ponownie")
        t.desk_sees("@Ada Otwarte ponownie (Thandi).")
        t.card_shows(status="nowe")
        t.looks_away()


async def test_english_and_back() -> None:
    async with serwis("2026-11-23T10:00") as t:
        await payment(t)
        await t.says("język angielski")
        t.sees("From now on we write to you in English.")
        await t.types("Ada", "ack")
        t.sees("Ada has SER-1001 now and is looking into it.")
        t.desk_sees("✅ Zajmuje się tym Ada (Slack).")  # the desk's language stays
        await t.says("language polish")
        t.sees("Od teraz piszemy po polsku.")
        await t.answers("Ada", "Sprawdzamy.")
        t.sees("Ada (SER-1001): Sprawdzamy.")
        await t.says("język niemiecki")
        t.sees("Rozmawiamy po polsku i po angielsku: wystarczy napisać język pl albo język en.")
        t.desk_sees()


async def test_a_customer_who_is_written_to_in_english_at_a_polish_desk() -> None:
    async with serwis("2026-11-23T10:00", language="en") as t:
        await t.says("nie działa płatność za abonament")
        t.looks_away()
        t.world.look_away()
        await t.says("3")
        assert fresh(t)[0] == "SER-1001 is about: Płatności. It is to be solved by 16:00 (in 6 h)."
        t.desk_sees("Klient wybiera temat: Płatności. Termin: do 16:00 (za 6 godz.).")
        t.looks_away()


async def test_two_customers_do_not_meet() -> None:
    async with serwis("2026-11-23T10:00") as t:
        await payment(t)
        await t.world.says(SIPHO, "status")
        assert t.world.texts("whatsapp", SIPHO) == [
            "Nie ma otwartych zgłoszeń. Wystarczy opisać problem w jednej wiadomości, a otworzymy nowe."
        ]
        t.looks_away()
