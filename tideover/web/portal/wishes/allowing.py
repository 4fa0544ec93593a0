"""What she allows, by channel and kind of message: given and taken back with one press each, under the words she sees."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_safe

from tideover.access.clock import now
from tideover.engine.message import PageWords
from tideover.support.voice.consents import CHANNELS, CLASSES, allow, consents_of, stop
from tideover.web.portal.door import for_borrowers, signed_in
from tideover.web.portal.showing import show, words_for


@for_borrowers
@require_safe
def every_channel(request: HttpRequest) -> HttpResponseBase:
    """The ways, each with a page of its own."""
    return show(
        request, "portal/wishes/channels.html", {"channels": _channels(words_for(request))}, here="more"
    )


@for_borrowers
@require_http_methods(["GET", "HEAD", "POST"])
def one_channel(request: HttpRequest, channel: str) -> HttpResponseBase:
    """Each kind of message by this way, with one button."""
    if channel not in CHANNELS:
        raise Http404
    at, her, words = now(), signed_in(request).person_id, words_for(request)
    if request.method == "POST" and (each := request.POST.get("class", "")) in CLASSES:
        if request.POST.get("do") == "stop":
            stop(person_id=her, channel=channel, purpose_class=each, at=at)
        else:
            text = _text(words, channel, each)
            allow(person_id=her, channel=channel, purpose_class=each, text=text, language=words.tag, at=at)
        return HttpResponseRedirect(f"/me/wishes/allow/{channel}/#{each}")
    rows = [
        {
            "class": it.purpose_class, "what": f"wishes.class.{it.purpose_class}", "state": it.state,
            "since": it.since.date() if it.since else None, "text": _text(words, channel, it.purpose_class),
        }
        for it in consents_of(her, channel)
    ]  # fmt: skip
    about = {"channel": words.language.channels[channel].name, "rows": rows, "channels": _channels(words)}
    return show(request, "portal/wishes/allow.html", about, here="more")


def _text(words: PageWords, channel: str, purpose_class: str) -> str:
    """What she agrees to, in just these words."""
    return words.say(
        "wishes.allow.text", what=words.say(f"wishes.class.{purpose_class}"), channel=words.language.channels[channel].name
    )  # fmt: skip


def _channels(words: PageWords) -> list[tuple[str, str]]:
    return [(it, words.language.channels[it].name) for it in CHANNELS]
