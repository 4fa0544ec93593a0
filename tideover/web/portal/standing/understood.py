"""Were the terms understood? Five questions, one a page. A miss brings another explanation, and is held against nobody."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect

from tideover.engine.message import PageWords
from tideover.kit.days import day_of
from tideover.kit.money import Money
from tideover.kit.paths import quoted_in_path
from tideover.repayment.bills.understanding import count_answer
from tideover.repayment.terms.questions import Answer, Question, questions_of
from tideover.web.portal.door import for_borrowers
from tideover.web.portal.showing import show, words_for
from tideover.web.portal.standing.found import Found, found_whole
from tideover.web.portal.standing.terms import told_of

SLOT = "understood"
"""In her session: what she chose, question by question. Nothing of it is kept with her loan."""


@for_borrowers
def understood(request: HttpRequest, loan_id: str) -> HttpResponseBase:
    """What this is for, and the end of it once every question was seen."""
    return whether(request, found_whole(request, loan_id), _base(loan_id))


@for_borrowers
def question(request: HttpRequest, loan_id: str, name: str) -> HttpResponseBase:
    """One question; after an answer, what is true."""
    return one_of(request, found_whole(request, loan_id), name, _base(loan_id))


def _base(loan_id: str) -> str:
    return f"/me/loans/{quoted_in_path(loan_id)}/"


def whether(request: HttpRequest, it: Found, base: str) -> HttpResponseBase:
    """The first page and the last, of a loan or of one that would be; `base` is the page from which she came."""
    every = _questions(it, words_for(request))
    left = [one.name for one in every if _chosen(request, it.loan.loan_id, one.name) is None]
    about = {
        "base": base,
        "count": len(every),
        "next": left[0] if left else "",
        "is_over": bool(every) and not left,
    }
    return show(request, "portal/standing/understood.html", about, here="home")


def one_of(request: HttpRequest, it: Found, name: str, base: str) -> HttpResponseBase:
    """One question of them; after an answer, what is true."""
    loan_id, words = it.loan.loan_id, words_for(request)
    every = _questions(it, words)
    place = next((place for place, one in enumerate(every) if one.name == name), None)
    if place is None:
        raise Http404
    one, wrong = every[place], ""
    if request.method == "POST":
        answer = request.POST.get("answer", "")
        if answer in {str(number) for number in range(len(one.options))}:
            _choose(request, loan_id, one, int(answer), it.place.today)
            return HttpResponseRedirect(request.path)
        wrong = "standing.wrong.choice"
    chosen = _chosen(request, loan_id, name)
    about = {
        "base": base, "name": name, "number": place + 1, "count": len(every), "wrong": wrong,
        "options": [(number, _shown(option, words)) for number, option in enumerate(one.options)],
        "is_answered": chosen is not None, "is_right": chosen == one.right, "truth": _shown(one.truth, words),
        "next": every[place + 1].name if place + 1 < len(every) else "",
    }  # fmt: skip
    return show(request, "portal/standing/question.html", about, here="home")


def _questions(it: Found, words: PageWords) -> tuple[Question, ...]:
    return questions_of(it.loan, told_of(it, words.tag), it.place.today)


def _chosen(request: HttpRequest, loan_id: str, name: str) -> int | None:
    kept = request.session.get(SLOT, {}).get(loan_id, {}).get(name)
    return kept if isinstance(kept, int) else None


def _choose(request: HttpRequest, loan_id: str, one: Question, answer: int, today: date) -> None:
    """Her first answer counts for our words, with nobody's name; later ones only turn the page."""
    kept = request.session.get(SLOT, {})
    if _chosen(request, loan_id, one.name) is None:
        count_answer(question=one.name, is_understood=answer == one.right, on=today)
    request.session[SLOT] = {**kept, loan_id: {**kept.get(loan_id, {}), one.name: answer}}


def _shown(option: Answer, words: PageWords) -> str:
    if isinstance(option, Money):
        is_nothing = option.minor == 0
        return (
            words.say("standing.understood.nothing")
            if is_nothing
            else words.shown.amount(option.minor, option.currency)
        )
    if isinstance(option, date):
        return words.shown.day(day_of(option))
    if isinstance(option, int):
        return words.shown.per_cent(option)
    return words.say(f"standing.understood.whom_to_ask.{option}")
