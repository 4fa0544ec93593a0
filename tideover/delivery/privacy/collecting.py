"""Everything we hold about one person, in sections, and nothing about anybody else."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

import polars as pl
from django.db import models

from tideover.access.models import AuditRow
from tideover.access.sealing import opened_text
from tideover.book.models import FACTS, Address, ConsentText, Person
from tideover.book.surrogates import surrogate_of
from tideover.delivery.privacy.files import decided_in_runs
from tideover.delivery.privacy.subject import PERSON, Subject, facts_about, other_models
from tideover.engine.message.tellable import restricted_holds
from tideover.engine.policy.lists import Lists
from tideover.strategy.telling import words

Plain = str | int | float | bool | None | list["Plain"] | dict[str, "Plain"]
Row = dict[str, Plain]
NEUTRAL = "we_are_checking"
"""Stands where the law lets, or bids, us keep a protection or an inquiry to ourselves."""

ANOTHER = "about_another_person"
"""Stands where something of hers tells of somebody else: who told us, or how to reach whoever acts for her."""

OURS = frozenset(
    {
        "id", "provenance", "seed", "fence", "worker", "lease_until", "due_at", "attempts", "resend", "message_id", "from_row",
        "owner", "template", "facts_version", "name_index", "surrogate", "run", "taken_at", "local_day", "outside_id",
        "secret", "body_hash", "sealed", "sha256", "said_no_by", "offered_by",
    }
)  # fmt: skip
"""Columns of the machinery, and who of the staff was in charge: they say nothing about her."""


def collected(subject: Subject) -> dict[str, list[Row]]:
    """Sections by name, each a list of rows. Every section is there, be it empty."""
    lists = words().lists
    found: dict[str, list[Row]] = {"person": [_person(subject)], "addresses": _addresses(subject)}
    for name, rows in facts_about(subject):
        found[name] = [_fact(it, lists) for it in rows.values()]
    found["consent_words"] = _words(found["consents"])
    for model in other_models():
        hers = _of(model, subject).values()
        found[_section(model, found)] = [_row(_without_others(model, it), lists) for it in hers]
    found["decided_each_day"] = [_row(it, lists) for it in decided_in_runs(subject.person_id)]
    found["audit"] = _audit(subject)
    return found


def _of(model: type[models.Model], subject: Subject) -> models.QuerySet[models.Model]:
    return model._default_manager.filter(person_id=subject.person_id).order_by("pk")


def _without_others(model: type[models.Model], row: Mapping[str, object]) -> Mapping[str, object]:
    """A model says which columns are of somebody else, and where that is so for some kinds only, for which."""
    of_another: Mapping[str, Collection[str]] = getattr(model, "OF_ANOTHER", {})
    left_out = {
        name for name, kinds in of_another.items() if row[name] and (not kinds or row["kind"] in kinds)
    }
    return {name: ANOTHER if name in left_out else value for name, value in row.items()}


def _section(model: type[models.Model], found: Mapping[str, object]) -> str:
    name = f"{model._meta.model_name}s"
    return name if name not in found else f"{model._meta.app_label}_{name}"


def _person(subject: Subject) -> Row:
    person = Person.objects.get(pk=subject.person_id)
    return {"key": person.pk, "name": person.name, "branch": person.branch}


def _addresses(subject: Subject) -> list[Row]:
    points = FACTS["contact_points"].objects.filter(person_id=subject.person_id)
    ids = set(points.values_list("address_id", flat=True)) - {None}
    return [{"channel": it.channel, "address": it.value} for it in Address.objects.filter(pk__in=ids)]


def _words(consents: Iterable[Row]) -> list[Row]:
    hashes = {str(it["text_hash"]) for it in consents if it.get("text_hash")}
    texts = ConsentText.objects.filter(pk__in=hashes)
    return [{"text_hash": it.pk, "language": it.language, "text": it.text} for it in texts]


def _fact(row: Mapping[str, object], lists: Lists) -> Row:
    """A hold that may not be named is there, without its kind."""
    told = _row(row, lists)
    if "hold_id" in told and told["kind"] in restricted_holds(lists):
        told["kind"] = NEUTRAL
    return told


def _row(row: Mapping[str, object], lists: Lists) -> Row:
    kept = {name: value for name, value in row.items() if name not in OURS and name not in PERSON}
    told = {
        name.removesuffix("_id") if name == "decision_id" else name: _plain(value)
        for name, value in kept.items()
    }
    for name in ("reasons", "blocked_by", "forbidden_by"):
        if isinstance(told.get(name), str):
            told[name] = ",".join(_tellable(str(told[name]).split(","), lists))
    return told


def _tellable(codes: Iterable[str], lists: Lists) -> list[str]:
    known = {code: lists.reasons[code] for code in codes if code in lists.reasons}
    told = [known[it].instead if it in known and known[it].audience == "restricted" else it for it in codes]
    return list(dict.fromkeys(it for it in told if it))


def _plain(value: object) -> Plain:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, str):
        return _opened(value)
    if isinstance(value, dict):
        return {str(name): _plain(it) for name, it in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(it) for it in value]
    if isinstance(value, pl.Series):
        return [_plain(it) for it in value.to_list()]
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def _opened(text: str) -> Plain:
    """The text of a message is kept as an object; as such it is told, without its second form as a page."""
    text = opened_text(text)
    if not text.startswith("{"):
        return text
    try:
        told = json.loads(text)
    except ValueError:
        return text
    return {str(name): _plain(it) for name, it in told.items() if name not in ("html", "template")}


def _audit(subject: Subject) -> list[Row]:
    her = surrogate_of(subject.person_id)
    rows = AuditRow.objects.filter(models.Q(about=her) | models.Q(actor_kind="person", actor_id=her))
    return [
        {"at": it.at.isoformat(), "action": it.action, "by": it.actor_kind, "detail": _plain(it.detail)}
        for it in rows.order_by("number")
    ]
