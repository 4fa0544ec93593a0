"""The facts of one moment, put beside the people they are about."""

from functools import cached_property

from tests.reference.clock import Calendar, offset, zone_of
from tests.reference.known import DAY, known_at
from tests.reference.limits import Rules, covers_loan
from tests.reference.loan import Loan
from tests.reference.person import ANSWERED, COUNTED, REMEMBERED, Person
from tests.reference.plain import greatest, is_now

STEPS = (
    "interested", "started", "received", "document_received", "documents_missing", "under_review", "approved",
    "declined", "disbursed", "withdrawn",
)  # fmt: skip
OF_PEOPLE = (
    "preferences", "holds", "lateness_reasons", "complaints", "contacts", "conversations", "survey_answers",
    "lessons_done", "interests", "visits", "contact_points", "consents",
)  # fmt: skip
OF_LOANS = ("instalments", "standings", "payments", "promises", "plans")


def grouped(rows, column):
    groups = {}
    for row in rows:
        groups.setdefault(row[column], []).append(row)
    return groups


class Application:
    """An application, by its latest step; of two steps at one moment the one further along."""

    def __init__(self, id_, steps, world):
        self.id = id_
        self.person_id = max(it["person_id"] for it in steps)
        self.product = greatest(it["product"] for it in steps)
        person = world.person(self.person_id)
        known = [(it["at"], STEPS.index(it["step"])) for it in steps if it["step"] in STEPS]
        self.step_at, place = max(known, default=(None, None))
        self.application_step = None if place is None else STEPS[place]
        self.latest_step_number = None if place is None else place + 1
        self.today = person.today
        self.days_since_step = None if place is None else self.today - person.local_day(self.step_at)


class World:
    """Everything known at one moment. `tables`: leaves and cut-offs as published; `bans`: rules' conditions, read."""

    def __init__(self, book, at, lists, rule_tables, bans, tables):
        self.at, self.lists, self.tables = at, lists, tables
        self.rules = Rules(rule_tables, bans)
        self.rows = known_at(book, at)
        self.borrowers = {row["borrower_id"]: row for row in self.rows["borrowers"]}
        self.people, self.calendars = {}, {}
        self.by_person = {name: grouped(self.rows[name], "person_id") for name in OF_PEOPLE}
        self.by_loan = {name: grouped(self.rows[name], "loan_id") for name in OF_LOANS}
        self.locations = grouped(self.rows["locations"], "borrower_id")
        self.loans = {row["loan_id"]: self._loan(row) for row in self.rows["loans"]}
        self.loans_of = {}
        for loan in self.loans.values():
            self.loans_of.setdefault(loan.borrower_id, []).append(loan)

    def _clock(self, person_id):
        shift = offset(self.borrowers[person_id]["timezone"], self.at)
        return shift, (self.at + shift) // DAY

    def _loan(self, row):
        rows = {name: self.by_loan[name].get(row["loan_id"], []) for name in OF_LOANS}
        shift, today = self._clock(row["borrower_id"])
        return Loan(row, today, {**rows, "at": self.at, "offset": shift})

    @cached_property
    def loan_holds(self):
        """The holds that last and rest a loan for every party."""
        covering = [it for it in self.rows["holds"] if covers_loan(it, self.lists)]
        return [it for it in covering if is_now(it["from_at"], it["until_at"], self.at)]

    @cached_property
    def answered(self):
        """Contacts that a person, not a mail scanner, has answered by now."""
        answers = [it for it in self.rows["responses"] if it["kind"] in ANSWERED and it["at"] <= self.at]
        by_machine = (False, None)
        return {
            it["contact_id"]
            for it in answers
            if it["human"] not in (by_machine if it["kind"] == "clicked" else by_machine[:1])
        }

    @cached_property
    def reminders(self):
        plain = {"gentle_reminder", "neutral_reminder", "leeway_note"}
        return plain | {name for name, it in self.lists.purposes.items() if it["class"] == "reminder"}

    def person(self, id_):
        if id_ not in self.people:
            rows = {name: self.by_person[name].get(id_, []) for name in OF_PEOPLE}
            rows |= {
                "locations": self.locations.get(id_, []),
                "answered": self.answered,
                "reminders": self.reminders,
            }
            row = dict(self.borrowers[id_])
            for place in (row, *rows["locations"]):
                place["timezone"] = place["timezone"] if zone_of(place["timezone"] or "") else None
            shift, today = self._clock(id_)
            made = Person(row, shift, today, self.at, self.loans_of.get(id_, []), rows, self.tables)
            at_home = not row["country"] or (made.region or "")[:2] == row["country"][:2]
            made.jurisdiction = self.rules.jurisdiction(made.region if at_home else None, row["country"])
            self.people[id_] = made
        return self.people[id_]

    # --- what was said about whom

    @cached_property
    def topics(self):
        return grouped(self.rows["contact_topics"], "contact_id")

    def subjects_of(self, contact):
        """The main subject of a contact and the further loans it was about, each once."""
        further = [it["loan_id"] for it in self.topics.get(contact["contact_id"], [])]
        return {contact["subject"] or "", *further}

    @cached_property
    def said_about(self):
        """subject -> (contact, local day of whom it went to)."""
        about = {}
        for it in self.rows["contacts"]:
            if it["state"] in COUNTED and it["send_at"] > self.at - REMEMBERED:
                on = self.person(it["person_id"]).local_day(it["send_at"])
                for subject in self.subjects_of(it):
                    about.setdefault(subject, []).append((it, on))
        return about

    # --- who stands in which loan

    @cached_property
    def parties(self):
        """person -> (loan, role): the loans of others about which she may be told; co-borrower before guarantor."""
        found = {}
        for it in self.rows["parties"]:
            loan = self.loans.get(it["loan_id"])
            if (
                loan is None
                or it["role"] not in ("co_borrower", "guarantor")
                or it["may_be_told"] == "nothing"
            ):
                continue
            begun = it["from_at"] is None or it["from_at"] <= self.at
            over = it["until_at"] is not None and it["until_at"] <= self.at
            if begun and not over and it["person_id"] != loan.borrower_id:
                roles = found.setdefault(it["person_id"], {})
                roles[loan.id] = min(it["role"], roles.get(loan.id, it["role"]))
        return found

    @cached_property
    def applications(self):
        """person -> her applications."""
        made = [
            Application(id_, steps, self)
            for id_, steps in grouped(self.rows["milestones"], "application_id").items()
        ]
        found = {}
        for it in made:
            found.setdefault(it.person_id, []).append(it)
        return found

    @cached_property
    def payments_are_stale(self):
        fresh = [it["fresh_until"] for it in self.rows["feeds"] if it["name"] == "payments"]
        return not fresh or fresh[0] is None or fresh[0] < self.at

    def calendar(self, window_id, person):
        """When that window is open to her; None where nobody knows where she is."""
        if person.zones is None:
            return None
        key = window_id, person.zones, person.wished_hours, person.wished_quiet_days
        if key not in self.calendars:
            self.calendars[key] = Calendar(self.rules.tables.windows[window_id], *key[1:])
        return self.calendars[key]
