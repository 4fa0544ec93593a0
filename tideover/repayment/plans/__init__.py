"""What helps when money is short: options with their true cost, and the plans agreed on.

The names below are the one public face. They are loaded when they are asked for: an app's package is imported before
its models may be.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tideover.repayment.plans.accepting import accept as accept
    from tideover.repayment.plans.means import Means as Means
    from tideover.repayment.plans.options import Option as Option
    from tideover.repayment.plans.options import options_for as options_for
    from tideover.repayment.plans.owing import offered_for as offered_for
    from tideover.repayment.plans.owing import owed_of as owed_of
    from tideover.repayment.plans.undoing import may_undo as may_undo
    from tideover.repayment.plans.undoing import open_plans_of as open_plans_of
    from tideover.repayment.plans.undoing import plan_of as plan_of
    from tideover.repayment.plans.undoing import undo as undo
    from tideover.repayment.plans.why import ask_for_review as ask_for_review
    from tideover.repayment.plans.why import confide as confide
    from tideover.repayment.plans.why import confided as confided
    from tideover.repayment.plans.why import forget_confidence as forget_confidence
    from tideover.repayment.plans.why import means_of as means_of
    from tideover.repayment.plans.why import tell_means as tell_means
    from tideover.repayment.plans.why import tell_reason as tell_reason

_HOME = {
    "accept": "accepting", "Means": "means", "Option": "options", "options_for": "options", "offered_for": "owing",
    "owed_of": "owing", "ask_for_review": "why", "confide": "why", "confided": "why",
    "forget_confidence": "why", "means_of": "why", "tell_means": "why", "tell_reason": "why",
    "may_undo": "undoing", "open_plans_of": "undoing", "plan_of": "undoing", "undo": "undoing",
}  # fmt: skip


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
