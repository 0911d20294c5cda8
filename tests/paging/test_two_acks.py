"""Two acknowledge: one has it, the other is told who."""

from tests.fakes.line import Line, line
from tests.paging.test_ack_from_each_place import TEAM, paged_together


async def test_one_after_the_other() -> None:
    async with line(steps=TEAM) as t:
        await paged_together(t)
        await t.engineer("Grace").taps()
        t.looks_away()
        await t.engineer("Ada").texts(f"ack {t.code('Ada')}")
        t.reads("Ada", "sms: Grace has MIT-1001 already.")
        await t.engineer("Ada").taps()
        t.reads("Ada", "slack: Grace has MIT-1001 already.")
        await t.engineer("Lin").taps_telegram()
        t.reads("Lin", "telegram toast: Grace has MIT-1001 already.")
        await t.engineer("Grace").taps()
        t.thread_says()
        t.customer_reads()


async def test_in_the_same_moment() -> None:
    async with line(steps=TEAM) as t:
        await paged_together(t)
        await t.at_once(
            t.engineer("Ada").texts(f"ack {t.code('Ada')}"),
            t.engineer("Lin").taps_telegram(),
            t.engineer("Grace").taps(),
        )
        has_it = _who_has_it(t)
        texts = [
            s.text for s in t.take_all() if "has MIT-1001 already" in s.text or "You have MIT-1001." in s.text
        ]
        assert set(texts) <= {f"{has_it} has MIT-1001 already.", "You have MIT-1001."}
        assert texts.count("You have MIT-1001.") <= 1
        await t.passes(minutes=15)


def _who_has_it(t: Line) -> str:
    """Exactly one line in the thread says it."""
    lines = t.thread_lines()
    assert len(lines) == 1, lines
    return lines[0].split()[1]
