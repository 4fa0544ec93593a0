"""Lessons: short, in five languages, one right answer, and true where somebody lives."""

from pathlib import Path

import pytest

from tideover.engine.message import MESSAGE_LANGUAGES, read_words
from tideover.lessons.checks import check_lessons
from tideover.lessons.library import lesson_in, lessons_for, read_lessons

GOOD = """---
title: "Saving a little"
moment: any_time
minutes: 1
question: "What helps?"
answers:
  - text: "A jar"
    says: "Yes. It is near."
    is_right: true
  - text: "Nothing"
    says: "A jar is a beginning."
---
Put a coin aside.

## How
- Each day
- A <b>small</b> one
"""


def written(folder: Path, text, code="saving", languages=MESSAGE_LANGUAGES):
    for language in languages:
        (folder / "lessons" / code).mkdir(parents=True, exist_ok=True)
        (folder / "lessons" / code / f"{language}.md").write_text(text, "utf-8")
    return folder


def said(folder):
    return [str(it) for it in check_lessons(folder) if "saving" in str(it)]


@pytest.mark.parametrize("language", MESSAGE_LANGUAGES)
def test_every_shipped_lesson_is_there_in_every_language(language):
    library = read_lessons()

    assert {"paying_on_time", "late_payment_cost", "safe_messages", "moving_a_date", "credit_record"} <= set(
        library
    )
    assert all(library[code][language].language == language for code in library)


def test_whatever_lesson_a_message_can_speak_of_can_be_opened():
    assert set(read_words().languages["en"].lessons) <= set(read_lessons())


def test_shipped_lessons_have_no_problem():
    assert check_lessons() == []


def test_a_lesson_of_the_lender_is_read_and_its_markup_is_text(tmp_path):
    lesson = lesson_in(read_lessons(written(tmp_path, GOOD)), "saving", "en")

    assert [it.kind for it in lesson.blocks] == ["paragraph", "heading", "list"]
    assert lesson.blocks[2].lines[1] == "A <b>small</b> one"
    assert said(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("is_right: true", "is_right: false", "exactly one"),
        ("Put a coin aside.", "word " * 151, "157 words; 150 are read to the end"),
        ("Put a coin aside.", "You must pay or we go to court.", "blames, threatens or hurries"),
        ("any_time", "whenever", "en.md:3"),
        ("minutes: 1", "minutess: 1", "Did you mean 'minutes'"),
        ("---\ntitle", "title", "between two lines of ---"),
    ],
)
def test_what_is_wrong_with_a_lesson_is_said_with_its_place(tmp_path, old, new, says):
    problems = said(written(tmp_path, GOOD.replace(old, new)))

    assert any(says in it for it in problems), problems


def test_a_language_that_is_missing_is_said(tmp_path):
    assert any(
        "saving/lv.md" in it for it in said(written(tmp_path, GOOD, languages=("en", "bn", "vi", "fa")))
    )


def test_a_lesson_for_one_country_is_shown_in_no_other(tmp_path):
    library = read_lessons(written(tmp_path, GOOD.replace("minutes: 1", "minutes: 1\ncountries: [LV]")))

    assert lesson_in(library, "saving", "en", "GB") is None
    assert lesson_in(library, "saving", "en", "LV") is not None
    assert "saving" not in [it.code for it in lessons_for(library, "en", "GB")]


def test_a_reader_of_another_language_gets_english():
    assert lesson_in(read_lessons(), "credit_record", "sw").language == "en"
