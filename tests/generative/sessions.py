"""What several tests need once: a nasty book that was decided, and a Spark session."""

from types import SimpleNamespace

import pytest

from tests.generative.deciding import Case, by_engine, written
from tests.generative.nasty import Nasty


@pytest.fixture(scope="session")
def sample(tmp_path_factory):
    """A case, its book on disk, and what Polars decides."""
    nasty = Nasty(31, 300)
    case = Case(nasty.book, nasty.at)
    folder = written(nasty.book, tmp_path_factory.mktemp("sample") / "book")
    return SimpleNamespace(case=case, nasty=nasty, folder=folder, answer=by_engine(case, folder))


@pytest.fixture(scope="session")
def spark():
    """A Spark session on two local cores."""
    from pyspark.sql import SparkSession

    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.default.parallelism": "2",
        "spark.log.level": "ERROR",
    }
    builder = SparkSession.builder.master("local[2]").appName("tideover tests")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()
