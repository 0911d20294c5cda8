"""What the words of a first message say: how urgent it sounds, whether it is a request at all."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from escalation.policy import Policy, Severity


def folded(text: str) -> str:
    """Without case and diacritics, so that `dziekuje` is as good as `Dziękuję`."""
    if text.isascii():
        return text.casefold()
    apart = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l"))
    return "".join(c for c in apart if not unicodedata.combining(c))


_WORD = re.compile(r"\w+")


def _tokens(text: str) -> list[str]:
    return _WORD.findall(folded(text))


_GREETINGS = frozenset(
    _tokens(
        "hi hello hey hallo hola good morning afternoon evening day start there team all "
        "dzień dobry dobrego dnia wieczór cześć hej hejka halo witam witajcie witaj siema serwus "
        "szanowni państwo państwa wszystkim zespole"
    )
)
_THANKS = frozenset(
    _tokens(
        "thanks thank you thx ty ok okay great perfect cheers super works it now all good fixed solved resolved "
        "yes so much very "
        "dziękuję dziękujemy dzięki dziękować podziękowania bardzo serdecznie pięknie ślicznie wielkie za szybką "
        "pomoc reakcję odpowiedź okej oki świetnie dobrze idealnie rewelacja doskonale fajnie git spoko tak już "
        "teraz wszystko jest w porządku działa gra pomogło naprawione rozwiązane rozwiązany załatwione "
        "pozdrawiam miłego dnia"
    )
)
_YES = (
    "yes", "y", "yeah", "yep", "yup", "ok", "okay", "agreed", "i agree", "agree", "sure", "of course", "fine",
    "go ahead", "do it", "accepted", "call now", "that works", "tak", "t", "zgoda", "zgadzam się", "zgadzamy się", "wyrażam zgodę", "dobrze",
    "dobra", "okej", "oki", "jasne", "pewnie", "oczywiście", "akceptuję", "akceptujemy", "potwierdzam",
    "może być", "no tak", "no dobrze", "no dobra",
)  # fmt: skip
_NO = (
    "no", "n", "nope", "nah", "not agreed", "disagree", "i disagree", "don t agree", "do not agree", "not now",
    "no way", "no wait", "nie", "nie zgadzam się", "nie zgadzamy się", "nie zgoda", "brak zgody", "nie wyrażam zgody",
    "nie akceptuję", "nie teraz", "nie trzeba", "odmawiam", "rezygnuję",
)  # fmt: skip
_POLITE = ("please", "thanks", "thank you", "proszę", "dziękuję", "dzięki", "bardzo")


def _saying(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """One of the phrases, then more of them or politeness."""
    first, more = (
        "|".join(" ".join(_tokens(p)) for p in several) for several in (phrases, phrases + _POLITE)
    )
    return re.compile(rf"({first})( ({more}))*")


_SAYS_YES, _SAYS_NO = _saying(_YES), _saying(_NO)


@lru_cache(maxsize=64)
def _spaced(text: str) -> str:
    return f" {' '.join(_tokens(text))} "


@lru_cache(maxsize=256)
def _spoken(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_spaced(word) for word in words)


def is_greeting(text: str) -> bool:
    """Nothing but a hello: no ticket comes of it."""
    tokens = _tokens(text)
    return not tokens or (len(tokens) <= 4 and all(t in _GREETINGS for t in tokens))


def is_thanks(text: str) -> bool:
    """Nothing but thanks: a resolved ticket stays resolved."""
    tokens = _tokens(text)
    return not tokens or (len(tokens) <= 6 and all(t in _THANKS for t in tokens))


def is_yes(text: str) -> bool:
    """An agreement and hardly more: `OK`, `Tak, zgadzam się.`, `Yes, that works`."""
    return _says(_SAYS_YES, text) or (_begins(_YES_FIRST, text) and not _NOT_YES.search(text.casefold()))


def is_no(text: str) -> bool:
    """A refusal and hardly more: `no, thanks`, `No, wait`, `Nie zgadzam się`; not `no problem`. What is neither has to
    be asked again."""
    return _says(_SAYS_NO, text) or (_begins(_NO_FIRST, text) and not _NOT_NO.search(text.casefold()))


_YES_FIRST, _NO_FIRST = frozenset({"yes", "tak"}), frozenset({"no", "nie"})
_NOT_NO = re.compile(r"\b(problem\w*|worr\w+|rush|ma sprawy|szkodzi|działa|works?|idea|one|longer)\b")
_NOT_YES = re.compile(r"\b(but|not|no|ale|lecz|nie|when|kiedy|how|ile|if|jeśli|wait|czekaj\w*)\b")
_SHORT = 4


def _begins(words: frozenset[str], text: str) -> bool:
    """The word, set apart from the few that follow: `No internet here` and `nie ma prądu` refuse nothing."""
    tokens = _tokens(text)
    apart = re.match(r"\W*\w+\s*[,.!;:–-]", text) is not None
    return apart and 1 < len(tokens) <= _SHORT and tokens[0] in words


_WORKS = frozenset(
    {"it works", "works", "works now", "it works now", "działa", "już działa", "wszystko działa"}
)


def says_it_works(text: str) -> bool:
    """The words of the button that confirms a resolution."""
    return " ".join(_tokens(text)) in {" ".join(_tokens(w)) for w in _WORKS}


def _says(wanted: re.Pattern[str], text: str) -> bool:
    tokens = _tokens(text)
    return len(tokens) <= 3 and wanted.fullmatch(" ".join(tokens)) is not None


def words_found(text: str, words: tuple[str, ...]) -> int:
    """How many of these words and phrases stand in the text, as whole words."""
    haystack = _spaced(text)
    return sum(word in haystack for word in _spoken(words))


def propose(text: str, policy: Policy, *, vip: bool = False) -> Severity:
    """The severity that the words sound like: most of its words found wins, the more urgent one in a tie.

    Without any, the second least urgent (a plain problem), or the only one. A VIP's ticket is at least
    `policy.vip_at_least`.
    """
    scores = [words_found(text, s.words) for s in policy.severities]
    best = max(scores)
    if best:
        found = policy.severities[scores.index(best)]
    else:
        found = policy.severities[-2] if len(policy.severities) > 2 else policy.severities[-1]
    if vip and policy.vip_at_least:
        return policy.more_urgent(found.id, policy.vip_at_least)
    return found
