"""The day's numbers count what happened since, and not what is told anew of something older."""

from datetime import timedelta

import pytest

from tests.people import late
from tests.recording import NOW, recorded
from tideover.book.actions import record
from tideover.delivery.queries import happened, people_behind
from tideover.support.voice.consents import allow

pytestmark = pytest.mark.django_db
YESTERDAY, MORNING = NOW - timedelta(days=1), NOW - timedelta(hours=5)
PAID = {"payment_id": "p", "loan_id": "asha-loan-1", "amount": 10_000, "paid_at": YESTERDAY}
COMPLAINT = {"complaint_id": "c", "person_id": "asha", "what": "other", "at": YESTERDAY, "state": "open"}
STOP = {"person_id": "asha", "channel": "sms", "purpose_class": "all", "withdrawn_at": YESTERDAY}


@pytest.fixture(autouse=True)
def asha():
    recorded(late("asha"), at=NOW - timedelta(days=40))


def numbers():
    found = happened(None, MORNING)
    return found.paid, found.opted_out, found.complained


def test_what_happened_today_counts():
    record("payments", [PAID], source="bank", at=NOW)  # the bank tells of yesterday today
    record("complaints", [{**COMPLAINT, "at": NOW}], source="x", at=NOW)
    record("consents", [{**STOP, "withdrawn_at": NOW}], source="x", at=NOW)

    assert numbers() == (1, 1, 1)
    assert [list(people_behind(it, "", None, MORNING)) for it in ("paid", "opted_out", "complained")] == [
        ["asha"]
    ] * 3


def test_what_is_told_anew_of_yesterday_does_not():
    record("payments", [PAID], source="bank", at=YESTERDAY)
    record("complaints", [COMPLAINT], source="x", at=YESTERDAY)
    record("consents", [STOP], source="x", at=YESTERDAY)

    record("payments", [{**PAID, "reversed_at": NOW}], source="bank", at=NOW)
    record("complaints", [{**COMPLAINT, "state": "closed", "closed_at": NOW}], source="x", at=NOW)
    allow(person_id="asha", channel="sms", purpose_class="reminder", text="Yes.", language="en", at=NOW)

    assert numbers() == (0, 0, 0)


def test_what_was_paid_and_taken_back_today_is_not_paid():
    record("payments", [{**PAID, "paid_at": MORNING}], source="bank", at=NOW - timedelta(hours=1))
    record("payments", [{**PAID, "paid_at": MORNING, "reversed_at": NOW}], source="bank", at=NOW)

    assert numbers() == (0, 0, 0)
