"""Cash, cheques, files of networks and payrolls, and the phone: each booked once, by whom may, with a number."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.people import TODAY, late, loan, outsider, reachable, row, someone, together
from tests.recording import NOW, recorded
from tests.staff import member, signed_in
from tests.staff import outsider as colleague_elsewhere
from tests.web.scene import clock_at
from tideover.access.actors import SYSTEM
from tideover.access.allowed import NotAllowed
from tideover.access.models import AuditRow
from tideover.access.sealing import opened_text
from tideover.kit.money import Money
from tideover.repayment.loans import loan_of
from tideover.repayment.terms.beside import beside
from tideover.repayment.ways.files import NotAFile, UnknownMapping, mapping_names, take_file
from tideover.repayment.ways.intents import begin, said_paid
from tideover.repayment.ways.models import BranchReceipt, Intent, PaymentFile, RowSetAside
from tideover.repayment.ways.phone import CannotBeSent, ask_to_pay_by_link
from tideover.repayment.ways.receipts import NoSuchLoan, NotTaken, cheque_bounced, cheque_cleared, take_cash
from tideover.repayment.ways.references import reference_of
from tideover.strategy.models import Decision
from tideover.strategy.releases import ensure_shipped

pytestmark = pytest.mark.django_db
LOAN = "asha-loan-1"


@pytest.fixture
def asha(environ):
    steps = [
        row("instalments", loan_id=LOAN, number=place, due_on=TODAY - 10 + 30 * place, principal=10_000, interest=0, fees=0, paid=0)
        for place in range(3)
    ]  # fmt: skip
    recorded(
        together(
            someone("asha"),
            reachable("asha"),
            loan("asha"),
            {"instalments": steps},
            outsider("far"),
            late("joan"),
        )
    )


@pytest.fixture
def agent(db):
    return member("agent", "north")


@pytest.fixture
def clock(settings, tmp_path):
    clock_at(settings, tmp_path)


def paid():
    return sum(it.paid for it in loan_of(LOAN, "asha", NOW + timedelta(hours=1)).instalments)


def taken(agent, minor=2_500, once="one", **about):
    return take_cash(loan_id=LOAN, amount=Money(minor, "GBP"), by=agent, at=NOW, once=once, **about)


# --- at a branch


def test_cash_is_booked_at_once_and_its_receipts_are_counted(asha, agent):
    numbers = [taken(agent).number, taken(agent).number, taken(agent, once="two").number]

    assert numbers == ["north-000001", "north-000001", "north-000002"]
    assert paid() == 5_000
    assert AuditRow.objects.filter(action="cash_taken").count() == 2


def test_a_cheque_counts_when_it_is_cleared_and_not_when_it_bounces(asha, agent):
    good, bad = (taken(agent, kind="cheque", cheque_number=it, once=it) for it in ("000123", "000124"))
    assert paid() == 0

    cheque_cleared(receipt=good, by=agent, at=NOW)
    cheque_bounced(receipt=bad, by=agent, at=NOW)

    assert paid() == 2_500
    with pytest.raises(NotTaken):
        cheque_cleared(receipt=bad, by=agent, at=NOW)


@pytest.mark.parametrize(
    ("minor", "about"),
    [
        (0, {}),
        (-5, {}),
        (100, {"kind": "card"}),
        (100, {"kind": "cheque"}),
        (100, {"kind": "cheque", "cheque_number": "a b"}),
    ],
)
def test_what_cannot_be_taken_is_refused(asha, agent, minor, about):
    with pytest.raises(NotTaken):
        taken(agent, minor, **about)
    assert not BranchReceipt.objects.exists()


def test_whoever_may_not_or_is_of_another_branch_takes_nothing(asha):
    with pytest.raises(NotAllowed):
        taken(member("strategist", "north"))
    with pytest.raises(NoSuchLoan):
        taken(colleague_elsewhere())


def test_the_desk_writes_it_down_and_shows_a_receipt(asha, agent, client, clock):
    form = {"loan": LOAN, "amount": "25.00", "kind": "cash", "once": "one"}
    page = signed_in(client, agent).post("/desk/payments/new", form, follow=True)
    wrong = client.post("/desk/payments/new", {**form, "amount": "much", "once": "two"})

    assert "Receipt north-000001" in page.content.decode()
    assert "25.00 GBP" in page.content.decode()
    assert wrong.status_code == 422
    assert 'value="much"' in wrong.content.decode()
    assert paid() == 2_500


def test_the_desk_shows_a_receipt_to_nobody_of_another_branch(asha, agent, client, clock):
    pk = taken(agent).pk

    assert signed_in(client, colleague_elsewhere()).get(f"/desk/payments/{pk}/").status_code == 404
    assert client.post(f"/desk/payments/{pk}/cleared").status_code == 404
    assert (
        "no loan of this number"
        in client.post("/desk/payments/new", {"loan": LOAN, "amount": "1", "kind": "cash"}).content.decode()
    )


# --- files


def a_file(*rows, head="transaction_id,reference,amount,date,currency"):
    return "\n".join([head, *rows]).encode()


def take(data, mapping="agent_network"):
    return take_file(mapping=mapping, data=data, by=SYSTEM, at=NOW)


def test_a_networks_file_is_booked_and_bad_rows_are_set_aside_and_counted(asha):
    data = a_file(
        f"A1,{reference_of(LOAN)},25.00,2026-11-24,GBP",
        f"A2,{LOAN},10.00,2026-11-24,GBP",
        "A3,nobody,10.00,2026-11-24,GBP",
        f"A4,{LOAN},ten,2026-11-24,GBP",
        f"A5,{LOAN},10.00,24/11/2026,GBP",
        f"A6,{LOAN},10.00,2026-11-24,EUR",
        f"A7,{LOAN},10.00,2026-12-24,GBP",
        f",{LOAN},10.00,2026-11-24,GBP",
        f"A1,{LOAN},99.00,2026-11-24,GBP",
        f"A8,{LOAN},-5.00,2026-11-24,GBP",
    )

    first, again = take(data), take(data)

    assert (first.booked, first.known, first.set_aside) == (2, 0, 8)
    assert (again.is_new, again.booked) == (False, 2)
    assert paid() == 3_500
    assert list(RowSetAside.objects.order_by("row").values_list("row", "why")) == [
        (4, "no_such_loan"), (5, "no_amount"), (6, "no_day"), (7, "another_currency"), (8, "a_day_to_come"), (9, "no_number"),
        (10, "two_rows_of_one_number"), (11, "no_amount"),
    ]  # fmt: skip


def test_what_she_said_was_on_its_way_by_the_network_is_the_row_of_its_file_and_counts_once(asha):
    hers = begin(
        loan=loan_of(LOAN, "asha", NOW),
        person_id="asha",
        amount=Money(1_250, "GBP"),
        way="agent_network",
        once="a",
        at=NOW,
    )
    said_paid(intent=hers, at=NOW)

    mine = f"T9,{LOAN},12.50,2026-11-25,GBP"
    taken = [take(a_file(mine)), take(a_file(mine, "T10,nobody,1.00,2026-11-25,GBP"))]

    assert [(it.booked, it.known) for it in taken] == [(1, 0), (0, 1)]
    assert paid() == 1_250
    assert Intent.objects.get().state == "paid"
    assert not beside([LOAN], today=NOW.date(), at=NOW + timedelta(hours=1)).coming


def test_a_row_that_came_in_yesterdays_file_is_known(asha):
    row_one = f"A1,{LOAN},25.00,2026-11-24,GBP"
    take(a_file(row_one))

    second = take(a_file(row_one, f"A2,{LOAN},25.00,2026-11-24,GBP"))

    assert (second.booked, second.known) == (1, 1)
    assert paid() == 5_000


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(1, 900)), max_size=20, unique_by=lambda it: it[0]))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_payroll_says_it_is_booked_once(asha, rows):
    lines = [f"{number},{LOAN},{amount // 100}.{amount % 100:02},2026-11-24" for number, amount in rows]
    with transaction.atomic():
        found = take(a_file(*lines, head="payroll_id,loan,amount,paid_on"), "payroll")
        take(a_file(*reversed(lines), head="payroll_id,loan,amount,paid_on"), "payroll")

        assert found.booked == len(rows)
        assert paid() == sum(amount for _, amount in rows)
        transaction.set_rollback(True)


def test_what_is_no_such_file_is_refused_whole(asha):
    for data, mapping, why in (
        (b"a,b\n1,2", "payroll", NotAFile),
        (b"\xff\xfe", "payroll", NotAFile),
        (b"", "../secrets", UnknownMapping),
    ):
        with pytest.raises(why):
            take(data, mapping)
    assert not PaymentFile.objects.exists()
    assert mapping_names() == ["agent_network", "payroll"]


# --- by phone


def test_an_agent_sends_her_own_pay_page_and_never_asks_for_a_card(asha, agent):
    ensure_shipped(at=NOW)

    made = ask_to_pay_by_link(person_id="asha", loan_id=LOAN, amount=Money(2_500, "GBP"), agent=agent, at=NOW)

    said = opened_text(made.values["answer"])
    assert f"https://lender.example/me/pay/{LOAN}/way/?amount=2500" in said
    assert (made.purpose, made.person_id) == ("reply", "asha")


@pytest.mark.parametrize("kind", ["time_barred", "dispute", "identity_theft"])
def test_where_something_protects_her_no_pay_page_is_sent(asha, agent, kind):
    ensure_shipped(at=NOW)
    held = row("holds", hold_id="h", person_id="asha", loan_id=LOAN, kind=kind, from_at=0)
    recorded({"holds": [held]}, at=NOW)

    with pytest.raises(CannotBeSent):
        ask_to_pay_by_link(person_id="asha", loan_id=LOAN, amount=Money(2_500, "GBP"), agent=agent, at=NOW)
    assert not Decision.objects.exists()


def test_the_desk_sends_it_with_the_amount_and_two_presses_are_one(asha, agent, client, clock):
    ensure_shipped(at=NOW)
    signed_in(client, agent)
    page = client.get("/desk/people/asha/").content.decode()
    assert "/desk/people/asha/pay-page" in page
    assert 'value="100.00"' in client.get("/desk/people/asha/pay-page").content.decode()

    form = {"loan": LOAN, "amount": "25", "once": "one"}
    answers = [client.post("/desk/people/asha/pay-page", form, follow=True) for _ in range(2)]

    assert "It leaves by " in answers[0].content.decode()
    (sent,) = Decision.objects.filter(purpose="reply")
    assert "amount=2500" in opened_text(sent.values["answer"])
    assert AuditRow.objects.filter(action="pay_page_sent").count() == 1


@pytest.mark.parametrize("form", [{"amount": "a lot"}, {"amount": "999"}, {"loan": "joan-loan-1"}])
def test_the_desk_says_what_is_wrong_and_sends_nothing(asha, agent, client, clock, form):
    ensure_shipped(at=NOW)
    answer = signed_in(client, agent).post(
        "/desk/people/asha/pay-page", {"loan": LOAN, "amount": "25", **form}
    )

    assert answer.status_code == 422
    assert not Decision.objects.exists()


def test_the_desk_sends_nothing_for_those_of_another_branch_or_without_the_power(asha, client, clock):
    for who in (colleague_elsewhere(), member("strategist", "north")):
        answer = signed_in(client, who).post("/desk/people/asha/pay-page", {"loan": LOAN, "amount": "25"})
        assert answer.status_code in (403, 404)
    assert not Decision.objects.exists()


def test_nobody_sends_a_page_for_a_loan_of_another_branch_or_for_too_much(asha, agent):
    for who, minor in ((colleague_elsewhere(), 100), (agent, 30_001), (agent, 0)):
        with pytest.raises(NoSuchLoan):
            ask_to_pay_by_link(person_id="asha", loan_id=LOAN, amount=Money(minor, "GBP"), agent=who, at=NOW)
