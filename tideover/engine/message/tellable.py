"""What may be told to whom: for a reason that is for staff, or restricted, a person reads a true, neutral stand-in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from tideover.engine.message.told import Told
from tideover.engine.message.words import Basis, Words
from tideover.engine.policy.lists import Lists

Audience = Literal["staff", "borrower"]

FILLER = "nothing_useful_to_say"
"""Stands in for what is not the person's business; beside any other reason it is left out."""

NEUTRAL = "we_are_checking"
HOLD = "hold_"
TOLD_BACK = "hard_times"

NO_MOMENT = frozenset({"no_moment_before_use_by", "closed_until_use_by"})
"""No allowed moment came in time. Where a person takes over she still hears of it in time, so this is not said."""

OF_ONE_LOAN = frozenset({"loan_is_closed", "not_your_payment"})
"""Reasons of one loan that are not said of silence while another loan of the person's own runs: there is more to do."""


def restricted_holds(lists: Lists) -> frozenset[str]:
    """The kinds of hold that are never named to a borrower."""
    named = {kind for kind, hold in lists.holds.items() if hold.restricted}
    coded = {
        code.removeprefix(HOLD)
        for code, it in lists.reasons.items()
        if code.startswith(HOLD) and it.audience != "borrower"
    }
    return frozenset(named | coded)


def for_borrower(code: str, told: Told, lists: Lists) -> str:
    """The code whose sentence the borrower reads in place of this one; "" where there is none."""
    reason = lists.reasons.get(code)
    if reason is None:
        return ""
    if code.startswith(HOLD) and _is_anothers(code.removeprefix(HOLD), told, lists):
        return NEUTRAL
    if _goes_unsaid(code, told, lists):
        return FILLER
    if reason.audience == "borrower":
        return code
    stand_in = lists.reasons.get(reason.instead)
    return reason.instead if stand_in is not None and stand_in.audience == "borrower" else ""


def _goes_unsaid(code: str, told: Told, lists: Lists) -> bool:
    """Would this reason, true as it is, mislead the person or give something away?"""
    if told.is_spoken:
        return code in NO_MOMENT
    # Silence for hard times that she did not tell us of herself reads like any other silence.
    of_others = code == TOLD_BACK and not told.told_us(restricted_holds(lists))
    return of_others or (code in OF_ONE_LOAN and (told.number("open_loans") or 0) > 0)


def _is_anothers(kind: str, told: Told, lists: Lists) -> bool:
    """Somebody else's trouble is not told; nor is a hold beside which a restricted one stands."""
    held = told.own_holds
    if held is None:
        return False
    return kind not in held or bool(held & restricted_holds(lists) - {kind})


def reasons_told(told: Told, lists: Lists, audience: Audience) -> tuple[str, ...]:
    """The reasons of a decision for this audience, each once, in order; none where obstacles say it all."""
    codes = told.codes("reasons")
    if audience == "staff":
        return tuple(dict.fromkeys(codes))
    # The first reason of a contact that is not made says why it would have been: to the person it explains nothing.
    codes = codes[1:] if told.is_unmade else codes
    kept = [new for code in codes if (new := for_borrower(code, told, lists)) and new != FILLER]
    if not kept and not told.is_spoken and not obstacles_told(told, lists):
        return (FILLER,)
    return tuple(dict.fromkeys(kept))


@dataclass(frozen=True)
class Obstacle:
    """What stood in the way: a reason code or the id of a rule, and the channels it closes."""

    code: str
    channels: tuple[str, ...] = ()


def obstacles(told: Told) -> tuple[Obstacle, ...]:
    """What blocked something, from `code` and `code@channel`, channels of one code together."""
    found: dict[str, list[str]] = {}
    for entry in told.codes("blocked_by"):
        code, _, channel = entry.partition("@")
        found.setdefault(code, []).extend([channel] if channel else [])
    return tuple(Obstacle(code, tuple(channels)) for code, channels in found.items())


def obstacles_told(told: Told, lists: Lists) -> tuple[Obstacle, ...]:
    """Obstacles as the borrower may read them; a stand-in names no channels."""
    kept: list[Obstacle] = []
    for it in obstacles(told):
        if it.code not in lists.reasons:
            kept.append(it)
            continue
        code = for_borrower(it.code, told, lists)
        if code and code != FILLER:
            kept.append(it if code == it.code else Obstacle(code))
    return tuple(dict.fromkeys(kept))


def basis_of(rule_id: str, words: Words) -> Basis:
    """Whether a law says so, or we do."""
    rule = words.rules.get(rule_id)
    return "law" if rule is not None and rule.status == "law" else "ours"


def kind_of(rule_id: str, words: Words, known: Iterable[str]) -> str:
    """The kind of a rule that has words of its own; `other` for the rest, and for a rule nobody knows."""
    rule = words.rules.get(rule_id)
    return rule.kind if rule is not None and rule.kind in known else "other"
