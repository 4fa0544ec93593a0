"""Stories of statements: each movement once, money to its loan with the reason, the rest to a person."""

from datetime import date, timedelta

import pytest
from django.db import connection

from tests.people import TODAY, loan, schedule, someone, together
from tests.recording import NOW, recorded
from tests.repayment.statements.banks import KINDS, MAPPING, Move, written
from tideover.access.sealing import blind
from tideover.book.models import FACTS, Person
from tideover.repayment.ledger.models import Posting
from tideover.repayment.statements.keeping import begun, keep
from tideover.repayment.statements.models import StatementFile, StatementLine
from tideover.repayment.statements.reading import Columns
from tideover.repayment.statements.taking import take_statement
from tideover.repayment.statements.verifying import verify_statements
from tideover.repayment.ways.references import in_groups, reference_of

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)
COLUMNS = Columns(**MAPPING)


@pytest.fixture
def taken(tmp_path):
    """Takes a file in; each has a name of its own."""

    def take(moves, kind="camt08", at=NOW, **about):
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.{kind}"
        path.write_bytes(written(kind, moves, **about))
        return take_statement(path, at=at, columns=COLUMNS)

    return take


@pytest.fixture
def mary():
    """She owes 100.00 a month, in euros."""
    recorded(
        together(
            someone("mary"),
            loan("mary", currency="EUR"),
            schedule("mary", [TODAY - 30, TODAY + 1, TODAY + 31], lags=[0]),
        )
    )
    Person.objects.filter(pk="mary").update(name="Mary Müller", name_index=blind("Mary Müller"))
    return "mary-loan-1"


def lines(**about):
    return list(StatementLine.objects.filter(**about).order_by("pk"))


def suspense():
    return -sum(Posting.objects.filter(account="suspense").values_list("amount", flat=True))


@pytest.mark.parametrize("kind", KINDS)
def test_three_equal_transfers_are_three_and_the_file_again_adds_none(taken, kind):
    three = [Move(DAY, 10_000, "rent", "John Doe")] * 3

    taken(three, kind)
    taken([*three, Move(DAY + timedelta(days=1), 500, "more")], kind)

    assert [it.amount for it in lines()] == [10_000, 10_000, 10_000, 500]
    assert suspense() == 30_500


@pytest.mark.parametrize("kind", KINDS)
def test_money_with_the_reference_is_booked_to_its_loan(taken, mary, kind):
    taken([Move(DAY, 10_000, f"loan {in_groups(reference_of(mary)).lower()} thank you")], kind)

    (line,) = lines()
    assert (line.state, line.loan_id, line.why) == ("matched", mary, "reference")
    paid = FACTS["payments"].objects.latest("id")
    assert (paid.loan_id, paid.amount) == (mary, 10_000)
    assert suspense() == 0


def test_a_nought_for_an_o_is_forgiven(taken, mary):
    wrong = (
        reference_of(mary).replace("0", "O")
        if "0" in reference_of(mary)[4:]
        else reference_of(mary).replace("O", "0").replace("I", "1")
    )
    taken([Move(DAY, 10_000, wrong)])

    assert lines()[0].loan_id == mary


def test_the_name_and_the_amount_of_the_next_payment_are_enough(taken, mary):
    taken([Move(DAY, 10_000, "payment", "MUELLER MARY")])

    assert (lines()[0].loan_id, lines()[0].why) == (mary, "name_and_amount")


def test_a_name_alone_waits_for_a_person_and_says_what_points_where(taken, mary):
    taken([Move(DAY, 4_321, "payment", "Mary Muller")])

    (line,) = lines()
    assert (line.state, line.why, line.candidates) == ("waiting", "one_sign_only", [[mary, ["name"]]])
    assert suspense() == 4_321


def test_an_account_that_paid_before_is_known_again(taken, mary):
    taken([Move(DAY, 10_000, reference_of(mary), payer="GB33BUKB20201555555555")])
    taken([Move(DAY + timedelta(days=1), 10_000, "next one", payer="GB33BUKB20201555555555")])

    assert [it.why for it in lines()] == ["reference", "payer_and_amount"]


def test_two_loans_in_one_text_are_never_guessed(taken, mary):
    recorded(together(loan("mary", number=2, currency="EUR"), schedule("mary", [TODAY + 5], number=2)))
    other = "mary-loan-2"
    taken([Move(DAY, 10_000, f"{reference_of(mary)} {reference_of(other)}")])

    assert lines()[0].why == "several"
    assert {it[0] for it in lines()[0].candidates} == {mary, other}


def test_what_comes_back_takes_its_payment_back(taken, mary):
    taken([Move(DAY, 10_000, reference_of(mary), "Mary Muller", end_to_end="E1")])
    back = Move(DAY + timedelta(days=2), -10_000, "returned", end_to_end="E1", is_reversal=True, code="AM04")
    taken([back])

    assert [it.state for it in lines()] == ["returned", "returned"]
    assert FACTS["payments"].objects.latest("id").reversed_at is not None


@pytest.mark.parametrize("kind", ["camt02", "camt08", "csv"])
def test_what_was_on_its_way_counts_once_it_is_booked(taken, kind):
    pending = Move(DAY, 10_000, "rent", "John Doe", is_pending=True)
    booked = Move(DAY + timedelta(days=2), 10_000, "rent", "John Doe", bank_id="B77")

    taken([pending], kind)
    assert suspense() == 0
    taken([booked], kind)
    taken([pending, booked], kind)

    assert [(it.state, it.booked_on) for it in lines()] == [("waiting", booked.on)]
    assert suspense() == 10_000


def test_a_bank_that_changes_number_and_day_later_tells_of_one_line(taken):
    first = Move(DAY, 10_000, "rent", "John Doe", bank_id="A1", value_on=DAY)
    taken([first, Move(DAY + timedelta(days=3), 1, "x")])
    again = Move(DAY + timedelta(days=1), 10_000, "rent", "John Doe", bank_id="Z9", value_on=DAY)

    taken([Move(DAY - timedelta(days=1), 2, "y"), again, Move(DAY + timedelta(days=3), 1, "x")])
    taken([first, Move(DAY + timedelta(days=4), 3, "z")])

    assert sorted(it.amount for it in lines()) == [1, 2, 3, 10_000]


def test_a_sum_told_apart_later_is_counted_once(taken):
    parts = (
        Move(DAY, 6_000, "a", "Ann Able", end_to_end="E1"),
        Move(DAY, 4_000, "b", "Bob Able", end_to_end="E2"),
    )
    whole = Move(DAY, 10_000, "batch of 2", bank_id="S1")

    taken([whole], "camt02")
    taken([Move(DAY, 10_000, bank_id="S1", parts=parts)], "camt08")
    taken([whole, Move(DAY, 1, "x")], "camt02")

    assert sorted((it.amount, it.state) for it in lines()) == [
        (1, "waiting"), (4_000, "waiting"), (6_000, "waiting"), (10_000, "told_apart")
    ]  # fmt: skip
    assert suspense() == 10_001


def test_a_corrected_statement_takes_back_what_it_left_out(taken, mary):
    wrong = Move(DAY, 10_000, reference_of(mary))
    taken([wrong, Move(DAY + timedelta(days=1), 1, "x")], number="7", opening=500)
    taken(
        [Move(DAY, 9_000, reference_of(mary)), Move(DAY + timedelta(days=1), 1, "x")], number="7", opening=500
    )

    assert [it.state for it in lines()] == ["withdrawn", "waiting", "matched"]


def test_sums_that_do_not_agree_are_said(taken, tmp_path):
    path = tmp_path / "wrong.sta"
    path.write_bytes(
        written("mt940", [Move(DAY, 100)]).replace(b":62F:C261125EUR1,00", b":62F:C261125EUR3,00")
    )
    file = take_statement(path, at=NOW)

    assert file.counts["disagree"] == 1
    assert "differ by 2.00 EUR" in file.doubts[0]


def test_a_reader_that_was_killed_begins_again_and_doubles_nothing(tmp_path):
    path = tmp_path / "killed.xml"
    path.write_bytes(
        written("camt08", [Move(DAY, 10_000, "rent"), Move(DAY, 10_000, "rent"), Move(DAY, 5, "x")])
    )
    file, _ = begun(path, by="", at=NOW)
    keep(path, file, columns=None, currency="")

    take_statement(path, at=NOW)

    assert [(it.amount, it.state) for it in lines()] == [
        (10_000, "waiting"),
        (10_000, "waiting"),
        (5, "waiting"),
    ]
    assert suspense() == 20_005
    assert verify_statements().holds


def test_the_same_file_under_another_name_is_known(taken):
    first = taken([Move(DAY, 10_000, "rent")])

    assert taken([Move(DAY, 10_000, "rent")]).pk == first.pk
    assert StatementFile.objects.count() == 1


def test_another_currency_than_the_loans_waits(taken, mary):
    taken([Move(DAY, 10_000, reference_of(mary), currency="USD")])

    assert (lines()[0].state, lines()[0].why) == ("waiting", "other_currency")


def test_a_return_of_what_is_not_known_waits_for_a_person(taken):
    taken([Move(DAY, -10_000, "returned", end_to_end="E9", is_reversal=True, code="AM04")])

    assert (lines()[0].state, lines()[0].why) == ("waiting", "unknown_return")


def test_what_the_bank_tells_is_sealed(taken):
    taken([Move(DAY, 10_000, "quiet words", "John Doe", "GB33BUKB20201555555555")])

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM repayment_statements_statementline")
        kept = repr(cursor.fetchall())
    assert "John" not in kept
    assert "quiet" not in kept
    assert "GB33" not in kept


def test_an_equal_transfer_with_a_number_of_its_own_is_another_one(taken):
    equal = [Move(DAY, 10_000, "rent", "John Doe", bank_id=f"N{it}") for it in range(4)]

    taken(equal[:3])
    taken(equal[2:])

    assert [it.bank_id for it in lines()] == ["N0", "N1", "N2", "N3"]
    assert suspense() == 40_000
