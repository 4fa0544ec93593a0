"""The library, and one lesson with its question."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from tideover.access.clock import now
from tideover.book.applications.offered import in_english_else
from tideover.book.applications.whose import whose
from tideover.engine.message import LenderValues, PageWords, read_lender_values
from tideover.kit.money import Money
from tideover.lessons.doing import done_by, finish
from tideover.lessons.library import MOMENTS, Lesson, lesson_in, lessons_for, read_lessons
from tideover.repayment.loans import loans_of
from tideover.web.portal.door import for_borrowers, signed_in
from tideover.web.portal.showing import show, words_for


@for_borrowers
@require_safe
def every(request: HttpRequest) -> HttpResponseBase:
    """All lessons that hold where she lives, by the moment they are for."""
    person, words, at = signed_in(request).person_id, words_for(request), now()
    done = done_by(person, at)
    lessons = lessons_for(read_lessons(settings.CONTENT), words.tag, whose(person).country)
    groups = [
        (
            words.say(f"lessons.moments.{moment}"),
            [(it, it.code in done) for it in lessons if it.head.moment == moment],
        )
        for moment in MOMENTS
    ]
    return show(request, "portal/lessons/every.html", {"groups": [it for it in groups if it[1]]}, here="more")


@for_borrowers
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, code: str) -> HttpResponseBase:
    """One lesson. An answer is met with a kind word, whichever it is; that it was done is kept, the answer is not."""
    person, words, at = signed_in(request).person_id, words_for(request), now()
    lesson = lesson_in(read_lessons(settings.CONTENT), code, words.tag, whose(person).country)
    if lesson is None:
        raise Http404
    if request.method == "POST":
        chosen = request.POST.get("answer", "")
        if not _answer(lesson, chosen):
            return show(
                request,
                "portal/lessons/one.html",
                _shown(lesson, person, words, wrong=True),
                here="more",
                status=400,
            )
        finish(person_id=person, code=code, at=at)
        return redirect(f"{reverse('portal:lessons:one', args=[code])}?answer={chosen}#said")
    about = _shown(lesson, person, words, chosen=request.GET.get("answer", ""))
    return show(
        request, "portal/lessons/one.html", {**about, "is_done": code in done_by(person, at)}, here="more"
    )


def _shown(
    lesson: Lesson, person: str, words: PageWords, *, chosen: str = "", wrong: bool = False
) -> dict[str, object]:
    charges = _charges(person, words) if lesson.head.shows == "late_charges" else None
    return {
        "lesson": lesson, "answers": list(enumerate(lesson.head.answers, 1)), "chosen": chosen, "answer": _answer(lesson, chosen),
        "wrong": wrong, "charges": charges,
    }  # fmt: skip


def _answer(lesson: Lesson, chosen: str) -> object | None:
    place = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 3 else 0
    return lesson.head.answers[place - 1] if 1 <= place <= len(lesson.head.answers) else None


@dataclass(frozen=True)
class Charge:
    """What a late payment costs with this lender: its name, when it is asked, how much."""

    name: str
    when: str
    amount: Money | None


@dataclass(frozen=True)
class Charges:
    """`is_known`: the lender has said what a late payment costs, be it nothing."""

    is_known: bool
    every: tuple[Charge, ...] = ()


def _charges(person: str, words: PageWords) -> Charges:
    """Of the loans that run, true for her contract; without one, nothing is said that could be wrong."""
    at, values = now(), read_lender_values(settings.CONTENT)
    running = [(it.product, it.currency) for it in loans_of(person, at) if not it.is_closed(at.date())]
    told = [_of_product(values, product, currency, words) for product, currency in dict.fromkeys(running)]
    if not told or any(it is None for it in told):
        return Charges(is_known=False)
    return Charges(is_known=True, every=tuple(dict.fromkeys(one for it in told if it for one in it)))


def _of_product(
    values: LenderValues, product: str, currency: str, words: PageWords
) -> tuple[Charge, ...] | None:
    charges = values.product(product).late_charges
    if charges is None:
        return None
    return tuple(
        Charge(
            in_english_else(it.name, words.tag), in_english_else(it.when, words.tag),
            Money(it.amounts[currency], currency) if currency in it.amounts else None,
        )
        for it in charges
    )  # fmt: skip
