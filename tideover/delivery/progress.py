"""Corrections as they stand, for those who ask, agree and follow up."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce

from tideover.access.models import Staff
from tideover.book.models import Person
from tideover.delivery.because import says
from tideover.delivery.models import KEPT_BACK, Corrected, Correction, Message
from tideover.delivery.words import sender, templates
from tideover.delivery.wrong import GOT, Wrong, reach_of
from tideover.engine.message import sample
from tideover.kit.text import Direction
from tideover.strategy.telling import secret_codes, words

A_PAGE, DAY = 50, 86_400
FORBIDDEN, WAITING = "forbidden", "waiting"


@dataclass(frozen=True)
class Standing:
    """One correction with how far it has come: people by what became of theirs."""

    correction: Correction
    about: str
    state: str
    people: int
    sent: int
    unsure: int
    waiting: int
    kept_back: int
    forbidden: int

    @property
    def for_a_person(self) -> int:
        """Those whom no message put it right with."""
        return self.kept_back + self.forbidden


@dataclass(frozen=True)
class Unreached:
    """Somebody whom no message may put it right with, and why."""

    person_id: str
    name: str
    because: str


def corrections_page(number: str | None, at: datetime) -> tuple[Page[Correction], list[Standing]]:
    """Every correction, the newest first."""
    rows = Correction.objects.select_related("request__asked_by", "request__approved_by").order_by("-pk")
    page = Paginator(rows, A_PAGE).get_page(number)
    return page, standing_of(page, at)


def standing_of(corrections: Iterable[Correction], at: datetime) -> list[Standing]:
    """How far these have come, in one more query."""
    found = list(corrections)
    state = Subquery(Message.objects.filter(contact_id=OuterRef("decision_id")).values("state")[:1])
    became = Case(When(decision_id="", then=Value(FORBIDDEN)), default=Coalesce(state, Value(WAITING)))
    rows = Corrected.objects.filter(correction__in=found).annotate(became=became)
    counts: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for pk, what, many in rows.values_list("correction_id", "became").annotate(many=Count("pk")).order_by():
        counts[pk][what] = many
    return [_standing(it, counts[it.pk], at) for it in found]


def _standing(correction: Correction, became: Counter[str], at: datetime) -> Standing:
    sent, unsure, forbidden = became["accepted"], became["unknown"], became[FORBIDDEN]
    kept_back, people = sum(became[it] for it in KEPT_BACK), became.total()
    waiting = people - sent - unsure - forbidden - kept_back
    state = correction.request.state(at)
    return Standing(
        correction, about(Wrong.of(correction)), state, people, sent, unsure, waiting, kept_back, forbidden
    )


def about(wrong: Wrong) -> str:
    """What was wrong, as staff read it."""
    parts = [
        words().lists.purposes[wrong.purpose].says.rstrip(".") if wrong.purpose else "",
        f"words {wrong.template[:12]}" if wrong.template else "",
        f"strategy {wrong.release[:12]}" if wrong.release else "",
        f"by {wrong.channel}" if wrong.channel else "",
        f"from {wrong.since:%d %b %Y %H:%M}" if wrong.since else "",
        f"to {wrong.until:%d %b %Y %H:%M}" if wrong.until else "",
    ]
    return ", ".join(filter(None, parts))


def unreached(correction: Correction, reader: Staff, most: int = 200) -> list[Unreached]:
    """Those of the reader's branches who may not be written to, or whose correction did not leave, with the reason."""
    hidden = secret_codes(reader)
    visible = Person.objects.visible_to(reader)
    mine = correction.people.filter(person_id__in=visible.values("pk"))
    because = dict(mine.filter(decision_id="").values_list("person_id", "forbidden_by")[:most])
    lost = Message.objects.filter(contact_id__in=mine.values("decision_id"), state__in=KEPT_BACK)
    because |= dict(lost.values_list("person_id", "because")[:most])
    names = dict(visible.filter(pk__in=list(because)).values_list("pk", "name"))
    return [Unreached(it, names.get(it) or it, in_words(because[it], hidden)) for it in sorted(because)]


def in_words(codes: str, hidden: frozenset[str]) -> str:
    """Everything that stands in the way; a code with a channel closed that channel."""
    told = [says(code.partition("@")[0], hidden) for code in codes.split(",") if code]
    return " ".join(dict.fromkeys(told))


@dataclass(frozen=True)
class Sample:
    """What one language reads, made up save for the day."""

    language: str
    direction: Direction
    subject: str
    text: str


def samples(wrong: Wrong, at: datetime) -> list[Sample]:
    """The correction in each language in which the wrong one came."""
    found = []
    for language in reach_of(wrong).by_language:
        given = {"wrong_on": int(at.timestamp()) // DAY}
        said = sample(
            "correction", templates().language("correction", language), channel="email", sender=sender(), templates=templates(),
            given=given,
        )  # fmt: skip
        found.append(Sample(said.language, said.direction, said.subject, said.text))
    return found


def one_of(wrong: Wrong, reader: Staff) -> Message | None:
    """The newest wrong message to somebody whom this reader may see, to look at before asking."""
    rows = wrong.messages().filter(GOT, person_id__in=Person.objects.visible_to(reader).values("pk"))
    return rows.exclude(body__isnull=True).order_by("-send_at", "-pk").first()
