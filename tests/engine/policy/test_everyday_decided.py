"""The shipped strategy under the shipped rules: what single people get on one quiet Wednesday."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.generative.deciding import Case, by_engine, by_reference, differences, written
from tests.people import (
    AT,
    DAY,
    HOUR,
    TODAY,
    Rows,
    consents,
    fresh_payments,
    guarantor_of,
    held,
    late,
    loan,
    often_late,
    prefers,
    reachable,
    reliable,
    row,
    schedule,
    someone,
    spotless_with_a_first_slip,
    together,
    told,
)

RIGA = {"country": "LV", "zone": "Europe/Riga", "language": "lv"}


@dataclass(frozen=True)
class Part:
    """One person of the book, and what follows for her: None where it is silence, or where it is not told here."""

    rows: Callable[[str], Rows]
    message: str | None = None
    because: str | None = None


def promised(name, days_ahead, **ended):
    """A chosen day for the first loan."""
    known = {"on": TODAY + days_ahead, "made_at": AT - 20 * DAY, "amount": 10_000, "origin": "self", **ended}
    chosen = row("promises", promise_id=name, loan_id=f"{name}-loan-1", person_id=name, **known)
    return together(late(name), {"promises": [chosen]})


def reliable_with_a_closed_loan(name):
    past = [TODAY - 900 + 30 * n for n in range(4)]
    paid_back = loan(name, number=9, disbursed_on=TODAY - 930, closed_on=TODAY - 800)
    return together(reliable(name), paid_back, schedule(name, past, number=9, lags=[0, 0, 0, 0]))


def first_slip_in_riga(name):
    rows = spotless_with_a_first_slip(name)
    rows["borrowers"] = someone(name, country="LV", timezone="Europe/Riga", language="lv")["borrowers"]
    return rows


def reminded_in_riga(name):
    before = told(name, "neutral_reminder", send_at=AT - 3 * DAY, subject=f"{name}-loan-1")
    return together(late(name, 7, **RIGA), before)


def without_a_phone(name):
    rows = late(name, 16)
    rows["contact_points"] = reachable(name, "email")["contact_points"]
    return rows


def told_of_a_lost_job(name):
    said = {"need": "job_loss", "told_at": AT - 20 * HOUR}
    reason = row("lateness_reasons", person_id=name, loan_id=f"{name}-loan-1", **said)
    return together(late(name, 16), {"lateness_reasons": [reason]})


CAST = {
    "late in London": Part(lambda it: late(it, 4), "gentle_reminder", "day_has_passed"),
    "late in Riga": Part(lambda it: late(it, 4, **RIGA), "neutral_reminder", "day_has_passed"),
    "reminded in Riga": Part(reminded_in_riga, None, "told_recently"),
    "first slip in Riga": Part(first_slip_in_riga, "leeway_note", "spotless_history"),
    "first slip in London": Part(spotless_with_a_first_slip, "leeway_note", "spotless_history"),
    "one day late": Part(lambda it: spotless_with_a_first_slip(it, 1), None, "spotless_history"),
    "often late": Part(often_late, "early_help", "late_habit"),
    "reliable": Part(reliable_with_a_closed_loan, None, "pays_by_yourself"),
    "beside the reliable": Part(
        lambda it: guarantor_of("reliable", it, role="co_borrower"), None, "nothing_useful_to_say"
    ),
    "two months late": Part(lambda it: late(it, 65)),
    "guarantor": Part(
        lambda it: guarantor_of("two months late", it), "guarantor_notice", "guarantee_contract"
    ),
    "calm guarantor": Part(lambda it: guarantor_of("late in London", it), None, "not_your_payment"),
    "without a phone": Part(without_a_phone, "options_offer", "late_for_days"),
    "asked no calls": Part(
        lambda it: together(late(it, 16), prefers(it, no_calls="yes")), "options_offer", "late_for_days"
    ),
    "needs large print": Part(
        lambda it: together(late(it, 16), prefers(it, large_print="yes")), "help_call", "a_talk_helps_most"
    ),
    "in the flood": Part(
        lambda it: together(late(it, 16), held(it, "disaster", from_at=AT - 2 * DAY)),
        "relief_offer",
        "shared_hardship",
    ),
    "just told us": Part(told_of_a_lost_job, "hardship_check_in", "hard_times"),
    "day passed in silence": Part(lambda it: promised(it, -4), "promise_broken", "promise_not_kept"),
    "day just passed": Part(lambda it: promised(it, -1), None, "promise_running"),
    "part of it": Part(
        lambda it: promised(it, -2, end="broken", ended_at=AT - DAY, kept_amount=4_000),
        "promise_broken",
        "part_of_promise_kept",
    ),
    "took back every yes": Part(
        lambda it: together(late(it, 4), consents(it, "all", withdrawn_at=AT - 40 * DAY))
    ),
}
BOOK = together(fresh_payments(), *(part.rows(name) for name, part in CAST.items()))


@pytest.fixture(scope="module")
def case():
    return Case(BOOK, AT)


@pytest.fixture(scope="module")
def decided(case, tmp_path_factory):
    return by_engine(case, written(BOOK, tmp_path_factory.mktemp("book") / "book"))


@pytest.fixture(scope="module")
def rows(decided):
    return {row["borrower_id"]: row for row in decided["decisions"]}


@pytest.mark.parametrize("name", [name for name, part in CAST.items() if part.because])
def test_each_gets_what_fits_and_why(rows, name):
    got = rows[name]

    assert (got["message"], got["reasons"].split(",")[0]) == (CAST[name].message, CAST[name].because), got


def test_in_riga_the_ladder_is_named_as_what_the_law_closes(rows):
    assert rows["late in Riga"]["policy"] == "neutral_reminder"
    assert "lv_notice_before_collecting" in rows["late in Riga"]["blocked_by"]


def test_only_riga_gets_the_neutral_reminder(rows):
    assert [name for name, row in rows.items() if row["message"] == "neutral_reminder"] == ["late in Riga"]


def test_a_guarantor_is_written_to_and_never_called(rows):
    assert rows["guarantor"]["channel"] in ("letter", "email", "app")


def test_whoever_took_back_every_yes_hears_nothing(rows):
    assert rows["took back every yes"]["treatment"] == "none"
    assert "refused" in rows["took back every yes"]["blocked_by"]


def test_nobody_in_hard_times_is_asked_for_money(rows, case):
    classes = case.strategy.lists.purposes
    told_of = {rows[name]["message"] for name in ("in the flood", "just told us")}

    assert {classes[purpose].purpose_class for purpose in told_of} == {"help"}


def test_the_plainest_reading_decides_the_same(decided, case):
    assert differences(decided, by_reference(case)) == []
