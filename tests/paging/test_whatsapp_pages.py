"""With an approved template our people are paged on WhatsApp too."""

from playground import Fault
from tests.fakes.line import line
from tests.fakes.line_config import GRACE, LIN, Who

PHONE_ONLY = Who(name="Ada", phones=("+27115550001",))
PEOPLE = (PHONE_ONLY, GRACE, LIN)


async def test_paged_by_template_and_answered_with_the_code() -> None:
    async with line(people=PEOPLE, whatsapp_pages=True) as t:
        await t.emergency()
        (text, _) = t.paged("Ada", by=["sms", "whatsapp"])
        t.thread_says("📟 Step 1/2: paging Ada (WhatsApp, SMS).")
        assert f"ACK {t.code('Ada', 'whatsapp')}" in text
        await t.engineer("Ada").whatsapps(f"Ack {t.code('Ada', 'whatsapp')}")
        t.thread_says("✅ Ada has it (WhatsApp).")
        t.reads("Ada", "whatsapp: You have *MIT-1001*.")
        t.looks_away("Thandi")
        await t.passes(minutes=10)


async def test_refused_on_whatsapp_is_the_next_way() -> None:
    rules = {"ada": '[{ after = "0m", by = ["whatsapp"] }, { after = "4m", by = ["sms"] }]'}
    async with line(people=PEOPLE, whatsapp_pages=True, rules=rules) as t:
        t.play.faults.add(
            "twilio",
            "Messages.json",
            Fault.refuse(63024),
            when=lambda a: a["To"] == f"whatsapp:{PHONE_ONLY.phone}",
        )
        await t.emergency()
        t.paged("Ada", by=["sms"])
        t.thread_says("📟 Step 1/2: paging Ada (WhatsApp).", "⚠️ WhatsApp to Ada failed.")
