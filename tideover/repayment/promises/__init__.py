"""A day of her own choosing: promised, kept, partly kept, broken, renewed.

The names below are the one public face. They are loaded when they are asked for: an app's package is imported before
its models may be.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tideover.repayment.promises.ending import give_way as give_way
    from tideover.repayment.promises.ending import may_undo as may_undo
    from tideover.repayment.promises.ending import open_promise_of as open_promise_of
    from tideover.repayment.promises.ending import promise_of as promise_of
    from tideover.repayment.promises.ending import withdraw as withdraw
    from tideover.repayment.promises.making import Promised as Promised
    from tideover.repayment.promises.making import promise_to_pay as promise_to_pay
    from tideover.repayment.promises.offering import held_back as held_back
    from tideover.repayment.promises.offering import must_be_offered as must_be_offered
    from tideover.repayment.promises.whereabouts import Whereabouts as Whereabouts
    from tideover.repayment.promises.whereabouts import whereabouts_of as whereabouts_of

_HOME = {
    "give_way": "ending", "may_undo": "ending", "open_promise_of": "ending", "promise_of": "ending", "withdraw": "ending",
    "Promised": "making", "promise_to_pay": "making", "held_back": "offering", "must_be_offered": "offering",
    "Whereabouts": "whereabouts", "whereabouts_of": "whereabouts",
}  # fmt: skip


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
