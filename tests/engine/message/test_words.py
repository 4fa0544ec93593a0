"""The check of the words: whatever could make an explanation wrong, unkind or silent is found before it is published."""

import re
import shutil
from pathlib import Path

import pytest

from tideover.engine.message import LANGUAGES, check_words, read_words, reading_of
from tideover.engine.message._sentences import sentences_in
from tideover.engine.message.plain import Reading, unkind_words
from tideover.engine.message.reading import KNOWN
from tideover.engine.message.told import TELLABLE
from tideover.engine.message.words import FOLDER, STAFF_FOLDER, Plain
from tideover.engine.policy.content import SHIPPED, ContentRefused
from tideover.engine.policy.rules import read_rules


@pytest.fixture(scope="module")
def rules():
    return read_rules(SHIPPED)


@pytest.fixture
def overlay(tmp_path):
    """A lender's content folder with a copy of our words, to change."""
    shutil.copytree(SHIPPED / FOLDER, tmp_path / FOLDER)
    return tmp_path


def change(overlay: Path, file: str, old: str, new: str) -> None:
    path = overlay / f"{file}.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_the_shipped_words_are_complete_sayable_and_kind():
    assert check_words() == []


def test_every_shipped_ban_has_a_sentence_of_its_own(words):
    bans = {rule.id for rule in words.rules.values() if rule.kind == "ban"}

    assert all(bans <= set(words.languages[language].bans) for language in LANGUAGES)


def test_every_value_a_sentence_may_use_is_read_from_the_book(words):
    asked = {name for sentence in sentences_in(words.languages["en"]) for name in sentence.may}
    said = set(words.staff["en"].values) - {"said_yes", "said_no"}

    assert asked & set(TELLABLE) <= set(KNOWN)
    assert said <= set(KNOWN)


MISTAKES = [
    ("words/lv", "  welcome: ", "  welcom: ", "purposes: 'welcome' has no words here"),
    ("words/lv", "  welcome: ", "  welcom: ", "'welcom' is not a known code. Did you mean 'welcome'?"),
    ("words/vi", "xem lại việc này {when_next_review_at}.", "xem lại việc này.", "they must tell the same"),
    (
        "words/en",
        "You chose {promised_on} as your day to pay.",
        "You chose {promissed_on}.",
        "Did you mean 'promised_on'?",
    ),
    (
        "words/en",
        "Your plan is running",
        "Your plan until {promised_on} is running",
        "may go unsaid where promised_on",
    ),
    ("words/lv", "zero {Visi # Jūsu", "=0 {Visi # Jūsu", "the plural of past_payments lacks: zero"),
    ("words/lv", "zero {Visi # Jūsu", "few {Visi # Jūsu", "lv has no plural form few"),
    ("words/en", "The loan is closed.", "The loan is closed {now.", "is not closed"),
    ("words/en", "The loan is closed.", "The debt is closed.", "'debt*' blames, threatens or hurries"),
    ("words/fa", "وام بسته شده است.", "این بدهی بسته شده است.", "'بدهی' blames, threatens or hurries"),
    ("words/bn", "ঋণটি বন্ধ হয়েছে।", "এই খেলাপি ঋণ বন্ধ হয়েছে।", "'খেলাপি*' blames"),
    ("words/en", "The loan is closed.", f"The loan is closed{' and closed' * 20}.", "make two of it"),
    ("words/en", "one {For at least", "one {{days_past_due} For at least", "is a number"),
    (
        "words/en",
        "{next_due_amount} that is due",
        "{next_due_amount, number} that is due",
        "is text, not a number",
    ),
    ("words/en", "An adviser speaks for you, so we speak with them.", "", "is empty; write the sentence"),
    (
        "words/vi",
        "law {Luật quy định rằng",
        "lawful {Luật quy định rằng",
        "tells lawful, other apart by basis",
    ),
    (
        "words/en",
        "  plan_kept:",
        "  late_habit: {why: You are late.}\n  plan_kept:",
        "a person never reads this reason",
    ),
    ("words/en", "bans:\n", "bans:\n  no_such_rule: Never.\n", "'no_such_rule' is no rule"),
    ("words/en", '  plan: "a plan in steps"\n', "", "offers: 'plan' has no words here"),
    (
        "words/en",
        ', change: "You can change your wish at any time."}',
        "}",
        "say why, and what would change it",
    ),
    (
        "words/staff/bn",
        "  loan_is_closed:",
        "  loan_was_closed:",
        "reasons: 'loan_is_closed' has no words here",
    ),
    ("words/staff/fa", "{label}: {value}", "{label}: {valu}", "Did you mean 'value'?"),
]


@pytest.mark.parametrize(("file", "old", "new", "says"), MISTAKES)
def test_a_mistake_is_found_with_file_and_line(overlay, rules, file, old, new, says):
    change(overlay, file, old, new)

    found = [str(problem) for problem in check_words(overlay, rules=rules)]

    told = [text for text in found if says in text]
    assert told, found
    assert all(re.match(rf"{file}\.yaml:[1-9]", text) for text in told)


def test_a_missing_language_is_told(overlay, rules, monkeypatch):
    monkeypatch.setattr("tideover.engine.message.check.LANGUAGES", (*LANGUAGES, "sw"))

    told = [str(problem) for problem in check_words(overlay, rules=rules)]

    assert told == [
        f"{folder}/sw.yaml:1: is missing; every code needs words in sw" for folder in (FOLDER, STAFF_FOLDER)
    ]


def test_all_mistakes_are_told_at_once(overlay, rules):
    change(overlay, "words/en", "The loan is closed.", "The debt is closed.")
    change(overlay, "words/fa", "وام بسته شده است.", "این بدهی بسته شده است.")

    assert {problem.file for problem in check_words(overlay, rules=rules)} == {
        "words/en.yaml",
        "words/fa.yaml",
    }


def test_a_code_of_the_lenders_own_needs_words_too(overlay):
    own = (SHIPPED / "reasons.yaml").read_text(
        "utf-8"
    ) + 'rain_season: {audience: borrower, says: "The rains came late."}\n'
    (overlay / "reasons.yaml").write_text(own, "utf-8")

    found = [problem for problem in check_words(overlay) if "'rain_season' has no words here" in problem.says]

    staff = {f"words/staff/{language}.yaml" for language in LANGUAGES if language != "en"}
    assert {problem.file for problem in found} == {f"words/{language}.yaml" for language in LANGUAGES} | staff


def test_words_of_the_wrong_shape_are_refused_with_every_line(overlay):
    change(overlay, "words/en", "headings:\n  what:", "headings:\n  whatever:")

    with pytest.raises(ContentRefused, match=r"words/en\.yaml:\d+: 'whatever' is not known here"):
        read_words(overlay)


def test_a_lenders_file_stands_in_place_of_ours_and_a_new_language_is_welcome(overlay):
    change(overlay, "words/en", "The loan is closed.", "This loan has come to its end.")
    shutil.copy(overlay / FOLDER / "en.yaml", overlay / FOLDER / "sw.yaml")

    words = read_words(overlay)

    assert words.languages["en"].reasons["loan_is_closed"].why == ("This loan has come to its end.",)
    assert words.tag("sw-KE") == "sw"


def test_plainness_is_counted_in_every_script():
    plain = Plain(words=5, letters=8, share_long=10)

    assert reading_of(["One two. Three four five."], plain) == Reading(3, 5, 0)
    assert reading_of(["এই ঋণ বন্ধ হয়েছে। আর কিছু করতে হবে না।"], plain) == Reading(5, 9, 0)
    assert reading_of(["همه‌چیز روبه‌راه است؟ بله."], plain) == Reading(3, 4, 0)
    assert reading_of(["Extraordinarily long."], plain).share_long == 50


def test_a_stem_is_found_at_the_beginning_of_a_word_only():
    assert unkind_words("Debts and indebted", ("debt*",)) == ("debt*",)
    assert unkind_words("indebted", ("debt*",)) == ()
    assert unkind_words("به من بدهید", ("بدهی",)) == ()
    assert unkind_words("Pay now!", ("!",)) == ("!",)
