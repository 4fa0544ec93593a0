"""Every specification holds, on every engine."""

from datetime import UTC, datetime
from functools import cache
from itertools import groupby

import pytest

from tests.generative.deciding import by_engine, by_reference, differences, written
from tests.spec.reading import case_of, read_specs, render

SPECS = read_specs()
MOMENTS = ("send_at", "use_by", "next_review_at")


@pytest.fixture(scope="session")
def answers(tmp_path_factory):
    """What an engine decides for a spec: specs that can be are decided as one book."""
    groups = {
        key: list(specs)
        for key, specs in groupby(sorted(SPECS, key=lambda it: str(it.group)), lambda it: it.group)
    }

    @cache
    def of_group(key, engine):
        place = tmp_path_factory.mktemp("spec")
        case = case_of(groups[key], place / "strategy")
        if engine == "reference":
            return by_reference(case)
        return by_engine(case, written(case.book, place / "book"), engine=engine)

    return lambda spec, engine: of_group(spec.group, engine)


@pytest.mark.parametrize("engine", ["polars", "duckdb", "reference"])
@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_the_specification_holds(spec, engine, answers):
    answer = answers(spec, engine)

    decided = {row["borrower_id"]: row for row in answer["decisions"]}
    shown = [{name: _shown(name, decided[it["borrower_id"]], answer) for name in it} for it in spec.expect]
    assert shown == list(spec.expect)


def _shown(name, row, answer):
    if name == "because":
        return row["reasons"].split(",")[0]
    if name == "topics":
        return ",".join(it["subject"] for it in answer["topics"] if it["decision_id"] == row["decision_id"])
    if row[name] is not None and name in MOMENTS:
        return datetime.fromtimestamp(row[name], UTC).strftime("%Y-%m-%d %H:%M:%S")
    return "" if row[name] is None else str(row[name])


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_a_specification_reads_as_a_page(spec):
    page = render(spec)

    assert page.startswith(f"## {spec.name[0].upper()}")
    assert spec.says in page
    assert all(f"**{table}**" in page for table in spec.facts)
    assert page.count("\n| --- |") == len(spec.facts) + 1


def test_spark_holds_the_specification_too(spark, answers, tmp_path):
    spec = next(it for it in SPECS if it.name == "nobody_who_paid_is_asked")
    case = case_of([spec], tmp_path / "strategy")

    answer = by_engine(case, written(case.book, tmp_path / "book"), engine="spark", session=spark)

    assert differences(answer, answers(spec, "polars")) == []
