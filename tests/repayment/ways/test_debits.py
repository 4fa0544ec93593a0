"""Direct debit: told first, sent only where it is still right, back at most once more, on the day when her money comes."""

import xml.etree.ElementTree as ET
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import transaction

from tests.people import AT, DAY, TODAY, held, loan, reachable, row, someone, together
from tests.recording import NOW, recorded
from tideover.book.actions import record
from tideover.book.models import FACTS
from tideover.kit.days import date_of
from tideover.repayment.loans import loan_of
from tideover.repayment.ways.daily import MARK, daily_if_due
from tideover.repayment.ways.debits import collect, returned, settled
from tideover.repayment.ways.debits.collecting import Collected
from tideover.repayment.ways.debits.coming_back import UnknownDebit
from tideover.repayment.ways.debits.days import bank_day, payday_lag
from tideover.repayment.ways.intents import begin, said_paid
from tideover.repayment.ways.mandates import end, give, go_on, pause
from tideover.repayment.ways.models import Debit, DebitFile, Mandate
from tideover.strategy.daily import first_today
from tideover.strategy.models import Decision
from tideover.strategy.releases import ensure_shipped
from tideover.strategy.stops import RESTORED, press

pytestmark = pytest.mark.django_db
LOAN = "asha-loan-1"
SEND = NOW + timedelta(days=13)
"""Three days before the instalment, which is due in sixteen."""


@pytest.fixture
def mandate(environ):
    """Five instalments paid five days after their day, one in sixteen days, one a month later; and leave to take them."""
    days = [TODAY + 16 - 30 * place for place in (5, 4, 3, 2, 1, 0, -1)]
    steps = [
        row("instalments", loan_id=LOAN, number=place, due_on=on, principal=10_000, interest=0, fees=0,
            paid=10_000 if place <= 5 else 0, settled_on=on + 5 if place <= 5 else None)
        for place, on in enumerate(days, 1)
    ]  # fmt: skip
    about = someone("asha", country="LV", timezone="Europe/Riga")
    recorded(together(about, reachable("asha"), loan("asha", currency="EUR"), {"instalments": steps}))
    ensure_shipped(at=NOW)
    return give(
        loan=loan_of(LOAN, "asha", NOW), person_id="asha", account="LV80BANK0000435195001", holder="Asha Rahman", words="so be it",
        language="en", once="one", at=NOW,
    )  # fmt: skip


def sent():
    """Told a fortnight before, sent three days before."""
    collect(at=NOW)
    return collect(at=SEND)


def payments():
    newest = {it.payment_id: it for it in FACTS["payments"].objects.order_by("recorded_at", "id")}
    return [
        (it.amount, it.way, it.state_at is not None, it.reversed_at is not None) for it in newest.values()
    ]


def test_what_is_to_be_taken_is_told_first_with_amount_and_day(mandate):
    first, again = collect(at=NOW), collect(at=NOW)

    decision = Decision.objects.get(purpose="debit_notice")
    debit = Debit.objects.get()
    assert (first.noticed, first.sent, again.noticed) == (1, 0, 0)
    assert debit.due_on == date_of(decision.values["debit_on"]) == bank_day(date_of(TODAY + 16))
    assert decision.values["debit_amount"] == debit.amount == 10_000
    assert (debit.due_on - NOW.date()).days >= 14


def test_three_days_before_it_is_sent_once_in_the_banks_file_and_shows_as_on_its_way(mandate):
    collected = sent()
    again = collect(at=SEND)

    assert (collected.sent, again.sent) == (1, 0)
    file = Path(collected.file)
    assert file.stat().st_mode & 0o777 == 0o600
    root = ET.fromstring(file.read_text())
    assert [it.text for it in root.iter() if it.tag.endswith("InstdAmt")] == ["100.00"]
    assert [it.text for it in root.iter() if it.tag.endswith("SeqTp")] == ["FRST"]
    assert payments() == [(10_000, "debit", False, False)]
    assert DebitFile.objects.count() == 1


def test_nothing_is_told_where_no_strategy_may_speak_to_her(mandate):
    recorded(held("asha", "bereavement", from_at=AT - DAY))

    assert collect(at=NOW).noticed == 0


@pytest.mark.parametrize("kind", ["bereavement", "abuse", "dispute", "insolvency"])
def test_a_hold_that_came_after_the_notice_stops_the_debit(mandate, kind):
    collect(at=NOW)
    recorded(held("asha", kind, loan=LOAN if kind == "insolvency" else None, from_at=AT), at=NOW)

    assert (collect(at=SEND).sent, Debit.objects.get().because) == (0, "hold")


def test_what_is_paid_meanwhile_is_not_taken_again(mandate):
    collect(at=NOW)
    step = {
        "loan_id": LOAN,
        "number": 6,
        "due_on": date_of(TODAY + 16),
        "principal": 10_000,
        "interest": 0,
        "fees": 0,
    }
    record(
        "instalments",
        [{**step, "paid": 10_000, "settled_on": date_of(TODAY)}],
        source="test",
        at=NOW + timedelta(days=1),
    )

    assert (collect(at=SEND).sent, Debit.objects.get().because) == (0, "paid")


@pytest.mark.parametrize("table", ["promises", "plans"])
def test_a_promise_or_a_plan_goes_before_a_debit(mandate, table):
    rows = {
        "promises": {
            "promise_id": "p",
            "loan_id": LOAN,
            "person_id": "asha",
            "on": date_of(TODAY + 20),
            "made_at": NOW,
            "amount": 1,
        },
        "plans": {
            "plan_id": "p",
            "loan_id": LOAN,
            "from_on": date_of(TODAY),
            "until_on": date_of(TODAY + 90),
        },
    }
    collect(at=NOW)
    record(table, [rows[table]], source="test", at=NOW)

    assert (collect(at=SEND).sent, Debit.objects.get().because) == (0, table.removesuffix("s"))


def test_a_mandate_that_rests_or_has_ended_takes_nothing(mandate):
    collect(at=NOW)
    pause(mandate=mandate, at=NOW)
    assert collect(at=SEND).sent == 0
    assert Debit.objects.get().because == "paused"

    end(mandate=go_on(mandate=mandate, at=NOW), at=NOW)
    assert collect(at=NOW + timedelta(days=20)).noticed == 0


def test_a_debit_that_settles_is_booked_and_one_that_comes_back_is_not_paid(mandate):
    sent()
    number = Debit.objects.get().end_to_end
    later = SEND + timedelta(days=4)
    settled(end_to_end=number, paid_at=later, at=later)
    settled(end_to_end=number, paid_at=later, at=later)
    assert loan_of(LOAN, "asha", later).left == 10_000

    returned(reference=number, code="MD06", at=later + timedelta(days=1))
    returned(reference=number, code="MD06", at=later + timedelta(days=1))

    assert loan_of(LOAN, "asha", later + timedelta(days=2)).left == 20_000
    assert Mandate.objects.get().state == "paused"
    assert payments()[0][3]


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("AC04", "ended"),
        ("MD01", "ended"),
        ("MD07", "ended"),
        ("AM04", "active"),
        ("MS02", "paused"),
        ("XX99", "paused"),
    ],
)
def test_what_follows_from_a_return_depends_on_why(mandate, code, state):
    sent()
    returned(reference=Debit.objects.get().end_to_end, code=code, at=SEND + timedelta(days=5))

    assert Mandate.objects.get().state == state


def test_too_little_is_tried_once_more_on_her_payday_and_never_again(mandate):
    sent()
    day = SEND + timedelta(days=5)
    returned(reference=Debit.objects.get().end_to_end, code="AM04", at=day)

    collect(at=day)
    retry = Debit.objects.get(attempt=2)
    assert retry.due_on == bank_day(date_of(TODAY + 46 + 5))
    collect(at=day + timedelta(days=1))
    assert Debit.objects.filter(number=6).count() == 2

    last = NOW + timedelta(days=(retry.due_on - NOW.date()).days - 2)
    collect(at=last)
    returned(reference=retry.end_to_end, code="AM04", at=last + timedelta(days=4))
    for days in range(5, 60, 5):
        collect(at=last + timedelta(days=days))
    assert Debit.objects.filter(number=6).count() == 2
    assert not Debit.objects.filter(noticed_at__gt=int((last + timedelta(days=4)).timestamp())).exists()


def test_without_a_payday_nothing_is_tried_again():
    class Step:
        number, due_on, settled_on = 1, date_of(TODAY), None

    assert payday_lag([Step(), Step(), Step()]) is None


def test_a_return_of_nothing_of_ours_is_refused(mandate):
    with pytest.raises(UnknownDebit):
        returned(reference="unknown", code="AM04", at=NOW)


def test_easter_and_week_ends_are_no_days_for_banks():
    assert bank_day(date(2027, 3, 26)) == date(2027, 3, 30)
    assert bank_day(date(2026, 12, 26)) == date(2026, 12, 28)


def test_a_debit_and_her_own_payment_do_not_disturb_each_other(mandate):
    sent()
    hers = loan_of(LOAN, "asha", SEND)
    said_paid(
        intent=begin(loan=hers, person_id="asha", amount=hers.money(500), way="transfer", once="x", at=SEND),
        at=SEND,
    )

    assert sorted(payments()) == [(500, "transfer", False, False), (10_000, "debit", False, False)]


# --- a file for the bank is laid once, whatever happens


def sent_since_the_backup():
    """Where the file lies that was laid; the database knows nothing of that day any more."""
    collect(at=NOW)
    backup = transaction.savepoint()
    laid = collect(at=SEND).file
    transaction.savepoint_rollback(backup)
    return Path(laid)


@pytest.fixture
def data(settings, tmp_path):
    settings.DATA = tmp_path / "data"


def test_while_a_restored_backup_waits_for_two_people_nothing_is_told_and_nothing_taken(mandate, data):
    sent_since_the_backup()
    press(scope=RESTORED, by="operator", at=SEND, why="a backup was restored")

    again = collect(at=SEND + timedelta(hours=2))

    assert again == Collected(0, 0, 0)
    assert Debit.objects.get().state == "noticed"


@pytest.mark.parametrize("carried", [False, True])
def test_what_the_bank_has_already_is_not_laid_a_second_time_after_a_restore(mandate, data, carried):
    file = sent_since_the_backup()
    if carried:
        file.unlink()

    again = collect(at=SEND + timedelta(days=1))

    assert (again.sent, again.file) == (0, "")
    assert not DebitFile.objects.exists()
    assert Debit.objects.get().state == "sent"
    assert payments() == [(10_000, "debit", False, False)]
    assert (
        returned(reference=Debit.objects.get().end_to_end, code="MS03", at=SEND + timedelta(days=5)).state
        == "returned"
    )


def test_a_file_that_could_not_be_laid_is_laid_as_soon_as_it_can_be(mandate, data, environ, monkeypatch):
    collect(at=NOW)
    first_today(MARK, at=SEND - timedelta(days=1))
    full = Path(environ["TIDEOVER_PAY_DEBIT_FOLDER"])
    full.write_text("a file where the folder should be")

    with pytest.raises(OSError, match="debits"):
        daily_if_due(at=SEND)
    full.unlink()
    daily_if_due(at=SEND + timedelta(minutes=1))
    collect(at=SEND + timedelta(days=1))

    (file,) = full.glob("*.xml")
    assert Debit.objects.get().end_to_end in file.read_text()
    assert DebitFile.objects.get().laid_at == SEND + timedelta(minutes=1)


def test_a_file_that_somebody_carried_to_the_bank_is_not_laid_again(mandate, data):
    file = Path(sent().file)
    file.unlink()

    collect(at=SEND + timedelta(days=1))

    assert not file.exists()


def test_the_journal_of_what_the_bank_has_names_no_mandate(mandate, data, settings):
    sent()

    (journal,) = (settings.DATA / "journal").glob("debits-*.jsonl")
    assert mandate.umr not in journal.read_text()
