"""Contacts of a book beside what came of them: where each was made, in which leaf, and whether a person answered."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from tideover.engine.decision.whole_book import in_polars
from tideover.engine.facts import Book
from tideover.engine.insight.contacts import RECENT_DAYS, SLOT, THURSDAY, by_people
from tideover.engine.measure.learning.leaves import Leaves
from tideover.kit.calendars import offset_at, zone_names

DAY = 86_400
ANSWER_DAYS = 7
"""An answer later than this is put down to something else; younger contacts are not judged yet."""

Progress = Callable[[str], None]


def answered_contacts(
    book: Book, leaves: Leaves, at: int, *, progress: Progress = lambda _: None
) -> pl.DataFrame:
    """Contacts that left in the half year before `at`, old enough to have been answered.

    Columns: contact_id, person_id, leaf, channel, purpose, slot (0-11), weekday (0 is Monday), answered (0 or 1), and
    tone where the source has one. Whoever asked not to be studied is not in it.
    """
    contacts = _left(book, at).join(_answers(book, at), on="contact_id", how="left")
    in_time = pl.col("first_answer") <= pl.col("send_at") + ANSWER_DAYS * DAY
    contacts = contacts.with_columns(in_time.fill_null(False).cast(pl.Int64).alias("answered")).drop(
        "first_answer"
    )
    return _with_clock(_with_leaf(contacts, leaves, progress), book)


def _left(book: Book, at: int) -> pl.DataFrame:
    known = book.as_of(at)
    contacts = in_polars(known.frame("contacts"))
    wishes = in_polars(known.frame("preferences"))
    refuses = wishes.filter((pl.col("name") == "do_not_study") & (pl.col("value") == "yes")).select(
        "person_id"
    )
    old_enough = pl.col("send_at").is_between(at - RECENT_DAYS * DAY, at - ANSWER_DAYS * DAY, closed="right")
    kept = ["contact_id", "person_id", "channel", "purpose", "send_at", *({"tone"} & set(contacts.columns))]
    left = contacts.filter(old_enough & (pl.col("state") == "accepted")).join(
        refuses, on="person_id", how="anti"
    )
    return left.select(kept).sort("contact_id")


def _answers(book: Book, at: int) -> pl.DataFrame:
    human = in_polars(by_people(book.as_of(at).frame("responses")))
    return human.group_by("contact_id").agg(pl.col("at").min().alias("first_answer"))


def _with_leaf(contacts: pl.DataFrame, leaves: Leaves, progress: Progress) -> pl.DataFrame:
    """The leaf at the beginning of the UTC day on which the contact left."""
    days = contacts.with_columns((pl.col("send_at") // DAY).alias("day")).partition_by("day", as_dict=True)
    found = []
    for number, ((day,), made) in enumerate(sorted(days.items()), 1):
        progress(f"looking at day {number} of {len(days)}")
        found.append(
            made.join(leaves.at(int(str(day)) * DAY, made["person_id"]), on="person_id", how="inner")
        )
    if not found:
        return contacts.with_columns(pl.lit(None, pl.String).alias("leaf"))
    return pl.concat(found).drop("day").drop_nulls("leaf")


def _with_clock(contacts: pl.DataFrame, book: Book) -> pl.DataFrame:
    """Slot and weekday on the person's own clock at that time; unknown where the zone is."""
    people = in_polars(book.frame("borrowers")).select(pl.col("borrower_id").alias("person_id"), "timezone")
    placed = contacts.join(people, on="person_id", how="left").with_columns(
        (pl.col("send_at") // DAY).alias("day")
    )
    known = placed.select("timezone", "day").unique().filter(pl.col("timezone").is_in(sorted(zone_names())))
    offsets = [offset_at(zone, day * DAY + DAY // 2) for zone, day in known.iter_rows()]
    known = known.with_columns(pl.Series("offset", offsets, dtype=pl.Int64))
    local = pl.col("send_at") + pl.col("offset")
    return (
        placed.join(known, on=["timezone", "day"], how="left")
        .with_columns((local % DAY // SLOT).alias("slot"), ((local // DAY + THURSDAY) % 7).alias("weekday"))
        .drop("timezone", "day", "offset")
        .sort("contact_id")
    )
