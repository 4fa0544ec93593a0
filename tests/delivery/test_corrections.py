"""A wrong message is followed by a correction to exactly those who got it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.people import AT, DAY, TODAY, fresh_payments, held, late, reachable, someone, together
from tests.people import told as contact
from tests.recording import recorded
from tests.staff import member
from tests.web.scene import a_message
from tideover.access.allowed import NotAllowed
from tideover.access.models import AuditRow
from tideover.access.two_persons import NotOpen, SecondPersonNeeded
from tideover.book.actions import record
from tideover.delivery.brake import brake
from tideover.delivery.corrections import (
    NobodyGotIt,
    NotAgreed,
    NothingSaid,
    agree_correction,
    ask_correction,
    carry_on,
)
from tideover.delivery.group_commit import scopes_of
from tideover.delivery.models import Corrected, Message
from tideover.delivery.shown import shown
from tideover.delivery.taking import take
from tideover.delivery.wrong import NotNamed, Wrong, reach_of, who_got
from tideover.strategy.gate import consider
from tideover.strategy.models import Decision, Release
from tideover.strategy.releases import ensure_shipped
from tideover.support.jobs import open_cases
from tideover.support.models import Case

NOW = datetime.fromtimestamp(AT, UTC)
YESTERDAY = NOW - timedelta(days=1)
WRONG = Wrong(purpose="due_soon", since=NOW - timedelta(days=3), until=NOW)
SAYS = "The amount was that of another month."


@pytest.fixture
def live(db, settings, tmp_path):
    settings.DATA = tmp_path
    ensure_shipped(at=NOW)


def a_book(*people, also=()):
    recorded(*(late(it) for it in people), *also, fresh_payments(AT + 3 * DAY), at=NOW)


def told(person, *, state="accepted", at=YESTERDAY, number=1, **about):
    """A message of the purpose that was wrong."""
    known = {
        "purpose": "due_soon", "purpose_class": "reminder", "subject": f"{person}-loan-1", "send_at": at, "use_by": at, "due_at": at,
        "local_day": int(at.timestamp()) // DAY, "state": state, "ended_at": None if state in ("queued", "claimed", "sending") else at,
    }  # fmt: skip
    return a_message(person, number=number, **{**known, **about})


def corrected(wrong=WRONG, at=NOW):
    """Asked by one, agreed to by another."""
    made = ask_correction(wrong=wrong, says=SAYS, by=member("lead"), at=at)
    return agree_correction(correction=made, by=member("approver"), at=at)


def sent_to(correction):
    return {
        it.person_id: (it.channel, it.language)
        for it in Decision.objects.filter(pk__in=correction.people.values("decision_id"))
    }


def audited():
    return list(AuditRow.objects.order_by("number").values_list("action", flat=True))


def test_exactly_those_who_got_it_are_told_once_in_their_language_and_channel(live):
    a_book("asha", "mary", "joan", "helen")
    told("asha", channel="email", language="bn")
    told("mary", channel="sms", language="en", state="unknown")
    told("joan", state="rejected")
    told("helen", state="queued")
    a_message("joan", number=5, state="accepted", purpose="lesson", ended_at=YESTERDAY)

    done = corrected()

    assert sent_to(done) == {"asha": ("email", "bn"), "mary": ("sms", "en")}
    assert audited()[-1] == "correction_decided"


def test_what_is_sent_says_which_day_was_wrong_and_what_is_right_without_debt_words_outside(live):
    a_book("mary")
    told("mary", at=YESTERDAY - timedelta(days=1), number=2, code="2222AAAA")
    told("mary", code="7KQ2M4XD")
    corrected()
    take(at=NOW)

    says = shown(Message.objects.get(purpose="correction"), NOW)

    assert "What we told you on Tuesday 24 November was wrong" in says.text
    assert "7KQ2M4XD" in says.text
    assert "for the first time on Monday 23 November" in says.text
    assert "£100.00 is open" in says.text
    assert "£" not in says.subject + says.preview
    assert says.held == ""


def test_the_day_it_names_is_that_on_which_she_got_it_by_her_own_clock(live):
    recorded(late("mary", zone="Asia/Tokyo"), fresh_payments(AT + 3 * DAY), at=NOW)
    got_at = NOW.replace(hour=20) - timedelta(days=2)
    told("mary", at=got_at, send_at=got_at - timedelta(days=3), local_day=TODAY - 5)

    (got,) = who_got(WRONG).values()

    assert got.values["wrong_on"] == TODAY - 1


def test_it_is_no_collection_so_that_yesterdays_reminder_keeps_nobody_from_it(live):
    hours = range(1, 30, 5)
    a_book("mary", also=[contact("mary", "gentle_reminder", send_at=AT - it * 3_600) for it in hours])
    told("mary")

    done = corrected()

    (decision,) = Decision.objects.filter(purpose="correction")
    assert (decision.send_at, done.people.count()) == (NOW, 1)


def test_pressed_twice_it_is_told_once_and_whoever_got_it_since_is_told_too(live):
    a_book("mary", "joan")
    told("mary")
    done = corrected()
    told("joan")

    for minutes in (1, 2):
        carry_on(correction=done, by=member("lead", name=f"l{minutes}"), at=NOW + timedelta(minutes=minutes))
    take(at=NOW)
    take(at=NOW)

    sent = Message.objects.filter(purpose="correction").values_list("person_id", flat=True)
    assert sorted(sent) == ["joan", "mary"]


@pytest.mark.parametrize(
    ("ended", "told_again"), [("suppressed", True), ("rejected", True), ("unknown", False)]
)
def test_whom_a_correction_did_not_reach_is_told_when_it_is_carried_on(ended, told_again, live):
    a_book("mary")
    told("mary")
    done = corrected()
    take(at=NOW)
    Message.objects.filter(purpose="correction").update(state=ended, because="too_late", ended_at=AT)
    later = NOW + timedelta(hours=1)

    for name in ("once", "twice"):
        carry_on(correction=done, by=member("lead", name=name), at=later)
        take(at=later)

    assert Message.objects.filter(purpose="correction", state="queued").count() == told_again
    assert done.people.get().decision_id == Decision.objects.latest("at").pk


def test_two_corrections_of_one_day_are_two(live):
    a_book("mary")
    told("mary")
    told("mary", number=2, purpose="lesson", purpose_class="lesson")
    for number, purpose in enumerate(("due_soon", "lesson")):
        wrong = Wrong(purpose=purpose, since=WRONG.since, until=NOW)
        made = ask_correction(wrong=wrong, says=SAYS, by=member("lead", name=f"l{number}"), at=NOW)
        agree_correction(correction=made, by=member("approver", name=f"a{number}"), at=NOW)
    take(at=NOW)

    assert Message.objects.filter(purpose="correction", person_id="mary").count() == 2


def test_whom_a_hold_forbids_a_person_sees_to_with_the_reason(live):
    a_book("mary", "joan", also=[held("joan", "bereavement")])
    told("mary")
    told("joan")

    done = corrected()
    open_cases(at=NOW)
    open_cases(at=NOW)

    assert set(sent_to(done)) == {"mary"}
    assert done.people.get(person_id="joan").forbidden_by == "hold_bereavement"
    (case,) = Case.objects.filter(kind="correction")
    assert (case.person_id, case.subject) == ("joan", "joan-loan-1")


def test_where_its_channel_is_gone_it_takes_one_that_the_rules_leave_open(live):
    book = together(late("mary"), late("joan"))
    points = [it for it in book["contact_points"] if (it["person_id"], it["channel"]) != ("mary", "email")]
    recorded({**book, "contact_points": points}, fresh_payments(AT + 3 * DAY), at=NOW)
    told("mary", channel="email")
    told("joan", channel="email")

    sent = sent_to(corrected())

    assert sent["joan"] == ("email", "en")
    assert sent["mary"][0] not in ("email", "call", "visit")


def test_when_payments_are_not_known_nobody_is_told_what_is_right_and_later_everybody_is(live):
    recorded(late("mary"), fresh_payments(AT - 3 * DAY), at=NOW)
    told("mary")
    done = corrected()
    assert done.people.get().forbidden_by == "feed_stale"

    fresh = {"name": "payments", "fresh_until": NOW + timedelta(days=3)}
    record("feeds", [fresh], source="test", at=NOW + timedelta(minutes=1))
    carry_on(correction=done, by=member("lead", name="again"), at=NOW + timedelta(minutes=2))

    assert set(sent_to(done)) == {"mary"}
    assert done.people.get().forbidden_by == ""


def test_the_words_or_the_strategy_can_be_what_was_wrong(live):
    a_book("mary", "joan")
    told("mary", template="t" * 64)
    told("joan", template="u" * 64)
    assert set(who_got(Wrong(template="t" * 64))) == {"mary"}

    assert set(who_got(Wrong(release="r" * 64))) == set()
    with pytest.raises(NotNamed):
        Wrong(purpose="due_soon")
    with pytest.raises(NotNamed):
        Wrong(channel="sms")


def test_where_a_strategy_was_wrong_whoever_only_asked_for_a_code_gets_no_correction(live):
    a_book("mary", "joan")
    consider(
        person_id="joan", occasion="sign_in_code", at=NOW, channel="app", values={"sign_in_code": "123456"}
    )
    release = Release.objects.get().hash
    chosen = Decision.objects.get()
    Decision.objects.create(
        **{**values_of(chosen), "decision_id": "mary-chosen", "person_id": "mary", "policy": "early_help"}
    )
    for person, decision in (("joan", chosen.pk), ("mary", "mary-chosen")):
        told(person, decision_id=decision)

    assert set(who_got(Wrong(release=release))) == {"mary"}


def test_the_stop_of_the_strategy_that_was_wrong_lets_its_correction_leave(live):
    a_book("mary")
    release = Release.objects.get().hash
    told("mary")
    corrected()
    correction = Decision.objects.get()
    Decision.objects.create(
        **{**values_of(correction), "decision_id": "joan-chosen", "person_id": "joan", "policy": "early_help"}
    )
    take(at=NOW)

    over = {it.person_id: scopes_of(it) for it in Message.objects.filter(decision__isnull=False)}

    assert correction.strategy_hash == release
    assert f"strategy:{release}" not in over["mary"]
    assert f"strategy:{release}" in over["joan"]


def values_of(row):
    return {it.attname: getattr(row, it.attname) for it in row._meta.concrete_fields}


def test_before_anybody_asks_it_is_counted(live):
    told("mary", language="bn", channel="sms")
    told("mary", number=2, language="bn", channel="sms", at=YESTERDAY - timedelta(days=1))
    told("joan", language="fa")
    told("helen", state="queued")

    reach = reach_of(WRONG)

    assert (reach.people, reach.messages, reach.still_leaving) == (2, 3, 1)
    assert reach.by_language == {"bn": 1, "fa": 1}
    assert reach.by_channel == {"sms": 1, "email": 1}


def test_it_takes_two(live):
    a_book("mary")
    told("mary")
    lead, strategist = member("lead"), member("strategist")
    with pytest.raises(NotAllowed):
        ask_correction(wrong=WRONG, says=SAYS, by=member("agent"), at=NOW)
    made = ask_correction(wrong=WRONG, says=SAYS, by=strategist, at=NOW)

    with pytest.raises(NotAgreed):
        carry_on(correction=made, by=lead, at=NOW)
    with pytest.raises(SecondPersonNeeded):
        agree_correction(correction=made, by=strategist, at=NOW)
    agree_correction(correction=made, by=lead, at=NOW)
    with pytest.raises(NotOpen):
        agree_correction(correction=made, by=lead, at=NOW)

    assert Corrected.objects.count() == 1


def test_without_a_reason_or_without_anybody_nothing_is_asked(live):
    with pytest.raises(NobodyGotIt):
        ask_correction(wrong=WRONG, says=SAYS, by=member("lead"), at=NOW)
    told("mary")
    with pytest.raises(NothingSaid):
        ask_correction(wrong=WRONG, says=" ", by=member("lead", name="b"), at=NOW)


def test_two_people_looked_at_it_so_the_volume_brake_does_not(live):
    for day, many in ((2, 5), (0, 80)):
        for n in range(many):
            told(f"p{day}-{n}", purpose="correction", at=NOW - timedelta(days=day), state="queued")

    assert brake(at=NOW) == []


def test_many_cost_as_few_questions_as_few(live, django_assert_max_num_queries):
    people = [f"late-{n}" for n in range(40)]
    a_book(*people)
    for it in people:
        told(it)
    made = ask_correction(wrong=WRONG, says=SAYS, by=member("lead"), at=NOW)
    approver = member("approver")

    with django_assert_max_num_queries(120):
        agree_correction(correction=made, by=approver, at=NOW)

    assert made.people.count() == 40


STATES = ("accepted", "unknown", "rejected", "suppressed", "queued", "claimed", "sending")
A_MESSAGE = st.tuples(
    st.sampled_from(["p0", "p1", "p2", "p3"]), st.sampled_from(STATES), st.sampled_from(["due_soon", "lesson"]),
    st.sampled_from(["email", "sms"]), st.integers(-5, 2), st.booleans(),
)  # fmt: skip


class TestWhoeverGotIt(TestCase):
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(A_MESSAGE, max_size=9), st.sampled_from(["", "email", "sms"]))
    def test_recipients_are_exactly_those_who_got_what_was_wrong(self, messages, channel):
        recorded(
            *(together(someone(f"p{n}"), reachable(f"p{n}")) for n in range(4)),
            fresh_payments(AT + 3 * DAY),
            at=NOW,
        )
        ensure_shipped(at=NOW)
        wrong = Wrong(purpose="due_soon", channel=channel, since=NOW - timedelta(days=3), until=NOW)
        expected = set()
        for number, (person, state, purpose, by, day, twice) in enumerate(messages):
            at = NOW + timedelta(days=day, hours=-1)
            told(
                person, number=number, state=state, purpose=purpose, channel=by, at=at, maybe_twice=twice, subject="",
                local_day=number,
            )  # fmt: skip
            got = state in ("accepted", "unknown") or twice
            fits = purpose == "due_soon" and channel in ("", by) and wrong.since <= at < wrong.until
            expected |= {person} if got and fits else set()
        if not expected:
            with pytest.raises(NobodyGotIt):
                ask_correction(wrong=wrong, says=SAYS, by=member("lead"), at=NOW)
            return

        done = corrected(wrong)
        carry_on(correction=done, by=member("lead", name="again"), at=NOW + timedelta(minutes=1))
        take(at=NOW)

        sent = list(Message.objects.filter(purpose="correction").values_list("person_id", flat=True))
        assert sorted(sent) == sorted(expected)
