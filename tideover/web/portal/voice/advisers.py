"""People who act for her: let in by her, ended by her, seen by her. And those for whom she acts."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tideover.access.clock import now
from tideover.book.models import Person
from tideover.support.voice.acting import NoAddress
from tideover.support.voice.agreeing import may_agree
from tideover.support.voice.models import MAY, PowerToAct
from tideover.support.voice.powers import (
    Leave,
    NoName,
    NothingAllowed,
    NotThatDay,
    NotThere,
    end,
    give,
    given_by,
    given_to,
    is_in_force,
    look,
    looks_at,
)
from tideover.support.voice.talking import NothingSaid, write_as_stranger
from tideover.web.portal.door import for_borrowers, for_proven, quiet, signed_in
from tideover.web.portal.showing import show, words_for
from tideover.web.portal.voice.asked import came_from, day_typed, may_tell, once, once_of, typed

HOME = "/me/adviser/"
WRONG = {NoName: "no_name", NothingAllowed: "no_may", NotThatDay: "no_day", NoAddress: "no_reach"}


@for_borrowers
@require_safe
def advisers(request: HttpRequest) -> HttpResponseBase:
    """Who acts for her, who looked, and for whom she acts."""
    at, her = now(), signed_in(request).person_id
    acts = given_to(her, at)
    names = dict(Person.objects.filter(pk__in=[it.person_id for it in acts]).values_list("pk", "name"))
    about = {
        "powers": [_told(it, at) for it in given_by(her)],
        "looks": [(f"voice.adviser.{it.what}", it.name, it.at.date()) for it in looks_at(her)],
        "acts": [(it.pk, names.get(it.person_id) or str(it.pk)) for it in acts],
        "done": next((it for it in ("given", "ended") if it in request.GET), ""),
    }
    return show(request, "portal/voice/advisers.html", about, here="more")


@for_proven
@require_http_methods(["GET", "HEAD", "POST"])
def let_act(request: HttpRequest) -> HttpResponseBase:
    """Who, what, and until when."""
    if request.method != "POST":
        return _form(request, {}, [])
    told, may, at = typed(request, "name", "reach", "until", "instead"), request.POST.getlist("may"), now()
    until = day_typed(told["until"])
    if until is None:
        return _form(request, told, may, "no_day")
    leave = Leave(told["name"], told["reach"], tuple(may), until, told["instead"] == "yes")
    try:
        give(
            person_id=signed_in(request).person_id, leave=leave, at=at, once=once_of(request), language=words_for(request).tag
        )  # fmt: skip
    except tuple(WRONG) as refused:
        return _form(request, told, may, WRONG[type(refused)])
    return HttpResponseRedirect(f"{HOME}?given")


@for_borrowers
@require_POST
def end_it(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One press, by her or by whoever acts."""
    found = PowerToAct.objects.filter(pk=pk).first()
    her = signed_in(request).person_id
    if found is None or her not in (found.person_id, found.acts_id):
        raise Http404
    with suppress(NotThere):  # pressed twice: it has ended
        end(power=found, person_id=her, at=now())
    return HttpResponseRedirect(f"{HOME}?ended")


@for_borrowers
@require_safe
def acting_for(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What whoever acts may see; that they looked is written down for her."""
    at = now()
    try:
        power, loans = look(power_id=pk, acts_id=signed_in(request).person_id, at=at)
    except NotThere:
        raise Http404 from None
    name = Person.objects.filter(pk=power.person_id).values_list("name", flat=True).first()
    seen = [
        {
            "loan_id": it.loan_id, "product": it.product or it.loan_id, "left": it.money(it.left), "next": it.next_one,
            "next_amount": it.money(it.next_one.left) if it.next_one else None,
        }
        for it in loans if not it.is_closed(at.date())
    ]  # fmt: skip
    about = {
        "name": name or "",
        "loans": seen,
        "may": [f"voice.adviser.may.{it}" for it in power.may],
        "pk": pk,
        "until": power.until_on,
        "may_agree": may_agree(power, at),
        "is_done": "done" in request.GET,
    }
    return show(request, "portal/voice/acting_for.html", about, here="more")


@require_http_methods(["GET", "HEAD", "POST"])
def tell(request: HttpRequest) -> HttpResponseBase:
    """Somebody from outside who acts for a customer: a person of ours comes back to them."""
    about: dict[str, object] = {"once": once(), "is_told": "told" in request.GET, "page": came_from(request)}
    if request.method != "POST":
        return quiet(show(request, "portal/voice/tell.html", about, here="more"))
    told = typed(request, "name", "reach", "for_whom")
    if not may_tell(request):
        return quiet(
            show(request, "portal/voice/tell.html", {**about, "told": told, "wrong": "often"}, status=429)
        )
    try:
        write_as_stranger(
            name=told["name"], reach=told["reach"], text=told["for_whom"], at=now(), once=once_of(request), kind="acts_for",
            page=came_from(request),
        )  # fmt: skip
    except NothingSaid:
        return quiet(
            show(request, "portal/voice/tell.html", {**about, "told": told, "wrong": "missing"}, status=422)
        )
    return HttpResponseRedirect(f"{HOME}tell/?told")


def _form(request: HttpRequest, told: dict[str, str], may: list[str], wrong: str = "") -> HttpResponseBase:
    about = {
        "told": told, "may": [(it, f"voice.adviser.may.{it}", it in may) for it in MAY], "once": once(),
        "wrong": f"voice.adviser.{wrong}" if wrong else "", "where": wrong, "first": now().date().isoformat(),
    }  # fmt: skip
    return show(request, "portal/voice/let_act.html", about, here="more", status=422 if wrong else 200)


def _told(power: PowerToAct, at: datetime) -> dict[str, object]:
    return {
        "pk": power.pk, "name": power.name, "until": power.until_on, "is_open": is_in_force(power, at), "waits": power.state == "given",
        "may": [f"voice.adviser.may.{it}" for it in power.may],
    }  # fmt: skip
