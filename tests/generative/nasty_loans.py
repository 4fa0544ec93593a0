"""Loans of a nasty book: schedules, standings, payments, promises and plans, whole and broken."""

from tests.people import DAY, HOUR


class NastyLoans:
    """Mixed into the book: uses its chance, its `add` and its moment."""

    def loan(self, name):
        id_ = self.next_id("loan")
        age = self.one((0, 2, 30, 50, 60, 90, 200, 200, 200, 300, 300, 400, 700))
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
        nearest = self.today + self.one(
            (-95, -50, -33, -21, -9, -6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 10, 14)
        )
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
            "gone": (0, None, None),
        }
        return self.one(lags[self.habit])

    def standings(self, id_):
        before = len(self.book.get("standings", []))
        late = self.one((0, 0, 1, 30, 60, 90))
        for month in range(self.upto(0, 9)):
            days_late = self.unless(0.05, max(0, late - 30 * month) if self.maybe(0.9) else 30)
            self.add(
                "standings", loan_id=id_, on=self.today - self.one((1, 25)) - 30 * month, days_late_from=days_late,
                overdue=self.unless(0.1, 100 * (days_late or 0)), balance=self.unless(0.1, self.upto(-10, 5_000)),
            )  # fmt: skip
        rows = self.book.setdefault("standings", [])
        rows[before:] = _without_twins(rows[before:], ("loan_id", "on"))

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


def _without_twins(rows, key):
    return list({tuple(it[part] for part in key): it for it in rows}.values())
