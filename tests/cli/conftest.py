"""A small made-up book, and commands to run on it."""

import shutil
import tempfile
from pathlib import Path

import pytest

from tests.cli.running import Run, raw_folder, runner
from tideover.engine.facts.made_up import make_book
from tideover.engine.policy.content import SHIPPED


@pytest.fixture
def tideover(monkeypatch, capsys, tmp_path_factory) -> Run:
    """Run a command; the lender's own content is only what a test lays there, and nothing stays on the machine."""
    monkeypatch.delenv("TIDEOVER_CONTENT", raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path_factory.mktemp("machine")))
    return runner(monkeypatch, capsys)


@pytest.fixture(scope="session")
def made(tmp_path_factory) -> Path:
    """A made-up book of sixty people. Not to be changed."""
    return make_book(60, 1, tmp_path_factory.mktemp("made") / "book")


@pytest.fixture
def own_book(made, tmp_path) -> Path:
    """The same book, to spoil."""
    return Path(shutil.copytree(made, tmp_path / "own-book"))


@pytest.fixture
def raw(tmp_path) -> Path:
    """Plain files of two people."""
    return raw_folder(tmp_path / "raw")


@pytest.fixture
def content(tideover, tmp_path, monkeypatch) -> Path:
    """The lender's own content folder, empty."""
    folder = tmp_path / "content"
    folder.mkdir()
    monkeypatch.setenv("TIDEOVER_CONTENT", str(folder))
    return folder


@pytest.fixture
def own_strategy(content) -> Path:
    """A copy of the shipped strategy in the lender's content, under a name of its own."""
    return Path(shutil.copytree(SHIPPED / "strategies" / "everyday", content / "strategies" / "mine"))
