"""People are drawn by their seed, and everyone on whom their decisions depend is decided beside them."""

import polars as pl
import pytest

from tests.engine.measure.conftest import DAY, START, on_disk
from tests.people import row, someone, together
from tideover.engine.decision.whole_book import in_polars
from tideover.engine.measure.sampling import draw
from tideover.kit.ids import seed_of


def test_a_smaller_sample_lies_within_a_larger_one(book):
    small, large = (draw(book, share, START, START + DAY).drawn for share in (1_000, 4_000))

    assert 0 < small.height < large.height
    assert small.join(large, on="borrower_id", how="anti").height == 0


def test_who_is_drawn_follows_from_the_seed_alone(book):
    people = in_polars(book.frame("borrowers")).filter(pl.col("recorded_at") <= START + DAY)

    drawn = draw(book, 2_500, START, START + DAY).drawn["borrower_id"].to_list()

    assert drawn == sorted(people.filter(pl.col("seed") % 10_000 < 2_500)["borrower_id"])


def test_nobody_who_stands_in_a_loan_with_the_drawn_is_missing(book):
    sample = draw(book, 2_000, START, START + DAY)
    parties = in_polars(book.frame("parties"))
    loans = in_polars(sample.book.frame("loans"))["loan_id"].implode()
    known = in_polars(sample.book.frame("borrowers"))["borrower_id"].implode()

    beside = parties.filter(pl.col("loan_id").is_in(loans))

    assert beside.height > 0
    assert beside.select(pl.col("person_id").is_in(known).all()).item()


def test_the_rows_of_others_are_not_kept(book):
    sample = draw(book, 2_000, START, START + DAY)
    loans = in_polars(sample.book.frame("loans"))["loan_id"].implode()

    instalments = in_polars(sample.book.frame("instalments"))

    assert instalments.select(pl.col("loan_id").is_in(loans).all()).item()
    assert instalments.height < in_polars(book.frame("instalments")).height


NAMES = [f"p{number}" for number in range(4_000)]
DRAWN = next(name for name in NAMES if seed_of(name) % 10_000 < 100)
"""The only one of these people whom a sample of 1 % draws."""

FRIEND, FRIENDS_FRIEND, STRANGER = [name for name in NAMES if seed_of(name) % 10_000 >= 100][:3]


@pytest.fixture
def chain(tmp_path):
    """A borrower whose guarantor borrows herself, with a guarantor of her own; and a stranger."""
    people = together(*(someone(name) for name in (DRAWN, FRIEND, FRIENDS_FRIEND, STRANGER)))
    loans = [
        row("loans", loan_id=f"l-{name}", borrower_id=name, currency="GBP")
        for name in (DRAWN, FRIEND, STRANGER)
    ]
    parties = [
        row("parties", loan_id=f"l-{loan}", person_id=person, role="guarantor", may_be_told="all")
        for loan, person in ((DRAWN, FRIEND), (FRIEND, FRIENDS_FRIEND))
    ]
    instalments = [
        row(
            "instalments",
            loan_id=loan["loan_id"],
            number=1,
            due_on=20_000,
            principal=1,
            interest=0,
            fees=0,
            paid=0,
        )
        for loan in loans
    ]
    rows = together(people, {"loans": loans, "parties": parties, "instalments": instalments})
    return on_disk(rows, tmp_path / "book")


def test_the_company_reaches_as_far_as_loans_do(chain):
    sample = draw(chain, 100, START, START + DAY)

    assert sample.drawn["borrower_id"].to_list() == [DRAWN]
    assert set(in_polars(sample.book.frame("borrowers"))["borrower_id"]) == {DRAWN, FRIEND, FRIENDS_FRIEND}
    assert set(in_polars(sample.book.frame("loans"))["borrower_id"]) == {DRAWN, FRIEND}
    assert in_polars(sample.book.frame("parties")).height == 2
