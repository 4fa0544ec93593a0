"""Field 86 of MT940: what the other side wrote. Each country has a form of its own; all of it is kept as text besides."""

from __future__ import annotations

import re
from dataclasses import replace

from tideover.repayment.statements.reading.lines import Line, reference

_GERMAN = re.compile(r"^\d{3}(?=([?>])\d{2})")
_GVC = re.compile(r"(EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|IBAN|BIC|COAM|OAMT|PURP|MDAT|RREF)\+")
_SLASHED = re.compile(
    r"/(EREF|KREF|MARF|CSID|IBAN|BIC|NAME|REMI|RTRN|ORDP|BENM|TRCD|ID|SVCL|CNTP|ISDT|PREF|ULTD)(?=/)"
)
_CODE = re.compile(r"\b(A[CMG]\d\d|M[DS]\d\d|F?OCA|RR0\d|SL01|TM01|DUPL|CUST|RC01|BE0\d)\b")
TEXT, NAME = (
    {"20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "60", "61", "62", "63"},
    {"32", "33"},
)


def details_of(line: Line, told: str, *, is_own_format: bool = False) -> Line:
    """The line with what its details say, in whichever form. Several details of one line are read one after the other."""
    if is_own_format:
        return replace(line, text=_both(line.text, " ".join(told.split())))
    folded = "".join(it.strip("\r\n") for it in told.splitlines())
    sign = _GERMAN.match(folded)
    if sign:
        return _german(line, folded, sign[1])
    flat = " ".join(it.strip() for it in told.splitlines())
    slashed = dict(_parts(_SLASHED, folded, strip="/"))
    if slashed:
        return _of_keys(line, slashed, _both(line.text, flat))
    return replace(line, text=_both(line.text, " ".join(flat.split())))


def _german(line: Line, told: str, sign: str) -> Line:
    """The structure of German banks: ?20 to ?29 and ?60 to ?63 are one text, ?31 the account, ?32 and ?33 the name."""
    pieces = re.split(rf"{re.escape(sign)}(?=\d\d)", told)[1:]
    text, name, account, code = "", "", "", ""
    for piece in pieces:
        key, words = piece[:2], piece[2:]
        if key in TEXT:
            text += words
        elif key in NAME:
            name += words
        elif key == "31":
            account += words
        elif key == "34":
            code = words.strip()
    keys = dict(_parts(_GVC, text))
    before = _GVC.split(text, maxsplit=1)[0]
    plain = f"{before} {keys['SVWZ']}" if "SVWZ" in keys else text
    made = _of_keys(line, keys, _both(line.text, " ".join(plain.split())))
    return replace(
        made, name=" ".join(name.split()) or made.name,
        other_account="".join(account.split()).upper() or made.other_account,
        return_code=made.return_code or (code if line.is_reversal or code.startswith("9") else ""),
    )  # fmt: skip


def _of_keys(line: Line, keys: dict[str, str], text: str) -> Line:
    names = ("EREF", "KREF", "MREF", "MARF", "RREF", "PREF")
    refs = [reference(keys.get(it, "").strip(" /")) for it in names]
    name = keys.get("NAME", "") or keys.get("ORDP", "") or keys.get("ABWA", "")
    code = _CODE.search(keys.get("RTRN", "") or text if line.is_reversal or "RTRN" in keys else "")
    return replace(
        line,
        end_to_end=refs[0] or line.end_to_end,
        references=tuple(dict.fromkeys([*line.references, *(it for it in refs if it)])),
        name=" ".join(name.replace("/", " ").split()) or line.name,
        other_account="".join(keys.get("IBAN", "").replace("/", " ").split()).upper() or line.other_account,
        text=text,
        return_code=code[0] if code else line.return_code,
    )


def _parts(keys: re.Pattern[str], told: str, strip: str = "") -> list[tuple[str, str]]:
    found = list(keys.finditer(told))
    ends = [*(it.start() for it in found[1:]), len(told)][: len(found)]
    return [(it[1], told[it.end() : end].strip(f" {strip}")) for it, end in zip(found, ends, strict=True)]


def _both(one: str, other: str) -> str:
    return " ".join(it for it in dict.fromkeys([one.strip(), other.strip()]) if it)
