"""The ledger: double entry in whole minor units; every balance is the replay of its entries.

The names below are the one public face. They are loaded when they are asked for: an app's package is imported before
its models may be.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tideover.repayment.ledger.changes import NewInstalment as NewInstalment
    from tideover.repayment.ledger.changes import reschedule as reschedule
    from tideover.repayment.ledger.charging import charge as charge
    from tideover.repayment.ledger.closing import Payoff as Payoff
    from tideover.repayment.ledger.closing import payoff as payoff
    from tideover.repayment.ledger.closing import standing_of as standing_of
    from tideover.repayment.ledger.credit import paid_out as paid_out
    from tideover.repayment.ledger.credit import return_credit as return_credit
    from tideover.repayment.ledger.foreseeing import Foreseen as Foreseen
    from tideover.repayment.ledger.foreseeing import foresee as foresee
    from tideover.repayment.ledger.holding import Resting as Resting
    from tideover.repayment.ledger.holding import follow_holds as follow_holds
    from tideover.repayment.ledger.holding import resting as resting
    from tideover.repayment.ledger.letting_go import waive as waive
    from tideover.repayment.ledger.letting_go import waiver as waiver
    from tideover.repayment.ledger.letting_go import write_off as write_off
    from tideover.repayment.ledger.letting_go import writing_off as writing_off
    from tideover.repayment.ledger.money import Booked as Booked
    from tideover.repayment.ledger.money import Payment as Payment
    from tideover.repayment.ledger.money import announce as announce
    from tideover.repayment.ledger.money import book as book
    from tideover.repayment.ledger.money import book_many as book_many
    from tideover.repayment.ledger.money import charge_back as charge_back
    from tideover.repayment.ledger.money import match as match
    from tideover.repayment.ledger.money import refund as refund
    from tideover.repayment.ledger.money import reverse as reverse
    from tideover.repayment.ledger.pouring import EARLY as EARLY

_HOME = {
    "NewInstalment": "changes", "reschedule": "changes",
    "Booked": "money", "Payment": "money", "announce": "money", "book": "money", "book_many": "money",
    "charge_back": "money", "match": "money", "refund": "money", "reverse": "money",
    "Payoff": "closing", "payoff": "closing", "standing_of": "closing",
    "Foreseen": "foreseeing", "foresee": "foreseeing", "EARLY": "pouring",
    "Resting": "holding", "follow_holds": "holding", "resting": "holding",
    "charge": "charging", "return_credit": "credit", "paid_out": "credit",
    "waive": "letting_go", "waiver": "letting_go", "write_off": "letting_go", "writing_off": "letting_go",
}  # fmt: skip


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
