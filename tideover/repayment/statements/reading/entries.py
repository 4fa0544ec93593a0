"""One booking of a camt file, told apart into its payments where the file names each and their sum is the booking's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from xml.etree.ElementTree import Element

from tideover.kit.errors import Refused
from tideover.repayment.statements.reading.amounts import NotReadable, day, minor
from tideover.repayment.statements.reading.lines import Aside, Heard, Line, reference

BOOKED, PENDING = frozenset({"BOOK", ""}), frozenset({"PDNG", "FUTR"})
_REFS = ("EndToEndId", "InstrId", "MndtId", "TxId", "PmtInfId", "MsgId", "ChqNb", "UETR")


def entry_lines(
    entry: Element, account: str, currency: str, where: str, *, made_on: str = ""
) -> Iterator[Heard]:
    """The lines of one booking; where it cannot be read, why. One without a day is of the day its statement was made."""
    status = text(entry, "Sts/Cd") or text(entry, "Sts/Prtry") or text(entry, "Sts")
    if status not in BOOKED | PENDING:
        yield Aside(where, "it is told for information only, and not booked")
        return
    try:
        whole = _whole(entry, account, currency, made_on)
    except Refused as refused:
        yield Aside(where, str(refused))
        return
    whole = replace(whole, is_pending=status in PENDING)
    details = [it for block in children(entry, "NtryDtls") for it in children(block, "TxDtls")]
    told = len(details)
    if told > 1 and (parts := _parts(whole, details)):
        yield from parts
        return
    count = max([told, *(int(it) for it in texts(entry, "NtryDtls/Btch/NbOfTxs") if it.isdigit())])
    line = _detailed(whole, details[0]) if told == 1 else _together(whole, details)
    yield replace(line, parts=0) if count > 1 else line


def _whole(entry: Element, account: str, currency: str, made_on: str) -> Line:
    amount, side = find(entry, "Amt"), text(entry, "CdtDbtInd")
    if amount is None or side not in ("CRDT", "DBIT"):
        raise NotReadable("it does not say how much, or which way")
    currency = amount.get("Ccy") or currency
    value = minor(amount.text or "", currency) * (-1 if side == "DBIT" else 1)
    booked, valued = _day(entry, "BookgDt"), _day(entry, "ValDt")
    on = booked or valued or made_on
    if not on:
        raise NotReadable("it has no day")
    bank_id = reference(text(entry, "AcctSvcrRef"))
    booked_on = day(on)
    return Line(
        account, booked_on, day(valued or on), value, currency, bank_id,
        text=_joined(texts(entry, "AddtlNtryInf")), is_reversal=text(entry, "RvslInd") in ("true", "1"),
        entry=f"{booked_on}|{value}|{currency}|{bank_id}",
    )  # fmt: skip


def _day(entry: Element, name: str) -> str:
    return text(entry, f"{name}/Dt") or text(entry, f"{name}/DtTm")


def _parts(whole: Line, details: Sequence[Element]) -> list[Line]:
    """Each payment of a booking; none where they do not add up to it in its currency."""
    made = []
    for it in details:
        amount = find(it, "Amt")
        if amount is None:
            amount = find(it, "AmtDtls/TxAmt/Amt")
        if amount is None or amount.get("Ccy", whole.currency) != whole.currency:
            return []
        try:
            value = abs(minor(amount.text or "", whole.currency))
        except Refused:
            return []
        side = text(it, "CdtDbtInd")
        made.append(-value if (side == "DBIT" or (not side and whole.amount < 0)) else value)
    if sum(made) != whole.amount:
        sign = -1 if whole.amount < 0 else 1
        made = [sign * abs(it) for it in made]
    if sum(made) != whole.amount:
        return []
    return [
        replace(_detailed(whole, it), amount=value, parts=len(details))
        for it, value in zip(details, made, strict=True)
    ]


def _together(whole: Line, details: Sequence[Element]) -> Line:
    """Several payments that cannot be told apart: everything they say, in one line."""
    said = [_detailed(whole, it) for it in details]
    return replace(
        whole,
        text=_joined([whole.text, *(it.text for it in said), *(it.name for it in said)]),
        references=tuple(dict.fromkeys(ref for it in said for ref in (*it.references, it.end_to_end) if ref)),
    )


def _detailed(whole: Line, details: Element) -> Line:
    """The line with what its details say. The other side of money that came is the debtor, of money that went the creditor."""
    came = (whole.amount >= 0) != whole.is_reversal
    side = "Dbtr" if came else "Cdtr"
    refs = [reference(it) for name in _REFS for it in texts(details, f"Refs/{name}")]
    refs += [reference(it) for it in texts(details, "RmtInf/Strd/CdtrRefInf/Ref")]
    own = reference(text(details, "Refs/AcctSvcrRef"))
    return replace(
        whole,
        bank_id=own or whole.bank_id,
        end_to_end=reference(text(details, "Refs/EndToEndId")),
        references=tuple(dict.fromkeys(it for it in refs if it)),
        name=_name(details, side) or _name(details, f"Ultmt{side}"),
        other_account=_account(details, side),
        text=_joined([*_free(details), whole.text]),
        return_code=text(details, "RtrInf/Rsn/Cd") or text(details, "RtrInf/Rsn/Prtry"),
    )


def _free(details: Element) -> list[str]:
    return [
        *texts(details, "RmtInf/Ustrd"), *texts(details, "RmtInf/Strd/AddtlRmtInf"),
        *texts(details, "AddtlTxInf"), *texts(details, "RtrInf/AddtlInf"),
    ]  # fmt: skip


def _name(details: Element, side: str) -> str:
    party = f"RltdPties/{side}"
    return (
        text(details, f"{party}/Pty/Nm")
        or text(details, f"{party}/Nm")
        or text(details, f"{party}/Agt/FinInstnId/Nm")
    )


def _account(details: Element, side: str) -> str:
    place = f"RltdPties/{side}Acct/Id"
    return "".join((text(details, f"{place}/IBAN") or text(details, f"{place}/Othr/Id")).split()).upper()


def _joined(said: Sequence[str]) -> str:
    return " ".join(dict.fromkeys(it for it in said if it))


def children(element: Element, name: str) -> list[Element]:
    """Those of a name, in whichever namespace."""
    return [it for it in element if str(it.tag).rpartition("}")[2] == name]


def find(element: Element, path: str) -> Element | None:
    """The first element at a path of names; None where there is none."""
    found = [element]
    for name in path.split("/"):
        found = [it for each in found for it in children(each, name)]
    return found[0] if found else None


def texts(element: Element, path: str) -> list[str]:
    """The words of every element at a path."""
    found = [element]
    for name in path.split("/"):
        found = [it for each in found for it in children(each, name)]
    return [" ".join(it.text.split()) for it in found if it.text and it.text.strip()]


def text(element: Element, path: str) -> str:
    """The words of the first element at a path that has any."""
    return next(iter(texts(element, path)), "")
