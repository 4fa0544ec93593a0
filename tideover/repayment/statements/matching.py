"""Which loan money is for, and why. What is not certain waits for a person, with everything that points somewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tideover.repayment.statements.identity import Told
from tideover.repayment.statements.loans import Due, due_of, loans_of_people
from tideover.repayment.statements.models import StatementLine
from tideover.repayment.statements.names import name_key
from tideover.repayment.statements.settling import DOUBTFUL
from tideover.repayment.statements.signs import found, is_short, keys_in, references_in
from tideover.repayment.ways.references import reference_of

MOST = 6
"""Candidates that are shown to a person."""

ALONE = ("reference", "reference_misread", "loan_key")
"""Signs that are certain by themselves: nobody writes them by chance."""

STRENGTH = ("reference", "reference_misread", "loan_key", "payer", "name", "short_key", "amount")


@dataclass(frozen=True)
class Matched:
    """What was found: a loan that is certain, or none; by what, or why not; and whatever else points somewhere."""

    loan_id: str
    why: str
    candidates: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass
class _Signs:
    """What points from one line to loans: for each loan the codes of the signs."""

    line: StatementLine
    told: Told
    of: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, loan: str, sign: str) -> None:
        if sign not in self.of[loan]:
            self.of[loan].append(sign)


def match_lines(lines: Sequence[StatementLine]) -> list[Matched]:
    """The loan of each line of money that came in."""
    signs = [_Signs(it, Told.of(it.told)) for it in lines]
    _by_reference(signs)
    _by_key(signs)
    _by_payer(signs)
    _by_name(signs)
    loans = due_of({loan for it in signs for loan in it.of})
    return [_decided(it, loans) for it in signs]


def _by_reference(signs: Sequence[_Signs]) -> None:
    wanted = [[ref for text in _texts(it.told) for ref in references_in(text)] for it in signs]
    hits = found("reference", {ref for refs in wanted for ref in refs})
    for it, refs in zip(signs, wanted, strict=True):
        exact = [_plain(text) for text in _texts(it.told)]
        for loan in (loan for ref in refs for loan in hits.get(ref, ())):
            is_exact = any(reference_of(loan) in text for text in exact)
            it.add(loan, "reference" if is_exact else "reference_misread")


def _by_key(signs: Sequence[_Signs]) -> None:
    wanted = [{key for text in _texts(it.told) for key in keys_in(text)} for it in signs]
    hits = found("loan", {key for keys in wanted for key in keys})
    for it, keys in zip(signs, wanted, strict=True):
        hit = [key for key in keys if key in hits]
        # "LOAN 12" within "LOAN 12 7": the longest key is the one that was meant.
        for key in (one for one in hit if not any(one != other and one in other for other in hit)):
            for loan in hits[key]:
                it.add(loan, "short_key" if is_short(key) else "loan_key")


def _by_payer(signs: Sequence[_Signs]) -> None:
    payers = {it.line.payer for it in signs} - {""}
    if not payers:
        return
    paid: defaultdict[str, set[str]] = defaultdict(set)
    known = StatementLine.objects.filter(payer__in=payers, state="matched")
    for payer, loan in known.values_list("payer", "loan_id").distinct():
        paid[payer].add(loan)
    for it in signs:
        for loan in paid.get(it.line.payer, ()):
            it.add(loan, "payer")


def _by_name(signs: Sequence[_Signs]) -> None:
    keys = [name_key(it.told.name) for it in signs]
    people = found("name", set(keys) - {""})
    loans = loans_of_people({person for hit in people.values() for person in hit})
    for it, key in zip(signs, keys, strict=True):
        for person in people.get(key, ()):
            for loan in loans.get(person, ()):
                it.add(loan, "name")


def _decided(signs: _Signs, loans: Mapping[str, Due]) -> Matched:
    line = signs.line
    for loan, codes in signs.of.items():
        if loan in loans and loans[loan].is_usual(line.amount, line.booked_on):
            codes.append("amount")
    known = {loan: tuple(codes) for loan, codes in signs.of.items() if loan in loans}
    ranked = sorted(known.items(), key=lambda it: (_rank(it[1]), it[0]))
    shown = tuple(_with_doubts(ranked[:MOST], line, loans))
    loan, why = _certain(line, known, loans)
    return Matched(loan, why, shown)


def _certain(
    line: StatementLine, known: Mapping[str, Sequence[str]], loans: Mapping[str, Due]
) -> tuple[str, str]:
    """The loan, where only one can be meant; else why a person has to look."""
    if line.why == DOUBTFUL or line.parts == 0:
        return "", line.why or "batch"
    named = [loan for loan, codes in known.items() if set(codes) & set(ALONE)]
    if len(named) > 1:
        return "", "several"
    if named:
        sign = next(it for it in ALONE if it in known[named[0]])
        return _in_its_currency(named[0], sign, line, loans)
    return _usual(line, known, loans)


def _usual(
    line: StatementLine, known: Mapping[str, Sequence[str]], loans: Mapping[str, Due]
) -> tuple[str, str]:
    """Two signs together: who pays, and that it is what this loan has to be paid next."""
    for sign in ("payer", "name"):
        hit = [loan for loan, codes in known.items() if sign in codes]
        usual = [loan for loan in hit if "amount" in known[loan]]
        if len(usual) == 1 and (sign == "name" or len(hit) == 1) and _stands_alone(usual[0], known):
            return _in_its_currency(usual[0], f"{sign}_and_amount", line, loans)
        if len(hit) > 1:
            return "", "several"
    return "", "one_sign_only" if known else "nothing_known"


def _stands_alone(loan: str, known: Mapping[str, Sequence[str]]) -> bool:
    """No other loan is as likely: none has the amount as well."""
    return not any(other != loan and "amount" in codes for other, codes in known.items())


def _in_its_currency(loan: str, why: str, line: StatementLine, loans: Mapping[str, Due]) -> tuple[str, str]:
    return (loan, why) if loans[loan].currency == line.currency else ("", "other_currency")


def _with_doubts(
    ranked: Iterable[tuple[str, Sequence[str]]], line: StatementLine, loans: Mapping[str, Due]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for loan, codes in ranked:
        doubt = () if loans[loan].currency == line.currency else ("other_currency",)
        yield loan, (*codes, *doubt)


def _rank(codes: Sequence[str]) -> tuple[int, int]:
    return min(STRENGTH.index(it) for it in codes), -len(codes)


def _texts(told: Told) -> tuple[str, ...]:
    """Where a payer may name what it is for; each by itself, so that no reference is made up across two of them."""
    return (*told.references, told.end_to_end, told.text)


def _plain(text: str) -> str:
    return "".join(it for it in text.upper() if it.isalnum())
