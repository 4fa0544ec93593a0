"""What a strategy said yesterday stands in today's facts, as if it had been said in earnest."""

import narwhals as nw
import polars as pl
import pytest

from tests.engine.measure.conftest import DAY, START
from tideover.engine.decision.decide import Decisions
from tideover.engine.measure.own_contacts import OwnContacts

LATER = START + 8 * 3_600


def decided(**changes) -> tuple[Decisions, pl.DataFrame]:
    known = {
        "decision_id": ["d1", "d2", "d3", "d4", "d5"],
        "borrower_id": ["b1", "b2", "b3", "b4", "b5"],
        "at": [START] * 5,
        "treatment": ["contact", "human", "wait", "none", "human"],
        "purpose": ["due_soon", "help_call", "lesson", None, "first_notice"],
        "subject": ["l1", "l2", None, None, "l5"],
        "channel": ["sms", "call", "app", None, None],
        "send_at": [LATER, LATER, LATER + 3 * DAY, None, None],
        "use_by": [LATER + DAY, LATER + DAY, None, None, None],
        "cost": [40, 4_000, 0, 0, 0],
    } | changes
    topics = {
        "decision_id": ["d1", "d1", "d2", "d3"],
        "subject": ["l1", "l9", "l2", "l7"],
        "occasion": ["due_soon"] * 4,
        "is_main": [1, 0, 1, 0],
    }
    rows, empty = pl.DataFrame(known), nw.from_native(pl.LazyFrame())
    return Decisions(
        nw.from_native(rows.lazy()), nw.from_native(pl.LazyFrame(topics)), empty, empty, empty
    ), rows


@pytest.fixture
def own():
    made = OwnContacts()
    made.add(*decided(), START)
    return made


def test_messages_and_calls_become_contacts_and_what_waits_does_not(own):
    contacts = own.rows(START + DAY)["contacts"]

    assert contacts["contact_id"].to_list() == ["d1", "d2", "d5"]
    assert contacts.row(0, named=True) | {"recorded_at": None} == {
        "contact_id": "d1", "person_id": "b1", "channel": "sms", "purpose": "due_soon", "subject": "l1", "send_at": LATER,
        "use_by": LATER + DAY, "state": "accepted", "outcome": None, "cost": 40, "decision_id": "d1", "recorded_at": None,
    }  # fmt: skip


def test_a_contact_is_queued_until_it_leaves(own):
    states = [own.rows(at)["contacts"]["state"][0] for at in (LATER - 1, LATER)]

    assert states == ["queued", "accepted"]


def test_a_duty_without_a_moment_is_taken_to_be_told_by_a_person_at_once(own):
    told = own.rows(START + DAY)["contacts"].filter(contact_id="d5").row(0, named=True)

    assert (told["channel"], told["send_at"], told["subject"]) == ("call", START, "l5")


def test_further_loans_of_a_message_that_leaves_are_remembered(own):
    topics = own.rows(START + DAY)["contact_topics"]

    assert topics.select("contact_id", "loan_id").rows() == [("d1", "l9")]


def test_the_decision_itself_does_not_know_what_came_of_it(own):
    assert (own.rows(START)["contacts"]["recorded_at"] > START).all()


def test_before_anything_was_said_there_are_no_rows():
    assert OwnContacts().rows(START) == {}


def test_what_was_made_is_written_as_a_book_has_it(own, tmp_path):
    own.write(tmp_path)

    contacts = pl.read_parquet(tmp_path / "contacts.parquet")
    assert contacts.schema["send_at"] == contacts.schema["recorded_at"] == pl.Datetime("us", "UTC")
    assert contacts["send_at"].dt.epoch("s")[0] == LATER
    assert pl.read_parquet(tmp_path / "contact_topics.parquet").height == 1
