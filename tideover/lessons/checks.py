"""What `tideover check` asks of lessons: five languages, short, kind, one right answer, and a lesson for every code in use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tideover.engine.message import MESSAGE_LANGUAGES, Words, read_words, unkind
from tideover.engine.policy.content import ContentRefused, Problem
from tideover.lessons.library import ENGLISH, FOLDER, Lesson, read_lessons

MOST_WORDS = {"vi": 200}
"""Vietnamese writes every syllable apart."""
USUALLY = 150


def check_lessons(overlay: Path | None = None) -> list[Problem]:
    """Every problem of every lesson."""
    try:
        library, words = read_lessons(overlay), read_words(overlay)
    except ContentRefused as refused:
        return refused.problems
    problems = [
        problem for told in library.values() for it in told.values() for problem in _of_one(it, words)
    ]
    for code, told in library.items():
        problems += [
            Problem(f"{FOLDER}/{code}/{language}.md", 1, "is missing; whoever reads it gets no such lesson")
            for language in MESSAGE_LANGUAGES
            if language not in told and ENGLISH in told
        ]
        if ENGLISH not in told:
            problems.append(
                Problem(f"{FOLDER}/{code}/{ENGLISH}.md", 1, "is missing; the other languages follow it")
            )
    for code in words.languages[ENGLISH].lessons:
        if code not in library:
            says = f"names a lesson that messages may speak of; write {FOLDER}/{code}/, or take the name out"
            problems.append(Problem(f"words/{ENGLISH}.yaml", 1, f"'{code}' {says}"))
    return problems


def _of_one(lesson: Lesson, words: Words) -> Iterator[Problem]:
    document, most = lesson.document, MOST_WORDS.get(lesson.language, USUALLY)
    if lesson.words > most:
        yield document.problem((), f"has {lesson.words} words; {most} are read to the end")
    if sum(it.is_right for it in lesson.head.answers) != 1:
        yield document.problem(("answers",), "one answer is the right one, and exactly one")
    spoken = words.languages.get(lesson.language)
    for text in _texts(lesson):
        for entry in unkind(text, spoken) if spoken else ():
            yield document.problem((), f"says '{entry}', which blames, threatens or hurries")


def _texts(lesson: Lesson) -> Iterator[str]:
    head = lesson.head
    yield from (head.title, head.question, *(line for block in lesson.blocks for line in block.lines))
    for it in head.answers:
        yield from (it.text, it.says)
