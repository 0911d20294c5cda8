"""Support of an online application, in Polish on both sides: what it is about decides how fast it is solved."""

from __future__ import annotations

import pytest

from bot.domain import events as ev
from bot.domain.events import How
from tests.fakes.serwis import ERROR_STEPS, MISTAKE, PAYMENT, PAYMENT_STEPS, fresh, question, serwis

"""To be solved the same day."""
"""To be solved in 24 to 48 hours of business days."""
OUTAGE_STEPS = """Co można w tym czasie sprawdzić:
1. Sprawdź, czy działają inne strony internetowe.
2. Spróbuj na innym urządzeniu, na przykład na telefonie."""


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
            facts=("Płatności (propozycja)",),
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


# ---------------------------------------------------------------- an engineer at work
async def test_an_engineer_works_in_polish() -> None:
    async with serwis("2026-11-23T10:00") as t:
        await t.reports(*PAYMENT)
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
        await t.reports(*MISTAKE)
        listed = await t.world.commands("U0ADA", "status")
        assert listed.startswith("SER-1001 ")
        assert listed.endswith("Acme Clinics: nowe, jeszcze nikt, termin do środy, 10:00")


async def test_why_skips_the_holiday() -> None:
    async with serwis("2026-11-10T16:30") as t:
        await t.reports(*PAYMENT)
        why = await t.types("Ada", "why")
        assert why.startswith(
            "Skąd termin SER-1001:\nRozwiązanie\nwt. 10 lis: zamknięte\nśr. 11 lis: święto\n"
            "czw. 12 lis 09:00-16:00: liczy się 7 godz.\ntermin: czw. 12 lis 16:00"
        )


async def test_waiting_for_the_customer_stops_the_time_and_moves_the_promise() -> None:
    async with serwis("2026-11-23T10:00") as t:
        await t.reports(*MISTAKE)
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
        await t.reports(*PAYMENT)
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
        await t.reports(*MISTAKE)
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
        await t.reports(*PAYMENT)
        await t.types("Ada", "resolve Płatność doszła.")
        t.looks_away()
        await t.taps("works")
        t.sees("Zgłoszenie SER-1001 zamknięte, dziękujemy. W razie potrzeby jesteśmy tutaj.")
        t.desk_sees("Zamknięte (Thandi).")
        t.card_shows(status="zamknięte", choices=())
