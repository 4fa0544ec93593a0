"""What was said in a nasty book: contacts at the edge of every period, talks, lessons, applications."""

from tests.generative.oddities import PERIODS, PURPOSES, STEPS
from tests.people import CHANNELS, DAY, HOUR


class NastyTalks:
    """Mixed into the book: uses its chance, its `add` and its moment."""

    def contacts(self, name, loans):
        for _ in range(self.one((0, 0, 1, 2, 4, 12))):
            edge = self.one(PERIODS) if self.maybe(0.5) else self.upto(0, 12) * DAY + self.upto(0, DAY)
            send_at = self.at - edge + self.one((-1, 0, 0, 1))
            if self.maybe(0.15):
                send_at = self.at + self.one((1, HOUR, DAY, 3 * DAY))
            subject = self.one(loans) if loans and self.maybe(0.7) else self.one(("", "", None))
            first = self.add(
                "contacts", contact_id=self.next_id("contact"), person_id=name, channel=self.one(CHANNELS),
                purpose=self.one(PURPOSES), subject=subject, send_at=send_at,
                state=self.one(("queued", "accepted", "accepted", "unknown", "rejected", "suppressed", "replaced", None)),
            )  # fmt: skip
            self.versions("contacts", first, state=self.one(("accepted", "replaced")))
            if loans and self.maybe(0.2):
                self.add("contact_topics", contact_id=first["contact_id"], loan_id=self.one(loans))
            if self.maybe(0.4):
                self.response(first["contact_id"], send_at)

    def response(self, contact, send_at):
        for kind in ("opened", "clicked", "answered")[: self.upto(1, 3)]:
            answered_at = self.one((send_at + HOUR, self.at, self.at + 1))
            self.add(
                "responses",
                contact_id=contact,
                kind=kind,
                at=answered_at,
                human=self.one((True, None, False)),
            )

    def talks(self, name, loans):
        for _ in range(self.one((0, 0, 0, 1, 2))):
            spoke_at = self.at - self.one(
                (-1, 0, DAY, 2 * DAY, 2 * DAY - 1, 2 * DAY + 1, 3 * DAY, 9 * DAY, 30 * DAY)
            )
            loan = self.one(loans) if loans and self.maybe(0.5) else None
            outcome = self.one(("talked", "talked", "promised", "no_answer", "wrong_person", None))
            talk = {"conversation_id": self.next_id("talk"), "person_id": name, "loan_id": loan}
            self.add("conversations", **talk, at=spoke_at, outcome=outcome)

    def learned(self, name):
        moments = [self.at - days * DAY for days in (0, 1, 30, 44, 45, 89, 90, 120, 200)]
        if self.maybe(0.15):
            need = self.one(("job_loss", "illness", "disaster", "payday_later", "rather_not_say", "forgot"))
            self.add("lateness_reasons", person_id=name, loan_id="", need=need, told_at=self.one(moments))
        for number in range(self.one((0, 0, 0, 2, 3))):
            kind, looked_at = (
                self.one(("viewed", "searched", "asked", "viewed", "bought")),
                self.one(moments) - number,
            )
            self.add("interests", person_id=name, product=self.one("ppppq"), kind=kind, at=looked_at)
        if self.maybe(0.2):
            what = self.one(("paying_on_time", "credit_record"))
            self.add("lessons_done", person_id=name, what=what, at=self.one(moments), score=80)
        for what in ("effort", "satisfaction")[: self.one((0, 0, 0, 1, 2))]:
            self.add(
                "survey_answers",
                person_id=name,
                what=what,
                at=self.one(moments),
                score=self.unless(0.1, self.upto(-1, 5)),
            )
        if self.maybe(0.08):
            closed = self.unless(0.5, self.at - self.one((-1, 0, DAY)))
            known = {
                "at": self.at - 30 * DAY,
                "state": self.one(("open", "closed", None)),
                "closed_at": closed,
            }
            self.add("complaints", complaint_id=self.next_id("complaint"), person_id=name, **known)
        if self.maybe(0.05):
            self.add(
                "visits", visit_id=self.next_id("visit"), person_id=name, at=self.one(moments), state="done"
            )

    def application(self, name):
        id_ = self.next_id("asks")
        for step in sorted({self.one(STEPS) for _ in range(self.upto(1, 3))}):
            reached = self.at - self.one((0, DAY, DAY, 2 * DAY, 3 * DAY, 5 * DAY, 14 * DAY))
            self.add(
                "milestones",
                application_id=id_,
                person_id=name,
                product=self.unless(0.2, "card"),
                step=step,
                at=reached,
            )
