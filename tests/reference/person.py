"""One person and what follows from her rows. What is learned from her behaviour she may refuse: it reads neutral."""

from functools import cached_property

from tests.reference.known import DAY
from tests.reference.needs import Needs
from tests.reference.plain import greatest, is_now, least, minus, total

COUNTED = ("queued", "accepted", "unknown")
ANSWERED = ("clicked", "replied", "answered", "acted")
REMEMBERED = 400 * DAY
HALF_A_YEAR = 180 * DAY


class Person(Needs):
    """A person on her own local day. `rows` holds her rows by table."""

    def __init__(self, row, offset, today, at, loans, rows, tables):
        self.row, self.offset, self.today, self.at = row, offset, today, at
        self.loans, self.rows, self.tables = loans, rows, tables
        self.id = row["borrower_id"]

    # --- history over the loans she took herself

    def _over_loans(self, name):
        return total(getattr(loan, name) for loan in self.loans)

    @cached_property
    def late_now(self):
        return self._over_loans("times_late_now")

    @cached_property
    def worst_days_past_due(self):
        return greatest(loan.days_past_due for loan in self.loans)

    @cached_property
    def open_loans(self):
        return self._over_loans("is_open")

    @cached_property
    def closed_loans(self):
        return sum(loan.row["closed_on"] is not None for loan in self.loans)

    @cached_property
    def next_event_on(self):
        return least(loan.next_event for loan in self.loans)

    @cached_property
    def all_times_due(self):
        return 0 if self.do_not_study else self._over_loans("times_due")

    @cached_property
    def late_before(self):
        return 0 if self.do_not_study else self._over_loans("times_late_before")

    @cached_property
    def lags(self):
        return [] if self.do_not_study else [lag for loan in self.loans for lag in loan.lags]

    @cached_property
    def recent_lags(self):
        return [] if self.do_not_study else [lag for loan in self.loans for lag in loan.recent_lags]

    @cached_property
    def on_time_before(self):
        return 0 if self.do_not_study else self.all_times_due - self.late_before - self.late_now

    @cached_property
    def past_payments(self):
        return self.on_time_before + self.late_before

    @cached_property
    def share_late_ppm(self):
        return self.late_before * 1_000_000 // self.past_payments if self.past_payments > 0 else None

    @cached_property
    def spotless(self):
        return self.late_before == 0 and self.past_payments >= 3

    @cached_property
    def first_slip(self):
        return self.spotless and self.late_now == 1

    @cached_property
    def often_late(self):
        often = self.late_before >= 2 and self.late_before * 3 >= self.past_payments
        return often and self.past_payments >= 3

    @cached_property
    def new_to_credit(self):
        return self.all_times_due < 3 and self.closed_loans == 0

    @cached_property
    def usual_lag(self):
        return max(0, sum(self.lags)) // len(self.lags) if len(self.lags) >= 3 else None

    @cached_property
    def steady_lag(self):
        n, squares = len(self.lags), sum(lag * lag for lag in self.lags)
        return n >= 3 and n * squares - sum(self.lags) ** 2 <= 4 * n * n

    @cached_property
    def pays_on_payday(self):
        return self.steady_lag and self.usual_lag is not None and 2 <= self.usual_lag <= 15

    @cached_property
    def worsening(self):
        """Mean of the recent lags at least three days above the mean of those before, without dividing."""
        n = len(self.recent_lags)
        before, m = sum(self.lags) - sum(self.recent_lags), len(self.lags) - n
        return n >= 2 and m >= 2 and sum(self.recent_lags) * m - before * n >= 3 * m * n

    # --- contacts and talks

    @cached_property
    def contacts(self):
        """Those that count: queued, accepted, or nobody knows."""
        known = [it for it in self.rows["contacts"] if it["state"] in COUNTED]
        return [it for it in known if it["send_at"] > self.at - REMEMBERED]

    def local_day(self, at):
        return (at + self.offset) // DAY

    @cached_property
    def last_contact_on(self):
        return greatest(self.local_day(it["send_at"]) for it in self.contacts if it["send_at"] <= self.at)

    @cached_property
    def days_since_contact(self):
        return minus(self.today, self.last_contact_on)

    def contacts_within(self, days):
        return [it for it in self.contacts if it["send_at"] > self.at - days * DAY]

    @cached_property
    def contacts_in_7_days(self):
        return len(self.contacts_within(7))

    @cached_property
    def contacts_in_30_days(self):
        return len(self.contacts_within(30))

    @cached_property
    def last_conversation_at(self):
        talks = [
            it for it in self.rows["conversations"] if it["outcome"] not in ("no_answer", "wrong_person")
        ]
        return greatest(it["at"] for it in talks if it["at"] <= self.at)

    @cached_property
    def days_since_conversation(self):
        return self.last_conversation_at and self.today - self.local_day(self.last_conversation_at)

    # --- what she answers

    @cached_property
    def recent_answered(self):
        return [it for it in self.recent_sent if it["contact_id"] in self.rows["answered"]]

    @cached_property
    def recent_sent(self):
        sent = [it for it in self.contacts_within(180) if it["send_at"] <= self.at]
        return [] if self.do_not_study else sent

    @cached_property
    def answers_seen(self):
        return len(self.recent_answered)

    def answered_by(self, channel):
        return sum(it["channel"] == channel for it in self.recent_answered)

    def sent_by(self, channel):
        return sum(it["channel"] == channel for it in self.recent_sent)

    def answered_in_slot(self, slot):
        return sum((it["send_at"] + self.offset) % DAY // 7200 == slot for it in self.recent_answered)

    def answered_on_weekday(self, weekday):
        return sum((self.local_day(it["send_at"]) + 3) % 7 == weekday for it in self.recent_answered)

    @cached_property
    def reminders_sent(self):
        return sum(it["purpose"] in self.rows["reminders"] for it in self.recent_sent)

    @cached_property
    def reminders_acted_on(self):
        return sum(it["purpose"] in self.rows["reminders"] for it in self.recent_answered)

    @cached_property
    def reminder_works_share(self):
        prior = self.published.get("reminder_prior")
        if self.do_not_study or prior is None:
            return None
        return (prior * 4 + self.reminders_acted_on * 10_000) // (self.reminders_sent + 4)

    @cached_property
    def reminder_works(self):
        return self.do_not_study or (self.reminder_works_share or 0) >= 2_000

    # --- places

    @cached_property
    def last_visit_on(self):
        return greatest(it["at"] // DAY for it in self.rows["visits"])

    @cached_property
    def places(self):
        return [it for it in self.rows["locations"] if is_now(it["since"], it["until"], self.at)]

    @cached_property
    def places_known(self):
        return len(self.places)

    @cached_property
    def other_zones(self):
        """Every zone in which somebody says she is, by name."""
        return sorted({it["timezone"] for it in self.places if it["timezone"]})

    @cached_property
    def zones(self):
        """Every zone she may be in, her own first; None where nobody knows her own, or too many are said."""
        own = self.row["timezone"]
        if own is None or len(self.other_zones) > 4:
            return None
        return own, *(zone for zone in self.other_zones if zone != own)

    @cached_property
    def region(self):
        named = [it for it in self.places if it["country"] and it["region"]]
        return greatest(f"{it['country']}-{it['region']}" for it in named)

    @cached_property
    def has_officer(self):
        return bool(self.row["officer_name"])

    # --- segments

    @cached_property
    def habit_segment(self):
        if self.do_not_study or self.new_to_credit:
            return "new"
        if self.spotless:
            return "spotless"
        return "often" if self.often_late else "sometimes"

    @cached_property
    def lateness_band(self):
        worst = self.worst_days_past_due or 0
        return "60+" if worst >= 60 else "30-59" if worst >= 30 else "1-29" if worst >= 1 else "current"

    @cached_property
    def leaf(self):
        return f"{self.habit_segment}/{self.lateness_band}"

    @cached_property
    def published(self):
        """What was published for people like her, and her team's cut-off for calls."""
        cutoff = self.tables.cutoffs.get(self.row["team"], self.tables.cutoff_otherwise)
        return {**self.tables.leaves.get(self.leaf, {}), "call_cutoff": cutoff}

    @cached_property
    def worth_a_call(self):
        effect = self.published.get("call_effect")
        return effect is not None and effect >= self.published["call_cutoff"]
