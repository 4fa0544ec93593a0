"""A wish holds from the next decision on, in the very words of the engine; what was changed can be undone, once."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.recording import NOW
from tests.support.voice.scene import a_customer
from tests.web.scene import a_message
from tideover.access.models import AuditRow
from tideover.book.actions import record
from tideover.book.models import FACTS, ConsentText
from tideover.strategy.gate import Asked, foresee
from tideover.strategy.telling import told_now
from tideover.support.voice.consents import UnknownConsent, allow, consents_of, stop
from tideover.support.voice.wishes import (
    KINDS,
    ChangedSince,
    UnknownWish,
    take_back,
    version_of,
    wish,
    wishes_of,
)

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(minutes=1)
LATER = NOW + timedelta(minutes=2)


def open_by(person, channel, purpose="gentle_reminder", at=LATER):
    return foresee(Asked(person, f"{person}-loan-1", channel), occasion=purpose, at=at).forbidden_by


def test_whoever_asks_for_no_calls_is_not_called():
    her = a_customer()
    assert open_by(her, "call", "help_call") == ""

    wish(person_id=her, name="no_calls", values=["yes"], at=SOON)

    assert "asked_no_calls" in open_by(her, "call", "help_call")
    assert open_by(her, "email") == ""


def test_letters_only_closes_every_other_channel_and_its_end_opens_them_again():
    her = a_customer()

    wish(person_id=her, name="letters_only", values=["yes"], at=SOON)
    closed = [open_by(her, it) for it in ("email", "sms", "call")]
    wish(person_id=her, name="letters_only", values=["no"], at=LATER)

    assert all(closed)
    assert open_by(her, "email", at=LATER + timedelta(minutes=1)) == ""


def test_the_next_decision_takes_the_channel_she_chose():
    her = a_customer()
    before = told_now(her, LATER).row["channel"]
    chosen = "letter" if before != "letter" else "email"

    wish(person_id=her, name="channels", values=[chosen], at=SOON)

    assert told_now(her, LATER).row["channel"] in (chosen, None, "")
    assert told_now(her, LATER).row["channel"] != before


def test_whoever_shares_her_phone_gets_no_text_message_that_others_read():
    her = a_customer()

    wish(person_id=her, name="shared_phone", values=["yes"], at=SOON)

    assert open_by(her, "sms") != ""


def test_a_wish_is_undone_once_however_often_it_is_pressed():
    her = a_customer()
    wish(person_id=her, name="hours", values=["morning"], at=SOON)
    wish(person_id=her, name="hours", values=["evening"], at=LATER)
    version = version_of(her, "hours")

    take_back(person_id=her, name="hours", version=version, at=LATER)
    with pytest.raises(ChangedSince):
        take_back(person_id=her, name="hours", version=version, at=LATER)

    assert wishes_of(her)["hours"] == "morning"


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("no_such", ["yes"]),
        ("hours", ["night"]),
        ("hours", ["morning", "evening"]),
        ("quiet_days", list("x")),
    ],
)
def test_what_the_engine_does_not_know_is_no_wish(name, values):
    with pytest.raises(UnknownWish):
        wish(person_id=a_customer(), name=name, values=values, at=SOON)


def test_seven_quiet_days_are_no_week():
    with pytest.raises(UnknownWish):
        wish(person_id=a_customer(), name="quiet_days", values=KINDS["quiet_days"].values, at=SOON)


def test_the_trail_tells_which_wish_and_names_nobody():
    wish(person_id=a_customer(), name="no_calls", values=["yes"], at=SOON)

    row = AuditRow.objects.get(action="wish_told")
    assert (row.actor_kind, row.detail) == ("person", {"wish": "no_calls"})
    assert "mary" not in row.about


# --- consents


def test_a_consent_keeps_the_words_she_saw():
    her = a_customer()

    allow(
        person_id=her,
        channel="email",
        purpose_class="offer",
        text="You may write to me.",
        language="en",
        at=SOON,
    )

    fact = FACTS["consents"].objects.get(person_id=her, purpose_class="offer")
    assert ConsentText.objects.get(pk=fact.text_hash).text == "You may write to me."
    assert (fact.granted_at, fact.withdrawn_at) == (SOON, None)


def test_what_she_takes_back_does_not_leave_any_more():
    her = a_customer()
    message = a_message(her, purpose="gentle_reminder", purpose_class="collection")

    stop(person_id=her, channel="email", purpose_class="collection", at=SOON)

    message.refresh_from_db()
    assert (message.state, message.because) == ("suppressed", "opted_out")
    assert open_by(her, "email") != ""
    assert open_by(her, "sms") == ""


def test_after_a_stop_of_everything_one_thing_can_be_allowed_alone():
    her = a_customer()
    stopped = {"person_id": her, "channel": "email", "purpose_class": "all", "withdrawn_at": NOW}
    record("consents", [stopped], source="person", at=NOW)
    assert {it.state for it in consents_of(her, "email")} == {"stopped"}

    allow(person_id=her, channel="email", purpose_class="collection", text="Yes.", language="en", at=SOON)

    said = {it.purpose_class: it.state for it in consents_of(her, "email")}
    assert said.pop("collection") == "allowed"
    assert set(said.values()) == {"stopped"}
    assert open_by(her, "email") == ""
    assert open_by(her, "email", "early_help") != ""


def test_duties_and_receipts_cannot_be_stopped_here():
    with pytest.raises(UnknownConsent):
        stop(person_id=a_customer(), channel="email", purpose_class="duty", at=SOON)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    presses=st.lists(st.tuples(st.sampled_from(("lesson", "offer")), st.booleans()), min_size=1, max_size=6)
)
def test_the_last_press_holds_whatever_came_before(presses):
    her = a_customer() if not FACTS["borrowers"].objects.filter(borrower_id="mary").exists() else "mary"
    FACTS["consents"].objects.all().delete()

    for number, (each, yes) in enumerate(presses, 1):
        at = NOW + timedelta(minutes=number)
        if yes:
            allow(person_id=her, channel="email", purpose_class=each, text="Yes.", language="en", at=at)
        else:
            stop(person_id=her, channel="email", purpose_class=each, at=at)

    said = {it.purpose_class: it.state for it in consents_of(her, "email")}
    wanted = {each: "allowed" if yes else "stopped" for each, yes in presses}
    assert {each: said[each] for each in wanted} == wanted
