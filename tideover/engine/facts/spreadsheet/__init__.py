"""A lender's spreadsheet becomes a book, and today's decisions become a spreadsheet."""

from ._columns import Column, Confirmed, SheetColumns, read_confirmed
from ._guess import Guess, guess_columns
from ._guided import SPREADSHEET, ColumnsUnsure, import_guided
from ._importing import CellProblem, SpreadsheetImport, import_spreadsheet
from ._seen import ColumnGuess
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
