"""A person, one step away: by phone, in writing, or by a call at a time of her choosing. Signed in or not."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_safe

from tideover.access.borrowers.session import borrower_of
from tideover.access.clock import now
from tideover.support.voice.talking import (
    PARTS,
    NothingSaid,
    NotThen,
    call_me,
    days_offered,
    thread,
    write,
    write_as_stranger,
    zone_name,
)
from tideover.web.portal.door import quiet
from tideover.web.portal.showing import show, words_for
from tideover.web.portal.voice.asked import came_from, day_typed, may_tell, once, once_of, typed


@require_safe
def talk(request: HttpRequest) -> HttpResponseBase:
    """Every way to a person."""
    return quiet(show(request, "portal/talk/talk.html", {"page": came_from(request)}))


@require_http_methods(["GET", "HEAD", "POST"])
def writing(request: HttpRequest) -> HttpResponseBase:
    """Her words, and what was written before."""
    if request.method != "POST":
        return _writing(request, {"name": "", "reach": "", "text": ""})
    told = typed(request, "name", "reach", "text")
    known, at, page, mark = borrower_of(request, now()), now(), came_from(request), once_of(request)
    if known is None and not may_tell(request):
        return _writing(request, told, "talk.too_often", 429)
    try:
        if known is None:
            write_as_stranger(
                name=told["name"], reach=told["reach"], text=told["text"], at=at, once=mark, page=page
            )
        else:
            write(
                person_id=known.person_id,
                text=told["text"],
                at=at,
                once=mark,
                page=page,
                language=words_for(request).tag,
            )
    except NothingSaid:
        return _writing(request, told, "talk.missing", 422)
    return HttpResponseRedirect("/me/talk/write/?sent")


@require_http_methods(["GET", "HEAD", "POST"])
def calling(request: HttpRequest) -> HttpResponseBase:
    """The day and the time that suit her."""
    if request.method != "POST":
        return _calling(request, {"on": "", "part": "", "number": "", "name": ""})
    told, at = typed(request, "on", "part", "number", "name"), now()
    known, on = borrower_of(request, at), day_typed(told["on"])
    if on is None or told["part"] not in PARTS:
        return _calling(request, told, "talk.not_then", 422)
    if known is None:
        return _stranger(request, told, on)
    try:
        call_me(
            person_id=known.person_id, on=on, part=told["part"], number=told["number"], at=at, once=once_of(request),
            page=came_from(request),
        )  # fmt: skip
    except NotThen:
        return _calling(request, told, "talk.not_then", 422)
    return HttpResponseRedirect(f"/me/talk/call/?on={on.isoformat()}&part={told['part']}")


def _stranger(request: HttpRequest, told: dict[str, str], on: date) -> HttpResponseBase:
    if not told["number"].strip():
        return _calling(request, told, "talk.number_needed", 422)
    if not may_tell(request):
        return _calling(request, told, "talk.too_often", 429)
    write_as_stranger(
        name=told["name"], reach=told["number"], text=f"{on.isoformat()} {told['part']} (UTC)", at=now(), once=once_of(request),
        kind="call_back", page=came_from(request),
    )  # fmt: skip
    return HttpResponseRedirect(f"/me/talk/call/?on={on.isoformat()}&part={told['part']}")


def _writing(
    request: HttpRequest, told: dict[str, str], wrong: str = "", status: int = 200
) -> HttpResponseBase:
    known = borrower_of(request, now())
    said = [{"it": one, "on": one.at.date()} for one in thread(known.person_id)] if known else []
    about = {
        "told": told,
        "wrong": wrong,
        "once": once(),
        "page": came_from(request),
        "said": said,
        "is_sent": "sent" in request.GET,
    }
    return quiet(show(request, "portal/talk/write.html", about, status=status))


def _calling(
    request: HttpRequest, told: dict[str, str], wrong: str = "", status: int = 200
) -> HttpResponseBase:
    at = now()
    known = borrower_of(request, at)
    zone = zone_name(known.person_id) if known else "UTC"
    asked, part = day_typed(request.GET.get("on", "")), request.GET.get("part", "")
    about = {
        "told": told, "wrong": wrong, "once": once(), "page": came_from(request), "zone": zone.split("/")[-1].replace("_", " "),
        "days": [(it, it.isoformat() == told["on"]) for it in days_offered(zone, at)],
        "parts": [(it, f"talk.{it}", it == told["part"]) for it in PARTS],
        "asked": asked if part in PARTS else None, "asked_part": f"talk.{part}",
    }  # fmt: skip
    return quiet(show(request, "portal/talk/call.html", about, status=status))
