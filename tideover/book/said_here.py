"""What a person said to us is not undone by an older word of another system: wishes, her language, what she took back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import polars as pl
from django.db.models import Exists, OuterRef, Q, QuerySet

from tideover.book.actions import Row, record
from tideover.book.models import FACTS, Fact
from tideover.engine.facts import TABLES

HERSELF = Q(provenance__in=("person", "portal")) | Q(provenance__startswith="answer-")
SAID: Mapping[str, tuple[str, str, Q]] = {
    "preferences": ("set_at", "set_at", HERSELF),
    "consents": ("withdrawn_at", "granted_at", HERSELF | Q(provenance__startswith="api:")),
}
"""By table: when she said it, when another system's word is of, and who may have told it to us."""
CLOCKS_DIFFER, A_DAY = timedelta(minutes=5), timedelta(days=1)


def record_wishes(rows: Sequence[Row], *, source: str, at: datetime) -> list[Fact]:
    """Keep wishes that another system tells, as `record` does, where she has not said otherwise here since."""
    said = _said("preferences", person_id__in={it["person_id"] for it in rows})
    known = {tuple(key): said_at for *key, said_at in said}
    kept = [it for it in rows if _is_newer(it.get("set_at"), known.get((it["person_id"], it["name"])), at)]
    return record("preferences", kept, source=source, at=at)


def said_otherwise(rows: Mapping[int, Row], *, at: datetime) -> list[int]:
    """The places of wishes that say otherwise than she has said here since."""
    said = _said("preferences", person_id__in={it["person_id"] for it in rows.values()}).values_list(
        "person_id", "name", "value", "set_at"
    )
    known = {(person, name): (value, said_at) for person, name, value, said_at in said}
    found = []
    for place, it in rows.items():
        value, said_at = known.get((it["person_id"], it["name"]), (None, None))
        if not _is_newer(it.get("set_at"), said_at, at) and value != it.get("value"):
            found.append(place)
    return found


def record_people(rows: Sequence[Row], *, source: str, at: datetime) -> list[Fact]:
    """Keep people that another system tells, as `record` does, each with the language that she chose here."""
    chosen = dict(_languages(person_id__in={it["borrower_id"] for it in rows}))
    told = [{**it, "language": chosen.get(it["borrower_id"], it.get("language"))} for it in rows]
    return record("borrowers", told, source=source, at=at)


def not_undoing(table: str, rows: pl.DataFrame, *, at: datetime) -> pl.DataFrame:
    """Rows of files without those that would undo what she said here since; people with the language that she chose.

    What is dated after the file was read, or long after its row was written, has not been said: a consent of that day is
    none, and ends no stop.
    """
    if table == "borrowers":
        return _in_their_languages(rows)
    if table not in SAID:
        return rows
    said_in, told_in, _ = SAID[table]
    key = TABLES[table].key
    known_by = pl.min_horizontal(
        pl.lit(int((at + CLOCKS_DIFFER).timestamp())), pl.col("recorded_at") + int(A_DAY.total_seconds())
    )
    rows = rows.with_columns(pl.when(pl.col(told_in) <= known_by).then(told_in).alias(told_in))
    said = [(*names, int(said_at.timestamp())) for *names, said_at in _said(table)]
    known = pl.DataFrame(said, schema=dict.fromkeys(key, pl.String) | {"said_at": pl.Int64}, orient="row")
    if known.is_empty():
        return rows
    stands = pl.col("said_at").is_null() | (pl.col(told_in) > pl.col("said_at"))
    if said_in != told_in:
        is_given = pl.col(told_in).is_not_null() & (pl.col(told_in) > pl.col(said_in))
        stands |= pl.col(said_in).is_not_null() & ~is_given.fill_null(value=False)
    beside = rows.join(known, on=key, how="left", maintain_order="left")
    return beside.filter(stands.fill_null(value=False)).select(rows.columns)


def _in_their_languages(people: pl.DataFrame) -> pl.DataFrame:
    """A file's own history is left alone: the last row of each person counts."""
    known = pl.DataFrame(
        list(_languages()), schema={"borrower_id": pl.String, "chosen": pl.String}, orient="row"
    )
    if known.is_empty():
        return people
    last = pl.col("recorded_at") == pl.col("recorded_at").max().over("borrower_id")
    counts = last & pl.col("chosen").is_not_null()
    beside = people.join(known, on="borrower_id", how="left", maintain_order="left")
    language = pl.when(counts).then("chosen").otherwise("language").alias("language")
    return beside.with_columns(language).select(people.columns)


def _languages(**of: object) -> QuerySet[Any, Any]:
    chosen = _said("preferences", name="language", value__isnull=False, **of)
    return chosen.values_list("person_id", "value")


def _said(table: str, **of: object) -> QuerySet[Any, Any]:
    """Each key of a table that she spoke of last, and when."""
    said_in, _, by = SAID[table]
    key, rows = TABLES[table].key, FACTS[table].objects
    later = rows.filter(recorded_at__gt=OuterRef("recorded_at"), **{it: OuterRef(it) for it in key})
    said = rows.filter(by, **{f"{said_in}__isnull": False}, **of)
    return said.exclude(Exists(later)).values_list(*key, said_in)


def _is_newer(told: object, said_at: datetime | None, at: datetime) -> bool:
    return said_at is None or (isinstance(told, datetime) and said_at < told <= at + CLOCKS_DIFFER)
