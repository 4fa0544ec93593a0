"""What a borrower reads: the same truth in her language, and nothing that is not hers to know."""

import re
import unicodedata
from dataclasses import replace

import pytest

from tests.engine.message.situations import contact, silence
from tideover.engine.message import LANGUAGES, explain

FIVE = ["what", "why", "blocked", "change", "next"]
RESTRICTED = (
    "hold_abuse",
    "hold_minor",
    "hold_identity_theft",
    "hold_wrong_number",
    "hold_capacity",
    "hold_danger",
)


def read(told, words, language="en", audience="borrower"):
    return explain(told, audience=audience, language=language, words=words)


def part(told, words, name, language="en"):
    found = read(told, words, language).part(name)
    return found.text if found else ""


def test_a_contact_says_what_why_what_held_it_back_what_would_change_it_and_when_we_look_again(told, words):
    explained = read(told["enough for this week"], words)

    assert [it.name for it in explained.parts] == FIVE


def test_silence_is_explained_like_everything_else(told, words):
    explained = read(told["nothing to say"], words)

    assert [it.name for it in explained.parts] == ["what", "why", "change", "next"]
    assert all(it.text for it in explained.parts)


def test_where_only_an_obstacle_explains_the_silence_it_is_the_reason(told, words):
    why = part(told["no yes to offers"], words, "why")

    assert why == "Some messages need your yes before we use: e-mails and text messages."


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", ["loan_is_closed", "not_your_payment"])
def test_nobody_reads_that_there_is_nothing_to_do_while_another_loan_of_hers_runs(words, language, reason):
    another_runs = silence(reason, open_loans=1)
    none_runs = silence(reason, open_loans=0)

    assert read(another_runs, words, language) == read(silence("nothing_useful_to_say"), words, language)
    assert read(none_runs, words, language) != read(silence("nothing_useful_to_say"), words, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_that_found_no_allowed_moment_is_not_said_to_be_none(told, words, language):
    explained = read(told["no allowed moment came"], words, language)

    assert explained.part("why") != read(silence("nothing_useful_to_say"), words, language).part("why")
    assert explained.part("blocked") is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_a_person_takes_over_nobody_reads_that_it_came_too_late(told, words, language):
    explained = read(told["a notice that no channel can carry"], words, language)
    too_late = part(told["no allowed moment came"], words, "why", language)

    assert too_late not in explained.text


def test_who_is_called_about_a_late_payment_reads_which_one(words):
    late = silence("a_talk_helps_most", overdue=12_050, oldest_overdue_on=20_506)

    assert "€120.50" in part(late, words, "why")
    assert part(silence("a_talk_helps_most", overdue=0), words, "why") == (
        "A talk can do more for you now than a message can."
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("hold", RESTRICTED)
def test_a_restricted_hold_reads_like_an_old_payments_feed(words, language, hold):
    kind = hold.removeprefix("hold_")
    held = silence("nothing_useful_to_say", blocked=(hold,), own_holds=kind)
    old_feed = silence("nothing_useful_to_say", blocked=("feed_stale",))

    assert read(held, words, language) == read(old_feed, words, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_hard_times_are_not_said_back_while_contact_could_be_dangerous(words, language):
    own = silence("hard_times", own_holds="hardship", hard_reasons=1)
    dangerous = silence("hard_times", own_holds="abuse,hardship", hard_reasons=1)
    unknown = silence("hard_times", own_holds=None, hard_reasons=None)

    assert read(own, words, language) != read(silence("nothing_useful_to_say"), words, language)
    assert read(dangerous, words, language) == read(silence("nothing_useful_to_say"), words, language)
    assert read(unknown, words, language) == read(silence("nothing_useful_to_say"), words, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_silence_for_danger_reads_like_an_old_payments_feed(told, words, language):
    old_feed = silence("nothing_useful_to_say", blocked=("feed_stale",))

    assert read(told["contact could put her in danger"], words, language) == read(old_feed, words, language)


def test_a_hold_beside_a_restricted_one_is_not_named(words):
    both = silence("nothing_useful_to_say", blocked=("hold_hardship",), own_holds="abuse,hardship")

    assert "money" not in read(both, words).text


def test_the_trouble_of_another_party_is_not_told(told, words):
    assert "protection" not in read(told["the other borrower is insolvent"], words).text


def test_ones_own_protection_is_told(words):
    own = silence("nothing_useful_to_say", blocked=("hold_insolvency",), own_holds="insolvency")

    assert "A formal protection is in place" in part(own, words, "why")


def test_a_habit_is_told_as_help_in_good_time(told, words):
    explained = read(told["often late, so help comes early"], words)

    assert explained.part("why").text == "Help in good time can make a payment easier."
    assert "often" not in explained.text


def test_who_is_held_out_reads_a_true_sentence_and_not_why_we_would_have_written(told, words):
    assert part(told["held out to measure"], words, "why") == "We have no message for you at the moment."


def test_assumptions_of_a_source_are_no_reason(told, words):
    assert read(told["everything assumed"], words) == read(told["a payment is near"], words)


def test_a_duty_that_no_channel_can_carry_goes_to_a_person(told, words):
    assert part(told["a notice that no channel can carry"], words, "what").startswith(
        "A person from our team"
    )


def test_a_law_is_named_as_one_only_where_it_is_one(told, words):
    assert part(told["a law's notice by letter"], words, "why").startswith("The law says")
    assert part(told["a notice that no channel can carry"], words, "why").startswith("This is something")


def test_what_was_sent_is_told_as_past_and_what_is_planned_as_planned(words):
    planned = contact("due_soon", "payment_near")
    sent = replace(planned, sent_at=planned.row["send_at"])

    assert part(planned, words, "what").startswith(
        "We plan to send you an e-mail on Friday 6 March, at about 6:15"
    )
    assert part(sent, words, "what").startswith("We sent you an e-mail on Friday 6 March.")


def test_the_offer_that_the_message_is_about_is_not_listed_again(told, words):
    assert "This may help you" not in part(told["steadily some days late"], words, "what")


def test_a_language_without_words_falls_back_to_english_and_says_so(told, words):
    explained = read(told["just paid"], words, "sw")

    assert explained.language == "en"
    assert explained.paragraphs[0].startswith("We do not have these words in your language yet")


def test_a_regional_language_needs_no_note(told, words):
    explained = read(told["just paid"], words, "bn-BD")

    assert (explained.language, explained.note) == ("bn", "")


def test_without_a_language_asked_for_the_persons_own_is_spoken(words):
    told = silence("just_paid")
    told = replace(told, row={**told.row, "language": "vi"})

    assert read(told, words, None).language == "vi"


def test_a_reason_nobody_wrote_words_for_names_whom_to_ask(words):
    made_up = contact("due_soon", "a_lenders_own_reason")

    assert part(made_up, words, "why") == "Ask us, and a person will explain why."


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_unknown_leaves_no_gap(told, words, language):
    text = read(told["nothing is known"], words, language).text

    assert not re.search(r"[{}\[\]]|None|  |_| [.,।،]", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_code_stands_in_the_structured_lines_either(told, words, language):
    for situation in told.values():
        assert all(line.code == "" for it in read(situation, words, language).parts for line in it.lines)


def test_persian_reads_from_right_to_left_with_amounts_fenced_off(told, words):
    explained = read(told["rials"], words, "fa")

    assert explained.direction == "rtl"
    assert "\u2068۱۲٬۵۰۰٬۰۰۰ ریال\u2069" in explained.text
    assert explained.text.count("\u2068") == explained.text.count("\u2069")


@pytest.mark.parametrize(
    ("language", "digit"), [("bn", "BENGALI DIGIT"), ("fa", "EXTENDED ARABIC-INDIC DIGIT")]
)
def test_digits_are_those_of_the_language(told, words, language, digit):
    for situation in told.values():
        digits = [sign for sign in read(situation, words, language).text if sign.isdecimal()]
        assert all(unicodedata.name(sign).startswith(digit) for sign in digits)
