"""Lines go to the ledger: matched money to its loan, the rest to the account of money whose loan is not known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta

from django.db import transaction

from tideover.kit.errors import Refused
from tideover.repayment import ledger
from tideover.repayment.ledger import Payment
from tideover.repayment.ledger.models import LedgerPayment
from tideover.repayment.statements.claims import money_was_found
from tideover.repayment.statements.identity import Told
from tideover.repayment.statements.matching import Matched, match_lines
from tideover.repayment.statements.models import StatementFile, StatementLine
from tideover.repayment.ways.arriving import arrived, as_begun, expected
from tideover.repayment.ways.models import Intent

WAY, SOURCE = "transfer", "statement"
AT_ONCE = 300
LOOK_BACK = timedelta(days=400)
"""How long a payment may come back: thirteen months for a debit nobody had agreed to (EPC SDD rulebook), and some days."""

_FIELDS = ["state", "loan_id", "why", "candidates", "payment_id", "moved_at", "by"]


def payment_of(line: StatementLine) -> str:
    """The line's key at the ledger. A match that was undone leaves a payment that was taken back, and a new key."""
    return f"line-{line.pk}" + (f".{line.tries}" if line.tries else "")


def paid_at(line: StatementLine) -> datetime:
    """When the money counts as paid: noon of the day from which it bears interest, as statements tell no hour."""
    return datetime.combine(line.value_on, time(12), UTC)


def see_to(
    file: StatementFile, *, at: datetime, progress: Callable[[int], None] = lambda _: None
) -> Counter[str]:
    """Every line of the file that was not looked at yet. What became of them, by name."""
    came: Counter[str] = Counter()
    while lines := list(StatementLine.objects.filter(file=file, state="read").order_by("pk")[:AT_ONCE]):
        came += _chunk(lines, at)
        progress(came.total())
    return came


@transaction.atomic
def _chunk(lines: Sequence[StatementLine], at: datetime) -> Counter[str]:
    coming = [it for it in lines if it.amount > 0 and not _takes_back(it)]
    going = [it for it in lines if it.amount <= 0 or _takes_back(it)]
    for line, match in zip(coming, match_lines(coming), strict=True):
        _noted(line, match, at)
    met = _met(coming)
    _book(coming, met, at)
    arrived((it for line, it in met.items() if line.payment_id == it.payment_id), at=at)
    for line in going:
        _went(line, at)
    StatementLine.objects.bulk_update(lines, _FIELDS, batch_size=AT_ONCE)
    money_was_found([(it.loan_id, it.booked_on) for it in lines if it.state == "matched"], at=at)
    return Counter(f"{it.state}:{it.why}" if it.why else it.state for it in lines)


def _takes_back(line: StatementLine) -> bool:
    """Money that went out because a payment that came in before was not honoured."""
    return line.amount < 0 and (line.is_reversal or bool(line.return_code))


def _noted(line: StatementLine, match: Matched, at: datetime) -> None:
    line.loan_id, line.why, line.candidates = match.loan_id, match.why, [list(it) for it in match.candidates]
    line.state, line.moved_at, line.payment_id = (
        "matched" if match.loan_id else "waiting",
        at,
        payment_of(line),
    )


def _met(lines: Sequence[StatementLine]) -> dict[StatementLine, Intent]:
    """The lines that are a payment which somebody began or said was on its way: they are booked under its key."""
    wanted = [it for it in lines if it.loan_id]
    found = expected([(it.loan_id, it.money, it.value_on) for it in wanted])
    met = {line: it for line, it in zip(wanted, found, strict=True) if it is not None}
    for line, it in met.items():
        line.payment_id = it.payment_id
    return met


def _book(lines: Sequence[StatementLine], met: Mapping[StatementLine, Intent], at: datetime) -> None:
    """All at once; where the ledger refuses one, each by itself."""
    if not lines:
        return
    try:
        with transaction.atomic():
            ledger.book_many([payment(it, met.get(it)) for it in lines], at=at)
    except Refused:
        for it in lines:
            _book_one(it, met.get(it), at)


def _book_one(line: StatementLine, met: Intent | None, at: datetime) -> None:
    try:
        with transaction.atomic():
            ledger.book_many([payment(line, met)], at=at)
    except Refused:
        if line.loan_id:
            line.loan_id, line.state, line.why = "", "waiting", "refused"
            line.payment_id = payment_of(line)
            _book_one(line, None, at)
        else:
            line.payment_id, line.why = "", "refused"


def payment(line: StatementLine, met: Intent | None = None) -> Payment:
    """The line as the ledger takes it: as she meant it, where she began it here."""
    way = met.way if met else WAY
    return as_begun(Payment(line.payment_id, line.money, paid_at(line), way, line.loan_id, SOURCE), met)


def book_as_begun(line: StatementLine, *, at: datetime) -> bool:
    """A line whose loan a person found: is it a payment that somebody began? Then it is booked as that one, for its aim."""
    before = line.payment_id
    met = _met([line]).get(line)
    if met is None:
        return False
    if before:
        ledger.reverse(payment_id=before, because="arrived_otherwise", at=at)
    ledger.book_many([payment(line, met)], at=at)
    arrived([met], at=at)
    return True


def _went(line: StatementLine, at: datetime) -> None:
    """Money that went out: a return of a payment takes that payment back; what else went out concerns no loan."""
    line.moved_at = at
    if not _takes_back(line):
        line.state = "out"
        return
    came = _what_it_takes_back(line)
    if came is not None:
        ledger.reverse(payment_id=came.payment_id, because=_reason(line), at=at)
        came.state, came.moved_at, came.why = "returned", at, "taken_back"
        came.save(update_fields=["state", "moved_at", "why"])
        line.state, line.why, line.loan_id = "returned", "returned", came.loan_id
        return
    payment = _payment_told_of(line)
    if payment is not None:
        ledger.reverse(payment_id=payment.payment_id, because=_reason(line), at=at)
        line.state, line.why = "returned", "returned"
        return
    line.state, line.why = "waiting", "unknown_return"


def _reason(line: StatementLine) -> str:
    return (line.return_code or "taken_back").lower()[:64]


def _what_it_takes_back(line: StatementLine) -> StatementLine | None:
    """The one line that it can mean: of the same amount, and the same reference, number or payer. Never by amount alone."""
    rows = StatementLine.objects.filter(
        account=line.account, amount=-line.amount, currency=line.currency, booked_on__lte=line.booked_on,
        booked_on__gte=line.booked_on - LOOK_BACK, state__in=("matched", "waiting", "kept"),
    ).exclude(payment_id="").order_by("-booked_on", "-pk")  # fmt: skip
    told = Told.of(line.told)
    by_reference = [it for it in rows if line.end_to_end and it.end_to_end == line.end_to_end]
    by_number = [it for it in rows if it.bank_id and it.bank_id in (line.bank_id, *told.references)]
    by_payer = [it for it in rows if line.payer and it.payer == line.payer]
    for found in (by_reference, by_number):
        if found:
            return found[0]
    return by_payer[0] if len(by_payer) == 1 else None


def _payment_told_of(line: StatementLine) -> LedgerPayment | None:
    """A payment that came another way, such as a debit that was collected: the return carries its number."""
    told = Told.of(line.told)
    numbers = {it for it in (told.end_to_end, *told.references) if it}
    keys = numbers | {f"debit-{it}" for it in numbers}
    return LedgerPayment.objects.filter(payment_id__in=keys).first() if keys else None


def take_out(lines: Iterable[StatementLine], *, at: datetime) -> None:
    """The bank has these no more: what the ledger had of them goes back."""
    for it in lines:
        if it.payment_id:
            ledger.reverse(payment_id=it.payment_id, because=it.state, at=at)
