"""Whom a ticket would page, and why them: the calendar, the rule, the chain, who is on at each step, by what means."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator

from bot.app.attempts import methods_of
from bot.app.context import Context
from bot.app.pages import AT_LEAST
from bot.domain import clocks
from bot.domain import why_notices as why
from bot.domain.ids import PersonId, TeamName
from bot.domain.people import Contact, Organisation, Person, Team, Unlisted
from escalation import paging, sla
from escalation.chain import LAST_RESORT_EVERY, Chain, Position, Step, advance, step_at
from escalation.escalate import Trigger
from escalation.office import rule_for
from escalation.policy import Policy
from escalation.schedule import Override, Source, explain_on_call

SHOWN_ROUNDS = 3
"""A chain that is walked more often is the same again."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Case:
    """A ticket that there is not: opened at `opened`, paged for from `began` on."""

    team: Team
    policy: Policy
    severity: str
    opened: dt.datetime
    began: dt.datetime


def would_page(
    ctx: Context, organisation: Organisation, severity: str, at: dt.datetime, contact: Contact | None = None
) -> why.Forecast:
    """Whom a ticket of this customer would page that is opened at `at`. Raises Unlisted and UnknownSeverity."""
    team = ctx.directory.team(organisation.team)
    policy = ctx.directory.policy(team.policy)
    raised = _for_a_vip(policy, severity, contact)
    found = verdict(policy, raised, organisation.plan, at)
    began = found.queued or at
    handling = policy.handling(raised, organisation.plan, began)
    case = _Case(team=team, policy=policy, severity=raised, opened=at, began=began)
    chain, chain_from = _chain(ctx, case, handling.chain)
    pages = found.pages or found.queued is not None
    steps, spent = _walk(ctx, case, chain) if pages else ([], None)
    plan = policy.plan(organisation.plan)
    return why.Forecast(
        organisation=organisation.name,
        contact=contact.name if contact else "",
        team=team.name,
        policy=policy.title,
        zone=policy.zone.key,
        severity=policy.severity(raised).label,
        for_vip=raised != severity,
        plan=plan.label if plan else "",
        verdict=found,
        asks_charge=policy.patience if handling.asks_consent else None,
        chain=chain.name,
        chain_from=chain_from,
        rounds=chain.repeat + 1,
        steps=tuple(step for step in steps if step.round <= SHOWN_ROUNDS),
        everyone=everyone(ctx, team.name) if pages else (),
        everyone_from=spent,
    )


def _for_a_vip(policy: Policy, severity: str, contact: Contact | None) -> str:
    if contact is None or not contact.vip or policy.vip_at_least is None:
        return severity
    return policy.more_urgent(severity, policy.vip_at_least).id


def verdict(policy: Policy, severity: str, plan: str, at: dt.datetime) -> why.Verdict:
    """What the policy says at `at`, and which of its rules says so."""
    handling, calendar = policy.handling(severity, plan, at), policy.calendar_of(severity)
    opens = None if calendar.is_open(at) else calendar.next_open(at)
    rule = rule_for(policy.after_hours, severity, handling.hours)
    return why.Verdict(
        at=at,
        hours=handling.hours,
        pages=handling.pages,
        rule=rule,
        number=policy.after_hours.index(rule) if rule else 0,
        queued=opens
        if opens and not handling.pages and policy.handling(severity, plan, opens).pages
        else None,
        opens=opens,
    )


def _chain(ctx: Context, case: _Case, own: str) -> tuple[Chain, why.ChainFrom]:
    named = ((own, why.ChainFrom.RULE), (case.team.chains.get(case.severity, ""), why.ChainFrom.TEAM))
    for name, by in named:
        try:
            return ctx.directory.chain(name), by
        except Unlisted:
            continue
    step = Step(targets=("everyone",), wait=LAST_RESORT_EVERY)
    return Chain(name="everyone", steps=(step,)), why.ChainFrom.NOBODY


# ---------------------------------------------------------------- the walk
def _walk(ctx: Context, case: _Case, chain: Chain) -> tuple[list[why.StepForecast], dt.datetime]:
    """Every step with the instant at which it begins, if nobody acknowledges; and when the chain is spent."""
    walked: list[why.StepForecast] = []
    position = advance(chain, None)
    at = case.began
    while position is not None:
        step = step_at(chain, position)
        began = _begins(case, step, position, at, walked)
        people = tuple(_reached(ctx, case, step, began))
        walked.append(
            why.StepForecast(
                round=position.round + 1,
                step=position.step + 1,
                targets=step.targets,
                begins=began,
                until=began,
                wait=step.wait,
                at=step.at.text if step.at else "",
                people=people,
            )
        )
        at = began + step.wait if walked[-1].reaches else began
        position = advance(chain, position)
    ends = [*(step.begins for step in walked[1:]), at]
    return [dataclasses.replace(s, until=end) for s, end in zip(walked, ends, strict=False)], at


def _begins(
    case: _Case, step: Step, position: Position, at: dt.datetime, walked: list[why.StepForecast]
) -> dt.datetime:
    """When the one before has waited, or where the ticket's clock places it; at once behind a step that reached
    nobody."""
    placed = _placed(case, step.at) if step.at is not None and position.round == 0 else None
    if placed is None or (walked and not walked[-1].reaches):
        return at
    return max(placed, walked[-1].begins + AT_LEAST if walked else case.began)


def _placed(case: _Case, trigger: Trigger) -> dt.datetime | None:
    """The instant of a trigger for a ticket that nobody touches; None where its clock promises no time."""
    running = clocks.begun(case.policy.severity(case.severity), case.opened)
    clock = next((c for c in running if c.kind is trigger.clock), None)
    if clock is None:
        return None
    return sla.at_fraction(clock, case.policy.calendar_of(case.severity), trigger.fraction, case.opened)


# ---------------------------------------------------------------- whom, and by what
def _reached(ctx: Context, case: _Case, step: Step, at: dt.datetime) -> Iterator[why.Reached]:
    seen: set[PersonId] = set()
    for target in step.targets:
        for person, through in on_target(ctx, target, case.team.name, at):
            if person.id not in seen:
                seen.add(person.id)
                yield _by_their_rules(ctx, person, through, case.severity, at)


def on_target(
    ctx: Context, target: str, team: TeamName, at: dt.datetime
) -> Iterator[tuple[Person, why.Through | None]]:
    """Who a target of a chain means at an instant; of a schedule, with what has them on call."""
    kind, _, name = target.partition(":")
    try:
        if kind != "schedule":
            yield from ((person, None) for person in ctx.resolve(target, team, at))
            return
        sources = explain_on_call(ctx.schedule(name, at), at)
    except Unlisted:
        return
    for source in sources:
        if (person := ctx.directory.listed(source.person)) is not None:
            yield person, through(ctx, name, source, at)


def through(ctx: Context, schedule: str, source: Source, at: dt.datetime) -> why.Through:
    """What has somebody on call, with the number of an override that was made in chat."""
    over = source.override
    return why.Through(
        schedule=schedule,
        layer=None if source.layer is None else source.layer + 1,
        override=over.change.value if over else "",
        kept=_number(ctx, schedule, over, at) if over else 0,
        instead_of=ctx.setup.name_of(PersonId(over.replaces)) if over and over.replaces else "",
        since=source.since,
        until=source.until,
    )


def _number(ctx: Context, schedule: str, over: Override, at: dt.datetime) -> int:
    return next((k.id for k in ctx.uow.rota.overrides(schedule, at) if k.override == over), 0)


def _by_their_rules(
    ctx: Context, person: Person, by: why.Through | None, urgency: str, at: dt.datetime
) -> why.Reached:
    rules, methods = paging.rules_for(urgency, person.rules), methods_of(ctx, person)
    named = dict.fromkeys(method for rule in rules for method in rule.by if method != paging.CHAT)
    return why.Reached(
        person=person.id,
        name=person.name,
        through=by,
        ways=tuple(_ways(ctx, rules, methods, at)),
        own_rules=urgency in person.rules,
        lacks=tuple(ctx.setup.label(method) for method in named if method not in methods),
    )


def _ways(
    ctx: Context, rules: tuple[paging.Rule, ...], methods: tuple[str, ...], at: dt.datetime
) -> Iterator[why.Way]:
    for rule in sorted(rules, key=lambda rule: rule.after):
        once = dataclasses.replace(rule, every=None)
        tried = paging.attempts((once,), methods, at)
        if tried:
            labels = tuple(ctx.setup.label(attempt.method) for attempt in tried)
            yield why.Way(at=tried[0].at, methods=labels, every=rule.every)


def everyone(ctx: Context, team: TeamName) -> tuple[str, ...]:
    """The names of those who are paged when the chain is spent."""
    people = ctx.directory.people_of(team) or ctx.directory.people
    return tuple(person.name for person in people if methods_of(ctx, person))
