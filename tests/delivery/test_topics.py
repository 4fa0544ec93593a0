"""A message about several loans, when one of them changed on the way."""

from datetime import timedelta

import pytest

from tests.people import AT, DAY, fresh_payments, held, late, together
from tests.recording import NOW, recorded
from tideover.book.actions import record
from tideover.book.models import FACTS
from tideover.delivery.guards import guard
from tideover.delivery.models import Message
from tideover.delivery.taking import take
from tideover.delivery.words import compose_all
from tideover.strategy.releases import ensure_shipped
from tideover.strategy.runs import run_nightly

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def about_two_loans(settings, tmp_path):
    """A message about one late loan that speaks of a second one as well."""
    settings.DATA = tmp_path
    names = [f"two-{n}" for n in range(12)]  # some wait for a better day
    others = (late(name, number=2) for name in names)
    further = ({table: other[table] for table in ("loans", "instalments")} for other in others)
    book = together(*map(late, names), *further, fresh_payments(AT + DAY * 3))
    book["contact_points"] = [it for it in book["contact_points"] if it["channel"] == "email"]
    recorded(book, at=NOW)
    ensure_shipped(at=NOW)
    run_nightly(at=NOW)
    take(at=NOW)
    message = Message.objects.order_by("send_at").first()
    assert len(message.occasion["topics"]) == 2
    return message


def words_of(message):
    at = max(message.send_at, NOW + timedelta(minutes=1))
    guarded = guard([message], at=at)
    leaving = [it for it in guarded.verdicts if it.may_leave]
    return compose_all(leaving, guarded)[message.contact_id].words.text


def other_of(message):
    return next(subject for subject, _ in message.occasion["topics"] if subject != message.subject)


def test_both_loans_are_spoken_of(about_two_loans):
    assert "as well" in words_of(about_two_loans)


def test_a_loan_that_was_paid_meanwhile_is_not_spoken_of(about_two_loans):
    other = FACTS["instalments"].objects.get(number=6, loan_id=other_of(about_two_loans))
    paid = {
        "loan_id": other.loan_id,
        "number": 6,
        "due_on": other.due_on,
        "principal": 10_000,
        "paid": 10_000,
        "settled_on": NOW.date(),
    }
    record("instalments", [paid], source="bank", at=NOW)

    assert "as well" not in words_of(about_two_loans)


def test_a_loan_that_is_disputed_meanwhile_is_not_spoken_of(about_two_loans):
    dispute = held(about_two_loans.person_id, "dispute", loan=other_of(about_two_loans), from_at=AT)["holds"]
    record("holds", [{**it, "recorded_at": AT} for it in dispute], source="person", at=NOW)

    assert "as well" not in words_of(about_two_loans)
