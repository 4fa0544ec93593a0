"""The day's numbers and the rows behind each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from django.core.paginator import Page, Paginator
from django.http import Http404

from tideover.book.scopes import Scope
from tideover.delivery.because import says
from tideover.delivery.queries import FACTS_SINCE, happened, names_of, people_behind
from tideover.strategy.day import KINDS, Counted, counted, last_night, listed
from tideover.strategy.models import Run
from tideover.support.models import KINDS as CASES

A_PAGE = 50
A_DAY = timedelta(hours=24)
DECIDED: Mapping[str, str] = MappingProxyType(
    {
        "contact": "Spoken to today, by a message",
        "human": "Spoken to today, by a person",
        "wait": "Waiting for a better day",
        "none": "Left in peace",
    }
)
STATES: Mapping[str, str] = MappingProxyType(
    {
        "queued": "Waits for its moment",
        "claimed": "About to leave",
        "sending": "On its way",
        "accepted": "Taken by the provider",
        "rejected": "Sent back",
        "unknown": "Reply lost; not sent twice",
    }
)
ANSWERED: Mapping[str, str] = MappingProxyType(
    {
        "stop": "Asked us to stop", "spam_report": "Called a mail of ours spam",
        "help": "Asked for help", "call_me": "Asked for a call", "yes_to_date": "Said yes to a day",
        "unclear": "Wrote something that a person reads", **{kind: said for kind, said in CASES.items() if kind not in {"call", "visit"}},
    }
)  # fmt: skip
HAPPENED: Mapping[str, str] = MappingProxyType(
    {"paid": "Paid", "opted_out": "Took a consent back", "complained": "Complained"}
)


def answered(kind: str) -> str:
    """A kind of answer, in words."""
    return ANSWERED.get(kind, kind.replace("_", " "))


@dataclass(frozen=True)
class Number:
    """A number with what it counts, and where its rows are."""

    says: str
    many: int
    what: str
    code: str = ""


@dataclass(frozen=True)
class Day:
    """Everything the page says."""

    scope: Scope
    at: datetime
    since: datetime
    run: Run | None
    counted: Counted
    decided: Sequence[Number]
    blocked: Sequence[Number]
    messages: Sequence[Number]
    suppressed: Sequence[Number]
    answered: Sequence[Number]
    happened: Sequence[Number]


def day_of(scope: Scope, at: datetime, *, hidden: frozenset[str]) -> Day:
    """The numbers of the last night and of the hours since, without the reasons that the reader may not see."""
    run = last_night()
    since = run.at if run else at - A_DAY
    found = counted(run, scope.keys()) if run else Counted()
    seen = happened(scope.people, since)
    return Day(
        scope, at, since, run, found,
        [Number(DECIDED[it], found.by_treatment.get(it, 0), "treatment", it) for it in KINDS],
        [Number(says(code), many, "blocked", code) for code, many in found.by_obstacle if code not in hidden],
        [Number(text, seen.by_state.get(it, 0), "messages", it) for it, text in STATES.items()],
        [Number(says(code), many, "suppressed", code) for code, many in seen.suppressed if code not in hidden],
        [Number(answered(code), many, "answered", code) for code, many in seen.answers],
        [Number(HAPPENED[it], getattr(seen, it), it) for it in FACTS_SINCE],
    )  # fmt: skip


@dataclass(frozen=True)
class Person:
    """Somebody behind a number."""

    key: str
    name: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rows:
    """The people behind a number."""

    says: str
    since: datetime
    people: Sequence[Person]
    page: Page


def rows_of(
    scope: Scope, what: str, code: str, number: str | None, at: datetime, *, hidden: frozenset[str]
) -> Rows:
    """One page of the people behind a number. Raises Http404 for a number there is not."""
    run = last_night()
    since = run.at if run else at - A_DAY
    if code in hidden:
        raise Http404
    if what in ("treatment", "blocked"):
        return _of_run(run, scope, what, code, number, hidden)
    if what not in ("messages", "suppressed", "answered", *FACTS_SINCE):
        raise Http404
    page = Paginator(people_behind(what, code, scope.people, since), A_PAGE).get_page(number)
    keys = list(page.object_list)
    names = names_of(keys)
    return Rows(_title(what, code), since, [Person(it, names[it]) for it in keys], page)


def _of_run(
    run: Run | None, scope: Scope, what: str, code: str, number: str | None, hidden: frozenset[str]
) -> Rows:
    if run is None:
        raise Http404
    start = A_PAGE * (max(int(number) if number and number.isdecimal() else 1, 1) - 1)
    found, many = listed(run, what, code, scope.keys(), start=start, most=A_PAGE)
    page = Paginator(range(many), A_PAGE).get_page(number)
    names = names_of(it.person_id for it in found)
    people = [
        Person(it.person_id, names[it.person_id], tuple(says(code, hidden) for code in it.reasons))
        for it in found
    ]
    return Rows(_title(what, code), run.at, people, page)


def _title(what: str, code: str) -> str:
    known = {"treatment": DECIDED, "messages": STATES, "answered": ANSWERED}
    return HAPPENED.get(what) or known.get(what, {}).get(code) or says(code)
