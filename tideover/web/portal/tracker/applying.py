"""The form: one question a page, kept at every step, gone on with from any device."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from tideover.access.clock import now
from tideover.book.applications.applying import answer, begin, send
from tideover.book.applications.form import MAY_BE_LEFT_OUT, MONEY, PURPOSES, STEPS, answers_of, open_question
from tideover.book.applications.lifecycle import DRAFT
from tideover.book.applications.models import Application
from tideover.book.applications.offered import in_english_else
from tideover.book.applications.refusals import ApplicationRefused, BadAnswer, Unanswered
from tideover.book.applications.whose import whose
from tideover.engine.message import PageWords
from tideover.kit.money import Money, decimal_of
from tideover.web.portal.door import for_borrowers, signed_in
from tideover.web.portal.showing import show, words_for
from tideover.web.portal.tracker.said import asking, documents_of, offered, product_of
from tideover.web.portal.tracker.tracking import hers


@for_borrowers
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponseBase:
    """What the money shall be for: one of the products."""
    person, words = signed_in(request).person_id, words_for(request)
    where = whose(person)
    wrong = ""
    if request.method == "POST":
        product = request.POST.get("product", "")
        try:
            made = begin(
                person_id=person, product=product, currency=where.currency, offered=offered(), at=now()
            )
            return redirect("portal:tracker:resume", made.pk)
        except ApplicationRefused:
            wrong = "tracker.wrong.choose_one"
    shown = [
        (
            code,
            in_english_else(it.name, words.tag),
            *(Money(edge, where.currency) for edge in it.amounts[where.currency]),
        )
        for code, it in offered().products_in(where.currency).items()
    ]
    return show(
        request,
        "portal/tracker/new.html",
        {"products": shown, "wrong": wrong},
        here="more",
        status=400 if wrong else 200,
    )


@for_borrowers
@require_safe
def resume(request: HttpRequest, key: str) -> HttpResponseBase:
    """On with the first question that has no answer yet."""
    step = open_question(_draft(request, key))
    return redirect("portal:tracker:question", key, step) if step else redirect("portal:tracker:check", key)


@for_borrowers
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, key: str, step: str) -> HttpResponseBase:
    """One question; what was answered stands there already."""
    if step not in STEPS:
        raise Http404
    draft, words = _draft(request, key), words_for(request)
    typed, wrong = _typed(draft, step), ""
    if request.method == "POST":
        typed = request.POST.get("answer", "")
        try:
            answer(
                person_id=draft.person_id, application_id=key, step=step, text=typed, offered=offered(),
                language=words.tag,
            )  # fmt: skip
            return (
                redirect("portal:tracker:check", key)
                if "check" in request.GET
                else redirect("portal:tracker:resume", key)
            )
        except BadAnswer as bad:
            wrong = f"tracker.wrong.{bad.code}"
    return show(
        request,
        "portal/tracker/question.html",
        _question(draft, step, typed, wrong),
        here="more",
        status=400 if wrong else 200,
    )


def _question(draft: Application, step: str, typed: str, wrong: str) -> dict[str, object]:
    least, most = offered().products[draft.product].amounts[draft.currency]
    return {
        "key": draft.pk, "step": step, "title": f"tracker.form.{step}.title", "help": f"tracker.form.{step}.help",
        "number": STEPS.index(step) + 1, "of": len(STEPS), "typed": typed, "wrong": wrong, "is_money": step in MONEY,
        "least": Money(least, draft.currency), "most": Money(most, draft.currency), "currency": draft.currency,
        "purposes": [(it, f"tracker.purposes.{it}") for it in PURPOSES] if step == "purpose" else [],
        "may_be_left_out": step in MAY_BE_LEFT_OUT, **asking(draft.pk, step),
        "back": STEPS[STEPS.index(step) - 1] if STEPS.index(step) else "",
    }  # fmt: skip


@dataclass(frozen=True)
class Answered:
    """A question with its answer, as the summary shows them."""

    step: str
    title: str
    text: str
    money: Money | None


@for_borrowers
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, key: str) -> HttpResponseBase:
    """Everything once more, and what is still missing; then it is sent."""
    person, words, at = signed_in(request).person_id, words_for(request), now()
    if request.method == "POST":
        try:
            send(
                person_id=person, application_id=key, country=whose(person).country, offered=offered(), at=at
            )
        except Unanswered as open_one:
            return redirect("portal:tracker:question", key, open_one.step)
        except ApplicationRefused as refused:
            raise Http404 from refused
        return redirect("portal:tracker:one", key)
    draft = _draft(request, key)
    if step := open_question(draft):
        return redirect("portal:tracker:question", key, step)
    journey = hers(request, key, at)
    about = {
        "key": key, "product": product_of(journey, words), "answers": _answered(draft, words),
        "missing": documents_of(journey.missing, words), "journey": journey, **asking(key, "check"),
    }  # fmt: skip
    return show(request, "portal/tracker/check.html", about, here="more")


def _draft(request: HttpRequest, key: str) -> Application:
    """Her application while she fills it in; one that was sent is not there to be changed."""
    found = Application.objects.filter(pk=key, person_id=signed_in(request).person_id, state=DRAFT).first()
    if found is None:
        raise Http404
    return found


def _typed(draft: Application, step: str) -> str:
    told = answers_of(draft).get(step, "")
    return str(decimal_of(told, draft.currency)) if isinstance(told, int) else told


def _answered(draft: Application, words: PageWords) -> list[Answered]:
    told, shown = answers_of(draft), []
    for step in STEPS:
        value = told.get(step, "")
        money = Money(value, draft.currency) if isinstance(value, int) else None
        text = words.say(f"tracker.purposes.{value}") if step == "purpose" else str(value)
        shown.append(Answered(step, words.say(f"tracker.form.{step}.short"), text, money))
    return shown
