"""One loan and what follows from its rows, each insight in the plainest words. None is unknown."""

from functools import cached_property

from tests.reference.agreements import Agreements
from tests.reference.known import DAY
from tests.reference.plain import greatest, least, minus, total


class Instalment:
    def __init__(self, row, today):
        self.number, self.due_on, self.settled_on = row["number"], row["due_on"], row["settled_on"]
        self.amount = total([row["principal"], row["interest"], row["fees"]])
        self.open_amount = max(0, self.amount - (row["paid"] or 0))
        self.has_passed = self.due_on < today
        self.is_overdue = self.has_passed and self.open_amount > 0
        self.is_ahead = not self.has_passed and self.open_amount > 0
        self.was_late = self.settled_on is not None and self.settled_on > self.due_on
        self.was_on_time = self.settled_on is not None and self.settled_on <= self.due_on
        days = minus(self.settled_on, self.due_on)
        self.lag = days if days is not None and -120 <= days <= 120 else None
        self.in_last_year = self.due_on > today - 365
        self.in_last_quarter = self.due_on > today - 90


class Loan(Agreements):
    """A loan on its borrower's local day."""

    def __init__(self, row, today, rows):
        self.row, self.today = row, today
        self.id, self.borrower_id = row["loan_id"], row["borrower_id"]
        self.instalments = [Instalment(it, today) for it in rows["instalments"]]
        self.standings = rows["standings"]
        self.payments, self.promises, self.plans = rows["payments"], rows["promises"], rows["plans"]
        self.at, self.offset = rows["at"], rows["offset"]

    # --- instalments

    @property
    def overdue_ones(self):
        return [it for it in self.instalments if it.is_overdue]

    @cached_property
    def overdue_instalment_money(self):
        return total(it.open_amount for it in self.overdue_ones)

    @cached_property
    def overdue_instalments(self):
        return len(self.overdue_ones)

    @cached_property
    def oldest_overdue_on(self):
        return least(it.due_on for it in self.overdue_ones)

    @cached_property
    def instalments_due(self):
        return sum(it.has_passed for it in self.instalments)

    @cached_property
    def instalments_left(self):
        return sum(it.open_amount > 0 for it in self.instalments)

    @cached_property
    def instalment_money_left(self):
        return total(it.open_amount for it in self.instalments)

    @cached_property
    def next_due(self):
        return least((it.due_on, it.open_amount) for it in self.instalments if it.is_ahead)

    @cached_property
    def next_due_on(self):
        return self.next_due and self.next_due[0]

    @cached_property
    def next_due_amount(self):
        return self.next_due and self.next_due[1]

    @cached_property
    def days_to_due(self):
        return minus(self.next_due_on, self.today)

    @cached_property
    def first_due_on(self):
        return least(it.due_on for it in self.instalments)

    @cached_property
    def final_due_on(self):
        return greatest(it.due_on for it in self.instalments)

    @cached_property
    def is_first_instalment_ahead(self):
        return self.first_due_on is not None and self.first_due_on >= self.today

    @cached_property
    def last_settled_on(self):
        return greatest(it.settled_on for it in self.instalments)

    @cached_property
    def late_settled(self):
        return sum(it.was_late for it in self.instalments)

    @cached_property
    def settled(self):
        return sum(it.settled_on is not None for it in self.instalments)

    @cached_property
    def instalments_on_time(self):
        return sum(it.was_on_time for it in self.instalments)

    @cached_property
    def late_streak(self):
        streak = 0
        for it in sorted(self.instalments, key=lambda it: it.number, reverse=True):
            if not it.has_passed:
                continue
            if it.was_on_time:
                break
            streak += 1
        return streak

    @cached_property
    def lags(self):
        return [it.lag for it in self.instalments if it.lag is not None and it.in_last_year]

    @cached_property
    def recent_lags(self):
        return [it.lag for it in self.instalments if it.lag is not None and it.in_last_quarter]

    # --- standings

    @cached_property
    def standing(self):
        return max(self.standings, key=lambda it: it["on"], default=None)

    def _of_standing(self, column):
        return None if self.standing is None else max(0, self.standing[column] or 0)

    @cached_property
    def standing_on(self):
        return self.standing and self.standing["on"]

    @cached_property
    def standing_days_late(self):
        return self._of_standing("days_late_from")

    @cached_property
    def standing_overdue(self):
        return self._of_standing("overdue")

    @cached_property
    def standing_balance(self):
        return self._of_standing("balance")

    @cached_property
    def standing_is_late(self):
        return int((self.standing_days_late or 0) > 0)

    @cached_property
    def standings_seen(self):
        return len(self.standings)

    @cached_property
    def late_standings(self):
        return [it for it in self.standings if (it["days_late_from"] or 0) > 0]

    @cached_property
    def standings_late(self):
        return len(self.late_standings)

    @cached_property
    def standings_late_recently(self):
        return sum(it["on"] > self.today - 190 for it in self.late_standings)

    @cached_property
    def last_clean_standing_on(self):
        return greatest(it["on"] for it in self.standings if (it["days_late_from"] or 0) <= 0)

    # --- how the loan stands

    @cached_property
    def is_open(self):
        paid_out = self.row["disbursed_on"]
        return self.row["closed_on"] is None and (paid_out is None or paid_out <= self.today)

    @cached_property
    def days_past_due(self):
        by_instalment = minus(self.today, self.oldest_overdue_on) or 0
        return max(by_instalment, self.standing_days_late or 0) if self.is_open else 0

    @cached_property
    def is_late_now(self):
        return int(self.days_past_due > 0)

    @cached_property
    def overdue(self):
        return max(self.overdue_instalment_money, self.standing_overdue or 0) if self.is_open else 0

    @cached_property
    def outstanding(self):
        return max(self.instalment_money_left, self.standing_balance or 0)

    @cached_property
    def overdue_ppm_of_principal(self):
        lent = self.row["principal"]
        if not lent or self.overdue >= 2**42:
            return None
        return self.overdue * 1_000_000 // lent

    @cached_property
    def days_since_disbursed(self):
        return minus(self.today, self.row["disbursed_on"])

    @cached_property
    def days_since_closed(self):
        return minus(self.today, self.row["closed_on"])

    @cached_property
    def is_time_barred(self):
        return self.row["limitation_on"] is not None and self.row["limitation_on"] <= self.today

    @cached_property
    def times_due(self):
        return self.instalments_due or self.standings_seen

    @cached_property
    def times_late_before(self):
        """What is late on a loan that has ended stays late for ever; on an open one it is late now."""
        if self.is_open:
            return self.late_settled + self.standings_late - self.standing_is_late
        return self.late_settled + self.overdue_instalments + self.standings_late

    @cached_property
    def times_late_now(self):
        return max(self.overdue_instalments, self.standing_is_late) if self.is_open else 0

    @cached_property
    def next_event(self):
        events = []
        if self.next_due_on is not None:
            near = self.next_due_on - 5
            events.append(near if near > self.today else self.today + 1)
        if self.promised_on is not None and self.promised_on >= self.today:
            events.append(self.promised_on + 1)
        if self.days_past_due > 0:
            events.append(self.today + 1)
        return least(events)

    @cached_property
    def first_slip_of_loan(self):
        on_time = self.times_due - self.times_late_before - self.times_late_now
        return self.times_late_before == 0 and self.times_late_now == 1 and on_time >= 3

    # --- payments

    @cached_property
    def standing_payments(self):
        recent = [it for it in self.payments if self.at - 100 * DAY < it["paid_at"] <= self.at]
        return [it for it in recent if it["reversed_at"] is None]

    @cached_property
    def payments_seen(self):
        return len(self.standing_payments)

    @cached_property
    def last_paid_at(self):
        return greatest(it["paid_at"] for it in self.standing_payments)

    @cached_property
    def last_payment_on(self):
        return None if self.last_paid_at is None else (self.last_paid_at + self.offset) // DAY

    @cached_property
    def last_payment_amount(self):
        """Of the latest UTC day; of two on one day the larger."""
        paid = [it for it in self.standing_payments if (it["amount"] or 0) > 0]
        return max(((it["paid_at"] // DAY, it["amount"]) for it in paid), default=(None, None))[1]

    @cached_property
    def days_since_payment(self):
        on = self.last_settled_on if self.last_payment_on is None else self.last_payment_on
        return minus(self.today, on)

    @cached_property
    def recently_paid(self):
        return self.days_since_payment is not None and self.days_since_payment <= 3

    @cached_property
    def paid_since_standing(self):
        seen, paid = self.standing_on, self.last_payment_on
        return seen is not None and paid is not None and paid > seen

    @cached_property
    def recent_debits(self):
        debits = [it for it in self.standing_payments if it["way"] == "direct_debit"]
        return sum(it["paid_at"] > (self.today - 70) * DAY for it in debits)

    @cached_property
    def days_to_debit(self):
        return self.days_to_due if self.recent_debits else None
