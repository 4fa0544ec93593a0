"""The rows of the ledger that a telling is about: held, and read in sets."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, Sum

from tideover.book.models import FACTS
from tideover.book.queries import chunks
from tideover.repayment.ledger.models import LedgerLoan, LedgerPayment, Posting, Told
from tideover.repayment.ledger.standing import Said, Standing, stand


@dataclass
class Shelf:
    """One loan in hand: what was told, where that leads, what the journal says, what the facts say."""

    loan: LedgerLoan
    said: list[Said] = field(default_factory=list)
    balances: Counter[str] = field(default_factory=Counter)
    payments: dict[int, str] = field(default_factory=dict)
    """The keys of its payments, by number."""

    terms: Any = None
    """The latest fact of the loan; None where money names no loan."""

    schedule: list[Any] = field(default_factory=list)
    versions: list[Any] = field(default_factory=list)
    """Every version of its instalments, in the order in which they were told."""

    is_changed: bool = False
    _stands: Standing | None = None

    @property
    def standing(self) -> Standing:
        """Where all that was told leads."""
        if self._stands is None:
            self._stands = stand(self.said, is_loan=self.terms is not None)
        return self._stands

    def add(self, told: Told) -> None:
        """One thing more. A payment matched with another loan was read as that one's: here it is gone already."""
        if told.kind != "matched" or told.loan_id == self.loan.pk:
            self.said.append(said(told))
        self.is_changed, self._stands = True, None


def said(told: Told) -> Said:
    """A row of what was told, apart from the database."""
    return Said(
        told.kind, told.happened_at, told.at, told.payment_id or 0, told.amount, told.way, told.because, told.detail
    )  # fmt: skip


def locked_payments(ids: Iterable[str]) -> dict[str, LedgerPayment]:
    """The rows of these payments, made where they were not, held until the transaction ends."""
    wanted = sorted(set(ids))
    found: dict[str, LedgerPayment] = {}
    for chunk in chunks(wanted):
        LedgerPayment.objects.bulk_create(
            [LedgerPayment(payment_id=str(it)) for it in chunk], ignore_conflicts=True
        )
        held = LedgerPayment.objects.select_for_update().filter(payment_id__in=chunk).order_by("payment_id")
        found |= {it.payment_id: it for it in held}
    _known_in_the_book(found)
    loans = LedgerLoan.objects.in_bulk([it.loan_id for it in found.values() if it.loan_id])
    for it in found.values():
        if it.loan_id:
            it.loan = loans[it.loan_id]
    return found


def _known_in_the_book(payments: Mapping[str, LedgerPayment]) -> None:
    """A payment that came with the book has its loan from there: the ledger of that loan is opened with it."""
    homeless = [key for key, it in payments.items() if it.loan_id is None]
    home: dict[str, str] = {}
    for chunk in chunks(homeless):
        rows = FACTS["payments"].objects.filter(payment_id__in=chunk).order_by("recorded_at", "id")
        home |= dict(rows.values_list("payment_id", "loan_id"))
    loans = locked_loans(set(home.values()), {}) if home else {}
    moved = [payments[key] for key, loan_id in home.items() if loan_id in loans]
    for it in moved:
        it.loan = loans[home[it.payment_id]]
    LedgerPayment.objects.bulk_update(moved, ["loan"], batch_size=500)


def homes_of(payments: Mapping[str, LedgerPayment]) -> set[str]:
    """The loans that these payments pay as yet."""
    return {it.loan.loan_id for it in payments.values() if it.loan is not None}


def locked_loans(names: Iterable[str], currencies: Mapping[str, str]) -> dict[str, LedgerLoan]:
    """The rows of these loans, made where they were not, held until the transaction ends. Unknown loans are left out."""
    found: dict[str, LedgerLoan] = {}
    for chunk in chunks(set(names)):
        terms = terms_of(str(it) for it in chunk)
        made = {
            str(it): terms[it].currency if it in terms else currencies.get(str(it), "")
            for it in map(str, chunk)
        }
        new = [
            LedgerLoan(loan_id=it, currency=currency)
            for it, currency in made.items()
            if it in terms or it.startswith("unmatched:")
        ]
        LedgerLoan.objects.bulk_create(new, ignore_conflicts=True)
        held = LedgerLoan.objects.select_for_update().filter(loan_id__in=chunk).order_by("loan_id")
        found |= {it.loan_id: it for it in held}
    return found


def terms_of(loan_ids: Iterable[str]) -> dict[str, Any]:
    """The latest fact of each loan."""
    rows = FACTS["loans"].objects.filter(loan_id__in=list(loan_ids)).order_by("recorded_at", "id")
    return {it.loan_id: it for it in rows}


def shelves(loans: Iterable[LedgerLoan]) -> dict[int, Shelf]:
    """All that is known about these loans."""
    on = {it.pk: Shelf(it) for it in loans}
    for chunk in chunks(on):
        _read_told([int(str(it)) for it in chunk], on)
    by_name = {it.loan.loan_id: it for it in on.values()}
    for names in chunks(by_name):
        _read_facts([str(it) for it in names], by_name)
    return on


def _read_told(chunk: list[int], on: Mapping[int, Shelf]) -> None:
    homes: dict[int, int] = {}
    for number, loan, key in LedgerPayment.objects.filter(loan__in=chunk).values_list(
        "pk", "loan_id", "payment_id"
    ):
        homes[number] = loan
        on[loan].payments[number] = key
    of_payments = LedgerPayment.objects.filter(loan__in=chunk).values("pk")
    for it in Told.objects.filter(Q(loan__in=chunk) | Q(payment__in=of_payments)).order_by("pk"):
        home = homes.get(it.payment_id or 0) or it.loan_id or 0
        if home in on:
            on[home].said.append(said(it))
    sums = (
        Posting.objects.filter(loan__in=chunk)
        .values_list("loan", "account")
        .annotate(Sum("amount"))
        .order_by()
    )
    for loan, account, amount in sums:
        on[loan].balances[account] = amount


def _read_facts(names: list[str], by_name: Mapping[str, Shelf]) -> None:
    for loan_id, terms in terms_of(names).items():
        by_name[loan_id].terms = terms
    steps: defaultdict[str, dict[int, Any]] = defaultdict(dict)
    for it in FACTS["instalments"].objects.filter(loan_id__in=names).order_by("recorded_at", "id"):
        steps[it.loan_id][it.number] = it
        by_name[it.loan_id].versions.append(it)
    for loan_id, rows in steps.items():
        by_name[loan_id].schedule = [rows[number] for number in sorted(rows)]
