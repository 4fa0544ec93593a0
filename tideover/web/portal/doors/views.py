"""Coming in by a code, showing once more who it is, going out, and the language of the page."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST

from tideover.access.actors import person_actor
from tideover.access.audit import note
from tideover.access.borrowers.codes import ask, network_of, redeem
from tideover.access.borrowers.session import borrower_of, prove, sign_in, sign_out, speak
from tideover.access.clock import now
from tideover.access.sealing import blind
from tideover.book.newest import newest_one
from tideover.book.surrogates import surrogate_of
from tideover.delivery.checking import warning_now
from tideover.kit.errors import Refused
from tideover.kit.phones import phone_of
from tideover.kit.text import ascii_digits
from tideover.support.voice.languages import read_in
from tideover.web.portal.door import quiet
from tideover.web.portal.doors.asking import HOME, address_from, next_page
from tideover.web.portal.doors.whose import address_of, country_here, only_one
from tideover.web.portal.showing import LANGUAGE_COOKIE, page_words, show, words_for

ASKED, AFTER = "asked_for_code", "after_sign_in"
MAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_page(request: HttpRequest) -> HttpResponseBase:
    """Type a number or a mail address; the answer is the same whoever has it."""
    if request.method != "POST":
        return quiet(
            show(
                request,
                "portal/doors/sign_in.html",
                {"warning": warning_now(now()), "next": next_page(request)},
            )
        )
    typed = request.POST.get("address", "")[:200]
    found = _address(typed)
    if found is None:
        about = {"next": next_page(request), "typed": typed, "wrong": "address"}
        return quiet(show(request, "portal/doors/sign_in.html", about, status=422))
    _ask(request, *found)
    return HttpResponseRedirect("/me/code/")


@require_http_methods(["GET", "HEAD", "POST"])
def code_page(request: HttpRequest) -> HttpResponseBase:
    """Type the code; where several people share the address, the number of a loan says which of them it is."""
    key = request.session.get(ASKED)
    if not key:
        return HttpResponseRedirect("/me/sign-in/")
    if request.method != "POST":
        return quiet(show(request, "portal/doors/code.html"))
    at = now()
    typed = re.sub(r"\s", "", ascii_digits(request.POST.get("code", "")))[:12]
    people = redeem(key=key, code=typed, at=at)
    if not people:
        return quiet(show(request, "portal/doors/code.html", {"wrong": "code"}, status=422))
    if len(people) > 1:
        request.session["which"] = list(people)
        return HttpResponseRedirect("/me/which/")
    return _in(request, people[0])


@require_http_methods(["GET", "HEAD", "POST"])
def which_page(request: HttpRequest) -> HttpResponseBase:
    """Several people share this address: the number of her loan or application tells who is here."""
    people = request.session.get("which")
    if not people:
        return HttpResponseRedirect("/me/sign-in/")
    if request.method != "POST":
        return quiet(show(request, "portal/doors/which.html"))
    person = only_one(people, request.POST.get("reference", ""))
    if person is None:
        tries = request.session["which_tries"] = request.session.get("which_tries", 0) + 1
        if tries >= 5:
            sign_out(request)
            return HttpResponseRedirect("/me/sign-in/")
        return quiet(show(request, "portal/doors/which.html", {"wrong": "reference"}, status=422))
    return _in(request, person)


@require_http_methods(["GET", "HEAD", "POST"])
def prove_page(request: HttpRequest) -> HttpResponseBase:
    """Before money or an address is changed she shows once more who she is, by a fresh code to an address we know."""
    at = now()
    known = borrower_of(request, at)
    if known is None:
        return HttpResponseRedirect("/me/sign-in/")
    if request.method != "POST":
        return quiet(show(request, "portal/doors/prove.html", {"next": next_page(request)}))
    if "code" not in request.POST:
        found = address_of(known.person_id)
        if found is not None:
            request.session[ASKED] = ask(
                index=found.index, channel=found.channel, network=network_of(address_from(request)), at=at
            ).key
        return quiet(show(request, "portal/doors/prove.html", {"next": next_page(request), "is_sent": True}))
    typed = re.sub(r"\s", "", ascii_digits(request.POST["code"]))[:12]
    if known.person_id not in redeem(key=request.session.get(ASKED, ""), code=typed, at=at):
        about = {"next": next_page(request), "is_sent": True, "wrong": "code"}
        return quiet(show(request, "portal/doors/prove.html", about, status=422))
    prove(request, at)
    return HttpResponseRedirect(next_page(request))


@require_POST
def sign_out_page(request: HttpRequest) -> HttpResponseBase:
    """Her session ends here."""
    sign_out(request)
    return HttpResponseRedirect("/me/sign-in/")


@require_POST
def language_page(request: HttpRequest) -> HttpResponseBase:
    """The page speaks another language; of somebody signed in it is written down as her language."""
    chosen, at = request.POST.get("language", ""), now()
    response = HttpResponseRedirect(next_page(request))
    if chosen not in page_words():
        return response
    known = borrower_of(request, at)
    if known is None:
        response.set_cookie(
            LANGUAGE_COOKIE,
            chosen,
            max_age=365 * 86_400,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )
        return response
    speak(request, chosen, at)
    read_in(person_id=known.person_id, language=chosen, at=at)
    return response


def _ask(request: HttpRequest, channel: str, address: str) -> None:
    after = next_page(request)
    asked = ask(index=blind(address), channel=channel, network=network_of(address_from(request)), at=now())
    request.session.flush()
    request.session[ASKED], request.session[AFTER] = asked.key, after


def _in(request: HttpRequest, person: str) -> HttpResponse:
    at, after = now(), request.session.get(AFTER, HOME)
    chosen = request.COOKIES.get(LANGUAGE_COOKIE) or _language_of(person) or words_for(request).tag
    sign_in(request, person, language=chosen, how="code", at=at)
    note(action="borrower_signed_in", by=person_actor(surrogate_of(person)), at=at, detail={"by": "code"})
    return HttpResponseRedirect(after)


def _language_of(person: str) -> str:
    known = newest_one("borrowers", borrower_id=person)
    return (known.language or "") if known else ""


def _address(typed: str) -> tuple[str, str] | None:
    """The channel and the address as it is kept; None where it is neither a number nor a mailbox."""
    plain = ascii_digits(typed.strip())
    if MAIL.fullmatch(plain):
        return "email", plain
    try:
        return "sms", phone_of(plain, country_here())
    except Refused:
        return None
