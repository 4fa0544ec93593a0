"""Erase a person: nothing that leads to her is left; money rows stay, under keys that stand for nobody.

Files first, then the database in one transaction, then files again for what was decided meanwhile: whatever breaks off
halfway is finished by asking again. Nobody fills the book or its mirror beside it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Q

from tideover.access import two_persons
from tideover.access.actors import Actor
from tideover.access.audit import note
from tideover.access.borrowers.codes import forget_person
from tideover.access.models import Request
from tideover.access.roles import Power
from tideover.access.sealing import blind
from tideover.book.models import FACTS, Address, ConsentText, Person
from tideover.book.newest import newest
from tideover.book.surrogates import surrogate_of
from tideover.delivery.models import Unplaced
from tideover.delivery.privacy.elsewhere import KEEPERS, Forgotten
from tideover.delivery.privacy.files import Blanks, blank, decisions_of
from tideover.delivery.privacy.journal import written_down
from tideover.delivery.privacy.mail import forget_mail, words_that_name
from tideover.delivery.privacy.models import Erasure
from tideover.delivery.privacy.retention import retention
from tideover.delivery.privacy.sessions import end_sessions_of
from tideover.delivery.privacy.subject import (
    PERSON,
    Subject,
    accounts,
    facts_about,
    left_of,
    other_models,
    who_is_told_with,
)
from tideover.engine.facts import TABLES
from tideover.kit.errors import Refused
from tideover.strategy.leases import IMPORT, MIRROR, held

CLAIMS = ("dispute", "complaint", "insolvency", "identity_theft")
"""While one of these is open, its records are needed to establish or defend a claim (GDPR article 17(3)(e))."""
LASTS = timedelta(hours=1)
"""Longer than any erasure takes."""
BEYOND = "Not reached: backups, files that you exported or were given, letters laid into a folder, and your core system."
KEPT_TABLES = ("loans", "instalments", "standings", "payments", "plans")
OWN_KEYS = {"payments": "payment_id", "plans": "plan_id"}


class NeededForAClaim(Refused):
    """A dispute, a complaint or a proceeding is open; its records may not go before it ends."""


@dataclass(frozen=True)
class KeptBack:
    """Some rows that stay, why, and until when."""

    what: str
    rows: int
    says: str
    until: date


@dataclass(frozen=True)
class Erased:
    """What was done, without saying about whom."""

    removed: dict[str, int]
    kept: list[KeptBack] = field(default_factory=list)

    @property
    def said(self) -> list[str]:
        """In sentences, for whoever answers the person."""
        total = sum(self.removed.values())
        return [
            f"{total} rows were removed from {len(self.removed)} tables; backups lose them as they grow old.",
            *(f"Kept until {it.until}: {it.what}{_counted(it.rows)}. {it.says}" for it in self.kept),
            BEYOND,
        ]


def _counted(rows: int) -> str:
    return f" ({rows} rows)" if rows else ""


def erase_subject(person_id: str, at: datetime, by: Actor, *, agreed: Request | None = None) -> Erased:
    """Nothing leads to this person afterwards. Raises NobodyThere, Held, NeededForAClaim, and what those who keep more refuse.

    What two people `agreed` on is used up by it; without it only those go who were erased before (see `agreeing` and `again`).
    """
    with alone_with(person_id, at):
        subject = left_of(person_id)
        refuse_what_must_end_first(subject, at)
        keys = _new_keys(subject, {})
        blank(_blanks(subject, keys))
        words = words_that_name(subject)
        forget_mail(words)
        with transaction.atomic():
            if connection.vendor == "sqlite":
                _run("PRAGMA secure_delete = ON")
            if agreed:
                two_persons.use(
                    request=agreed, power=Power.ERASE_SUBJECT, what=agreed.what, by=agreed.asked_by, at=at
                )
            # Whoever is writing about her ends first; what they wrote is known from here on.
            list(Person.objects.select_for_update().filter(pk=person_id))
            subject = left_of(person_id)
            keys = _new_keys(subject, keys)
            blanks = _blanks(subject, keys)
            done = _erased(subject, keys, at, by)
        written_down(blind(person_id), at=at)
        blank(blanks)
        forget_mail(words)
        _settle_the_disk()
        return done


def alone_with(person_id: str, at: datetime) -> AbstractContextManager[None]:
    """No night, trial or import is going on meanwhile, each of which would bring her back. Raises Held.

    Whoever begins again with what broke off need not wait for it.
    """
    return held(MIRROR, IMPORT, by=f"erasure:{blind(person_id)}", at=at, lasts=LASTS)


def refuse_what_must_end_first(subject: Subject, at: datetime) -> None:
    """Raises NeededForAClaim, and what those who keep more of hers refuse, while she may not go."""
    _refuse_open_claims(subject, at)
    for it in KEEPERS.values():
        if it.may_go:
            it.may_go(subject.person_id, at)


def _refuse_open_claims(subject: Subject, at: datetime) -> None:
    holds = newest("holds", person_id=subject.person_id, kind__in=CLAIMS)
    going = sorted({it.kind for it in holds if it.until_at is None or it.until_at > at})
    if going:
        raise NeededForAClaim(
            f"This person cannot be erased yet: {', '.join(going).replace('_', ' ')} is open, and its records are needed "
            "until it ends (GDPR article 17(3)(e)). End the hold first, then ask again."
        )


def _new_keys(subject: Subject, known: Mapping[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """Chance values in place of every key that outlives her, by column; those that have one already keep it."""
    person = _by_chance_of({subject.person_id}, known.get("person_id", {}))
    loans = _by_chance_of(subject.loans, known.get("loan_id", {}))
    keys = {"borrower_id": person, "person_id": person, "loan_id": loans, "subject": loans}
    for table, column in OWN_KEYS.items():
        rows = FACTS[table].objects.filter(loan_id__in=subject.loans).values_list(column, flat=True)
        keys[column] = _by_chance_of(set(rows), known.get(column, {}))
    return keys


def _by_chance_of(keys: Iterable[str], known: Mapping[str, str]) -> dict[str, str]:
    return {it: known.get(it) or f"gone-{secrets.token_hex(10)}" for it in sorted(keys)}


def _blanks(subject: Subject, keys: dict[str, dict[str, str]]) -> Blanks:
    hers = frozenset({subject.person_id})
    decided = decisions_of(subject.person_id)
    of_nobody = FACTS["promises"].objects.filter(loan_id__in=subject.loans, person_id=None)
    drop = {
        **dict.fromkeys(PERSON, hers),
        "contact_id": subject.contacts,
        "decision_id": decided | subject.contacts,
        "promise_id": frozenset(of_nobody.values_list("promise_id", flat=True)),
    }
    return Blanks(drop, keys, frozenset(KEPT_TABLES))


def _erased(subject: Subject, keys: dict[str, dict[str, str]], at: datetime, by: Actor) -> Erased:
    removed, kept = dict[str, int](), dict[str, int]()
    surrogate, beside = surrogate_of(subject.person_id), who_is_told_with(subject.loans) - {subject.person_id}
    _forget_addresses(subject)
    who = Forgotten(subject.person_id, keys["person_id"][subject.person_id], keys["loan_id"], at)
    for it in KEEPERS.values():
        kept |= it.forget(who)
    for name, rows in facts_about(subject):
        if name in KEPT_TABLES:
            kept[name] = rows.count()
        elif count := rows.delete()[0]:
            removed[name] = count
    for name, table in TABLES.items():
        is_others = name not in KEPT_TABLES and "person_id" in table.names
        _rename(FACTS[name], keys, only=Q(person_id__in=beside) if is_others else Q())
    for model in other_models():
        if count := model._default_manager.filter(person_id=subject.person_id).delete()[0]:
            removed[model._meta.label] = count
        _rename(model, {it: keys[it] for it in ("subject", "loan_id")}, only=Q(person_id__in=beside))
        _rename_inside(model, keys["loan_id"], only=Q(person_id__in=beside))
    for model in accounts():
        _forget_words(model, subject)
        _rename(model, keys, only=Q())
    _rename_requests(subject, surrogate)
    forget_person(subject.person_id)
    end_sessions_of(subject)
    Person.objects.filter(pk=subject.person_id).delete()
    until = [_kept_back(it.tables, kept, it.says, it.until(at.date())) for it in retention(settings.CONTENT)]
    Erasure.objects.create(
        key_index=blind(subject.person_id), at=at, kept=kept, kept_until=max(it.until for it in until)
    )
    note(action="person_erased", by=by, at=at, about=surrogate, detail={"removed": removed, "kept": kept})
    return Erased(removed, until)


def _kept_back(tables: Iterable[str], counts: dict[str, int], says: str, until: date) -> KeptBack:
    return KeptBack(", ".join(tables), sum(counts.get(it, 0) for it in tables), says, until)


def _forget_addresses(subject: Subject) -> None:
    """Those that are hers alone, and the words that only she agreed to."""
    points, consents = FACTS["contact_points"].objects, FACTS["consents"].objects
    ids = set(points.filter(person_id=subject.person_id).values_list("address_id", flat=True))
    shared = set(
        points.filter(address_id__in=ids)
        .exclude(person_id=subject.person_id)
        .values_list("address_id", flat=True)
    )
    going = Address.objects.filter(pk__in=ids - shared - {None})
    Unplaced.objects.filter(index__in=list(going.values_list("index", flat=True))).delete()
    going.delete()
    texts = set(consents.filter(person_id=subject.person_id).values_list("text_hash", flat=True))
    also = set(
        consents.filter(text_hash__in=texts)
        .exclude(person_id=subject.person_id)
        .values_list("text_hash", flat=True)
    )
    ConsentText.objects.filter(pk__in=texts - also - {None}).delete()


def _forget_words(model: type[models.Model], subject: Subject) -> None:
    """A row of an account that stays keeps its amounts and days; what it says in words, or by what it was known, goes."""
    forgets: Mapping[str, object] = getattr(model, "FORGETS", {})
    if forgets:
        model._default_manager.filter(loan_id__in=subject.loans).update(**forgets)


def _rename(model: type[models.Model], keys: dict[str, dict[str, str]], *, only: Q) -> None:
    """The old keys become the new ones wherever rows stay: her money rows, and what others said about her loans."""
    columns = {it.name for it in model._meta.concrete_fields}
    for column in columns & set(keys):
        for old, new in keys[column].items():
            model._default_manager.filter(only, **{column: old}).update(**{column: new})


def _rename_inside(model: type[models.Model], loans: dict[str, str], *, only: Q) -> None:
    """Her loans where other parties' rows list them."""
    lists = [it.name for it in model._meta.concrete_fields if isinstance(it, models.JSONField)]
    for row in model._default_manager.filter(only) if lists and loans else ():
        told = {name: _replaced(getattr(row, name), loans) for name in lists}
        if any(told[name] != getattr(row, name) for name in lists):
            model._default_manager.filter(pk=row.pk).update(**told)


def _replaced(told: object, keys: dict[str, str]) -> object:
    if isinstance(told, str):
        return keys.get(told, told)
    if isinstance(told, list):
        return [_replaced(it, keys) for it in told]
    if isinstance(told, dict):
        return {name: _replaced(it, keys) for name, it in told.items()}
    return told


def _rename_requests(subject: Subject, surrogate: str) -> None:
    """What two people agreed on names her by surrogate from now on."""
    for request in Request.objects.all():
        told = _replaced(request.what, {subject.person_id: surrogate})
        if told != request.what:
            Request.objects.filter(pk=request.pk).update(what=told)


def _settle_the_disk() -> None:
    """Pages that held her rows are given back: on SQLite the file and its journal are written anew."""
    if connection.in_atomic_block:
        return
    if connection.vendor == "sqlite":
        _run("VACUUM")
        _run("PRAGMA wal_checkpoint(TRUNCATE)")
    else:
        _run("VACUUM")


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
