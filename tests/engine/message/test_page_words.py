"""What the borrower's pages say: whole in every language, with values as each writes them."""

from datetime import date
from pathlib import Path

import pytest

from tideover.engine.message import BadPattern, PageWords, check_page_words, read_page_words, spoken_on_pages
from tideover.engine.message.page_words import NoSuchWords
from tideover.kit.money import Money

GOOD = """
title: "You pay {amount} {when_on}."
parts: "{n, plural, one {# part} other {# parts}}"
"""


def written(folder: Path, texts: dict[str, str]) -> Path:
    place = folder / "words" / "pages" / "trial"
    place.mkdir(parents=True)
    for language, text in texts.items():
        (place / f"{language}.yaml").write_text(text, "utf-8")
    return folder


def everywhere(text: str) -> dict[str, str]:
    return dict.fromkeys(("en", "bn", "lv", "vi", "fa"), text)


def words(folder: Path, language: str) -> PageWords:
    return spoken_on_pages(read_page_words(folder), language)


def test_the_shipped_words_are_whole_and_kind_in_every_language():
    assert check_page_words() == []


@pytest.mark.parametrize(
    ("language", "amount", "when"),
    [("en", "£12.50", "on Friday 6 March 2026"), ("bn", "১২.৫০", "২০২৬"), ("fa", "۱۲٫۵۰", "۱۴۰۴")],
)
def test_values_are_written_as_the_language_writes_them(tmp_path, language, amount, when):
    said = words(written(tmp_path, everywhere(GOOD)), language).say(
        "trial.title", amount=Money(1250, "GBP"), on=date(2026, 3, 6)
    )

    assert amount in said
    assert when in said


def test_a_text_of_a_person_cannot_turn_the_sentence_around_it(tmp_path):
    folder = written(tmp_path, everywhere('hello: "Good day, {name}."'))

    assert "\u2068Joan\u2069" in words(folder, "fa").say("trial.hello", name="Joan")


def test_a_value_that_nobody_gave_is_an_error_and_not_a_hole(tmp_path):
    with pytest.raises(BadPattern, match="amount"):
        words(written(tmp_path, everywhere(GOOD)), "en").say("trial.title", on=date(2026, 3, 6))


def test_a_sentence_that_no_file_has_is_an_error():
    with pytest.raises(NoSuchWords, match=r"frame\.nothing"):
        words(Path("nowhere"), "en").say("frame.nothing")


def test_a_language_we_do_not_speak_is_answered_in_english():
    assert spoken_on_pages(read_page_words(), "sw").tag == "en"
    assert spoken_on_pages(read_page_words(), "bn-BD").tag == "bn"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('title: "You pay {amount}."', "speaks of"),
        ('title: "You pay {amount} {when_on}."', "has no sentence 'parts'"),
        (GOOD + 'more: "x"', "is not in the English file"),
        (GOOD.replace("{amount}", "{amount"), "cannot be read"),
        (GOOD.replace("You pay", "Pay at once, or we go to court:"), "says 'court'"),
    ],
)
def test_what_is_wrong_with_a_language_is_said_with_its_file(tmp_path, text, told):
    wrong = "vi" if "court" not in text else "en"
    folder = written(tmp_path, everywhere(GOOD) | {wrong: text})

    found = [str(it) for it in check_page_words(folder)]

    assert any(told in it and f"trial/{wrong}.yaml" in it for it in found), found


def test_a_language_without_a_file_is_told(tmp_path):
    given = everywhere(GOOD)
    del given["lv"]

    assert any("trial/lv.yaml" in str(it) for it in check_page_words(written(tmp_path, given)))
