"""A night from the database beside the engine on files: python -m tests.bench.night BORROWERS [DATABASE_URL].

A made-up book is imported and mirrored once. Then one in a hundred people pays, and the night is run: what is new goes
into the mirror, everybody is decided, what is to be said is kept and taken into the outbox. The engine's own time is that
of the same decision on the mirror's files, in the same process.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

AT = datetime(2026, 11, 20, 6, tzinfo=UTC)


@contextmanager
def _timed(figures: dict[str, float], name: str):
    start = time.perf_counter()
    yield
    figures[name] = round(time.perf_counter() - start, 2)
    sys.stderr.write(f"{name}: {figures[name]} s\n")


def _somebody_pays(share: int) -> int:
    """One loan in `share` pays something, and its oldest open instalment is paid of: new rows, as a feed brings them."""
    import polars as pl
    from django.conf import settings

    from tideover.book.actions import record_new
    from tideover.engine.facts import open_book

    book = open_book(settings.DATA / "mirror" / "book")
    moment = int((AT + timedelta(hours=20)).timestamp())
    chosen = pl.col("loan_id").hash(7) % share == 0
    open_ones = book.frame("instalments").to_native().filter(pl.col("settled_on").is_null(), chosen).collect()
    oldest = open_ones.sort("due_on").unique("loan_id", keep="first", maintain_order=True)
    payments = oldest.select(
        pl.format("night-{}", "loan_id").alias("payment_id"), "loan_id", pl.lit(moment).alias("paid_at"),
        pl.col("principal").alias("amount"), pl.lit("transfer").alias("way"),
    )  # fmt: skip
    record_new("payments", payments, source="bench", at=AT + timedelta(hours=20))
    paid = oldest.drop("recorded_at").with_columns(paid=pl.col("principal"))
    record_new("instalments", paid, source="bench", at=AT + timedelta(hours=20))
    return payments.height


@contextmanager
def a_lender_of_its_own(url: str):
    """Settings for one run: a database, a folder for data, a key; the folder, which ends with the run."""
    with tempfile.TemporaryDirectory(prefix="tideover-bench-") as place:
        os.environ.update({
            "DJANGO_SETTINGS_MODULE": "tideover.settings", "TIDEOVER_ENV": "test", "TIDEOVER_DATA": f"{place}/data",
            "TIDEOVER_DATABASE_URL": url or f"sqlite:///{place}/bench.db", "TIDEOVER_SECRET_KEY": "long enough for a bench, and no more",
        })  # fmt: skip
        yield Path(place)


def set_in(place: Path, people: int, figures: dict[str, float]) -> None:
    """A made-up book in the database, and the shipped strategy live; a book that stands there already is used."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    from tideover.book.importing import import_book
    from tideover.cli._live import make_database
    from tideover.engine.facts import open_book
    from tideover.engine.facts.made_up import make_book
    from tideover.strategy.releases import ensure_shipped

    settings.DATA.mkdir()
    if "book_loans" in connection.introspection.table_names():
        return
    make_database()
    ensure_shipped(at=AT)
    with _timed(figures, "make the book"):
        made = open_book(make_book(people, 1, place / "book", history=False))
    with _timed(figures, "import"):
        import_book(made, source="bench", at=AT)


def main() -> None:
    """Prints the figures as JSON."""
    people = int(sys.argv[1])
    figures: dict[str, float] = {"people": people}
    with a_lender_of_its_own(
        sys.argv[2] if len(sys.argv) > 2 else os.environ.get("TIDEOVER_DATABASE_URL", "")
    ) as place:
        set_in(place, people, figures)
        _night(place, figures)
    print(json.dumps(figures, indent=1))


def _night(place: Path, figures: dict[str, float]) -> None:
    from django.conf import settings

    from tideover.book.mirror import mirrored
    from tideover.delivery.models import Message
    from tideover.delivery.taking import take
    from tideover.engine.decision.whole_book import decide_book
    from tideover.engine.facts import open_book
    from tideover.strategy.models import Decision
    from tideover.strategy.runs import run_nightly
    from tideover.strategy.shares import in_force

    with _timed(figures, "first mirror"):
        mirrored(settings.DATA / "mirror", at=AT)
    figures["who paid"] = _somebody_pays(100)
    tonight = AT + timedelta(days=1)
    said: list[tuple[str, float]] = []
    with _timed(figures, "night"):
        run_nightly(at=tonight, progress=lambda it: said.append((it, time.perf_counter())))
        said.append(("end", time.perf_counter()))
        with _timed(figures, "of which into the outbox"):
            while take(at=tonight):
                pass
    figures["of which mirror"] = round(said[1][1] - said[0][1], 2)
    figures["of which kept"] = round(said[-1][1] - next(at for it, at in said if it.startswith("writing")), 2)
    with _timed(figures, "engine on files"):
        decide_book(
            open_book(settings.DATA / "mirror" / "book"),
            in_force().main,
            int(tonight.timestamp()),
            place / "out",
        )
    figures["decisions"], figures["messages"] = Decision.objects.count(), Message.objects.count()
    figures["ratio"] = round(figures["night"] / figures["engine on files"], 2)


if __name__ == "__main__":
    main()
