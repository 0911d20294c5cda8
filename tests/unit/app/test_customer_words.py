"""The words that are commands, in either language, whatever the customer's."""

from __future__ import annotations

from bot.app.customer_words import WORDS, command_of

SAID = {
    "help": ("help", ""),
    "Pomoc!": ("help", ""),
    "status": ("status", ""),
    "nowe": ("new", ""),
    "Nowe zgłoszenie": ("new", ""),
    "new: the printer": ("new", "the printer"),
    "Nowe: drukarka nie drukuje": ("new", "drukarka nie drukuje"),
    "urgent": ("urgent", ""),
    "PILNE!!!": ("urgent", ""),
    "pilnie": ("urgent", ""),
    "pilne: serwer nie działa": ("urgent", "serwer nie działa"),
    "zamknij": ("close", ""),
    "otwórz": ("reopen", ""),
    "otworz": ("reopen", ""),
    "Otwórz ponownie.": ("reopen", ""),
}
NO_COMMAND = (
    "New laptops for the office",
    "Close the old account, please",
    "nowe konto dla Anny",
    "zamknij stare konto",
    "nie działa poczta",
    "Otwórz port 443",
)


def test_words_of_either_language() -> None:
    assert {text: command_of(text) for text in SAID} == SAID


def test_a_message_may_begin_with_one() -> None:
    assert [text for text in NO_COMMAND if command_of(text)[0] in WORDS] == []
