"""A lender's spreadsheet becomes a book, and today's decisions become a spreadsheet."""

from ._columns import Column, Confirmed, SheetColumns, read_confirmed
from ._contact_list import ASIDE, LISTED, ContactList, read_contact_list
from ._guess import Guess, guess_columns
from ._guided import SPREADSHEET, ColumnsUnsure, import_guided
from ._importing import CellProblem, SpreadsheetImport, import_spreadsheet
from ._seen import ColumnGuess
from ._todays_list import write_todays_list

__all__ = [
    "ASIDE",
    "LISTED",
    "SPREADSHEET",
    "CellProblem",
    "Column",
    "ColumnGuess",
    "ColumnsUnsure",
    "Confirmed",
    "ContactList",
    "Guess",
    "SheetColumns",
    "SpreadsheetImport",
    "guess_columns",
    "import_guided",
    "import_spreadsheet",
    "read_confirmed",
    "read_contact_list",
    "write_todays_list",
]
