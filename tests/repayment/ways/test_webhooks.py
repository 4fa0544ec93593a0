"""What providers post: believed only when it is surely theirs; twice, late or in any order it ends the same."""

import json
import os
import random
import time
from datetime import UTC, datetime, timedelta

import pytest
import stripe
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from tests.people import TODAY, loan, outsider, row, someone, together
from tests.recording import NOW, recorded
from tests.repayment.ways.connected import SIGNING, gateway_post, stripe_event, stripe_post, stripe_signature
from tideover.book.models import FACTS
from tideover.kit.money import Money
from tideover.repayment.loans import loan_of
from tideover.repayment.ways.contract import Forged
from tideover.repayment.ways.daily import daily_if_due
from tideover.repayment.ways.hearing import take_post
from tideover.repayment.ways.intents import begin, let_lapse, said_paid
from tideover.repayment.ways.models import Intent, ProviderEvent
from tideover.repayment.ways.outcome import Outcome, outcome_of
from tideover.repayment.ways.references import loan_of_reference, reference_of

pytestmark = pytest.mark.django_db
LOAN = "asha-loan-1"
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def asha(environ):
    steps = [
        row("instalments", loan_id=LOAN, number=place, due_on=TODAY - 10 + 30 * place, principal=10_000, interest=0, fees=0, paid=0)
        for place in range(3)
    ]  # fmt: skip
    recorded(together(someone("asha"), loan("asha"), {"instalments": steps}, outsider("far")))


def intent(way="card", amount=10_000, once="one"):
    return begin(
        loan=loan_of(LOAN, "asha", NOW),
        person_id="asha",
        amount=Money(amount, "GBP"),
        way=way,
        once=once,
        at=NOW,
    )


def paid():
    return sum(it.paid for it in loan_of(LOAN, "asha", LATER).instalments)


def session(made, **about):
    known = {
        "object": "checkout.session", "id": "cs_1", "payment_intent": "pi_1", "payment_status": "paid", "amount_total": 10_000,
        "currency": "gbp", "metadata": {"tideover": made.code},
    }  # fmt: skip
    return {**known, **about}


def post(event, *, at=NOW, **signed):
    body, headers = stripe_post(event, **signed)
    return take_post(way="card", body=body, headers=headers, at=at)


# --- once


def test_the_same_form_twice_is_one_payment(asha):
    assert intent().pk == intent().pk
    assert intent(once="two").pk != intent().pk


def test_a_payment_by_card_is_booked_when_the_provider_says_so(asha):
    made = intent()

    assert post(stripe_event("checkout.session.completed", session(made), number=1)) == 1
    assert post(stripe_event("checkout.session.completed", session(made), number=1)) == 0
    about = {"object": "payment_intent", "id": "pi_1", "amount_received": 10_000, "currency": "gbp"}
    post(stripe_event("payment_intent.succeeded", {**about, "metadata": {"tideover": made.code}}, number=2))

    assert paid() == 10_000
    assert Intent.objects.get().state == "paid"


def test_i_have_paid_shows_at_once_and_counts_for_nothing_yet(asha):
    made = said_paid(intent=intent("transfer"), at=NOW)
    said_paid(intent=made, at=NOW)

    on_its_way = FACTS["payments"].objects.get()
    assert (on_its_way.amount, on_its_way.state_at, on_its_way.way) == (10_000, None, "transfer")
    assert paid() == 0


def test_what_never_arrives_is_on_its_way_no_longer(asha):
    said_paid(intent=intent("transfer"), at=NOW)

    assert let_lapse(at=NOW + timedelta(days=9)) == 0
    assert let_lapse(at=NOW + timedelta(days=11)) == 1
    assert Intent.objects.get().state == "failed"


# --- forged


def refused(event, **signed):
    with pytest.raises(Forged):
        post(event, **signed)
    return ProviderEvent.objects.count() == 0 and paid() == 0


def test_what_is_not_surely_the_providers_own_is_refused(asha):
    event = stripe_event("checkout.session.completed", session(intent()), number=1)

    assert refused(event, secret=b"whsec_of_another_lender_entirely")
    body, headers = stripe_post(event, at=NOW - timedelta(minutes=6))
    with pytest.raises(Forged):
        take_post(way="card", body=body, headers=headers, at=NOW)
    assert refused({**event, "livemode": True})


def test_a_body_that_was_written_anew_is_refused(asha):
    body, headers = stripe_post(stripe_event("checkout.session.completed", session(intent()), number=1))
    again = json.dumps(json.loads(body), separators=(",", ":")).encode()

    with pytest.raises(Forged):
        take_post(way="card", body=again, headers=headers, at=NOW)


def test_events_of_another_account_are_refused(asha, monkeypatch):
    monkeypatch.setitem(os.environ, "TIDEOVER_PAY_STRIPE_ACCOUNT", "acct_ours")

    assert refused(
        stripe_event("checkout.session.completed", session(intent()), number=1, account="acct_theirs")
    )


def test_our_check_of_signatures_agrees_with_stripes_own():
    body, at = b'{"id": "evt_1"}', int(time.time())
    header = stripe_signature(body, at=datetime.fromtimestamp(at, UTC))

    assert stripe.WebhookSignature.verify_header(body.decode(), header, SIGNING.decode(), 300)


@pytest.mark.parametrize("minor", [0, -5, 10**18, True, None, "10000"])
def test_an_amount_that_cannot_be_meant_is_set_aside(asha, minor):
    post(stripe_event("checkout.session.completed", session(intent(), amount_total=minor), number=1))

    assert ProviderEvent.objects.get().set_aside == "amount"
    assert paid() == 0


def test_another_currency_is_set_aside(asha):
    post(stripe_event("checkout.session.completed", session(intent(), currency="eur"), number=1))

    assert ProviderEvent.objects.get().set_aside == "currency"
    assert paid() == 0


def test_an_event_about_nothing_of_ours_is_not_kept(asha):
    stranger = session(intent(), metadata={"tideover": "somebody-elses"})

    assert post(stripe_event("checkout.session.completed", stranger, number=1)) == 0
    assert not ProviderEvent.objects.exists()


# --- any order


def history(made):
    """Twenty events of one payment: paid, told again, given back in two steps, charged back, won, and noise."""
    about = {"metadata": {"tideover": made.code}, "currency": "gbp"}
    start = int(NOW.timestamp()) - 1_000
    charge = {"object": "charge", "payment_intent": "pi_1", "currency": "gbp"}
    dispute = {"object": "dispute", "payment_intent": "pi_1", "currency": "gbp", "amount": 8_000}
    told = [
        ("payment_intent.processing", {"object": "payment_intent", "id": "pi_1", "amount": 10_000, **about}),
        ("checkout.session.completed", session(made)),
        (
            "payment_intent.succeeded",
            {"object": "payment_intent", "id": "pi_1", "amount_received": 10_000, **about},
        ),
        ("charge.refunded", {**charge, "amount_refunded": 1_000}),
        ("charge.refunded", {**charge, "amount_refunded": 2_000}),
        ("charge.dispute.funds_withdrawn", dispute),
        ("charge.dispute.closed", {**dispute, "status": "won"}),
        ("charge.updated", charge),
        ("customer.created", {"object": "customer"}),
        ("checkout.session.completed", session(made, currency="eur")),
    ]
    every = [
        stripe_event(kind, what, number=place, created=start + place)
        for place, (kind, what) in enumerate(told)
    ]
    return every + every


def state():
    """What everything comes down to, whatever the order was."""
    known = {it.payment_id: it for it in FACTS["payments"].objects.order_by("recorded_at", "id")}
    counted = sorted(it.amount for it in known.values() if it.state_at and not it.reversed_at)
    steps = [(it.paid, it.left) for it in loan_of(LOAN, "asha", LATER).instalments]
    events = sorted(ProviderEvent.objects.values_list("event_id", "kind", "set_aside"))
    return Intent.objects.get().state, counted, steps, events


@pytest.mark.django_db(transaction=True)
def test_any_order_with_every_event_twice_ends_the_same(asha):
    """Each order is played in a savepoint that is rolled back."""
    made, found = intent(), set()
    chance = random.Random(39)
    for _ in range(int(os.environ.get("TIDEOVER_TEST_ORDERS", "12"))):
        events = history(made)
        chance.shuffle(events)
        with transaction.atomic():
            for event in events:
                post(event)
            found.add(repr(state()))
            transaction.set_rollback(True)

    assert len(found) == 1
    assert "'paid', [8000, 8000]" not in next(iter(found))
    assert "('paid'" in next(iter(found))


class Told:
    def __init__(self, kind, amount, place):
        self.kind, self.amount, self.event_id = kind, amount, str(place)
        self.happened_at = NOW + timedelta(seconds=place)


KINDS = ("on_its_way", "paid", "failed", "refunded", "charged_back", "charge_back_won")


@given(st.lists(st.tuples(st.sampled_from(KINDS), st.integers(1, 100)), max_size=20), st.randoms())
def test_an_outcome_follows_from_the_set_of_what_was_told(told, chance):
    every = [Told(kind, amount, place) for place, (kind, amount) in enumerate(told)]
    shuffled = [*every, *every[: len(every) // 2]]
    chance.shuffle(shuffled)

    assert outcome_of(shuffled) == outcome_of(every)
    assert outcome_of([]) == Outcome()


# --- local gateways


def test_a_gateway_tells_by_the_loans_reference_what_began_elsewhere(asha):
    event = {
        "id": "g1",
        "kind": "paid",
        "amount": 4_000,
        "currency": "GBP",
        "at": NOW.isoformat(),
        "reference": reference_of(LOAN),
    }
    body, headers = gateway_post([event, event])

    assert take_post(way="agent_network", body=body, headers=headers, at=NOW) == 1
    assert paid() == 4_000
    assert loan_of_reference(reference_of(LOAN).lower()) == LOAN


def test_a_gateway_finds_the_payment_that_was_begun_here(asha):
    made = said_paid(intent=intent("agent_network"), at=NOW)
    event = {
        "id": "g1",
        "kind": "paid",
        "amount": 10_000,
        "currency": "GBP",
        "at": NOW.isoformat(),
        "reference": reference_of(LOAN),
    }
    body, headers = gateway_post(event)
    take_post(way="agent_network", body=body, headers=headers, at=NOW)

    made.refresh_from_db()
    assert made.state == "paid"
    assert FACTS["payments"].objects.values("payment_id").distinct().count() == 1


@pytest.mark.parametrize("odd", ["\ud83d", "\0"])
def test_what_no_database_keeps_in_one_event_keeps_no_payment_behind_it_waiting(asha, odd):
    about = {"kind": "paid", "amount": 4_000, "currency": "GBP", "at": NOW.isoformat()}
    events = [
        {**about, "id": f"g1{odd}", "ref": odd, "payment": odd},
        {**about, "id": f"g2{odd}", "reference": odd},
        {**about, "id": "g3", "reference": reference_of(LOAN)},
    ]
    body, headers = gateway_post(events)

    take_post(way="agent_network", body=body, headers=headers, at=NOW)

    assert paid() == 4_000


def test_failed_and_paid_in_either_order_is_paid(asha):
    for place, kinds in enumerate((("failed", "paid"), ("paid", "failed"))):
        made = said_paid(intent=intent("agent_network", amount=5_000 + place, once=str(place)), at=NOW)
        for kind in kinds:
            event = {
                "id": f"{place}{kind}",
                "kind": kind,
                "amount": made.amount,
                "currency": "GBP",
                "payment": made.code,
            }
            body, headers = gateway_post(event)
            take_post(way="agent_network", body=body, headers=headers, at=NOW)

    assert set(Intent.objects.values_list("state", flat=True)) == {"paid"}
    assert paid() == 10_001


def test_nobody_posts_about_transfers(asha):
    with pytest.raises(Forged):
        take_post(way="transfer", body=b"{}", headers={}, at=NOW)


def test_a_text_of_another_lender_finds_no_loan(asha):
    assert loan_of_reference("RF18539007547034") is None
    assert loan_of_reference("nonsense") is None


def test_a_worker_lets_it_go_once_a_day_where_no_debits_are_set_up(asha):
    said_paid(intent=intent("transfer"), at=NOW)

    assert daily_if_due(at=NOW + timedelta(days=11)) == 1
    assert daily_if_due(at=NOW + timedelta(days=11, hours=2)) == 0
