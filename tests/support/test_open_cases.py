"""What nobody could be told by a message waits for a person."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.web.scene import NOW, a_message, a_person
from tideover.support.jobs import open_cases
from tideover.support.models import Case

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def people():
    a_person()


def kinds():
    return list(Case.objects.values_list("kind", "branch"))


def test_a_message_over_which_workers_died_is_looked_at_by_a_person_once():
    a_message(state="suppressed", because="workers_died", ended_at=NOW)

    assert open_cases(at=NOW) == 1
    assert open_cases(at=NOW) == 0
    assert kinds() == [("not_sent", "north")]


def test_what_has_its_case_is_not_written_again_turn_after_turn():
    a_message(channel="call", state="accepted", ended_at=NOW)
    assert open_cases(at=NOW) == 1

    with CaptureQueriesContext(connection) as asked:
        assert open_cases(at=NOW) == 0

    assert [it["sql"] for it in asked if not it["sql"].startswith("SELECT")] == []


def test_a_duty_over_which_workers_died_is_a_duty_first():
    a_message(state="suppressed", because="workers_died", ended_at=NOW, purpose_class="duty")

    open_cases(at=NOW)

    assert kinds() == [("undelivered_duty", "north")]


@pytest.mark.parametrize(("because", "cases"), [("reply lost", 1), ("sent_before_restore", 0)])
def test_a_duty_of_which_nobody_knows_whether_it_arrived_is_for_a_person(because, cases):
    a_message(state="unknown", because=because, ended_at=NOW, purpose_class="duty")

    assert open_cases(at=NOW) == cases
    assert kinds() == [("undelivered_duty", "north")] * cases


def test_a_correction_that_did_not_arrive_is_told_by_a_person():
    a_message(state="rejected", because="bad_address", ended_at=NOW, purpose="correction")

    open_cases(at=NOW)

    assert kinds() == [("correction", "north")]


def test_a_duty_that_rests_because_of_what_a_person_was_told_is_not_told_her_again():
    a_message(state="suppressed", because="bereavement", ended_at=NOW, purpose_class="duty")

    assert open_cases(at=NOW) == 0


@pytest.mark.parametrize(
    ("purpose", "of_class", "state", "because"),
    [
        ("reply", "answer", "rejected", "bad_address"),
        ("reply", "answer", "rejected", "full"),
        ("payment_received", "receipt", "suppressed", "no_address"),
        ("plan_agreed", "receipt", "rejected", "busy"),
        ("approved", "status", "suppressed", "no_registered_template@SMS"),
        ("approved", "status", "suppressed", "The message 'approved' has no text in 'xx'."),
    ],
)
def test_what_we_owed_her_and_did_not_arrive_is_told_in_another_way(purpose, of_class, state, because):
    a_message(state=state, because=because, ended_at=NOW, purpose=purpose, purpose_class=of_class)

    assert (open_cases(at=NOW), open_cases(at=NOW)) == (1, 0)
    assert kinds() == [("undelivered", "north")]


@pytest.mark.parametrize(
    ("purpose", "of_class", "state", "because"),
    [
        ("payment_received", "receipt", "suppressed", "no_longer_useful"),
        ("payment_received", "receipt", "suppressed", "opted_out"),
        ("plan_agreed", "receipt", "suppressed", "taken_back"),
        ("approved", "status", "suppressed", "bereavement"),
        ("sign_in_code", "answer", "rejected", "bad_address"),
        ("gentle_reminder", "collection", "rejected", "bad_address"),
        ("reply", "answer", "accepted", ""),
    ],
)
def test_what_is_no_use_or_not_wanted_any_more_is_nobodys_work(purpose, of_class, state, because):
    a_message(state=state, because=because, ended_at=NOW, purpose=purpose, purpose_class=of_class)

    assert open_cases(at=NOW) == 0


def test_of_one_day_there_is_one_case_of_what_did_not_arrive_and_of_the_next_another():
    about = {"state": "rejected", "because": "bad_address", "purpose": "reply", "purpose_class": "answer"}
    for number in (1, 2):
        a_message(number=number, ended_at=NOW, **about)
    a_message("asha", ended_at=NOW, **about)
    assert open_cases(at=NOW) == 2
    a_message(number=3, ended_at=NOW + timedelta(hours=1), **about)
    assert open_cases(at=NOW + timedelta(hours=2)) == 0

    a_message(number=4, ended_at=NOW + timedelta(days=1), **about)

    assert open_cases(at=NOW + timedelta(days=1)) == 1
    assert open_cases(at=NOW + timedelta(days=2)) == 0


def test_looking_reads_only_what_a_person_must_see_to_however_much_was_sent():
    if connection.vendor != "sqlite":
        pytest.skip("the plan of SQLite is read")
    with CaptureQueriesContext(connection) as asked:
        open_cases(at=NOW)

    read = [it["sql"] for it in asked if 'FROM "delivery_message" WHERE' in it["sql"]]
    with connection.cursor() as cursor:
        plans = [str(cursor.execute(f"EXPLAIN QUERY PLAN {it}").fetchall()) for it in read]
    for plan, index in zip(plans, ("messages_to_look_at", "duties_waiting"), strict=True):
        assert f"USING INDEX {index}" in plan


def test_what_ended_as_it_should_is_nobodys_work():
    a_message(state="accepted", ended_at=NOW)
    a_message(number=2, state="suppressed", because="paid", ended_at=NOW)

    open_cases(at=NOW)

    assert kinds() == []
