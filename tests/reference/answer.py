"""The decision: one person at a time, in the order in which a careful clerk would do it by hand."""

from dataclasses import dataclass, field

from tests.reference import choice, limits
from tests.reference.known import DAY
from tests.reference.subject import Subject
from tests.reference.timing import Moment, use_by

TONES = ("warm", "plain", "firm")


@dataclass
class Candidate:
    """A step that matched: something that could be said to a person about one subject."""

    subject: str
    level: str
    kind: str
    step: object
    purpose_class: str
    facts: object
    closed: dict = field(default_factory=dict)  # allowed channel -> what closes it, or None
    blocked_by: str | None = None

    @property
    def purpose(self):
        return self.step.purpose

    @property
    def order(self):
        return self.step.rank, self.subject

    @property
    def open_channels(self):
        return [channel for channel, why in self.closed.items() if why is None]


class Decider:
    """Decides people of one world with one strategy. `policies` has the duties first."""

    def __init__(self, world, strategy, policies, salt, assumes, strategy_hash):
        self.world, self.strategy, self.policies = world, strategy, policies
        self.salt, self.assumes, self.strategy_hash = salt, assumes, strategy_hash

    def decide(self, person):
        """(row, topics, offers) of one person."""
        candidates, silences = self._matched(person)
        for it in candidates:
            self._judge(it, person)
        free = sorted((it for it in candidates if it.blocked_by is None), key=lambda it: it.order)
        aside = min(
            (it for it in candidates if it.blocked_by),
            key=lambda it: (it.step.rank, it.blocked_by),
            default=None,
        )
        chosen = Contact(free[0], person, self) if free else None
        row = self._row(person, chosen, min(silences, default=(None, "nothing_useful_to_say"))[1], aside)
        if row["treatment"] == "none":
            return row, [], []
        return row, self._topics(row, chosen, free), self._offers(row, chosen)

    # --- what could be said

    def _matched(self, person):
        candidates, silences = [], []
        for subject in Subject.of(person, self.world):
            for policy in self.policies:
                step = self._first_match(policy, subject)
                if step is None:
                    continue
                if step.purpose is None:
                    silences.append((step.rank, step.because))
                else:
                    purpose_class = self.world.lists.class_of(step.purpose)
                    found = Candidate(
                        subject.id, subject.level, subject.kind, step, purpose_class, subject.facts
                    )
                    candidates.append(found)
        return candidates, silences

    def _first_match(self, policy, subject):
        if policy.subject != subject.level or (subject.role and subject.role not in policy.roles):
            return None
        if not policy.applies(subject.facts):
            return None
        return next((step for step in policy.steps if step.when(subject.facts)), None)

    # --- what may be said

    def _judge(self, candidate, person):
        purpose = self.world.lists.purposes[candidate.purpose]
        for channel, it in self.world.lists.channels.items():
            named = candidate.step.channels
            if it["by"] == purpose["by"] and (not named or channel in named):
                candidate.closed[channel] = limits.closed_by(candidate, channel, person, self.world)
        place = limits.hold_place(candidate, person, self.world)
        if place is not None:
            candidate.blocked_by = f"hold_{list(self.world.lists.holds)[place]}"
        elif "payments" in purpose["fresh"] and self.world.payments_are_stale:
            candidate.blocked_by = "feed_stale"
        elif not candidate.open_channels and candidate.purpose_class != "duty":
            candidate.blocked_by = _each(candidate.closed)

    # --- the row

    def _row(self, person, chosen, silence, aside):
        row = dict.fromkeys(COLUMNS)
        row |= {
            "decision_id": f"{person.id}.{self.world.at}.{self.strategy_hash[:12]}",
            "borrower_id": person.id,
            "at": self.world.at,
            "language": person.row["language"],
            "leaf": person.leaf,
            "treatment": chosen.treatment if chosen else "none",
            "arm": ("held_out" if chosen.held_out else "treated") if chosen and chosen.by_chance else None,
            "eligible": chosen.eligible if chosen else "",
            "cost": 0,
        }
        if chosen:
            step = chosen.step
            row |= {
                "subject": chosen.subject,
                "purpose": step.purpose,
                "policy": step.policy,
                "step": step.name,
            }
            row["occasion"] = step.name
        spoken = row["treatment"] != "none"
        if spoken:
            row |= chosen.said()
        row["reasons"] = ",".join(self._reasons(chosen, silence))
        row["blocked_by"] = ",".join(_blocked_by(chosen, aside))
        row["next_review_at"] = self._next_review(person, spoken)
        return row

    def _reasons(self, chosen, silence):
        yield chosen.step.because if chosen else silence
        if chosen and chosen.held_out:
            yield "held_out"
        if chosen and chosen.treatment == "wait":
            yield "better_moment_later"
        if chosen and chosen.is_expired:
            yield "no_moment_before_use_by"
        yield from (f"assumed_{name}" for name in self.assumes)

    def _next_review(self, person, spoken):
        """Tomorrow where something was said; else when something happens to a loan, at the latest in thirty days."""
        midnight = (person.today + 1) * DAY - person.offset
        if spoken:
            return midnight
        event = None if person.next_event_on is None else person.next_event_on * DAY - person.offset
        latest = midnight + 29 * DAY
        return min(event, latest) if event is not None and event > self.world.at else latest

    def _topics(self, row, chosen, free):
        """Every subject with something of the contact's class to say, each with its best candidate; a duty is told alone."""
        topics = {}
        for it in free:
            is_told = it.purpose_class != "duty" or it.subject == chosen.subject
            if it.subject and it.purpose_class == chosen.candidate.purpose_class and is_told:
                topics.setdefault(it.subject, it.purpose)
        return [
            {
                "decision_id": row["decision_id"],
                "subject": subject,
                "occasion": purpose,
                "is_main": int(subject == chosen.subject),
            }
            for subject, purpose in topics.items()
        ]

    def _offers(self, row, chosen):
        named = enumerate(chosen.step.offers, 1)
        return [{"decision_id": row["decision_id"], "offer": offer, "place": place} for place, offer in named]


COLUMNS = (
    "decision_id", "borrower_id", "at", "subject", "occasion", "treatment", "purpose", "policy", "step", "channel", "send_at",
    "use_by", "language", "tone", "message", "lesson", "reasons", "blocked_by", "next_review_at", "cost", "arm", "leaf",
    "eligible", "propensity",
)  # fmt: skip
"""The decision's columns but for the hashes."""


def _each(closed):
    return ",".join(f"{why}@{channel}" for channel, why in closed.items() if why)


def _blocked_by(chosen, aside):
    if aside and (chosen is None or aside.step.rank < chosen.step.rank):
        yield aside.blocked_by
    if chosen and chosen.is_expired:
        yield chosen.expired_by or "closed_until_use_by"
    elif chosen and chosen.treatment == "wait" and chosen.cap:
        yield chosen.cap


class Contact:
    """The one contact of a person: channel, moment, tone, and how likely each was."""

    def __init__(self, candidate, person, decider):
        self.candidate, self.person, self.decider = candidate, person, decider
        self.world, self.step, self.subject = decider.world, candidate.step, candidate.subject
        lists = self.world.lists
        self.is_soft = person.in_difficulty or person.has_support_need
        self.by_chance = lists.classes[candidate.purpose_class]["held_out"] == "allowed" and not self.is_soft
        lot = choice.draw(decider.salt, "hold-out", person.row["seed"])
        self.held_out = self.by_chance and lot < decider.strategy.hold_out
        self.use_by = use_by(person, self.step)
        self._choose_channel()
        moment = Moment(self, person, self.world, decider.salt)
        self._choose_tone()
        self.send_at = moment.send_at
        self.eligible = f"{self.channels}/{moment.slots}/{moment.weekdays}/{self.tones}"
        self.propensity = 10_000
        for share in (self.channel_share, moment.slot_share, moment.weekday_share, self.tone_share):
            self.propensity = self.propensity * (10_000 if share is None else share) // 10_000
        self.propensity = max(1, self.propensity)

    # --- the channel

    def _choose_channel(self):
        channels = list(self.world.lists.channels)
        frees, weights = {}, []
        for channel in channels:
            frees[channel] = self._earliest(channel)
            is_open = channel in self.candidate.open_channels and frees[channel][0] < self.use_by
            prior = self.person.published.get(f"prior__channel__{channel}")
            tried, good = self.person.sent_by(channel), self.person.answered_by(channel)
            weights.append(choice.weight(prior, good, tried, is_open))
        number = choice.draw(self.decider.salt, "channel", self.person.row["seed"], self.person.today)
        place, self.channel_share = choice.picked(weights, number, by_chance=self.by_chance)
        self.channels = choice.flags(weights)
        self.channel = None if place is None else channels[place]
        self.earliest, self.cap, self.expired_by, self.window_id = None, None, None, None
        if self.channel is None:
            self.expired_by = self._what_held(frees)
        else:
            self.earliest, _, self.cap, _ = frees[self.channel]
            cell = self.person.jurisdiction, self.candidate.kind, self.step.purpose, self.channel
            self.window_id = self.world.rules.cells[cell]["window_id"]

    def _earliest(self, channel):
        """(earliest moment, when its caps let go, the cap that holds longest, the rule of the rest after a talk)."""
        freed, cap = limits.cap_frees_at(self.candidate, channel, self.person, self.world)
        rest, rule = limits.rest_after_talk(self.candidate, channel, self.person, self.world)
        talked = self.person.last_conversation_at
        rested = talked + rest if talked is not None and rest is not None else None
        moments = [moment for moment in (self.world.at, freed, rested) if moment is not None]
        return max(moments), freed, cap, rule

    def _what_held(self, frees):
        """Of the first open channel: the cap, if it held to the use-by, else the rest after a talk."""
        for channel in self.candidate.open_channels:
            _, freed, cap, rule = frees[channel]
            return cap if freed is not None and freed >= self.use_by else rule
        return _each(self.candidate.closed) or None

    # --- the tone

    def _choose_tone(self):
        weights = []
        for tone in TONES:
            is_open = tone in self.step.tones and not (tone == "firm" and self.is_soft)
            weights.append(choice.weight(self.person.published.get(f"prior__tone__{tone}"), 0, 0, is_open))
        number = choice.draw(self.decider.salt, "tone", self.person.row["seed"], self.person.today)
        place, self.tone_share = choice.picked(weights, number, by_chance=self.by_chance)
        self.tones = choice.flags(weights)
        self.tone = "plain" if place is None else TONES[place]

    # --- what is done

    @property
    def is_expired(self):
        return not self.held_out and self.send_at is None

    @property
    def treatment(self):
        if self.held_out:
            return "none"
        if self.send_at is None:
            return "human" if self.step.policy == "duties" else "none"
        if self.person.local_day(self.send_at) != self.person.today:
            return "wait"
        return "human" if self.world.lists.purposes[self.step.purpose]["by"] == "person" else "contact"

    def said(self):
        cost = self.world.lists.channels[self.channel]["cost"] if self.channel else 0
        return {
            "channel": self.channel,
            "send_at": self.send_at,
            "use_by": self.use_by,
            "tone": self.tone,
            "message": self.step.purpose,
            "lesson": self.step.lesson,
            "cost": cost,
            "propensity": self.propensity,
        }
