"""Situations that people ask about, as decisions with what was known: told on Friday 6 March 2026, 10:00 in Riga.

Amounts are in minor units. Nobody here exists; each is named by what has happened.
"""

from datetime import UTC, date, datetime

from tideover.engine.message import Told
from tideover.kit.days import day_of

ZONE_HOURS = 2


def moment(day: int, hour: int = 10, minute: int = 0, month: int = 3) -> int:
    """Epoch seconds of a local time in Riga, in winter."""
    return int(datetime(2026, month, day, hour - ZONE_HOURS, minute, tzinfo=UTC).timestamp())


def day(number: int, month: int = 3, year: int = 2026) -> int:
    return day_of(date(year, month, number))


AT = moment(6)
ROW = {
    "decision_id": "P1.1772784000.0a1b2c3d4e5f", "borrower_id": "P1", "at": AT, "subject": None, "occasion": None, "treatment": "none",
    "purpose": None, "policy": None, "step": None, "channel": None, "send_at": None, "use_by": None, "language": "en", "tone": None,
    "message": None, "lesson": None, "reasons": "nothing_useful_to_say", "blocked_by": "", "next_review_at": moment(10, 0 + ZONE_HOURS),
    "cost": 0, "arm": "treated", "leaf": "spotless/current", "eligible": None, "propensity": None,
    "strategy_hash": "0a1b2c3d4e5f60718293", "rules_hash": "1b2c3d4e5f60718293a4", "tables_hash": "2c3d4e5f60718293a4b5",
    "content_hash": "3d4e5f60718293a4b5c6", "engine_version": "1",
}  # fmt: skip
VALUES = {
    "timezone": "Europe/Riga", "jurisdiction": "lv", "currency": "EUR", "own_holds": "", "past_payments": 14, "late_before": 0,
    "days_past_due": 0, "overdue": 0, "next_due_on": day(9), "next_due_amount": 12_050, "days_to_due": 3,
    "last_payment_on": day(4), "last_payment_amount": 12_050, "in_difficulty": False, "has_support_need": False, "hard_reasons": 0,
}  # fmt: skip
LATE = {"days_past_due": 12, "overdue": 12_050, "overdue_instalments": 1, "oldest_overdue_on": day(22, 2), "next_due_on": day(22)}


def silence(reasons: str, blocked_by: str = "", values: dict | None = None, **row: object) -> Told:
    given = {**ROW, "reasons": reasons, "blocked_by": blocked_by, **row}
    return Told(given, values={**VALUES, **(values or {})})


def contact(
    purpose: str, reasons: str, policy: str, *, channel: str | None = "email", offers: tuple[str, ...] = (), values: dict | None = None,
    sent: bool = False, topics: int = 1, **row: object,
) -> Told:  # fmt: skip
    send_at = moment(6, 18, 20)
    given = {
        **ROW, "treatment": "contact", "purpose": purpose, "reasons": reasons, "policy": policy, "step": "due", "subject": "L1",
        "channel": channel, "send_at": send_at, "use_by": moment(9), "tone": "warm", "message": purpose, "eligible": "1010000/1/1/110",
        "propensity": 412, "next_review_at": moment(7, ZONE_HOURS), **row,
    }  # fmt: skip
    about = tuple({"subject": f"L{i}", "occasion": purpose, "is_main": int(i == 1)} for i in range(1, topics + 1))
    return Told(given, about, offers, {**VALUES, **(values or {})}, send_at if sent else None)


FIRST_SLIP = {**LATE, "days_past_due": 1, "oldest_overdue_on": day(5)}
NOTHING_KNOWN = dict.fromkeys(VALUES)

SITUATIONS: dict[str, Told] = {
    "nothing to say": silence("nothing_useful_to_say"),
    "pays on time by herself": silence("pays_by_yourself"),
    "a first slip is met with silence": silence("spotless_history", values=FIRST_SLIP),
    "a first slip, and one light note": contact("leeway_note", "spotless_history", "first_slip", channel="sms", offers=("new_day",), values=FIRST_SLIP, sent=True),
    "the days of leeway are running": silence("leeway_days_running", values=FIRST_SLIP),
    "often late, so help comes early": contact("early_help", "late_habit", "early_help", offers=("move_date", "split", "new_day"), lesson="paying_on_time", values={"late_before": 6}),
    "payments come later and later": contact("early_help", "getting_harder", "early_help", offers=("move_date", "smaller_for_a_while", "talk")),
    "a payment is near": contact("due_soon", "payment_near", "before_due"),
    "a payment is due tomorrow": contact("due_soon", "payment_near", "before_due", channel="push", values={"days_to_due": 1, "next_due_on": day(7)}, sent=True),
    "steadily some days late": contact("move_date_offer", "pays_on_payday", "move_date", channel="app", offers=("move_date",)),
    "wished for weekly payments": contact("weekly_offer", "you_asked_for_it", "move_date", offers=("weekly",)),
    "the first payment is near": contact("first_instalment_guide", "first_payment_near", "welcome", lesson="first_payment", values={"past_payments": 0}),
    "a payment's day has passed": contact("gentle_reminder", "day_has_passed", "instalment_late", offers=("new_day",), values=LATE),
    "some days late, two loans in one message": contact("options_offer", "late_for_days", "instalment_late", offers=("new_day", "split", "move_date"), values=LATE, topics=2, sent=True),
    "a card, late by month-end files": contact("options_offer", "late_for_days", "card_late", offers=("smaller_for_a_while",), values={**LATE, "oldest_overdue_on": None, "days_past_due": 30}),
    "weeks late": contact("plan_offer", "late_for_weeks", "instalment_late", channel="letter", offers=("plan", "smaller_for_a_while", "hardship_review"), values={**LATE, "overdue": 36_150, "overdue_instalments": 3, "oldest_overdue_on": day(22, 12, 2025)}),
    "a person calls": contact("help_call", "a_talk_helps_most", "instalment_late", channel="call", treatment="human", offers=("plan", "split", "hardship_review"), values=LATE),
    "an officer visits on Monday": contact("help_visit", "a_talk_helps_most,better_moment_later", "weekly_late", channel="visit", treatment="wait", send_at=moment(9, 11), offers=("smaller_for_a_while", "plan"), values=LATE),
    "long late, a firm and fair word": contact("firm_notice", "late_and_no_answer", "instalment_late", channel="letter", tone="firm", offers=("plan", "talk", "hardship_review"), values=LATE, sent=True),
    "a promise is written down": contact("promise_confirmed", "promise_made", "promises", channel="sms", values={**LATE, "promised_on": day(13)}, sent=True),
    "the eve of the promised day": contact("promise_eve", "promise_tomorrow", "promises", channel="sms", values={**LATE, "promised_on": day(7)}),
    "a promise is running": silence("promise_running", values={**LATE, "promised_on": day(13)}),
    "a promise was missed": contact("promise_broken", "promise_not_kept", "promises", offers=("new_day", "split", "talk"), values=LATE),
    "a promise was kept": contact("promise_kept", "promise_kept", "promises", channel="sms", sent=True),
    "just paid": silence("just_paid"),
    "a plan is running": silence("plan_kept"),
    "told us that money is short": silence("hard_times", "hold_hardship", values={**LATE, "own_holds": "hardship", "in_difficulty": True}),
    "how are things?": contact("hardship_check_in", "hard_times", "hardship", values={"own_holds": "hardship", "in_difficulty": True}, offers=()),
    "a flood touches many": contact("relief_offer", "shared_hardship", "hardship", values={"own_holds": "disaster", "in_difficulty": True}),
    "a death was told": silence("nothing_useful_to_say", "hold_bereavement", values={"own_holds": "bereavement"}),
    "an amount is disputed": silence("nothing_useful_to_say", "hold_dispute", values={**LATE, "own_holds": "dispute"}),
    "the other borrower is insolvent": silence("nothing_useful_to_say", "hold_insolvency", values={**LATE, "own_holds": ""}),
    "contact could put her in danger": silence("hard_times", "hold_abuse", values={**LATE, "own_holds": "abuse,hardship", "in_difficulty": True}),
    "the loan may be a fraud": silence("nothing_useful_to_say", "hold_identity_theft", values={**LATE, "own_holds": "identity_theft"}),
    "may be under age": silence("nothing_useful_to_say", "hold_minor", values={"own_holds": "minor"}),
    "the payments feed is old": silence("nothing_useful_to_say", "feed_stale", values=LATE),
    "no yes to offers": silence("nothing_useful_to_say", "default_offer_consent@email,default_offer_consent@sms"),
    "no working address, and none in the contract": silence("nothing_useful_to_say", "no_address@app,lv_contract_address@email,lv_contract_address@sms,asked_no_calls@call", values=LATE),
    "wishes and a shared phone": silence("nothing_useful_to_say", "wished_other_channel@email,others_use_phone@sms,refused@letter"),
    "time to object is running": silence("nothing_useful_to_say", "lv_objection_time@email,lv_objection_time@letter", values=LATE),
    "enough for this week": contact("options_offer", "late_for_days,better_moment_later", "instalment_late", treatment="wait", send_at=moment(9, 11), blocked_by="default_budget_week", values=LATE),
    "resting after a talk": silence("nothing_useful_to_say,no_moment_before_use_by", "us_agent_after_talk", purpose="options_offer", policy="instalment_late", step="options", values=LATE),
    "held out to measure": silence("payment_near,held_out", purpose="due_soon", policy="before_due", step="due", arm="held_out"),
    "a law's notice by letter": contact("arrears_notice", "duty_owed", "duties", step="gb_arrears_notice", channel="letter", tone="plain", values={**LATE, "jurisdiction": "gb", "currency": "GBP"}),
    "a notice that no channel can carry": contact("first_notice", "duty_owed,no_moment_before_use_by", "duties", step="lv_first_notice", treatment="human", channel=None, send_at=None, use_by=None, blocked_by="closed_until_use_by", values=LATE),
    "a guarantor must hear": contact("guarantor_notice", "guarantee_contract", "guarantor", channel="letter"),
    "a guarantor has nothing to pay": silence("not_your_payment"),
    "documents are missing": contact("documents_missing", "something_is_missing", "application", lesson="sending_documents", subject="A1"),
    "an application takes long": contact("under_review", "review_takes_long", "application", channel="push", subject="A1"),
    "an application was declined": contact("declined", "application_moved", "application", subject="A1"),
    "the loan is paid in full": contact("loan_closed", "loan_paid_in_full", "closing", sent=True),
    "a new loan": contact("welcome", "loan_begins", "welcome", channel="app"),
    "a lesson fits": contact("lesson", "lesson_fits_now", "lesson", lesson="credit_record", channel="app"),
    "a question after a talk": contact("survey", "after_our_talk", "check_in"),
    "looked for a product": contact("offer", "looked_for_it", "offer"),
    "nothing is known": contact("options_offer", "late_for_days", "instalment_late", offers=("a_lenders_own",), values=NOTHING_KNOWN, lesson="a_lenders_own"),
    "no decimals": contact("gentle_reminder", "day_has_passed", "instalment_late", values={**LATE, "currency": "VND", "overdue": 1_250_000}),
    "three decimals": contact("gentle_reminder", "day_has_passed", "instalment_late", values={**LATE, "currency": "KWD", "overdue": 45_750}),
    "a large amount in the reader's grouping": contact("gentle_reminder", "day_has_passed", "instalment_late", values={**LATE, "currency": "BDT", "overdue": 123_456_700}),
    "rials": contact("gentle_reminder", "day_has_passed", "instalment_late", values={**LATE, "currency": "IRR", "overdue": 12_500_000, "timezone": "Asia/Tehran"}),
    "everything assumed": contact("due_soon", "payment_near,assumed_consent,assumed_channel", "before_due"),
    "rules unknown": silence("nothing_useful_to_say", "default_hours", values={"jurisdiction": "_default"}),
}  # fmt: skip
