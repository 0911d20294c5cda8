"""Which rule of the policy decides whether somebody is paged, in words."""

from __future__ import annotations

import dataclasses
from zoneinfo import ZoneInfo

from bot.app.speech import Speech
from bot.domain import why_notices as why
from bot.domain.message import Part
from escalation.office import AfterHours

_LONGEST = 60
"""Characters of what a rule tells the customer."""


def zoned(s: Speech, zone: str) -> Speech:
    """The same speech in another zone."""
    return dataclasses.replace(s, zone=ZoneInfo(zone))


def rule_line(verdict: why.Verdict, s: Speech) -> tuple[Part, ...]:
    """The rule that decides, field by field as the policy's file has it; without one, the severity's own word."""
    if verdict.rule is None:
        template = (
            "No after-hours rule is about it: the severity itself pages."
            if verdict.pages
            else "No after-hours rule is about it: the severity itself pages nobody."
        )
        return s.say(template)
    return s.say(
        "Rule after_hours[{n}]: {fields}", n=str(verdict.number), fields=" · ".join(_fields(verdict.rule))
    )


def _fields(rule: AfterHours) -> list[str]:
    """In the words of the file, whatever the reader's language."""
    fields = [f"severities = {', '.join(rule.severities)}"] if rule.severities else []
    fields += [f"when = {', '.join(rule.when)}"] if rule.when else []
    fields.append(f"page = {str(rule.page).lower()}")
    fields += [f"chain = {rule.chain}"] if rule.chain else []
    fields += [f"consent = {str(rule.consent).lower()}"] if rule.page else []
    if rule.tell:
        short = rule.tell if len(rule.tell) <= _LONGEST else rule.tell[: _LONGEST - 1].rstrip() + "…"
        fields.append(f'tell = "{short}"')
    return fields
