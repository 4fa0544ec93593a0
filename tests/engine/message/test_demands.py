"""What rules demand of a message."""

import pytest

from tests.engine.message.letters import WHERE
from tideover.engine.message import links_allowed, required_words
from tideover.engine.policy.content import SHIPPED
from tideover.engine.policy.rules import read_rules

DAY = 20_500


@pytest.fixture(scope="module")
def cell():
    tables = read_rules(SHIPPED).on(DAY, "agent")
    return lambda place, purpose, channel: tables.cell(place, "instalment", purpose, channel)


def test_the_words_of_a_claim_letter_in_germany_are_demanded(cell):
    assert "claim_vat" in required_words(cell("de", "claim_letter", "letter"))
    assert required_words(cell("de", "due_soon", "app")) == ()


def test_every_message_of_a_collector_in_the_us_says_how_to_stop(cell):
    assert required_words(cell("us", "gentle_reminder", "sms")) == ("opt_out",)


def test_links_are_left_out_where_they_must_be_asked_for(cell):
    asked, unasked = (
        links_allowed(WHERE, cell("vn", "due_soon", "sms"), on_request=it) for it in (True, False)
    )

    assert asked == WHERE
    assert unasked == {}
    assert links_allowed(WHERE, cell("lv", "due_soon", "sms"), on_request=False) == WHERE
