"""One nasty book that several tests decide in their own way."""

from types import SimpleNamespace

import pytest

from tests.generative.deciding import Case, by_engine, written
from tests.generative.nasty import Nasty
from tests.generative.sessions import spark  # noqa: F401 - a fixture


@pytest.fixture(scope="session")
def sample(tmp_path_factory):
    """A case, its book on disk, and what Polars decides."""
    nasty = Nasty(31, 300)
    case = Case(nasty.book, nasty.at)
    folder = written(nasty.book, tmp_path_factory.mktemp("sample") / "book")
    return SimpleNamespace(case=case, nasty=nasty, folder=folder, answer=by_engine(case, folder))
