"""Why a payment is late: told in one tap, and what is delicate told to nobody but the people who help."""

from datetime import timedelta

import pytest

from tests.people import TODAY, late, outsider
from tests.recording import NOW, recorded
from tests.staff import member
from tests.staff import outsider as staff_elsewhere
from tideover.access.allowed import NotAllowed
from tideover.access.models import AuditRow
from tideover.access.roles import Role
from tideover.book.models import FACTS, ConsentText
from tideover.delivery.models import Answer
from tideover.repayment.plans import confide, confided, forget_confidence, means_of, tell_means, tell_reason
from tideover.repayment.plans.following import follow
from tideover.repayment.plans.models import Budget, Confidence
from tideover.repayment.plans.refusals import NotAnAnswer
from tideover.repayment.plans.why import NEEDS, SENSITIVE
from tideover.support.jobs import open_cases
from tideover.support.models import Case

pytestmark = pytest.mark.django_db
WORDS = "I agree that you keep what I tell you here."


@pytest.fixture
def asha():
    recorded(late("asha"), outsider())


def needs():
    return list(FACTS["lateness_reasons"].objects.values_list("need", flat=True))


def in_confidence(need="violence", at=NOW):
    return confide(person_id="asha", need=need, words=WORDS, language="en", at=at)


def test_rather_not_say_stands_first():
    assert NEEDS[0] == "rather_not_say"
    assert not set(NEEDS) & set(SENSITIVE)


def test_a_reason_is_a_fact(asha):
    tell_reason(person_id="asha", need="payday_later", at=NOW)

    assert needs() == ["payday_later"]


def test_a_reason_that_is_none_is_refused(asha):
    with pytest.raises(NotAnAnswer):
        tell_reason(person_id="asha", need="lazy", at=NOW)


@pytest.mark.parametrize("need", SENSITIVE)
def test_what_is_delicate_stands_in_no_fact_and_no_trail(asha, need):
    in_confidence(need)

    assert set(needs()) == {"rather_not_say"}
    told = [str(vars(it)) for table in FACTS.values() for it in table.objects.all()]
    told += [str(it.detail) for it in AuditRow.objects.all()]
    assert not any(need in it for it in told)
    assert ConsentText.objects.get().text == WORDS
    assert Confidence.objects.get().text_hash == ConsentText.objects.get().pk


def test_a_person_of_ours_looks_and_nothing_is_charged_meanwhile(asha):
    in_confidence()
    in_confidence(at=NOW + timedelta(minutes=5))
    open_cases(at=NOW)

    assert [it.kind for it in Case.objects.filter(person_id="asha")] == ["cannot_pay"]
    assert Answer.objects.count() == 1
    (hold,) = FACTS["holds"].objects.filter(person_id="asha")
    assert hold.kind == "hardship"


def test_whoever_helps_her_reads_it_and_nobody_else_does(asha):
    in_confidence()

    assert confided(person_id="asha", by=member(Role.AGENT, "north"), at=NOW) == ["violence"]
    assert AuditRow.objects.filter(action="confidence_read").exists()
    for stranger in (staff_elsewhere(), member(Role.STRATEGIST, every_branch=True)):
        with pytest.raises(NotAllowed):
            confided(person_id="asha", by=stranger, at=NOW)


def test_she_takes_it_back_and_it_is_gone(asha):
    in_confidence()

    assert forget_confidence(person_id="asha", at=NOW) == 1
    assert not Confidence.objects.exists()
    assert forget_confidence(person_id="asha", at=NOW) == 0


def test_what_she_can_spare_is_sealed_and_forgotten(asha):
    means = tell_means(person_id="asha", comes_in=150_000, goes_out=140_000, payday=27, at=NOW)

    assert (means.spare, means.payday) == (10_000, 27)
    assert means_of("asha", NOW) == means
    assert means_of("outsider", NOW).spare is None
    follow(at=NOW + timedelta(days=31))
    assert not Budget.objects.exists()


@pytest.mark.parametrize("told", [{"comes_in": -1}, {"goes_out": -1}, {"payday": 32}, {"payday": 0}])
def test_numbers_that_cannot_be_are_asked_again(asha, told):
    with pytest.raises(NotAnAnswer):
        tell_means(person_id="asha", at=NOW, **{"comes_in": 1, "goes_out": 1, "payday": None, **told})
    assert TODAY
