"""SWIFT MT940 and MT942, in the dialects banks really write. Streamed; one bad field sets one line aside, not the file.

MT942 tells of bookings before the day's statement does: all its lines are pending, and count only once an MT940 has them.
The grammar of fields 61, 60 and 62 is that of the library `mt-940`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from mt940.tags import BalanceBase, Statement, StatementASNB

from tideover.kit.errors import Refused
from tideover.repayment.statements.reading.amounts import NotReadable, bank_day, minor_with_comma
from tideover.repayment.statements.reading.details import details_of
from tideover.repayment.statements.reading.lines import Aside, Begins, Ends, Heard, Line, reference

TAG = re.compile(r":(\d{2}[A-Z]?|NS):")
_ENDS = re.compile(r"-\}?\s*$|-?\x03\s*$|\s*$")
_LINE, _WIDE, _BALANCE = Statement().re, StatementASNB().re, BalanceBase().re
HALF_A_YEAR = 183
_REVERSAL = re.compile(r"R([DC])", re.IGNORECASE)


def fields(rows: Iterable[str]) -> Iterator[tuple[int, str, str]]:
    """Every field of a file: the row it begins in, its tag, its text."""
    begun, tag, kept = 0, "", [""]
    for number, row in enumerate(rows, 1):
        told = row.rstrip("\r\n").replace("\x01", "").replace("\x03", "")
        found = TAG.match(told)
        if found or told.strip() in ("-", "-}"):
            if tag:
                yield begun, tag, "\n".join(kept)
            begun, tag, kept = number, found[1] if found else "", [told[found.end() :] if found else ""]
        elif tag:
            kept.append(told)
    if tag:
        yield begun, tag, "\n".join(kept)


def read_swift(rows: Iterable[str]) -> Iterator[Heard]:
    """The lines of a file."""
    state = _State()
    for row, tag, told in fields(rows):
        yield from state.hear(row, tag, told)
    yield from state.over()


class _State:
    def __init__(self) -> None:
        self._anew()

    def _anew(self) -> None:
        self.account, self.number, self.currency, self.is_interim = "", "", "", False
        self.opening: int | None = None
        self.closing: int | None = None
        self.begun, self.in_sheet = False, False
        self.line: Line | None = None

    def hear(self, row: int, tag: str, told: str) -> Iterator[Heard]:
        where = f"row {row}"
        if tag not in ("86", "NS"):
            yield from self._let_go()
        if tag == "20":
            yield from self.over()
            self._anew()
            self.in_sheet = True
        elif tag == "25":
            self.account = "".join(told.split()).upper()
        elif tag in ("28", "28C"):
            self.number = " ".join(told.split())
        elif tag == "34F":
            self.is_interim, self.currency = True, self.currency or told.strip()[:3]
        elif tag in ("60F", "60M", "62F", "62M"):
            yield from self._balance(tag, told, where)
        elif tag == "61":
            yield from self._begin()
            yield from self._booking(told, where)
        elif tag in ("86", "NS") and self.line is not None:
            self.line = details_of(self.line, told, is_own_format=tag == "NS")

    def over(self) -> Iterator[Heard]:
        """The statement ends, or the file does."""
        yield from self._let_go()
        if self.in_sheet and (self.begun or self.closing is not None):
            yield from self._begin()
            yield Ends(self.opening, self.closing, self.currency)
        self.in_sheet = False

    def _begin(self) -> Iterator[Heard]:
        if not self.begun:
            self.begun, self.in_sheet = True, True
            yield Begins(self.account, self.number, self.currency, self.opening)

    def _let_go(self) -> Iterator[Heard]:
        if self.line is not None:
            yield self.line
            self.line = None

    def _balance(self, tag: str, told: str, where: str) -> Iterator[Heard]:
        found = _BALANCE.match(told.strip())
        if not found or not found["amount"]:
            yield Aside(where, "the balance cannot be read")
            return
        try:
            value = minor_with_comma(found["amount"], found["currency"].upper())
        except Refused as refused:
            yield Aside(where, str(refused))
            return
        value = -value if found["status"].upper() == "D" else value
        self.currency = found["currency"].upper()
        if tag.startswith("60"):
            self.opening = value
        else:
            self.closing = value

    def _booking(self, told: str, where: str) -> Iterator[Heard]:
        try:
            self.line = self._line(told)
        except Refused as refused:
            yield Aside(where, str(refused))
        else:
            if self.is_interim:
                self.line = replace(self.line, is_pending=True)

    def _line(self, told: str) -> Line:
        said = told.strip("\n")
        found = _LINE.match(said) or _WIDE.match(said) or _LINE.match(said.split("\n")[0])
        if not found:
            raise NotReadable("the booking is not written as field 61 is")
        if not self.currency:
            raise NotReadable("the statement does not say in which currency it is")
        valued = bank_day(2000 + int(found["year"]), int(found["month"]), int(found["day"]))
        side = found["status"].upper()
        amount = minor_with_comma(found["amount"], self.currency)
        bank_id, own = reference(found["bank_reference"]), reference(found["customer_reference"])
        booked = _entry_day(valued, found["entry_month"], found["entry_day"])
        value = -amount if side in ("D", "RC") else amount
        return Line(
            self.account, booked, valued, value, self.currency, bank_id, references=(own,) if own else (),
            text=" ".join((found["extra_details"] or "").split()), is_reversal=bool(_REVERSAL.match(side)),
            entry=f"{booked}|{value}|{self.currency}|{bank_id}",
        )  # fmt: skip


def _entry_day(valued: date, month: str | None, of_month: str | None) -> date:
    """The day of booking carries no year: the one nearest to the value day is meant."""
    if not (month and of_month and month.isdigit() and of_month.isdigit()):
        return valued
    try:
        near = [bank_day(valued.year + it, int(month), int(of_month)) for it in (-1, 0, 1)]
    except NotReadable:
        return valued
    return min(near, key=lambda it: abs((it - valued).days))
