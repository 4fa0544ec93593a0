"""What happens to made-up people: holds and wishes, payments and promises, words they send us. Rows of facts, or things said."""

from dataclasses import dataclass

from tests.people import DAY, row
from tests.reliability.sim_people import PLACES, Someone, place_of, wish

CLASSES = (
    "all",
    "all",
    "help",
    "reminder",
    "collection",
    "lesson",
    "survey",
    "offer",
    "status",
    "duty",
    "receipt",
)
HOLDS = (
    "bereavement", "minor", "identity_theft", "abuse", "wrong_number", "represented", "insolvency", "capacity", "dispute", "complaint",
    "disaster", "hardship", "time_barred", "already_paid", "asked_for_quiet", "danger",
)  # fmt: skip
STOPS = {
    "en": ("STOP", "stop please"),
    "lv": ("stopēt", "Nerakstiet man!"),
    "vi": ("DỪNG", "STOP"),
    "bn": ("বন্ধ", "STOP"),
    "fa": ("لغو", "STOP"),
}
HOURS = 3_600


@dataclass(frozen=True)
class Fact:
    """A row that somebody recorded."""

    table: str
    row: dict


@dataclass(frozen=True)
class Said:
    """Something a person wrote or pressed, by a channel. `meaning` is what we meant when we wrote it down."""

    person: str
    channel: str
    meaning: str
    text: str = ""


Event = Fact | Said


def daily(me: Someone, day: int, at: int) -> list[Event]:
    """Payments whose day has come; they arrive whatever else happens."""
    made: list[Event] = []
    for (loan, place), on in list(me.pays_on.items()):
        if on > day:
            continue
        del me.pays_on[loan, place]
        owed = me.instalments[loan][place]
        owed.update(paid=10_000, settled_on=day)
        made.append(Fact("instalments", dict(owed)))
        paid = row(
            "payments",
            payment_id=f"{loan}-{place}",
            loan_id=loan,
            paid_at=at,
            amount=10_000,
            way="transfer",
            state_at=at,
        )
        made.append(Fact("payments", paid))
    return made


def something(me: Someone, at: int) -> list[Event]:
    """One thing that happens in a life, by chance."""
    kind = me.chance.choices([name for name, _ in KINDS], [weight for _, weight in KINDS])[0]
    return EVENTS[kind](me, at)


def _grant(me: Someone, at: int) -> list[Event]:
    return [Fact("consents", _consent(me, granted_at=at))]


def _withdraw(me: Someone, at: int) -> list[Event]:
    return [
        Fact("consents", _consent(me, granted_at=me.chance.choice([None, at - 40 * DAY]), withdrawn_at=at))
    ]


def _consent(me: Someone, **when: int | None) -> dict:
    channel, of_class = (
        me.chance.choice(["all", "email", "sms", "app", "push", "letter", "call"]),
        me.chance.choice(CLASSES),
    )
    return row("consents", person_id=me.id, channel=channel, purpose_class=of_class, **when)


def _hold(me: Someone, at: int) -> list[Event]:
    kind, me.said = me.chance.choice(HOLDS), me.said + 1
    loan = me.chance.choice([None, *me.loans])
    lasts = me.chance.choice([None, None, 3, 20, 45])
    held = row(
        "holds", hold_id=f"{me.id}-hold-{me.said}", person_id=me.id, loan_id=loan, kind=kind,
        from_at=at + me.chance.choice([0, 0, 0, HOURS, DAY]), until_at=None if lasts is None else at + lasts * DAY + HOURS,
    )  # fmt: skip
    me.holds.append(held)
    return [Fact("holds", dict(held))]


def _lift(me: Someone, at: int) -> list[Event]:
    if not me.holds:
        return []
    held = me.holds.pop(me.chance.randrange(len(me.holds)))
    return [Fact("holds", {**held, "until_at": at})]


def _stop(me: Someone, at: int) -> list[Event]:
    words = STOPS.get(me.borrower["language"] or "en", STOPS["en"])
    return [Said(me.id, me.chance.choice(["sms", "email"]), "stop", me.chance.choice(words))]


def _says(*meanings: str):
    def says(me: Someone, at: int) -> list[Event]:
        return [Said(me.id, me.chance.choice(["sms", "email"]), me.chance.choice(meanings))]

    return says


def _pays(me: Someone, at: int) -> list[Event]:
    early = [key for key in me.pays_on if me.instalments[key[0]][key[1]]["due_on"] <= at // DAY + 30]
    if not early:
        return []
    key = me.chance.choice(early)
    me.pays_on[key] = at // DAY
    return daily(me, at // DAY, at)


def _promises(me: Someone, at: int) -> list[Event]:
    me.said += 1
    promise = row(
        "promises", promise_id=f"{me.id}-promise-{me.said}", loan_id=me.chance.choice(list(me.loans)), person_id=me.id, amount=10_000,
        on=at // DAY + me.chance.randrange(1, 12), made_at=at, origin="self",
    )  # fmt: skip
    return [Fact("promises", promise)]


def _address_fails(me: Someone, at: int) -> list[Event]:
    point = me.points[me.chance.choice(list(me.points))]
    point["state"] = me.chance.choice(["ok", "bounced", "wrong_person", "wrong_person"])
    return [Fact("contact_points", dict(point))]


def _moves_address(me: Someone, at: int) -> list[Event]:
    point = me.points[me.chance.choice(list(me.points))]
    point.update(in_contract=me.chance.random() < 0.6, until=me.chance.choice([None, at + 5 * DAY]))
    return [Fact("contact_points", dict(point))]


def _moves_zone(me: Someone, at: int) -> list[Event]:
    place = me.chance.choice(list(PLACES))
    me.borrower.update(country=place, timezone=me.chance.choice(PLACES[place]))
    return [Fact("borrowers", dict(me.borrower))]


def _is_elsewhere(me: Someone, at: int) -> list[Event]:
    said = place_of(me, me.chance.choice(list(PLACES)), since=at)
    said["until"] = at + me.chance.choice([4, 20]) * DAY
    return [Fact("locations", said)]


def _wishes(me: Someone, at: int) -> list[Event]:
    return [Fact("preferences", wish(me))]


def _complains(me: Someone, at: int) -> list[Event]:
    if me.complaints:
        return [Fact("complaints", {**me.complaints.pop(), "state": "closed", "closed_at": at})]
    me.said += 1
    made = row(
        "complaints",
        complaint_id=f"{me.id}-complaint-{me.said}",
        person_id=me.id,
        what="tone",
        at=at,
        state="open",
    )
    me.complaints.append(made)
    return [Fact("complaints", made)]


def _talks(me: Someone, at: int) -> list[Event]:
    me.said += 1
    outcome = me.chance.choice(
        ["talked", "promised", "asked_for_help", "no_answer", "wrong_person", "call_back"]
    )
    talk = row(
        "conversations", conversation_id=f"{me.id}-talk-{me.said}", person_id=me.id, loan_id=me.chance.choice([None, *me.loans]),
        channel="call", at=at, by="us", outcome=outcome,
    )  # fmt: skip
    return [Fact("conversations", talk)]


def _is_short_of_money(me: Someone, at: int) -> list[Event]:
    need = me.chance.choice(["job_loss", "illness", "payday_later", "disaster", "rather_not_say"])
    return [
        Fact(
            "lateness_reasons",
            row("lateness_reasons", person_id=me.id, loan_id="", need=need, told_at=at, via="portal"),
        )
    ]


def _applies(me: Someone, at: int) -> list[Event]:
    me.said += 1
    step = me.chance.choice(
        [
            "received",
            "documents_missing",
            "document_received",
            "under_review",
            "approved",
            "declined",
            "disbursed",
        ]
    )
    news = row(
        "milestones",
        application_id=f"{me.id}-asks-{me.said}",
        person_id=me.id,
        product="personal",
        step=step,
        at=at,
    )
    return [Fact("milestones", news)]


def _looks_around(me: Someone, at: int) -> list[Event]:
    return [
        Fact("interests", row("interests", person_id=me.id, product="personal", kind="viewed", at=at - one))
        for one in (9, 5)
    ]


KINDS = (
    ("grant", 4), ("withdraw", 6), ("hold", 12), ("lift", 14), ("stop", 4), ("says", 4), ("dies", 0.6), ("pays", 8), ("promises", 6),
    ("address_fails", 5), ("moves_address", 3), ("moves_zone", 3), ("is_elsewhere", 3), ("wishes", 4), ("complains", 5), ("talks", 6),
    ("is_short", 3), ("applies", 8), ("looks", 3),
)  # fmt: skip
EVENTS = {
    "grant": _grant, "withdraw": _withdraw, "hold": _hold, "lift": _lift, "stop": _stop, "dies": _says("death"),
    "says": _says("not_me", "paid", "wrong_amount", "cannot_pay", "call_me"), "pays": _pays, "promises": _promises,
    "address_fails": _address_fails, "moves_address": _moves_address, "moves_zone": _moves_zone, "is_elsewhere": _is_elsewhere,
    "wishes": _wishes, "complains": _complains, "talks": _talks, "is_short": _is_short_of_money,
    "applies": _applies, "looks": _looks_around,
}  # fmt: skip
