"""The tutorial is followed word for word: its file, its commands, and what it says they answer."""

import re
import shlex
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

TUTORIAL = (ROOT / "docs" / "tutorial" / "todays-list-from-a-spreadsheet.md").read_text("utf-8")


def _blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", TUTORIAL, re.MULTILINE | re.DOTALL)


@pytest.fixture
def answers(tideover, tmp_path, monkeypatch):
    """What each command of the tutorial says, in the order in which it is told."""
    monkeypatch.chdir(tmp_path)
    Path("loans.csv").write_text(_blocks("csv")[0], "utf-8")
    commands = [shlex.split(line) for block in _blocks("sh") for line in block.splitlines()]
    return [tideover(*words) for command, *words in commands if command == "tideover"]


def test_the_tutorial_says_what_happens(answers):
    imported, decided, first_slip, habit, as_she_reads = answers

    assert {said.code for said in answers} == {0}
    assert "loans_sheet: 8 rows read, 0 set aside" in imported.out
    assert "assumed: consent, timezone" in imported.out
    assert "leeway note" in decided.out
    assert "left in peace" in decided.out
    assert "[leeway_note]" in first_slip.out
    assert "[spotless_history]" in first_slip.out
    assert "[early_help]" in habit.out
    assert "these days cost you nothing" in as_she_reads.out
    assert "[" not in as_she_reads.out
    assert all(Path(name).is_file() for name in ("today.xlsx", "today/report.html"))
