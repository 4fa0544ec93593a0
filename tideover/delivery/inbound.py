"""What comes in from outside is tied to what we sent: a mail, a receipt, a text message. Nothing is believed that we did not send."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction

from tideover.access.sealing import blind
from tideover.book.models import FACTS, Address
from tideover.delivery import outbox, unplaced
from tideover.delivery.about import last_to
from tideover.delivery.addresses import mark, people_at, people_beside, went_to
from tideover.delivery.answers import SPAM_REPORT, Sender, receive
from tideover.delivery.incoming.mails import Came, read_mail
from tideover.delivery.incoming.received import Answered, Receipt
from tideover.delivery.incoming.words import classify, grave
from tideover.delivery.long_texts import is_part, joined, left_behind, text_of
from tideover.delivery.models import Answer, FurtherPart, Message, TextPart
from tideover.delivery.taking_back import still_rests
from tideover.kit.cards import cover_cards

PRESSED = {SPAM_REPORT: SPAM_REPORT, "unsubscribe": "stop"}
"""Mails that say one thing without words, and the answer that each is."""

AUTOMATIC = ("challenge", "away", "auto_reply")
SOURCE = "receipt"
RECEIPTS_COME = timedelta(days=14)
"""So long after a message ended its receipt may come; a later one is of another message of the same name."""
AGAIN = timedelta(minutes=10)
"""Within it the same words of the same person are the same message, where nothing else tells two apart."""


def take_mail(raw: bytes, *, at: datetime) -> str:
    """What a mail that came back meant. "unmatched": no message of ours. "unplaced": kept for a person.

    That is for words of nobody we know, and for a mail of which something could not be read.
    """
    came = read_mail(raw)
    message = _by_message_id(came.original_id)
    if came.kind in ("permanent", "temporary"):
        return _bounced(came, message, at=at)
    if came.is_whole:
        return _taken(came, message, raw, at=at)
    if came.text or came.kind in PRESSED:
        _taken(came, message, raw, at=at)
    return unplaced.keep(
        "email", came.sender, came.text, at=at, outside_id=_named(came, raw), where=set_aside(raw)
    )


def _named(came: Came, raw: bytes) -> str:
    return came.message_id or hashlib.sha256(raw).hexdigest()


def _taken(came: Came, message: Message | None, raw: bytes, *, at: datetime) -> str:
    """A name that a mailbox gives may have been given before: the same mail is of the same person with the same words."""
    sender, known = came.sender, _named(came, raw)
    person = message.person_id if message else _whose(sender, people_at(sender, at=at), came.text)
    kind = _read_as(came, is_known=person is not None)
    if kind not in ("reply", *PRESSED):
        return kind  # a machine's answer says nothing about the person
    if person is None:
        return _of_nobody(kind, came, sender, at=at, outside_id=known, where=set_aside(raw))
    # A provider reports for the mailbox that our mail went to; it has none of its own here.
    people = people_beside(person, "email", at=at) if kind == SPAM_REPORT else people_at(sender, at=at)
    beside = _beside(person, people)
    who = Spoke(person, "email", Sender(came.kind in AUTOMATIC, sender, beside), known)
    text = "" if kind in PRESSED else came.text
    if _was_taken(who, text):
        return kind
    once = unplaced.told_once("email", f"{person}|{sender}", f"{known}|{came.date}", text)
    receive(
        person_id=person, channel="email", at=at, outside_id=once, message=message, sender=who.sender,
        kind=PRESSED.get(kind, ""), text=text,
    )  # fmt: skip
    if kind == "reply" and came.kind == "unsubscribe":  # grave words, in a mail that is a stop all the same
        receive(
            person_id=person, channel="email", at=at, outside_id=f"{once}-stop", message=message, kind="stop",
            sender=Sender(by_machine=True, beside=beside),
        )  # fmt: skip
    return kind


def _read_as(came: Came, *, is_known: bool) -> str:
    """What the mail counts as: whatever looks automatic and speaks of a danger, a death or a stop is read as a person's words.

    Mails from outside that offer to unsubscribe us are many; of somebody we do not know only a plain stop counts.
    """
    if came.kind not in (*AUTOMATIC, "unsubscribe"):
        return came.kind
    said = grave(came.text)
    if said & {"danger", "death"}:
        return "reply"
    meant = classify(came.text, "en")
    is_stop = "stop" in said if is_known else (meant.kind == "stop" and meant.certain)
    return "reply" if is_stop and came.kind in AUTOMATIC else came.kind


def set_aside(raw: bytes) -> str:
    """The name under which a mail that nobody can place is kept whole, below the data folder."""
    return f"unmatched-mail/{hashlib.sha256(raw).hexdigest()[:24]}.eml"


def _of_nobody(kind: str, came: Came, sender: str, *, at: datetime, outside_id: str, where: str) -> str:
    """A person reads it; only a provider's report of spam says nothing that a person could answer."""
    if kind == SPAM_REPORT:
        return "unmatched"
    pressed = "stop" if came.kind in PRESSED else ""
    return unplaced.keep(
        "email", sender, came.text, at=at, outside_id=outside_id, pressed=pressed, where=where
    )


def take_text(said: Answered, *, at: datetime) -> str:
    """A text message: of whoever has the number; of several who share it, of the one whom we wrote to last.

    A stop, a danger or a death counts for each of them.
    """
    people = people_at(said.sender, at=at)
    person = _whose(said.sender, people, said.text)
    if person is None:
        return unplaced.keep(said.channel, said.sender, said.text, at=at, outside_id=said.reference)
    known = Spoke(person, said.channel, Sender(False, said.sender, _beside(person, people)), said.reference)
    if not is_part(said):
        return _said(known, said.text, at=at)
    with transaction.atomic():
        whole = replace(known, reference="")
        told = [_said(whole, text, at=at) for text in joined(said, person, at=at)]
    return told[-1] if told else "part"


@transaction.atomic
def read_left_behind(*, at: datetime) -> int:
    """Long texts of which parts never came are read as far as they are here. How many."""
    late = left_behind(at=at)
    for parts in late:
        first = parts[0]
        TextPart.objects.filter(pk__in=[it.pk for it in parts]).delete()
        beside = _beside(first.person_id, people_beside(first.person_id, first.channel, at=at))
        _said(
            Spoke(first.person_id, first.channel, Sender(beside=beside), in_part=True), text_of(parts), at=at
        )
    return len(late)


@dataclass(frozen=True)
class Spoke:
    """Who sent a text message, and how it came."""

    person: str
    channel: str
    sender: Sender
    reference: str = ""
    in_part: bool = False


def _said(who: Spoke, text: str, *, at: datetime) -> str:
    """Somebody's words, taken once: a network hands over again what it does not know to have arrived.

    A stop, a danger or a death of which something was taken back since is no repeat, whatever the words.
    """
    people = {who.person, *who.sender.beside}
    if not who.reference and any(still_rests(it, people, at=at) for it in _the_same_lately(who, text, at=at)):
        return "again"
    if who.reference and _was_taken(who, text):
        return "again"
    may_answer = last_to(who.person, who.channel, who.sender.address)
    known = hashlib.sha256(f"{who.person}{who.channel}{at}{text}".encode()).hexdigest()
    if who.reference:
        known = unplaced.told_once(who.channel, who.sender.address, who.reference, text)
    receive(
        person_id=who.person, channel=who.channel, at=at, outside_id=known[:200], text=text, sender=who.sender,
        message=next(iter(may_answer), None), instead=may_answer[1:],
    )  # fmt: skip
    return "reply"


def _was_taken(who: Spoke, text: str) -> bool:
    """Whether it was kept under its bare reference, as answers once were: another gateway's, or another day's, may be the same."""
    known = Answer.objects.filter(
        outside_id=who.reference[:200], person_id=who.person, channel=who.channel
    ).first()
    return known is not None and (known.text or "") == cover_cards(text)


def _the_same_lately(who: Spoke, text: str, *, at: datetime) -> list[Answer]:
    since = int((at - AGAIN).timestamp())
    lately = Answer.objects.filter(person_id=who.person, channel=who.channel, at__gte=since)
    return [it for it in lately if text == it.text or (who.in_part and text in (it.text or ""))]


@transaction.atomic
def take_receipt(receipt: Receipt, *, at: datetime) -> str:
    """What a provider says became of a message. The same receipt twice changes nothing.

    "early": it may be of a message of which we do not know yet that it was taken, and is to be told again.
    """
    message, has_failed = _told_of(receipt, at=at), receipt.state in ("failed", "expired")
    if has_failed and (_is_any_leaving(receipt.channel) if message is None else message.state == "sending"):
        return "early"
    if message is None:
        return "unmatched"
    if has_failed:
        _did_not_arrive(message, is_dead=receipt.permanent, because=receipt.kind or receipt.state, at=at)
    return receipt.state


def _told_of(receipt: Receipt, *, at: datetime) -> Message | None:
    """The message by our own name for it, else the newest of late by its provider's: providers use a name again."""
    sent = Message.objects.select_for_update().filter(channel=receipt.channel)
    named = sent.filter(message_id=receipt.ours).first() if receipt.ours else None
    if named is not None or not receipt.reference:
        return named
    late = sent.filter(ended_at__gte=int((at - RECEIPTS_COME).timestamp())).order_by("-ended_at", "-pk")
    theirs = outbox.as_kept(receipt.reference)
    parts = FurtherPart.objects.filter(reference=theirs)
    found = (
        late.filter(reference=theirs).first(),
        late.filter(pk__in=parts.values("message")).first(),
    )
    return max((it for it in found if it), key=lambda it: (it.ended_at, it.pk), default=None)


def _is_any_leaving(channel: str) -> bool:
    # Said as the index of what is leased says it.
    held = Message.objects.extra(where=["state IN ('claimed', 'sending')"])
    return held.filter(channel=channel, state="sending").exists()


@transaction.atomic
def _bounced(came: Came, message: Message | None, *, at: datetime) -> str:
    """A bounce counts only for the message that it names and the address that message went to: anyone can write one."""
    if message is None:
        return "unmatched"
    address = Address.objects.filter(pk=message.address_id).first()
    ours = [it for it in came.failed if address is not None and blind(it.address) == address.index]
    if not ours or came.kind == "temporary":
        return "unmatched" if not ours else "temporary"
    is_dead = any(it.kind == "bad_address" and it.permanent for it in ours)
    _did_not_arrive(message, is_dead=is_dead, because=ours[0].kind, at=at)
    return "permanent"


def _did_not_arrive(message: Message, *, is_dead: bool, because: str, at: datetime) -> None:
    late = Message.objects.filter(pk=message.pk, state__in=("accepted", "unknown"))
    if late.update(state="rejected", because=because, ended_at=int(at.timestamp())):
        outbox.note([message], "rejected", at=at)
    if is_dead:
        where = went_to(message)
        mark(message.person_id, where, "bounced", source=SOURCE, at=at, channel=message.channel)


def _by_message_id(original: str) -> Message | None:
    key = original.strip("<>").partition("@")[0]
    return Message.objects.filter(message_id=key, channel="email").first() if key else None


def _whose(address: str, working: set[str], text: str) -> str | None:
    """The one person whose address this is, or was; of several the one whom we wrote to last.

    None where it is nobody's. Several to whom we sent nothing: one of them where it may be grave, so that all of them rest.
    """
    known = list(Address.objects.filter(index=blind(address)).values_list("address_id", flat=True))
    had = FACTS["contact_points"].objects.filter(address_id__in=known).values_list("person_id", flat=True)
    people = working or set(had)
    if len(people) < 2:
        return next(iter(people), None)
    ended = Message.objects.filter(person_id__in=people, address_id__in=known, ended_at__isnull=False)
    last = ended.order_by("-ended_at").first()
    if last is None:
        return min(people) if grave(text) else None
    return last.person_id


def _beside(person: str, people: set[str]) -> frozenset[str]:
    """The others where this person shares an address."""
    return frozenset(people - {person}) if person in people else frozenset()
