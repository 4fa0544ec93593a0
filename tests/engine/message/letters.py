"""Messages for tests: one lender, one person, and everything about her known, or nothing."""

from collections.abc import Mapping
from dataclasses import replace

from tests.engine.message.situations import KNOWN, LATE, contact, day
from tideover.engine.message import (
    LINKS,
    About,
    Charge,
    FullTerms,
    Message,
    Payment,
    Sender,
    Templates,
    Told,
    compose,
)

SENDER = Sender(
    "Kindly Lending",
    "+371 6700 0000",
    hours="Monday to Friday, 9 to 18",
    address="Brivibas 1, Riga",
    web="kindly.example",
    licence="Licence 12/34, consumer authority",
    public_name="Kindly",
    stop_word="STOP",
)
CODE = "7Q2-M4T"
WHERE = {name: f"https://kindly.example/{name[:2]}7Q2M" for name in LINKS}
TERMS = FullTerms(
    principal=100_000,
    rate_ppm=189_000,
    effective_rate_ppm=219_900,
    total_cost=12_050,
    total=112_050,
    fees=(Charge("Setting up", 1_000, "once"),),
    charges=(),
    withdrawal="You can give the money back within 14 days.",
    schedule=(Payment(day("2026-04-09"), 56_025), Payment(day("2026-05-09"), 56_025)),
)
GIVEN = {
    "first_name": "Anna",
    "officer": "Ilze",
    "product": "a loan for a roof",
    "document": "proof of income",
    "documents": ("proof of income", "a picture of your card"),
    "reply_by_on": day("2026-03-12"),
    "decline_reasons": ("your income is too short a time known", "two other loans run"),
    "decline_sources": ("Credit Register, register.example",),
    "sign_in_code": "123456",
    "answer": "Yes, you can move the day.\n\nTell us which one.",
    "written_by": "Ilze",
    "wrong_on": day("2026-03-04"),
    "wrong_since_on": day("2026-03-02"),
    "wrong_code": "8KX-P2D",
    "stopped": "text messages about offers",
    "disbursed_amount": 100_000,
    "disbursed_on": day("2026-03-09"),
    "promised_amount": 12_050,
    "plan_amount": 4_000,
    "plan_payments": 6,
    "plan_from_on": day("2026-03-20"),
    "plan_until_on": day("2026-08-20"),
    "plan_effects": "It costs you nothing more, and your credit record shows a plan.",
    "debit_amount": 12_050,
    "debit_on": day("2026-03-09"),
    "free_until_on": day("2026-03-10"),
    "act_by_on": day("2026-03-30"),
    "what_follows": "We end the agreement, and the whole sum is asked for.",
    "object_until_on": day("2026-04-06"),
    "closed_on": day("2026-03-05"),
    "relief_until_on": day("2026-04-30"),
    "happened": "the flood in Jelgava",
    "paid_count": 5,
    "all_count": 12,
    "balance": 70_000,
    "claim_client": "Kindly Lending, Brivibas 1, Riga",
    "claim_ground": "loan contract 12 of 3 May 2025",
}
KNOWN_LATE = {**KNOWN, **LATE, "promised_on": day("2026-03-07"), "days_to_due": 3}
ALL = {**KNOWN_LATE, "next_due_amount": 12_050, "next_due_on": day("2026-03-09")}
NOTHING = dict.fromkeys(ALL)
ON_TIME = {**ALL, "overdue": 0, "days_past_due": 0, "oldest_overdue_on": None}


def known_of(purpose: str, templates: Templates) -> Mapping[str, object]:
    """Everything: of somebody who is late, where the purpose is about that."""
    it = templates.words.lists.purposes.get(purpose)
    return ALL if it is not None and it.purpose_class in ("collection", "duty") else ON_TIME


def told(purpose: str, *, values: Mapping[str, object] = ALL, **row: object) -> Told:
    made = contact(purpose, "payment_near", lesson="credit_record", **row)
    return replace(made, values=values, offers=("new_day", "split"))


def message(
    purpose: str, channel: str, templates, *, given=GIVEN, links=WHERE, sender=SENDER, **more: object
) -> Message:
    """A message of which everything is known, unless the test says otherwise."""
    about = more.pop("about", About(given, terms=TERMS))
    said = more.pop("told", None) or told(purpose, values=more.pop("values", known_of(purpose, templates)))
    return compose(
        said, channel=channel, sender=sender, code=CODE, links=links, templates=templates, about=about, **more
    )
