"""Decisions become messages: what was decided is taken into the outbox, and into the facts as queued, in bulk."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime

import polars as pl
import structlog
from django.db import connection, transaction

from tideover.book.actions import record_new
from tideover.book.bulk import as_json, pour
from tideover.book.here import erased_among
from tideover.book.queries import chunks, zones_of
from tideover.delivery.brake import A_DAY, brake_for
from tideover.delivery.models import Message
from tideover.kit.calendars import offset_at
from tideover.strategy.models import Decision
from tideover.strategy.telling import words

log = structlog.get_logger()
AT_ONCE = 20_000
DAY = 86_400
CODE_LETTERS, CODE_LENGTH = "23456789ABCDEFGHJKMNPQRSTUVWXYZ", 8
"""No letters that look like digits: a code is read over the phone."""

READ = (
    "decision_id", "person_id", "purpose", "subject", "channel", "send_at", "use_by", "language", "tone", "lesson", "topics",
    "offers", "values",
)  # fmt: skip


@transaction.atomic
def take(*, at: datetime, most: int = AT_ONCE) -> int:
    """Put the contacts that were decided on into the outbox, and into the facts as queued. How many.

    Nothing is in the outbox at which the volume brake has not looked.
    """
    decided = _of_people_here(_decided(most))
    if decided.is_empty():
        return 0
    sayable = decided.filter(pl.col("purpose").is_in(list(words().lists.purposes)))
    if sayable.height < decided.height:
        log.error("unknown_purpose", decisions=decided.height - sayable.height)
    pour(_messages(sayable), Message._meta.db_table)
    kept = sayable.filter(pl.col("decision_id").is_in(_in_the_outbox(sayable).implode()))
    if kept.height < sayable.height:
        log.info("second_of_its_kind_today", decisions=sayable.height - kept.height)
    _note_queued(kept, at)
    for some in chunks(decided["decision_id"]):
        Decision.objects.filter(pk__in=some).update(taken_at=int(at.timestamp()))
    brake_for(_by_day(kept), at=at)
    return kept.height


def _by_day(decided: pl.DataFrame) -> Iterator[tuple[int, str, str, int]]:
    """How many of each purpose and its class leave on which day."""
    purposes = words().lists.purposes
    held = decided.group_by(pl.col("send_at") // A_DAY, "purpose").len()
    for day, purpose, count in held.iter_rows():
        yield day, purpose, purposes[purpose].purpose_class, count


def new_codes(count: int) -> list[str]:
    """Eight letters and digits each that say a message is ours."""
    letters, wanted = CODE_LETTERS.encode(), count * CODE_LENGTH
    even = len(letters) * (256 // len(letters))
    table = bytes(letters[byte % len(letters)] for byte in range(256))
    drawn = b""
    while len(drawn) < wanted:  # bytes beyond a multiple of the letters would favour the first of them
        drawn += secrets.token_bytes(wanted).translate(table, bytes(range(even, 256)))
    text = drawn.decode()
    return [text[start : start + CODE_LENGTH] for start in range(0, wanted, CODE_LENGTH)]


def _decided(most: int) -> pl.DataFrame:
    """Decisions that nobody has taken yet, those first that are due first; another worker's are left to it."""
    quote = connection.ops.quote_name
    mine = " FOR UPDATE SKIP LOCKED" if connection.features.has_select_for_update_skip_locked else ""
    columns = ", ".join(f"CAST({quote(it)} AS text)" if it in JSON else quote(it) for it in READ)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns} FROM {quote(Decision._meta.db_table)} "  # noqa: S608 - names of ours
            f"WHERE taken_at IS NULL ORDER BY send_at LIMIT %s{mine}",
            [most],
        )
        rows = cursor.fetchall()
    return pl.DataFrame(
        rows, schema={it: pl.Int64 if it in MOMENTS else pl.String for it in READ}, orient="row"
    )


def _of_people_here(decided: pl.DataFrame) -> pl.DataFrame:
    """Without those about somebody who was erased while they were made; whoever is here stays until these are taken."""
    erased = erased_among(decided["person_id"])
    if not erased:
        return decided
    count, _ = Decision.objects.filter(person_id__in=erased).delete()
    log.warning("decided_about_the_erased", decisions=count)
    return decided.filter(~pl.col("person_id").is_in(sorted(erased)))


JSON, MOMENTS = ("topics", "offers", "values"), ("send_at", "use_by")


def _messages(decided: pl.DataFrame) -> pl.DataFrame:
    purposes, purpose = words().lists.purposes, pl.col("purpose")
    return decided.select(
        pl.col("decision_id").alias("contact_id"), "decision_id", "person_id", "purpose", "subject", "channel", "send_at", "use_by",
        "language", pl.col("send_at").alias("due_at"),
        purpose.replace_strict({name: it.purpose_class for name, it in purposes.items()}).alias("purpose_class"),
        purpose.replace_strict({name: it.resend for name, it in purposes.items()}).alias("resend"),
        pl.concat_str(_occasion()).alias("occasion"),
        *(pl.lit(value).alias(name) for name, value in FRESH.items()),
    ).with_columns(
        pl.Series("local_day", _local_days(decided)),
        pl.Series("message_id", [secrets.token_hex(16) for _ in range(decided.height)]),
        pl.Series("code", new_codes(decided.height)),
    )  # fmt: skip


def _occasion() -> Iterator[pl.Expr]:
    """What the message is about besides its subject, as JSON."""
    for place, name in enumerate(OCCASION):
        yield pl.lit(f'{", " if place else "{"}"{name}": ')
        yield pl.col(name) if name in JSON else as_json(name)
    yield pl.lit("}")


OCCASION = ("topics", "offers", "lesson", "tone", "values")
FRESH = {
    it.attname: it.get_default()
    for it in Message._meta.concrete_fields
    if it.has_default() and it.attname not in ("occasion", "subject", "language", "resend")
}
"""What every message begins with."""


def _local_days(decided: pl.DataFrame) -> list[int]:
    """The person's own day on which each is due."""
    zones = zones_of(decided["person_id"])
    due = decided.select("person_id", "send_at").iter_rows()
    return [(moment + offset_at(zones.get(who, "UTC"), moment)) // DAY for who, moment in due]


def _in_the_outbox(decided: pl.DataFrame) -> pl.Series:
    """Those that were put in, or were there; not what was the second of its kind on one day."""
    found: list[str] = []
    for some in chunks(decided["decision_id"]):
        found += Message.objects.filter(contact_id__in=some).values_list("contact_id", flat=True)
    return pl.Series("contact_id", found, pl.String)


def _note_queued(kept: pl.DataFrame, at: datetime) -> None:
    costs = {name: it.cost for name, it in words().lists.channels.items()}
    contacts = kept.select(
        pl.col("decision_id").alias("contact_id"), "person_id", "channel", "purpose", "subject", "send_at", "use_by", "decision_id",
        pl.lit("queued").alias("state"), pl.col("channel").replace_strict(costs, return_dtype=pl.Int64).alias("cost"),
    )  # fmt: skip
    record_new("contacts", contacts, source="delivery", at=at)
    topics = pl.col("topics").str.json_decode(pl.List(pl.List(pl.String)))
    loan = pl.col("topics").list.get(0, null_on_oob=True)
    further = (
        kept.select(pl.col("decision_id").alias("contact_id"), "subject", topics)
        .explode("topics")
        .select("contact_id", "subject", loan.alias("loan_id"))
        .filter((pl.col("loan_id").fill_null("") != "") & (pl.col("loan_id") != pl.col("subject")))
    )
    record_new(
        "contact_topics", further.drop("subject").unique(maintain_order=True), source="delivery", at=at
    )
