"""Terms before there is a loan: equal payments to the last penny, agreed by name and moment, or not at all."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.people import loan, someone
from tests.recording import NOW, recorded
from tests.staff import member, outsider
from tideover.access.models import AuditRow
from tideover.book.applications.models import TERMS_MOVES, Application, OfferedTerms
from tideover.book.applications.refusals import NotNow, NotThere
from tideover.book.models import FACTS
from tideover.repayment.terms.before import (
    NoName,
    TermsChanged,
    TermsIncomplete,
    agree,
    loan_of,
    newest_terms,
    offer_terms,
    refuse,
)
from tideover.repayment.terms.full import terms_told
from tideover.repayment.terms.schedule import NotALoan, Wanted, schedule_of

TODAY = NOW.date()
WANTED = Wanted(120_000, "GBP", 120_000, 12, "monthly", TODAY + timedelta(days=31), TODAY, fee=100)
VALUES = """
products:
  any:
    withdrawal: {en: "14 days", bn: "১৪ দিন", lv: "14 dienas", vi: "14 ngày", fa: "۱۴ روز"}
    late_charges: []
"""


class TestSchedule:
    @given(
        principal=st.integers(100, 10**9), rate=st.integers(0, 3_000_000), payments=st.integers(1, 120),
        rhythm=st.sampled_from(["weekly", "biweekly", "monthly"]), fee=st.integers(0, 500),
    )  # fmt: skip
    def test_just_what_is_lent_comes_back_in_payments_of_one_size(
        self, principal, rate, payments, rhythm, fee
    ):
        wanted = Wanted(principal, "GBP", rate, payments, rhythm, date(2026, 1, 31), date(2026, 1, 1), fee)

        steps = schedule_of(wanted)

        assert sum(it.principal for it in steps) == principal
        assert all(it.principal >= 0 and it.interest >= 0 and it.fees == fee for it in steps)
        assert len({it.amount for it in steps[:-1] if it.principal}) <= 2
        assert [it.due_on for it in steps] == sorted({it.due_on for it in steps})

    def test_the_worked_example_of_a_year_at_twelve_per_cent(self):
        steps = schedule_of(
            Wanted(100_000, "GBP", 120_000, 12, "monthly", date(2026, 1, 31), date(2025, 12, 31))
        )

        assert [it.amount for it in steps[:2]] == [8_885, 8_885]
        assert (steps[0].interest, steps[0].principal) == (1_000, 7_885)
        assert steps[1].due_on == date(2026, 2, 28)

    @pytest.mark.parametrize(
        "about",
        [
            {"principal": 0},
            {"payments": 0},
            {"payments": 9_999},
            {"annual_rate_ppm": -1},
            {"first_on": TODAY},
            {"rhythm": "yearly"},
        ],
    )
    def test_numbers_that_make_no_loan_are_refused(self, about):
        with pytest.raises(NotALoan):
            schedule_of(Wanted(**{**WANTED.__dict__, **about}))


@pytest.fixture
def lead(db):
    return member("lead", "north")


@pytest.fixture
def yes(db, lead):
    recorded(someone("asha"), someone("far", branch="south"), loan("far"))
    return Application.objects.create(
        application_id="a-1", person_id="asha", product="personal", currency="GBP", amount=120_000, answers="{}", state="approved",
        begun_at=NOW,
    )  # fmt: skip


@pytest.fixture
def complete(settings, tmp_path):
    """A lender who has said what a late payment costs and how long she can change her mind."""
    (tmp_path / "values.yaml").write_text(VALUES, "utf-8")
    settings.CONTENT = tmp_path


def offered(yes, lead, wanted=WANTED):
    return offer_terms(application=yes, wanted=wanted, by=lead, at=NOW)


def agreed(key, **about):
    known = {
        "person_id": "asha",
        "application_id": "a-1",
        "key": key,
        "name": "Asha Rahman",
        "language": "en",
        "at": NOW,
    }
    return agree(**{**known, **about})


def test_every_term_is_known_before_there_is_a_loan(yes, lead, complete):
    made = offered(yes, lead)

    told = terms_told(loan_of(made), country="GB", language="en", today=TODAY)

    assert told.terms.missing == ()
    assert (told.terms.principal, told.terms.rate_ppm, told.fees) == (120_000, 120_000, 1_200)
    assert told.terms.effective_rate_ppm > 120_000
    assert told.terms.total == told.terms.principal + told.terms.total_cost
    assert not FACTS["loans"].objects.filter(borrower_id="asha").exists()


def test_she_agrees_with_her_name_once_and_the_moment_is_kept(yes, lead, complete):
    key = offered(yes, lead).key

    first, second = agreed(key), agreed(key, at=NOW + timedelta(hours=1))

    assert first == second
    assert (second.state, second.name, second.answered_at) == ("agreed", "Asha Rahman", NOW)
    row = AuditRow.objects.get(action="terms_agreed")
    assert (row.actor_kind, row.detail["terms"]) == ("person", key)
    assert "Asha" not in str(row.detail)


def test_agreed_is_what_was_read(yes, lead, complete):
    old = offered(yes, lead).key
    offered(yes, lead, Wanted(**{**WANTED.__dict__, "annual_rate_ppm": 150_000}))

    with pytest.raises(TermsChanged):
        agreed(old)
    assert newest_terms("a-1").state == "offered"


def test_nobody_agrees_to_terms_of_which_a_part_is_missing(yes, lead):
    with pytest.raises(TermsIncomplete):
        agreed(offered(yes, lead).key)


def test_nobody_agrees_without_a_name(yes, lead, complete):
    with pytest.raises(NoName):
        agreed(offered(yes, lead).key, name="  ")


def test_a_no_agrees_nothing_and_others_can_be_offered(yes, lead, complete):
    key = offered(yes, lead).key
    for _ in range(2):
        refuse(person_id="asha", application_id="a-1", key=key, at=NOW)
    with pytest.raises(TermsChanged):
        agreed(key)

    longer = Wanted(**{**WANTED.__dict__, "payments": 24})

    assert agreed(offered(yes, lead, longer).key).state == "agreed"
    with pytest.raises(NotNow):
        offered(yes, lead)


def test_others_read_and_agree_to_nothing(yes, lead, complete):
    key = offered(yes, lead).key

    with pytest.raises(NotThere):
        agreed(key, person_id="far")
    with pytest.raises(NotThere):
        refuse(person_id="far", application_id="a-1", key=key, at=NOW)
    with pytest.raises(NotThere):
        offer_terms(application=yes, wanted=WANTED, by=outsider(), at=NOW)


def test_terms_come_after_a_yes(yes, lead):
    Application.objects.update(state="under_review")

    with pytest.raises(NotNow):
        offered(yes, lead)
    assert not OfferedTerms.objects.exists()


def test_the_same_terms_pressed_twice_are_one(yes, lead):
    assert offered(yes, lead) == offered(yes, lead)


def test_each_end_is_meant():
    assert {it for moves in TERMS_MOVES.values() for it in moves} | {"offered"} == set(TERMS_MOVES)
