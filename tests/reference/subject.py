"""What a policy speaks about: a loan as one of its parties sees it, an application, or the person herself."""

from tests.reference import steps
from tests.reference.content import APPLICATION, LOAN, PERSON
from tests.reference.known import DAY
from tests.reference.loan import Loan
from tests.reference.person import Person
from tests.reference.plain import greatest, minus

LOAN_HABITS = {"late_streak": 0, "promises_kept": 0, "promises_broken": 0, "first_slip_of_loan": False}
OF_LOANS = ("kind", "product", "currency", "frequency")
OF_PEOPLE = ("country", "language", "branch", "team")


class Subject:
    """One subject of one person; `facts` answers the names and questions of a condition."""

    def __init__(self, level, id_, role, about, person, world):
        self.level, self.id, self.role = level, id_, role
        self.about, self.person, self.world = about, person, world
        self.kind = (about.row["kind"] if level == LOAN else None) or "none"
        self.known = {}

    @staticmethod
    def of(person, world):
        """Her own loans, those of others, her applications, herself."""
        for loan in person.loans:
            yield Subject(LOAN, loan.id, "borrower", loan, person, world)
        for loan_id, role in world.parties.get(person.id, {}).items():
            yield Subject(LOAN, loan_id, role, world.loans[loan_id], person, world)
        for application in world.applications.get(person.id, []):
            yield Subject(APPLICATION, application.id, None, application, person, world)
        yield Subject(PERSON, "", None, person, person, world)

    def facts(self, name, *given):
        key = (name, *given)
        if key not in self.known:
            self.known[key] = getattr(self, name)(*given) if given else self._fact(name)
        return self.known[key]

    def _fact(self, name):
        if name == "role":
            return self.role
        if self.level == LOAN and name in OF_LOANS:
            return self.about.row[name]
        if self.level == LOAN and name in LOAN_HABITS and self.person.do_not_study:
            return LOAN_HABITS[name]
        if self.level != PERSON and (name in steps.OF_LOANS or hasattr(self.about, name)):
            return steps.named(self.about, name, steps.OF_LOANS)
        if name in OF_PEOPLE:
            return self.person.row[name]
        return steps.named(self.person, name, steps.OF_PEOPLE)

    # --- questions

    def _told(self, purpose):
        """(contact, day) of what was said about it to this person; about the person herself: what was said to her."""
        if self.level == PERSON:
            return [
                (it, self.person.local_day(it["send_at"]))
                for it in self.person.contacts
                if it["purpose"] == purpose
            ]
        said = self.world.said_about.get(self.id, [])
        return [(it, on) for it, on in said if it["purpose"] == purpose and it["person_id"] == self.person.id]

    def _last_told_on(self, purpose):
        return greatest(on for _, on in self._told(purpose))

    def days_since_told(self, purpose):
        return minus(self.about.today, self._last_told_on(purpose))

    def days_since_surely_told(self, purpose):
        return minus(
            self.about.today, greatest(on for it, on in self._told(purpose) if it["state"] != "unknown")
        )

    def times_told(self, purpose, days):
        return sum(it["send_at"] > self.world.at - days * DAY for it, _ in self._told(purpose))

    def told_since_missed(self, purpose):
        told, missed = self._last_told_on(purpose), self.about.oldest_overdue_on
        return told is not None and missed is not None and told >= missed

    def times_told_since_missed(self, purpose):
        return int(self.told_since_missed(purpose))

    def told_since_promised(self, purpose):
        told, promised = greatest(it["send_at"] for it, _ in self._told(purpose)), self.about.promise_made_at
        return told is not None and promised is not None and told >= promised

    def contacts(self, purpose_class, days):
        recent = self.person.contacts_within(days)
        of_class = [name for name, it in self.world.lists.purposes.items() if it["class"] == purpose_class]
        return sum(it["purpose"] in of_class for it in recent)

    def lesson_done(self, lesson):
        return any(it["what"] == lesson for it in self.person.rows["lessons_done"])

    def prefers(self, name):
        return self.person.says_yes(name) > 0


def speaks_of_loans(names):
    """Does a condition use a name that only a loan has?"""
    known = {"role", *OF_LOANS, *steps.OF_LOANS}
    return any(name in known or (hasattr(Loan, name) and not hasattr(Person, name)) for name in names)
