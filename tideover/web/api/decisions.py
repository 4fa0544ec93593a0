"""Decisions out: one now with its explanation, and those that were taken, page by page."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from ninja import Query, Router, Status

from tideover.access.clock import now
from tideover.book.models import Person
from tideover.engine.message import Audience, UnknownPerson, explain
from tideover.strategy.day import everybody, last_night, night_of
from tideover.strategy.models import Decision, Run
from tideover.strategy.releases import NothingLive
from tideover.strategy.telling import told_now, words
from tideover.web.api.answers import may_answer
from tideover.web.api.door import client_of, through
from tideover.web.api.models import Client
from tideover.web.api.pages import cursor_of, place_of
from tideover.web.api.people import moment_given
from tideover.web.api.problems import Problem, not_found
from tideover.web.api.schemas import DecisionNow, DecisionPage, DecisionsAsked, NightAsked, NightPage, Telling
from tideover.web.api.scopes import Scope
from tideover.web.api.sight import person_seen
from tideover.web.api.telling import explained, has_restricted, kept_told, row_told

router = Router(tags=["decisions"])


@router.get(
    "/people/{anykey:person_id}/decision", response=may_answer(200, DecisionNow), operation_id="decide_now"
)
@through(Scope.READ_DECISIONS, writes=False, asks=Telling)
def decide_now(request: HttpRequest, person_id: str, asked: Query[Telling]) -> Status[dict[str, object]]:
    """What would be decided about this person at this moment, why, and what would change it. Nothing is sent or kept."""
    client = client_of(request)
    person = person_seen(client, person_id)
    try:
        told = told_now(person.pk, now())
    except NothingLive as refused:
        raise Problem(409, "nothing_live", str(refused)) from None
    except UnknownPerson:
        raise not_found("Nothing is known of this person yet.") from None
    hidden = has_restricted(told.row) and Scope.READ_RESTRICTED not in client.scopes
    audience: Audience = "borrower" if hidden else asked.audience
    explanation = explain(told, audience=audience, language=asked.language or None, words=words())
    return Status(200, {"decision": row_told(told.row, client), "explanation": explained(explanation)})


@router.get("/decisions", response=may_answer(200, DecisionPage), operation_id="list_decisions")
@through(Scope.READ_DECISIONS, writes=False, asks=DecisionsAsked)
def list_decisions(request: HttpRequest, asked: Query[DecisionsAsked]) -> Status[dict[str, object]]:
    """Contacts that were decided on since a moment, in their order. Ask again later with the last cursor for what is new.

    A long run may add decisions of an earlier moment than some already told: begin an hour before the last one, and go
    by `decision_id`, which never changes.
    """
    client = client_of(request)
    rows = _visible(client)
    if asked.since:
        rows = rows.filter(at__gte=moment_given("since", asked.since, None))
    if asked.cursor:
        at, key = place_of(asked.cursor, int, str)
        rows = rows.filter(Q(at__gt=at) | Q(at=at, decision_id__gt=key))
    page = list(rows.order_by("at", "decision_id")[: asked.limit])
    following = cursor_of(int(page[-1].at.timestamp()), page[-1].pk) if page else asked.cursor
    return Status(200, {"decisions": [kept_told(it, client) for it in page], "next": following})


@router.get("/decisions/night", response=may_answer(200, NightPage), operation_id="list_night")
@through(Scope.READ_DECISIONS, writes=False, asks=NightAsked)
def list_night(request: HttpRequest, asked: Query[NightAsked]) -> Status[dict[str, object]]:
    """What a night decided about everybody, those left in peace too, each with the reasons. Without a day, the last night."""
    client = client_of(request)
    of_it, after = place_of(asked.cursor, int, str) if asked.cursor else (0, "")
    run = _night(int(of_it), asked.day)
    people = Person.objects.in_branches(client.visible_branches)
    ids = None if client.visible_branches is None else list(people.values_list("pk", flat=True))
    rows = everybody(run, ids, after=str(after), most=asked.limit) if run else None
    if run is None or rows is None:
        raise not_found("No night of that day is here.")
    following = cursor_of(run.pk, str(rows[-1]["borrower_id"])) if len(rows) == asked.limit else ""
    return Status(200, {"at": run.at, "decisions": [row_told(it, client) for it in rows], "next": following})


def _night(began_with: int, day: str) -> Run | None:
    """The night whose pages are being read, however many ended since."""
    if began_with:
        return Run.nights.filter(pk=began_with).first()
    return night_of(_day(day)) if day else last_night()


def _day(told: str) -> date:
    try:
        day = date.fromisoformat(told)
    except ValueError:
        day = None
    if day is None or day.year == date.max.year:  # the day after it is asked for, too
        raise Problem(422, "no_day", "A day is written as 2026-11-28.", field="day")
    return day


def _visible(client: Client) -> QuerySet[Decision]:
    people = Person.objects.in_branches(client.visible_branches)
    return Decision.objects.filter(person_id__in=people.values("person_id"))
