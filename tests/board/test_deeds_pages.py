"""Forms and answers of a ticket's page, with other pages open beside it."""

from __future__ import annotations

from tests.board.browser import logged_in
from tests.board.test_deeds import TICKET, settled, told
from tests.fakes.line import line


async def test_the_same_form_with_another_text_is_another_note() -> None:
    """A page that was gone back to still has its old form."""
    async with line() as t, logged_in(t) as ada:
        await t.emergency()
        for text in ("first", "second"):
            assert "has your note" in await told(ada, "note", text=text, once="a")
        page = (await ada.gets(f"/board/ticket/{TICKET}")).text
        assert "first" in page and "second" in page
        await settled(t)
        t.looks_away()


async def test_what_came_of_it_is_said_on_the_page_that_is_opened() -> None:
    """Not in what a script fetches meanwhile, nor on another ticket's page."""
    async with line() as t, logged_in(t) as ada:
        await t.emergency()
        await ada.does("note", TICKET, text="looked at the logs")
        fetched = await ada.gets(f"/board/ticket/{TICKET}", headers={"sec-fetch-dest": "empty"})
        await ada.gets("/board/ticket/MIT-1002")
        opened = await ada.gets(f"/board/ticket/{TICKET}", headers={"sec-fetch-dest": "document"})
        assert ['class="flash"' in page.text for page in (fetched, opened)] == [False, True]
        await settled(t)
        t.looks_away()
