"""What a page behind a link says, in the language of the message it came from."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from tideover.delivery.models import Message
from tideover.delivery.taking_back import UNDOABLE
from tideover.engine.message import PORTAL_ANSWERS, PortalWords, read_portal_words, spoken_in
from tideover.kit.text import direction_of_language, isolate

FIRST: Mapping[str, tuple[str, ...]] = {"stop": ("stop",), "help": ("call_me", "cannot_pay")}
"""What somebody came for stands first."""


NO_BREAK = "\u00a0"
"""A number stays on one line."""


@dataclass(frozen=True)
class Button:
    """One answer to press."""

    kind: str
    label: str


@lru_cache(maxsize=1)
def portal_words() -> Mapping[str, PortalWords]:
    """The shipped words, with the lender's own in their place."""
    return read_portal_words(settings.CONTENT)


def page_of(
    message: Message, does: str, token: str, *, done: str = "", undone: str = ""
) -> Mapping[str, object]:
    """The question with its answers, or the receipt of one."""
    language, said = _in(message.language)
    first = FIRST.get(does, ())
    order = [*first, *(it for it in PORTAL_ANSWERS if it not in first)]
    return {
        **_frame(language, said, code=message.code),
        "token": token,
        "is_check": does == "check",
        "once": secrets.token_urlsafe(9),
        "primary": first[:1],
        "buttons": [Button(it, said.answers[it].button) for it in order],  # type: ignore[index]
        "done": done,
        "receipt": said.undone.get(undone, "") if undone else said.answers[done].receipt if done else "",  # type: ignore[call-overload,index]
        "undo": said.undo.get(done, "") if done in UNDOABLE else "",  # type: ignore[call-overload]
    }


def over_page(accepted: str) -> Mapping[str, object]:
    """A link whose time is over: nobody's language is known but what the browser asks for."""
    language, said = _in(next((it.split(";")[0].strip() for it in accepted.split(",")), "en"))
    return _frame(language, said, code="")


def _in(language: str) -> tuple[str, PortalWords]:
    spoken = spoken_in(portal_words(), language)
    return spoken, portal_words()[spoken]


def _frame(language: str, said: PortalWords, *, code: str) -> Mapping[str, object]:
    us = settings.SENDER
    shown = {
        "sender": isolate(us["public_name"] or us["name"]), "phone": isolate(us["phone"].replace(" ", NO_BREAK), "ltr"),
        "hours": isolate(us["hours"]), "code": isolate(code, "ltr"),
    }  # fmt: skip
    return {
        "words": said,
        "spoken": language,
        "direction": direction_of_language(language),
        "sender": us["public_name"] or us["name"],
        "phone": us["phone"],
        "from_us": said.filled(said.from_us, shown),
        "code": said.filled(said.code, shown) if code else "",
        "call": said.filled(said.call, shown) if us["phone"] else "",
        "hours": said.filled(said.hours, shown) if us["hours"] else "",
    }
