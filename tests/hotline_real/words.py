"""What is said on the emergency line, and what the thread has of it."""

from __future__ import annotations

MENU = "This is the support line. For the support desk, press 1. In an emergency, press 2."
REFERENCE = "Your reference is M I T, 1 0 0 1."
WAIT = "Please stay on the line, we are calling the engineer on standby."
NEXT = "There is no answer yet. Please stay on the line, we are calling the next engineer."
AGAIN = "There is no answer yet. Please stay on the line, we are trying again."
MESSAGE = (
    "Sorry, nobody has answered yet. We are going to wake everybody. After the tone, please say what has happened "
    "and where we can reach you. Press the hash key when you are done."
)
THANKS = (
    "Thank you. Everybody is being called now, and somebody will call you back. Your reference is M I T, 1 0 0 1. "
    "Goodbye."
)
ONE_MOMENT = "One moment please."
KEYS = "Press 1 to take the call, 2 to pass it on."
WHISPER = (
    "Emergency line. Thandi, Acme Clinics, is waiting. M I T, 1 0 0 1, Emergency. The answer is due in 1 hour. "
    f"{KEYS}"
)
CAME = "☎️ Thandi is on the emergency line."
STEP_1 = "📟 Step 1/2: paging Ada (Slack, SMS)."
RINGING_ADA = "☎️ Ringing Ada."
OPENED = (CAME, STEP_1, RINGING_ADA)
CALL_BACK = "☎️ Thandi has hung up. Call them back, please.\n[Call back] [I talked to them]"
