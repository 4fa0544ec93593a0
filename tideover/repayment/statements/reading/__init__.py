"""Files of banks, whatever their dialect, as one stream of lines. Nothing here touches the database."""

from tideover.repayment.statements.reading.detecting import Unreadable, read_file
from tideover.repayment.statements.reading.lines import Aside, Begins, Ends, Heard, Line
from tideover.repayment.statements.reading.table import Columns, read_columns

__all__ = ["Aside", "Begins", "Columns", "Ends", "Heard", "Line", "Unreadable", "read_columns", "read_file"]
