"""The same process on PostgreSQL: an emergency, a kill -9 in the middle, and a start that goes on."""

from __future__ import annotations

from pathlib import Path

from bot.demo import stage as st
from playground import Playground
from storage.schema import upgrade
from tests.contract.postgres import postgres_server, postgres_url
from tests.smoke.conftest import Bot

__all__ = ["postgres_server", "postgres_url"]


async def test_killed_after_sending_on_postgresql(
    tmp_path: Path, playground: Playground, postgres_url: str
) -> None:
    upgrade(postgres_url)
    bot = Bot(tmp_path, playground, storage=postgres_url)
    try:
        await bot.start(crash_at="out.after_send:2")
        answer = await playground.twilio.whatsapp_says(
            st.THANDI, "urgent everything is down", to=st.WHATSAPP, sid="SM" + "1" * 32
        )
        assert await bot.died() == -9
        await bot.start()
        if not answer.ok:
            assert (await playground.twilio.redeliver("SM" + "1" * 32)).ok
        for kind, to in (("sms", st.ADA_PHONE), ("dm", st.ADA)):
            await playground.journal.wait_for(lambda e, k=kind, t=to: e.kind == k and e.to == t, timeout=15)
        page = next(e for e in playground.journal if e.kind == "sms")
        await playground.twilio.sms_says(st.ADA_PHONE, "ack " + page.text.rsplit(" ", 1)[1], to=st.SMS)
        await playground.journal.wait_for(
            lambda e: e.kind == "whatsapp" and "has MIT-1001" in e.text, timeout=15
        )
        assert (await bot.get("/readyz")).json()["ready"] is True
        assert await bot.stop() == 0
    finally:
        await bot.kill()
