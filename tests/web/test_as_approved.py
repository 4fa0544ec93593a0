"""A release that was approved in one process counts in every other from its next page on."""

from datetime import timedelta

import pytest

from tests.staff import NOW, member
from tests.strategy.drafts import live
from tideover.delivery.words import speak_as_approved
from tideover.engine.policy.content import SHIPPED
from tideover.engine.policy.strategy import find_strategy
from tideover.strategy.releases import _setup, ensure_shipped
from tideover.strategy.telling import words

pytestmark = pytest.mark.django_db
LISTED = "represented:     {passes: [duty, answer]"


@pytest.fixture
def own(settings, tmp_path):
    """A lender whose lists are the shipped ones, live since a month."""
    settings.DATA, settings.CONTENT = tmp_path / "data", tmp_path / "own"
    listing(settings.CONTENT, LISTED)
    _setup.cache_clear()
    ensure_shipped(at=NOW - timedelta(days=30))
    speak_as_approved()
    yield settings.CONTENT
    for it in (_setup, words):
        it.cache_clear()


def listing(folder, passes):
    text = (SHIPPED / "holds.yaml").read_text("utf-8")
    assert LISTED in text
    folder.mkdir(exist_ok=True)
    (folder / "holds.yaml").write_text(text.replace(LISTED, passes), "utf-8")


def passes():
    return words().lists.holds["represented"].passes


def test_the_lists_that_another_process_approved_count_from_the_next_page_on(own, client, settings):
    assert "receipt" not in passes()
    listing(own, LISTED.replace("answer]", "answer, receipt]"))
    live(
        find_strategy("everyday", settings.CONTENT),
        by=member("strategist"),
        second=member("approver"),
        at=NOW,
    )
    assert "receipt" not in passes()

    client.get("/me/")

    assert "receipt" in passes()


def test_whether_the_process_is_up_is_told_without_the_database(own, client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").status_code == 200
