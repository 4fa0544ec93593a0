"""All tables of some borrowers: the same rows whoever else is in the book."""

from __future__ import annotations

from tideover.engine.facts.made_up._addresses import consents, contact_points
from tideover.engine.facts.made_up._cards import card_payments, standings, standings_of
from tideover.engine.facts.made_up._contacts import contact_topics, contacts, send
from tideover.engine.facts.made_up._contracts import loans, parties
from tideover.engine.facts.made_up._draws import Ints
from tideover.engine.facts.made_up._frames import Tables
from tideover.engine.facts.made_up._holds import complaints, holds
from tideover.engine.facts.made_up._instalments import instalments
from tideover.engine.facts.made_up._journeys import interests, lessons_done, milestones, survey_answers
from tideover.engine.facts.made_up._payments import payments, payments_of, together
from tideover.engine.facts.made_up._persons import borrowers, locations, protected
from tideover.engine.facts.made_up._promises import lateness_reasons, plans, promises
from tideover.engine.facts.made_up._responses import conversations, responses
from tideover.engine.facts.made_up._scene import Scene, scene
from tideover.engine.facts.made_up._visits import visits
from tideover.engine.facts.made_up._wishes import preferences


def tables_of(seed: int, numbers: Ints, at: int) -> Tables:
    """Every table but those of the lender, for the borrowers with these numbers, as known when day `at` begins."""
    here = scene(seed, numbers, at)
    return {**_of_people(here), **_of_money(here), **_of_talks(here)}


def _of_people(here: Scene) -> Tables:
    return {
        "borrowers": borrowers(here),
        "locations": locations(here),
        "contact_points": contact_points(here),
        "consents": consents(here),
        "preferences": preferences(here),
        "protected": protected(here),
        "holds": holds(here),
        "milestones": milestones(here),
        "interests": interests(here),
        "lessons_done": lessons_done(here),
        "survey_answers": survey_answers(here),
    }


def _of_money(here: Scene) -> Tables:
    stood = standings_of(here)
    made = together(payments_of(here.dues, here.paid), card_payments(here, stood))
    return {
        "loans": loans(here),
        "parties": parties(here),
        "instalments": instalments(here),
        "standings": standings(here, stood),
        "payments": payments(here, made),
        "promises": promises(here),
        "plans": plans(here),
        "lateness_reasons": lateness_reasons(here),
    }


def _of_talks(here: Scene) -> Tables:
    sent = send(here)
    written = contacts(here, sent)
    return {
        "contacts": written,
        "contact_topics": contact_topics(here, sent, written),
        "responses": responses(here, sent),
        "conversations": conversations(here, sent),
        "complaints": complaints(here),
        "visits": visits(here, sent),
    }
