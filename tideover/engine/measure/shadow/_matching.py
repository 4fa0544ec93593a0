"""The rows of another system's list beside the people and loans of the book; what cannot be matched is set aside."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tideover.engine.facts.spreadsheet import ASIDE, ContactList
from tideover.kit.calendars import local_day, moment_of, zone_names

DAY = 86_400
LATE, COMING = "gentle_reminder", "due_soon"
"""What a contact without a topic is taken for: a reminder of what is late, else of what comes next."""

BY_PERSON = {"call": "help_call", "visit": "help_visit"}
"""What a call or a visit about a payment is among our purposes, whatever the list calls it."""

Tables = Mapping[str, pl.DataFrame]


def matched(theirs: ContactList, tables: Tables, at: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows with `borrower_id`, `subject`, `topic`, `moment`, `nth`; and every row that was set aside, with the reason."""
    rows = _with_people(theirs.rows, tables)
    zones = {
        zone: (local_day(zone, at) if zone in zone_names() else at // DAY)
        for zone in rows["timezone"].drop_nulls().unique()
    }
    today = pl.col("timezone").replace_strict(zones, default=at // DAY, return_dtype=pl.Int64)
    reason = pl.coalesce(
        pl.when(pl.col("loan").is_not_null() & pl.col("owner").is_null()).then(
            pl.lit("the loan is not in the book")
        ),
        pl.when(pl.col("borrower_id").is_null()).then(pl.lit("the person is not in the book")),
        pl.when(pl.col("loan").is_not_null() & ~pl.col("is_hers")).then(
            pl.lit("the loan is not this person's")
        ),
        pl.when(pl.col("day") != today).then(pl.lit("it is for another day")),
    )
    rows = rows.with_columns(because=reason, day=pl.coalesce("day", today))
    told = pl.concat_str("person", "loan", "channel", "said", separator="; ", ignore_nulls=True)
    aside = rows.filter(pl.col("because").is_not_null()).select("row", "because", told=told)
    good = rows.filter(pl.col("because").is_null())
    made = _with_moments(_with_topics(good, tables, at))
    return made, pl.concat([theirs.set_aside, aside.select(*ASIDE)]).sort("row")


def _with_people(rows: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    """Who each row is about: the person named, else the loan's borrower; and whether the loan is hers to hear about."""
    owners = tables["loans"].select(loan="loan_id", owner="borrower_id").unique("loan")
    parties = (
        tables["parties"]
        .select(loan="loan_id", person="person_id", is_party=pl.lit(True))
        .unique(["loan", "person"])
    )
    people = tables["borrowers"].select(borrower_id="borrower_id", timezone="timezone").unique("borrower_id")
    found = rows.join(owners, on="loan", how="left").join(parties, on=["loan", "person"], how="left")
    found = found.with_columns(wanted=pl.coalesce("person", "owner"))
    found = found.join(people.with_columns(wanted="borrower_id"), on="wanted", how="left")
    hers = (pl.col("owner") == pl.col("borrower_id")) | pl.col("is_party").fill_null(value=False)
    return found.with_columns(is_hers=hers.fill_null(value=False)).sort("row")


def _with_topics(rows: pl.DataFrame, tables: Tables, at: int) -> pl.DataFrame:
    """The loan that a row is about, where it names none the one most late; and what it is taken to say."""
    loans = _standing(tables, at)
    most = loans.sort("borrower_id", "late_since", "next_on", "loan_id", nulls_last=True)
    most = most.unique("borrower_id", keep="first", maintain_order=True).select(
        "borrower_id", usual="loan_id"
    )
    rows = rows.join(most, on="borrower_id", how="left").with_columns(
        subject=pl.coalesce("loan", "usual").fill_null("")
    )
    rows = rows.join(loans.select(subject="loan_id", late_since="late_since"), on="subject", how="left")
    usual = pl.when(pl.col("late_since").is_not_null()).then(pl.lit(LATE)).otherwise(pl.lit(COMING))
    by_person = pl.col("channel").replace_strict(BY_PERSON, default=None, return_dtype=pl.String)
    return rows.with_columns(
        topic=pl.coalesce(by_person, "purpose", usual), is_topic_given=pl.col("purpose").is_not_null()
    )


def _standing(tables: Tables, at: int) -> pl.DataFrame:
    """Of each loan since when something is late, and when the next payment comes."""
    parts = tables["instalments"].with_columns(
        due=pl.sum_horizontal(pl.col("principal", "interest", "fees").fill_null(0))
        - pl.col("paid").fill_null(0)
    )
    still = parts.filter(pl.col("due") > 0, pl.col("settled_on").is_null())
    today = at // DAY
    by_part = still.group_by("loan_id").agg(
        late_since=pl.col("due_on").filter(pl.col("due_on") < today).min(),
        next_on=pl.col("due_on").filter(pl.col("due_on") >= today).min(),
    )
    newest = tables["standings"].filter(pl.col("on") <= today).sort("on").unique("loan_id", keep="last")
    by_month = newest.filter(pl.col("days_late_from") > 0).select(
        "loan_id", month_late=pl.col("on") - pl.col("days_late_from")
    )
    loans = tables["loans"].filter(pl.col("closed_on").is_null()).select("borrower_id", "loan_id")
    found = loans.join(by_part, on="loan_id", how="left").join(by_month, on="loan_id", how="left")
    return found.with_columns(late_since=pl.coalesce("late_since", "month_late"))


def _with_moments(rows: pl.DataFrame) -> pl.DataFrame:
    """The moment each row names, and the how many-th contact with the person on that day it would be."""
    moments = [
        None if minute is None else moment_of(zone if zone in zone_names() else "UTC", day, minute)
        for zone, day, minute in rows.select("timezone", "day", "minute").iter_rows()
    ]
    rows = rows.with_columns(pl.Series("moment", moments, pl.Int64))
    rows = rows.sort("borrower_id", "moment", "row", nulls_last=True)
    return rows.with_columns(nth=pl.int_range(pl.len()).over("borrower_id") + 1)
