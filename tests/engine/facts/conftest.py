"""One Spark session for all tests: starting it takes longer than all of them together."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest


@pytest.fixture(scope="session")
def spark() -> Iterator[object]:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").appName("tideover tests")
    quiet = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        # A session elsewhere than UTC: moments must not move.
        "spark.sql.session.timeZone": "Asia/Tehran",
    }
    for name, value in quiet.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture
def session_of(request: pytest.FixtureRequest) -> Callable[[str], object]:
    """The session to give to `open_book` for an engine, started only if it is needed."""
    return lambda engine: request.getfixturevalue("spark") if engine == "spark" else None
