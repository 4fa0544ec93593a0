"""The lease queue: people are claimed by a worker, outcomes are written once.

Recorded first, sent second. A worker holds a claim with a fencing number: whoever comes back after the lease has
passed finds another number and can change nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, QuerySet

from tideover.book.actions import record, revise
from tideover.book.models import Person
from tideover.delivery.models import KEPT_BACK, FurtherPart, Message
from tideover.kit.keepable import keepable
from tideover.strategy.telling import words

TABLE, PEOPLE = Message._meta.db_table, Person._meta.db_table
WHOLE = tuple(it.name for it in Message._meta.concrete_fields)
A_CLAIM = 500
LONGEST_NAME = 300
"""Letters that we keep of a provider's own name of a message."""
MOST_DEATHS = 3
"""Workers that may die over a message; then a person looks at it."""
MOST_TIMES = 6
"""How often what may be repeated leaves at most, where no reply ever comes: within the hour, and later each time."""
MOST_LATE = 2_000
"""Messages past their use-by that are ended in one turn."""
AMONG = {1: 25, 2: 1}
"""How many are claimed together after so many deaths."""
GONE = ("accepted", "unknown")
"""States of a contact that left, or may have: it counts from the moment at which it did, not from the one it was planned for."""

AGAIN = timedelta(minutes=2)
"""After which what may be repeated is, where the reply was lost; twice as long each time."""


def note(messages: Sequence[Message], state: str, *, at: datetime, left_at: datetime | None = None) -> None:
    """The contacts as facts, in a new state. One that may have arrived before counts on, however its repeat ends.

    `left_at`: when they left, where that was before anybody wrote it down.
    """
    if state in KEPT_BACK:
        messages = [it for it in messages if not it.maybe_twice]
    changes: dict[str, object] = {"state": state, **({"send_at": left_at or at} if state in GONE else {})}
    known = revise("contacts", [it.contact_id for it in messages], changes, source="delivery", at=at)
    channels = words().lists.channels
    rows = [
        {
            "contact_id": it.contact_id, "person_id": it.person_id, "channel": it.channel, "purpose": it.purpose,
            "subject": it.subject, "send_at": it.send_at, "use_by": it.use_by, "cost": channels[it.channel].cost,
            "decision_id": it.decision_id or "", **changes,
        }
        for it in messages
        if it.contact_id not in known
    ]  # fmt: skip
    if rows:
        record("contacts", rows, source="delivery", at=at)


def lease() -> timedelta:
    """How long a worker holds what it claimed."""
    return timedelta(seconds=settings.LEASE_SECONDS)


def is_anything_due(*, at: datetime, channels: Sequence[str] = ()) -> bool:
    """Is there a message whose moment has come?"""
    return _due(at, channels).exists()


def _due(at: datetime, channels: Sequence[str]) -> QuerySet[Message]:
    due = Message.objects.filter(state="queued", due_at__lte=int(at.timestamp()))
    return due.filter(channel__in=channels) if channels else due


def claim(*, worker: str, at: datetime, most: int = A_CLAIM, channels: Sequence[str] = ()) -> list[Message]:
    """Messages whose moment has come, one a person, leased to this worker.

    Those of people of whom another lane holds a message are read past, however many they are.
    """
    with transaction.atomic():
        # Asked once for all, by the index of what is leased, however many are due.
        due = _due(at, channels).extra(
            where=[
                """delivery_message.person_id NOT IN
                (SELECT held.person_id FROM delivery_message held WHERE held.state IN ('claimed', 'sending'))"""
            ]
        )
        due = due.order_by("due_at", "id")
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        waiting = [_Due(*it) for it in due.values_list("pk", "person_id", "deaths")[: most * 2]]
        ours = _not_in_other_hands({it.person_id for it in waiting})
        chosen: dict[str, _Due] = {}
        for it in waiting:
            if it.person_id in ours:
                chosen.setdefault(it.person_id, it)
        mine = [it.pk for it in _together(list(chosen.values()), most)]
        until = int((at + lease()).timestamp())
        Message.objects.filter(pk__in=mine, state="queued").update(
            state="claimed", worker=worker, lease_until=until, fence=F("fence") + 1, deaths=F("deaths") + 1
        )
        mine_now = Message.objects.filter(pk__in=mine, worker=worker, state="claimed")
        return list(
            mine_now.select_related("decision").only(*WHOLE, "decision__strategy_hash", "decision__policy")
        )


class _Due(NamedTuple):
    """What decides whether a message is claimed."""

    pk: int
    person_id: str
    deaths: int


def _together(waiting: list[_Due], most: int) -> list[_Due]:
    """Those that may be claimed at once. The more workers died over the first, the fewer stand beside it.

    So a message that ends its worker is found: it dies once among all, once among a few, once alone.
    """
    deaths = waiting[0].deaths if waiting else 0
    return [it for it in waiting if it.deaths == deaths][: min(most, AMONG.get(deaths, most))]


def survived(messages: Sequence[Message]) -> None:
    """The worker has judged them and put them into words, and lives: what it dies of from now on is not their doing."""
    Message.objects.filter(pk__in=[it.pk for it in messages], deaths__gt=0).update(deaths=0)


def _not_in_other_hands(people: set[str]) -> set[str]:
    """Of these people, those of whom no worker holds a message. Locked, so that no other claims one meanwhile."""
    known = Person.objects.filter(pk__in=people)
    if connection.features.has_select_for_update_skip_locked:
        known = known.select_for_update(skip_locked=True, no_key=True)
    free = set(known.values_list("pk", flat=True))
    strangers = people - free - set(Person.objects.filter(pk__in=people - free).values_list("pk", flat=True))
    held = Message.objects.filter(person_id__in=people, state__in=("claimed", "sending"))
    return (free | strangers) - set(held.values_list("person_id", flat=True))


def renew(messages: Sequence[Message], *, worker: str, at: datetime) -> int:
    """Hold on to what this worker still holds. A lease that is over is not taken back: whoever slept through it has lost it."""
    held = Message.objects.filter(
        pk__in=[it.pk for it in messages], worker=worker, state__in=("claimed", "sending")
    )
    moment = int(at.timestamp())
    return held.filter(lease_until__gt=moment).update(lease_until=int((at + lease()).timestamp()))


def free_orphans(*, at: datetime) -> int:
    """Messages whose worker died: those not yet on their way are due again; for the others nobody knows, so none is sent twice.

    Only what may be repeated without harm (receipts, codes, duties) goes out again, with the same message id. Over what
    workers died again and again no further one is risked.
    """
    with transaction.atomic():
        # Said as the index says it: SQLite does not see through values that are given beside the question.
        held = Message.objects.select_for_update().extra(where=["state IN ('claimed', 'sending')"])
        late = list(held.filter(lease_until__lt=int(at.timestamp())))
        if not late:
            return 0
        deadly = [it for it in late if it.state == "claimed" and it.deaths >= MOST_DEATHS]
        settle_all([Ended(it, "suppressed", "workers_died") for it in deadly], at=at)
        back = Message.objects.filter(pk__in=[it.pk for it in late], state="claimed").update(
            state="queued", worker="", fence=F("fence") + 1
        )
        lost = [Ended(it, "unknown", "worker_lost") for it in late if it.state == "sending"]
        settle_all(lost, at=at)
    return back + len(lost)


def keep_words(messages: Iterable[Message]) -> None:
    """Keep what these claimed messages will say, and to which address, before any of them leaves."""
    body = Message._meta.get_field("body")
    rows: list[tuple[object, ...]] = [
        (body.get_db_prep_save(it.body, connection), it.template, it.address_id, it.language, it.pk, it.fence)
        for it in messages
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(
                f"UPDATE {TABLE} SET body = %s, template = %s, address_id = %s, language = %s WHERE id = %s AND fence = %s",  # noqa: S608 - names of ours
                rows,  # type: ignore[arg-type]
            )


def begin(leaving: Mapping[Message, int], *, at: datetime) -> set[Message]:
    """Write down that these messages are about to leave: those still claimed, about whose person nobody has written since.

    `leaving` holds the `facts_version` by which each was judged. Looking and writing are one statement.
    """
    rows = [part for it, version in leaving.items() for part in (it.pk, it.fence, version)]
    places = ", ".join(["(%s, %s, %s)"] * len(leaving))
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH leaving (pk, fence, version) AS (VALUES {places}) "  # noqa: S608 - names of ours
            f"UPDATE {TABLE} SET state = 'sending' FROM leaving, {PEOPLE} p WHERE {TABLE}.id = leaving.pk "
            f"AND {TABLE}.fence = leaving.fence AND {TABLE}.state = 'claimed' AND {TABLE}.lease_until > %s "
            f"AND p.person_id = {TABLE}.person_id AND p.facts_version = leaving.version RETURNING {TABLE}.id",
            [*rows, int(at.timestamp())],
        )
        begun = {pk for (pk,) in cursor.fetchall()}
    return {it for it in leaving if it.pk in begun}


@dataclass(frozen=True)
class Ended:
    """What became of one message."""

    message: Message
    state: str
    because: str = ""
    reference: str = ""
    further: Sequence[str] = ()
    """What the provider calls the parts after the first."""
    leads_nowhere: bool = False
    """The provider knows for sure that nobody has this address."""

    @property
    def goes_again(self) -> bool:
        """What may be repeated without harm is, a few times, where nobody knows whether it arrived."""
        it = self.message
        return self.state == "unknown" and it.resend and (not it.maybe_twice or it.attempts + 1 < MOST_TIMES)


def settle(message: Message, state: str, *, at: datetime, because: str = "", reference: str = "") -> bool:
    """Write down what became of a message, once. False: the claim is no longer ours."""
    return bool(settle_all([Ended(message, state, because, reference)], at=at))


@transaction.atomic
def settle_all(ended: Sequence[Ended], *, at: datetime) -> int:
    """Write down what became of messages, each once: of those whose claim is still ours. How many."""
    moment = int(at.timestamp())
    held = _change(
        "state = told.state, because = told.because, reference = told.reference, ended_at = told.moment, fence = fence + 1",
        ("state", "because", "reference", "moment"),
        {
            it.message: (it.state, it.because, as_kept(it.reference), moment)
            for it in ended
            if not it.goes_again
        },
    ) | _change(
        "state = 'queued', because = told.because, due_at = told.moment, maybe_twice = (1 = 1), attempts = attempts + 1, "
        "fence = fence + 1",
        ("because", "moment"),
        {it.message: (it.because, _again_at(it.message, at)) for it in ended if it.goes_again},
    )
    FurtherPart.objects.bulk_create(
        FurtherPart(message=it.message, reference=as_kept(part))
        for it in ended
        if it.message in held
        for part in it.further
    )
    states: dict[str, list[Message]] = {}
    for it in ended:
        if it.message in held:
            states.setdefault(it.state, []).append(it.message)
    for state, messages in sorted(states.items()):
        note(messages, state, at=at)
    return len(held)


def as_kept(reference: str) -> str:
    """A provider's own name of a message as we can keep it: whatever it looks like, the message was taken."""
    return keepable(reference)[:LONGEST_NAME]


def _again_at(message: Message, at: datetime) -> int:
    return int((at + AGAIN * 2 ** min(message.attempts, MOST_TIMES)).timestamp())


def postpone(messages: Sequence[Message], *, until: datetime, because: str, tries: int = 0) -> int:
    """Not now: those that are still ours are looked at again at that moment. How many. `tries`: in vain, since they were claimed."""
    with transaction.atomic():
        ours = [it.pk for it in _held(messages)]
        return Message.objects.filter(pk__in=ours).update(
            state="queued",
            due_at=int(until.timestamp()),
            because=because,
            worker="",
            fence=F("fence") + 1,
            attempts=F("attempts") + tries,
            deaths=0,
        )


def _held(messages: Sequence[Message]) -> set[Message]:
    """Those that this worker still holds, locked for what is written of them."""
    rows = Message.objects.filter(pk__in=[it.pk for it in messages], state__in=("claimed", "sending"))
    fences = dict(rows.select_for_update().values_list("pk", "fence"))
    return {it for it in messages if fences.get(it.pk) == it.fence}


def _change(change: str, names: Sequence[str], told: Mapping[Message, Sequence[object]]) -> set[Message]:
    """One change of many messages, by what is told of each under these names: of those that this worker still holds. Which."""
    if not told:
        return set()
    rows = [part for it, of_it in told.items() for part in (it.pk, it.fence, *of_it)]
    places = ", ".join([f"(%s, %s{', %s' * len(names)})"] * len(told))
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH told (pk, held, {', '.join(names)}) AS (VALUES {places}) UPDATE {TABLE} SET {change} FROM told "  # noqa: S608 - names of ours
            f"WHERE {TABLE}.id = told.pk AND {TABLE}.fence = told.held AND {TABLE}.state IN ('claimed', 'sending') "
            f"RETURNING {TABLE}.id",
            rows,  # type: ignore[arg-type]
        )
        changed = {pk for (pk,) in cursor.fetchall()}
    return {it for it in told if it.pk in changed}


def end_too_late(*, at: datetime, most: int = MOST_LATE) -> int:
    """Whatever waits past its use-by ends, whether or not anything takes what waits in its channel. How many.

    Nobody is waited for: whoever writes about a person just now may be about to take back what waits for her.
    """
    # Said as the index says it: SQLite does not see through values that are given beside the question.
    late = Message.objects.filter(use_by__lte=int(at.timestamp())).extra(where=["state = 'queued'"])
    with transaction.atomic():
        waiting = list(late.order_by("use_by").select_for_update(skip_locked=True)[:most])
        ours = _not_in_other_hands({it.person_id for it in waiting})
        return _keep_back([it for it in waiting if it.person_id in ours], at=at, because="too_late")


def cancel(
    people: Iterable[str],
    *,
    at: datetime,
    because: str,
    channel: str = "",
    keep: Sequence[str] = (),
    purpose: str = "",
) -> int:
    """Nothing that is queued for these people, by this channel or any, leaves any more, save the purpose classes to keep."""
    waiting = Message.objects.filter(person_id__in=set(people), state="queued").exclude(
        purpose_class__in=keep
    )
    waiting = waiting.filter(channel=channel) if channel else waiting
    waiting = waiting.filter(purpose=purpose) if purpose else waiting
    with transaction.atomic():
        return _keep_back(list(waiting.select_for_update()), at=at, because=because)


def _keep_back(queued: Sequence[Message], *, at: datetime, because: str) -> int:
    if queued:
        Message.objects.filter(pk__in=[it.pk for it in queued]).update(
            state="suppressed", because=because, ended_at=int(at.timestamp()), fence=F("fence") + 1
        )
        note(queued, "suppressed", at=at)
    return len(queued)
