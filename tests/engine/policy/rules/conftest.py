"""The rules that are shipped, a folder to write others in, and a lender's overlay of it."""

from pathlib import Path

import pytest

from tests.engine.policy.rules.content_folder import Folder
from tideover.engine.policy.rules import Rules, read_rules

CONTENT = Path(__file__).parents[4] / "tideover" / "content"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "content")


@pytest.fixture
def overlay(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "lender", lists=False)


@pytest.fixture(scope="session")
def shipped() -> Rules:
    return read_rules(CONTENT)
