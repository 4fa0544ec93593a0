"""Shadow: another system's list beside our decisions, every difference with its reasons, and nothing sent."""

import csv
import socket
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from tests.people import (
    AT,
    DAY,
    HOUR,
    fresh_payments,
    held,
    late,
    reliable,
    spotless_with_a_first_slip,
    told,
    without_consent,
)
from tests.recording import recorded
from tideover.access.clock import now
from tideover.delivery.models import Message
from tideover.engine.facts.mapping import FilesRefused
from tideover.engine.measure import Words, write_differences, write_shadow_page
from tideover.strategy.leases import MIRROR, Held, freed, leased
from tideover.strategy.models import Changed, Decision, Run
from tideover.strategy.releases import ensure_shipped
from tideover.strategy.shadow import shadow_day
from tideover.strategy.shares import in_force

MORNING = datetime.fromtimestamp(AT, UTC).replace(hour=6)
T = int(MORNING.timestamp())
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def live(settings, tmp_path):
    settings.DATA = tmp_path
    recorded(
        late("mary"), late("joan"), late("ana"), reliable("reliable", days_to_due=20),
        spotless_with_a_first_slip("spotless", days_late=1), held("joan", "bereavement"), without_consent("without"),
        told("ana", "gentle_reminder", send_at=T - 2 * HOUR), fresh_payments(AT + 3 * DAY),
    )  # fmt: skip
    ensure_shipped(at=MORNING)


def a_list(tmp_path, *rows, headings=("Customer ID", "Loan No", "Channel", "Message", "Time")):
    path = tmp_path / "list.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([headings, *rows])
    return path


def shadowed(tmp_path, *rows, **how):
    found, _ = shadow_day(a_list(tmp_path, *rows, **how), at=MORNING)
    return found, {(it["borrower_id"], it["row"]): it for it in found.differences.iter_rows(named=True)}


def test_a_day_in_shadow_does_not_meet_a_night_or_an_erasure(tmp_path):
    leased(MIRROR, by="another", at=now(), lasts=timedelta(minutes=5))

    with pytest.raises(Held):
        shadowed(tmp_path)
    freed(MIRROR, by="another")
    shadowed(tmp_path)

    assert leased(MIRROR, by="a night", at=now(), lasts=timedelta(minutes=5))


def test_nothing_is_sent_and_nothing_is_decided_for_sending(tmp_path, monkeypatch):
    def no_socket(*_, **__):
        raise AssertionError("a shadow day opens no connection")

    monkeypatch.setattr(socket.socket, "connect", no_socket)

    found, _ = shadowed(tmp_path, ("mary", "", "SMS", "Overdue", "10:30"))

    assert found.people == 6
    assert (Message.objects.count(), Decision.objects.count(), Changed.objects.count()) == (0, 0, 0)
    assert list(Run.objects.values_list("kind", flat=True)) == ["shadow"]


def test_whom_we_leave_in_peace_is_told_with_our_reasons(tmp_path):
    _, by = shadowed(
        tmp_path, ("reliable", "", "SMS", "Reminder", ""), ("spotless", "", "SMS", "Overdue", "")
    )

    assert by["reliable", 2]["kind"] == "only_theirs"
    assert by["reliable", 2]["why"]
    assert by["spotless", 3]["why"] == "Every payment before was on time."


def test_what_forbids_their_contact_is_named(tmp_path):
    found, by = shadowed(
        tmp_path,
        ("joan", "", "SMS", "Overdue", "10:00"),
        ("ana", "", "SMS", "Overdue", "10:00"),
        ("without", "", "SMS", "Overdue", "10:00"),
        ("mary", "", "SMS", "Overdue", "23:30"),
        ("mary", "", "SMS", "Overdue", "11:00"),
    )

    assert by["joan", 2]["forbidden_by"] == "hold_bereavement"
    assert by["joan", 2]["forbidden"] == "A death was told; everything rests."
    assert by["ana", 3]["forbidden_by"] is not None
    assert by["without", 4]["forbidden_by"] == "refused@sms"
    assert by["mary", 5]["forbidden_by"] is not None
    assert by["mary", 6]["forbidden_by"] is None
    assert found.forbidden.height == 4


def test_same_and_otherwise_are_told_apart(tmp_path):
    found, _ = shadowed(tmp_path, ("mary", "", "SMS", "Overdue", ""))
    (ours,) = found.differences.filter(borrower_id="mary").to_dicts()
    local = datetime.fromtimestamp(ours["our_send_at"], UTC)  # London in winter
    other = "letter" if ours["our_channel"] != "letter" else "email"

    _, by = shadowed(
        tmp_path, ("mary", "", ours["our_channel"], ours["our_purpose"], f"{local:%H:%M}"),
    )  # fmt: skip
    assert (by["mary", 2]["kind"], by["mary", 2]["differs"]) == ("both_same", "")
    _, by = shadowed(tmp_path, ("mary", "", other, "welcome", "01:00"))
    assert (by["mary", 2]["kind"], by["mary", 2]["differs"]) == (
        "both_otherwise",
        "channel,moment,topic",
    )


def test_who_hears_from_us_alone_is_there_too(tmp_path):
    found, _ = shadowed(tmp_path, ("reliable", "", "SMS", "", ""))

    assert "mary" in found.of("only_ours")["borrower_id"].to_list()


def test_a_second_contact_of_a_day_stands_alone(tmp_path):
    _, by = shadowed(
        tmp_path, ("mary", "", "SMS", "Overdue", "10:00"), ("mary", "", "email", "Overdue", "12:00")
    )

    assert by["mary", 2]["kind"].startswith("both")
    assert by["mary", 3]["kind"] == "only_theirs"
    assert "one more" in by["mary", 3]["why"]


def test_rows_that_cannot_be_matched_are_set_aside_with_the_reason(tmp_path):
    found, _ = shadowed(
        tmp_path,
        ("nobody", "", "SMS", "", ""),
        ("", "no-loan", "SMS", "", ""),
        ("mary", "joan-loan-1", "SMS", "", ""),
        ("mary", "", "pigeon", "", ""),
        ("mary", "", "SMS", "", "2026-12-24 10:00"),
        ("", "", "SMS", "", ""),
        ("", "mary-loan-1", "SMS", "Something new", ""),
    )

    assert found.set_aside["because"].to_list() == [
        "the person is not in the book",
        "the loan is not in the book",
        "the loan is not this person's",
        "the channel 'pigeon' is none we know",
        "it is for another day",
        "it names neither a person nor a loan",
    ]
    assert (found.listed, found.not_compared) == (7, 1)
    assert found.differences.filter(row=8)["borrower_id"].to_list() == ["mary"]


def test_a_list_that_names_nobody_is_refused(tmp_path):
    with pytest.raises(FilesRefused, match="who is contacted"):
        shadowed(tmp_path, ("SMS",), headings=("Channel",))


def test_a_restricted_hold_is_told_by_its_neutral_sentence(tmp_path):
    recorded(held("mary", "identity_theft"))

    _, by = shadowed(tmp_path, ("mary", "", "SMS", "Overdue", "10:00"))

    assert by["mary", 2]["forbidden_by"] == "we_are_checking"
    assert "someone else" not in str(by)


def test_page_and_files_say_the_same_and_no_text_of_theirs_becomes_a_formula(tmp_path):
    found, _ = shadowed(
        tmp_path,
        ("mary", "", "SMS", "=HYPERLINK(1)", ""),
        ("joan", "", "SMS", "<b>Overdue", ""),
        ("@who", "", "SMS", "", ""),
    )
    out = tmp_path / "out"
    write_differences(found, out)
    setup = in_force().main
    page = write_shadow_page(
        found, Words.of(setup.strategy.lists, setup.rules), out / "report.html"
    ).read_text()

    rows = pl.read_parquet(out / "differences.parquet")
    assert rows.height == found.differences.height
    told = (out / "differences.csv").read_text("utf-8-sig") + (out / "set_aside.csv").read_text("utf-8-sig")
    assert "'=HYPERLINK(1)" in told
    assert "'@who" in told
    assert "<script" not in page
    assert "<b>Overdue" not in page
    assert "1 row of 3 set aside" in page
    assert "A death was told; everything rests." in page
