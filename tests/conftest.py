"""What every test shares: patience, and tables that can be emptied between tests."""

import pytest
from hypothesis import settings

# Two cores shared with others: a slow example is no failure. Every failure prints how to repeat it.
settings.register_profile("tideover", deadline=None, print_blob=True)
settings.load_profile("tideover")


@pytest.fixture(autouse=True, scope="session")
def _kept_rows_go_between_tests():
    """Tables that refuse removal are emptied between tests all the same: their triggers step aside for that alone."""
    from django.db.backends.base.operations import BaseDatabaseOperations

    from tideover.access.append_only import protect, protected, unprotect

    flush = BaseDatabaseOperations.execute_sql_flush

    def execute_sql_flush(self, sql_list):
        tables = protected(self.connection)
        for table in tables:
            unprotect(self.connection, table)
        flush(self, sql_list)
        for table in tables:
            protect(self.connection, table)

    BaseDatabaseOperations.execute_sql_flush = execute_sql_flush
    yield
    BaseDatabaseOperations.execute_sql_flush = flush
