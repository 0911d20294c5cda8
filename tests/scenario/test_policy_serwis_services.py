"""serwis: services on request, and what the support does not cover."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.fakes.dialogue import Talk
from tests.fakes.serwis import MISTAKE, fresh, serwis

"""To be solved in 24 to 48 hours of business days."""


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
            "Szkolenie jest bezpłatne. Datę ustalimy w zależności od dostępnych terminów."
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
            assert about.endswith(
                "Szkolenie jest bezpłatne. Datę ustalimy w zależności od dostępnych terminów."
            )
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
            "Instalujemy raz i bezpłatnie, bez późniejszych aktualizacji i ponownych instalacji. "
            "Najpierw ustalimy warunki techniczne, potem termin."
        )
        t.desk_sees("Prośba o usługę: Instalacja panelu klienckiego, jest w pakiecie klienta.")
        await t.types("Ada", "resolve Panel zainstalowany.")
        await t.says("zamknij")
        t.looks_away()
        t.world.look_away()
        await t.says("Prosimy zainstalować panel na nowym serwerze")
        assert fresh(t)[1] == (
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


@pytest.mark.parametrize(
    "words", ["Prosimy o szkolenie dla zespołu", "Prosimy o instalację panelu klienckiego"]
)
async def test_a_service_is_arranged_and_has_no_promise_of_a_time(words: str) -> None:
    async with serwis("2026-11-23T10:00", plan="all-in-one", since=dt.date(2026, 11, 20)) as t:
        await t.says(words)
        promise, _ = t.read()
        assert promise == "Zgłoszenie SER-1001 przyjęte. Odezwiemy się tutaj, żeby ustalić termin."
        t.card_shows(clock="bez terminu", bar="", urgency=0)
        t.looks_away()
        await t.says("status")
        t.sees("SER-1001: czeka na inżyniera")
        await t.passes(days=10)
        assert await t.breaches() == []
        t.desk_sees()


async def test_when_a_service_is_given_is_agreed_on() -> None:
    async with serwis("2026-11-23T10:00", plan="trial") as t:
        await t.says("Prosimy o szkolenie dla zespołu")
        t.looks_away()
        assert await t.types("Ada", "due piątek 12:00") == (
            "Klient dostał pytanie, czy SER-1001 może być gotowe do piątku, 12:00."
        )
        t.looks_away()
        await t.says("Tak, pasuje")
        t.sees("Ustalone: SER-1001 będzie gotowe do piątku, 12:00.")
        t.card_shows(clock="jeszcze 4 dni 2 godz., rozwiązanie najpóźniej w piątek o 12:00")
        await t.until("2026-11-27T12:01")
        assert await t.breaches() == [("resolution", "2026-11-27T12:00")]
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
            "Dziękujemy za pomysł: przekażemy go zespołowi, ale nie możemy obiecać, czy i kiedy zostanie zrealizowany.",
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
        await t.reports(*MISTAKE)
        await t.types("Ada", "exclude data")
        t.looks_away()
        await t.until("2026-11-24T10:00")
        await t.says("To wasz import zepsuł te dane")
        t.desk_sees("Thandi: To wasz import zepsuł te dane")
        await t.clicks("Ada", "exclude", "-")
        t.sees("SER-1001 jednak mieści się w naszym wsparciu, Ada działa dalej.")
        t.desk_sees("Ada: jednak w zakresie wsparcia.")
        t.card_shows(clock="jeszcze 2 dni, rozwiązanie najpóźniej w czwartek o 10:00")


async def test_what_is_not_covered_is_said_in_the_status() -> None:
    async with serwis("2026-11-23T10:00") as t:
        await t.reports(*MISTAKE)
        await t.types("Ada", "exclude data")
        t.looks_away()
        await t.until("2026-11-25T12:00")
        await t.says("status")
        t.sees("SER-1001 (Błąd w aplikacji): poza zakresem naszego wsparcia")
        t.card_shows(clock="jeszcze 2 dni, czas stoi: poza zakresem wsparcia")
        assert await t.breaches() == []
