"""Books that nobody would wish for: seeded, small, and full of what goes wrong.

Unknown values, ties, leap days, clocks that move, contacts exactly a period apart, loans of several people, people
with many loans, versions recorded a second before and after the moment, wishes nobody can read. Every row is one
that an import accepts.
"""

from random import Random

from tests.generative.nasty_loans import NastyLoans
from tests.generative.nasty_talks import NastyTalks
from tests.generative.oddities import (
    CLASSES,
    DEPENDS_ON,
    HOLDS,
    HOME,
    MOMENTS,
    WISHES,
    ZONES,
)
from tests.people import CHANNELS, DAY, row, seed_of


class Nasty(NastyLoans, NastyTalks):
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
        self.habit = self.one(("spotless", "spotless", "sometimes", "often", "mess", "gone"))
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
        if self.maybe(0.5):
            for channel in CHANNELS:
                point = {"contact_point_id": self.next_id("point"), "person_id": name, "channel": channel}
                self.add("contact_points", **point, in_contract=True, state="ok")
            return
        for channel in CHANNELS:
            for _ in range(self.one((0, 1, 1, 1, 2))):
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
