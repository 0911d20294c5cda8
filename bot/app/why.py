"""Whom a ticket would page, and why them: the calendar, the rule, the chain, who is on at each step, by what means."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from bot.app.attempts import methods_of
from bot.app.context import Context
from bot.app.pages import AT_LEAST
from bot.app.why_ways import Turn, lacking, methods_at, ways_of
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
@dataclasses.dataclass(frozen=True, kw_only=True)
class _Begun:
    """A step of the walk, and whom it means when it begins."""

    position: Position
    step: Step
    begins: dt.datetime
    people: tuple[tuple[Person, why.Through | None], ...]
    reaches: bool


def _walk(ctx: Context, case: _Case, chain: Chain) -> tuple[list[why.StepForecast], dt.datetime]:
    """Every step with the instant at which it begins, if nobody acknowledges; and when the chain is spent."""
    walked: list[_Begun] = []
    position = advance(chain, None)
    at = case.began
    while position is not None:
        step = step_at(chain, position)
        begins = _begins(case, step, position, at, walked)
        people = tuple(_meant(ctx, case, step, begins))
        reaches = any(methods_of(ctx, person) for person, _ in people)
        walked.append(_Begun(position=position, step=step, begins=begins, people=people, reaches=reaches))
        at = begins + step.wait if reaches else begins
        position = advance(chain, position)
    ends = [*(begun.begins for begun in walked[1:]), at] if walked else []
    return _with_ways(ctx, case, walked, ends), at


def _with_ways(
    ctx: Context, case: _Case, walked: list[_Begun], ends: list[dt.datetime]
) -> list[why.StepForecast]:
    """The steps with what goes out to each; everybody's turn comes behind the last."""
    turns: dict[PersonId, dict[int, Turn]] = defaultdict(dict)
    for n, begun in enumerate(walked):
        for person, _ in begun.people:
            turns[person.id][n] = _turn(ctx, case, person, begun.begins, ends[n])
    spent = ends[-1] if ends else case.began
    for person in _everyone(ctx, case.team.name):
        if person.id in turns:
            turns[person.id][len(walked)] = _turn(ctx, case, person, spent, spent + LAST_RESORT_EVERY)
    ways = {
        (n, id): found
        for id, of in turns.items()
        for n, found in zip(of, ways_of(ctx, list(of.values())), strict=True)
    }
    return [
        why.StepForecast(
            round=begun.position.round + 1,
            step=begun.position.step + 1,
            targets=begun.step.targets,
            begins=begun.begins,
            until=ends[n],
            wait=begun.step.wait,
            at=begun.step.at.text if begun.step.at else "",
            people=tuple(
                _reached(ctx, case, person, by, begun.begins, ways[n, person.id])
                for person, by in begun.people
            ),
        )
        for n, begun in enumerate(walked)
    ]


def _turn(ctx: Context, case: _Case, person: Person, begins: dt.datetime, until: dt.datetime) -> Turn:
    rules = paging.rules_for(case.severity, person.rules)
    return Turn(rules=rules, methods=methods_at(ctx, person, begins), begins=begins, until=until)


def _begins(
    case: _Case, step: Step, position: Position, at: dt.datetime, walked: list[_Begun]
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
def _meant(
    ctx: Context, case: _Case, step: Step, at: dt.datetime
) -> Iterator[tuple[Person, why.Through | None]]:
    seen: set[PersonId] = set()
    for target in step.targets:
        for person, by in on_target(ctx, target, case.team.name, at):
            if person.id not in seen:
                seen.add(person.id)
                yield person, by


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


def _reached(
    ctx: Context,
    case: _Case,
    person: Person,
    by: why.Through | None,
    at: dt.datetime,
    ways: tuple[why.Way, ...],
) -> why.Reached:
    lacks, down = lacking(ctx, person, paging.rules_for(case.severity, person.rules), at)
    return why.Reached(
        person=person.id,
        name=person.name,
        through=by,
        able=bool(methods_of(ctx, person)),
        ways=ways,
        own_rules=case.severity in person.rules,
        lacks=lacks,
        down=down,
    )


def _everyone(ctx: Context, team: TeamName) -> Iterator[Person]:
    people = ctx.directory.people_of(team) or ctx.directory.people
    yield from (person for person in people if methods_of(ctx, person))


def everyone(ctx: Context, team: TeamName) -> tuple[str, ...]:
    """The names of those who are paged when the chain is spent."""
    return tuple(person.name for person in _everyone(ctx, team))
