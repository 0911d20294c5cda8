"""The playground by hand: what each screen can do, with nobody telling a story."""

from __future__ import annotations

import re

from playwright.async_api import expect

from tests.browser.player import OUTAGE, plays
from tests.browser.visitor import NARROW, Opens

HARM = "<img src=x onerror=harmed=1><script>harmed=1</script><b>down</b> & &lt;i&gt;"


async def test_an_emergency_from_the_first_word_to_the_answer(opens: Opens) -> None:
    """WhatsApp, the card, Ada's page and its button, a line in the thread, and one that stays inside."""
    async with plays(await opens()) as player:
        await player.reports()
        await expect(player.card).to_contain_text("Emergency · MIT-1001")
        await expect(player.card).to_contain_text(OUTAGE)
        await expect(player.engineer.get_by_role("log")).to_contain_text("MIT-1001")
        await player.is_in_slack("Ada", "Standby")
        page = player.slack.get_by_role("log").locator(".by-app").first
        await page.get_by_role("button", name="Acknowledge").click()
        await player.hears("Ada", "has MIT-1001")
        await player.is_in_slack("Ada", "desk")
        await expect(player.card).to_contain_text("Ada")
        await player.card.get_by_role("button", name=re.compile("repl")).click()
        await player.replies("The disk is full, I am clearing it now")
        await player.hears("The disk is full, I am clearing it now")
        await player.replies("// the same disk as in March")
        await player.writes("Thandi", "Thank you, mails are coming in")
        thread = player.slack.get_by_role("complementary", name="Thread")
        await expect(thread).to_contain_text("Thank you, mails are coming in")
        await expect(player.customer).not_to_contain_text("March")


async def test_a_form_of_slack(opens: Opens) -> None:
    """Resolve opens it; what is missing is said at its field; Escape closes it; sent in, the customer has the words."""
    async with plays(await opens()) as player:
        await player.reports()
        await expect(player.card).to_contain_text("Paging Ada")
        await player.card.get_by_role("button", name="Resolve").click()
        form = player.slack.get_by_role("dialog")
        await expect(form).to_be_visible()
        await player.sees.keys("Escape")
        await expect(form).to_have_count(0)
        await player.card.get_by_role("button", name="Resolve").click()
        await form.get_by_role("textbox").first.fill("The queue is empty")
        await form.locator("button[type=submit]").click()
        await expect(form).to_have_count(0)
        await player.hears("The queue is empty")
        await expect(player.card).to_contain_text("resolved")


async def test_what_people_type_is_text_everywhere(opens: Opens) -> None:
    async with plays(await opens()) as player:
        await player.reports(HARM)
        await expect(player.card).to_contain_text("<b>down</b>")
        await player.card.get_by_role("button", name=re.compile("repl")).click()
        await player.replies(f"Seen: {HARM}")
        await player.hears(f"Seen: {HARM}")
        await player.is_in_slack("Grace", "Standby")
        await player.says_in_slack(HARM)
        await expect(player.slack.get_by_role("log").first).to_contain_text(HARM)
        for screen in ("#customer", "#slack", "#engineer", "#telephone"):
            assert await player.sees(f"{screen} :is(img, script, b, i)").count() == 0
        assert not await player.sees.ran_a_script()


async def test_the_emergency_line(opens: Opens) -> None:
    """A caller, key 2; Ada's phone rings, she answers, key 1: they are put through, and one of them hangs up."""
    async with plays(await opens()) as player:
        await player.telephone.get_by_role("button", name="Call the emergency line").click()
        await expect(player.telephone).to_contain_text("press 2")
        await player.telephone.get_by_role("button", name="2", exact=True).click()
        await expect(player.engineer).to_contain_text("Rings")
        await expect(player.card).to_contain_text("MIT-1001")
        await player.engineer.get_by_role("button", name="Answer").click()
        await expect(player.engineer).to_contain_text("Press 1")
        await player.engineer.get_by_role("button", name="1", exact=True).click()
        await expect(player.telephone).to_contain_text("Talking to Ada")
        await expect(player.engineer).to_contain_text("Talking to")
        await player.telephone.get_by_role("button", name="Hang up").click()
        await expect(player.telephone.get_by_role("button", name="Call the emergency line")).to_be_visible()
        await expect(player.telephone.locator(".past summary")).to_have_count(1)
        await expect(player.card).to_contain_text("Ada")


async def test_the_emergency_line_by_keys_on_a_phone(opens: Opens) -> None:
    """The keys of a keyboard are those of the keypad; the tab of a phone that rings says so."""
    async with plays(await opens(width=NARROW)) as player:
        await player.turns_to("Telephone")
        await player.telephone.get_by_role("button", name="Call the emergency line").click()
        await expect(player.telephone).to_contain_text("press 2")
        await player.sees.keys("2")
        await expect(player.sees("nav.screens [data-show=engineer]")).to_have_class(re.compile("rings"))
        await player.turns_to("Engineer")
        await player.engineer.get_by_role("button", name="Decline").click()
        await expect(player.engineer.get_by_role("button", name="Grace")).to_contain_text("rings")
        await player.engineer.get_by_role("button", name="Ada").click()
        await expect(player.engineer.locator(".past")).to_contain_text("declined")
