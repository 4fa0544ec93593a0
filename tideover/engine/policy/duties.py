"""Duties as policies: what a law says a person must be told stands before everything a strategy wants to say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import narwhals as nw

from tideover.engine.arithmetic import holds
from tideover.engine.insight import Level
from tideover.engine.policy.expression import Expression, ExpressionError, parse
from tideover.engine.policy.rules._tables import Duty
from tideover.engine.policy.strategy import Policy, Step, Strategy

REASON = "duty_owed"
NO_KIND = "none"
SUBJECTS = (Level.LOAN, Level.APPLICATION)
FIRST_RANK = 1


def duty_policies(duties: Sequence[Duty], strategy: Strategy) -> tuple[Policy, ...]:
    """One policy a duty, in the order of their ids, so that two duties about one loan are both told.

    Raises ExpressionError where a duty's condition uses a name no subject knows.
    """
    return tuple(
        _policy(duty, rank, strategy)
        for rank, duty in enumerate(sorted(duties, key=lambda it: it.id), FIRST_RANK)
    )


def _policy(duty: Duty, rank: int, strategy: Strategy) -> Policy:
    subject, condition = _condition(duty, strategy)
    condition = _within(condition, duty, subject)
    step = Step(
        "duties",
        duty.id,
        rank,
        condition,
        REASON,
        duty.purpose,
        duty.within_days,
        ("plain",),
        tuple(duty.channels),
    )
    return Policy(f"duty_{duty.id}", f"The duty {duty.id}.", subject, tuple(duty.roles), None, (step,))


def _condition(duty: Duty, strategy: Strategy) -> tuple[Level, Expression]:
    errors = []
    for subject in SUBJECTS:
        try:
            return subject, parse(duty.when, strategy.names.scope(subject))
        except ExpressionError as error:
            errors.append(str(error))
    raise ExpressionError(f"duty {duty.id}: {errors[0]}")


def _within(condition: Expression, duty: Duty, subject: Level) -> Expression:
    """The condition, only where the duty's law holds and for the kinds of loan it names."""
    where = f"where the duty {duty.id} holds"

    def here() -> nw.Expr:
        within = nw.col("jurisdiction").is_in(list(duty.jurisdictions))
        if subject is Level.LOAN:
            within = within & nw.col("kind").fill_null(NO_KIND).is_in(list(duty.kinds))
        return holds(within)

    more = frozenset({"kind"}) if subject is Level.LOAN else frozenset()
    return replace(
        condition,
        columns=condition.columns | more,
        parts={**condition.parts, where: here},
        combine=lambda parts: parts[where] & condition.combine(parts),
    )


def purposes_of(duties: Iterable[Duty]) -> frozenset[str]:
    """The purposes that some duty tells."""
    return frozenset(duty.purpose for duty in duties)
