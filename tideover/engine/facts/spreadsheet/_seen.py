"""One sheet looked at: its row of headings, what each column seems to hold, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ._cells import ROW, Sheet
from ._columns import Column, SheetColumns
from ._headings import by_heading
from ._home import Hints, currency_sign
from ._shape import has_terms
from ._values import Fit, fit
from ._vocabulary import FieldKind, vocabulary

_SURE = 0.7
_ENOUGH = 0.45
_HEADINGS_WITHIN = 25
_LOOKED_AT = 500
_PAYMENT_FIELDS = frozenset({"loan_id", "paid_on", "paid", "person_id", "name"})


@dataclass(frozen=True)
class ColumnGuess:
    """What one column seems to hold; `field` is "" when nothing fits."""

    sheet: str
    letter: str
    heading: str
    field: str
    confidence: float
    because: str

    @property
    def is_sure(self) -> bool:
        return self.confidence >= _SURE


@dataclass(frozen=True)
class Candidate:
    letter: str
    field: str
    score: float
    because: str
    fit: Fit
    language: str


@dataclass(frozen=True)
class Seen:
    """A sheet, its row of headings, and the best field of each column."""

    sheet: Sheet
    heading_row: int
    chosen: dict[str, Candidate]

    @property
    def fields(self) -> set[str]:
        return {one.field for one in self.chosen.values()}

    @property
    def weight(self) -> float:
        return sum(one.score for one in self.chosen.values())

    @property
    def is_payments(self) -> bool:
        """A list of payments: which loan, when, how much, and no terms of a loan."""
        return {"loan_id", "paid_on", "paid"} <= self.fields <= _PAYMENT_FIELDS

    def as_payments(self) -> Seen:
        """In a list of payments a date is the day of the payment, and an amount is what was paid."""
        fields = {one.field: letter for letter, one in self.chosen.items()}
        meant = dict(self.chosen)
        for wanted, said in (
            ("paid_on", ("disbursed_on", "due_on")),
            ("paid", ("principal", "due_amount", "instalment")),
        ):
            letter = next((fields[one] for one in said if one in fields), None)
            if wanted not in fields and letter is not None:
                meant[letter] = replace(meant[letter], field=wanted)
        return replace(self, chosen=meant)

    def without_next_due(self) -> Seen:
        """Where each loan has one row with its terms, its next due day says nothing that the terms do not."""
        ids = next((self.texts(one.letter) for one in self.chosen.values() if one.field == "loan_id"), [])
        if len(set(ids)) < len(ids) or not has_terms(self.columns()):
            return self
        kept = {
            letter: one for letter, one in self.chosen.items() if one.field not in {"due_on", "due_amount"}
        }
        return replace(self, chosen=kept)

    def texts(self, letter: str) -> list[str]:
        """All that stands in a column."""
        return self.sheet.below(self.heading_row)[letter].drop_nulls().to_list()

    @property
    def hints(self) -> Hints:
        """What the sheet shows of where the lender is at home."""
        rows = self.sheet.below(self.heading_row).head(_LOOKED_AT)
        languages = [one.language for one in self.chosen.values() if one.language]
        letters = {one.field: one.letter for one in self.chosen.values()}
        headings = self.sheet.row(self.heading_row)
        return Hints(
            headings=tuple(headings.values()),
            texts={letter: rows[letter].drop_nulls().to_list() for letter in headings},
            countries=tuple(rows[letters["country"]].drop_nulls()) if "country" in letters else (),
            phones=tuple(rows[letters["phone"]].drop_nulls()) if "phone" in letters else (),
            language=max(sorted(set(languages)), key=languages.count) if languages else None,
        )

    @property
    def guesses(self) -> Iterator[ColumnGuess]:
        for letter, heading in self.sheet.row(self.heading_row).items():
            one = self.chosen.get(letter)
            if one is None:
                yield ColumnGuess(self.sheet.name, letter, heading, "", 0.0, "no heading or values we know")
            else:
                yield ColumnGuess(self.sheet.name, letter, heading, one.field, one.score, one.because)

    def columns(self) -> SheetColumns:
        headings = self.sheet.row(self.heading_row)
        columns = {
            one.field: Column.model_validate(
                {**one.fit.spec, "column": one.letter, "heading": headings.get(one.letter, ""),
                 "confidence": round(one.score, 2), "because": one.because}
            )
            for one in self.chosen.values()
        }  # fmt: skip
        return SheetColumns(sheet=self.sheet.name, heading_row=self.heading_row, columns=columns)


def seen(sheet: Sheet, currency: str | None, *, month_first: bool) -> Seen:
    heading_row = _heading_row(sheet)
    headings = sheet.row(heading_row)
    rows = sheet.below(heading_row).head(_LOOKED_AT).drop(ROW)
    texts = {letter: rows[letter].drop_nulls().to_list() for letter in headings}
    sign = currency_sign(headings.values(), texts.values())
    currency = currency or (vocabulary().units[sign].currency if sign else None)
    candidates = [
        one
        for letter, heading in headings.items()
        for one in _candidates(letter, heading, texts[letter], currency, month_first)
    ]
    chosen: dict[str, Candidate] = {}
    for one in sorted(candidates, key=lambda one: (-one.score, len(one.letter), one.letter)):
        if one.letter not in chosen and one.field not in {other.field for other in chosen.values()}:
            chosen[one.letter] = one
    return Seen(sheet, heading_row, chosen)


def _heading_row(sheet: Sheet) -> int:
    """The row of the first few whose texts are most like headings; the first row when none is."""
    numbers = range(1, 1 + min(len(sheet.rows), _HEADINGS_WITHIN))
    return max(numbers, key=lambda number: (_known_headings(sheet.row(number)), -number), default=1)


def _known_headings(row: dict[str, str]) -> float:
    return sum(max((score for _, score, _, _ in by_heading(text)), default=0.0) for text in row.values())


def _candidates(
    letter: str, heading: str, texts: Sequence[str], currency: str | None, month_first: bool
) -> Iterator[Candidate]:
    for field, score, word, language in by_heading(heading):
        kind = vocabulary().fields[field].as_
        values = fit(texts, kind, currency or "EUR", month_first=month_first)
        because, weight = _weighed(word, kind, texts, values)
        if score * weight >= _ENOUGH:
            yield Candidate(letter, field, score * weight, because, values, language)
    for field in ("email", "phone"):
        values = fit(texts, vocabulary().fields[field].as_, "EUR", month_first=False)
        if values.share >= 0.8 and (field == "email" or any(text.startswith("+") for text in texts)):
            yield Candidate(
                letter,
                field,
                0.6,
                f"its values look like {vocabulary().fields[field].says.lower()}s",
                values,
                "",
            )


def _weighed(word: str, kind: FieldKind, texts: Sequence[str], values: Fit) -> tuple[str, float]:
    because = f"its heading says '{word}'"
    if kind in {"text", "status"}:
        return because, 1.0
    fitting = round(values.share * len(texts))
    because += f"; {fitting} of {len(texts)} values fit"
    if values.note:
        return f"{because}; {values.note}", 0.65 + 0.1 * values.share
    return because, 0.3 + 0.7 * values.share if texts else 0.6
