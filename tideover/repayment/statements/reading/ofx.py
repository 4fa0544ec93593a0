"""OFX 1.x (SGML, whose tags need not be closed) and 2.x (XML), bank and card statements. Streamed; entities are never expanded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import unescape

from tideover.kit.errors import Refused
from tideover.repayment.statements.reading.amounts import NotReadable, day, minor_either
from tideover.repayment.statements.reading.lines import Aside, Begins, Ends, Heard, Line, reference

_TAG = re.compile(r"(/?)([A-Za-z0-9_.]+)\s*(/?)>(.*)", re.DOTALL)
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
LONGEST = 100_000
"""Letters between two tags. No bank writes more; what does is no tag of ours."""


def tags(rows: Iterable[str]) -> Iterator[tuple[str, bool, str]]:
    """Each tag: its name in capitals, whether it closes, the words behind it."""
    kept = ""
    for row in rows:
        *whole, kept = (kept + row).split("<")
        for it in whole:
            yield from _tag(it)
        kept = kept[:LONGEST]
    yield from _tag(kept)


def _tag(told: str) -> Iterator[tuple[str, bool, str]]:
    found = _TAG.match(told)
    if found:
        yield found[2].upper(), bool(found[1]), " ".join(unescape(found[4], {"&nbsp;": " "}).split())


def read_ofx(rows: Iterable[str], *, currency: str = "") -> Iterator[Heard]:
    """The lines of a file. `currency` is for files that name none."""
    state = _State(currency)
    for name, closes, words in tags(rows):
        if name in ("STMTRS", "CCSTMTRS"):
            yield from state.sheet_tag(closes=closes)
        elif name == "STMTTRN":
            yield from state.line_tag(closes=closes)
        elif name == "LEDGERBAL":
            state.in_balance = not closes
        elif words and not closes:
            state.word(name, words)


class _State:
    """Where we are in the file."""

    def __init__(self, currency: str) -> None:
        self.currency, self.count, self.begun, self.in_balance = currency, 0, False, False
        self.sheet: dict[str, str] = {}
        self.line: dict[str, str] | None = None

    def sheet_tag(self, *, closes: bool) -> Iterator[Heard]:
        """A statement begins or ends."""
        if closes:
            yield from self._begin()
            yield _ends(self.sheet, self.currency)
        self.sheet, self.begun = {}, False

    def line_tag(self, *, closes: bool) -> Iterator[Heard]:
        """A transaction begins or ends; where its end is not marked, the next one ends it."""
        if self.line is not None:
            yield from self._begin()
            self.count += 1
            yield _line(self.line, self.sheet, self.currency, f"transaction {self.count}")
        self.line = None if closes else {}

    def word(self, name: str, words: str) -> None:
        """What a tag says."""
        if self.line is not None:
            self.line.setdefault(name, words)
        elif name in ("CURDEF", "ACCTID", "BANKID") or (name == "BALAMT" and self.in_balance):
            self.sheet.setdefault(name, words)

    def _begin(self) -> Iterator[Heard]:
        if not self.begun:
            self.begun = True
            yield _begins(self.sheet, self.currency)


def _account(sheet: dict[str, str]) -> str:
    number = "".join(sheet.get("ACCTID", "").split()).upper()
    # An IBAN names the bank itself: the same account has the same name in every kind of file.
    parts = (number,) if _IBAN.fullmatch(number) else (sheet.get("BANKID", ""), number)
    return "".join("/".join(it for it in parts if it).split()).upper()


def _currency(sheet: dict[str, str], otherwise: str) -> str:
    return (sheet.get("CURDEF") or otherwise).upper()


def _begins(sheet: dict[str, str], currency: str) -> Begins:
    return Begins(_account(sheet), "", _currency(sheet, currency))


def _ends(sheet: dict[str, str], currency: str) -> Ends:
    known = _currency(sheet, currency)
    try:
        # The balance is that of the day the file was made, which need not be the last day of its list.
        return Ends(None, minor_either(sheet["BALAMT"], known), known)
    except (KeyError, Refused):
        return Ends(currency=known)


def _line(told: dict[str, str], sheet: dict[str, str], currency: str, where: str) -> Line | Aside:
    known = told.get("CURSYM", "").upper() or _currency(sheet, currency)
    try:
        if not known:
            raise NotReadable("the file does not say in which currency it is; name it with --currency")
        amount = minor_either(told.get("TRNAMT", ""), known)
        booked = day(told.get("DTPOSTED", ""))
        valued = told.get("DTAVAIL") or told.get("VALUEDATE") or ""
        value_on = day(valued) if valued.strip("0") else booked
    except Refused as refused:
        return Aside(where, str(refused))
    refs = [reference(told.get(it)) for it in ("CHECKNUM", "CHKNUM", "REFNUM", "SRVRTID")]
    bank_id = reference(told.get("FITID"))
    name, memo = told.get("NAME", told.get("PAYEE", "")), told.get("MEMO", "")
    return Line(
        _account(sheet), booked, value_on, amount, known, bank_id,
        references=tuple(it for it in refs if it), name=name, text=memo,
        other_account="", is_reversal=bool(told.get("CORRECTFITID")), entry=f"{booked}|{amount}|{known}|{bank_id}",
    )  # fmt: skip
