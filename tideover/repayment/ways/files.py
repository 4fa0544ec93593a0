"""Files of payments from networks of agents and from payrolls: mapped by content, each once, bad rows set aside and counted."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from pydantic import BaseModel, ConfigDict

from tideover.access.actors import Actor
from tideover.access.audit import note
from tideover.book.models import FACTS
from tideover.engine.policy.content import SHIPPED, Problem, read_document, validated
from tideover.kit.amounts import read_amount
from tideover.kit.cards import cover_cards
from tideover.kit.errors import Refused
from tideover.kit.money import Money
from tideover.repayment import ledger
from tideover.repayment.ledger import Payment
from tideover.repayment.ways.arriving import as_begun, expected, gave_way
from tideover.repayment.ways.models import PaymentFile, RowSetAside
from tideover.repayment.ways.references import loan_of_reference

FOLDER = "payment_files"
LARGEST = 50_000_000
"""Bytes of a file."""

MOST = 10**15
"""Minor units. One payment above this is a mistake in the telling, in any currency."""


class UnknownMapping(Refused):
    """No mapping of that name is in the content."""


class NotAFile(Refused):
    """What was given cannot be read as such a file."""


class FileMapping(BaseModel):
    """How the columns of a file are called there. `loan` may hold our reference or the loan's own number."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    says: str
    way: str
    id: str
    loan: str
    amount: str
    paid_on: str
    day_format: str = "%Y-%m-%d"
    currency: str = ""
    currency_column: str = ""
    locale: str = "en"
    delimiter: str = ","
    encoding: str = "utf-8-sig"


@dataclass(frozen=True)
class Taken:
    """What a file held. `known` are rows that came before, in this file or another."""

    file: int
    booked: int
    known: int
    set_aside: int
    is_new: bool = True

    @property
    def summary(self) -> str:
        """One line for whoever handed it in."""
        counts = f"{self.booked:,} booked, {self.known:,} known already, {self.set_aside:,} set aside"
        return counts if self.is_new else f"taken in before, nothing has changed: {counts}"


@dataclass(frozen=True)
class _Read:
    payments: tuple[Payment, ...]
    known: int
    bad: Mapping[int, str]


@transaction.atomic
def take_file(*, mapping: str, data: bytes, by: Actor, at: datetime) -> Taken:
    """Book what can be used of a file. The same file again changes nothing. Raises UnknownMapping, NotAFile."""
    read_as = mapping_of(mapping)
    digest = hashlib.sha256(f"{mapping}\n".encode() + data).hexdigest()
    if before := PaymentFile.objects.filter(digest=digest).first():
        return Taken(before.pk, before.booked, before.known, before.set_aside, is_new=False)
    found = _read(read_as, mapping, data, at)
    _book(found.payments, read_as.way, at)
    kept = PaymentFile.objects.create(
        digest=digest, mapping=mapping, taken_at=at, booked=len(found.payments), known=found.known, set_aside=len(found.bad)
    )  # fmt: skip
    RowSetAside.objects.bulk_create(
        [RowSetAside(file=kept, row=row, why=why) for row, why in found.bad.items()]
    )
    detail = {"booked": kept.booked, "known": kept.known, "set_aside": kept.set_aside}
    note(action="payment_file_taken", by=by, at=at, about=f"payment-file:{kept.pk}", detail=detail)
    return Taken(kept.pk, kept.booked, kept.known, kept.set_aside)


def _book(payments: Sequence[Payment], way: str, at: datetime) -> None:
    """What somebody began here is booked for its aim, under the row's key: another file may hold the row again."""
    begun = expected([(it.loan_id, it.amount, it.paid_at.date()) for it in payments], ways=(way,))
    met = [it if it and it.state != "paid" else None for it in begun]
    ledger.book_many([as_begun(it, one) for it, one in zip(payments, met, strict=True)], at=at)
    gave_way(filter(None, met), at=at)


def mapping_of(name: str) -> FileMapping:
    """The lender's own mapping, else the shipped one. Raises UnknownMapping."""
    places = (it / f"{name}.yaml" for it in _folders())
    file = next((it for it in places if name.isidentifier() and it.is_file()), None)
    if file is None:
        raise UnknownMapping(f"There is no {FOLDER}/{name}.yaml among the content.")
    problems: list[Problem] = []
    found = validated(read_document(file, f"{FOLDER}/{file.name}"), FileMapping, problems)
    if found is None:
        raise UnknownMapping("; ".join(map(str, problems)))
    return found


def _read(how: FileMapping, name: str, data: bytes, at: datetime) -> _Read:
    rows = _rows(how, data)
    loans = _loans(it[how.loan] for it in rows)
    payments: dict[str, Payment] = {}
    bad: dict[int, str] = {}
    keys = {f"{name}:{it[how.id].strip()}"[:200] for it in rows}
    before = set(FACTS["payments"].objects.filter(payment_id__in=keys).values_list("payment_id", flat=True))
    known = 0
    for number, row in enumerate(rows, 2):
        made = _payment(how, name, row, loans, at)
        if isinstance(made, str):
            bad[number] = made
        elif made.payment_id in before or payments.get(made.payment_id) == made:
            known += 1
        elif made.payment_id in payments:
            bad[number] = "two_rows_of_one_number"
        else:
            payments[made.payment_id] = made
    return _Read(tuple(payments.values()), known, bad)


def _rows(how: FileMapping, data: bytes) -> list[dict[str, str]]:
    if len(data) > LARGEST:
        raise NotAFile("The file is larger than fifty million bytes. Split it.")
    try:
        text = data.decode(how.encoding)
    except (UnicodeDecodeError, LookupError):
        raise NotAFile(f"The file is not written in {how.encoding}.") from None
    table = csv.DictReader(io.StringIO(text, newline=""), delimiter=how.delimiter)
    needed = [it for it in (how.id, how.loan, how.amount, how.paid_on, how.currency_column) if it]
    if missing := [it for it in needed if it not in (table.fieldnames or [])]:
        raise NotAFile(f"The file has no column {', '.join(missing)}.")
    try:
        return [{name: row.get(name) or "" for name in needed} for row in table]
    except csv.Error as error:
        raise NotAFile(f"The file is no table: {error}.") from None


def _loans(written: Iterable[str]) -> dict[str, tuple[str, str]]:
    """What stands in the column, with the loan that it means and that loan's currency."""
    meant = {text: loan_of_reference(text) or text.strip() for text in set(written) if text.strip()}
    rows = FACTS["loans"].objects.filter(loan_id__in=set(meant.values())).order_by("recorded_at", "id")
    currencies = {it.loan_id: it.currency for it in rows}
    return {text: (loan, currencies[loan]) for text, loan in meant.items() if loan in currencies}


def _payment(
    how: FileMapping, name: str, row: Mapping[str, str], loans: Mapping[str, tuple[str, str]], at: datetime
) -> Payment | str:  # fmt: skip
    """The payment of a row, or why there is none."""
    key = row[how.id].strip()
    if not key or row[how.loan] not in loans:
        return "no_such_loan" if key else "no_number"
    if cover_cards(key) != key:
        return "a_card_number"
    loan, currency = loans[row[how.loan]]
    said = row[how.currency_column].strip().upper() if how.currency_column else how.currency or currency
    if said != currency:
        return "another_currency"
    minor, paid_at = _minor(how, row, currency), _day(how, row)
    if minor is None or paid_at is None:
        return "no_amount" if minor is None else "no_day"
    if paid_at.date() > at.date():
        return "a_day_to_come"
    return Payment(f"{name}:{key}"[:200], Money(minor, currency), min(paid_at, at), how.way, loan, "file")


def _minor(how: FileMapping, row: Mapping[str, str], currency: str) -> int | None:
    try:
        minor = read_amount(row[how.amount], currency, locale=how.locale)
    except Refused:
        return None
    return minor if 0 < minor <= MOST else None


def _day(how: FileMapping, row: Mapping[str, str]) -> datetime | None:
    try:
        return datetime.strptime(row[how.paid_on].strip(), how.day_format).replace(hour=12, tzinfo=UTC)
    except ValueError:
        return None


def mapping_names() -> list[str]:
    """Whose files can be taken in: the lender's own mappings and the shipped ones."""
    return sorted({it.stem for place in _folders() for it in place.glob("*.yaml")})


def _folders() -> list[Path]:
    """The lender's own before the shipped one."""
    return [it / FOLDER for it in (settings.CONTENT, SHIPPED) if it]
