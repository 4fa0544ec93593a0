"""A small strategy folder, and the one that is shipped."""

from pathlib import Path

import pytest

from tests.engine.policy.strategy_folder import Folder
from tideover.engine.policy.lists import read_lists
from tideover.engine.policy.strategy import find_strategy, read_strategy


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "small")


@pytest.fixture(scope="session")
def everyday():
    return read_strategy(find_strategy("everyday"), read_lists())
