"""Tables learned from a book: whole numbers, the same every time, judged by what was known when a contact was made."""

import polars as pl
import pytest

from tests.engine.measure.conftest import DAY, START, on_disk
from tideover.engine.decision.published import CHOICES, load, shipped
from tideover.engine.decision.whole_book import decide_book, in_polars
from tideover.engine.measure import TeamUnknown, publish_tables
from tideover.engine.measure.learning.answers import ANSWER_DAYS, answered_contacts
from tideover.engine.measure.learning.leaves import Leaves

AT = START


@pytest.fixture(scope="module")
def recent(book, tmp_path_factory):
    """The book with the contacts of a few days only, so that few days are looked at."""
    frames = {name: in_polars(book.frame(name)) for name in book.tables}
    late = pl.col("send_at").is_between(AT - 30 * DAY, AT - 24 * DAY)
    frames["contacts"] = frames["contacts"].filter(late)
    return on_disk(frames, tmp_path_factory.mktemp("books") / "recent")


@pytest.fixture(scope="module")
def published(recent, everyday):
    return publish_tables(recent, AT, everyday)


def test_every_choice_of_every_leaf_sums_to_all(published):
    assert set(published.leaves) == set(shipped().leaves)
    for leaf, row in published.leaves.items():
        for choice in CHOICES:
            weights = [weight for name, weight in row.items() if name.startswith(f"prior__{choice}__")]
            assert (sum(weights), min(weights) >= 100) == (10_000, True), (leaf, choice)
        assert 0 <= row["reminder_prior"] <= 10_000


def test_the_same_book_gives_the_same_tables(published, recent, everyday, tmp_path):
    again = publish_tables(recent, AT, everyday)

    assert again.hash == published.hash
    assert load(published.save(tmp_path).parent).hash == published.hash


def test_something_is_learned_and_what_cannot_be_learned_here_stays(published):
    before = shipped()

    assert published.leaves != before.leaves
    for leaf, row in published.leaves.items():
        assert row["call_effect"] == before.leaves[leaf]["call_effect"]
        assert row["prior__tone__warm"] == before.leaves[leaf]["prior__tone__warm"]
    assert (published.cutoffs, published.cutoff_otherwise) == (before.cutoffs, before.cutoff_otherwise)
    assert "2026-11-02T06:00:00Z" in published.made_from


def test_the_people_in_line_are_those_a_call_would_help_today(recent, everyday, tmp_path):
    people = in_polars(recent.frame("borrowers"))
    team = (
        people["team"].drop_nulls().value_counts(sort=True, parallel=False).sort("count", "team")["team"][-1]
    )

    none, all_of_them = (publish_tables(recent, AT, everyday, calls_a_day={team: n}) for n in (0, 10_000))

    assert none.cutoffs[team] > 10_000
    assert all_of_them.cutoffs[team] == 0
    assert f"{team}: 10,000 calls a day" in all_of_them.made_from


def test_a_mistyped_team_is_answered_with_the_nearest(recent, everyday):
    team = in_polars(recent.frame("borrowers"))["team"].drop_nulls().min()

    with pytest.raises(TeamUnknown, match="Did you mean"):
        publish_tables(recent, AT, everyday, calls_a_day={f"{team}x": 3})


@pytest.fixture(scope="module")
def contacts(recent, everyday):
    return answered_contacts(recent, Leaves(recent, everyday.prepared(AT)), AT)


def test_only_contacts_old_enough_to_have_been_answered_are_judged(contacts, recent, everyday):
    made = in_polars(recent.frame("contacts")).filter(state="accepted")
    sent = contacts.join(made.select("contact_id", sent_at="send_at"), on="contact_id")

    assert sent.height == contacts.height > 0
    assert (sent["sent_at"] <= AT - ANSWER_DAYS * DAY).all()
    early = answered_contacts(recent, Leaves(recent, everyday.prepared(AT)), AT - 20 * DAY)
    assert 0 < early.height < contacts.height


def test_an_answer_counts_when_a_person_gave_it_in_time(contacts, recent):
    made = in_polars(recent.frame("contacts")).select("contact_id", "send_at")
    responses = in_polars(recent.frame("responses")).join(made, on="contact_id")
    opened_only = responses.filter(pl.col("kind") == "opened")["contact_id"].implode()
    in_time = pl.col("at") <= pl.col("send_at") + ANSWER_DAYS * DAY
    by_person = pl.col("kind").is_in(["replied", "answered", "acted"]) & pl.col("human").fill_null(True)
    by_person |= (pl.col("kind") == "clicked") & pl.col("human").fill_null(False)
    answered = responses.filter(in_time & by_person)["contact_id"].unique().implode()

    assert contacts["answered"].sum() > 0
    assert contacts.filter(pl.col("contact_id").is_in(answered))["answered"].min() == 1
    assert contacts.filter(~pl.col("contact_id").is_in(answered))["answered"].max() == 0
    assert contacts.filter(pl.col("contact_id").is_in(opened_only) & (pl.col("answered") == 0)).height > 0


def test_a_contact_is_judged_by_the_leaf_of_its_day_as_it_was_known_then(
    contacts, recent, everyday, tmp_path
):
    made = in_polars(recent.frame("contacts")).select("contact_id", "send_at")
    day = contacts.join(made, on="contact_id").with_columns(day=pl.col("send_at") // DAY)
    busiest = day["day"].value_counts(sort=True)["day"][0]
    decided = decide_book(recent, everyday, busiest * DAY, tmp_path / "day").frame("decisions").collect()

    beside = day.filter(day=busiest).join(
        decided.select("borrower_id", known="leaf"), left_on="person_id", right_on="borrower_id"
    )

    assert beside.height > 0
    assert beside["leaf"].to_list() == beside["known"].to_list()


def test_whoever_asked_not_to_be_studied_teaches_nothing(contacts, recent):
    wishes = (
        in_polars(recent.frame("preferences")).filter(name="do_not_study", value="yes")["person_id"].implode()
    )

    assert contacts.filter(pl.col("person_id").is_in(wishes)).height == 0


def test_slot_and_weekday_are_those_of_the_persons_own_clock(contacts, recent):
    from datetime import UTC, datetime
    from zoneinfo import ZoneInfo

    people = in_polars(recent.frame("borrowers")).select(person_id="borrower_id", zone="timezone")
    made = in_polars(recent.frame("contacts")).select("contact_id", "send_at")
    for row in (
        contacts.join(made, on="contact_id")
        .join(people, on="person_id")
        .drop_nulls("slot")
        .head(60)
        .iter_rows(named=True)
    ):
        local = datetime.fromtimestamp(row["send_at"], UTC).astimezone(ZoneInfo(row["zone"]))
        assert (row["slot"], row["weekday"]) == (local.hour // 2, local.weekday())
