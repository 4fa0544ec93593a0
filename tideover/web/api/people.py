"""What a person allowed, refused, or is protected by; and how she is called."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.http import HttpRequest
from ninja import Router, Status

from tideover.access.audit import note
from tideover.access.clock import now
from tideover.access.sealing import blind
from tideover.book.actions import record, touch
from tideover.book.addresses import can_be_seen
from tideover.book.consents import agreed_text
from tideover.book.models import FACTS, Fact
from tideover.book.said_here import CLOCKS_DIFFER
from tideover.book.surrogates import surrogate_of
from tideover.delivery import outbox
from tideover.engine.decision.candidates import NEVER_REFUSED
from tideover.engine.policy.lists import Lists
from tideover.kit.nearest import did_you_mean
from tideover.strategy.telling import words
from tideover.support.voice.consents import ended
from tideover.support.voice.consents import given as given_anywhere
from tideover.web.api.answers import may_answer
from tideover.web.api.door import client_of, through
from tideover.web.api.models import Client
from tideover.web.api.problems import Problem, not_found
from tideover.web.api.schemas import (
    ConsentGiven,
    ConsentTaken,
    HoldGiven,
    HoldLifted,
    HoldTaken,
    Named,
    NameGiven,
    OptOut,
)
from tideover.web.api.scopes import Scope
from tideover.web.api.sight import person_seen
from tideover.web.api.values import Unusable, moment_of

router = Router(tags=["people"])
ALL = "all"


@router.post(
    "/people/{anykey:person_id}/consents", response=may_answer(201, ConsentTaken), operation_id="give_consent"
)
@through(Scope.WRITE_CONSENTS, writes=True)
def give_consent(request: HttpRequest, person_id: str, given: ConsentGiven) -> Status[dict[str, object]]:
    """Tell that a person allowed a class of purposes in a channel, with the words she saw.

    A stop from before that covers more, such as of a whole channel, goes on for all the rest. A stop since stays.
    """
    client, at, person = client_of(request), now(), person_seen(client_of(request), person_id)
    _check_lists(given.channel, given.purpose_class)
    granted_at = _in_the_past("granted_at", given.granted_at, at)
    text_hash = agreed_text(given.text, language=given.language, at=at)
    row: dict[str, object] = {
        "person_id": person.pk, "channel": given.channel, "purpose_class": given.purpose_class,
        "granted_at": granted_at, "text_hash": text_hash, "shown_in": given.shown_in,
    }  # fmt: skip
    rows = given_anywhere(row)
    _told(client, "consents", rows, "consent_given", at, {"text": text_hash})
    return Status(201, {**rows[0], "cancelled": 0})


@router.post(
    "/people/{anykey:person_id}/opt-outs", response=may_answer(201, ConsentTaken), operation_id="opt_out"
)
@through(Scope.WRITE_CONSENTS, writes=True)
def opt_out(request: HttpRequest, person_id: str, given: OptOut) -> Status[dict[str, object]]:
    """Tell that a person wants no more of it. What is queued and falls under it does not leave."""
    client, at, person = client_of(request), now(), person_seen(client_of(request), person_id)
    _check_lists(given.channel, given.purpose_class)
    key = {"person_id": person.pk, "channel": given.channel, "purpose_class": given.purpose_class}
    known = _latest("consents", **key)
    row = ended(known.as_row if known else key, at=at, said_at=_said_at(given, at))
    _told(
        client, "consents", [row], "opted_out", at, {"channel": given.channel, "class": given.purpose_class}
    )
    cancelled = outbox.cancel(
        [person.pk], at=at, because="refused", keep=_kept_classes(given.purpose_class),
        channel="" if given.channel == ALL else given.channel,
    )  # fmt: skip
    return Status(201, {**row, "cancelled": cancelled})


@router.post(
    "/people/{anykey:person_id}/holds", response=may_answer(201, HoldTaken), operation_id="put_on_hold"
)
@through(Scope.WRITE_HOLDS, writes=True)
def put_on_hold(request: HttpRequest, person_id: str, given: HoldGiven) -> Status[dict[str, object]]:
    """Let contacts, interest or fees rest, for a reason of the closed list."""
    client, at, person = client_of(request), now(), person_seen(client_of(request), person_id)
    kinds = _lists().holds
    if given.kind not in kinds:
        raise _unknown("kind", given.kind, kinds)
    if given.loan_id and not _stands_in(person.pk, given.loan_id):
        raise Problem(422, "orphan", "This person stands in no such loan.", field="loan_id")
    row: dict[str, object] = {
        "hold_id": f"h-{secrets.token_hex(12)}", "person_id": person.pk, "kind": given.kind, "loan_id": given.loan_id,
        "from_at": moment_given("from_at", given.from_at, at),
        "until_at": moment_given("until_at", given.until_at, None),
    }  # fmt: skip
    _told(client, "holds", [row], "hold_put", at, {"kind": given.kind})
    return Status(201, row)


@router.post(
    "/people/{anykey:person_id}/holds/{anykey:hold_id}/lift",
    response=may_answer(200, HoldTaken),
    operation_id="lift_hold",
)
@through(Scope.WRITE_HOLDS, writes=True)
def lift_hold(
    request: HttpRequest, person_id: str, hold_id: str, given: HoldLifted
) -> Status[dict[str, object]]:
    """End a hold now, as a role that may lift its kind and that this client was given."""
    client, at, person = client_of(request), now(), person_seen(client_of(request), person_id)
    hold = _latest("holds", person_id=person.pk, hold_id=hold_id[:201]) if "\0" not in hold_id else None
    if hold is None:
        raise not_found("This person has no such hold.")
    known = hold.as_row
    allowed = _lists().holds[known["kind"]].lifted_by
    if given.as_role not in client.roles or given.as_role not in allowed:
        raise Problem(
            403,
            "no_role",
            f"This kind of hold is lifted by {' or '.join(allowed)}; the key must have the role.",
        )
    if known["until_at"] is not None and known["until_at"] <= at:
        raise Problem(409, "ended", "This hold has ended already.")
    row = {**known, "until_at": at}
    _told(client, "holds", [row], "hold_lifted", at, {"kind": known["kind"], "role": given.as_role})
    return Status(200, row)


@router.post("/people/{anykey:person_id}/name", response=may_answer(200, Named), operation_id="name_person")
@through(Scope.WRITE_ADDRESSES, writes=True)
def name_person(request: HttpRequest, person_id: str, given: NameGiven) -> Status[dict[str, object]]:
    """Tell how a person is called. The name is kept sealed."""
    client, at, person = client_of(request), now(), person_seen(client_of(request), person_id)
    name = given.name.strip()
    if not name or not can_be_seen(name):
        raise Problem(
            422, "unreadable_value", "A name has no line breaks and no hidden characters.", field="name"
        )
    person.name, person.name_index = name, blind(name)
    person.save(update_fields=["name", "name_index"])
    touch([person.pk])
    note(action="name_told", by=client.actor, at=at, about=surrogate_of(person.pk))
    return Status(200, {"named": True})


def moment_given(field: str, told: str | None, otherwise: datetime | None) -> datetime | None:
    """A moment of a body, or what stands for it. Raises Problem."""
    if told is None:
        return otherwise
    try:
        return moment_of(told)
    except Unusable as unusable:
        raise Problem(422, unusable.code, unusable.says, field=field) from None


def _in_the_past(field: str, told: str | None, at: datetime) -> datetime:
    """When it happened, now where nothing is told; a clock that is a little ahead tells of now. Raises Problem."""
    moment = moment_given(field, told, at) or at
    if moment > at + CLOCKS_DIFFER:
        raise Problem(422, "in_future", "It has not happened yet.", field=field)
    return min(moment, at)


def _said_at(given: OptOut, at: datetime) -> datetime:
    """A stop is not refused for its date: one that has not come yet, or is a stand-in, is now. Raises Problem."""
    try:
        return min(moment_given("said_at", given.said_at, at) or at, at)
    except Problem as problem:
        if problem.code == "placeholder_date":
            return at
        raise


def _told(
    client: Client,
    table: str,
    rows: list[dict[str, object]],
    action: str,
    at: datetime,
    detail: dict[str, str],
) -> None:
    record(table, rows, source=client.source, at=at)
    note(action=action, by=client.actor, at=at, about=surrogate_of(str(rows[0]["person_id"])), detail=detail)


def _latest(table: str, **of: str) -> Fact | None:
    found: Fact | None = FACTS[table].objects.filter(**of).order_by("-recorded_at", "-id").first()
    return found


def _stands_in(person_id: str, loan_id: str) -> bool:
    own = FACTS["loans"].objects.filter(loan_id=loan_id, borrower_id=person_id)
    return own.exists() or FACTS["parties"].objects.filter(loan_id=loan_id, person_id=person_id).exists()


def _kept_classes(purpose_class: str) -> tuple[str, ...]:
    """What still leaves: duties, receipts and answers are not hers to refuse, and the rest she did not speak of."""
    others = [it for it in _lists().classes if purpose_class not in (ALL, it)]
    return (*NEVER_REFUSED, *others)


def _lists() -> Lists:
    return words().lists


def _check_lists(channel: str, purpose_class: str) -> None:
    lists = _lists()
    if channel not in (ALL, *lists.channels):
        raise _unknown("channel", channel, (ALL, *lists.channels))
    if purpose_class not in (ALL, *lists.classes):
        raise _unknown("purpose_class", purpose_class, (ALL, *lists.classes))


def _unknown(field: str, told: str, known: object) -> Problem:
    names = [str(it) for it in known]  # type: ignore[attr-defined]
    return Problem(
        422,
        "unknown_code",
        f"'{field}' is one of {', '.join(names)}.{did_you_mean(told, names)}",
        field=field,
    )
