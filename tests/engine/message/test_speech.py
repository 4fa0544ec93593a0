"""Days, times and amounts as readers of each language write them."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from tests.engine.message.situations import contact, day, moment, silence
from tideover.engine.message.speech import Speech

ZONES = ["America/New_York", "Pacific/Kiritimati"]


def speech(words, language, **known):
    return Speech(silence("just_paid", **known), words, language)


@pytest.mark.parametrize(
    ("language", "plain", "when"),
    [
        ("en", "Friday 13 March", "on Friday 13 March"),
        ("lv", "piektdiena, 13. marts", "piektdien, 13. martā"),
        ("vi", "thứ Sáu ngày 13 tháng 3", "vào thứ Sáu ngày 13 tháng 3"),
        ("bn", "১৩ মার্চ শুক্রবার", "১৩ মার্চ শুক্রবার"),
        ("fa", "جمعه ۲۲ اسفند", "روز جمعه ۲۲ اسفند"),
    ],
)
def test_a_day_comes_with_its_weekday_in_the_readers_calendar(words, language, plain, when):
    assert speech(words, language).day(day("2026-03-13")) == plain
    assert speech(words, language).day(day("2026-03-13"), when=True) == when


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Wednesday 1 January 2025"),
        ("lv", "trešdiena, 2025. gada 1. janvāris"),
        ("vi", "thứ Tư ngày 1 tháng 1 năm 2025"),
        ("bn", "১ জানুয়ারি ২০২৫ বুধবার"),
        ("fa", "چهارشنبه ۱۲ دی ۱۴۰۳"),
    ],
)
def test_a_day_that_is_far_away_comes_with_its_year(words, language, said):
    assert speech(words, language).day(day("2025-01-01")) == said


@pytest.mark.parametrize("number", [-(10**9), 10**9])
def test_a_day_outside_of_two_centuries_is_not_told(words, number):
    assert speech(words, "en").day(number) is None


@pytest.mark.parametrize(
    ("currency", "minor", "english", "persian"),
    [
        ("VND", 1_250_000, "₫1,250,000", "۱٬۲۵۰٬۰۰۰ دونگ"),
        ("EUR", 12_050, "€120.50", "۱۲۰٫۵۰ یورو"),
        ("KWD", 45_750, "KWD 45.750", "۴۵٫۷۵۰ دینار کویت"),
    ],
)
def test_an_amount_has_the_decimals_of_its_currency(words, currency, minor, english, persian):
    assert speech(words, "en", currency=currency).amount(minor).replace("\xa0", " ") == english
    assert speech(words, "fa", currency=currency).amount(minor).strip("\u2068\u2069") == persian


def test_bengali_amounts_are_grouped_by_lakh(words):
    assert speech(words, "bn", currency="BDT").amount(123_456_700) == "১২,৩৪,৫৬৭.০০ টাকা"


@pytest.mark.parametrize("known", [{"currency": None}, {"currency": "XXQ"}])
def test_an_amount_without_a_known_currency_is_not_told(words, known):
    assert speech(words, "en", **known).amount(100) is None


@pytest.mark.parametrize("minor", [0, -5])
def test_nothing_is_no_amount(words, minor):
    assert speech(words, "en").amount(minor) is None


def test_a_name_of_the_other_direction_is_fenced_off(words):
    assert speech(words, "en").fenced("سلام") == "\u2068سلام\u2069"
    assert speech(words, "fa").fenced("L1") == "\u2068L1\u2069"
    assert speech(words, "en").fenced("L1") == "L1"


@pytest.mark.parametrize(
    ("hour", "said"),
    [
        ("05:00", "ভোর ৫:০০"),
        ("09:10", "সকাল ৯:০০"),
        ("13:20", "দুপুর ১:১৫"),
        ("18:20", "সন্ধ্যা ৬:১৫"),
        ("21:50", "রাত ৯:৪৫"),
    ],
)
def test_bengali_names_the_part_of_the_day(words, hour, said):
    told = contact("due_soon", "payment_near")
    told = replace(told, row={**told.row, "send_at": moment(f"2026-03-06 {hour}")})

    assert Speech(told, words, "bn").time("send_at") == said


def test_a_day_is_the_persons_own(words):
    late = moment("2026-03-06 23:30")
    told = replace(silence("just_paid"), row={**silence("just_paid").row, "at": late})
    abroad = replace(told, values={**told.values, "timezone": "Asia/Dhaka"})

    assert Speech(told, words, "en").value("when_at") == "on Friday 6 March"
    assert Speech(abroad, words, "en").value("when_at") == "on Saturday 7 March"


@pytest.mark.parametrize("zone", ZONES)
def test_the_machines_own_time_zone_changes_nothing(zone):
    script = (
        "from tests.engine.message.situations import situations\n"
        "from tideover.engine.message import explain, read_words\n"
        "told = situations()['a payment is near']\n"
        "print(explain(told, audience='borrower', language='en', words=read_words()).part('what').text)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "TZ": zone},
    )

    assert "on Friday 6 March, at about 6:15" in done.stdout, done.stderr
    assert "due on Monday 9 March" in done.stdout
