"""A loan's full terms for a page: the very same that messages tell, by the same words and the same method of the rate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tideover.delivery.known_values import lender_values, rate_methods
from tideover.delivery.words import templates
from tideover.engine.message import FullTerms, terms_of
from tideover.engine.message.templates import TermsWords
from tideover.kit.days import day_of
from tideover.kit.rates import Method
from tideover.repayment.loans import Instalment, Loan


@dataclass(frozen=True)
class TermsTold:
    """The terms, the words they are told in, and how the rate a year was found."""

    terms: FullTerms
    words: TermsWords
    method: Method
    is_law: bool
    """Whether the law of her country is known to name this method."""

    @property
    def interest(self) -> int:
        """What the loan costs without its fees."""
        return (self.terms.total_cost or 0) - self.fees

    @property
    def fees(self) -> int:
        """All fees in the payments."""
        return sum(it.amount for it in self.terms.fees or ())

    @property
    def late_cost(self) -> int | None:
        """The most that one late payment is charged; None where it is not written down."""
        charges = self.terms.charges
        return None if charges is None else sum(it.amount for it in charges)


def terms_told(loan: Loan, *, country: str, language: str, today: date) -> TermsTold:
    """Every term that is known; what is missing stands in `terms.missing`."""
    methods, words = rate_methods(), templates().closings[language].head.terms
    method = methods.method_in(country)
    terms = terms_of(
        {
            "principal": loan.principal or None, "currency": loan.currency, "annual_rate_ppm": loan.annual_rate_ppm,
            "disbursed_on": None if loan.disbursed_on is None else day_of(loan.disbursed_on),
        },
        [_row(it) for it in loan.instalments],
        lender_values().product(loan.product),
        agreed_on=day_of(today), language=language, words=words, method=method,
    )  # fmt: skip
    return TermsTold(terms, words, method, methods.is_named(country))


def _row(step: Instalment) -> dict[str, int]:
    return {
        "due_on": day_of(step.due_on),
        "principal": step.principal,
        "interest": step.interest,
        "fees": step.fees,
    }
