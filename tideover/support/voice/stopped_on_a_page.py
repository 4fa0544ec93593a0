"""A stop that is written from a page: it stops what it names, wherever that comes, and not the page that it was written on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

import yaml

from tideover.book.actions import record
from tideover.delivery import outbox
from tideover.delivery.answers import EVERY, ON_A_PAGE, Heard
from tideover.delivery.incoming.folding import folded, unmarked
from tideover.engine.decision.candidates import NEVER_REFUSED
from tideover.strategy.gate import UnknownPerson, consider
from tideover.strategy.releases import NothingLive
from tideover.support.voice.facts import SOURCE

SHIPPED = Path(__file__).parents[2] / "content" / "channels_named.yaml"
Effect = Callable[[Heard], None]


def or_on_a_page(otherwise: Effect) -> Effect:
    """The effect of a stop: `otherwise`, save where it was written from a page."""

    def stop(heard: Heard) -> None:
        if heard.answer.channel == ON_A_PAGE and heard.answer.text:
            _stop_what_it_names(heard, heard.answer.text)
        else:
            otherwise(heard)

    return stop


def named_in(text: str) -> frozenset[str]:
    """The channels that somebody's words name, in any language that we write."""
    words = folded(text)
    forms = (f" {words} ", f" {unmarked(words)} ")
    return frozenset(
        channel for channel, begins in _begins().items() if any(it in form for it in begins for form in forms)
    )


@cache
def _begins() -> dict[str, frozenset[str]]:
    """By channel how its names begin, behind a space."""
    found: dict[str, set[str]] = {}
    for of_language in yaml.safe_load(SHIPPED.read_text("utf-8")).values():
        for channel, begins in of_language.items():
            for it in map(folded, begins):
                found.setdefault(channel, set()).update({f" {it}", f" {unmarked(it)}"})
    return {channel: frozenset(it) for channel, it in found.items()}


def _stop_what_it_names(heard: Heard, text: str) -> None:
    """A person reads it as well; until then what it names has stopped, or, where it names nothing, all that she may stop."""
    named = named_in(text) - ({"call"} if "call_me" in heard.answer.also else set())
    stopped = sorted(named) or [EVERY]
    rows = [
        {"person_id": heard.person, "channel": it, "purpose_class": EVERY, "withdrawn_at": heard.at} for it in stopped
    ]  # fmt: skip
    record("consents", rows, source=SOURCE, at=heard.at)
    for it in stopped:
        by = "" if it == EVERY else it
        outbox.cancel([heard.person], at=heard.at, because="opted_out", channel=by, keep=NEVER_REFUSED)
    if len(named) == 1:
        _confirmed(heard, stopped[0])


def _confirmed(heard: Heard, channel: str) -> None:
    with suppress(NothingLive, UnknownPerson):
        consider(
            person_id=heard.person, occasion="opt_out_confirmed", at=heard.at, channel=ON_A_PAGE, values={"stopped": channel}
        )  # fmt: skip
