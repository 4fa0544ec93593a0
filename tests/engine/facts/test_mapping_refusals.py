"""A mapping that is wrong says so by file and line, everything at once, and writes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.facts.mapping_given import MAPPING, refusal


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if part in line)


def test_every_mistake_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    wrong = (
        MAPPING.replace("principal: amount, disbursed_on", "principle: amount, disbursed_on")
        .replace("from: parts", "from: partz")
        .replace("start_of(lent_on), because: first", "begin_of(lent_on), because: first")
    )

    told = refusal(tmp_path, wrong)

    assert len(told) == 3
    by_line = sorted(line_of(wrong, part) for part in ("principle", "partz", "begin_of"))
    assert [int(one.split(":")[1]) for one in told] == by_line
    assert "Did you mean 'principal'?" in "\n".join(told)
    assert "Did you mean 'parts'?" in "\n".join(told)
    assert "There is no function 'begin_of'. Did you mean 'end_of'?" in "\n".join(told)
    assert not (tmp_path / "book").exists()


@pytest.mark.parametrize(
    ("good", "bad", "says"),
    [
        ("source: small", "sauce: small", "'sauce' is not known here. Did you mean 'source'?"),
        ("frames:", "framez:", "'framez' is not known here. Did you mean 'frames'?"),
        ("as: day", "as: dai", "'dai' is not known here. Did you mean 'day'? Known: text, count"),
        ("  borrowers:\n", "  borowers:\n", "There is no table 'borowers'. Did you mean 'borrowers'?"),
        ("loan_id: loan, borrower_id: who, ", "loan_id: loan, ", "loans needs borrower_id as well."),
        ("principal: amount, disb", "principal: loan, disb", "loans.principal is an amount of money"),
        (
            "principal: amount, disb",
            "principal: amout, disb",
            "no column 'amout' here. Did you mean 'amount'?",
        ),
        ("disbursed_on: lent_on", "disbursed_on: lent_on + amount", "cannot be put together like this"),
        ("recorded_at: start_of(lent_on)", "recorded_at: lent_on", "recorded_at is a moment"),
        ("{count: 2,", "{count: 2.5,", "has a decimal point"),
        ("{months: 1}", "{months: 1, days: 3}", "`every` takes exactly one of days, weeks or months."),
        ("      - schedule:", "      - where: true\n        schedule:", "A step does exactly one thing"),
        ("paid: 0", "paid: __import__('os')", "There is no function '__import__'"),
        ("paid: 0", "paid: amount.x", "'amount.x' is more than a formula may say."),
        ("paid: 0", "paid: '[1 for x in y]'", "is more than a formula may say."),
        ("paid: 0", "paid: a bit", "'a bit' is not a formula"),
        ("paid: 0", "paid: 0, paid: 1", "'paid' is given twice."),
        ("    names: [lent.csv]", "    names: [lent.csv\n", "This is not valid YAML"),
    ],
)
def test_one_mistake_is_explained(tmp_path: Path, good: str, bad: str, says: str) -> None:
    wrong = MAPPING.replace(good, bad, 1)
    assert wrong != MAPPING

    told = refusal(tmp_path, wrong)

    assert says in "\n".join(told)
    assert all(one.startswith("small.yaml:") for one in told)


def test_a_formula_cannot_be_nested_without_end(tmp_path: Path) -> None:
    deep = MAPPING.replace("paid: 0", f"paid: {'(1 + ' * 60}0{')' * 60}")

    told = refusal(tmp_path, deep)

    assert "nested too deeply" in told[0]


def test_a_column_the_file_does_not_have_is_told_with_those_it_has(tmp_path: Path) -> None:
    told = refusal(tmp_path, MAPPING, {"lent.csv": "who,loan,lend,amount\nanna,L1,2026-01-05,1\n"})

    assert told == (
        (
            f"small.yaml:{line_of(MAPPING, 'lent_on: {from')}: There is no column 'lent' here. "
            "Did you mean 'lend'? Columns: __row, who, loan, lend, amount, __file."
        ),
    )
