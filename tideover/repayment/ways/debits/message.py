"""The bank's file: pain.008, ISO 20022 customer direct debit initiation, versions .02 and .08, for SEPA Core."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Literal
from xml.etree import ElementTree as ET

from tideover.kit.money import Money, decimal_of

Version = Literal["02", "08"]
# What every bank takes (EPC217-08): the rest is written without its marks, or left out.
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/-?:().,'+ ")


@dataclass(frozen=True)
class Creditor:
    """Who collects."""

    name: str
    creditor_id: str
    account: str
    bank: str = ""


@dataclass(frozen=True)
class Collection:
    """One instalment to be taken."""

    end_to_end: str
    umr: str
    signed_on: date
    amount: Money
    on: date
    is_first: bool
    holder: str = field(repr=False)
    account: str = field(repr=False)
    bank: str = ""
    text: str = ""


def written(
    message_id: str, creditor: Creditor, every: Sequence[Collection], *, at: datetime, version: Version = "02"
) -> str:  # fmt: skip
    """The whole file: a payment block for each day and sequence. The collections are all in euros."""
    root = ET.Element("Document", {"xmlns": f"urn:iso:std:iso:20022:tech:xsd:pain.008.001.{version}"})
    body = ET.SubElement(root, "CstmrDrctDbtInitn")
    head = ET.SubElement(body, "GrpHdr")
    _text(head, "MsgId", message_id)
    _text(head, "CreDtTm", at.strftime("%Y-%m-%dT%H:%M:%SZ"))
    _totals(head, every)
    _text(ET.SubElement(head, "InitgPty"), "Nm", plain(creditor.name, 70))
    for number, ((on, is_first), some) in enumerate(_blocks(every), 1):
        _block(
            body, f"{message_id}-{number}"[:35], creditor, list(some), on, is_first=is_first, version=version
        )
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _blocks(every: Sequence[Collection]) -> groupby[tuple[date, bool], Collection]:
    return groupby(
        sorted(every, key=lambda it: (it.on, it.is_first, it.end_to_end)), lambda it: (it.on, it.is_first)
    )


def _block(
    body: ET.Element, name: str, creditor: Creditor, some: list[Collection], on: date, *, is_first: bool, version: Version
) -> None:  # fmt: skip
    block = ET.SubElement(body, "PmtInf")
    _text(block, "PmtInfId", name)
    _text(block, "PmtMtd", "DD")
    _totals(block, some)
    kind = ET.SubElement(block, "PmtTpInf")
    _text(kind, "SvcLvl/Cd", "SEPA")
    _text(kind, "LclInstrm/Cd", "CORE")
    _text(kind, "SeqTp", "FRST" if is_first else "RCUR")
    _text(block, "ReqdColltnDt", on.isoformat())
    _text(block, "Cdtr/Nm", plain(creditor.name, 70))
    _text(block, "CdtrAcct/Id/IBAN", creditor.account)
    _bank(block, "CdtrAgt", creditor.bank, version)
    _text(block, "ChrgBr", "SLEV")
    scheme = ET.SubElement(ET.SubElement(ET.SubElement(block, "CdtrSchmeId"), "Id"), "PrvtId")
    other = ET.SubElement(scheme, "Othr")
    _text(other, "Id", creditor.creditor_id)
    _text(other, "SchmeNm/Prtry", "SEPA")
    for it in some:
        _collection(block, it, version)


def _collection(block: ET.Element, it: Collection, version: Version) -> None:
    one = ET.SubElement(block, "DrctDbtTxInf")
    _text(one, "PmtId/EndToEndId", it.end_to_end)
    amount = ET.SubElement(one, "InstdAmt", {"Ccy": it.amount.currency})
    amount.text = str(it.amount.decimal)
    mandate = ET.SubElement(ET.SubElement(one, "DrctDbtTx"), "MndtRltdInf")
    _text(mandate, "MndtId", it.umr)
    _text(mandate, "DtOfSgntr", it.signed_on.isoformat())
    _bank(one, "DbtrAgt", it.bank, version)
    _text(one, "Dbtr/Nm", plain(it.holder, 70))
    _text(one, "DbtrAcct/Id/IBAN", it.account)
    if it.text:
        _text(one, "RmtInf/Ustrd", plain(it.text, 140))


def plain(text: str, most: int) -> str:
    """In the letters that banks take: without marks, and what has no plain letter left out."""
    bare = unicodedata.normalize("NFKD", text.translate(_SPELT))
    return " ".join("".join(it for it in bare if it in _PLAIN).split())[:most] or "."


_SPELT = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "Ä": "Ae",
        "Ö": "Oe",
        "Ü": "Ue",
        "ß": "ss",
        "ø": "o",
        "æ": "ae",
        "ł": "l",
        "đ": "d",
    }
)


def _bank(parent: ET.Element, tag: str, bic: str, version: Version) -> None:
    agent = ET.SubElement(ET.SubElement(parent, tag), "FinInstnId")
    if bic:
        _text(agent, "BIC" if version == "02" else "BICFI", bic)
    else:
        _text(agent, "Othr/Id", "NOTPROVIDED")


def _totals(parent: ET.Element, every: Sequence[Collection]) -> None:
    _text(parent, "NbOfTxs", str(len(every)))
    _text(parent, "CtrlSum", str(decimal_of(sum(it.amount.minor for it in every), "EUR")))


def _text(parent: ET.Element, path: str, text: str) -> None:
    for tag in path.split("/"):
        parent = ET.SubElement(parent, tag)
    parent.text = text
