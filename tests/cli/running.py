"""A command run as a person runs it: words in, an exit code and words out."""

import csv
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from tideover.cli import main

Run = Callable[..., "Said"]
"""Runs one command in this process; what is no refusal and no usage error comes through as the exception it is."""


@dataclass(frozen=True)
class Said:
    """How a command ended and what it wrote."""

    code: int
    out: str
    err: str


def runner(monkeypatch, capsys) -> Run:
    """Commands by their words; paths and numbers may be given as they are."""

    def run(*words: object) -> Said:
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["tideover", *map(str, words)])
        try:
            main()
            code = 0
        except SystemExit as left:
            code = int(left.code or 0)
        return Said(code, *capsys.readouterr())

    return run


KNOWN_SINCE = "2026-01-05T00:00:00Z"
Rows = list[list[object]]


def raw_folder(folder: Path, people: Iterable[str] = ("B1", "B2"), loans_each: int = 1) -> Path:
    """Plain files of people in London, each with loans of which one instalment is ten days late on 20 November 2026."""
    folder.mkdir(parents=True)
    people = list(people)
    loans = [(f"L{i}-{k}", person) for i, person in enumerate(people) for k in range(loans_each)]
    _write(
        folder / "borrowers.csv",
        ["borrower_id", "language", "country", "timezone"],
        [[person, "en", "GB", "Europe/London"] for person in people],
    )
    _write(
        folder / "loans.csv",
        ["loan_id", "borrower_id", "product", "kind", "currency", "principal", "disbursed_on"],
        [[loan, person, "personal", "instalment", "GBP", 100_000, "2026-01-05"] for loan, person in loans],
    )
    _write(
        folder / "instalments.csv",
        ["loan_id", "number", "due_on", "principal", "interest", "fees", "paid", "settled_on"],
        [[loan, 1, "2026-11-10", 10_000, 0, 0, 0, ""] for loan, _ in loans],
    )
    _write(folder / "feeds.csv", ["name", "fresh_until"], [["payments", "2027-01-01T00:00:00Z"]])
    _write(
        folder / "contact_points.csv",
        ["contact_point_id", "person_id", "channel", "address_id", "in_contract", "state"],
        [[f"c{i}", person, "app", f"a{i}", "true", "ok"] for i, person in enumerate(people)],
    )
    return folder


def _write(path: Path, columns: list[str], rows: Rows) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow([*columns, "recorded_at"])
        table.writerows([*row, KNOWN_SINCE] for row in rows)


def replace_in(path: Path, old: str, new: str) -> None:
    """Change a text file, and fail where there is nothing to change."""
    text = path.read_text("utf-8")
    assert old in text, f"{old!r} is not in {path.name}"
    path.write_text(text.replace(old, new), "utf-8")
