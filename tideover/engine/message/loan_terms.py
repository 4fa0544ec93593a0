"""A loan's full terms from what is known of it: its row, its schedule, and what the lender says of its product."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tideover.engine.message.full_terms import Charge, FullTerms, Payment
from tideover.engine.message.lender_values import OfProduct, in_language
from tideover.engine.message.templates import TermsWords
from tideover.engine.message.told import Fact
from tideover.kit.rates import Method, rate_ppm

Row = Mapping[str, Fact]
PARTS = ("principal", "interest", "fees")


def terms_of(
    loan: Row,
    steps: Sequence[Row],
    product: OfProduct,
    *,
    agreed_on: int,
    language: str,
    words: TermsWords,
    method: Method = "effective",
) -> FullTerms:
    """Everything that must be told; None where it is unknown, so that what is incomplete is refused.

    `method` is how the rate a year is told where the loan is. `agreed_on` stands for the day the money is paid out while that is not known.
    """
    principal, currency = _number(loan["principal"]), str(loan["currency"] or "")
    schedule = _schedule(steps, principal)
    fees = sum(_number(it["fees"]) or 0 for it in steps)
    total = sum(it.amount for it in schedule) if schedule else None
    drawn_on = _number(loan["disbursed_on"])
    rate = (
        rate_ppm(
            method,
            principal or 0,
            agreed_on if drawn_on is None else drawn_on,
            [(it.on, it.amount) for it in schedule],
        )
        if schedule
        else None
    )
    return FullTerms(
        principal=principal,
        rate_ppm=_number(loan["annual_rate_ppm"]),
        effective_rate_ppm=rate,
        total_cost=None if total is None or principal is None else total - principal,
        total=total,
        fees=_fees(fees, words),
        charges=_late_charges(product, currency, language),
        withdrawal=in_language(product.withdrawal, language) or None,
        schedule=schedule,
    )


def _schedule(steps: Sequence[Row], principal: int | None) -> tuple[Payment, ...] | None:
    """Every payment by day; None where a part is unknown, or where they do not repay what is borrowed."""
    if not steps or any(it["due_on"] is None or any(it[part] is None for part in PARTS) for it in steps):
        return None
    if sum(_number(it["principal"]) or 0 for it in steps) != principal:
        return None
    paid = [(_number(it["due_on"]) or 0, sum(_number(it[part]) or 0 for part in PARTS)) for it in steps]
    return tuple(Payment(on, amount) for on, amount in sorted(paid))


def _fees(amount: int, words: TermsWords) -> tuple[Charge, ...] | None:
    if not amount:
        return ()
    known = words.fees_in_payments and words.with_each_payment
    return (Charge(words.fees_in_payments, amount, words.with_each_payment),) if known else None


def _late_charges(product: OfProduct, currency: str, language: str) -> tuple[Charge, ...] | None:
    """None where the lender has not said, or not in this language or currency."""
    if product.late_charges is None:
        return None
    made = [
        Charge(in_language(it.name, language), it.amounts.get(currency, 0), in_language(it.when, language))
        for it in product.late_charges
    ]
    return tuple(made) if all(it.name and it.when and it.amount for it in made) else None


def _number(value: Fact) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
