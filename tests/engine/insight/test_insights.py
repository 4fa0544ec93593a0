"""One story and more for every insight: what is recorded, and what follows."""

from collections import Counter

import pytest

from tests.engine.insight.given import values_of
from tests.engine.insight.stories_of_loans import STORIES as OF_LOANS
from tests.engine.insight.stories_of_needs import STORIES as OF_NEEDS
from tests.engine.insight.stories_of_people import STORIES as OF_PEOPLE
from tideover.engine.insight import REGISTRY, Level

STORIES = [*OF_LOANS, *OF_PEOPLE, *OF_NEEDS]


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """What the engine finds, by story."""
    return values_of(STORIES, tmp_path_factory.mktemp("stories"))


@pytest.mark.parametrize("it", STORIES, ids=lambda it: f"{it.insight}: {it.says}")
def test_the_story_ends_as_it_is_told(it, found):
    assert found[it.says] == it.value


def test_every_insight_has_a_story():
    told = {it.insight for it in STORIES}
    public = {
        name for level, name in REGISTRY if level is not Level.APPLICATION and not name.endswith("_pack")
    }

    assert public - told == set()


def test_every_story_is_told_once():
    assert [says for says, times in Counter(it.says for it in STORIES).items() if times > 1] == []
