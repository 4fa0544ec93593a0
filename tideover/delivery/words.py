"""A message in words, made at the last moment: its amounts and dates are those of now, not of the night it was decided."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

import structlog
from django.conf import settings

from tideover.book.applications.telling import News, news_of
from tideover.book.models import Person
from tideover.delivery.guards import Guarded, Sayable, Verdict
from tideover.delivery.known_values import Known, given, loan_of, terms
from tideover.delivery.links import links_for, one_click
from tideover.delivery.models import Message
from tideover.delivery.registered import NotRegistered, id_for, registered
from tideover.engine.message import (
    About,
    Incomplete,
    Knowledge,
    NoSuchMessage,
    Sender,
    Templates,
    Told,
    compose,
    mail_html,
    read_templates,
)
from tideover.engine.message import Message as Words
from tideover.engine.message.demands import links_allowed, required_words
from tideover.engine.policy.content import ContentRefused
from tideover.strategy import telling
from tideover.strategy.own_content import content_in_force, spoken_by

LONGEST = 100_000
"""Letters of a message beyond which something went wrong: nobody is sent a book."""

log = structlog.get_logger()
TOO_LONG = "too_long"
AS_IT_WAS_TOLD = ("correction",)
"""Purposes whose language belongs to what they are about."""
NEWS = ("status", "duty")
"""Classes of purposes that may be about an application."""


@dataclass(frozen=True)
class Composed:
    """What leaves, and what is kept of it."""

    message: Message
    words: Words
    html: str
    unsubscribe: str
    template_id: str = ""
    offered_on: int | None = None
    """The day that its words offer, as a day number: an answer of "1" chooses it."""

    @property
    def language(self) -> str:
        return self.words.language

    @property
    def message_id(self) -> str:
        """Stable over every try: the form of mail for mail, a key elsewhere."""
        host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
        return (
            f"<{self.message.message_id}@{host}>"
            if self.message.channel == "email"
            else self.message.message_id
        )

    @property
    def sender_name(self) -> str:
        return str(settings.SENDER["public_name"] or settings.SENDER["name"])

    @property
    def sender_address(self) -> str:
        return str(settings.MAIL_FROM)

    @property
    def kept(self) -> dict[str, object]:
        """What the person got, for herself, for whoever helps her, and for the record."""
        return {
            "subject": self.words.subject, "preview": self.words.preview, "text": self.words.text, "html": self.html,
            "language": self.words.language, "direction": self.words.direction, "template": self.words.template_hash,
            "spoken": self.words.spoken, "may_say": self.words.may_say, "must_not_say": self.words.must_not_say,
            **({"offered_on": self.offered_on} if self.offered_on else {}),
        }  # fmt: skip


class NothingToSay(str):
    """Why there are no words: what the message would have lacked."""


def sender() -> Sender:
    """The lender, as messages name it."""
    return Sender(**settings.SENDER)


_SPOKEN = {"by": ""}
"""The release whose lists and messages this process speaks; none before it has any of the lender's own."""


@lru_cache(maxsize=1)
def templates() -> Templates:
    """The shipped messages, with the lender's own in their place, as they were approved."""
    return read_templates(content_in_force(), words=telling.words())


def speak_as_approved() -> None:
    """Before a turn: where another release speaks by now, its lists and messages are read. Others of this process see them too."""
    release = spoken_by()
    if _SPOKEN["by"] != release:
        telling.words.cache_clear()
        templates.cache_clear()
        _SPOKEN["by"] = release


@dataclass(frozen=True)
class _Beside:
    """What the words of a claim's messages are made from, read once for all of them."""

    known: Mapping[str, Knowledge]
    """By person: what the release that decides for her knows of her."""
    rows: Known
    may_be_told: frozenset[Sayable]
    at: int
    names: Mapping[str, str | None]
    languages: Mapping[str, str | None]
    """By person: the language that is known now, which may be another than on the night of the decision."""
    news: Mapping[str, News]
    """By application: what the person who filled it in and whoever decided about it said."""


def compose_all(leaving: Sequence[Verdict], guarded: Guarded) -> dict[str, Composed | NothingToSay]:
    """The words of every message that may leave, by its contact."""
    beside = _beside([it.message for it in leaving], guarded)
    return {it.message.contact_id: _composed(it, beside) for it in leaving}


def _beside(messages: Sequence[Message], guarded: Guarded) -> _Beside:
    people = [it.person_id for it in messages]
    facts = telling.facts_at(guarded.tables, guarded.at)
    knowledge = {
        key: Knowledge(facts, it) for key, it in {id(it): it for it in guarded.decided.values()}.items()
    }
    return _Beside(
        known={person: knowledge[id(it)] for person, it in guarded.decided.items()},
        rows=Known(guarded.tables),
        may_be_told=guarded.may_be_told,
        at=int(guarded.at.timestamp()),
        names=dict(Person.objects.filter(pk__in=people).values_list("pk", "name")),
        languages=dict(guarded.tables["borrowers"].select("borrower_id", "language").iter_rows()),
        news=news_of(it.subject for it in messages if it.purpose_class in NEWS),
    )


def _composed(verdict: Verdict, beside: _Beside) -> Composed | NothingToSay:
    message, cell = verdict.message, verdict.cell
    if cell is None:
        return NothingToSay("no_rules_for_it")
    if len(json.dumps(message.occasion)) > LONGEST:
        return NothingToSay(TOO_LONG)
    news = beside.news.get(message.subject)
    row = {**_row(message, beside), "subject": loan_of(message, beside.rows, news)}
    told = beside.known[message.person_id].told(row, offers=tuple(message.occasion.get("offers", ())))
    in_her_words = _language(message, beside)
    language = templates().language(message.purpose, in_her_words)
    about = About(
        values=given(
            verdict, beside.rows, told, name=beside.names.get(message.person_id), language=language, news=news
        ),
        topics=_topics(message, beside),
        required=required_words(cell),
        terms=terms(message, beside.rows, told, templates=templates(), language=language),
    )
    links = links_allowed(links_for(message), cell, on_request=False)
    try:
        words = compose(
            told, channel=message.channel, sender=sender(), code=message.code, links=links, templates=templates(), about=about,
            language=in_her_words or None,
        )  # fmt: skip
        registered_as = _registered(message.purpose, in_her_words, words.text, by=cell["template_by"])
    except (Incomplete, NoSuchMessage, NotRegistered) as refused:
        return NothingToSay(str(refused))
    html = mail_html(words) if message.channel == "email" else ""
    if len(words.text) + len(html) > LONGEST:
        return NothingToSay(TOO_LONG)
    offered = about.values.get("offered_on") if "offered_on" in words.named else None
    offered_on = offered if isinstance(offered, int) else None
    return Composed(message, words, html, one_click(message), registered_as, offered_on)


def _topics(message: Message, beside: _Beside) -> tuple[Told, ...]:
    """What else the contact is about, each told with its own values; what was paid or disputed meanwhile is not told."""
    row, known = _row(message, beside), beside.known[message.person_id]
    return tuple(
        known.told({**row, "subject": subject, "purpose": _purpose(occasion, message)})
        for subject, occasion in message.occasion.get("topics", [])
        if subject != message.subject and (message.person_id, subject, occasion) in beside.may_be_told
    )


def _registered(purpose: str, language: str, text: str, *, by: str | None) -> str:
    """The id that a network gave to these words, where a rule asks for one. Raises NotRegistered."""
    if not by:
        return ""
    try:
        known = registered(purpose, language, settings.CONTENT)
    except ContentRefused as refused:
        log.error("registered_texts_unreadable", problems=len(refused.problems))  # noqa: TRY400 - `tideover check` says where
        raise NotRegistered(f"registered_unreadable@{by}") from None
    found = id_for(text, known)
    if not found:
        raise NotRegistered(f"{'not_as_registered' if known else 'no_registered_template'}@{by}")
    return found


def _language(message: Message, beside: _Beside) -> str:
    """As she asked to be spoken to by now; a correction goes in the language of what was wrong."""
    now = None if message.purpose in AS_IT_WAS_TOLD else beside.languages.get(message.person_id)
    return now or message.language


def _row(message: Message, beside: _Beside) -> dict[str, int | str | bool | None]:
    lesson = message.occasion.get("lesson") or None
    return {
        "at": beside.at, "decision_id": message.contact_id, "borrower_id": message.person_id, "subject": message.subject,
        "treatment": "contact", "purpose": message.purpose, "channel": message.channel,
        "language": _language(message, beside) or None, "lesson": lesson, "tone": message.occasion.get("tone", "plain"),
        "send_at": int(message.send_at.timestamp()), "step": message.purpose,
    }  # fmt: skip


def _purpose(occasion: str, message: Message) -> str:
    """The purpose of a further topic; what is not known is told as the main one."""
    return occasion if (occasion, "en") in templates().messages else message.purpose
