"""Where to go, and what to say there."""

from __future__ import annotations

from collections.abc import Mapping

from tideover.repayment.ways.contract import Amounts, Ask, HearsNothing, Line, Told
from tideover.repayment.ways.environment import needed
from tideover.repayment.ways.references import in_groups

WHERE = "TIDEOVER_PAY_BRANCH"


class Branch(HearsNothing):
    """In person. Who took the money writes it down at once and hands over a receipt."""

    code = "branch"
    countries: frozenset[str] = frozenset()
    amounts = Amounts()
    currencies: frozenset[str] = frozenset()

    def __init__(self, where: str) -> None:
        self._where = where

    def begin(self, ask: Ask) -> Told:
        return Told(
            (
                Line("where", self._where),
                Line("amount", str(ask.amount.decimal)),
                Line("reference", ask.reference, in_groups(ask.reference)),
            )
        )


def open_way(environ: Mapping[str, str]) -> Branch:
    """Raises NotConnected."""
    return Branch(needed(environ, WHERE, "where and when one can pay in person"))
