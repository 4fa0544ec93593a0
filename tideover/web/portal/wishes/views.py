"""Her wishes: each a small page, saved by one press, undone by another."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tideover.access.borrowers.session import speak
from tideover.access.clock import now
from tideover.support.voice.languages import read_in
from tideover.support.voice.wishes import (
    KINDS,
    YES,
    ChangedSince,
    UnknownWish,
    take_back,
    version_of,
    wish,
    wishes_of,
)
from tideover.web.portal.door import for_borrowers, signed_in
from tideover.web.portal.showing import page_words, show, words_for
from tideover.web.portal.wishes.words import GROUPS, LANGUAGE, choices, wish_said

HOME = "/me/wishes/"


@for_borrowers
@require_safe
def every_wish(request: HttpRequest) -> HttpResponseBase:
    """All wishes and how they stand; of the one that was just changed the undo."""
    her, words = signed_in(request).person_id, words_for(request)
    kept = wishes_of(her)
    groups = [
        (name, [(it, _title(it), words.language.name if it == LANGUAGE else wish_said(words, it, kept.get(it, ""))) for it in wishes])
        for name, wishes in GROUPS
    ]  # fmt: skip
    changed = request.GET.get("changed", "")
    about: dict[str, object] = {"groups": groups, "is_undone": "undone" in request.GET}
    if changed in KINDS:
        about |= {
            "changed": _title(changed),
            "undo": f"{HOME}{changed}/undo/",
            "version": version_of(her, changed),
        }
    return show(request, "portal/wishes/all.html", about, here="more")


@for_borrowers
@require_http_methods(["GET", "HEAD", "POST"])
def one_wish(request: HttpRequest, name: str) -> HttpResponseBase:
    """One question; its answer holds from the next decision on."""
    at, her = now(), signed_in(request).person_id
    if name not in KINDS:
        raise Http404
    if request.method == "POST":
        try:
            wish(person_id=her, name=name, values=request.POST.getlist("value"), at=at)
        except UnknownWish:
            return _asked(request, name, ",".join(request.POST.getlist("value")), status=422)
        return HttpResponseRedirect(f"{HOME}?changed={name}")
    return _asked(request, name, wishes_of(her).get(name, ""))


@for_borrowers
@require_POST
def undo(request: HttpRequest, name: str) -> HttpResponseBase:
    """As it was before; pressed twice it is done once."""
    version = request.POST.get("version", "")
    try:
        take_back(
            person_id=signed_in(request).person_id, name=name, version=int(version) if version.isdecimal() else 0, at=now()
        )  # fmt: skip
    except (ChangedSince, UnknownWish):
        return HttpResponseRedirect(HOME)
    return HttpResponseRedirect(f"{HOME}?undone")


@for_borrowers
@require_http_methods(["GET", "HEAD", "POST"])
def language(request: HttpRequest) -> HttpResponseBase:
    """The language of pages and messages."""
    if request.method == "POST" and (chosen := request.POST.get("value", "")) in page_words():
        at = now()
        read_in(person_id=signed_in(request).person_id, language=chosen, at=at)
        speak(request, chosen, at)
        return HttpResponseRedirect(HOME)
    known = words_for(request).tag
    options = [(it.tag, it.language.name, it.tag == known) for it in page_words().values()]
    about = {
        "title": _title(LANGUAGE),
        "says": "wishes.language.says",
        "options": options,
        "is_language": True,
    }
    return show(request, "portal/wishes/one.html", about, here="more")


def _asked(request: HttpRequest, name: str, kept: str, status: int = 200) -> HttpResponseBase:
    kind = KINDS[name]
    about = {
        "title": _title(name), "says": f"wishes.{name}.says", "options": choices(words_for(request), name, kept), "many": kind.many,
        "is_yes_or_no": YES in kind.values, "wrong": status != 200,
    }  # fmt: skip
    return show(request, "portal/wishes/one.html", about, here="more", status=status)


def _title(name: str) -> str:
    return f"wishes.{name}.title"
