"""A loan in the middle of its life."""

import pytest

from tests.people import TODAY, loan, row, someone, together
from tests.recording import recorded
from tests.repayment.ledger.asha import LOAN


@pytest.fixture
def midway():
    """Twelve per cent a year, 31 days each: 10.00 interest in the running period, 5.00 in the next."""
    steps = [
        row("instalments", loan_id=LOAN, number=1, due_on=TODAY - 10, principal=50_000, interest=1_500, fees=200, paid=0),
        row("instalments", loan_id=LOAN, number=2, due_on=TODAY + 20, principal=50_000, interest=1_000, fees=200, paid=0),
        row("instalments", loan_id=LOAN, number=3, due_on=TODAY + 50, principal=50_000, interest=500, fees=200, paid=0),
    ]  # fmt: skip
    about = loan("asha", principal=150_000, annual_rate_ppm=120_000, disbursed_on=TODAY - 40)
    recorded(together(someone("asha"), about, {"instalments": steps}))
