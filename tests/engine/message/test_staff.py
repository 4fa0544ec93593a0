"""What staff read: everything the row holds, each code beside its sentence, each rule with its source."""

import pytest

from tideover.engine.message import LANGUAGES, explain


def read(told, words, language="en"):
    return explain(told, audience="staff", language=language, words=words)


def test_a_rule_is_told_with_its_id_place_standing_words_and_source(told, words):
    text = read(told["no working address, and none in the contract"], words).part("blocked").listed

    assert "Rule: lv_contract_address (contract addresses only; Latvia; law)" in text
    assert (
        "It says: Debt is recovered only through the means and addresses that stand in the contract." in text
    )
    assert "Source: Law on Extrajudicial Recovery of Debt" in text
    assert "Closed: e-mails [email] and text messages [sms]" in text


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_a_rules_english_words_are_left_out_of_other_languages_and_its_id_stays(told, words, language):
    text = read(told["no working address, and none in the contract"], words, language).text

    assert "lv_contract_address" in text
    assert "Debt is recovered" not in text


def test_a_restricted_reason_stands_beside_what_the_person_reads(told, words):
    lines = [line.text for line in read(told["contact could put her in danger"], words).part("blocked").lines]

    assert lines == [
        "Contact could put the person in danger. [hold_abuse]",
        "The person reads: There is something we have to settle on our side first.",
    ]


def test_chance_segment_arm_and_open_cells_are_told(told, words):
    text = read(told["a payment is near"], words).part("chosen").listed

    assert text.splitlines()[:4] == [
        "- Arm: treated",
        "- Leaf: spotless/current",
        "- Open cells: 1010000/1/1/110",
        "- Chance, per 10,000: 412",
    ]


def test_hashes_are_cited_short(told, words):
    trace = read(told["a payment is near"], words).part("trace").listed

    assert "Strategy: 0a1b2c3d4e5f\n" in trace
    assert "0a1b2c3d4e5f6" not in trace


def test_what_was_known_comes_with_its_unit(told, words):
    known = read(told["a payment's day has passed"], words).part("why").lines[-1].text

    assert known.startswith("Known then: days late: 12; open amount: €120.50; open instalments: 1; ")
    assert known.endswith("in difficulty: no; support need: no")


def test_a_place_without_rules_of_its_own_is_said_aloud(told, words):
    assert "No rules are known for the person's country" in read(told["rules unknown"], words).text


def test_a_duty_names_its_law(told, words):
    text = read(told["a law's notice by letter"], words).part("why").listed

    assert "Rule: gb_arrears_notice (duty to tell; United Kingdom; law)" in text
    assert "Consumer Credit Act 1974" in text


def test_every_line_about_a_code_carries_it(told, words):
    why = read(told["held out to measure"], words).part("why")

    assert [line.code for line in why.lines if line.code] == ["payment_near", "held_out"]


def test_codes_are_fenced_off_in_persian(told, words):
    text = read(told["a payment is near"], words, "fa").text

    assert "\u2068due_soon\u2069" in text
    assert text.count("\u2068") == text.count("\u2069")
