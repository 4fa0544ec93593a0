"""A trial decides each day as the day itself would have, living with what it said before."""

import narwhals as nw
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.engine.measure.conftest import DAY, DAYS, START, rows_of
from tideover.engine.decision.decide import Facts, decide
from tideover.engine.decision.whole_book import decide_book
from tideover.engine.facts import TABLES, open_book, write_book
from tideover.engine.facts.backends import PolarsBackend
from tideover.engine.measure import TrialRefused, simulate
from tideover.engine.measure.tally import COMPACT

TODAY, TOMORROW, LAST = "2026-11-02", "2026-11-03", "2026-11-04"


def as_written(decisions: nw.LazyFrame) -> pl.DataFrame:
    """Decisions as a trial writes them."""
    rows = decisions.to_native().collect().select(COMPACT)
    moments = pl.from_epoch(pl.col("at", "send_at"), "s").dt.replace_time_zone("UTC")
    return rows.with_columns(moments).sort("at", "borrower_id")


@pytest.mark.parametrize("strategy", ["everyday", "quieter"])
def test_the_first_day_is_what_decide_says_of_that_day(strategy, trial, book, request, tmp_path):
    setup = request.getfixturevalue(strategy)

    decided = decide_book(book, setup, START, tmp_path / "day").lazy("decisions")

    assert_frame_equal(rows_of(trial.out, strategy, TODAY), as_written(decided), check_exact=True)


@pytest.fixture(scope="module")
def book_with_the_run(folder, trial, tmp_path_factory):
    """The book as if the lender had run the quieter strategy: its contacts in place of those made since, no answers."""
    frames = {name: every_version(folder, name) for name in TABLES if every_version(folder, name) is not None}
    start = pl.from_epoch(pl.lit(START), "s").dt.replace_time_zone("UTC")
    for name in ("contacts", "contact_topics"):
        own = pl.scan_parquet(trial.out / "quieter" / f"{name}.parquet")
        frames[name] = pl.concat(
            [frames[name].filter(pl.col("recorded_at") <= start).select(own.collect_schema().names()), own]
        )
    frames["promises"] = frames["promises"].filter(pl.col("made_at") <= start)
    frames["visits"] = frames["visits"].filter(pl.col("at") <= start)
    ours = pl.col("by").fill_null("") == "us"
    frames["conversations"] = frames["conversations"].filter((pl.col("at") <= start) | ~ours)
    out = tmp_path_factory.mktemp("books") / "with_the_run"
    write_book(frames, out, source="made-up", assumes={}, checked=False)
    return open_book(out)


def every_version(folder, name: str) -> pl.LazyFrame | None:
    for part in ("history", "current"):
        if (path := folder / part / f"{name}.parquet").exists():
            rows = pl.scan_parquet(path)
            return rows.drop("replaced_at", strict=False)
    return None


@pytest.mark.parametrize("day", [TOMORROW, LAST])
def test_a_later_day_is_what_decide_says_of_the_book_with_the_contacts_of_the_run(
    day, trial, book_with_the_run, quieter
):
    at = START + (DAY if day == TOMORROW else 2 * DAY)

    known = book_with_the_run.as_of(at)
    decided = decide(Facts(known.frame, PolarsBackend(), at), quieter.plan(at)).decisions

    assert_frame_equal(rows_of(trial.out, "quieter", day), as_written(decided), check_exact=True)


def test_a_trial_lives_with_its_own_contacts_and_not_with_those_of_the_book(trial, book, quieter):
    at = START + 2 * DAY
    decided = decide(Facts(book.as_of(at).frame, PolarsBackend(), at), quieter.plan(at)).decisions

    differ = rows_of(trial.out, "quieter", LAST).join(
        as_written(decided), on=list(COMPACT), how="anti", nulls_equal=True
    )

    assert differ.height > 0


def test_a_person_hears_a_plain_reminder_once_though_each_day_is_decided_afresh(trial):
    rows = rows_of(trial.out, "everyday").filter(treatment="contact", purpose="due_soon")

    assert rows.height > 0
    assert rows.select("borrower_id", "subject").is_unique().all()


def test_everybody_is_decided_every_day_with_a_reason(trial):
    for strategy in ("everyday", "quieter"):
        rows = rows_of(trial.out, strategy)
        assert rows["at"].n_unique() == DAYS
        assert rows.select("borrower_id", "at").is_unique().all()
        assert (rows["reasons"].str.len_chars() > 0).all()
    assert trial.report.people == rows_of(trial.out, "quieter", LAST).height


def test_a_strategy_compared_with_itself_changes_nobody(book, everyday, words, tmp_path):
    report = simulate(
        book,
        {"one": everyday.plan, "two": everyday.plan},
        START,
        START + DAY,
        out=tmp_path,
        words=words,
        sample=0.5,
    )

    assert report.changes == ()
    assert report.changed_people == 0
    assert report.same == sum(cell.rows for cell in report.newest.cells)
    assert report.difference.value == 0


def test_a_sample_decides_each_of_its_people_as_the_whole_book_does(book, trial, quieter, words, tmp_path):
    report = simulate(
        book, {"quieter": quieter.plan}, START, START + 2 * DAY, out=tmp_path, words=words, sample=0.4
    )

    sampled, everybody = rows_of(tmp_path, "quieter"), rows_of(trial.out, "quieter")
    theirs = everybody.join(sampled, on="borrower_id", how="semi").sort("at", "borrower_id")
    assert 0 < report.people < report.of
    assert report.people == sampled["borrower_id"].n_unique()
    assert_frame_equal(sampled, theirs, check_exact=True)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"strategies": {}}, "one strategy, or two"),
        ({"until": START - DAY}, "before it begins"),
        ({"sample": 0.0}, "share from"),
        ({"sample": 1.5}, "share from"),
        ({"strategies": {"../up": None}}, "cannot name a folder"),
    ],
)
def test_what_cannot_be_tried_is_refused_before_anything_is_read(asked, says, words, tmp_path):
    given = {
        "strategies": {"one": None},
        "start": START,
        "until": START,
        "out": tmp_path,
        "words": words,
        **asked,
    }

    with pytest.raises(TrialRefused, match=says):
        simulate(None, **given)


def test_an_earlier_trial_is_not_mixed_with_a_new_one(trial, everyday, words):
    with pytest.raises(TrialRefused, match="holds an earlier trial"):
        simulate(None, {"everyday": everyday.plan}, START, START, out=trial.out, words=words)
