"""Books that nobody would wish for: seeded, small, and full of what goes wrong.

Unknown values, ties, leap days, clocks that move, contacts exactly a period apart, loans of several people, people
with many loans, versions recorded a second before and after the moment, wishes nobody can read. Every row is one
that an import accepts.
"""

from random import Random

from tests.people import CHANNELS, DAY, HOUR, moment, row, seed_of

MOMENTS = [
    moment(text)
    for text in (
        "2026-11-25T10:00", "2026-11-25T23:30:01", "2027-12-31T22:59:59", "2028-02-28T23:59:59", "2028-02-29T06:13:07",
        "2026-03-29T00:59:59", "2026-03-29T01:00", "2026-03-28T18:30", "2026-10-25T00:59:59", "2026-10-25T01:00",
        "2026-10-24T21:15", "2026-03-08T06:59:59", "2026-03-08T07:00", "2026-11-01T05:30", "2026-10-31T23:10",
        "2026-10-03T15:30", "2026-10-03T15:29:59", "2026-04-04T14:59:59", "2026-04-04T15:00", "2026-02-15T01:59:59",
        "2026-03-22T02:00", "2026-03-21T12:00", "2026-06-30T12:00:31", "2027-01-01T00:00",
    )
]  # fmt: skip
"""Odd moments: the seconds at which clocks move in Europe, New York, Lord Howe and Casablanca, leap days, new year."""

ZONES = (
    "Europe/Riga", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Tehran",
    "Asia/Kathmandu", "Asia/Ho_Chi_Minh", "America/Sao_Paulo", "Pacific/Kiritimati", "Pacific/Pago_Pago",
)  # fmt: skip
HOME = {
    "Europe/Riga": ("LV", "EE"), "Europe/London": ("GB", "IE"), "America/New_York": ("US", "US-NY"),
    "Australia/Lord_Howe": ("AU",), "Africa/Casablanca": ("MA",), "Asia/Tehran": ("IR",), "Asia/Kathmandu": ("IN",),
    "Asia/Ho_Chi_Minh": ("VN",), "America/Sao_Paulo": ("BR", "BR-SP", "BR-RJ"), "Pacific/Kiritimati": ("DE",),
    "Pacific/Pago_Pago": ("BD",),
}  # fmt: skip
PURPOSES = (
    "due_soon", "gentle_reminder", "plan_offer", "leeway_note", "options_offer", "help_call", "lesson", "survey", "offer",
    "first_notice", "arrears_notice", "debit_notice", "adverse_action_notice", "welcome", "guarantor_notice", "firm_notice",
    "neutral_reminder", "documents_missing", "promise_confirmed", "hardship_check_in", "early_help", None,
)  # fmt: skip
HOLDS = (
    "hardship", "bereavement", "dispute", "complaint", "insolvency", "represented", "capacity", "already_paid",
    "wrong_number", "identity_theft", "time_barred", "disaster", "abuse", "minor", "asked_for_quiet",
)  # fmt: skip
CLASSES = ("reminder", "collection", "help", "lesson", "survey", "offer", "status", "all", "duty")
STEPS = (
    "interested", "started", "received", "document_received", "documents_missing", "under_review", "approved",
    "declined", "disbursed", "withdrawn", "lost_in_the_post",
)  # fmt: skip
PERIODS = (20 * HOUR, DAY, 7 * DAY, 30 * DAY, 180 * DAY, 400 * DAY)
"""The periods of the caps, of a half-year and of our memory: contacts lie on their edges."""

DEPENDS_ON = {"contacts": ("responses", "contact_topics")}
"""Rows of these tables belong to rows of that one."""

WISHES = {
    "channels": ("sms", "email,app", "call", "letter, email", "whatsapp", "none"),
    "hours": ("morning", "evening", "8-10", "22-24", "0-24", "whenever", "9-8", "7-7", "8|12"),
    "quiet_days": ("sat,sun", "monday, friday", "mon,tue,wed,thu,fri,sat,sun", "never", "su|n"),
    "rhythm": ("weekly", "monthly"),
    "do_not_study": ("yes", "yes", "no"),
    "no_calls": ("yes", "no"),
    "letters_only": ("yes", "no"),
    "shared_phone": ("yes", "no"),
    "large_print": ("yes",),
    "always_remind": ("yes", "no"),
    "touched_by_disaster": ("yes", "no"),
}


class Nasty:
    """One made-up book around one moment. The same seed gives the same book."""

    def __init__(self, seed, people, at=None, *, missing=True):
        self.random = Random(seed)
        self.at = self.one(MOMENTS) if at is None else at
        self.today = self.at // DAY
        self.book = {}
        self.count = 0
        self.named = [f"{self.one('bBéĻ😀｡09')}{n:x}" for n in range(people)]
        for name in self.named:
            self.person(name)
        self.feeds()
        if missing:
            self.without_some_tables()

    # --- chance

    def one(self, options):
        return options[int(self.random.random() * len(options))]

    def maybe(self, share):
        return self.random.random() < share

    def upto(self, low, high):
        return low + int(self.random.random() * (high - low + 1))

    def unless(self, share, value):
        """The value; with that share of chance nobody knows it."""
        return None if self.maybe(share) else value

    # --- rows and their versions

    def add(self, table, **known):
        known.setdefault("recorded_at", self.at - self.upto(500, 900) * DAY)
        self.book.setdefault(table, []).append(row(table, **known))
        return self.book[table][-1]

    def versions(self, table, first, **later):
        """Now and then an earlier row was another, or will be: recorded just before, at, or just after the moment."""
        if self.maybe(0.08):
            recorded_at = self.at + self.one((-40 * DAY, -1, 0, 1, DAY))
            self.book[table].append({**first, **later, "recorded_at": recorded_at})

    def next_id(self, what):
        self.count += 1
        return f"{self.one('lLÄｚ😀2')}-{what}-{self.count:x}"

    # --- people

    def person(self, name):
        zone = self.one(ZONES)
        about = {
            "language": self.unless(0.1, self.one(("lv", "en-GB", "fa", "bn", "vi"))),
            "country": self.unless(0.06, self.one(HOME[zone])),
            "timezone": self.one((None, "Mars/Base")) if self.maybe(0.05) else zone,
            "branch": self.unless(0.5, "north"),
            "team": self.unless(0.5, self.one(("red", "blue"))),
            "officer_name": self.unless(0.5, "Liga"),
            "seed": seed_of(name),
        }
        first = self.add("borrowers", borrower_id=name, **about)
        self.versions("borrowers", first, timezone=self.one(ZONES))
        self.habit = self.one(("spotless", "spotless", "sometimes", "often", "mess"))
        loans = [self.loan(name) for _ in range(self.one((0, 1, 1, 1, 2, 2, 3, 6)))]
        self.addresses(name)
        self.wishes(name)
        self.consents(name)
        self.holds(name, loans)
        self.contacts(name, loans)
        self.talks(name, loans)
        self.learned(name)
        if self.maybe(0.15):
            self.application(name)
        if self.maybe(0.25):
            self.locations(name)
        if loans and self.maybe(0.25):
            self.others_in(self.one(loans), name)

    def addresses(self, name):
        for channel in CHANNELS:
            for _ in range(self.one((0, 1, 1, 1, 1, 1, 2))):
                since, until = self.span(0.7)
                first = self.add(
                    "contact_points", contact_point_id=self.next_id("point"), person_id=name, channel=channel,
                    in_contract=self.one((True, True, True, False, None)), since=since, until=until,
                    state=self.one(("ok", "ok", "ok", "ok", "ok", "bounced", "wrong_person")),
                )  # fmt: skip
                self.versions("contact_points", first, state="bounced")

    def span(self, open_share):
        """(since, until) with edges on the moment; mostly unknown on either side."""
        since = self.unless(open_share, self.at + self.one((-90 * DAY, -1, 0, 1)))
        until = self.unless(open_share, (since or self.at) + self.one((0, 1, DAY, 200 * DAY)))
        return since, until

    def wishes(self, name):
        for wish, values in WISHES.items():
            if self.maybe(0.06):
                first = self.add(
                    "preferences", person_id=name, name=wish, value=self.unless(0.05, self.one(values))
                )
                self.versions("preferences", first, value=self.one(values))

    def consents(self, name):
        for channel in ("all", *CHANNELS):
            for purpose_class in CLASSES:
                if not self.maybe(0.25 if channel == "all" else 0.07):
                    continue
                granted = self.unless(0.1, self.at - self.one((300 * DAY, DAY, 0, -1)))
                withdrawn = self.unless(0.85, self.at - self.one((400 * DAY, DAY, 0, -1)))
                if granted and withdrawn and withdrawn < granted and self.maybe(0.5):
                    withdrawn = granted
                first = self.add(
                    "consents", person_id=name, channel=channel, purpose_class=purpose_class, granted_at=granted,
                    withdrawn_at=withdrawn,
                )  # fmt: skip
                self.versions("consents", first, withdrawn_at=self.at - 2)

    def holds(self, name, loans):
        for _ in range(self.one((0, 0, 0, 0, 0, 1, 2))):
            since, until = self.span(0.4)
            loan = self.one(loans) if loans and self.maybe(0.5) else self.one((None, ""))
            first = self.add(
                "holds", hold_id=self.next_id("hold"), person_id=name, loan_id=loan, kind=self.one(HOLDS), from_at=since,
                until_at=until,
            )  # fmt: skip
            self.versions("holds", first, until_at=self.at - 1 if since is None else since)

    def others_in(self, loan, name):
        for _ in range(self.upto(1, 3)):
            since, until = self.span(0.8)
            self.book.setdefault("parties", [])
            party = {
                "loan_id": loan,
                "person_id": self.one(self.named),
                "role": self.one(("co_borrower", "guarantor", "payer")),
            }
            if not any(all(it[k] == v for k, v in party.items()) for it in self.book["parties"][-3:]):
                told = self.one(("all", "all", "own_part", "nothing"))
                self.add("parties", **party, may_be_told=told, from_at=since, until_at=until)

    def locations(self, name):
        for source in ("address", "phone_prefix", "told", "lender")[: self.upto(1, 4)]:
            zone = self.one(ZONES)
            country, _, region = self.one(HOME[zone]).partition("-")
            since, until = self.span(0.6)
            self.add(
                "locations", borrower_id=name, source=source, since=since or 0, until=until,
                country=self.unless(0.1, country), region=region or None, timezone=self.unless(0.2, zone),
            )  # fmt: skip

    # --- loans

    def loan(self, name):
        id_ = self.next_id("loan")
        age = self.one((0, 2, 30, 90, 90, 200, 200, 200, 300, 300, 400, 700))
        disbursed = self.unless(0.05, self.today - age + self.one((0, 0, 0, 1)))
        kind = self.one(("instalment", "instalment", "once", "revolving", "microfinance", None))
        closed = max(disbursed or 0, self.today - self.one((-1, 0, 1, 5, 40))) if self.maybe(0.07) else None
        first = self.add(
            "loans", loan_id=id_, borrower_id=name, product=self.unless(0.2, "card"), kind=kind,
            currency=self.one(("EUR", "VND", "KWD")), principal=self.unless(0.1, self.one((0, 1, 5_000_000, 2**44))),
            frequency=self.unless(0.2, self.one(("weekly", "monthly"))), disbursed_on=disbursed, closed_on=closed,
            limitation_on=self.unless(0.93, self.today + self.upto(-1, 1)),
        )  # fmt: skip
        self.versions("loans", first, closed_on=max(disbursed or 0, self.today - 1))
        started = self.today - age if disbursed is None else disbursed
        if kind == "revolving" or self.maybe(0.05):
            self.standings(id_)
        if kind != "revolving" or self.maybe(0.3):
            self.schedule(id_, started, step=self.one((7, 30, 30, 30)))
        self.payments(id_, started)
        self.promises(id_, name)
        return id_

    def schedule(self, id_, started, step):
        count = self.one((1, 3, 4, 6, 8, 12))
        nearest = self.today + self.one((-65, -33, -21, -9, -6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 10, 14))
        number, skipped = self.one((1, 1, 1, 7)), 0
        ahead = self.upto(0, 3)
        for place in range(count):
            due_on = nearest - step * (count - 1 - ahead - place)
            if due_on < started:
                skipped += 1
                continue
            if self.maybe(0.05):
                due_on = self.one((due_on - 1, due_on - step)) if due_on - step >= started else due_on
            self.instalment(id_, number + place - skipped, due_on, started)

    def instalment(self, id_, number, due_on, started):
        amounts = {
            "principal": self.one((1_000, 1_000, 999, 0)),
            "interest": self.one((0, 10)),
            "fees": self.one((0, 0, 5)),
        }
        whole = sum(amounts.values())
        paid, settled = self.one((0, 0, 0, whole - 1 if whole else 0)), None
        lag = self.lag(self.today - due_on)
        if lag is not None and due_on + lag >= started:
            paid, settled = whole + self.one((0, 0, 0, 3)), self.unless(0.03, due_on + lag)
        first = self.add(
            "instalments", loan_id=id_, number=number, due_on=due_on, paid=paid, settled_on=settled, **amounts
        )
        self.versions("instalments", first, paid=whole, settled_on=max(started, min(self.today, due_on)))

    def lag(self, days_ago):
        """Days from the due day to the day it was paid; None while it is open. The latest are open more often."""
        if days_ago <= 0:
            return -1 - int(self.random.random() * 9) if self.maybe(0.1) else None
        if days_ago <= 25 and self.maybe(0.55):
            return None
        lags = {
            "spotless": (0, 0, -1, -3),
            "sometimes": (0, 0, 0, 4),
            "often": (8, 12, 0, 9),
            "mess": (0, 200, -130, None),
        }
        return self.one(lags[self.habit])

    def standings(self, id_):
        late = self.one((0, 0, 1, 30, 60, 90))
        for month in range(self.upto(0, 9)):
            days_late = self.unless(0.05, max(0, late - 30 * month) if self.maybe(0.9) else 30)
            self.add(
                "standings", loan_id=id_, on=self.today - self.one((1, 25)) - 30 * month, days_late_from=days_late,
                overdue=self.unless(0.1, 100 * (days_late or 0)), balance=self.unless(0.1, self.upto(-10, 5_000)),
            )  # fmt: skip
        self.book["standings"] = _without_twins(self.book.get("standings", []), ("loan_id", "on"))

    def payments(self, id_, started):
        for _ in range(self.one((0, 0, 1, 3))):
            paid_at = self.at - self.one((-1, 0, 1, 2 * DAY, 3 * DAY, 4 * DAY, 60 * DAY, 70 * DAY))
            reversed_at = self.unless(0.85, paid_at + self.one((0, DAY)))
            self.add(
                "payments", payment_id=self.next_id("payment"), loan_id=id_, paid_at=paid_at, reversed_at=reversed_at,
                amount=self.one((0, 1, 500, 500, 2**44)), way=self.one(("direct_debit", "direct_debit", "cash", None)),
            )  # fmt: skip

    def promises(self, id_, name):
        for _ in range(self.one((0, 0, 0, 0, 0, 0, 0, 0, 1, 2))):
            made = self.at - self.one((-1, 0, DAY, 2 * DAY, 8 * DAY, 370 * DAY))
            ended = self.unless(0.5, max(made, self.at - self.one((-1, 0, DAY, 3 * DAY, 4 * DAY, 365 * DAY))))
            first = self.add(
                "promises", promise_id=self.next_id("promise"), loan_id=id_, person_id=name, amount=self.unless(0.2, 500),
                on=self.today + self.upto(-4, 3), made_at=made, ended_at=ended, kept_amount=self.one((None, 0, 200)),
                end=self.one(("kept", "kept", "broken", "broken", "replaced", None)) if ended else None,
            )  # fmt: skip
            self.versions("promises", first, ended_at=max(made, self.at - HOUR), end="kept")
        if self.maybe(0.08):
            begins = self.unless(0.1, self.today + self.upto(-3, 1))
            over = self.unless(0.5, (begins or self.today) + self.upto(0, 3))
            ended = self.unless(0.8, self.at - self.one((-1, 0, 1)))
            known = {
                "from_on": begins,
                "until_on": over,
                "ended_at": ended,
                "end": self.one(("kept", "broken", None)),
            }
            self.add("plans", plan_id=self.next_id("plan"), loan_id=id_, kind="split", **known)

    # --- what was said

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
        for number in range(self.one((0, 0, 0, 1, 3))):
            kind, looked_at = self.one(("viewed", "searched", "asked", "bought")), self.one(moments)
            self.add(
                "interests", person_id=name, product=f"p{self.upto(1, 2)}{number}", kind=kind, at=looked_at
            )
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

    # --- the book as a whole

    def feeds(self):
        fresh = self.at + (0 if self.maybe(0.9) else self.one((-1, -DAY)))
        first = self.add("feeds", name="payments", fresh_until=fresh)
        self.versions("feeds", first, fresh_until=self.at)
        self.add("feeds", name="contacts", fresh_until=self.at - DAY)

    def without_some_tables(self):
        for table in sorted(set(self.book) - {"borrowers", "loans", "instalments"}):
            if self.maybe(0.03):
                for empty in {table, *DEPENDS_ON.get(table, ())} & set(self.book):
                    self.book[empty] = []
            elif self.maybe(0.03):
                for gone in (table, *DEPENDS_ON.get(table, ())):
                    self.book.pop(gone, None)


def _without_twins(rows, key):
    return list({tuple(it[part] for part in key): it for it in rows}.values())
