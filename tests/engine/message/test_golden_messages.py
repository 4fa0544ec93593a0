"""What people are sent, kept as files so that a change of words is seen and read before it is shown."""

import pytest

from tests.engine.message.golden_messages import FOLDER, files

KEPT = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.glob("messages_*/*.txt"))


@pytest.fixture(scope="module")
def rendered(templates):
    return files(templates)


@pytest.mark.parametrize("name", KEPT)
def test_messages_read_as_they_were_last_approved(rendered, name):
    """If the new words are better: `python -m tests.engine.message.golden_messages`, and read the difference."""
    assert rendered[FOLDER / name] == (FOLDER / name).read_text("utf-8")


def test_every_purpose_is_kept_in_every_language(rendered):
    assert {path.relative_to(FOLDER).as_posix() for path in rendered} == set(KEPT)
