"""Her own copy holds what she promised, agreed and confided; erased, nothing leads to her any more."""

from datetime import timedelta

import pytest

from tests.people import late, outsider
from tests.recording import NOW, recorded
from tideover.access.actors import SYSTEM
from tideover.book.models import FACTS
from tideover.delivery.privacy.collecting import collected
from tideover.delivery.privacy.erasing import erase_subject
from tideover.delivery.privacy.subject import subject_of
from tideover.repayment.loans import loan_of
from tideover.repayment.plans import accept, confide, offered_for, tell_means
from tideover.repayment.plans.models import Budget, Confidence, Plan
from tideover.repayment.promises import promise_to_pay
from tideover.repayment.promises.models import Part, Promise

pytestmark = pytest.mark.django_db
LOAN = "asha-loan-1"


@pytest.fixture
def asha(settings, tmp_path):
    settings.DATA = tmp_path
    recorded(late("asha"), outsider())
    promise_to_pay(
        person_id="asha", loan_ids=[LOAN], on=NOW.date() + timedelta(days=2), origin="self", at=NOW
    )
    confide(person_id="asha", need="health", words="I agree.", language="en", at=NOW)
    tell_means(person_id="asha", comes_in=100, goes_out=50, payday=1, at=NOW)
    key = {it.kind: it.key for it in offered_for(loan_of(LOAN, "asha", NOW), "asha", NOW)}["pause"]
    accept(person_id="asha", loan_id=LOAN, key=key, at=NOW)


def test_her_own_copy_holds_all_of_it(asha):
    mine = collected(subject_of("asha"))

    assert [it["need"] for it in mine["confidences"]] == ["health"]
    assert all(mine[name] for name in ("budgets", "parts"))
    assert "pause" in str(mine)
    assert not collected(subject_of("outsider"))["confidences"]


def test_erased_she_is_in_none_of_it(asha):
    erase_subject("asha", NOW + timedelta(days=1), SYSTEM)

    assert not any(it.objects.exists() for it in (Promise, Part, Plan, Budget, Confidence))
    assert not any(
        "asha" in str(vars(it)) for name in ("promises", "plans") for it in FACTS[name].objects.all()
    )
