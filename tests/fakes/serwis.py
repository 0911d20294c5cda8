"""What the tests of the Polish desk share: its questions, its advice, its customers' words."""

from __future__ import annotations

from typing import Any

from tests.builders import DESK
from tests.fakes.dialogue import Talk, talk

PAYMENT = ("nie działa płatność za abonament", "3")

MISTAKE = ("Błąd: aplikacja źle liczy VAT", "7")

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


def serwis(at: str, *, plan: str = "standard", **more: Any) -> Talk:
    return talk("serwis", at=at, plan=plan, **more)


def question(guess: str, until: str) -> str:
    known = f" Proponowany temat: {guess}." if guess else ""
    silence = f"przyjmiemy: {guess}." if guess else "ustalimy to sami."
    return (
        f"Zgłoszenie SER-1001 przyjęte.{known}\n\nCzego dotyczy sprawa? Wystarczy odpisać cyfrę:\n{TOPICS}\n\n"
        f"Bez odpowiedzi do {until} (za 1 min) {silence}"
    )


def fresh(t: Talk, channel: str = "whatsapp") -> list[str]:
    """What was sent there since the last such look, to be searched."""
    return t.world.texts(channel, DESK if channel == "slack" else "")
