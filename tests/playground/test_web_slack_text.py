"""Slack's text as HTML: what its markup means, and that nothing else becomes markup."""

import re
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from playground.web.mrkdwn import Reader, mrkdwn, plain, rich_text, text_object

READER = Reader(
    zone=ZoneInfo("Africa/Johannesburg"),
    people={"U0ADA": "Ada <b>", "U0BOB": "Bob"},
    channels={"C0DESK": "desk"},
    reachable=lambda url: url.replace("https://desk.example.com", "http://127.0.0.1:8080"),
)
MENTION = '<span class="mention">{}</span>'
LINK = '<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>'


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("*bold* and _italic_ and ~gone~", "<strong>bold</strong> and <em>italic</em> and <s>gone</s>"),
        ("*_both_*", "<strong><em>both</em></strong>"),
        ("2*3*4 snake_case_name * lonely *", "2*3*4 snake_case_name * lonely *"),
        ("`a *b* <c>`", "<code>a *b* &lt;c&gt;</code>"),
        ("```\nx < y\n*z*\n```", "<pre>x &lt; y\n*z*</pre>"),
        ("one\ntwo", "one<br>two"),
        ("&gt; quoted\n&gt; more\nafter", "<blockquote>quoted<br>more</blockquote>after"),
        ("&lt;b&gt; &amp;amp; &quot;", "&lt;b&gt; &amp;amp; &amp;quot;"),
        ("hi <@U0BOB>", "hi " + MENTION.format("@Bob")),
        ("<@U0ADA>", MENTION.format("@Ada &lt;b&gt;")),
        ("<@U9|someone>", MENTION.format("@someone")),
        ("<#C0DESK>", MENTION.format("#desk")),
        ("<!here>", MENTION.format("@here")),
        ("<!subteam^S1|@ops>", MENTION.format("@ops")),
        ("<https://acme.example/a?b=1&amp;c=2>", LINK.format(*["https://acme.example/a?b=1&amp;c=2"] * 2)),
        ("<https://acme.example|here>", LINK.format("https://acme.example", "here")),
        (
            "<https://desk.example.com/board?k=1|board>",
            LINK.format("http://127.0.0.1:8080/board?k=1", "board"),
        ),
        (
            "<mailto:bob@acme.example|bob@acme.example>",
            LINK.format("mailto:bob@acme.example", "bob@acme.example"),
        ),
        ("<javascript:alert(1)|here>", "here (javascript:alert(1))"),
        ("<data:text/html,x>", "data:text/html,x"),
        (":lock: :no_such_thing: 12:30:45", "🔒 :no_such_thing: 12:30:45"),
        ("<!date^1795478400^{date_short} at {time}|then>", "Nov 24, 2026 at 02:00"),
        ("<!date^1795478400^{time_secs} {nonsense}|then>", "02:00:00 {nonsense}"),
        ("<!date^99999999999999^{time}|then>", "{time}"),
        ("<!date^soon^{time}|then>", "then"),
        ('" onclick="x', "&#34; onclick=&#34;x"),
    ],
)
def test_what_a_member_reads(said: str, seen: str) -> None:
    shown = str(mrkdwn(said, READER))
    assert (
        re.sub(r'<time datetime="[^"]*">|</time>|<span class="emoji"[^>]*>([^<]*)</span>', r"\1", shown)
        == seen
    )


@pytest.mark.parametrize(
    "said",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=y>",
        "*<b>*",
        "`<i>`",
        "```<u>```",
        "> <s>",
        ":<p>:",
        "<@<b>>",
    ],
)
def test_markup_from_people_is_text(said: str) -> None:
    escaped = said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    known = re.compile(r"</?(?:strong|em|code|pre|blockquote|br|span|a)\b[^>]*>")
    for shown in (mrkdwn(escaped, READER), mrkdwn(said, READER), plain(said)):
        left = known.sub("", str(shown))
        assert "<" not in left and ">" not in left, shown


def test_plain_text_has_no_markup_but_its_emoji() -> None:
    shown = str(plain("*not bold* <@U0BOB> :warning:\nnext"))
    assert shown.startswith("*not bold* &lt;@U0BOB&gt; <span") and shown.endswith("<br>next")
    assert text_object({"type": "plain_text", "text": "*x*"}, READER) == "*x*"
    assert text_object({"type": "mrkdwn", "text": "*x*"}, READER) == "<strong>x</strong>"
    assert text_object(None, READER) == ""


def test_rich_text_as_the_bot_writes_it() -> None:
    elements: list[dict[str, Any]] = [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "Ada", "style": {"bold": True}},
                {"type": "text", "text": " has <it>\n"},
                {"type": "user", "user_id": "U0BOB"},
                {"type": "emoji", "name": "eyes"},
                {"type": "link", "url": "javascript:x", "text": "no"},
                {"type": "date", "timestamp": 1795478400, "format": "{time}"},
                {"type": "channel", "channel_id": "C0DESK"},
            ],
        },
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "down\n"}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "a < b"}]},
        {
            "type": "rich_text_list",
            "style": "ordered",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "one"}]}],
        },
    ]
    shown = str(rich_text(elements, READER))
    assert shown.startswith("<strong>Ada</strong> has &lt;it&gt;<br>" + MENTION.format("@Bob"))
    assert "👀" in shown and "no (javascript:x)" in shown and ">02:00</time>" in shown and "#desk" in shown
    assert shown.endswith("<blockquote>down</blockquote><pre>a &lt; b</pre><ol><li>one</li></ol>")
