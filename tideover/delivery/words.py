"""A message in words, made at the last moment: its amounts and dates are those of now, not of the night it was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

import polars as pl
import yaml
from django.conf import settings

from tideover.book.models import Person
from tideover.delivery.guards import Guarded, Verdict
from tideover.delivery.links import links_for, one_click
from tideover.delivery.models import Message
from tideover.engine.decision.decide import Facts
from tideover.engine.message import (
    About,
    Incomplete,
    NoSuchMessage,
    Sender,
    Templates,
    Told,
    compose,
    mail_html,
    read_templates,
    told_of,
)
from tideover.engine.message import Message as Words
from tideover.engine.message.demands import links_allowed, required_words
from tideover.strategy import telling

Values = Mapping[str, int | str | tuple[str, ...] | None]


@dataclass(frozen=True)
class Composed:
    """What leaves, and what is kept of it."""

    message: Message
    words: Words
    html: str
    unsubscribe: str
    template_id: str = ""

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
        }  # fmt: skip


class NothingToSay(str):
    """Why there are no words: what the message would have lacked."""


def sender() -> Sender:
    """The lender, as messages name it."""
    return Sender(**settings.SENDER)


@lru_cache(maxsize=1)
def templates() -> Templates:
    """The shipped messages, with the lender's own in their place."""
    return read_templates(settings.CONTENT, words=telling.words())


def compose_all(leaving: Sequence[Verdict], guarded: Guarded) -> dict[str, Composed | NothingToSay]:
    """The words of every message that may leave, by its contact."""
    facts = telling.facts_at(guarded.tables, guarded.at)
    names = dict(
        Person.objects.filter(pk__in=[it.message.person_id for it in leaving]).values_list("pk", "name")
    )
    return {
        it.message.contact_id: _composed(it, guarded, facts, names.get(it.message.person_id))
        for it in leaving
    }


def _composed(verdict: Verdict, guarded: Guarded, facts: Facts, name: str | None) -> Composed | NothingToSay:
    message, cell = verdict.message, verdict.cell
    if cell is None:
        return NothingToSay("no_rules_for_it")
    registered = template_id(message) if cell["template_by"] else ""
    if cell["template_by"] and not registered:
        return NothingToSay(f"no_registered_template@{cell['template_by']}")
    about = About(
        values=_given(verdict, guarded, name),
        topics=_topics(message, guarded, facts),
        required=required_words(cell),
    )
    told = told_of(facts, guarded.decided, _row(message), offers=tuple(message.occasion.get("offers", ())))
    links = links_allowed(links_for(message), cell, on_request=False)
    try:
        words = compose(
            told, channel=message.channel, sender=sender(), code=message.code, links=links, templates=templates(), about=about,
            language=message.language or None,
        )  # fmt: skip
    except (Incomplete, NoSuchMessage) as refused:
        return NothingToSay(str(refused))
    html = mail_html(words) if message.channel == "email" else ""
    return Composed(message, words, html, one_click(message), registered)


def _topics(message: Message, guarded: Guarded, facts: Facts) -> tuple[Told, ...]:
    """What else the contact is about, each told with its own values; what was paid or disputed meanwhile is not told."""
    row = _row(message)
    return tuple(
        told_of(facts, guarded.decided, {**row, "subject": subject, "purpose": _purpose(occasion, message)})
        for subject, occasion in message.occasion.get("topics", [])
        if subject != message.subject and (message.person_id, subject, occasion) in guarded.may_be_told
    )


def template_id(message: Message) -> str:
    """The id under which a network has registered this text: registered.yaml in the lender's content, by purpose and language."""
    file = settings.CONTENT / "registered.yaml" if settings.CONTENT else None
    if file is None or not file.is_file():
        return ""
    known = yaml.safe_load(file.read_text("utf-8")) or {}
    return str(known.get(f"{message.purpose}/{message.language}", ""))


def _row(message: Message) -> dict[str, int | str | bool | None]:
    lesson = message.occasion.get("lesson") or None
    return {
        "decision_id": message.contact_id, "borrower_id": message.person_id, "subject": message.subject, "treatment": "contact",
        "purpose": message.purpose, "channel": message.channel, "language": message.language or None, "lesson": lesson,
        "tone": message.occasion.get("tone", "plain"), "send_at": int(message.send_at.timestamp()), "step": message.purpose,
    }  # fmt: skip


def _purpose(occasion: str, message: Message) -> str:
    """The purpose of a further topic; what is not known is told as the main one."""
    return occasion if (occasion, "en") in templates().messages else message.purpose


def _channel_named(channel: str, language: str) -> str:
    """A channel as people of a language name it."""
    words = telling.words()
    return words.languages[words.tag(language)].channels[channel].name


def _given(verdict: Verdict, guarded: Guarded, name: str | None) -> Values:
    """What is known beside the decision; what nobody knows is left out, and the words do without."""
    message = verdict.message
    values: dict[str, int | str | tuple[str, ...] | None] = dict(message.occasion.get("values", {}))
    values |= {name: message.local_day + days for name, days in verdict.gives.items()}
    if "stopped" in values:
        values["stopped"] = _channel_named(str(values["stopped"]), message.language)
    if name:
        values["first_name"] = name.split()[0]
    person = guarded.tables["borrowers"].filter(pl.col("borrower_id") == message.person_id)
    if person.height and person["officer_name"][0]:
        values["officer"] = person["officer_name"][0]
    steps = guarded.tables["instalments"].filter(pl.col("loan_id") == message.subject)
    if steps.height:
        values["all_count"] = steps.height
        values["paid_count"] = int(steps["settled_on"].is_not_null().sum())
    return values
