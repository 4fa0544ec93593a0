"""The check of the words: whatever could make an explanation wrong, unkind or silent is found before it is published."""

import shutil
from pathlib import Path

import pytest

from tideover.engine.message import LANGUAGES, check_words, reading_of, read_words
from tideover.engine.message._sentences import sentences_in
from tideover.engine.message.plain import Reading, unkind_words
from tideover.engine.message.reading import KNOWN
from tideover.engine.message.words import FOLDER, Plain
from tideover.engine.policy.content import SHIPPED, ContentRefused


@pytest.fixture
def overlay(tmp_path):
    """A lender's content folder with a copy of our words, to change."""
    shutil.copytree(SHIPPED / FOLDER, tmp_path / FOLDER)
    return tmp_path


def change(overlay: Path, language: str, old: str, new: str) -> None:
    path = overlay / FOLDER / f"{language}.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def problems(overlay: Path) -> str:
    return "\n".join(map(str, check_words(overlay)))


def test_the_shipped_words_are_complete_sayable_and_kind():
    assert check_words() == []


def test_every_shipped_ban_has_a_sentence_of_its_own(words):
    bans = {rule.id for rule in words.rules.values() if rule.kind == "ban"}

    assert all(bans <= set(words.languages[language].bans) for language in LANGUAGES)


def test_every_value_a_sentence_may_use_is_read_from_the_book(words):
    asked = {name for sentence in sentences_in(words.languages["en"]) for name in sentence.may}
    said = set(words.languages["en"].staff.values) - {"said_yes", "said_no"}

    from tideover.engine.message.told import TELLABLE

    assert asked & set(TELLABLE) <= set(KNOWN)
    assert said <= set(KNOWN)


@pytest.mark.parametrize(
    ("language", "old", "new", "says"),
    [
        ("lv", "  welcome: {", "  welcom: {", "purposes: 'welcome' has no words here"),
        ("lv", "  welcome: {", "  welcom: {", "'welcom' is not a known code. Did you mean 'welcome'?"),
        ("vi", "Chúng tôi sẽ xem lại việc này {when_next_review_at}.", "Chúng tôi sẽ xem lại.", "they must tell the same"),
        ("en", "You chose {promised_on} as your day to pay.", "You chose {promissed_on}.", "Did you mean 'promised_on'?"),
        ("en", "Your plan is running, so reminders rest.", "Your plan until {promised_on} is running.", "may go unsaid where promised_on"),
        ("lv", "zero {Visi # Jūsu", "=0 {Visi # Jūsu", "the plural of past_payments lacks: zero"),
        ("lv", "zero {Visi # Jūsu", "few {Visi # Jūsu", "lv has no plural form few"),
        ("en", "This loan is closed.", "This loan is closed {now.", "is not closed"),
        ("en", "This loan is closed.", "This debt is closed.", "'debt*' blames, threatens or hurries"),
        ("fa", "این وام بسته شده است.", "این بدهی بسته شده است.", "'بدهی' blames, threatens or hurries"),
        ("bn", "এই ঋণ বন্ধ হয়েছে।", "এই খেলাপি ঋণ বন্ধ হয়েছে।", "'খেলাপি*' blames"),
        ("en", "This loan is closed.", "This loan is closed" + " and closed" * 20 + ".", "make two of it"),
        ("en", "{days_past_due, plural, one {For at least", "{days_past_due} {days_past_due, plural, one {For at least", "is a number"),
        ("en", "An adviser speaks for you, so we speak with them.", "", "is empty; write the sentence"),
        ("vi", "law {Luật quy định rằng", "lawful {Luật quy định rằng", "tells lawful, other apart by basis"),
        ("bn", "    staff: \"ঋণ বন্ধ হয়েছে।\"\n", "", "staff need a sentence"),
        ("en", "  late_habit: {}", "  late_habit: {why: You are often late.}", "a person never reads this reason"),
        ("en", "bans:\n", "bans:\n  no_such_rule: Never.\n", "'no_such_rule' is not a known code"),
        ("en", '  plan: "a plan in steps"\n', "", "offers: 'plan' has no words here"),
        ("en", "    change: \"You need not answer.\"\n", "", "say why, and what would change it"),
    ],
)  # fmt: skip
def test_a_mistake_is_found_with_file_and_line(overlay, language, old, new, says):
    change(overlay, language, old, new)

    found = [str(problem) for problem in check_words(overlay) if says in str(problem)]

    assert found, problems(overlay)
    assert all(text.startswith(f"words/{language}.yaml:") for text in found)
    assert all(int(text.split(":")[1]) >= 1 for text in found)


def test_all_mistakes_are_told_at_once(overlay):
    change(overlay, "en", "This loan is closed.", "This debt is closed.")
    change(overlay, "fa", "این وام بسته شده است.", "این بدهی بسته شده است.")

    assert {problem.file for problem in check_words(overlay)} == {"words/en.yaml", "words/fa.yaml"}


def test_a_code_of_the_lenders_own_needs_words_too(overlay):
    own = (SHIPPED / "reasons.yaml").read_text(
        "utf-8"
    ) + 'rain_season: {audience: borrower, says: "The rains came late."}\n'
    (overlay / "reasons.yaml").write_text(own, "utf-8")

    found = [problem for problem in check_words(overlay) if "'rain_season' has no words here" in problem.says]

    assert {problem.file for problem in found} == {f"words/{language}.yaml" for language in LANGUAGES}


def test_words_of_the_wrong_shape_are_refused_with_every_line(overlay):
    change(overlay, "en", "headings:\n  what:", "headings:\n  whatever:")

    with pytest.raises(ContentRefused, match=r"words/en\.yaml:\d+: 'whatever' is not known here"):
        read_words(overlay)


def test_a_lenders_file_stands_in_place_of_ours_and_a_new_language_is_welcome(overlay):
    change(overlay, "en", "This loan is closed.", "This loan has come to its end.")
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
    assert unkind_words("Debts and indebted", ["debt*"]) == ["debt*"]
    assert unkind_words("indebted", ["debt*"]) == []
    assert unkind_words("به من بدهید", ["بدهی"]) == []
    assert unkind_words("Pay now!", ["!"]) == ["!"]
