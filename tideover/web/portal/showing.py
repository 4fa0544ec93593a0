"""A page in the reader's language, inside the frame that all her pages share."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tideover.access.borrowers.session import borrower_of
from tideover.access.clock import now
from tideover.engine.message import PageWords, read_page_words, spoken_on_pages

LANGUAGE_COOKIE = "language"
NAV = (
    ("home", "/me/"),
    ("pay", "/me/pay/"),
    ("promise", "/me/promise/"),
    ("help", "/me/help/"),
    ("more", "/me/more/"),
)
"""What stands on top of every page of hers, in this order."""


@lru_cache(maxsize=1)
def page_words() -> Mapping[str, PageWords]:
    """The shipped words, with the lender's own in their place."""
    return read_page_words(settings.CONTENT)


def words_for(request: HttpRequest) -> PageWords:
    """In the language she reads; of a stranger what she chose here, else what her browser asks for."""
    known = borrower_of(request, now())
    asked = [known.language] if known else [request.COOKIES.get(LANGUAGE_COOKIE, ""), *_accepted(request)]
    spoken = (spoken_on_pages(page_words(), it) for it in asked if it)
    return next((it for it in spoken if it.tag != "en"), page_words()["en"])


def speaking(language: str) -> dict[str, object]:
    """The words of another language than the reader chose: a message's page speaks as the message did."""
    words = spoken_on_pages(page_words(), language)
    return {"words": words, "spoken": words.tag, "direction": words.direction}


def show(
    request: HttpRequest,
    template: str,
    about: Mapping[str, object] | None = None,
    *,
    here: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of a template with what it is about. `here` names its place in NAV. `words` are known to every template."""
    words = words_for(request)
    us = settings.SENDER
    frame = {
        "words": words,
        "spoken": words.tag,
        "direction": words.direction,
        "sender": us["public_name"] or us["name"],
        "phone": us["phone"],
        "phone_on_one_line": us["phone"].replace(" ", "\u00a0"),
        "hours": us["hours"],
        "nav": [(name, address, name == here) for name, address in NAV],
        "is_signed_in": borrower_of(request, now()) is not None,
        "languages": [(it.tag, it.language.name) for it in page_words().values()],
        "here": request.get_full_path(),
    }
    response = render(request, template, {**frame, **(about or {})}, status=status)
    response.headers["Content-Language"] = words.tag
    return response


def _accepted(request: HttpRequest) -> list[str]:
    """What the browser asks for, the first wish first; English only counts where nothing else was wished for before it."""
    wished = [it.split(";")[0].strip() for it in request.headers.get("Accept-Language", "").split(",")]
    english = next((place for place, it in enumerate(wished) if it.startswith("en")), len(wished))
    return wished[:english]
