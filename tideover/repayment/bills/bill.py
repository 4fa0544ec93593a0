"""A bill: one instalment on one page, with the way to pay it. Made from the facts whenever it is opened, so it is never old."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote

from persiantools.jdatetime import JalaliDate

from tideover.kit.money import Money
from tideover.repayment.loans import Instalment, Loan
from tideover.repayment.ways.contract import Ask, Line, Shown, Told, Way
from tideover.repayment.ways.models import Reference
from tideover.repayment.ways.references import in_groups, reference_of
from tideover.repayment.ways.register import ways_for

ON_PAPER = ("upi", "vietqr", "banglaqr", "bill_id", "transfer", "agent_network", "branch")
"""Ways that need no answer from a provider, the ones that are scanned or made for bills first."""


@dataclass(frozen=True)
class Bill:
    """One instalment as it stands on a day. `also_open` is what is open of the loan from before it."""

    loan: Loan
    step: Instalment
    amount: Money
    also_open: Money
    reference: str
    way: str
    lines: tuple[Line, ...]
    qr: str
    """The picture of a code as SVG; "" where the way has none."""

    @property
    def count(self) -> int:
        """How many payments the loan has."""
        return len(self.loan.instalments)

    @property
    def is_paid(self) -> bool:
        """Nothing of it is left."""
        return not self.step.left


def bill_of(
    loan: Loan,
    number: int,
    *,
    country: str,
    today: date,
    language: str,
    environ: Mapping[str, str] | None = None,
) -> Bill | None:
    """The bill of one instalment; None where the loan has no such one."""
    step = next((it for it in loan.instalments if it.number == number), None)
    if step is None:
        return None
    reference, amount = reference_of(loan.loan_id), loan.money(step.left)
    before = [it for it in loan.open_instalments if it.due_on < min(step.due_on, today)]
    code, told = _way(loan, step, country, language, environ) if step.left else ("", Told())
    return Bill(
        loan, step, amount, loan.money(sum(it.left for it in before)), in_groups(reference), code, told.lines,
        _svg(told.qr) if isinstance(told, Shown) else "",
    )  # fmt: skip


def _way(
    loan: Loan, step: Instalment, country: str, language: str, environ: Mapping[str, str] | None
) -> tuple[str, Shown | Told]:
    """The first way that can stand on paper, and what it says."""
    ask = _ask(loan, step, language)
    ways = {it.code: it for it in ways_for(loan, country, environ=environ) if _fits(it, ask)}
    for code in ON_PAPER:
        told = ways[code].begin(ask) if code in ways else None
        if isinstance(told, Shown | Told):
            return code, told
    return "", Told()


def _fits(way: Way, ask: Ask) -> bool:
    """Bill identifiers carry the loan's short number, which a loan has once a payment was begun or looked for."""
    return way.code != "bill_id" or ask.number > 0


def _ask(loan: Loan, step: Instalment, language: str) -> Ask:
    reference = reference_of(loan.loan_id)
    known = Reference.objects.filter(loan_id=loan.loan_id).first()
    month = JalaliDate(step.due_on)  # type: ignore[no-untyped-call]  # the package has no types
    return Ask(
        reference, loan.money(step.left), reference, "", language,
        number=known.pk if known else 0, year=month.year, period=month.month,
    )  # fmt: skip


def _svg(address: str) -> str:
    return unquote(address.partition(",")[2])
