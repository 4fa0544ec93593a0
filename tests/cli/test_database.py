"""A book may be a database: decided, explained, tried and verified where it lies."""

import json
import os
import subprocess
import sys

import polars as pl
import pytest

from tests.architecture.tree import ROOT
from tests.cli.running import raw_folder

AT = "2026-11-20"


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Commands in processes of their own: each has its database by the address alone."""
    place = tmp_path_factory.mktemp("lender")
    address = f"sqlite:///{place}/tideover.db"
    environ = {name: told for name, told in os.environ.items() if not name.startswith(("TIDEOVER", "DJANGO"))}
    environ |= {
        "PYTHONPATH": str(ROOT),
        "TIDEOVER_DATA": str(place / "data"),
        "TMPDIR": str(place),
        "TIDEOVER_ENV": "test",
    }

    def run(*words, **more):
        command = [sys.executable, "-m", "tideover", *map(str, words)]
        return subprocess.run(command, env=environ | more, check=False, capture_output=True, text=True)

    assert run("migrate", TIDEOVER_DATABASE_URL=address).returncode == 0
    raw = raw_folder(place / "raw")
    made = run("decide", "--book", raw, "--at", AT, "--out", place / "by-files")
    assert made.returncode == 0, made.stderr
    run.address, run.place, run.raw = address, place, raw
    return run


@pytest.fixture(scope="module")
def filled(ran):
    """The same people in the database."""
    code = (
        "import django; django.setup()\n"
        "from pathlib import Path; from datetime import datetime, UTC\n"
        "from tideover.engine.facts import open_book; from tideover.book.importing import import_book\n"
        f"import_book(open_book(Path({str(ran.raw)!r})), source='files', at=datetime(2026, 11, 20, tzinfo=UTC))\n"
        "from tideover.strategy.releases import ensure_shipped; ensure_shipped(at=datetime(2026, 11, 20, tzinfo=UTC))"
    )
    environ = os.environ | {"PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "tideover.settings", "TIDEOVER_ENV": "test",
                            "TIDEOVER_DATABASE_URL": ran.address, "TIDEOVER_DATA": str(ran.place / "data")}  # fmt: skip
    subprocess.run([sys.executable, "-c", code], env=environ, check=True)
    return ran


def test_a_database_is_decided_as_the_files_it_came_from(filled):
    said = filled("decide", "--book", filled.address, "--at", AT, "--out", filled.place / "by-database")

    assert said.returncode == 0, said.stderr
    columns = ["borrower_id", "treatment", "purpose", "channel", "reasons"]
    rows = [
        pl.read_parquet(filled.place / folder / "decisions" / "*.parquet").select(columns).sort("borrower_id")
        for folder in ("by-files", "by-database")
    ]
    assert rows[0].equals(rows[1])
    assert not list(filled.place.glob("tideover-mirror-*"))  # nothing of anybody stays behind


def test_somebody_is_explained_from_the_database_alone(filled):
    words = ["--borrower", "B1", "--at", AT, "--language", "en"]
    told = [filled("explain", "--book", book, *words).stdout for book in (filled.raw, filled.address)]

    assert told[0].splitlines()[0] == told[1].splitlines()[0] != ""
    assert filled("explain", "--book", filled.address, "--borrower", "nobody", "--at", AT).returncode == 2


def test_a_strategy_is_tried_on_the_database(filled):
    days = ["--from", AT, "--to", "2026-11-22"]
    said = filled(
        "simulate",
        "--book",
        filled.address,
        "--strategy",
        "everyday",
        *days,
        "--all",
        "--out",
        filled.place / "trial",
    )

    assert said.returncode == 0, said.stderr
    assert (filled.place / "trial" / "report.html").is_file()


def test_the_ledger_is_verified_and_the_last_line_is_for_machines(filled):
    said = filled("verify", "ledger", TIDEOVER_DATABASE_URL=filled.address)

    told = json.loads(said.stdout.splitlines()[-1])
    assert (said.returncode, told["holds"], told["loans"], told["not_compared"]) == (0, True, 2, 2)


@pytest.mark.parametrize(
    "address",
    ["sqlite:////nowhere/at-all.db", "postgresql://nobody@127.0.0.1:1/nothing", "sqlite:///{place}/empty.db"],
)
def test_a_database_that_cannot_be_read_is_refused_with_what_to_do(ran, address):
    (ran.place / "empty.db").touch()

    said = ran("decide", "--book", address.format(place=ran.place), "--at", AT, "--out", ran.place / "none")

    assert said.returncode == 2, said.stderr
    assert "database" in said.stderr.lower()
    assert "Traceback" not in said.stderr
