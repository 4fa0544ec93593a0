"""Files of networks and payrolls: handed in at the desk or by the command, booked once, odd rows shown with their reason."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.cli.running import runner
from tests.people import TODAY, loan, schedule, someone, together
from tests.recording import recorded
from tests.staff import member, signed_in
from tideover.book.models import FACTS
from tideover.repayment.ways.models import PaymentFile

pytestmark = pytest.mark.django_db
PAGE = "/desk/payment-files/"
ROWS = b"transaction_id,reference,amount,date,currency\nA1,mary-loan-1,25.00,2026-11-24,GBP\nA2,nobody,10.00,2026-11-24,GBP\n"


@pytest.fixture
def mary():
    recorded(together(someone("mary"), loan("mary"), schedule("mary", [TODAY + 1, TODAY + 31])))


def handed_in(client, data=ROWS, name="agent_network"):
    return client.post(PAGE, {"from": name, "file": SimpleUploadedFile("day.csv", data)}, follow=True)


def test_a_file_is_booked_and_what_was_set_aside_is_said_with_its_reason(client, mary):
    page = handed_in(signed_in(client, member("lead", "north"))).content.decode()

    assert "1 booked, 0 known already, 1 set aside" in page
    assert "No loan of this reference or number is known." in page
    assert [it.amount for it in FACTS["payments"].objects.all()] == [2_500]
    assert "agent_network" in client.get(PAGE).content.decode()


def test_the_same_file_twice_changes_nothing(client, mary):
    signed_in(client, member("lead", "north"))
    handed_in(client)

    page = handed_in(client).content.decode()

    assert "Taken in before, nothing has changed" in page
    assert (PaymentFile.objects.count(), FACTS["payments"].objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"a,b\n1,2\n", "agent_network", "The file has no column"),
        (b"\xff\xfe\x00", "agent_network", "is not written in"),
        (ROWS, "nobody", "There is no payment_files/nobody.yaml"),
    ],
)
def test_what_is_no_such_file_is_said_and_nothing_is_booked(client, mary, data, name, says):
    answer = handed_in(signed_in(client, member("lead", "north")), data, name)

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not FACTS["payments"].objects.exists()


def test_without_a_file_one_is_asked_for(client, mary):
    answer = signed_in(client, member("lead", "north")).post(PAGE, {"from": "agent_network"})

    assert (answer.status_code, "Choose a file first." in answer.content.decode()) == (422, True)


def test_whoever_may_not_match_money_sees_no_file_and_hands_none_in(client, mary):
    signed_in(client, member("agent", "north"))

    assert client.get(PAGE).status_code == 403
    assert handed_in(client).status_code == 403
    assert not PaymentFile.objects.exists()


def test_the_command_takes_files_in_and_says_which_rows_wait(mary, tmp_path, monkeypatch, capsys):
    (tmp_path / "day.csv").write_bytes(ROWS)
    run = runner(monkeypatch, capsys)

    first, again = (run("take-payments", tmp_path / "day.csv", "--from", "agent_network") for _ in range(2))
    lost = run("take-payments", tmp_path / "nowhere.csv")

    assert "day.csv: 1 booked, 0 known already, 1 set aside." in first.out
    assert "row 3: No loan of this reference or number is known." in first.out
    assert "taken in before, nothing has changed" in again.out
    assert lost.code == 2
    assert FACTS["payments"].objects.count() == 1
