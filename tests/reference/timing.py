"""When a contact leaves: after caps and rests, inside the calendar, in a drawn slot on a drawn day, before its use-by."""

from tests.reference import choice
from tests.reference.clock import weekday_of
from tests.reference.known import DAY

SLOTS, WEEKDAYS = range(12), range(7)
LAST_OF_A_WEEK = 6
MOST_SPREAD = 5_400


def use_by(person, step):
    """The end of a local day, by the person's present clock."""
    return (person.today + step.use_by + 1) * DAY - person.offset


class Moment:
    """The slot, day and second of one contact. Everything is None where no moment can be found."""

    def __init__(self, contact, person, world, salt):
        self.contact, self.person, self.world, self.salt = contact, person, world, salt
        self.earliest, self.use_by = contact.earliest, contact.use_by
        self.day = None if self.earliest is None else person.local_day(self.earliest)
        self.waits_until = self._end_of_round()
        self.calendar = contact.channel and world.calendar(contact.window_id, person)
        self.slot, self.slot_share, self.slots = self._slot()
        self.weekday, self.weekday_share, self.weekdays = self._weekday()
        self.send_at = None if self.weekday is None else self._second()

    def _run(self, slot, ahead):
        """(opens, closes) of a slot so many days after the earliest, cut at the earliest; None where it is closed."""
        run = self.calendar.openings(self.day + ahead)[slot] if self.calendar else None
        if run is None or run[1] <= self.earliest:
            return None
        return max(run[0], self.earliest), run[1]

    def _pick(self, stage, weights):
        number = choice.draw(self.salt, stage, self.person.row["seed"], self.person.today)
        place, share = choice.picked(weights, number, by_chance=self.contact.by_chance)
        return place, share, choice.flags(weights)

    def _weight(self, stage, cell, answered, is_open):
        prior = self.person.published.get(f"prior__{stage}__{cell}")
        return choice.weight(prior, answered, self.person.answers_seen, is_open)

    def _end_of_round(self):
        """Rounds of days follow each other, as long as the use-by and a week at most; a lot says on which day hers begin."""
        longest, today = min(self.contact.step.use_by, LAST_OF_A_WEEK), self.person.today
        lot = choice.draw(self.salt, "round", self.person.row["seed"])
        return today + longest - (today + lot) % (longest + 1)

    # --- the slot

    def _slot(self):
        is_open = self._open_slots()
        weights = [self._weight("slot", k, self.person.answered_in_slot(k), is_open[k]) for k in SLOTS]
        return self._pick("slot", weights)

    def _open_slots(self):
        """By chance: a slot that opens on any day of her round. Else only the first moment, or the first day, will do."""
        if self.calendar is None:
            return [False] * 12
        today = [self._run(k, 0) for k in SLOTS]
        later = [
            next((j for j in range(1, 7) if self.calendar.openings(self.day + j)[k]), None) for k in SLOTS
        ]
        days_left = self.person.today + self.contact.step.use_by - self.day
        in_time = [ahead is not None and ahead <= days_left for ahead in later]
        left_of_round = self.waits_until - self.day
        in_round = [today[k] is not None or (in_time[k] and later[k] <= left_of_round) for k in SLOTS]
        if self.contact.by_chance and any(in_round):
            return in_round
        if any(today):
            first = min(run[0] for run in today if run)
            return [run is not None and run[0] == first for run in today]
        soonest = min((ahead for ahead in later if ahead is not None), default=None)
        return [in_time[k] and later[k] == soonest for k in SLOTS]

    # --- the day

    def _weekday(self):
        if self.slot is None:
            return self._pick("weekday", [0] * 7)
        begins = {j: self._run(self.slot, j) for j in range(7)}
        begins = {j: run[0] for j, run in begins.items() if run and run[0] < self.use_by}
        ends = (self.waits_until + 1) * DAY - self.person.offset
        in_round = {j: begin for j, begin in begins.items() if begin < ends}
        if self.contact.by_chance and in_round:
            begins = in_round
        elif begins:
            begins = {j: begin for j, begin in begins.items() if begin == min(begins.values())}
        weights = []
        for weekday in WEEKDAYS:
            is_open = self._days_ahead(weekday) in begins
            weights.append(
                self._weight("weekday", weekday, self.person.answered_on_weekday(weekday), is_open)
            )
        return self._pick("weekday", weights)

    def _days_ahead(self, weekday):
        return (weekday - weekday_of(self.day)) % 7

    # --- the second

    def _second(self):
        begins, closes = self._run(self.slot, self._days_ahead(self.weekday))
        if not self.contact.by_chance:
            return begins
        room = max(0, min(min(closes, self.use_by) - begins - 60, MOST_SPREAD))
        number = choice.draw(self.salt, "minute", self.person.row["seed"], self.person.today)
        return begins + room * number // 10_000
