"""serwis: the email address, and the words that a customer may say."""

from __future__ import annotations

import pytest

from tests.builders import SIPHO
from tests.fakes.serwis import PAYMENT, PAYMENT_STEPS, fresh, question, serwis

"""To be solved the same day."""
NO_EMAIL = "\n\nBrakuje nam adresu e-mail. Prosimy go tu podać."
EMAIL_MISSING = "Brakuje danych kontaktu: e-mail. Klient dostał prośbę o uzupełnienie."


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
        t.sees("Dziękujemy. Zapisane przy zgłoszeniu SER-1001: Sipho.")
        t.desk_sees("Klient się przedstawia: Sipho, jan@firma.pl.")
        t.card_shows(customer="Sipho, Acme Clinics")  # whoever is listed has a name


async def test_without_an_email_the_ticket_goes_on_all_the_same() -> None:
    async with serwis("2026-11-23T10:00", customer="sipho") as t:
        await t.reports(*PAYMENT)
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
        await t.reports(*PAYMENT)
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
        await t.reports(*PAYMENT)
        t.world.look_away()
        await t.says(words)
        lines = fresh(t, "slack")
        assert "@Ada @Grace 🟠 Klient pisze, że to pilne." in lines
        assert any(line.startswith("Thandi: ") for line in lines)
        t.paged()  # nobody's phone rings in this policy
        t.looks_away()


async def test_a_new_ticket_by_a_word() -> None:
    async with serwis("2026-11-23T10:00") as t:
        await t.reports(*PAYMENT)
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
        await t.reports(*PAYMENT)
        await t.says("zamknij")
        t.sees("Zgłoszenie SER-1001 zamknięte, dziękujemy. W razie potrzeby jesteśmy tutaj.")
        t.desk_sees("Zamknięte (Thandi).")
        await t.passes(days=2)
        assert await t.breaches() == []


async def test_opened_again_by_a_word() -> None:
    async with serwis("2026-11-23T10:00") as t:
        await t.reports(*PAYMENT)
        await t.types("Ada", "resolve Płatność doszła.")
        t.looks_away()
        await t.says("otwórz ponownie")
        t.desk_sees("@Ada Otwarte ponownie (Thandi).")
        t.card_shows(status="nowe")
        t.looks_away()


async def test_english_and_back() -> None:
    async with serwis("2026-11-23T10:00") as t:
        await t.reports(*PAYMENT)
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
        await t.reports(*PAYMENT)
        await t.world.says(SIPHO, "status")
        assert t.world.texts("whatsapp", SIPHO) == [
            "Nie ma otwartych zgłoszeń. Wystarczy opisać problem w jednej wiadomości, a otworzymy nowe."
        ]
        t.looks_away()


@pytest.mark.parametrize("words", ["Działa", "już działa!", "Wszystko działa."])
async def test_it_works_closes_what_is_resolved_and_nobody_is_asked_how_it_was(words: str) -> None:
    async with serwis("2026-11-23T10:00") as t:
        await t.reports(*PAYMENT)
        await t.types("Ada", "resolve Płatność doszła.")
        t.looks_away()
        await t.says(words)
        t.sees("Zgłoszenie SER-1001 zamknięte, dziękujemy. W razie potrzeby jesteśmy tutaj.")
        t.desk_sees("Zamknięte (Thandi).")
        t.card_shows(status="zamknięte")


async def test_thanks_after_the_end_open_nothing() -> None:
    async with serwis("2026-11-23T10:00") as t:
        await t.reports(*PAYMENT)
        await t.types("Ada", "resolve Płatność doszła.")
        await t.taps("works")
        t.looks_away()
        await t.says("Dziękuję bardzo!")
        t.sees("Nie ma za co. W razie potrzeby wystarczy tu napisać.")
        t.desk_sees()
        await t.taps("reopen")
        t.sees("Zgłoszenie SER-1001 jest zamknięte. Wystarczy napisać, co się dzieje, a otworzymy kolejne.")
