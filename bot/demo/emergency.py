"""The emergency by chat: a customer writes, the engineer on standby sleeps, the next one has it."""

from __future__ import annotations

from bot.demo import stage as st
from bot.demo.teller import Chapter, NotSeen, Story, at
from playground.twilio.people import MACHINE, UNANSWERED

TITLE = """An emergency at 02:00. Acme Clinics are looked after by a desk of three: Ada is on standby, Grace is the next
step, Lin leads. Time is on the left, as a clock on the wall in Johannesburg shows it.
"""


async def _raise(s: Story) -> None:
    s.chapter("Thandi writes on WhatsApp; the desk sees a card at once")
    await s.play.twilio.whatsapp_says(st.THANDI, "Our mail server is down, nobody can work", to=st.WHATSAPP)
    await s.sees("the severity is asked", at("twilio", "whatsapp", "MIT-1001", "1 Emergency", to=st.THANDI))
    card = await s.sees("the card", at("slack", "message", "MIT-1001", "Acme Clinics", where=st.DESK))
    s.card = card.id


async def _confirm(s: Story) -> None:
    s.chapter("She answers with one digit; Ada is paged, she is told by when")
    await s.play.twilio.whatsapp_says(st.THANDI, "1", to=st.WHATSAPP)
    await s.sees("the promise", at("twilio", "whatsapp", "Emergency", "by 03:00", to=st.THANDI))
    await s.sees("the page by chat", at("slack", "dm", "MIT-1001", to=st.ADA))
    await s.sees("the page by SMS", at("twilio", "sms", "MIT-1001", "ACK", to=st.ADA_PHONE))
    await s.sees("the thread says who is paged", at("slack", "message", "Ada", where=st.DESK, thread=s.card))
    await s.sees("the card says so too", at("slack", "edited", "Paging Ada", where=st.DESK))


async def _unanswered(s: Story) -> None:
    s.chapter(
        "Ada does not wake up. Her phone rings: her voicemail picks up, which is no answer. It rings again"
    )
    s.play.twilio.phones.script(st.ADA_PHONE, MACHINE, UNANSWERED)
    s.stage.jump(minutes=1)
    await s.sees("her phone rings", at("twilio", "call_rings", to=st.ADA_PHONE))
    await s.sees("the call says what it is about", at("twilio", "call_heard", "Emergency", to=st.ADA_PHONE))
    await s.sees(
        "the thread knows", at("slack", "message", "an answering machine", where=st.DESK, thread=s.card)
    )
    after = len(s.play.journal)
    s.stage.jump(minutes=2)
    await s.sees("it rings again", at("twilio", "call_rings", to=st.ADA_PHONE), after=after)
    s.chapter("After five minutes the next step: Grace")
    s.stage.jump(minutes=2)
    await s.sees("the next step's chat page", at("slack", "dm", "MIT-1001", to=st.GRACE))
    await s.sees("the next step's SMS", at("twilio", "sms", "MIT-1001", "ACK", to=st.GRACE_PHONE))
    await s.sees("the countdown on the card", at("slack", "edited", "55 min left", where=st.DESK))


async def _acknowledge(s: Story) -> None:
    page = next(e for e in s.play.journal.entries("slack", "dm") if e.to == st.GRACE)
    s.chapter("Grace taps Acknowledge; card, messages and customer all show it")
    action = next(a["action_id"] for b in page.raw["blocks"] if b["type"] == "actions" for a in b["elements"])
    await s.play.slack.press(st.GRACE, page.where, page.id, action)
    await s.sees(
        "the customer knows who has it", at("twilio", "whatsapp", "Grace* has MIT-1001", to=st.THANDI)
    )
    await s.sees("her own message says so", at("slack", "edited", "You have MIT-1001", where=page.where))
    await s.sees("the card says so", at("slack", "edited", "Grace", where=st.DESK))
    await s.sees("Ada may sleep on", at("twilio", "sms", "Grace has MIT-1001", to=st.ADA_PHONE))


async def _countdown(s: Story) -> None:
    s.chapter("The card counts down by itself")
    s.stage.jump(minutes=5)
    await s.sees("50 minutes", at("slack", "edited", "50 min left", where=st.DESK))
    s.stage.jump(minutes=5)
    await s.sees("45 minutes", at("slack", "edited", "45 min left", where=st.DESK))


async def _talk(s: Story) -> None:
    s.chapter("Both write; a line with // stays inside, and each line gets its mark")
    await s.play.slack.message(
        st.DESK, st.GRACE, "The mail queue is full. Clearing it now, 10 minutes.", s.card
    )
    await s.sees("the reply", at("twilio", "whatsapp", "Grace", "Clearing it now", to=st.THANDI))
    await s.sees("its mark", at("slack", "reaction", where=st.DESK))
    await s.play.slack.message(st.DESK, st.GRACE, "// same disk as in March, order a bigger one", s.card)
    await s.sees("the inside mark", lambda e: e.kind == "reaction" and "lock" in e.text)
    await s.play.twilio.whatsapp_says(st.THANDI, "Thank you! First mails are coming in", to=st.WHATSAPP)
    await s.sees("the customer's words", at("slack", "message", "First mails", where=st.DESK, thread=s.card))
    leaked = [e for e in s.play.journal if e.platform == "twilio" and "bigger one" in e.text]
    if leaked:
        raise NotSeen("an internal line reached the customer")


async def _resolve(s: Story) -> None:
    s.chapter("Grace resolves it; Thandi confirms")
    await s.play.slack.command(
        st.GRACE, st.DESK, "/standby", "resolve MIT-1001 The queue is empty and mail flows again."
    )
    await s.sees(
        "the customer hears it", at("twilio", "whatsapp", "resolved", "mail flows again", to=st.THANDI)
    )
    await s.sees("the card is done", at("slack", "edited", "resolved", where=st.DESK))
    await s.play.twilio.whatsapp_says(st.THANDI, "close", to=st.WHATSAPP)
    await s.sees("closed, with thanks", at("twilio", "whatsapp", "MIT-1001* is closed", to=st.THANDI))


CHAPTERS: tuple[Chapter, ...] = (
    _raise,
    _confirm,
    _unanswered,
    _acknowledge,
    _countdown,
    _talk,
    _resolve,
)
