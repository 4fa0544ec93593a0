"""The tables no book can do without, and names that are no table."""

from __future__ import annotations

from collections.abc import Collection

from tideover.kit.nearest import did_you_mean

from .refusals import TableMissing, TableUnusable, explained
from .tables import ONE_OF, TABLES


def check_known(names: Collection[str]) -> None:
    """Refuse names that are no table of the contract."""
    unknown = sorted(set(names) - set(TABLES))
    if unknown:
        hints = "".join(did_you_mean(name, TABLES) for name in unknown)
        raise TableUnusable(
            explained(
                f"There is no table named {', '.join(unknown)}.{hints}",
                where="the names of the tables",
                expected=", ".join(TABLES),
                do="rename the table or leave it out",
            )
        )


def check_needed(names: Collection[str], *, where: str) -> None:
    """Refuse a book without people, without loans, or without any word on what is due."""
    lacking = [name for name, table in TABLES.items() if table.required and name not in names]
    lacking += [" or ".join(group) for group in ONE_OF if not set(group) & set(names)]
    if lacking:
        raise TableMissing(
            explained(
                f"The book has no {', no '.join(lacking)}.",
                where=where,
                expected="borrowers, loans, and instalments or standings",
                do="add the missing table; an empty one says there is none, a missing one says nobody knows",
            )
        )


def empty_book() -> TableMissing:
    """The refusal of a book with nobody in it."""
    return TableMissing(
        explained(
            "The book is empty: it has no borrowers.",
            where="borrowers",
            expected="at least one row",
            do="check that the export ran to its end",
        )
    )
