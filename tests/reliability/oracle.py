"""The oracle: what the rules' text forbids and orders, read once more by hand, over raw events and what reached the sink.

It imports nothing of the product, and asks its tables nothing. In doubt it reads a rule the stricter way.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import yaml

from tests.reference.clock import zone_of
from tests.reliability.hours import ALL_DAY, WEEKDAYS, hours, is_closed_for_a_holiday, wished

DAY, HOUR = 86_400, 3_600
CONTENT = Path(__file__).parents[2] / "tideover" / "content"
PURPOSES = yaml.safe_load((CONTENT / "purposes.yaml").read_text("utf-8"))["purposes"]
HOLDS = yaml.safe_load((CONTENT / "holds.yaml").read_text("utf-8"))["holds"]
OWED, ANSWERS = ("duty", "receipt", "answer"), ("duty", "answer", "receipt", "status")
PAYMENT = ("reminder", "help", "collection")
CAPS = ((1, 20 * HOUR, "budget_day"), (4, 7 * DAY, "budget_week"), (10, 30 * DAY, "budget_month"))
DIFFICULT = ("hardship", "disaster", "insolvency", "bereavement", "capacity", "abuse")
HARD = ("job_loss", "illness", "family", "income_drop", "disaster", "other_debts", "business_slow")
PERSON_OF = {"borrowers": "borrower_id", "locations": "borrower_id", "loans": "borrower_id"}
KEY = {
    "borrowers": ("borrower_id",), "locations": ("borrower_id", "source", "since"), "loans": ("loan_id",),
    "parties": ("loan_id", "person_id", "role"),
    "instalments": ("loan_id", "number"), "contact_points": ("contact_point_id",), "consents": ("person_id", "channel", "purpose_class"),
    "preferences": ("person_id", "name"), "holds": ("hold_id",), "conversations": ("conversation_id",), "promises": ("promise_id",),
    "lateness_reasons": ("person_id", "need", "told_at"), "milestones": ("application_id", "step"), "payments": ("payment_id",),
}  # fmt: skip
DEBT_WORDS = re.compile(
    r"\b(loan|debts?|overdue|arrears|owe[ds]?|late payment|default)\b|ঋণ|বকেয়া|দেনা|parād|kavēt|aizdevum|kredīt"
    r"|khoản vay|nợ|quá hạn|بدهی|معوق|وام|دیرکرد"
    r"|[€$£₹₫৳]\s?[\d০-৯۰-۹]", re.IGNORECASE
)  # fmt: skip
TOKEN = re.compile(r"Name(p\d+)x")


@dataclass(frozen=True)
class Sent:
    """One message that reached the sink, and what the sink made of it."""

    at: int
    person: str
    to: str
    channel: str
    purpose: str
    about: str
    use_by: int
    outcome: str
    intent: str
    cover: str = ""
    text: str = ""

    @property
    def of_class(self) -> str:
        return PURPOSES[self.purpose]["class"]

    @property
    def is_task(self) -> bool:
        """A duty that no message could carry, given to a person of ours to see to."""
        return self.of_class == "duty" and self.channel in ("call", "visit")

    @property
    def counts(self) -> bool:
        return PURPOSES[self.purpose]["counts"]

    @property
    def reached(self) -> bool:
        """Somebody may have got it: a lost reply counts."""
        return self.outcome in ("accepted", "unknown")


@dataclass
class Oracle:
    """Hears everything in the order in which it happened, and judges each message at its instant."""

    values: dict[str, str] = field(default_factory=dict)  # address_id: the address itself
    facts: dict = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(dict))
    )  # table, person, key: row
    loans: dict = field(default_factory=dict)
    fresh_until: int = 0
    got: dict = field(default_factory=lambda: defaultdict(list))  # person: Sent
    to_number: dict = field(default_factory=lambda: defaultdict(list))

    # --- hearing

    def hear(self, table: str, row: dict) -> None:
        """A row that somebody recorded. What came last holds."""
        if table == "feeds":
            self.fresh_until = row["fresh_until"] or 0
        elif table in KEY:
            owner = PERSON_OF.get(table, "person_id")
            owner = row[owner] if owner in row else row["loan_id"]
            self.facts[table][owner][tuple(row[it] for it in KEY[table])] = row
            if table == "loans":
                self.loans[row["loan_id"]] = row
            if table == "parties":
                self.facts["parties of"][row["loan_id"]][row["person_id"], row["role"]] = row

    def said(self, person: str, channel: str, meaning: str, at: int, answering: Sent | None) -> None:
        """What the person meant, as we know who wrote it."""
        mine = [it["loan_id"] for it in self.of("loans", person)]
        about = [answering.about] if answering and answering.about else mine
        self.hear(
            "conversations",
            {
                "conversation_id": f"{person}{at}",
                "person_id": person,
                "loan_id": None,
                "at": at,
                "outcome": "message",
            },
        )
        if meaning == "stop":
            gone = {
                "person_id": person,
                "channel": channel,
                "purpose_class": "all",
                "granted_at": None,
                "withdrawn_at": at,
            }
            self.hear("consents", gone)
        elif meaning == "death":
            self._held(person, "bereavement", at, None, None)
        elif meaning == "not_me":
            self._held(person, "wrong_number", at, None, None)
            for point in self.of("contact_points", person) if answering else ():
                if self.values.get(point["address_id"]) == answering.to:
                    self.hear("contact_points", {**point, "state": "wrong_person"})
        elif meaning == "cannot_pay":
            self._held(person, "hardship", at, None, 14)
        elif meaning in ("paid", "wrong_amount"):
            for loan in about:
                self._held(
                    person,
                    *(("already_paid", at, loan, 7) if meaning == "paid" else ("dispute", at, loan, None)),
                )

    def _held(self, person, kind, at, loan, days):
        until = None if days is None else at + days * DAY
        row = {
            "hold_id": f"said {person} {kind} {at} {loan}",
            "person_id": person,
            "kind": kind,
            "loan_id": loan,
            "from_at": at,
            "until_at": until,
        }
        self.hear("holds", row)

    def of(self, table: str, owner: str) -> list[dict]:
        """The rows of a table about a person or a loan, each as it was told last."""
        return list(self.facts[table][owner].values())

    # --- judging

    def judge(self, it: Sent) -> list[str]:
        """Every rule that this message broke, by name. Then it is remembered. A duty given to one of our people is no message."""
        found = [name for name, is_broken in self._checks(it) if is_broken] if not it.is_task else []
        self.got[it.person].append(it)
        if it.counts and it.reached and it.channel in ("sms", "call"):
            self.to_number[it.to].append(it.at)
        return found

    def nobody_heard(self, person: str, intent: str) -> None:
        """The worker that handed this over died before it knew that it was taken."""
        self.got[person] = [
            replace(it, outcome="unknown") if it.intent == intent and it.outcome == "accepted" else it
            for it in self.got[person]
        ]

    def _checks(self, it: Sent):
        person, of_class, before = it.person, it.of_class, self.got[it.person]
        place, zones = self.place(person), self.zones(person, it.at)
        wishes = {row["name"]: row["value"] for row in self.of("preferences", person)}
        points = [row for row in self.of("contact_points", person) if self.works(row, it)]
        may_refuse = of_class not in OWED
        yield "refused", may_refuse and self.consent(it) == "refused"
        needs_yes = of_class in ("offer", "survey") or (
            of_class == "lesson" and it.channel in ("push", "sms", "call", "visit")
        )
        yield "no consent", needs_yes and self.consent(it) != "granted"
        for hold in self.resting(it):
            yield f"hold {hold['kind']}", of_class not in HOLDS[hold["kind"]]["passes"]
        yield "address", not points
        asks_contract = of_class in PAYMENT or (place == "LV" and of_class == "duty")
        yield (
            "not in the contract",
            asks_contract
            and it.channel not in ("app", "push")
            and not any(row["in_contract"] for row in points),
        )
        yield "use-by", it.at >= it.use_by
        yield "hours", not self.is_open(it, place, zones, wishes)
        yield (
            "wished another channel",
            may_refuse
            and "channels" in wishes
            and it.channel not in wishes["channels"].replace(" ", "").split(","),
        )
        yield (
            "asked for no calls",
            may_refuse
            and it.channel in ("call", "visit")
            and "yes" in (wishes.get("no_calls"), wishes.get("letters_only")),
        )
        yield (
            "others use the phone",
            may_refuse and it.channel in ("sms", "push") and wishes.get("shared_phone") == "yes",
        )
        counted = [one.at for one in before if one.counts and one.reached]
        for n, period, name in CAPS if it.counts else ():
            yield name, sum(abs(it.at - at) < period for at in counted) >= n
        reminded = [one.at for one in before if one.of_class in ("reminder", "collection") and one.reached]
        yield (
            "vn_five_a_day",
            place == "VN"
            and of_class in ("reminder", "collection")
            and sum(abs(it.at - at) < DAY for at in reminded) >= 5,
        )
        on_number = self.to_number[it.to] if it.counts and it.channel in ("sms", "call") else ()
        yield "number", sum(abs(it.at - at) < DAY for at in on_number) >= 2
        yield (
            "sent again",
            any(
                one.intent == it.intent
                and (one.outcome == "accepted" or not PURPOSES[it.purpose]["resend"])
                and one.reached
                for one in before
            ),
        )
        twice = [
            one
            for one in before
            if (one.purpose, one.about) == (it.purpose, it.about) and one.intent != it.intent and one.reached
        ]
        yield (
            "twice a day",
            any(self.today(person, one.at) == self.today(person, it.at) for one in twice) and it.about != "",
        )
        yield "payments not fresh", "payments" in PURPOSES[it.purpose]["fresh"] and self.fresh_until < it.at
        talks = [
            row
            for row in self.of("conversations", person)
            if row["outcome"] not in ("no_answer", "wrong_person")
        ]
        talked = [row["at"] for row in talks if row["loan_id"] in (None, it.about)]
        yield "after a talk", of_class == "collection" and any(0 <= it.at - at < 2 * DAY for at in talked)
        yield "offer in difficulty", of_class == "offer" and self.in_difficulty(person, it.at)
        yield "debt words on the cover", bool(DEBT_WORDS.search(it.cover))
        yield "somebody else's words", any(name != person for name in TOKEN.findall(it.cover + it.text))
        if it.about in self.loans:
            yield from self._about_a_loan(it, place)

    def _about_a_loan(self, it: Sent, place: str):
        loan, today = self.loans[it.about], self.today(self.loans[it.about]["borrower_id"], it.at)
        roles = self._roles(it.person, loan)
        yield "third party", not roles
        yield (
            "time-barred",
            it.of_class in ("reminder", "collection")
            and loan["limitation_on"] is not None
            and loan["limitation_on"] <= today,
        )
        late = [row["due_on"] for row in self.still_open(it.about) if row["due_on"] < today]
        yield "nothing is late", it.of_class == "collection" and not late
        near = [row for row in self.still_open(it.about) if today <= row["due_on"] <= today + 3]
        yield "nothing is due", it.purpose == "due_soon" and not near
        if place == "LV":
            yield from self._latvia(it, today, max((today - due for due in late), default=0))

    def _latvia(self, it: Sent, today: int, days_late: int):
        noticed = self.told_days(it.person, it.about, ("first_notice",), today)
        surely = self.told_days(it.person, it.about, ("first_notice",), today, surely=True)
        since_missed = surely is not None and surely <= days_late
        mild = it.purpose in ("leeway_note", "neutral_reminder")
        yield "lv before the first notice", it.of_class == "collection" and not mild and not since_missed
        reminded = self.told_days(it.person, it.about, ("leeway_note", "neutral_reminder"), today)
        yield (
            "lv second neutral reminder",
            mild and not since_missed and reminded is not None and reminded <= days_late,
        )
        yield "lv time to object", it.of_class not in ANSWERS and noticed is not None and noticed <= 28
        yield "lv advertising", it.of_class == "offer"

    def told_days(self, person, loan, purposes, today, *, surely=False):
        told = [
            self.today(person, one.at)
            for one in self.got[person]
            if one.purpose in purposes and one.about == loan
            if (one.outcome == "accepted" if surely else one.reached)
        ]
        return today - max(told) if told else None

    def still_open(self, loan: str) -> list[dict]:
        return [row for row in self.of("instalments", loan) if row["paid"] < row["principal"]]

    def _roles(self, person: str, loan: dict) -> list[str]:
        if loan["borrower_id"] == person:
            return ["borrower"]
        stands = [row for row in self.of("parties of", loan["loan_id"]) if row["person_id"] == person]
        return [
            row["role"]
            for row in stands
            if row["role"] in ("co_borrower", "guarantor") and row["may_be_told"] != "nothing"
        ]

    def works(self, row: dict, it: Sent) -> bool:
        begun = row["since"] is None or row["since"] <= it.at
        lasts = row["until"] is None or row["until"] > it.at
        inside = it.channel in ("app", "call", "visit")
        is_it = it.to == it.person if inside else self.values.get(row["address_id"]) == it.to
        return row["channel"] == it.channel and row["state"] == "ok" and begun and lasts and is_it

    def consent(self, it: Sent) -> str:
        said = ""
        for row in self.of("consents", it.person):
            if row["channel"] in (it.channel, "all") and row["purpose_class"] in (it.of_class, "all"):
                granted, withdrawn = row["granted_at"], row["withdrawn_at"]
                if withdrawn is not None and (granted is None or withdrawn >= granted):
                    return "refused"
                said = "granted" if granted is not None and granted <= it.at else said
        return said

    def resting(self, it: Sent):
        loan = self.loans.get(it.about)
        for row in self.of("holds", it.person) + (
            self.of("holds", loan["borrower_id"]) if loan and loan["borrower_id"] != it.person else []
        ):
            if not lasts(row, it.at):
                continue
            of_loan = HOLDS[row["kind"]]["covers"] == "loan"
            is_hers = row["person_id"] == it.person and not (of_loan and row["loan_id"])
            if is_hers or (of_loan and loan and row["loan_id"] in (it.about, None)):
                yield row

    def in_difficulty(self, person: str, at: int) -> bool:
        """Does a hold or a reason of the last ninety days say that life is hard?"""
        held = any(row["kind"] in DIFFICULT and lasts(row, at) for row in self.of("holds", person))
        return held or any(
            row["need"] in HARD and at - row["told_at"] < 89 * DAY
            for row in self.of("lateness_reasons", person)
        )

    # --- clocks and places

    def place(self, person: str) -> str:
        """Whose rules bind: of the region where one is known inside her country, else of the country."""
        country = next(iter(self.of("borrowers", person)))["country"] or ""
        return country if country == "BR-SP" else country.partition("-")[0]

    def zones(self, person: str, at: int) -> list[str]:
        """Every zone in which she may be; empty where nobody knows."""
        own = next(iter(self.of("borrowers", person)))["timezone"]
        said = [
            row["timezone"]
            for row in self.of("locations", person)
            if row["since"] <= at and (row["until"] is None or row["until"] > at)
        ]
        return [own, *said] if zone_of(own or "") else []

    def local(self, zone: str, at: int) -> datetime:
        """What a clock shows there."""
        return datetime.fromtimestamp(at, zone_of(zone))

    def today(self, person: str, at: int) -> int:
        """The day number on her own clock."""
        zones = self.zones(person, at)
        shown = self.local(zones[0], at) if zones else datetime.fromtimestamp(at, UTC)
        return (shown.date() - date(1970, 1, 1)) // timedelta(days=1)

    def is_open(self, it: Sent, place: str, zones: list[str], wishes: dict) -> bool:
        """May it leave at this hour, on every clock that may be hers?"""
        kind = self.loans[it.about]["kind"] if it.about in self.loans else None
        week = hours(place, it.of_class, it.channel, kind)
        if not zones:
            return week is ALL_DAY
        for zone in zones:
            shown = self.local(zone, it.at)
            minute, weekday = shown.hour * 60 + shown.minute, WEEKDAYS[shown.weekday()]
            opens, closes = week[weekday]
            if not opens <= minute < closes or (
                week is not ALL_DAY and is_closed_for_a_holiday(place, it.of_class, shown.date())
            ):
                return False
            if not wished(wishes, weekday, minute):
                return False
        return True


def lasts(row: dict, at: int) -> bool:
    return (row["from_at"] is None or row["from_at"] <= at) and (
        row["until_at"] is None or row["until_at"] > at
    )
