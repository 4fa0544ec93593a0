"""What a person wished, told us and learned: what raises protection, never lowers it. Mixed into the person."""

from functools import cached_property

from tests.reference.known import DAY
from tests.reference.plain import greatest, is_now, least, minus

DIFFICULT = ("hardship", "disaster", "insolvency", "bereavement", "capacity", "abuse")
HARD = ("job_loss", "illness", "family", "income_drop", "disaster", "other_debts", "business_slow")
SUPPORT = (
    "large_print",
    "voice",
    "interpreter",
    "no_calls",
    "trusted_person",
    "shared_phone",
    "letters_only",
)


class Needs:
    """Reads `rows`, `today` and `at` of the person."""

    # --- wishes and needs

    @cached_property
    def wishes(self):
        return {it["name"]: it["value"] for it in self.rows["preferences"]}

    def says_yes(self, *names):
        return sum(self.wishes.get(name) == "yes" for name in names)

    @cached_property
    def do_not_study(self):
        return self.says_yes("do_not_study") > 0

    @cached_property
    def wants_no_calls(self):
        return self.says_yes("no_calls", "letters_only") > 0

    @cached_property
    def has_shared_phone(self):
        return self.says_yes("shared_phone") > 0

    @cached_property
    def support_needs(self):
        return self.says_yes(*SUPPORT)

    @cached_property
    def has_support_need(self):
        return self.support_needs > 0

    @cached_property
    def wished_channels(self):
        return self.wishes.get("channels")

    @cached_property
    def wished_hours(self):
        return self.wishes.get("hours")

    @cached_property
    def wished_quiet_days(self):
        return self.wishes.get("quiet_days")

    @cached_property
    def wished_rhythm(self):
        return self.wishes.get("rhythm")

    # --- difficulty

    @cached_property
    def active_holds(self):
        return [it for it in self.rows["holds"] if is_now(it["from_at"], it["until_at"], self.at)]

    @cached_property
    def difficulty_holds(self):
        return sum(it["kind"] in DIFFICULT for it in self.active_holds)

    @cached_property
    def hard_reasons(self):
        return len(self._told_lately(*HARD))

    @cached_property
    def in_difficulty(self):
        return self.difficulty_holds > 0 or self.hard_reasons > 0

    def _told_lately(self, *needs):
        told = [it["told_at"] // DAY for it in self.rows["lateness_reasons"] if it["need"] in needs]
        return [on for on in told if on > self.today - 90]

    @cached_property
    def payday_reasons(self):
        return len(self._told_lately("payday_later"))

    @cached_property
    def pay_comes_later(self):
        return self.payday_reasons > 0

    @cached_property
    def disaster_hold_on(self):
        return greatest((it["from_at"] or 0) // DAY for it in self.active_holds if it["kind"] == "disaster")

    @cached_property
    def disaster_told_on(self):
        return greatest(self._told_lately("disaster"))

    @cached_property
    def days_since_disaster(self):
        return minus(self.today, greatest([self.disaster_hold_on, self.disaster_told_on]))

    @cached_property
    def complaint_closed_on(self):
        return greatest(
            it["closed_at"] // DAY for it in self.rows["complaints"] if it["closed_at"] is not None
        )

    @cached_property
    def days_since_complaint_closed(self):
        return minus(self.today, self.complaint_closed_on)

    @cached_property
    def open_complaints(self):
        return sum(it["closed_at"] is None and it["state"] != "closed" for it in self.rows["complaints"])

    # --- what she learned, said and looked for

    @cached_property
    def satisfaction_pair(self):
        answers = [it for it in self.rows["survey_answers"] if it["score"] is not None and it["score"] >= 0]
        return greatest((it["at"] // DAY, it["score"]) for it in answers)

    @cached_property
    def satisfaction(self):
        return self.satisfaction_pair and self.satisfaction_pair[1]

    @cached_property
    def days_since_survey(self):
        return self.satisfaction_pair and self.today - self.satisfaction_pair[0]

    @cached_property
    def last_lesson_on(self):
        return greatest(it["at"] // DAY for it in self.rows["lessons_done"])

    @cached_property
    def days_since_lesson(self):
        return minus(self.today, self.last_lesson_on)

    def _interests(self, *, bought):
        recent = [it for it in self.rows["interests"] if it["at"] // DAY > self.today - 45]
        return [it["product"] for it in recent if (it["kind"] == "bought") == bought]

    @cached_property
    def interests_seen(self):
        return len(self._interests(bought=False))

    @cached_property
    def product_interest(self):
        return greatest(self._interests(bought=False))

    @cached_property
    def first_product_interest(self):
        return least(self._interests(bought=False))

    @cached_property
    def bought_lately(self):
        return len(self._interests(bought=True))

    @cached_property
    def interest_is_clear(self):
        return len(set(self._interests(bought=False))) == 1 and self.bought_lately == 0
