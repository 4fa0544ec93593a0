"""Which column holds what, guessed from headings in five languages and from the values; with confidence and reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tideover.engine.facts.mapping import FilesRefused

from ._cells import sheets_of
from ._columns import UNNAMED, Confirmed
from ._home import Home, home_of, known_code
from ._seen import ColumnGuess, Seen, seen


@dataclass(frozen=True)
class Guess:
    """What the columns of a spreadsheet seem to hold, and how sure that is."""

    path: Path
    columns: tuple[ColumnGuess, ...]
    home: Home
    confirmed: Confirmed

    @property
    def unsure(self) -> tuple[str, ...]:
        """What a person must look at before this guess is used."""
        doubtful = tuple(
            f"column {one.letter} '{one.heading}'" for one in self.columns if one.field and not one.is_sure
        )
        return (*self.home.unsure, *doubtful)

    def lines(self) -> list[str]:
        """Each column and each setting in one line, for the person to look over."""
        told = [
            f"{one.sheet} {one.letter} '{one.heading}': {one.field or 'not used'} ({one.confidence:.0%}; {one.because})"
            for one in self.columns
        ]
        values = {
            "currency": self.home.currency,
            "country": self.home.country,
            "language": self.home.language,
        }
        values["timezone"] = self.home.timezone
        return [
            *told,
            *(
                f"{name}: {value} ({self.home.because.get(name, 'given')})"
                for name, value in values.items()
                if value
            ),
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
    timezone: str | None = None,
    known_on: date | None = None,
) -> Guess:
    """Look at every sheet and say which column holds what. FilesRefused when no sheet has loans in it."""
    currency, country = known_code("currency", currency), known_code("country", country)
    looked = [seen(sheet, currency, month_first=country == "US") for sheet in sheets_of(path)]
    loans = max((one for one in looked if "loan_id" in one.fields), key=lambda one: one.weight, default=None)
    if loans is None:
        raise FilesRefused(_no_loans(path, looked))
    everything = loans
    loans = loans.without_next_due()
    others = (one.as_payments() for one in looked if one is not everything)
    payments = next((one for one in others if one.is_payments), None)
    home = home_of(loans.hints, currency=currency, country=country, language=language, timezone=timezone)
    confirmed = Confirmed(
        currency=home.currency or UNNAMED,
        country=home.country,
        language=home.language,
        timezone=home.timezone,
        known_on=known_on,
        loans=loans.columns(),
        payments=payments.columns() if payments else None,
    )
    columns = tuple(guess for one in (loans, payments) if one for guess in one.guesses)
    return Guess(path, columns, home, confirmed)


def _no_loans(path: Path, looked: Sequence[Seen]) -> str:
    told = "; ".join(
        f"sheet '{one.sheet.name}' row {one.heading_row}: {', '.join(one.sheet.row(one.heading_row).values())}"
        for one in looked
    )
    return (
        f"{path.name} has no column that seems to hold the number of a loan. "
        f"Looked at {told or 'no sheet: it is empty'}. "
        "Name the column 'loan', or say in a file of confirmed columns which one it is."
    )
