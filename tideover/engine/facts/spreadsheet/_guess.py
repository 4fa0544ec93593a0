"""Which column holds what, guessed from headings in five languages and from the values; with confidence and reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

from tideover.engine.facts.mapping import FilesRefused

from ._cells import ROW, Sheet, sheets_of
from ._columns import Column, Confirmed, SheetColumns
from ._values import Fit, as_parse, fit, readable
from ._vocabulary import FieldKind, plain, vocabulary

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
class Guess:
    """What the columns of a spreadsheet seem to hold, and how sure that is."""

    path: Path
    columns: tuple[ColumnGuess, ...]
    confirmed: Confirmed

    def lines(self) -> list[str]:
        """Each column in one line, for the person to look over."""
        return [
            f"{one.sheet} {one.letter} '{one.heading}': {one.field or 'not used'} ({one.confidence:.0%}; {one.because})"
            for one in self.columns
        ]

    def save(self, path: Path) -> Path:
        """Keep the guess where the person can correct it."""
        return self.confirmed.save(path)


def guess_columns(
    path: Path,
    *,
    currency: str | None = None,
    country: str | None = None,
    language: str | None = None,
    timezone: str = "UTC",
    known_on: date | None = None,
) -> Guess:
    """Look at every sheet and say which column holds what. FilesRefused when no sheet has loans in it."""
    seen = [_seen(sheet, currency, month_first=country == "US") for sheet in sheets_of(path)]
    loans = max((one for one in seen if "loan_id" in one.fields), key=lambda one: one.weight, default=None)
    if loans is None:
        raise FilesRefused(_no_loans(path, seen))
    others = (one.as_payments() for one in seen if one is not loans)
    payments = next((one for one in others if one.is_payments), None)
    confirmed = Confirmed(
        currency=currency or loans.currency or "EUR",
        country=country,
        language=language or loans.language,
        timezone=timezone,
        known_on=known_on,
        loans=loans.columns(),
        payments=payments.columns() if payments else None,
    )
    columns = tuple(guess for one in (loans, payments) if one for guess in one.guesses)
    return Guess(path, columns, confirmed)


@dataclass(frozen=True)
class _Candidate:
    letter: str
    field: str
    score: float
    because: str
    fit: Fit
    language: str


@dataclass(frozen=True)
class _Seen:
    """A sheet, its row of headings, and the best field of each column."""

    sheet: Sheet
    heading_row: int
    chosen: dict[str, _Candidate]
    currency: str | None

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

    def as_payments(self) -> _Seen:
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

    @property
    def language(self) -> str | None:
        found = [one.language for one in self.chosen.values() if one.language]
        return max(set(found), key=found.count) if found else None

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
                {**one.fit.spec, "column": one.letter, "heading": headings.get(one.letter, ""), "confidence": round(one.score, 2),
                 "because": one.because}
            )
            for one in self.chosen.values()
        }  # fmt: skip
        return SheetColumns(sheet=self.sheet.name, heading_row=self.heading_row, columns=columns)


def _seen(sheet: Sheet, currency: str | None, *, month_first: bool) -> _Seen:
    heading_row = _heading_row(sheet)
    headings = sheet.row(heading_row)
    rows = sheet.below(heading_row).head(_LOOKED_AT).drop(ROW)
    texts = {letter: rows[letter].drop_nulls().to_list() for letter in headings}
    currency = currency or _currency(headings, texts)
    candidates = [
        one
        for letter, heading in headings.items()
        for one in _candidates(letter, heading, texts[letter], currency, month_first)
    ]
    chosen: dict[str, _Candidate] = {}
    for one in sorted(candidates, key=lambda one: (-one.score, len(one.letter), one.letter)):
        if one.letter not in chosen and one.field not in {other.field for other in chosen.values()}:
            chosen[one.letter] = one
    return _Seen(sheet, heading_row, chosen, currency)


def _heading_row(sheet: Sheet) -> int:
    """The row of the first few whose texts are most like headings; the first row when none is."""
    numbers = range(sheet.top, sheet.top + min(len(sheet.rows), _HEADINGS_WITHIN))
    return max(numbers, key=lambda number: (_known_headings(sheet.row(number)), -number), default=sheet.top)


def _known_headings(row: dict[str, str]) -> float:
    return sum(max((score for _, score, _, _ in _by_heading(text)), default=0.0) for text in row.values())


def _candidates(
    letter: str, heading: str, texts: Sequence[str], currency: str | None, month_first: bool
) -> Iterator[_Candidate]:
    for field, score, word, language in _by_heading(heading):
        kind = vocabulary().fields[field].as_
        values = fit(texts, kind, currency or "EUR", month_first=month_first)
        because, weight = _weighed(word, kind, texts, values)
        if score * weight >= _ENOUGH:
            yield _Candidate(letter, field, score * weight, because, values, language)
    for field in ("email", "phone"):
        values = fit(texts, vocabulary().fields[field].as_, "EUR", month_first=False)
        if values.share >= 0.8 and (field == "email" or any(text.startswith("+") for text in texts)):
            yield _Candidate(
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


@cache
def _by_heading(heading: str) -> tuple[tuple[str, float, str, str], ...]:
    """(field, how alike from 0 to 1, the known word, its language) for every field whose words are like the heading."""
    said = plain(heading)
    found = []
    for field, one in vocabulary().fields.items():
        scored = [(_alike(said, plain(word)), word) for word in one.words]
        score, word = max(scored)
        if score > 0:
            found.append((field, score, word, _script_language(word)))
    return tuple(found)


def _alike(said: str, word: str) -> float:
    if said == word:
        return 1.0
    # Telling words inside a longer heading: "loan amount (BDT)" says "loan amount".
    if f" {word} " in f" {said} ":
        return 0.55 + 0.4 * len(word) / len(said)
    ratio = SequenceMatcher(None, said, word).ratio() if min(len(said), len(word)) > 3 else 0.0
    return 0.75 * ratio if ratio > 0.84 else 0.0


def _script_language(word: str) -> str:
    """Which of the languages a known word can only be in; "" when several write like that."""
    letters = set(word)
    if any("\u0980" <= one <= "\u09ff" for one in letters):
        return "bn"
    if any("\u0600" <= one <= "\u06ff" for one in letters):
        return "fa"
    if letters & set("āčēģīķļņšūž"):
        return "lv"
    if letters & set("ăâđêôơưáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"):
        return "vi"
    return ""


def _currency(headings: dict[str, str], texts: dict[str, list[str]]) -> str | None:
    """The currency that a heading or a value names."""
    units = vocabulary().units
    words = [*headings.values(), *(text for column in texts.values() for text in column[:20])]
    for sign, unit in units.items():
        if any(
            sign in plain(text).split() or (len(sign) == 1 and not sign.isalnum() and sign in text)
            for text in words
        ):
            return unit.currency
    return None


def _no_loans(path: Path, seen: Sequence[_Seen]) -> str:
    looked = "; ".join(
        f"sheet '{one.sheet.name}' row {one.heading_row}: {', '.join(one.sheet.row(one.heading_row).values())}"
        for one in seen
    )
    return (
        f"{path.name} has no column that seems to hold the number of a loan. Looked at {looked or 'no sheet: the file is empty'}. "
        "Name the column 'loan', or say in a file of confirmed columns which one it is."
    )


__all__ = ["ColumnGuess", "Guess", "as_parse", "guess_columns", "readable"]
