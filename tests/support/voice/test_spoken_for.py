"""Somebody speaks for her: she is not written to about her debt, by night or by hand; a person speaks with whoever does."""

from contextlib import asynccontextmanager
from datetime import date, timedelta

import pytest

from tests.recording import NOW
from tests.staff import member, outsider
from tests.support.voice.scene import a_customer
from tideover.access.models import AuditRow
from tideover.book.surrogates import surrogate_of
from tideover.delivery.channels import Accepted, Limits, Withdrawn
from tideover.delivery.jobs import send
from tideover.delivery.models import Message
from tideover.delivery.taking import take
from tideover.repayment.plans.models import Plan
from tideover.repayment.promises.models import Promise
from tideover.repayment.promises.refusals import PromiseTooFar
from tideover.strategy.day import BLOCKED, last_night, listed
from tideover.strategy.gate import consider
from tideover.strategy.runs import run_nightly
from tideover.support.jobs import open_cases
from tideover.support.models import Case
from tideover.support.replying import SpokenFor, reply
from tideover.support.voice.agreeing import accept_for, open_for, promise_for
from tideover.support.voice.powers import Leave, NotThere, end, give, looks_at
from tideover.support.voice.spoken_for import speak_with

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(minutes=5)
LOAN = "mary-loan-1"
UNTIL = date(2027, 6, 30)


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    settings.DATA = tmp_path


class Open:
    """A provider that takes everything."""

    def __init__(self, name):
        self.name, self.limits = name, Limits()

    @asynccontextmanager
    async def session(self, *, at):
        yield self

    async def send(self, outgoing, *, may_leave):
        if not await may_leave():
            raise Withdrawn
        return Accepted("taken")


def given(*may, instead=True):
    leave = Leave("Ann Advice", "adviser@example.org", may or ("see", "speak"), UNTIL, instead)
    return give(person_id="mary", leave=leave, at=NOW, once="one")


def forbidden(purpose):
    return consider(person_id="mary", occasion=purpose, subject=LOAN, at=SOON).forbidden_by


def the_night():
    run_nightly(at=SOON)
    take(at=SOON)
    open_cases(at=SOON)
    return Case.objects.filter(person_id="mary", kind="for_adviser")


@pytest.mark.parametrize(
    "purpose", ["gentle_reminder", "due_soon", "options_offer", "firm_notice", "help_call"]
)
def test_the_gate_says_that_an_adviser_speaks_for_her(purpose):
    a_customer()
    assert forbidden(purpose) != "hold_represented"
    given()

    assert forbidden(purpose) == "hold_represented"
    assert forbidden("reply") == ""  # what she asks herself is answered


def test_the_night_leaves_her_in_peace_for_the_same_reason_and_a_person_is_asked_to_speak_with_them():
    a_customer()
    given()

    case = the_night().get()

    assert "mary" in [
        it.person_id for it in listed(last_night(), BLOCKED, "hold_represented", None, start=0, most=9)[0]
    ]
    assert not Message.objects.filter(person_id="mary").exists()
    assert (case.branch, [it.reach for it in speak_with("mary", SOON)]) == ("north", ["adviser@example.org"])


def test_once_a_month_and_read_once_a_night(django_assert_max_num_queries):
    a_customer()
    given()
    the_night()

    run_nightly(at=SOON + timedelta(days=1))
    open_cases(at=SOON + timedelta(days=1))

    assert Case.objects.filter(kind="for_adviser").count() == 1
    with django_assert_max_num_queries(14):
        open_cases(at=SOON + timedelta(days=1))


def test_whoever_only_sees_takes_nobodys_place():
    a_customer()
    given("see", instead=False)

    assert not the_night().exists()
    assert forbidden("gentle_reminder") != "hold_represented"
    assert speak_with("mary", SOON) == []


def test_whoever_is_contacted_instead_may_speak_even_where_she_ticked_one_box_alone():
    a_customer()

    power = given("see")

    assert (power.may, power.instead) == (["see", "speak"], True)
    assert forbidden("gentle_reminder") == "hold_represented"


@pytest.mark.django_db(transaction=True)
def test_what_waited_to_be_sent_does_not_leave_once_somebody_speaks_for_her():
    a_customer()
    run_nightly(at=NOW)
    take(at=NOW)
    waiting = Message.objects.get(person_id="mary", state="queued")

    given()
    send(
        {it: Open(it) for it in ("app", "email", "sms")}, worker="w", at=waiting.due_at + timedelta(minutes=1)
    )

    kept = Message.objects.get(pk=waiting.pk)
    assert (kept.state, kept.because) == ("suppressed", "hold_represented")


def test_on_such_a_case_nobody_writes_to_her():
    a_customer()
    given()
    case = the_night().get()

    with pytest.raises(SpokenFor):
        reply(case=case, text="Please pay.", key="k", by=member("agent", "north"), at=SOON)
    assert not Case.objects.visible_to(outsider()).exists()


def test_when_it_ends_we_speak_with_her_again():
    a_customer()
    end(power=given(), person_id="mary", at=NOW + timedelta(minutes=1))

    assert forbidden("gentle_reminder") == ""
    assert not the_night().exists()


class TestAgreeing:
    def test_a_day_is_hers_written_down_as_theirs_and_she_sees_it(self):
        a_customer()
        power = given("see", "agree", instead=False)
        day = open_for(power_id=power.pk, acts_id=power.acts_id, loan_id=LOAN, at=SOON).days[0].on

        promise_for(power_id=power.pk, acts_id=power.acts_id, loan_id=LOAN, on=day, at=SOON)

        promise = Promise.objects.get()
        assert (promise.person_id, promise.on, promise.origin) == ("mary", day, "self")
        assert promise.by == f"person:{surrogate_of(power.acts_id)}"
        assert ("Ann Advice", "agreed") in [(it.name, it.what) for it in looks_at("mary")]
        assert AuditRow.objects.get(action="promise_made").actor_id == surrogate_of(power.acts_id)

    def test_a_plan_is_one_that_she_could_agree_to_alone(self):
        a_customer()
        power = given("see", "agree")
        options = open_for(power_id=power.pk, acts_id=power.acts_id, loan_id=LOAN, at=SOON).options

        accept_for(power_id=power.pk, acts_id=power.acts_id, loan_id=LOAN, key=options[0].key, at=SOON)

        plan = Plan.objects.get()
        assert {it.who for it in options} == {"self"}
        assert (plan.person_id, plan.level, plan.by) == (
            "mary",
            "self",
            f"person:{surrogate_of(power.acts_id)}",
        )

    def test_her_own_limits_hold_for_them(self):
        a_customer()
        power = given("see", "agree")

        with pytest.raises(PromiseTooFar):
            promise_for(
                power_id=power.pk, acts_id=power.acts_id, loan_id=LOAN, on=NOW.date() + timedelta(days=40), at=SOON
            )  # fmt: skip

    @pytest.mark.parametrize("may", [("see",), ("see", "speak"), ("agree",), ("speak", "agree")])
    def test_without_leave_to_see_and_to_agree_nothing_is_agreed(self, may):
        a_customer()
        power = given(*may)

        with pytest.raises(NotThere):
            open_for(power_id=power.pk, acts_id=power.acts_id, loan_id=LOAN, at=SOON)
        with pytest.raises(NotThere):
            promise_for(power_id=power.pk, acts_id=power.acts_id, loan_id=LOAN, on=NOW.date(), at=SOON)
        assert not Promise.objects.exists()

    def test_neither_an_outsider_nor_one_whose_power_has_ended(self):
        a_customer()
        power = given("see", "agree")
        with pytest.raises(NotThere):
            promise_for(power_id=power.pk, acts_id="far", loan_id=LOAN, on=NOW.date(), at=SOON)
        with pytest.raises(NotThere):
            promise_for(
                power_id=power.pk, acts_id=power.acts_id, loan_id="far-loan-1", on=NOW.date(), at=SOON
            )

        end(power=power, person_id="mary", at=SOON)

        with pytest.raises(NotThere):
            accept_for(
                power_id=power.pk,
                acts_id=power.acts_id,
                loan_id=LOAN,
                key="x",
                at=SOON + timedelta(minutes=1),
            )
