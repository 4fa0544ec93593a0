"""What people read, kept as files so that a change of words is seen and read before it is shown."""

import pytest

from tests.engine.message.golden import FOLDER, files


@pytest.fixture(scope="module")
def rendered(words):
    return files(words)


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.glob("*.txt")))
def test_explanations_read_as_they_were_last_approved(rendered, name):
    """If the new words are better, write them with `python -m tests.engine.message.golden` and read the difference."""
    assert rendered[FOLDER / name] == (FOLDER / name).read_text("utf-8")


def test_every_language_has_its_file(rendered):
    assert {path.name for path in rendered} == {path.name for path in FOLDER.glob("*.txt")}
