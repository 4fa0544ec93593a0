"""What the pages about importing show is what the product does."""

from __future__ import annotations

import re
from pathlib import Path

from tests.engine.facts.mapping_given import day, table
from tideover.engine.facts.mapping import import_mapped, read_mapping_text
from tideover.engine.facts.mapping._functions import functions
from tideover.engine.facts.mapping._model import Parse, Step

PAGE = (Path(__file__).parents[3] / "docs" / "how-to" / "import-a-book.md").read_text(encoding="utf-8")


def block(kind: str) -> str:
    found = re.search(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_mapping_on_the_page_imports_the_file_on_the_page(tmp_path: Path) -> None:
    (tmp_path / "lent.csv").write_text(block("csv"))

    summary = import_mapped(read_mapping_text(block("yaml"), "society.yaml"), [tmp_path], tmp_path / "book")

    assert [one.because for one in summary.set_aside] == [
        "paid out '32.01.2026' is not a date; expected dd.mm.yyyy"
    ]
    assert table(tmp_path, "loans")["closed_on"].to_list() == [None, day("2026-03-31")]
    assert table(tmp_path, "instalments")["paid"].sum() == 10_000 + 9_050


def test_every_verb_function_and_kind_is_on_the_page() -> None:
    missing = [
        word
        for word in (*Step.model_fields, *functions("UTC"), *Parse.model_fields["as_"].annotation.__args__)
        if f"`{word}`" not in PAGE and f"| {word} |" not in PAGE
    ]

    assert missing == []
