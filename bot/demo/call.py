"""The emergency line: one caller is put through to an engineer, another reaches nobody and is called back."""

from __future__ import annotations

from typing import Any

import httpx

from bot.demo import stage as st
from bot.demo.teller import Chapter, NotSeen, Story, at
from playground.twilio.conversations import conversations, most_at_once
from playground.twilio.people import BY_HAND, answers

TITLE = """Two calls at 02:00 on a Sunday. Acme Clinics and Baobab Books are looked after by a desk of three: Ada is on
standby, Grace is the next step, Lin leads. Time is on the left, as a clock on the wall in Johannesburg shows it.
"Phone of Ada" is what is heard on Ada's phone, "Phone Ada →" what is done with it: [1] is a key.
"""
SAID = "The tills in all our shops are down."


async def _call(s: Story, number: str, who: str) -> Any:
    """They call, hear the greeting and press 2."""
    s.play.twilio.phones.default = BY_HAND
    caller = await s.play.twilio.phones.call(number)
    await s.sees("the greeting", at("twilio", "call_heard", "Welcome", "press 2", to=number))
    s.stage.jump(seconds=7)
    await s.play.twilio.phones.press(caller, "2")
    await s.sees("the reference is spoken", at("twilio", "call_heard", "Your reference", to=number))
    card = await s.sees("the card", at("slack", "message", who, where=st.DESK, thread=""))
    s.card = card.id
    return caller


async def _thread(s: Story, what: str, *words: str) -> Any:
    return await s.sees(what, at("slack", "message", *words, where=st.DESK, thread=s.card))


async def _raise(s: Story) -> None:
    s.chapter("Thandi calls and presses 2. The ticket and the page are there before a phone rings")
    await _call(s, st.THANDI_MOBILE, "Acme Clinics")
    await s.sees("the page by chat", at("slack", "dm", "MIT-1001", to=st.ADA))
    await s.sees("the page by SMS", at("twilio", "sms", "MIT-1001", "ACK", to=st.ADA_PHONE))
    await s.sees("she can read it", at("twilio", "sms", "MIT-1001", "by 03:00", to=st.THANDI_MOBILE))
    await _thread(s, "the thread says who is paged", "paging Ada")
    await _thread(s, "who calls", "Thandi", "on the emergency line")
    await _thread(s, "whose phone rings", "Ringing Ada")


async def _voicemail(s: Story) -> None:
    phones = s.play.twilio.phones
    ada = await phones.ring(st.ADA_PHONE)
    s.chapter("Ada does not wake up. Her voicemail picks up: it presses no key, so it is no answer")
    s.stage.jump(seconds=20)
    s.tells("Phone Ada →", 'her voicemail says: "This is Ada. Please leave a message."')
    await phones.answer(ada, machine=True)
    await s.sees(
        "who and what", at("twilio", "call_heard", "Thandi, Acme Clinics", "Press 1", to=st.ADA_PHONE)
    )
    s.stage.jump(seconds=18)
    await phones.silence(ada)
    await s.sees("how it goes on", at("twilio", "call_heard", "next engineer", to=st.THANDI_MOBILE))
    await _thread(s, "the thread says so too", "No answer from Ada. Ringing Grace")


async def _talk(s: Story) -> None:
    phones = s.play.twilio.phones
    grace = await phones.ring(st.GRACE_PHONE)
    s.chapter("Grace picks up, hears who it is, about what and how long there is, and presses 1: they talk")
    s.stage.jump(seconds=6)
    await phones.answer(grace)
    await s.sees(
        "who it is", at("twilio", "call_heard", "Thandi, Acme Clinics", "Emergency", to=st.GRACE_PHONE)
    )
    await s.sees("how long there is", at("twilio", "call_heard", "due in", to=st.GRACE_PHONE))
    s.stage.jump(seconds=10)
    await phones.press(grace, "1")
    await s.sees("they are put through", at("twilio", "bridged", to=st.GRACE_PHONE))
    await _thread(s, "the thread says so", "Connected", "Grace talks to Thandi")
    await s.sees("Ada may sleep on", at("twilio", "sms", "Grace has MIT-1001", to=st.ADA_PHONE))
    await s.sees("the card says so", at("slack", "edited", "in work · Grace", where=st.DESK))
    s.tells("Phone Thandi →", 'says: "None of our doctors can open a file."')
    s.tells(
        "Phone Grace →", 'says: "I see it, a disk is full. I am making room now, please stay on the line."'
    )
    s.stage.jump(minutes=4)
    await phones.hang_up(grace)
    await s.sees("the talk is over", at("twilio", "unbridged", to=st.GRACE_PHONE))
    await s.sees("the reference again", at("twilio", "call_heard", "Goodbye", to=st.THANDI_MOBILE))
    await _thread(s, "how long they talked", "Grace talked to Thandi for 4 minutes")


async def _afterwards(s: Story) -> None:
    s.chapter("Grace resolves it. Ada wakes up after all, and asks what became of the page")
    await s.play.slack.command(
        st.GRACE, st.DESK, "/standby", "resolve MIT-1001 The disk was full; your files open again."
    )
    await s.sees("she reads it", at("twilio", "sms", "resolved", "files open again", to=st.THANDI_MOBILE))
    await s.play.slack.command(st.ADA, st.DESK, "/standby", "why MIT-1001")
    await s.sees("what became of the page", at("slack", "ephemeral", "Grace acknowledged", to=st.ADA))


async def _nobody(s: Story) -> None:
    phones = s.play.twilio.phones
    s.stage.jump(minutes=10)
    s.chapter(
        "Ten minutes later Bongani calls. Nobody picks up: each phone rings twice, 25 seconds each time"
    )
    s.caller = await _call(s, st.BONGANI, "Baobab Books")
    for number in (st.ADA_PHONE, st.GRACE_PHONE) * 2:
        leg = await phones.ring(number)
        s.stage.jump(seconds=25)
        await phones.lets_ring(leg)
    await _thread(s, "there is nobody else", "nobody else to ring")
    await s.sees("he hears it", at("twilio", "call_heard", "everybody", "After the tone", to=st.BONGANI))


async def _message(s: Story) -> None:
    phones = s.play.twilio.phones
    s.chapter("He leaves a message. Everybody is woken, with a link to it")
    await phones.speak(s.caller, 12, SAID)
    s.stage.jump(seconds=12)
    await phones.press(s.caller, "#")
    await s.sees("he will be called back", at("twilio", "call_heard", "call you back", to=st.BONGANI))
    for person in (st.ADA, st.GRACE, st.LIN):
        await s.sees("the link by chat", at("slack", "dm", "MIT-1002", "left a message: https://", to=person))
    for phone in (st.ADA_PHONE, st.GRACE_PHONE):
        await s.sees("the link by SMS", at("twilio", "sms", "MIT-1002", "left a message: https://", to=phone))
    line = await _thread(s, "the thread has it", "Bongani has left a message (12 seconds): https://")
    await _thread(s, "and what he said", "Bongani: The tills in all our shops")
    await _listens(s, line.text)


async def _listens(s: Story, text: str) -> None:
    """The link in a text leads to what was said."""
    words = text.partition("https://desk.example.com")[2].split()
    async with httpx.AsyncClient(trust_env=False) as web:
        answer = await web.get(s.stage.url + words[0])
    if answer.status_code != 200 or SAID.encode() not in answer.content:
        raise NotSeen(f"the message can't be listened to: {answer.status_code}")
    s.steps += 1
    s.tells("Grace opens the link", f'and listens: "{SAID}"')


async def _back(s: Story) -> None:
    phones = s.play.twilio.phones
    pages = [e for e in s.play.journal.entries("slack", "dm", after=s.mark) if e.to == st.GRACE]
    s.chapter("Grace taps Call back: her phone rings, she presses 1, and Bongani's phone rings")
    buttons = [
        a["action_id"] for b in pages[-1].raw["blocks"] if b["type"] == "actions" for a in b["elements"]
    ]
    phones.script(st.GRACE_PHONE, answers("1"))
    await s.play.slack.press(
        st.GRACE, pages[-1].where, pages[-1].id, next(b for b in buttons if b.startswith("callback"))
    )
    await s.sees("her phone rings", at("twilio", "call_rings", to=st.GRACE_PHONE))
    await s.sees("what it is about", at("twilio", "call_heard", "calling back Bongani", to=st.GRACE_PHONE))
    bongani = await phones.ring(st.BONGANI)
    s.stage.jump(seconds=5)
    await phones.answer(bongani)
    await s.sees("they are put through", at("twilio", "bridged", to=st.BONGANI))
    await s.sees("nobody else need get up", at("twilio", "sms", "Grace has MIT-1002", to=st.ADA_PHONE))
    await s.sees("the card says who has it", at("slack", "edited", "in work · Grace", where=st.DESK))
    s.tells(
        "Phone Grace →",
        'says: "Hello Bongani, this is Grace. I have your message, I am looking at the tills."',
    )
    s.stage.jump(minutes=2)
    await phones.hang_up(bongani)
    await _thread(s, "how long they talked", "Grace talked to Bongani for 2 minutes")
    await s.sees(
        "he was answered in time", at("slack", "edited", "Bongani", "answered in time", where=st.DESK)
    )


async def _checked(s: Story) -> None:
    """What must not have been, too."""
    await s.play.settle()
    talks = [(talk.caller, talk.callee, talk.seconds // 60) for talk in conversations(s.play.journal)]
    if talks != [(st.THANDI_MOBILE, st.GRACE_PHONE, 4), (st.GRACE_PHONE, st.BONGANI, 2)]:
        raise NotSeen(f"these talked: {talks}")
    if most_at_once(s.play.journal) != 1:
        raise NotSeen("a caller was put through to two people")
    theirs = (st.THANDI_MOBILE, st.BONGANI)
    if any(e.to in theirs and "/recording" in e.text for e in s.play.journal):
        raise NotSeen("the link to the message reached a customer")


CHAPTERS: tuple[Chapter, ...] = (
    _raise,
    _voicemail,
    _talk,
    _afterwards,
    _nobody,
    _message,
    _back,
    _checked,
)
