"""ISO 20022 camt.052, .053 and .054, versions 02 to 13: a report, a statement, a notification. Streamed, however large.

A document type definition or an entity is refused before anything is read of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import iterparse  # type: ignore[import-untyped]

from tideover.kit.errors import Refused
from tideover.repayment.statements.reading.amounts import day, minor
from tideover.repayment.statements.reading.entries import entry_lines, find, text
from tideover.repayment.statements.reading.lines import Aside, Begins, Ends, Heard

SHEETS = frozenset({"Stmt", "Rpt", "Ntfctn"})
OPENING, CLOSING = ("OPBD", "PRCD"), ("CLBD",)


class Forbidden(Refused):
    """The file carries what a bank's file never does: a document type definition, entities."""


def read_camt(stream: IO[bytes]) -> Iterator[Heard]:
    """The lines of a file. Raises Forbidden."""
    state = _State()
    try:
        for event, element in iterparse(stream, events=("start", "end"), forbid_dtd=True):
            yield from state.opened(element) if event == "start" else state.ended(element)
    except DefusedXmlException:
        raise Forbidden(
            "The file declares a document type or entities. No bank's statement does; it was not read."
        ) from None
    except ParseError as error:
        yield Aside(
            f"line {error.position[0]}", "the file is broken from here on; what came before it was read"
        )
        yield from state.cut_off()


class _State:
    """Where we are in the file. Only the entry at hand is held."""

    def __init__(self) -> None:
        self.path: list[Element] = []
        self.sheet: Element | None = None
        self.begun, self.account, self.currency, self.number = False, "", "", 0
        self.made_on = ""
        self.balances: dict[str, tuple[int, str]] = {}

    def opened(self, element: Element) -> Iterable[Heard]:
        """A start tag."""
        self.path.append(element)
        if local(element) in SHEETS and self.sheet is None:
            self.sheet, self.begun, self.account, self.currency, self.balances = element, False, "", "", {}
        return ()

    def ended(self, element: Element) -> Iterator[Heard]:
        """An end tag: what it closes is whole."""
        self.path.pop()
        parent, name = (self.path[-1] if self.path else None), local(element)
        if name == "CreDtTm":
            self.made_on = (element.text or "").strip()
        if self.sheet is None:
            return
        if element is self.sheet:
            yield from self._begin()
            yield self._end()
            self.sheet = None
        elif parent is self.sheet and name == "Ntry":
            yield from self._begin()
            self.number += 1
            yield from entry_lines(
                element, self.account, self.currency, f"entry {self.number}", made_on=self.made_on
            )
            parent.remove(element)
        elif parent is self.sheet and name == "Acct":
            self.account, self.currency = _account(element), text(element, "Ccy")
        elif parent is self.sheet and name == "Bal":
            yield from self._balance(element)

    def cut_off(self) -> Iterator[Heard]:
        """The file ended in the middle: what was begun has no closing balance."""
        if self.sheet is not None and self.begun:
            yield Ends(currency=self.currency)

    def _begin(self) -> Iterator[Heard]:
        if not self.begun and self.sheet is not None:
            self.begun = True
            number = text(self.sheet, "ElctrncSeqNb") or text(self.sheet, "Id")
            yield Begins(self.account, number, self.currency, self._told(OPENING))

    def _end(self) -> Heard:
        known = {currency for _, currency in self.balances.values()}
        currency = self.currency or next(iter(known), "")
        if known - {currency}:
            return Ends(currency=currency)
        return Ends(self._told(OPENING), self._told(CLOSING), currency)

    def _told(self, kinds: tuple[str, ...]) -> int | None:
        found = [self.balances[it] for it in kinds if it in self.balances]
        return found[0][0] if found and found[0][1] == (self.currency or found[0][1]) else None

    def _balance(self, element: Element) -> Iterator[Heard]:
        kind, amount = text(element, "Tp/CdOrPrtry/Cd"), find(element, "Amt")
        if amount is None or kind not in (*OPENING, *CLOSING):
            return
        currency = amount.get("Ccy") or self.currency
        try:
            value = minor(amount.text or "", currency)
            day(text(element, "Dt/Dt") or text(element, "Dt/DtTm") or "1970-01-01")
        except Refused as refused:
            yield Aside(f"balance {kind}", str(refused))
            return
        value = -value if text(element, "CdtDbtInd") == "DBIT" else value
        # Several opening balances: the first is that of the beginning. Several closing ones: the last is that of the end.
        if kind in CLOSING or kind not in self.balances:
            self.balances[kind] = (value, currency)


def _account(element: Element) -> str:
    found = text(element, "Id/IBAN") or text(element, "Id/Othr/Id") or text(element, "Id/PrtryAcct/Id")
    return "".join(found.split()).upper()


def local(element: Any) -> str:
    """The name without its namespace, which carries the version."""
    return str(element.tag).rpartition("}")[2]
