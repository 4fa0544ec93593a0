"""The gate: a given contact, and when it may leave or what forbids it."""

from concurrent.futures import ThreadPoolExecutor

import polars as pl
import pytest

from tests.generative.deciding import frame, rules_at
from tests.people import (
    AT,
    DAY,
    HOUR,
    consents,
    fresh_payments,
    guarantor_of,
    held,
    late,
    outsider,
    talked,
    together,
    told,
)
from tideover.engine.decision.gate import Gate, asking
from tideover.engine.decision.plan import Plan
from tideover.engine.decision.published import shipped
from tideover.engine.facts import TABLES
from tideover.engine.policy.lists import read_lists
from tideover.engine.policy.strategy import find_strategy, read_strategy


@pytest.fixture(scope="module")
def gate():
    strategy = read_strategy(find_strategy("everyday"), read_lists())
    return Gate(Plan(strategy, rules_at(AT), shipped(), "gate"))


def judged(gate, book, *asked, at=AT):
    tables = {name: frame(name, book.get(name, [])) for name in TABLES}
    rows = gate.judge(asking(asked), tables, at).to_dicts()
    return rows[0] if len(rows) == 1 else rows


LOAN = "late-loan-1"


def test_what_nothing_forbids_may_leave_now(gate):
    book = together(late(), fresh_payments())

    answer = judged(gate, book, ("late", LOAN, "gentle_reminder", "email", 2))

    assert (answer["forbidden_by"], answer["send_at"]) == (None, AT)


def test_in_the_night_it_waits_for_the_morning_of_the_person(gate):
    book = together(late(), fresh_payments(AT + 13 * HOUR))

    answer = judged(gate, book, ("late", LOAN, "gentle_reminder", "sms", 2), at=AT + 13 * HOUR)

    assert answer["forbidden_by"] is None
    assert answer["send_at"] > AT + 13 * HOUR


@pytest.mark.parametrize(
    ("fact", "forbidden_by"),
    [
        (held("late", "bereavement"), "hold_bereavement"),
        (held("late", "dispute", loan=LOAN), "hold_dispute"),
        (consents("late", "all", withdrawn_at=AT - HOUR), "refused"),
    ],
)
def test_a_fact_of_the_last_hour_stops_it(gate, fact, forbidden_by):
    book = together(late(), fresh_payments(), fact)

    answer = judged(gate, book, ("late", LOAN, "gentle_reminder", "email", 2))

    assert answer["send_at"] is None
    assert forbidden_by in answer["forbidden_by"]


@pytest.mark.parametrize(
    ("fact", "forbidden_by"),
    [
        (consents("late", "all", channel="sms", withdrawn_at=AT - HOUR), "refused@sms"),
        ({"preferences": []}, "no_address@sms"),
    ],
    ids=["refused", "no number"],
)
def test_of_a_channel_that_was_asked_for_it_says_what_closes_that_one(gate, fact, forbidden_by):
    book = together(late(), fresh_payments(), fact)
    if forbidden_by.startswith("no_address"):
        book["contact_points"] = [it for it in book["contact_points"] if it["channel"] != "sms"]

    answer = judged(gate, book, ("late", LOAN, "gentle_reminder", "sms", 2))

    assert (answer["send_at"], answer["forbidden_by"]) == (None, forbidden_by)


def test_a_hold_comes_before_what_closes_the_channel(gate):
    stopped = consents("late", "all", channel="sms", withdrawn_at=AT - HOUR)
    book = together(late(), fresh_payments(), stopped, held("late", "bereavement"))

    answer = judged(gate, book, ("late", LOAN, "gentle_reminder", "sms", 2))

    assert answer["forbidden_by"] == "hold_bereavement"


def test_a_stale_payments_feed_stops_whatever_asks_for_money_and_no_receipt(gate):
    book = late()

    asked = judged(gate, book, ("late", LOAN, "gentle_reminder", "email", 2))
    receipt = judged(gate, book, ("late", LOAN, "payment_received", "email", 2))

    assert asked["forbidden_by"] == "feed_stale"
    assert receipt["forbidden_by"] is None


def test_a_closed_channel_is_closed_even_if_another_is_open(gate):
    book = together(late(), fresh_payments())
    book["contact_points"] = [it for it in book["contact_points"] if it["channel"] != "sms"]

    by_sms = judged(gate, book, ("late", LOAN, "gentle_reminder", "sms", 2))
    any_way = judged(gate, book, ("late", LOAN, "gentle_reminder", None, 2))

    assert by_sms["send_at"] is None
    assert any_way["channel"] not in (None, "sms")


def test_a_cap_that_is_full_holds_until_it_lets_go(gate):
    said = [
        told("late", "gentle_reminder", send_at=AT - n * HOUR, channel="sms", subject=LOAN)
        for n in range(1, 9)
    ]
    book = together(late(), fresh_payments(), *said)

    answer = judged(gate, book, ("late", LOAN, "gentle_reminder", "sms", 2))

    assert answer["send_at"] is None or answer["send_at"] > AT


def test_a_duty_leaves_though_the_cap_is_full_and_the_person_opted_out(gate):
    said = [
        told("late", "gentle_reminder", send_at=AT - n * HOUR, channel="letter", subject=LOAN)
        for n in range(1, 9)
    ]
    book = together(late(), fresh_payments(), *said, consents("late", "all", withdrawn_at=AT - DAY))

    answer = judged(gate, book, ("late", LOAN, "arrears_notice", "letter", 5))

    assert answer["forbidden_by"] is None


def test_someone_outside_the_loan_is_never_told_of_it(gate):
    book = together(late(), outsider(), guarantor_of("late", may_be_told="nothing"), fresh_payments())

    rows = judged(
        gate,
        book,
        ("outsider", LOAN, "gentle_reminder", "email", 2),
        ("guarantor", LOAN, "guarantor_notice", "email", 2),
    )

    assert [row["send_at"] for row in rows] == [None, None]


def test_each_of_many_people_is_judged_alone(gate):
    names = [f"person-{n}" for n in range(40)]
    book = together(*(late(name) for name in names), fresh_payments(), held("person-7", "bereavement"))
    asked = [(name, f"{name}-loan-1", "gentle_reminder", "email", 2) for name in names]

    rows = judged(gate, book, *asked)

    stopped = [row["person_id"] for row in rows if row["forbidden_by"]]
    assert stopped == ["person-7"]
    assert pl.DataFrame(rows)["send_at"].drop_nulls().unique().to_list() == [AT]


def test_after_a_talk_a_call_rests(gate):
    book = together(late(), fresh_payments(), talked("late", at=AT - DAY))

    answer = judged(gate, book, ("late", LOAN, "help_call", "call", 2))

    assert answer["send_at"] is None or answer["send_at"] > AT


def test_two_who_ask_at_once_are_each_answered_as_if_alone(gate):
    books = {name: together(late(name), fresh_payments()) for name in ("one", "two")}
    books["two"] = together(books["two"], held("two", "bereavement"))

    def asked(name):
        return judged(gate, books[name], (name, f"{name}-loan-1", "gentle_reminder", "email", 2))[
            "forbidden_by"
        ]

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(asked, ["one", "two"] * 10))

    assert answers == [None, "hold_bereavement"] * 10
