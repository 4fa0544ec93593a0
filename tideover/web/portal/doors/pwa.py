"""What makes the pages an app: a manifest, and a service worker that keeps nothing but the look and a page about nobody."""

from __future__ import annotations

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from tideover.web.portal.showing import show, words_for

VERSION = "1"
KEPT = ("ui.css", "portal.css", "portal.js", "mark.svg")


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """Name, colours and start of the app; it speaks of nothing but us."""
    words, us = words_for(request), settings.SENDER
    name = us["public_name"] or us["name"] or "Tideover"
    told = {
        "name": name, "short_name": name[:12], "lang": words.tag, "dir": words.direction, "start_url": "/me/", "scope": "/me/",
        "display": "standalone", "background_color": "#fbf8f2", "theme_color": "#0b5563",
        "icons": [{"src": static("mark.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
    }  # fmt: skip
    return JsonResponse(told, content_type="application/manifest+json")


@require_safe
def worker(_: HttpRequest) -> HttpResponse:
    """The service worker."""
    about = {"version": VERSION, "kept": json.dumps(["/me/offline/", *(static(it) for it in KEPT)])}
    text = render_to_string("portal/doors/worker.js", about)
    return HttpResponse(text, content_type="text/javascript", headers={"Cache-Control": "no-cache"})


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Shown when the line is down: nobody's name, nobody's money."""
    return show(request, "portal/doors/offline.html", {"is_signed_in": False})
