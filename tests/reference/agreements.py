"""What was agreed about one loan: promises the person made, plans that run. Mixed into the loan."""

from functools import cached_property

from tests.reference.known import DAY
from tests.reference.plain import greatest, minus


class Agreements:
    """Reads `promises`, `plans`, `today` and `at` of the loan."""

    @cached_property
    def running_promises(self):
        return [it for it in self.promises if it["ended_at"] is None and it["made_at"] <= self.at]

    def _ended(self, end):
        return [it["ended_at"] // DAY for it in self.promises if it["end"] == end]

    @cached_property
    def promised_on(self):
        return greatest(it["on"] for it in self.running_promises)

    @cached_property
    def promise_made_at(self):
        return greatest(it["made_at"] for it in self.running_promises)

    @property
    def promise_made_on(self):
        return None if self.promise_made_at is None else self.promise_made_at // DAY

    @cached_property
    def has_open_promise(self):
        return bool(self.running_promises)

    @cached_property
    def days_to_promise(self):
        return minus(self.promised_on, self.today)

    @cached_property
    def days_since_promise_made(self):
        return minus(self.today, self.promise_made_on)

    @cached_property
    def promise_kept_on(self):
        return greatest(self._ended("kept"))

    @cached_property
    def promise_broken_on(self):
        return greatest(self._ended("broken"))

    @cached_property
    def promise_partly_kept_on(self):
        broken = [it for it in self.promises if it["end"] == "broken" and (it["kept_amount"] or 0) > 0]
        return greatest(it["ended_at"] // DAY for it in broken)

    @cached_property
    def days_since_promise_partly_kept(self):
        return minus(self.today, self.promise_partly_kept_on)

    @cached_property
    def awaits_promise(self):
        return self.promised_on is not None and self.promised_on >= self.today - 2

    @cached_property
    def promises_kept(self):
        return sum(on > self.today - 365 for on in self._ended("kept"))

    @cached_property
    def promises_broken(self):
        return sum(on > self.today - 365 for on in self._ended("broken"))

    @cached_property
    def days_since_promise_kept(self):
        return minus(self.today, self.promise_kept_on)

    @cached_property
    def days_since_promise_broken(self):
        return minus(self.today, self.promise_broken_on)

    @cached_property
    def running_plans(self):
        return [it for it in self.plans if self._is_running(it)]

    def _is_running(self, plan):
        begun = plan["from_on"] is not None and plan["from_on"] <= self.today
        over = plan["until_on"] is not None and plan["until_on"] < self.today
        return plan["ended_at"] is None and begun and not over

    @cached_property
    def plans_running(self):
        return len(self.running_plans)

    @cached_property
    def has_open_plan(self):
        return bool(self.running_plans)

    @cached_property
    def plan_from_on(self):
        return greatest(it["from_on"] for it in self.running_plans)

    @cached_property
    def days_since_plan_began(self):
        return minus(self.today, self.plan_from_on)

    @cached_property
    def plan_broken_on(self):
        return greatest(it["ended_at"] // DAY for it in self.plans if it["end"] == "broken")

    @cached_property
    def days_since_plan_broken(self):
        return minus(self.today, self.plan_broken_on)
