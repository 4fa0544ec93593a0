"""Messages and answers, read for the pages that show them. Sets in, few queries out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery

from tideover.book.models import FACTS, Person
from tideover.delivery.answers import SPAM_REPORT
from tideover.delivery.models import Answer, Message
from tideover.delivery.shown import Shown, kept
from tideover.strategy.telling import words

A_PAGE = 50
TIME_TO_ACT = 4 * 3600
"""Seconds that a person has at least to do by another way what waits on: more where it has days, half of less than that."""

BY = ("channel", "language", "state")
"""What a list of messages can be narrowed by."""
People = QuerySet[Person] | None
"""Whose rows count; None stands for everybody."""


@dataclass(frozen=True)
class Listed:
    """One message in a list, with its first line and whose it is."""

    message: Message
    shown: Shown
    name: str
    purpose: str


@dataclass(frozen=True)
class Since:
    """What happened between a moment and now. Each number opens its rows."""

    by_state: Mapping[str, int]
    suppressed: Sequence[tuple[str, int]]
    answers: Sequence[tuple[str, int]]
    paid: int
    opted_out: int
    complained: int


def messages_page(wanted: Mapping[str, str], number: str | None) -> tuple[Page[Message], list[Listed]]:
    """Messages of all channels, the newest first."""
    rows = Message.objects.filter(**{by: wanted[by] for by in BY if wanted.get(by)})
    page = Paginator(rows.order_by("-send_at", "-pk"), A_PAGE).get_page(number)
    return page, with_names(page)


def to_look_at(*, since: datetime) -> QuerySet[Message]:
    """Messages that ended since then as a person may have to see to, by the index that holds these alone."""
    ended = Message.objects.filter(ended_at__gte=int(since.timestamp()))
    # Said as the index says it: SQLite does not see through values that are given beside the question.
    return ended.extra(
        where=[
            """channel IN ('call', 'visit') AND state = 'accepted'
            OR purpose_class = 'duty' AND state IN ('rejected', 'suppressed', 'unknown')
            OR because = 'workers_died'
            OR purpose = 'correction' AND state IN ('rejected', 'suppressed')
            OR purpose_class IN ('answer', 'receipt', 'status') AND state IN ('rejected', 'suppressed')"""
        ]
    )


def duties_waiting(*, at: datetime) -> QuerySet[Message]:
    """Duties that have not left though most of their time is gone, by the index that holds these alone.

    Not those that wait for their hour, as long as it comes in time.
    """
    moment = int(at.timestamp())
    # Said as the index says it: SQLite does not see through values that are given beside the question.
    return Message.objects.extra(
        where=[
            "state = 'queued' AND purpose_class = 'duty'",
            """use_by > %s AND use_by - %s <= CASE WHEN use_by - send_at > %s THEN (use_by - send_at) / 4
            WHEN use_by - send_at > %s THEN %s ELSE (use_by - send_at) / 2 END""",
            "(because <> 'not_at_this_hour' OR due_at <= %s)",
        ],
        params=[moment, moment, 4 * TIME_TO_ACT, 2 * TIME_TO_ACT, TIME_TO_ACT, moment],
    )


def with_names(messages: Iterable[Message]) -> list[Listed]:
    """Messages with whose they are, in one more query."""
    found = list(messages)
    names = names_of(it.person_id for it in found)
    return [_listed(it, names[it.person_id]) for it in found]


def _listed(message: Message, name: str) -> Listed:
    purpose = words().lists.purposes.get(message.purpose)
    return Listed(message, kept(message), name, purpose.says if purpose else message.purpose)


def names_of(people: Iterable[object]) -> dict[str, str]:
    """What people are called; the key where no name is known."""
    ids = sorted({str(it) for it in people})
    known = dict(Person.objects.filter(pk__in=ids).values_list("pk", "name"))
    return {it: known.get(it) or it for it in ids}


def happened(people: People, since: datetime) -> Since:
    """The numbers of a day so far."""
    moment = int(since.timestamp())
    messages, answers = _of(Message.objects.all(), people), _of(Answer.objects.filter(at__gte=moment), people)
    ended = messages.filter(Q(ended_at__gte=moment) | Q(ended_at__isnull=True))
    return Since(
        dict(ended.values_list("state").annotate(Count("pk")).order_by()),
        _counted(messages.filter(state="suppressed", ended_at__gte=moment), "because"),
        _counted(answers, "kind"),
        *(
            rows.values("person").distinct().count()
            for rows in (_facts(what, people, moment) for what in FACTS_SINCE)
        ),
    )


FACTS_SINCE = ("paid", "opted_out", "complained")


def _facts(what: str, people: People, moment: int) -> QuerySet:
    """What happened since a moment, with the person it is about: not what is only told anew of something older."""
    if what == "paid":
        of_loan = FACTS["loans"].objects.filter(loan_id__in=_paid_since(moment).values("loan_id"))
        return _narrowed(of_loan.annotate(person=F("borrower_id")), people)
    if what == "opted_out":
        withdrawn = FACTS["consents"].objects.filter(recorded_at__gte=moment, withdrawn_at__gte=moment)
        return _narrowed(withdrawn.annotate(person=F("person_id")), people)
    made = FACTS["complaints"].objects.filter(recorded_at__gte=moment, at__gte=moment).values("person_id")
    reported = Answer.objects.filter(kind=SPAM_REPORT, at__gte=moment).values("person_id")
    complained = Person.objects.filter(Q(pk__in=made) | Q(pk__in=reported))
    return _narrowed(complained.annotate(person=F("pk")), people)


def _paid_since(moment: int) -> QuerySet:
    """Money that was told of for the first time since, for a bank tells of a day on the next; and not taken back."""
    payments = FACTS["payments"].objects
    same = payments.filter(payment_id=OuterRef("payment_id"))
    told_before = Exists(same.filter(recorded_at__lt=moment))
    taken_back = Exists(same.filter(reversed_at__isnull=False))
    return payments.filter(~told_before, ~taken_back, recorded_at__gte=moment)


def _narrowed(rows: QuerySet, people: People) -> QuerySet:
    return rows if people is None else rows.filter(person__in=Subquery(people.values("pk")))


def _of(rows: QuerySet, people: People) -> QuerySet:
    return rows if people is None else rows.filter(person_id__in=Subquery(people.values("pk")))


def _counted(rows: QuerySet, by: str) -> list[tuple[str, int]]:
    return list(rows.values_list(by).annotate(many=Count("pk")).order_by("-many", by))


def people_behind(what: str, code: str, people: People, since: datetime) -> QuerySet:
    """The keys of the people behind one number, in order."""
    moment = int(since.timestamp())
    if what in FACTS_SINCE:
        return _facts(what, people, moment).order_by("person").values_list("person", flat=True).distinct()
    if what == "answered":
        rows = _of(Answer.objects.filter(at__gte=moment, kind=code), people)
    elif what == "suppressed":
        rows = _of(Message.objects.filter(state="suppressed", because=code, ended_at__gte=moment), people)
    else:
        within = Q(ended_at__gte=moment) | Q(ended_at__isnull=True)
        rows = _of(Message.objects.filter(within, state=code), people)
    return rows.order_by("person_id").values_list("person_id", flat=True).distinct()


def messages_of(person: str, most: int = 50) -> list[Listed]:
    """Everything we said to somebody, the newest first."""
    found = list(Message.objects.filter(person_id=person).order_by("-send_at", "-pk")[:most])
    return [_listed(it, person) for it in found]


def answers_of(person: str, most: int = 50) -> list[Answer]:
    """Everything somebody answered, the newest first."""
    return list(Answer.objects.filter(person_id=person).order_by("-at", "-pk")[:most])


@dataclass(frozen=True)
class Standing:
    """The outbox as it stands, for those who watch the machine."""

    by_state: Mapping[str, int]
    suppressed: Mapping[str, int]
    waiting: Mapping[str, int]
    oldest_due: Mapping[str, datetime]


def standing(at: datetime) -> Standing:
    """How many messages are in which state, why some were suppressed or put off, and how long the oldest one waits."""
    due = Message.objects.filter(state="queued", due_at__lte=int(at.timestamp()))
    reasons = Message.objects.filter(state__in=("suppressed", "queued")).values_list("state", "because")
    why: dict[str, dict[str, int]] = {"suppressed": {}, "queued": {}}
    for state, because, many in reasons.annotate(Count("pk")).order_by():
        if because or state == "suppressed":
            why[state][because] = many
    return Standing(
        dict(Message.objects.values_list("state").annotate(Count("pk")).order_by()),
        why["suppressed"],
        why["queued"],
        dict(due.values_list("channel").annotate(Min("due_at")).order_by()),
    )
