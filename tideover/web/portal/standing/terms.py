"""All terms of a loan, before signing and always after; what is not known is said, and who tells it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase

from tideover.engine.message import Charge
from tideover.kit.money import Money
from tideover.repayment.terms.full import TermsTold, terms_told
from tideover.web.portal.door import for_borrowers
from tideover.web.portal.showing import show, words_for
from tideover.web.portal.standing.found import Found, found_whole

PARTS = (
    "principal", "rate_ppm", "effective_rate_ppm", "total_cost", "total", "fees", "charges", "withdrawal", "schedule"
)  # fmt: skip
"""What must be told, in this order; each has a sentence of its own where a person tells it."""


@dataclass(frozen=True)
class ChargeRow:
    """A charge by its name, when it is asked, and how much."""

    name: str
    when: str
    amount: Money


@for_borrowers
def terms(request: HttpRequest, loan_id: str) -> HttpResponseBase:
    """The terms, complete, or which of them a person gives."""
    return show(
        request, "portal/standing/terms.html", all_of(request, found_whole(request, loan_id)), here="home"
    )


def all_of(request: HttpRequest, it: Found) -> dict[str, object]:
    """What stands on a page with terms, of a loan or of one that would be."""
    words = words_for(request)
    told = told_of(it, words.tag)
    missing = {name.partition(" ")[0] for name in told.terms.missing}
    rates = {
        "rate": words.shown.per_cent(told.terms.rate_ppm or 0),
        "effective_rate": words.shown.per_cent(told.terms.effective_rate_ppm or 0),
    }
    return {
        "loan": it.loan, "told": told, "labels": told.words, "rates": rates, "money": _money(it, told),
        "missing": [name for name in PARTS if name in missing],
        "charges": list(_charges(it, told.terms.charges or ())), "count": len(it.loan.instalments),
    }  # fmt: skip


def told_of(it: Found, language: str) -> TermsTold:
    """The terms of the loan as they are told in a language."""
    return terms_told(it.loan, country=it.place.country, language=language, today=it.place.today)


def _money(it: Found, told: TermsTold) -> dict[str, Money]:
    return {
        "principal": it.loan.money(told.terms.principal or 0),
        "interest": it.loan.money(max(told.interest, 0)),
        "fees": it.loan.money(told.fees),
        "cost": it.loan.money(max(told.terms.total_cost or 0, 0)),
        "total": it.loan.money(told.terms.total or 0),
    }


def _charges(it: Found, charges: tuple[Charge, ...]) -> Iterator[ChargeRow]:
    yield from (ChargeRow(one.name, one.when, it.loan.money(one.amount)) for one in charges)
