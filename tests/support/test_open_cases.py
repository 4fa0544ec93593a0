"""What nobody could be told by a message waits for a person."""

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


def test_a_correction_that_did_not_arrive_is_told_by_a_person():
    a_message(state="rejected", because="bad_address", ended_at=NOW, purpose="correction")

    open_cases(at=NOW)

    assert kinds() == [("correction", "north")]


def test_a_duty_that_rests_because_of_what_a_person_was_told_is_not_told_her_again():
    a_message(state="suppressed", because="bereavement", ended_at=NOW, purpose_class="duty")

    assert open_cases(at=NOW) == 0


def test_looking_reads_only_what_a_person_must_see_to_however_much_was_sent():
    if connection.vendor != "sqlite":
        pytest.skip("the plan of SQLite is read")
    with CaptureQueriesContext(connection) as asked:
        open_cases(at=NOW)

    [sql] = [it["sql"] for it in asked if 'FROM "delivery_message" WHERE' in it["sql"]]
    with connection.cursor() as cursor:
        plan = " ".join(step for *_, step in cursor.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall())
    assert "USING INDEX messages_to_look_at" in plan


def test_what_ended_as_it_should_is_nobodys_work():
    a_message(state="accepted", ended_at=NOW)
    a_message(number=2, state="suppressed", because="paid", ended_at=NOW)

    open_cases(at=NOW)

    assert kinds() == []
