"""The facts contract: every table and column the engine can know, with meaning, unit and producer."""

from ._journey import JOURNEY, LENDER
from ._loans import LOANS
from ._people import PEOPLE
from ._shape import RECORDED_AT, Column, Kind, Table
from ._talks import CONTACTS

TABLES: dict[str, Table] = {table.name: table for table in (*PEOPLE, *LOANS, *CONTACTS, *JOURNEY, *LENDER)}
"""All tables by name. Those with `required` must be in every book."""

ONE_OF: tuple[tuple[str, ...], ...] = (("instalments", "standings"),)
"""Of each group a book needs at least one table."""

__all__ = ["ONE_OF", "RECORDED_AT", "TABLES", "Column", "Kind", "Table"]
