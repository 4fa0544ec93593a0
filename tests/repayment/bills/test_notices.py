"""Who asked for a notice gets it by the way she chose, once; nobody else hears more for it."""

from datetime import timedelta

import pytest

from tests.people import AT, TODAY, fresh_payments, loan, outsider, reachable, schedule, someone, together
from tests.portal import NOW
from tests.recording import recorded
from tideover.access.models import AuditRow
from tideover.repayment.bills.notices import notices, notices_if_due
from tideover.repayment.bills.wish import (
    NoAddress,
    NoSuchWay,
    bills_by,
    choose_bills,
    ways_open,
    who_wants_notices,
)
from tideover.strategy.models import Decision
from tideover.strategy.releases import ensure_shipped

pytestmark = pytest.mark.django_db
EARLIER = NOW - timedelta(hours=2)
FRESH = fresh_payments(AT + 10 * 86_400)


def due_in(name, days, *channels, number=1):
    return together(
        someone(name), reachable(name, *(channels or ("email", "sms"))), loan(name, number=number),
        schedule(name, [TODAY + days, TODAY + days + 30], number=number),
    )  # fmt: skip


@pytest.fixture
def live():
    recorded(due_in("sara", 5), due_in("other", 5), outsider(), FRESH, at=EARLIER)
    ensure_shipped(at=EARLIER)


def made():
    return list(Decision.objects.values_list("person_id", "subject", "purpose", "channel"))


def test_who_never_chose_gets_no_notice(live):
    assert bills_by("sara", NOW) == "portal"
    assert notices(at=NOW) == 0


def test_who_chose_text_messages_gets_one_before_the_day_and_never_a_second(live):
    choose_bills(person_id="sara", by="sms", at=EARLIER)

    assert notices(at=NOW) == 1
    assert made() == [("sara", "sara-loan-1", "due_soon", "sms")]
    assert notices(at=NOW + timedelta(hours=1)) == 0
    assert notices(at=NOW + timedelta(days=1)) == 0


def test_where_she_is_told_of_the_payment_already_nothing_is_added(live):
    choose_bills(person_id="sara", by="email", at=EARLIER)
    notices(at=NOW)
    Decision.objects.update(decision_id="the strategy's own", policy="before_the_day")

    assert notices(at=NOW + timedelta(days=2)) == 0


def test_nothing_is_said_a_month_ahead_nor_after_the_day():
    recorded(due_in("early", 20), due_in("today", 0), FRESH, at=EARLIER)
    ensure_shipped(at=EARLIER)
    for person in ("early", "today"):
        choose_bills(person_id=person, by="email", at=EARLIER)

    assert notices(at=NOW) == 0


def test_two_loans_are_two_notices(live):
    recorded(together(loan("sara", number=2), schedule("sara", [TODAY + 6], number=2)), at=EARLIER)
    choose_bills(person_id="sara", by="email", at=EARLIER)

    notices(at=NOW)

    assert {it[1] for it in made()} <= {"sara-loan-1", "sara-loan-2"}


def test_whichever_worker_comes_first_does_the_day(live):
    choose_bills(person_id="sara", by="email", at=EARLIER)

    assert notices_if_due(at=NOW) == 1
    Decision.objects.all().delete()
    assert notices_if_due(at=NOW + timedelta(hours=3)) == 0


def test_a_choice_can_be_undone_with_what_it_hands_back(live):
    before = choose_bills(person_id="sara", by="email", at=NOW)
    assert (before, bills_by("sara", NOW)) == ("portal", "email")

    choose_bills(person_id="sara", by=before, at=NOW + timedelta(seconds=5))

    later = NOW + timedelta(seconds=10)
    assert bills_by("sara", later) == "portal"
    assert who_wants_notices(later) == {}
    assert [it.action for it in AuditRow.objects.all()] == ["bills_chosen"] * 2
    assert "sara" not in str(list(AuditRow.objects.values()))


def test_only_ways_with_an_address_that_works_can_be_chosen(live):
    assert ways_open("sara", NOW) == ("portal", "email", "sms")
    with pytest.raises(NoAddress):
        choose_bills(person_id="sara", by="letter", at=NOW)
    with pytest.raises(NoSuchWay):
        choose_bills(person_id="sara", by="pigeon", at=NOW)


def test_without_a_strategy_that_is_live_the_day_is_not_used_up():
    recorded(due_in("sara", 5), FRESH, at=EARLIER)
    choose_bills(person_id="sara", by="email", at=EARLIER)

    assert notices_if_due(at=NOW) == 0
    ensure_shipped(at=EARLIER)
    assert notices_if_due(at=NOW) == 1
