"""People are drawn by their seed, and everyone on whom their decisions depend is decided beside them."""

import polars as pl

from tests.engine.measure.conftest import DAY, START
from tideover.engine.decision.whole_book import in_polars
from tideover.engine.measure.sampling import draw


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
