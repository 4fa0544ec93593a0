"""The engine is pure and columnar: no web, clock or chance of its own, one answer on every data engine."""

import subprocess
import sys

import pytest

from tests.architecture.portable import handles_columns, not_portable, not_pure
from tests.architecture.tree import ROOT, name, python_of

DECIDES = python_of("tideover/engine/insight", "tideover/engine/policy", "tideover/engine/decision")
COLUMNAR = [path for path in DECIDES if handles_columns(path.read_text())]
PURE = python_of("tideover/engine", "tideover/kit")

IMPORT_ALL = """
import importlib, pkgutil, sys
import tideover.engine, tideover.kit
for package in (tideover.engine, tideover.kit):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        importlib.import_module(module.name)
print(*sorted({"django", "pyspark", "requests", "httpx"} & set(sys.modules)))
"""


def test_importing_the_engine_loads_no_web_and_no_cluster():
    command = [sys.executable, "-c", IMPORT_ALL]
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []


@pytest.mark.parametrize("path", COLUMNAR, ids=name)
def test_every_expression_means_the_same_on_every_engine(path):
    assert list(map(str, not_portable(path.read_text()))) == []


@pytest.mark.parametrize("path", PURE, ids=name)
def test_time_chance_and_settings_are_passed_in(path):
    assert list(map(str, not_pure(path.read_text()))) == []


@pytest.mark.parametrize(
    "written",
    [
        "nw.col('paid').round()",
        "nw.col('paid').sum() // 2",
        "days % 7",
        "share = paid * 0.5",
        "late = share > 0.5",
        "total += 0.1",
        "frame.join_asof(other, on='at')",
        "nw.col('at').dt.hour()",
        "nw.col('paid').filter(nw.col('late')).sum()",
        "frame.group_by('k').agg(paid.filter(late).sum())",
        "frame.with_columns(x=nw.when(a).then(b).filter(c))",
    ],
)
def test_the_lint_sees_what_would_differ(written):
    assert len(not_portable(written)) == 1


@pytest.mark.parametrize(
    "written",
    [
        "frame.filter(nw.col('late')).select('k')",
        "loans = loans.filter(nw.col('closed_on').is_null())",
        "nw.when(late).then(paid).sum()",
        "quotient, rest = divmod(days, 7)",
        "'%s' % name",
        "1.0",
        "path / name",
    ],
)
def test_the_lint_leaves_portable_code_alone(written):
    assert not_portable(written) == []


def test_only_files_that_handle_columns_are_held_to_it():
    assert handles_columns("import narwhals as nw")
    assert handles_columns("from tideover.engine.arithmetic import whole")
    assert not handles_columns("from datetime import date")


@pytest.mark.parametrize(
    "written",
    [
        "datetime.now(UTC)",
        "dt.datetime.now()",
        "time.time()",
        "import random",
        "from random import choice",
        "np.random.default_rng()",
        "uuid4()",
        "os.environ['HOME']",
    ],
)
def test_the_lint_sees_what_asks_the_world(written):
    assert len(not_pure(written)) == 1


def test_a_seeded_generator_and_a_given_moment_are_pure():
    assert (
        not_pure("np.random.default_rng(seed)\nday = at.date()\nmoment = datetime.fromtimestamp(at, UTC)")
        == []
    )
