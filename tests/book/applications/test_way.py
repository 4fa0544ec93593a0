"""The way of an application: what happened, what happens now, what comes next, and how long it usually takes."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.people import AT, loan, row, someone
from tests.recording import recorded
from tideover.book.applications import lifecycle
from tideover.book.applications.applying import answer, begin, send, take_back, withdraw
from tideover.book.applications.lifecycle import MOVES
from tideover.book.applications.models import DOCUMENT_MOVES, Application
from tideover.book.applications.offered import check_offered, currency_of, read_offered
from tideover.book.applications.refusals import BadAnswer, NotNow, NotOffered, NotThere, Unanswered
from tideover.book.applications.tracking import journey_of, journeys_of
from tideover.book.applications.usual import ENOUGH, counted

pytestmark = pytest.mark.django_db
NOW = datetime.fromtimestamp(AT, UTC)
OFFERED = read_offered()


def told(person, application, *steps, product="personal"):
    """Milestones as another system tells them: (step, days ago)."""
    rows = [
        row("milestones", application_id=application, person_id=person, product=product, step=step, at=AT - days * 86_400)
        for step, days in steps
    ]  # fmt: skip
    recorded({"milestones": rows}, at=NOW)


def way(person="asha", application="q"):
    return [(it.code, it.state) for it in journey_of(application, person, NOW).way]


@pytest.fixture
def asha():
    recorded(someone("asha", country="BD", timezone="Asia/Dhaka"), someone("outsider"), at=NOW)


def test_an_application_that_another_system_keeps_has_its_way_too(asha):
    told("asha", "q", ("received", 4), ("under_review", 2))

    assert way() == [
        ("started", "done"), ("received", "done"), ("under_review", "now"), ("decision", "next"), ("disbursed", "next"),
        ("closed", "next"),
    ]  # fmt: skip


def test_each_step_has_the_day_on_which_it_happened_where_she_lives(asha):
    late_evening = datetime(2026, 11, 20, 20, 30, tzinfo=UTC)  # half past two the next morning in Dhaka
    rows = [
        row(
            "milestones",
            application_id="q",
            person_id="asha",
            step="received",
            at=int(late_evening.timestamp()),
        )
    ]
    recorded({"milestones": rows}, at=NOW)

    assert journey_of("q", "asha", NOW).way[1].on == date(2026, 11, 21)


@pytest.mark.parametrize("end", ["declined", "withdrawn"])
def test_after_an_end_nothing_more_is_promised(asha, end):
    told("asha", "q", ("received", 4), ("under_review", 2), (end, 1))

    assert way() == [("received", "done"), ("under_review", "done"), (end, "now")]


def test_a_loan_that_is_paid_back_ends_the_way(asha):
    recorded(loan("asha", closed_on=AT // 86_400 - 1), at=NOW)
    Application.objects.create(
        application_id="q", person_id="asha", product="personal", currency="BDT", answers="{}", state="disbursed", begun_at=NOW,
        loan_id="asha-loan-1",
    )  # fmt: skip

    assert way()[-1] == ("closed", "done")


def test_nobody_sees_the_way_of_somebody_else(asha):
    told("asha", "q", ("received", 4))

    assert journey_of("q", "outsider", NOW) is None
    assert journeys_of("outsider", NOW) == ()


def test_however_many_there_are_it_is_as_many_queries(asha, django_assert_num_queries):
    for number in range(4):
        told("asha", f"q{number}", ("received", 4 + number))

    with django_assert_num_queries(5):
        assert len(journeys_of("asha", NOW)) == 4


def test_how_long_a_step_usually_takes_is_said_only_when_enough_ended(asha):
    for number in range(ENOUGH - 1):
        told(
            "asha",
            f"old-{number}",
            ("received", 30),
            ("under_review", 28),
            ("approved", 23),
            ("disbursed", 20),
        )
    assert counted("personal", NOW) == {}

    told("asha", "last", ("received", 30), ("under_review", 28), ("declined", 23))

    assert counted("personal", NOW) == {"under_review": 2, "approved": 7}
    assert counted("home", NOW) == {}


# --- what can be done


def filled(person="asha", currency="BDT"):
    made = begin(person_id=person, product="household_goods", currency=currency, offered=OFFERED, at=NOW)
    for step, text in {
        "amount": "১২,৩৪৫",
        "purpose": "farm",
        "income": "20000",
        "costs": "9000",
        "goal": "",
    }.items():
        made = answer(
            person_id=person, application_id=made.pk, step=step, text=text, offered=OFFERED, language="bn"
        )
    return made


def test_amounts_are_read_in_her_own_digits(asha):
    assert filled().amount == 1_234_500


@pytest.mark.parametrize(
    ("step", "text", "code"),
    [
        ("amount", "0", "amount_too_small"), ("amount", "10000000", "amount_too_large"), ("amount", "1e9", "amount_unclear"),
        ("income", "-5", "amount_too_small"), ("purpose", "weapons", "choose_one"),
    ],
)  # fmt: skip
def test_an_answer_that_does_not_fit_is_named_and_not_kept(asha, step, text, code):
    made = begin(person_id="asha", product="personal", currency="BDT", offered=OFFERED, at=NOW)

    with pytest.raises(BadAnswer) as caught:
        answer(person_id="asha", application_id=made.pk, step=step, text=text, offered=OFFERED, language="bn")

    assert caught.value.code == code
    assert Application.objects.get().answers == "{}"


def test_the_day_of_our_answer_counts_the_working_days_of_her_country(asha):
    made = filled()

    sent = send(person_id="asha", application_id=made.pk, country="BD", offered=OFFERED, at=NOW)

    assert sent.reply_by_on == date(2026, 12, 2)  # Friday and Saturday are free in Bangladesh


def test_where_nobody_knows_the_holidays_a_day_is_promised_all_the_same(asha):
    sent = send(person_id="asha", application_id=filled().pk, country="XX", offered=OFFERED, at=NOW)

    assert sent.reply_by_on > NOW.date()


def test_nobody_sends_or_withdraws_for_somebody_else(asha):
    made = filled()

    for verb in (withdraw, take_back):
        with pytest.raises(NotThere):
            verb(person_id="outsider", application_id=made.pk, at=NOW)
    with pytest.raises(NotThere):
        send(person_id="outsider", application_id=made.pk, country="BD", offered=OFFERED, at=NOW)


def test_a_product_without_amounts_in_her_currency_is_not_begun(asha):
    with pytest.raises(NotOffered):
        begin(person_id="asha", product="personal", currency="JPY", offered=OFFERED, at=NOW)


def test_a_form_with_open_questions_is_not_sent(asha):
    made = begin(person_id="asha", product="personal", currency="BDT", offered=OFFERED, at=NOW)

    with pytest.raises(Unanswered, match="amount"):
        send(person_id="asha", application_id=made.pk, country="BD", offered=OFFERED, at=NOW)


def test_withdrawing_can_be_taken_back_for_a_day_and_only_once_a_product(asha):
    made = filled()
    withdraw(person_id="asha", application_id=made.pk, at=NOW)
    begin(person_id="asha", product="household_goods", currency="BDT", offered=OFFERED, at=NOW)

    with pytest.raises(NotNow):
        take_back(person_id="asha", application_id=made.pk, at=NOW)
    with pytest.raises(NotNow):
        take_back(person_id="asha", application_id=made.pk, at=NOW + timedelta(days=2))


# --- lists


@pytest.mark.parametrize("moves", [MOVES, DOCUMENT_MOVES])
def test_every_state_is_reached_and_leads_only_to_states(moves):
    reached = {it for ends in moves.values() for it in ends}

    assert reached <= set(moves)
    assert set(moves) - reached <= {"draft", "asked"}


def test_only_a_loan_that_is_paid_back_is_an_end():
    assert [state for state, ends in MOVES.items() if not ends] == [lifecycle.CLOSED]


def test_what_a_lender_writes_wrongly_is_said_with_its_line(tmp_path):
    shipped = (lifecycle_content()).read_text("utf-8")
    broken = shipped.replace("[identity, income]", "[identity, incom]").replace(
        "GBP: [10000, 500000]", "GBP: [9, 5]", 1
    )
    (tmp_path / "applications.yaml").write_text(broken.replace('en: "a personal loan", ', ""), "utf-8")

    problems = "\n".join(map(str, check_offered(tmp_path)))

    assert "'incom' is none of the documents" in problems
    assert "write a currency and two amounts" in problems
    assert "is missing in en" in problems
    assert check_offered() == []


def lifecycle_content():
    from tideover.engine.policy.content import SHIPPED

    return SHIPPED / "applications.yaml"


def test_a_country_pays_with_its_currency():
    assert [currency_of(it) for it in ("GB", "LV", "BD", "VN", "IR", "", None, "??")] == [
        "GBP", "EUR", "BDT", "VND", "IRR", "", "", ""
    ]  # fmt: skip
