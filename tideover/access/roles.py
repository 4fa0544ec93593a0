"""Roles and what each may do: one table. A power that no role holds, that has no sentence, or that guards nothing, fails the build.

What the command line does (imports, settings, drafts, verifying the audit trail) needs no power: whoever runs the machine may.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from tideover.kit.errors import Refused
from tideover.kit.nearest import did_you_mean


class Power(StrEnum):
    """One thing that a member of staff may do."""

    SEE_PEOPLE = "see_people"
    SEE_RESTRICTED_REASONS = "see_restricted_reasons"
    SEE_REPORTS = "see_reports"
    ANSWER = "answer"
    RECORD_FACTS = "record_facts"
    LIFT_HOLD = "lift_hold"
    WAIVE = "waive"
    APPROVE_WAIVER = "approve_waiver"
    PUBLISH_STRATEGY = "publish_strategy"
    APPROVE_STRATEGY = "approve_strategy"
    STOP_SENDING = "stop_sending"
    RELEASE_SENDING = "release_sending"
    APPROVE_RELEASE = "approve_release"
    CORRECT = "correct"
    APPROVE_CORRECTION = "approve_correction"
    MATCH_MONEY = "match_money"
    EXPORT_SUBJECT = "export_subject"
    ERASE_SUBJECT = "erase_subject"
    APPROVE_ERASURE = "approve_erasure"
    MANAGE_STAFF = "manage_staff"


class Role(StrEnum):
    """What a member of staff is here for."""

    AGENT = "agent"
    LEAD = "lead"
    STRATEGIST = "strategist"
    APPROVER = "approver"
    COMPLIANCE = "compliance"
    ADMIN = "admin"


SAYS: Mapping[Power, str] = MappingProxyType(
    {
        Power.SEE_PEOPLE: "See people of one's branches, their loans and talks.",
        Power.SEE_RESTRICTED_REASONS: "See reasons that may not be told to the person: fraud, another party's secret.",
        Power.SEE_REPORTS: "See totals, reports and trials, which name nobody.",
        Power.ANSWER: "Answer people, call back, close conversations.",
        Power.RECORD_FACTS: "Write down what a person said: a promise, a reason, a hold, a wish.",
        Power.LIFT_HOLD: "End a hold before its day.",
        Power.WAIVE: "Ask that a fee or interest be waived.",
        Power.APPROVE_WAIVER: "Be the second person for a waiver.",
        Power.PUBLISH_STRATEGY: "Ask that a strategy be published.",
        Power.APPROVE_STRATEGY: "Be the second person for a strategy.",
        Power.STOP_SENDING: "Stop a channel, a strategy or everything, alone and at once.",
        Power.RELEASE_SENDING: "Ask that what was stopped or waits may leave.",
        Power.APPROVE_RELEASE: "Be the second person for a release.",
        Power.CORRECT: "Ask that a wrong message be put right with everybody who got it.",
        Power.APPROVE_CORRECTION: "Be the second person for a correction.",
        Power.MATCH_MONEY: "Say which loan money from the bank is for, keep it, or note that it went back.",
        Power.EXPORT_SUBJECT: "Hand a person everything we keep about them.",
        Power.ERASE_SUBJECT: "Ask that a person be erased.",
        Power.APPROVE_ERASURE: "Be the second person for an erasure.",
        Power.MANAGE_STAFF: "Invite staff, change roles, unlock, switch off.",
    }
)

_AGENT = {Power.SEE_PEOPLE, Power.ANSWER, Power.RECORD_FACTS, Power.WAIVE}
_LEAD = _AGENT | {
    Power.SEE_REPORTS, Power.LIFT_HOLD, Power.APPROVE_WAIVER, Power.STOP_SENDING, Power.RELEASE_SENDING,
    Power.CORRECT, Power.APPROVE_CORRECTION, Power.MATCH_MONEY,
}  # fmt: skip
_STRATEGIST = {
    Power.SEE_REPORTS, Power.PUBLISH_STRATEGY, Power.STOP_SENDING, Power.CORRECT,
}  # fmt: skip
_APPROVER = {
    Power.SEE_REPORTS, Power.APPROVE_STRATEGY, Power.APPROVE_RELEASE, Power.APPROVE_WAIVER,
    Power.APPROVE_ERASURE, Power.STOP_SENDING, Power.APPROVE_CORRECTION,
}  # fmt: skip
_COMPLIANCE = {
    Power.SEE_PEOPLE, Power.SEE_RESTRICTED_REASONS, Power.SEE_REPORTS, Power.LIFT_HOLD, Power.APPROVE_STRATEGY,
    Power.STOP_SENDING, Power.EXPORT_SUBJECT, Power.ERASE_SUBJECT, Power.APPROVE_RELEASE,
    Power.APPROVE_CORRECTION,
}  # fmt: skip
# Whoever lets people in sees nobody: one stolen account must not be both.
_ADMIN = {Power.MANAGE_STAFF, Power.STOP_SENDING}

POWERS: Mapping[Role, frozenset[Power]] = MappingProxyType(
    {
        Role.AGENT: frozenset(_AGENT),
        Role.LEAD: frozenset(_LEAD),
        Role.STRATEGIST: frozenset(_STRATEGIST),
        Role.APPROVER: frozenset(_APPROVER),
        Role.COMPLIANCE: frozenset(_COMPLIANCE),
        Role.ADMIN: frozenset(_ADMIN),
    }
)

SECOND: Mapping[Power, Power] = MappingProxyType(
    {
        Power.WAIVE: Power.APPROVE_WAIVER,
        Power.PUBLISH_STRATEGY: Power.APPROVE_STRATEGY,
        Power.RELEASE_SENDING: Power.APPROVE_RELEASE,
        Power.ERASE_SUBJECT: Power.APPROVE_ERASURE,
        Power.CORRECT: Power.APPROVE_CORRECTION,
    }
)
"""Two-person powers: what one person asks for, and the power the second one needs."""


def roles_with(power: Power) -> list[Role]:
    """The roles that hold a power."""
    return [role for role, powers in POWERS.items() if power in powers]


def role_called(told: str) -> Role:
    """The role of this name. Raises Refused."""
    if told not in set(Role):
        raise Refused(
            f"'{told}' is no role; choose one of {', '.join(Role)}.{did_you_mean(told, map(str, Role))}"
        )
    return Role(told)
