"""What people write is text, wherever it stands."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from playwright.async_api import expect

from tests.browser.desk import Desk, desk
from tests.browser.visitor import Opens, Visitor

IMAGE = "<img src=x onerror=harmed=1>"
SCRIPT = "<script>harmed=1</script>"
QUOTES = "\"'><svg onload=harmed=1>&lt;b&gt;"
HARMFUL = f"{IMAGE} {SCRIPT} {QUOTES} javascript:harmed=1"


async def _renamed(d: Desk, **names: str) -> None:
    """The configuration says so from now on: a name is as long and as strange as people make it."""
    _write(d.t.bot.path, {old.replace("_", " "): new for old, new in names.items()})
    assert (await d.t.bot.standby.reload()).problems == ()


def _write(path: Path, names: Mapping[str, str]) -> None:
    text = path.read_text("utf-8")
    for old, new in names.items():
        assert f'"{old}"' in text
        text = text.replace(f'"{old}"', f"'''{new}'''")
    path.write_text(text, "utf-8")


async def _is_only_text(visitor: Visitor, *texts: str) -> None:
    for text in texts:
        await expect(visitor("main")).to_contain_text(text)
    assert await visitor("main img, main script, svg[onload]").count() == 0
    assert not await visitor.ran_a_script()


async def test_words_and_names_with_markup(opens: Opens) -> None:
    """In lines that come over the stream, on the page of the ticket, and after a reload."""
    async with desk(opens) as d:
        await _renamed(d, Acme_Clinics=f"Acme {IMAGE}", Grace=f"Grace {SCRIPT}", Thandi=f"Thandi {QUOTES}")
        ada = await d.logs_in("Ada")
        await d.emergency(HARMFUL)
        await expect(ada("#t-MIT-1001")).to_contain_text(SCRIPT)
        await d.t.engineer("Grace").types("take MIT-1001")
        await _is_only_text(ada, IMAGE, QUOTES, f"Acme {IMAGE}", f"Grace {SCRIPT}")
        await ada.page.reload()
        await d.is_live(ada)
        await _is_only_text(ada, IMAGE, QUOTES, f"Acme {IMAGE}", f"Grace {SCRIPT}")
        await ada("#t-MIT-1001 .ref").click()
        await d.is_live(ada)
        await ada.page.get_by_label("A note for colleagues").fill(HARMFUL)
        await ada.page.get_by_role("button", name="Note", exact=True).click()
        await expect(ada("#timeline blockquote").first).to_have_text(HARMFUL)
        await _is_only_text(ada, f"Thandi {QUOTES}", f"Grace {SCRIPT}")
        await d.goes(ada, "/board/figures")
        await _is_only_text(ada)


async def test_a_filter_says_a_name_as_it_is(opens: Opens) -> None:
    async with desk(opens) as d:
        await _renamed(d, Acme_Clinics=f"</option></select>{IMAGE}")
        ada = await d.logs_in("Ada")
        await d.emergency()
        await d.t.other_customer.writes("The printer is slow")
        await d.t.other_customer.answers("4")
        await expect(ada("#lines > .line")).to_have_count(2)
        await ada.page.reload()
        await d.is_live(ada)
        options = await ada("#filter option").all_inner_texts()
        assert f"</option></select>{IMAGE}" in options
        await _is_only_text(ada)


async def test_an_address_with_markup_does_nothing(opens: Opens) -> None:
    async with desk(opens) as d:
        ada = await d.logs_in("Ada")
        ada.foretells("404")
        for path in (
            f"/board/{IMAGE}",
            f"/board/ticket/{SCRIPT}",
            f"/board?team={SCRIPT}",
            f"/board?{QUOTES}",
        ):
            await d.goes(ada, path)
            await _is_only_text(ada)
