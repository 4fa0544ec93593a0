"""By what a line is known again, and what two lines have in common."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass

from tideover.access.sealing import blind
from tideover.repayment.statements.reading import Line

_WORDS = re.compile(r"[^\W_]+")


def digest(*told: object) -> str:
    """32 hex digits that only these values have."""
    text = json.dumps([str(it) for it in told], ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def exact(line: Line) -> str:
    """Everything the bank says of a line."""
    return digest(
        line.account, line.booked_on, line.value_on, line.amount, line.currency, line.bank_id, line.end_to_end,
        *sorted(line.references), line.name, line.other_account, line.text, line.is_pending, line.is_reversal,
        line.return_code, line.entry, line.parts,
    )  # fmt: skip


def content(line: Line) -> str:
    """What stays the same when a bank gives a line another number, or books it on another day."""
    return digest(
        line.account, line.value_on, line.amount, line.currency, line.end_to_end, line.other_account,
        folded(line.name), folded(line.text),
    )  # fmt: skip


def entry_of(line: Line) -> tuple[str, str]:
    """The booking it is a part of: account, day, sum and currency; and the bank's number of it."""
    day, total, currency, ref = (line.entry or f"{line.booked_on}|{line.amount}|{line.currency}|").split(
        "|", 3
    )
    return digest(line.account, day, total, currency), ref


def folded(text: str) -> str:
    """Letters and digits alone, without accents and case."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(it for it in plain if it.isalnum())


def words(text: str) -> frozenset[str]:
    """The words of a text, without accents and case."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return frozenset(_WORDS.findall("".join(it for it in plain if not unicodedata.combining(it))))


def told_of(line: Line) -> str:
    """What is sealed of a line."""
    said = {
        "name": line.name, "account": line.other_account, "text": line.text, "end_to_end": line.end_to_end,
        "references": list(line.references),
    }  # fmt: skip
    return json.dumps({key: it for key, it in said.items() if it}, ensure_ascii=False)


@dataclass(frozen=True)
class Told:
    """What was sealed of a line, open."""

    name: str = ""
    account: str = ""
    text: str = ""
    end_to_end: str = ""
    references: tuple[str, ...] = ()

    @classmethod
    def of(cls, kept: str) -> Told:
        """As it was kept."""
        said = json.loads(kept)
        return cls(**{**said, "references": tuple(said.get("references", ()))})

    @property
    def everything(self) -> str:
        """All words of it, one behind the other."""
        return " ".join(it for it in (*self.references, self.end_to_end, self.text, self.name) if it)


def index_of(value: str) -> str:
    """The blind index of a number of an account or a reference; "" of nothing."""
    return blind(value) if value else ""


def say_the_same(one: Told, other: Told) -> bool | None:
    """Whether two lines of one day and amount speak of one payment: they do, they do not, or it cannot be told."""
    for a, b in ((one.end_to_end, other.end_to_end), (one.account, other.account)):
        if a and b and folded(a) != folded(b):
            return False
    names = words(one.name), words(other.name)
    if all(names) and not names[0] & names[1]:
        return False
    if one.end_to_end and other.end_to_end:
        return True
    said, heard = words(one.everything), words(other.everything)
    if not said or not heard:
        return None
    shared = len(said & heard) / min(len(said), len(heard))
    return True if shared >= 0.5 else False if all(names) or shared == 0 else None
