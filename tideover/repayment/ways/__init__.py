"""Ways to pay, each a folder: what is shown to whoever pays, what comes back, and what is taken by agreement.

The names below are the one public face. They are loaded when they are asked for: an app's package is imported before
its models may be.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tideover.repayment.ways.arriving import expected as expected
    from tideover.repayment.ways.debits import collect as collect
    from tideover.repayment.ways.debits import returned as returned
    from tideover.repayment.ways.debits import settled as settled
    from tideover.repayment.ways.files import take_file as take_file
    from tideover.repayment.ways.intents import let_lapse as let_lapse
    from tideover.repayment.ways.on_paper import due_picture as due_picture
    from tideover.repayment.ways.phone import ask_to_pay_by_link as ask_to_pay_by_link
    from tideover.repayment.ways.receipts import take_cash as take_cash
    from tideover.repayment.ways.references import loan_of_reference as loan_of_reference
    from tideover.repayment.ways.references import reference_of as reference_of
    from tideover.repayment.ways.register import ways_for as ways_for

_HOME = {
    "collect": "debits", "returned": "debits", "settled": "debits", "take_file": "files", "expected": "arriving",
    "let_lapse": "intents", "due_picture": "on_paper", "ask_to_pay_by_link": "phone", "take_cash": "receipts",
    "loan_of_reference": "references", "reference_of": "references", "ways_for": "register",
}  # fmt: skip


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
