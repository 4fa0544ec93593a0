"""The shipped words, read once, and the situations people ask about."""

import pytest

from tests.engine.message.situations import situations
from tideover.engine.message import Templates, Words, read_templates, read_words


@pytest.fixture(scope="session")
def words() -> Words:
    return read_words()


@pytest.fixture(scope="session")
def told() -> dict:
    return situations()


@pytest.fixture(scope="session")
def templates(words) -> Templates:
    return read_templates(words=words)
