"""Who is on call has changed: the chores that go by it are due."""

from __future__ import annotations

from bot.app.context import Context


def name_of(kind: str, subject: str) -> str:
    """What a chore is called: `gaps:standby`, or its kind alone."""
    return f"{kind}:{subject}" if subject else kind


def rota_changed(ctx: Context, schedule: str) -> None:
    """What goes by it looks again at once: gaps, hand-overs, test pages before a shift."""
    for kind in ("gaps", "handover", "drill"):
        ctx.uow.chores.hurry(name_of(kind, schedule), ctx.now)
