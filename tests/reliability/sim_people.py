"""Made-up people of a simulated history: who they are, where they live, what they borrowed, how they pay."""

import random
from dataclasses import dataclass, field

from tests.people import DAY, Rows, row, together
from tideover.kit.ids import seed_of

PLACES = {
    "GB": ("Europe/London",), "LV": ("Europe/Riga",), "IN": ("Asia/Kolkata",), "VN": ("Asia/Ho_Chi_Minh",), "BD": ("Asia/Dhaka",),
    "IR": ("Asia/Tehran",), "DE": ("Europe/Berlin",), "FR": ("Europe/Paris",), "BR-SP": ("America/Sao_Paulo",),
    "US": ("America/New_York", "America/Chicago", "America/Phoenix", "America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu"),
    "BR": ("America/Sao_Paulo", "America/Manaus", "America/Noronha"), "NP": ("Asia/Kathmandu",), "MA": ("Africa/Casablanca",),
    "AU": ("Australia/Lord_Howe", "Australia/Sydney", "Australia/Adelaide", "Australia/Eucla"), "KI": ("Pacific/Kiritimati",),
    "NZ": ("Pacific/Auckland", "Pacific/Chatham"), "CA": ("America/St_Johns",), "CL": ("America/Santiago", "Pacific/Easter"),
}  # fmt: skip
"""Every place with rules of its own, and some without."""

LIKELY = ("GB", "GB", "GB", "LV", "LV", "LV", "US", "US", "IN", "VN", "BD", "BR", "BR-SP", "IR", "DE")
LANGUAGES = {"LV": "lv", "VN": "vi", "BD": "bn", "IR": "fa"}
CHANNELS = ("app", "push", "email", "sms", "letter", "call", "visit")
ZONES = tuple(zone for zones in PLACES.values() for zone in zones)
A_FAMILY = 7
"""Who shares one phone: every ninth person and those after her."""


@dataclass
class Someone:
    """A made-up person, as far as the simulation itself must know her to invent what happens next."""

    id: str
    chance: random.Random
    borrower: dict
    points: dict[str, dict]
    loans: dict[str, dict] = field(default_factory=dict)
    instalments: dict[str, list[dict]] = field(default_factory=dict)
    pays_on: dict[tuple[str, int], int] = field(default_factory=dict)
    holds: list[dict] = field(default_factory=list)
    complaints: list[dict] = field(default_factory=list)
    said: int = 0


def name_of(person: str) -> str:
    """A first name that nobody else has, so that words meant for somebody else can be seen."""
    return f"Name{person}x Borrower"


def value_of(address_id: str, channel: str) -> str:
    """An address that shows whose it is."""
    number = int(address_id.split("-", maxsplit=1)[0].removeprefix("p").removeprefix("family"))
    return f"{address_id}@example.org" if channel == "email" else f"+4477{number:08}{channel}{address_id}"


def someone(number: int, seed: int, first_day: int) -> tuple[Someone, Rows]:
    """A person with her first facts, all known the day before."""
    chance, id_ = random.Random(f"{seed}:{number}"), f"p{number:06}"
    place = chance.choice(LIKELY) if chance.random() < 0.85 else chance.choice(list(PLACES))
    language = (
        LANGUAGES.get(place, "en")
        if chance.random() < 0.9
        else chance.choice(["en", "bn", "lv", "vi", "fa", "de", None])
    )
    zone = (
        chance.choice(PLACES[place])
        if chance.random() < 0.97
        else chance.choice([*ZONES, "Mars/Olympus", None])
    )
    who = row(
        "borrowers", borrower_id=id_, seed=seed_of(id_), language=language, country=place, timezone=zone, branch="north",
        team=chance.choice(["a", "b"]), officer_name=chance.choice([None, "Officer"]),
    )  # fmt: skip
    me = Someone(id_, chance, who, _points(id_, number, chance))
    rows: Rows = {"borrowers": [who], "contact_points": list(me.points.values())}
    rows = together(rows, _wishes(me), _consents(me), _places(me))
    for each in range(chance.choice([1, 1, 1, 2])):
        rows = together(rows, _loan(me, each, first_day))
    return me, rows


def _points(id_: str, number: int, chance: random.Random) -> dict[str, dict]:
    family = f"family{number // 9 * 9:06}" if number % 9 < A_FAMILY else ""
    found = {}
    for channel in CHANNELS:
        if chance.random() < 0.3 and channel not in ("email", "sms"):
            continue
        shared = family if family and channel in ("sms", "call") else ""
        point = row(
            "contact_points", contact_point_id=f"{id_}-{channel}", person_id=id_, channel=channel, state="ok",
            address_id=f"{shared or id_}-{'phone' if channel in ('sms', 'call') else channel}", in_contract=chance.random() < 0.8,
        )  # fmt: skip
        found[channel] = point
    return found


def _wishes(me: Someone) -> Rows:
    made = [wish(me) for _ in range(me.chance.choice([0, 0, 0, 1, 2]))]
    return {"preferences": list({it["name"]: it for it in made}.values())}


def wish(me: Someone) -> dict:
    """A wish, perhaps another one than before."""
    name, value = me.chance.choice([
        ("hours", me.chance.choice(["morning", "evening", "10-16", "0-24", "afternoon"])),
        ("quiet_days", me.chance.choice(["mon", "sat,sun", "fri"])),
        ("channels", me.chance.choice(["email", "email, sms", "app,letter,email"])), ("no_calls", "yes"), ("shared_phone", "yes"),
        ("letters_only", "no"), ("always_remind", "yes"), ("do_not_study", "yes"),
    ])  # fmt: skip
    return row("preferences", person_id=me.id, name=name, value=value)


def _consents(me: Someone) -> Rows:
    given = {}
    for one in ("survey", "offer", "lesson", "all"):
        if me.chance.random() < 0.5:
            given[one] = row("consents", person_id=me.id, channel="all", purpose_class=one, granted_at=0)
    return {"consents": list(given.values())}


def _places(me: Someone) -> Rows:
    if me.chance.random() > 0.06:
        return {}
    place = me.chance.choice(list(PLACES))
    return {"locations": [place_of(me, place, since=0)]}


def place_of(me: Someone, place: str, *, since: int) -> dict:
    """Somebody says she is there."""
    country, _, region = place.partition("-")
    return row(
        "locations", borrower_id=me.id, source=me.chance.choice(["address", "told", "phone_prefix"]), since=since, country=country,
        region=region or None, timezone=me.chance.choice(PLACES[place]),
    )  # fmt: skip


def _loan(me: Someone, each: int, first_day: int) -> Rows:
    chance, id_ = me.chance, f"{me.id}-loan-{each}"
    kind = chance.choice(["instalment"] * 6 + ["microfinance", "microfinance", "once", "revolving"])
    every = {"microfinance": 7, "once": 400}.get(kind, 30)
    before = {"once": 0}.get(kind, chance.choice([1, 4, 6]))
    start = first_day - every * before + chance.randrange(every if kind != "once" else 60) - 8
    lent = row(
        "loans", loan_id=id_, borrower_id=me.id, product="personal", kind=kind, currency="EUR", principal=100_000,
        frequency="weekly" if every == 7 else "monthly", disbursed_on=start - every,
        limitation_on=first_day + chance.randrange(90) if chance.random() < 0.02 else None,
    )  # fmt: skip
    me.loans[id_] = lent
    habit = chance.choice([(-2, 1), (-2, 1), (0, 6), (2, 16), (5, 40), (400, 401)])
    me.instalments[id_] = []
    for number in range(before + (1 if kind == "once" else 130 // every + 1)):
        due = start + number * every
        lag = chance.randrange(*habit) if due >= first_day - 35 or habit[0] < 400 else 0
        settled = due + lag if due + lag < first_day else None
        owed = row(
            "instalments", loan_id=id_, number=number + 1, due_on=due, principal=10_000, interest=0, fees=0,
            paid=0 if settled is None else 10_000, settled_on=settled,
        )  # fmt: skip
        me.instalments[id_].append(owed)
        if settled is None:
            me.pays_on[id_, number] = due + lag
    rows: Rows = {"loans": [lent], "instalments": me.instalments[id_]}
    if chance.random() < 0.15:
        role = chance.choice(["co_borrower", "guarantor", "payer", "representative"])
        other = f"p{int(me.id[1:]) // 2:06}"
        if other != me.id:
            party = row(
                "parties",
                loan_id=id_,
                person_id=other,
                role=role,
                may_be_told=chance.choice(["all", "all", "nothing"]),
            )
            rows["parties"] = [party]
    return rows


def at_noon(day: int) -> int:
    """A moment of a day."""
    return day * DAY + DAY // 2
