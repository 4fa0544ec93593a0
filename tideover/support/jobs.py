"""Cases are opened by reading what delivery left: answers for a person, tasks, duties that could not be delivered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import CharField, Exists, Max, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat

from tideover.book.models import Person
from tideover.delivery.answers import FOR_A_PERSON
from tideover.delivery.models import Answer, Corrected, Message
from tideover.delivery.queries import duties_waiting, to_look_at
from tideover.strategy.models import Watermark
from tideover.support.duties import SEEN_TO
from tideover.support.models import DAYS, DUTY, FROM_ANSWER, FROM_MESSAGE, TASKS, USUAL_DAYS, Case
from tideover.support.strangers import open_for_strangers
from tideover.support.voice.deaths_answered import note_deaths
from tideover.support.voice.spoken_for import rested_by_it

OF_ANSWER = {"call_me": "call_back", "help": "question", "unclear": "question"}
ANSWERS = "support:answers"
UNDELIVERED = "undelivered"
OWED = ("answer", "receipt", "status")
"""Classes of what a person is owed because of what she or we did."""

NOT_ANY_MORE = ("sign_in_code",)
"""Of no use by the time somebody could look."""

NO_WAY = (
    "no_address", "too_long", "no_rules_for_it", "no_registered_template", "not_as_registered", "registered_unreadable",
    "guard_error",
)  # fmt: skip
"""Why it could not even leave, besides words that it lacked, which are said in a sentence."""

OF_NO_USE = Q(state="suppressed", purpose_class__in=OWED) & ~(
    Q(because="workers_died")
    | Q(purpose="correction")
    | Q(because__contains=" ")
    | reduce(or_, (Q(because=it) | Q(because__startswith=f"{it}@") for it in NO_WAY))
)
"""What was held back because it was of no use any more, or not wanted: nobody has to see to it, and it may be much."""

NEVER = datetime.min.replace(tzinfo=UTC)
LATE = 200
"""Numbers below the last one."""

A_TURN = 2_000
"""Duties that wait of which a turn tells: under a stop they may be very many, and the next turn tells of the next."""

LOOK_BACK = timedelta(days=3)
"""A message ends some time after its row was made, so those of the last days are looked at again."""


def open_cases(*, at: datetime) -> int:
    """Open a case for everything new that a person must look at. How many. What was read counts as read with its cases."""
    seen: dict[str, int] = {}
    found: dict[str, Case] = {}
    for it in (
        *_of_answers(at, seen), *_of_messages(at), *_of_waiting(at), *_of_corrections(at), *_of_spoken_for(at, seen),
    ):  # fmt: skip
        found.setdefault(it.from_row, it)
    known = set(Case.objects.filter(from_row__in=found).values_list("from_row", flat=True))
    made = [it for origin, it in found.items() if origin not in known]
    branches = dict(Person.objects.filter(pk__in={it.person_id for it in made}).values_list("pk", "branch"))
    for it in made:
        it.branch = branches.get(it.person_id, "")
    if made or seen:
        with transaction.atomic():
            Case.objects.bulk_create(made, ignore_conflicts=True)  # another worker may have been first
            note_deaths(it.from_row for it in found.values() if it.kind == "death")
            for table, last in seen.items():
                Watermark.objects.update_or_create(table=table, defaults={"last_id": last})
    return len(made) + open_for_strangers(at=at)


def _of_answers(at: datetime, seen: dict[str, int]) -> Iterable[Case]:
    last = Watermark.objects.filter(table=ANSWERS).values_list("last_id", flat=True).first() or 0
    newest = Answer.objects.aggregate(newest=Max("pk"))["newest"] or 0
    # One that was numbered early may be committed late, so those just below are looked for again.
    for_a_person = Q(danger=True) | Q(certain=False) | Q(kind__in=FOR_A_PERSON)
    rows = Answer.objects.filter(pk__gt=last - LATE, pk__lte=newest)
    rows = rows.filter(Q(pk__gt=last) | (for_a_person & ~_has_a_case(FROM_ANSWER)))
    for row in rows.select_related("message").order_by("pk"):
        if row.danger or not row.certain or row.kind in FOR_A_PERSON:
            kind = "danger" if row.danger else OF_ANSWER.get(row.kind, row.kind)
            kind = "question" if kind in ("stop", "yes_to_date") else kind
            kind = "death" if row.tells_of_a_death and not row.danger else kind
            subject = row.message.subject if row.message else ""
            yield _case(kind, row.person_id, f"{FROM_ANSWER}{row.pk}", at, subject=subject, said=row.text)
    if newest > last:
        seen[ANSWERS] = newest


def _has_a_case(origin: str) -> Exists:
    """Is there a case that came from this row?"""
    return Exists(Case.objects.filter(from_row=Concat(Value(origin), Cast(OuterRef("pk"), CharField()))))


def _of_messages(at: datetime) -> Iterable[Case]:
    # Sorted here: a database that sorts by key reads the whole table.
    waiting = to_look_at(since=at - LOOK_BACK).exclude(_has_a_case(FROM_MESSAGE)).exclude(OF_NO_USE)
    rows = sorted(waiting, key=lambda it: it.pk)
    told = [(kind, row) for row in rows if (kind := _kind_of(row))]
    seen_to = _last_undelivered({row.person_id for kind, row in told if kind == UNDELIVERED}, at)
    for kind, row in told:
        if kind == UNDELIVERED and row.ended_at is not None:
            if seen_to.get(row.person_id, NEVER) >= row.ended_at:
                continue
            seen_to[row.person_id] = at
        due = row.use_by.date() if kind in TASKS else None
        yield _case(kind, row.person_id, f"{FROM_MESSAGE}{row.pk}", at, subject=row.subject, due=due)


def _of_waiting(at: datetime) -> Iterable[Case]:
    """Duties that wait on, whatever for: somebody is told while there is time, and they may leave yet."""
    untold = duties_waiting(at=at).exclude(_has_a_case(FROM_MESSAGE)).order_by("use_by", "pk")
    for row in untold[:A_TURN]:
        due = min(row.use_by.date(), at.date() + timedelta(days=DAYS[DUTY]))
        yield _case(DUTY, row.person_id, f"{FROM_MESSAGE}{row.pk}", at, subject=row.subject, due=due)


def _last_undelivered(people: set[str], at: datetime) -> dict[str, datetime]:
    """Until when the cases of these people cover what did not arrive: one that is not closed, until the end of its day."""
    since = int((at - LOOK_BACK - timedelta(days=1)).timestamp())
    found = Case.objects.filter(kind=UNDELIVERED, opened_at__gte=since, person_id__in=people)
    covered = dict[str, datetime]()
    for person, opened, state in found.order_by("opened_at").values_list("person_id", "opened_at", "state"):
        covered[person] = opened if state == "closed" else opened.replace(hour=23, minute=59, second=59)
    return covered


def _kind_of(row: Message) -> str:
    """The work that the end of this message leaves to a person, or none. What is of no use any more does not come here."""
    if row.state == "accepted":
        return row.channel if row.channel in TASKS else ""
    if row.purpose_class == "duty" and row.because not in SEEN_TO:
        return DUTY
    if row.purpose_class != "duty" and row.because == "workers_died":
        return "not_sent"
    if row.purpose == "correction":
        return "correction"
    return UNDELIVERED if row.purpose_class in OWED and row.purpose not in NOT_ANY_MORE else ""


def _of_corrections(at: datetime) -> Iterable[Case]:
    """Those who got something wrong and may not be written to about it."""
    since = int((at - LOOK_BACK).timestamp())
    forbidden = Corrected.objects.filter(correction__decided_at__gte=since).exclude(forbidden_by="")
    for row in forbidden.select_related("message"):
        subject = row.message.subject if row.message else ""
        yield _case("correction", row.person_id, f"corrected-{row.pk}", at, subject=subject)


def _of_spoken_for(at: datetime, seen: dict[str, int]) -> Iterable[Case]:
    """Those to whom nothing is said by itself: a person says it, to whoever speaks for them or to them."""
    for kind, person, origin in rested_by_it(at=at, seen=seen):
        yield _case(kind, person, origin, at)


def _case(
    kind: str,
    person: str,
    origin: str,
    at: datetime,
    *,
    subject: str = "",
    said: str | None = None,
    due: date | None = None,
) -> Case:
    due = due or at.date() + timedelta(days=DAYS.get(kind, USUAL_DAYS))
    return Case(
        kind=kind, person_id=person, subject=subject, from_row=origin, said=said, due_on=due, opened_at=at
    )
