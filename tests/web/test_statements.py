"""The pages of money from the bank: what waits, by whom it is matched, and that it can be undone."""

from datetime import date

import pytest

from tests.people import TODAY, loan, schedule, someone, together
from tests.people import outsider as far_away
from tests.recording import NOW, recorded
from tests.repayment.statements.banks import Move, written
from tests.staff import member, outsider, signed_in
from tideover.access.models import AuditRow, Staff
from tideover.access.sealing import blind
from tideover.book.models import FACTS, Person
from tideover.repayment.statements.hands import match_line
from tideover.repayment.statements.models import StatementLine
from tideover.repayment.statements.taking import take_statement
from tideover.repayment.statements.verifying import verify_statements
from tideover.repayment.ways.references import reference_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(tmp_path):
    """42.00 from Mary, who does not say for what."""
    recorded(
        together(someone("mary"), loan("mary", currency="EUR"), schedule("mary", [TODAY + 1, TODAY + 31])),
        far_away("far"),
    )
    Person.objects.filter(pk="mary").update(name="Mary Price", name_index=blind("Mary Price"))
    path = tmp_path / "november.xml"
    path.write_bytes(
        written(
            "camt08", [Move(date(2026, 11, 20), 4_200, "for the car", "Mary Price", "GB33BUKB20201555555555")]
        )
    )
    take_statement(path, at=NOW)
    return StatementLine.objects.get()


def test_what_waits_is_shown_with_what_points_where(client, waiting):
    page = signed_in(client, member("lead", "north")).get("/desk/money/").content.decode()

    assert "42.00 EUR" in page
    assert "for the car" in page
    assert "Friday 20 November 2026" in page
    assert "Something points to a loan, but not enough." in page
    assert "Points to: <bdi>Mary Price</bdi>" in page


def test_one_press_matches_and_one_undoes(client, waiting):
    signed_in(client, member("lead", "north"))
    client.post(f"/desk/money/{waiting.pk}/match", {"loan": reference_of("mary-loan-1").lower()})

    waiting.refresh_from_db()
    assert (waiting.state, waiting.loan_id, waiting.why) == ("matched", "mary-loan-1", "person")
    assert FACTS["payments"].objects.latest("id").amount == 4_200
    assert verify_statements().holds

    client.post(f"/desk/money/{waiting.pk}/undo")

    waiting.refresh_from_db()
    assert (waiting.state, waiting.loan_id) == ("waiting", "")
    assert FACTS["payments"].objects.filter(loan_id="mary-loan-1").latest("id").reversed_at is not None
    assert verify_statements().holds
    assert {"money_matched", "match_undone"} <= set(AuditRow.objects.values_list("action", flat=True))


def test_what_was_undone_can_be_matched_again(client, waiting):
    signed_in(client, member("lead", "north"))
    for do in ("match", "undo", "match"):
        client.post(f"/desk/money/{waiting.pk}/{do}", {"loan": "mary-loan-1"})

    waiting.refresh_from_db()
    assert waiting.state == "matched"
    assert verify_statements().holds


@pytest.mark.parametrize(("do", "state"), [("keep", "kept"), ("send-back", "sent_back")])
def test_it_is_kept_or_noted_as_sent_back(client, waiting, do, state):
    signed_in(client, member("lead", "north"))
    client.post(f"/desk/money/{waiting.pk}/{do}")
    client.post(f"/desk/money/{waiting.pk}/{do}")

    waiting.refresh_from_db()
    assert waiting.state == state
    assert verify_statements().holds


def test_a_loan_of_another_branch_is_not_found(client, waiting):
    page = signed_in(client, member("lead", "north")).post(
        f"/desk/money/{waiting.pk}/match", {"loan": "far-loan-1"}, follow=True
    )

    assert "No loan of that reference or key is known in your branches" in page.content.decode()
    assert StatementLine.objects.get().state == "waiting"


@pytest.mark.parametrize("role", ["agent", "strategist", "admin"])
def test_whoever_may_not_sees_nothing(client, waiting, role):
    signed_in(client, member(role, "north") if role != "agent" else outsider())

    for address in (
        "/desk/money/",
        f"/desk/money/{waiting.pk}/",
        "/desk/statements/",
        f"/desk/statements/{waiting.file_id}/",
    ):
        assert client.get(address).status_code == 403
    assert client.post(f"/desk/money/{waiting.pk}/keep").status_code == 403


def test_a_lead_of_another_branch_does_not_learn_whose_loan_it_may_be(client, waiting):
    page = signed_in(client, outsider("lead")).get(f"/desk/money/{waiting.pk}/").content.decode()

    assert "A loan of another branch" in page
    assert "mary-loan-1" not in page


def test_what_was_matched_is_of_the_branch_of_its_loan_and_what_waits_of_all(client, waiting):
    elsewhere = outsider("lead")
    assert "Mary Price" in signed_in(client, elsewhere).get("/desk/money/").content.decode()
    match_line(line=waiting, loan="mary-loan-1", by=member("lead", "north"), at=NOW)

    assert "Mary Price" not in client.get("/desk/money/?state=matched").content.decode()
    assert client.get(f"/desk/money/{waiting.pk}/").status_code == 404
    assert client.post(f"/desk/money/{waiting.pk}/undo").status_code == 404
    signed_in(client, Staff.objects.get(name="Lead"))
    assert "Mary Price" in client.get("/desk/money/?state=matched").content.decode()


def test_a_file_says_what_came_of_it(client, waiting):
    signed_in(client, member("lead", "north"))
    listed = client.get("/desk/statements/").content.decode()
    page = client.get(f"/desk/statements/{waiting.file_id}/").content.decode()

    assert "november.xml" in listed
    assert "1: Something points to a loan, but not enough." in page


def test_the_list_asks_the_same_number_of_questions_however_long_it_is(
    client, waiting, tmp_path, django_assert_num_queries
):
    signed_in(client, member("lead", "north"))
    with django_assert_num_queries(8) as few:
        client.get("/desk/money/")
    path = tmp_path / "more.xml"
    path.write_bytes(
        written("camt08", [Move(date(2026, 11, 21), 4_200 + it, "x", "Mary Price") for it in range(20)])
    )
    take_statement(path, at=NOW)
    with django_assert_num_queries(len(few)):
        client.get("/desk/money/")
