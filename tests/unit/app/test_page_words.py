"""What a page and its lines in the thread say, in each language."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from bot.app.chain_wording import target, trigger, with_means
from bot.app.desk_wording import DESK_WORDS
from bot.app.promise_wording import promised
from bot.app.speech import Speech
from bot.app.why_story_wording import _tried
from bot.domain import notices as no
from bot.domain import why_notices as why
from bot.domain.ids import PageId, PersonId, TicketId

NOW = dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC)
ENGLISH, POLISH = (Speech(language=it, zone=ZoneInfo("Europe/Warsaw"), now=NOW) for it in ("en", "pl"))


def page(
    organisation: str = "Acme",
    due: dt.datetime | None = None,
    owner: str = "",
    *,
    answered: bool = False,
    last_resort: bool = False,
) -> no.PageCall:
    return no.PageCall(
        page=PageId(1), ticket=TicketId("MIT-1"), severity="High", organisation=organisation, contact="Jo",
        text="Our mail is down.", due=due, code="9089", step=1, last_resort=last_resort, owner=owner,
        answered=answered,
    )  # fmt: skip


def said(notice: no.Notice, s: Speech) -> str:
    return DESK_WORDS[type(notice)](notice, s, lambda id: {"lin": "Lin"}.get(id, id)).text


def spoken(notice: no.PageCall, s: Speech) -> str:
    return DESK_WORDS[no.PageCall](notice, s, str).spoken


@pytest.mark.parametrize(
    ("minutes", "english", "polish"),
    [
        (59, "59 minutes", "59 minut"),
        (60, "1 hour", "1 godzina"),
        (65, "1 hour 5 minutes", "1 godzina 5 minut"),
        (122, "2 hours 2 minutes", "2 godziny 2 minuty"),
        (1500, "1 day 1 hour", "1 dzień 1 godzina"),
    ],
)
def test_how_long_there_is_is_spoken_in_whole_words(minutes: int, english: str, polish: str) -> None:
    call = page("Acme Sp. z o.o.", NOW + dt.timedelta(minutes=minutes))
    assert spoken(call, ENGLISH) == (
        f"High. Acme Sp. z o.o. Our mail is down. The answer is due in {english}."
    )
    assert spoken(call, POLISH).endswith(f"Czas na odpowiedź: {polish}.")


def test_the_code_has_a_line_of_its_own_where_no_time_is_promised() -> None:
    assert said(page(), ENGLISH).endswith("Our mail is down.\nReply ACK 9089")


@pytest.mark.parametrize(
    ("owner", "answered", "head"),
    [
        ("", False, "🔴 Still nobody has it: High MIT-1"),
        ("Grace", False, "🔴 Still no answer for the customer; Grace has it: High MIT-1"),
        ("Grace", True, "🔴 Still not acknowledged; Grace has it: High MIT-1"),
    ],
)
def test_a_page_to_everyone_says_who_has_it(owner: str, answered: bool, head: str) -> None:
    assert said(page(owner=owner, answered=answered, last_resort=True), ENGLISH).startswith(head)


@pytest.mark.parametrize(
    ("owner", "reason", "line"),
    [
        ("", "", "🔴 The chain is spent and nobody has it. Paging everyone: Ada (Call)."),
        (
            "Grace",
            "",
            "🔴 The chain is spent. Grace has it, and the customer still has no answer. Paging everyone: Ada (Call).",
        ),
        (
            "Grace",
            "answered",
            "🔴 The chain is spent. Grace has it, and nobody else has acknowledged. Paging everyone: Ada (Call).",
        ),
    ],
)
def test_so_does_the_thread(owner: str, reason: str, line: str) -> None:
    told = no.DeskLine(what="page_everyone", name=owner, reason=reason, people=("Ada (Call)",))
    assert said(told, ENGLISH) == line


def test_a_skipped_step_names_whom_it_means_and_why() -> None:
    def line(what: str, *people: str) -> str:
        return said(no.DeskLine(what=f"page_skipped_{what}", text="1", people=people), ENGLISH)

    assert line("nobody", "schedule:nights", "leads") == (
        "⚠️ Step 1, schedule nights, the leads: nobody is on call. Going on."
    )
    assert line("gone", "person:lin") == "⚠️ Step 1, Lin: nobody to page. Going on."
    assert line("unable", "Lin") == "⚠️ Step 1: there is no way to reach Lin. Going on."


def test_calls_are_called_that_in_polish() -> None:
    assert with_means("Ada (Slack, Call)", POLISH) == "Ada (Slack, telefon)"
    assert with_means("Ada", POLISH) == "Ada"
    line = no.DeskLine(what="page_failed", name="Ada", text="Call", reason="busy")
    assert said(line, POLISH) == "⚠️ Ada, telefon: linia zajęta."
    assert said(no.DeskLine(what="acknowledged", name="Ada", text="Call"), POLISH).endswith("Ada (telefon).")


def test_targets_and_times_are_words() -> None:
    written = ("schedule:nights", "person:lin", "tier:2", "leads", "everyone")
    named = [[target(one, s, lambda id: id.title()) for one in written] for s in (ENGLISH, POLISH)]
    assert named == [
        ["schedule nights", "Lin", "tier 2", "the leads", "everyone"],
        ["grafik nights", "Lin", "poziom 2", "kierownicy", "wszyscy"],
    ]
    assert trigger("50% of response", ENGLISH) == "Answer, 50 % of the time"
    assert promised("same day before 15:00", POLISH) == "tego samego dnia przed 15:00"
    for text in ("same day", "next business day by 16:00", "4 business hours", "1 business day", "1h30m"):
        assert promised(text, ENGLISH) == text


def test_why_a_call_failed_is_words_too() -> None:
    call = why.Tried(
        person=PersonId("ada"), name="Ada", method="Call", at=NOW, fate=why.Fate.FAILED, error="machine"
    )
    assert _tried(call, ENGLISH) == "11:00 Call: ⚠️ failed (an answering machine)"
    assert _tried(call, POLISH) == "11:00 telefon: ⚠️ nie udało się (odebrała poczta głosowa)"


def test_whoever_is_called_in_is_named() -> None:
    def told(names: str) -> str:
        return said(no.Told(what="done_paged", ticket="MIT-1", text=names), ENGLISH)

    assert told("Grace") == "Done: Grace is paged for MIT-1."
    assert told("Grace, Lin") == "Done: Grace, Lin are paged for MIT-1."
    assert told("") == "Done: MIT-1 is being paged."
