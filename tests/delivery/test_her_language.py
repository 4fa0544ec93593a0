"""A message is in the language that is known of the person when it leaves, not when it was decided."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.people import AT, DAY, fresh_payments, late
from tests.recording import recorded
from tests.web.scene import a_message
from tideover.book.actions import record
from tideover.book.newest import newest_one
from tideover.delivery.shown import shown
from tideover.strategy.releases import ensure_shipped

NOW = datetime.fromtimestamp(AT, UTC)


@pytest.fixture
def decided_in_english(db, settings, tmp_path):
    settings.DATA = tmp_path
    ensure_shipped(at=NOW)
    recorded(late("mary"), fresh_payments(AT + 3 * DAY), at=NOW)

    def waiting(purpose, number=1):
        return a_message(
            "mary", number=number, purpose=purpose, subject="mary-loan-1", channel="email", language="en", state="queued",
            use_by=NOW + timedelta(days=2),
        )  # fmt: skip

    return waiting


def speaks(language):
    row = {**newest_one("borrowers", borrower_id="mary").as_row, "language": language}
    record("borrowers", [row], source="person", at=NOW)


def test_a_language_she_chose_after_the_night_is_the_one_she_is_spoken_to_in(decided_in_english):
    message = decided_in_english("due_soon")
    assert shown(message, NOW).language == "en"

    speaks("fa")

    now = shown(message, NOW)
    assert (now.language, now.direction) == ("fa", "rtl")
    assert message.language == "en"


def test_a_correction_stays_in_the_language_of_what_it_puts_right(decided_in_english):
    message = decided_in_english("correction")
    message.occasion = {"values": {"wrong_on": AT // DAY - 1, "wrong_code": "7KQ2M4XD"}}

    speaks("fa")

    assert shown(message, NOW).language == "en"
