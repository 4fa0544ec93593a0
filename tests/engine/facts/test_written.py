"""What was decided, on disk: the same rows whoever wrote them."""

from pathlib import Path

import narwhals as nw
import polars as pl

from tideover.engine.facts.written import engine_rows, write_rows, written_rows

ROWS = {
    "decision_id": ["a", "b"],
    "at": [1_764_000_000, 1_764_000_060],
    "send_at": [None, 1_764_003_600],
    "cost": [0, 40],
}


def test_moments_lie_on_disk_as_timestamps_and_come_back_as_seconds(tmp_path: Path) -> None:
    write_rows(nw.from_native(pl.LazyFrame(ROWS)), tmp_path / "decisions" / "part-00000.parquet")

    assert written_rows(tmp_path / "decisions").collect_schema()["at"] == pl.Datetime("us", "UTC")
    assert engine_rows(tmp_path / "decisions").collect().to_native().to_dict(as_series=False) == ROWS


def test_a_cluster_writes_its_part_itself_and_leaves_the_same_rows(tmp_path: Path, spark: object) -> None:
    here = tmp_path / "here" / "decisions"
    frame = spark.createDataFrame(  # type: ignore[attr-defined]
        list(zip(*ROWS.values(), strict=True)), "decision_id string, at bigint, send_at bigint, cost bigint"
    )
    write_rows(nw.from_native(pl.LazyFrame(ROWS)), here / "part-00000.parquet")

    write_rows(nw.from_native(frame), tmp_path / "there" / "decisions" / "part-00000.parquet")

    there = written_rows(tmp_path / "there" / "decisions").sort("decision_id").collect()
    assert there.equals(written_rows(here).collect())
    assert there.schema == written_rows(here).collect_schema()
