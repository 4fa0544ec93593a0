"""A person is erased, and the accounts still add up: under keys that stand for nobody."""

import pytest
from django.db import connection

from tests.people import TODAY, loan, schedule, someone, together
from tests.recording import NOW, recorded
from tideover.access.actors import Actor
from tideover.delivery.privacy.erasing import erase_subject
from tideover.kit.money import Money
from tideover.repayment import ledger
from tideover.repayment.ledger.models import ONLY_ADDED, LedgerLoan, LedgerPayment
from tideover.repayment.ledger.verifying import verify_accounts

pytestmark = pytest.mark.django_db


def test_nothing_in_the_ledger_leads_to_somebody_who_was_erased_and_it_still_holds():
    for name in ("asha", "outsider"):
        recorded(together(someone(name), loan(name), schedule(name, [TODAY, TODAY + 30])))
        about = {
            "payment_id": f"{name}-p1",
            "loan_id": f"{name}-loan-1",
            "amount": Money(12_000, "GBP"),
            "way": "card",
        }
        ledger.announce(**about, at=NOW, by=name)
        ledger.book(**about, paid_at=NOW, at=NOW)

    erase_subject("asha", NOW, Actor("staff", "1"))

    assert verify_accounts().holds
    assert not LedgerLoan.objects.filter(loan_id__contains="asha").exists()
    assert not LedgerPayment.objects.filter(payment_id__contains="asha").exists()
    assert LedgerLoan.objects.filter(loan_id="outsider-loan-1").exists()
    with connection.cursor() as cursor:
        for table in ONLY_ADDED:
            cursor.execute(f"SELECT * FROM {table}")
            assert "asha" not in str(cursor.fetchall())
