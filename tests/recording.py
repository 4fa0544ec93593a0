"""The cast in the database."""

from datetime import UTC, datetime

from tests.people import AT, together
from tideover.book.actions import record

NOW = datetime.fromtimestamp(AT, UTC)


def recorded(*books, at=NOW):
    """Books of the cast as rows of the database, each fact with the moment at which the cast says it became known."""
    for table, rows in together(*books).items():
        record(table, rows, source="test", at=at)
