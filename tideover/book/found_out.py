"""What we found out about an address: its mail came back, or somebody else has it.

No other system can know that. So whatever it tells of the address, this stands until the person has proved since then
that she is reached there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from tideover.book.actions import Row, record
from tideover.book.models import FACTS, Fact

FOUND_BY = ("person", "receipt")
"""Who finds it out: she or whoever answers in her place, and what comes back of a message."""
ADDRESS = ("person_id", "address_id")
FOUND = (*ADDRESS, "state", "recorded_at")


def record_points(rows: Sequence[Row], *, source: str, at: datetime) -> list[Fact]:
    """Keep contact points that another system tells, as `record` does, with what was found out about them here."""
    known = {
        tuple(it[:2]): it[2:]
        for it in _found(person_id__in={it["person_id"] for it in rows}).values_list(*FOUND)
    }
    return record("contact_points", [_as_found(it, known, at) for it in rows], source=source, at=at)


def as_found(points: pl.DataFrame) -> pl.DataFrame:
    """Contact points of files, each later one with what was found out about it here; a file's own history is left alone."""
    found = [(*it[:3], int(it[3].timestamp())) for it in _found().values_list(*FOUND)]
    names = dict.fromkeys((*ADDRESS, "found"), pl.String) | {"found_at": pl.Int64}
    known = pl.DataFrame(found, schema=names, orient="row")
    if known.is_empty():
        return points
    # A later row comes after it; the last one of a file may be kept as known from now on.
    last = pl.col("recorded_at") == pl.col("recorded_at").max().over("contact_point_id")
    stands = (
        pl.col("found").is_not_null()
        & (last | (pl.col("found_at") < pl.col("recorded_at")))
        & (pl.col("verified_at").is_null() | (pl.col("verified_at") <= pl.col("found_at")))
        & pl.col("state").ne_missing("wrong_person")
    )
    known = known.unique(ADDRESS, keep="last", maintain_order=True)
    beside = points.join(known, on=ADDRESS, how="left", maintain_order="left")
    state = pl.when(stands).then("found").otherwise("state").alias("state")
    return beside.with_columns(state).select(points.columns)


def is_proved(verified_at: datetime | None, *, since: datetime, at: datetime) -> bool:
    """Has she been reached there since? What is said of tomorrow proves nothing."""
    return verified_at is not None and since < verified_at <= at


def _as_found(row: Row, known: Mapping[tuple[Any, ...], tuple[Any, ...]], at: datetime) -> Row:
    state, found_at = known.get((row["person_id"], row.get("address_id")), ("", at))
    verified_at = row.get("verified_at")
    proved = isinstance(verified_at, datetime) and is_proved(verified_at, since=found_at, at=at)
    return row if not state or proved or row.get("state") == "wrong_person" else {**row, "state": state}


def _found(**of: object) -> QuerySet[Any]:
    """What was found out last about each address of these people and stands."""
    points = FACTS["contact_points"].objects
    found, proved = (
        Q(provenance__in=FOUND_BY, recorded_at__gt=OuterRef("recorded_at")),
        Q(verified_at__gt=OuterRef("recorded_at"), verified_at__lte=F("recorded_at")),
    )
    later = points.filter(found | proved, **{it: OuterRef(it) for it in ADDRESS})
    wrong = points.filter(provenance__in=FOUND_BY, state__in=("bounced", "wrong_person"), **of)
    return wrong.exclude(address_id=None).exclude(Exists(later)).order_by("recorded_at", "id")
