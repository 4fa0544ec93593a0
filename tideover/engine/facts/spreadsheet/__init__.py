"""A lender's spreadsheet becomes a book, and today's decisions become a spreadsheet."""

from ._columns import Column, Confirmed, SheetColumns, read_confirmed
from ._guess import ColumnGuess, Guess, guess_columns
from ._guided import SPREADSHEET, import_guided
from ._importing import CellProblem, ColumnsUnsure, SpreadsheetImport, import_spreadsheet
from ._todays_list import write_todays_list

__all__ = [
    "SPREADSHEET",
    "CellProblem",
    "Column",
    "ColumnGuess",
    "ColumnsUnsure",
    "Confirmed",
    "Guess",
    "SheetColumns",
    "SpreadsheetImport",
    "guess_columns",
    "import_guided",
    "import_spreadsheet",
    "read_confirmed",
    "write_todays_list",
]
