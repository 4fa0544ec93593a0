"""Answers: what a person wrote or pressed becomes facts at once, stops what it must, and waits for a person where it should.

Whatever may be a stop is a stop. A death told, a danger, a wrong number: everything to that person rests in the same
transaction; a person reads it and puts it right if we understood too much.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from django.db import transaction

from tideover.access.sealing import blind
from tideover.book.actions import record
from tideover.book.newest import newest_one
from tideover.delivery import outbox
from tideover.delivery.about import loans_around, loans_in
from tideover.delivery.addresses import mark, went_to
from tideover.delivery.incoming.phrases import Named
from tideover.delivery.incoming.words import classify
from tideover.delivery.models import Answer, Message
from tideover.engine.decision.candidates import NEVER_REFUSED
from tideover.kit.cards import cover_cards
from tideover.strategy.gate import UnknownPerson, consider
from tideover.strategy.models import Decision
from tideover.strategy.releases import NothingLive
from tideover.strategy.telling import words

SOURCE = "person"
LOOKING = timedelta(days=7)
"""How long we look for a payment that is said to be made, before a person decides."""
EVERY = "all"
A_WHILE = timedelta(days=14)

KINDS = (
    "stop", "paid", "not_me", "wrong_amount", "cannot_pay", "death", "call_me", "yes_to_date", "help", "unclear"
)  # fmt: skip
FOR_A_PERSON = frozenset(
    {"paid", "not_me", "wrong_amount", "cannot_pay", "death", "call_me", "help", "unclear"}
)
"""Answers that open a case."""
CONFIRMED = frozenset({"paid", "wrong_amount", "cannot_pay", "call_me", "help", "unclear"})
"""Of these those that are confirmed. After a death or a danger a person speaks, and to a wrong number nobody."""
CONFIRMATION, ONCE_IN = "answer_received", timedelta(days=1)
ON_A_PAGE = "app"
"""What a page takes in, it confirms itself."""
DANGER = "danger"
SPAM_REPORT = "spam_report"
"""Her provider tells that she called a mail of ours spam: a stop, and a complaint in the day's numbers."""

MEANS = {SPAM_REPORT: "stop"}
SHARED = "shared"
"""In the key of a hold of somebody who shares an address with whoever the answer was taken for."""
IN_PASSING = frozenset({"stop", "death", "not_me", "paid", "wrong_amount", "cannot_pay"})
"""What takes effect too where other words stand before it: it only pauses, and a person reads it."""
AGREES = {"yes_to_date"}
"""Nothing is agreed by itself on words of danger."""


@dataclass(frozen=True)
class Sender:
    """What is known of whoever sent the words, besides whose they are taken for."""

    by_machine: bool = False
    """It looks automatic, so nothing is said in return: two machines could go on for ever."""
    address: str = field(default="", repr=False)
    """The number or mailbox."""
    beside: frozenset[str] = frozenset()
    """Others whose address it is too."""


@dataclass(frozen=True)
class Heard:
    """An answer with what it is about."""

    answer: Answer
    message: Message | None
    at: datetime
    heard_on: str = ""
    """Where one of us heard it; "" where she wrote or pressed it herself."""
    sender: Sender = Sender()
    instead: Sequence[Message] = ()
    """Others that it may answer just as well."""

    @property
    def person(self) -> str:
        return self.answer.person_id

    @property
    def messages(self) -> list[Message]:
        """Every message that it may answer, the likeliest first."""
        return [*([self.message] if self.message else []), *self.instead]

    @cached_property
    def loans(self) -> list[str]:
        """The loans that those messages were about."""
        return loans_in(self.messages)


@transaction.atomic
def receive(  # noqa: PLR0913 - each says one more thing of an answer
    *,
    person_id: str,
    channel: str,
    at: datetime,
    outside_id: str,
    text: str = "",
    kind: str = "",
    message: Message | None = None,
    language: str = "",
    sender: Sender = Sender(),
    instead: Sequence[Message] = (),
) -> Answer:
    """Take in what a person said. `kind`: pressed and not written, so it is certain. The same `outside_id` is one answer."""
    known = Answer.objects.filter(outside_id=outside_id).first()
    if known is not None:
        return known
    text = cover_cards(text)
    language = language or (message.language if message else "") or _language_of(person_id)
    meant = classify(text, language) if not kind else None
    also: set[Named] = set(meant.also) if meant else set()
    answer = Answer(
        message=message, person_id=person_id, channel=channel, kind=kind or str(meant and meant.kind),
        certain=bool(kind) or bool(meant and meant.certain), danger=bool(meant and meant.danger), also=sorted(also),
        text=text or None, at=at, outside_id=outside_id,
    )  # fmt: skip
    answer.sender = (sender.address[:300] or None) if answer.tells_of_a_death else None
    answer.save()
    heard = Heard(answer, message, at, sender=sender, instead=instead)
    _take_effect(heard, {MEANS.get(answer.kind, answer.kind)} | (also & IN_PASSING))
    if _is_to_be_confirmed(heard):
        _confirmed(heard)
    return answer


def _language_of(person_id: str) -> str:
    row = newest_one("borrowers", borrower_id=person_id)
    return (row.language if row else "") or "en"


@transaction.atomic
def hear(
    *,
    person_id: str,
    kind: str,
    stops: Iterable[str],
    heard_on: str,
    text: str,
    at: datetime,
    outside_id: str,
) -> None:
    """Take in what one of us heard somebody say, and the channels that are to stop. Raises IntegrityError for an `outside_id` known.

    Whoever was spoken with needs no message that it has come.
    """
    answer = Answer.objects.create(
        person_id=person_id, channel=heard_on, kind=kind, certain=True, danger=kind == DANGER, text=cover_cards(text) or None,
        at=at, outside_id=outside_id,
    )  # fmt: skip
    heard = Heard(answer, None, at, heard_on)
    _take_effect(heard, {kind} - {"stop"})
    for channel in stops:
        _stop_in(channel, heard)


def _take_effect(heard: Heard, means: set[str]) -> None:
    _noted(heard)
    if heard.answer.danger:
        _rest(heard, DANGER)  # without an end: a person who closes the case says that it may go on
        _stop_everything(heard, DANGER)
    for each in means & set(EFFECTS) - (AGREES if heard.answer.danger else set()):
        EFFECTS[each](heard)
    if heard.sender.beside:
        _beside(heard, means)


def _beside(heard: Heard, means: set[str]) -> None:
    """Of an address that several share, any of them may have written: what must stop stops for all. A person puts it right.

    A wrong number is nobody's of them: what else each is reached at stays as it is.
    """
    others, answer = sorted(heard.sender.beside), heard.answer
    kinds = {DANGER} if answer.danger else set()
    kinds |= {"bereavement"} if "death" in means else set()
    holds = [
        {
            "hold_id": f"{_named(kind)}-{answer.pk}-{SHARED}{number}", "person_id": each, "kind": kind, "from_at": heard.at
        }
        for kind in sorted(kinds)
        for number, each in enumerate(others)
    ]  # fmt: skip
    record("holds", holds, source=SOURCE, at=heard.at)
    for kind in sorted(kinds):
        outbox.cancel(others, at=heard.at, because=kind)
    if "stop" in means:
        _refused(others, answer.channel, heard)
    if "not_me" in means:
        for each in others:
            mark(each, _heard_at(heard), "wrong_person", source=SOURCE, at=heard.at)


def _is_to_be_confirmed(heard: Heard) -> bool:
    """At most once in a day, and never where a person must speak first or a machine may answer."""
    answer = heard.answer
    written = bool(answer.text) and answer.channel != ON_A_PAGE and not heard.sender.by_machine
    if not written or answer.kind not in CONFIRMED or answer.danger or answer.tells_of_a_death:
        return False
    return not _was_decided_lately(heard, purpose=CONFIRMATION)


def _was_decided_lately(heard: Heard, **which: str) -> bool:
    lately = Decision.objects.filter(person_id=heard.person, at__gt=heard.at - ONCE_IN, **which)
    return lately.exists()


def _confirmed(heard: Heard) -> None:
    """Whoever wrote is told the same way that it has come and that a person reads it."""
    with suppress(NothingLive, UnknownPerson):
        consider(person_id=heard.person, occasion=CONFIRMATION, at=heard.at, channel=heard.answer.channel)


def _noted(heard: Heard) -> None:
    """It is a response to the message, and a talk that the person began."""
    if heard.message is not None:
        kind = "replied" if heard.answer.text else "acted"
        row = {"contact_id": heard.message.contact_id, "kind": kind, "at": heard.at, "human": True}
        record("responses", [row], source=SOURCE, at=heard.at)
    talk = {
        "conversation_id": f"answer-{heard.answer.pk}", "person_id": heard.person, "loan_id": next(iter(heard.loans), None),
        "channel": heard.heard_on or heard.answer.channel, "at": heard.at, "by": "them",
        "outcome": "talked" if heard.heard_on else "message",
    }  # fmt: skip
    record("conversations", [talk], source=SOURCE, at=heard.at)


def _stop(heard: Heard) -> None:
    _stop_in(heard.answer.channel, heard)


def _stop_in(channel: str, heard: Heard) -> None:
    """Nothing by this channel, or any, any more, save what a law orders, receipts, and answers to what she starts."""
    _refused([heard.person], channel, heard)
    if heard.sender.by_machine or channel not in words().lists.channels_for("message"):
        return
    # A machine that answers each of our texts would have a confirmation of each of its own.
    if _was_decided_lately(heard, purpose="opt_out_confirmed", channel=channel):
        return
    with suppress(NothingLive, UnknownPerson):
        values = {"stopped": channel}
        consider(
            person_id=heard.person, occasion="opt_out_confirmed", at=heard.at, channel=channel, values=values
        )


def _refused(people: Sequence[str], channel: str, heard: Heard) -> None:
    refused = {"channel": channel, "purpose_class": "all", "withdrawn_at": heard.at}
    rows = [{"person_id": it, **refused} for it in people]
    record("consents", rows, source=source_of(heard.answer), at=heard.at)
    by = "" if channel == EVERY else channel
    outbox.cancel(people, at=heard.at, because="opted_out", channel=by, keep=NEVER_REFUSED)


def source_of(answer: Answer) -> str:
    """What a wish says of where it comes from, so that just what this answer changed can be taken back."""
    return f"answer-{answer.pk}"


def _rest(heard: Heard, kind: str, lasts: timedelta | None = None, *, loan: str | None = None) -> None:
    hold = {
        "hold_id": f"{_named(kind)}-{heard.answer.pk}-{loan or ''}", "person_id": heard.person, "loan_id": loan, "kind": kind,
        "from_at": heard.at, "until_at": heard.at + lasts if lasts else None,
    }  # fmt: skip
    record("holds", [hold], source=SOURCE, at=heard.at)


def _named(kind: str) -> str:
    """A key is handed on where the kind may not be told."""
    return "told" if kind == DANGER else kind


def _stop_everything(heard: Heard, because: str) -> None:
    outbox.cancel([heard.person], at=heard.at, because=because)


def _paid(heard: Heard) -> None:
    for loan in _loans(heard):
        _rest(heard, "already_paid", LOOKING, loan=loan)


def _wrong_amount(heard: Heard) -> None:
    for loan in _loans(heard):
        _rest(heard, "dispute", loan=loan)


def _loans(heard: Heard) -> list[str]:
    """The loans that the message was about; where it was about none, every loan that she took or stands in."""
    return heard.loans or loans_around(heard.person, heard.at)


def _not_me(heard: Heard) -> None:
    """The address is not used again, and everything rests until the right one is known."""
    mark(heard.person, _heard_at(heard), "wrong_person", source=SOURCE, at=heard.at)
    _rest(heard, "wrong_number")
    outbox.cancel([heard.person], at=heard.at, because="wrong_number", keep=("duty", "answer"))


def _heard_at(heard: Heard) -> set[str]:
    """The address that the words came from, and the one that they answer."""
    where = {blind(heard.sender.address)} if heard.sender.address else set()
    return where | (went_to(heard.message) if heard.message else set())


def _cannot_pay(heard: Heard) -> None:
    _rest(heard, "hardship", A_WHILE)
    reason: dict[str, object] = {
        "person_id": heard.person,
        "loan_id": next(iter(heard.loans), ""),
        "need": "rather_not_say",
    }
    reason |= {"told_at": heard.at, "via": heard.heard_on or heard.answer.channel}
    record("lateness_reasons", [reason], source=SOURCE, at=heard.at)


def _death(heard: Heard) -> None:
    _rest(heard, "bereavement")
    _stop_everything(heard, "bereavement")


def left_to_a_person(heard: Heard) -> None:
    """Nothing could be done with it at once: a case is opened."""
    heard.answer.certain = False
    heard.answer.save(update_fields=["certain"])


EFFECTS: dict[str, Callable[[Heard], None]] = {
    "stop": _stop,
    "paid": _paid,
    "wrong_amount": _wrong_amount,
    "not_me": _not_me,
    "cannot_pay": _cannot_pay,
    "death": _death,
}
"""What each answer does at once; apps above add theirs in AppConfig.ready(). The others wait for a person."""
