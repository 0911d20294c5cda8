"""Slack's marked-up text and what a person reads of it."""

import pytest

from channels.slack.text import cut, escaped, readable


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"),
        ("&amp;lt;", "&lt;"),
        ("<@U0ADA> look", "@U0ADA look"),
        ("<@U0ADA|ada> look", "@U0ADA look"),
        ("<#C0DESK|desk> and <#C0X>", "#desk and #C0X"),
        ("<!channel> <!here|here> <!subteam^S1|@ops> <!subteam^S1>", "@channel @here @ops @subteam"),
        ("<!date^1795428000^{date}|23 November>", "23 November"),
        ("<https://a.example/x?a=1&amp;b=2>", "https://a.example/x?a=1&b=2"),
        ("<https://a.example|our page>", "our page (https://a.example)"),
        ("<http://a.example|a.example>", "a.example"),
        ("<mailto:t@a.example|t@a.example>", "t@a.example"),
        ("<tel:+27115550001|+27115550001>", "+27115550001"),
        ("<mailto:t@a.example|Thandi>", "Thandi (t@a.example)"),
        ("no <> token < here", "no  token < here"),
        ("<" * 5000, "<" * 5000),
    ],
)
def test_incoming_text_becomes_readable(raw: str, read: str) -> None:
    assert readable(raw) == read


def test_what_goes_out_can_neither_mention_nor_link() -> None:
    assert (
        escaped("<!channel> <@U1> & <http://x|y>") == "&lt;!channel&gt; &lt;@U1&gt; &amp; &lt;http://x|y&gt;"
    )


def test_a_cut_shows() -> None:
    assert (cut("short", 10), cut("0123456789x", 10), cut("abc", 0)) == ("short", "012345678…", "…")
