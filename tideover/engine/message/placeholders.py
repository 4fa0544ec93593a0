"""The closed list of values a message may speak of. A name that is not here fails `tideover check`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tideover.engine.message.told import TELLABLE, Form

WHEN = "when_"
LINK = "link_"

ACTIONS = ("pay", "promise", "help", "see", "talk", "send", "answer")
"""What the one button of a message may do; each has a link of its name."""

LINKS = (*ACTIONS, "stop", "check")


class Kind(StrEnum):
    """How a value is given and written."""

    TEXT = "text"
    PROSE = "text of several paragraphs"
    LIST = "a list"
    MONEY = "an amount in the loan's currency"
    DAY = "a day"
    COUNT = "a number, never 0"
    DAYS = "a number, 0 too"
    CHOICE = "a word to tell cases apart by"
    LINK = "an address"


@dataclass(frozen=True)
class Placeholder:
    """A value by its kind and meaning. `cases` are the words of a choice; a choice is never printed."""

    kind: Kind
    says: str
    cases: tuple[str, ...] = ()


_OF_FORM = {Form.COUNT: Kind.COUNT, Form.DAYS: Kind.DAYS, Form.MONEY: Kind.MONEY, Form.DAY: Kind.DAY}
_OF_DECISION = {
    "days_past_due": "days since the oldest open payment was due",
    "overdue": "what was due before today and is not paid",
    "oldest_overdue_on": "the day on which the oldest open payment was due",
    "next_due_on": "the day of the next payment",
    "next_due_amount": "the next payment",
    "days_to_due": "days until the next payment; 0 is today",
    "promised_on": "the day the person chose",
    "last_payment_on": "the day on which money last came",
    "last_payment_amount": "what came that day",
    "past_payments": "payments made so far",
}

FROM_DECISION: Mapping[str, Placeholder] = {
    name: Placeholder(_OF_FORM[form], _OF_DECISION.get(name, name)) for name, form in TELLABLE.items()
}

ALWAYS_KNOWN: Mapping[str, Placeholder] = {
    "code": Placeholder(Kind.TEXT, "the code by which anyone can check that the message is ours"),
    "sender_phone": Placeholder(Kind.TEXT, "the number at which a person answers"),
    "tone": Placeholder(Kind.CHOICE, "how the decision wants to speak", ("warm", "plain", "firm")),
    "told_us": Placeholder(Kind.CHOICE, "whether the person herself said that times are hard", ("yes", "no")),
}

FROM_SENDER: Mapping[str, Placeholder] = {
    "sender": Placeholder(Kind.TEXT, "the lender's name; in public fields its public name"),
    "sender_hours": Placeholder(Kind.TEXT, "when a person answers"),
    "sender_address": Placeholder(Kind.TEXT, "the lender's postal address"),
    "sender_web": Placeholder(Kind.TEXT, "the lender's web address"),
    "sender_licence": Placeholder(Kind.TEXT, "licence and who supervises"),
    "stop_word": Placeholder(Kind.TEXT, "the word that, as a reply, ends such messages"),
    "offers": Placeholder(Kind.LIST, "the decision's offers of help, in words"),
    "lesson": Placeholder(Kind.TEXT, "the decision's lesson by name"),
    **{f"{LINK}{name}": Placeholder(Kind.LINK, f"the link to {name}") for name in LINKS},
}

GIVEN: Mapping[str, Placeholder] = {
    "first_name": Placeholder(Kind.TEXT, "the person's first name"),
    "officer": Placeholder(Kind.TEXT, "the officer's name, only where there is a relation"),
    "product": Placeholder(Kind.TEXT, "the product applied for, or the one looked at"),
    "application_step": Placeholder(Kind.TEXT, "the step the application has reached, in words"),
    "document": Placeholder(Kind.TEXT, "the document that arrived"),
    "documents": Placeholder(Kind.LIST, "the documents that are missing"),
    "reply_by_on": Placeholder(Kind.DAY, "the day by which we answer or decide"),
    "decline_reasons": Placeholder(Kind.LIST, "why the application was declined"),
    "decline_sources": Placeholder(Kind.LIST, "whose data was used, and how to reach them"),
    "sign_in_code": Placeholder(Kind.TEXT, "the code with which a person signs in; works once, for ten minutes"),
    "answer": Placeholder(Kind.PROSE, "our answer, as a person wrote it"),
    "written_by": Placeholder(Kind.TEXT, "who of us wrote the answer, only where the person knows her"),
    "wrong_on": Placeholder(Kind.DAY, "the day on which we last told something wrong"),
    "wrong_since_on": Placeholder(Kind.DAY, "the first such day, where there were several"),
    "wrong_code": Placeholder(Kind.TEXT, "the code of the message that was wrong"),
    "stopped": Placeholder(Kind.TEXT, "what was stopped, in words"),
    "disbursed_amount": Placeholder(Kind.MONEY, "what is paid out"),
    "disbursed_on": Placeholder(Kind.DAY, "the day on which it is paid out"),
    "promised_amount": Placeholder(Kind.MONEY, "what the person chose to pay"),
    "offered_on": Placeholder(Kind.DAY, "the day that is offered; whoever answers 1 chooses it"),
    "plan_amount": Placeholder(Kind.MONEY, "each payment of the plan"),
    "plan_payments": Placeholder(Kind.COUNT, "how many payments the plan has"),
    "plan_from_on": Placeholder(Kind.DAY, "the plan's first payment"),
    "plan_until_on": Placeholder(Kind.DAY, "the plan's last payment"),
    "plan_effects": Placeholder(Kind.TEXT, "what the plan costs, and what it means for credit records and guarantors"),
    "debit_amount": Placeholder(Kind.MONEY, "what is taken from the account"),
    "debit_on": Placeholder(Kind.DAY, "the day on which it is taken"),
    "free_until_on": Placeholder(Kind.DAY, "until when a late payment costs nothing"),
    "act_by_on": Placeholder(Kind.DAY, "the day by which something changes what follows"),
    "what_follows": Placeholder(Kind.TEXT, "what follows after that day, in plain words"),
    "object_until_on": Placeholder(Kind.DAY, "until when the person may object"),
    "closed_on": Placeholder(Kind.DAY, "the day on which the loan was closed"),
    "relief_until_on": Placeholder(Kind.DAY, "until when relief can be asked for"),
    "happened": Placeholder(Kind.TEXT, "what touched many at once, in words"),
    "paid_count": Placeholder(Kind.DAYS, "payments made of this loan, for the picture"),
    "all_count": Placeholder(Kind.COUNT, "payments of the whole loan, for the picture"),
    "balance": Placeholder(Kind.MONEY, "what is still open on the whole loan"),
    "claim_client": Placeholder(Kind.TEXT, "for whom a claim is made: name and address"),
    "claim_ground": Placeholder(Kind.TEXT, "what it rests on: contract, object, date"),
    "claim_interest": Placeholder(Kind.TEXT, "how its interest was worked out"),
    "claim_interest_note": Placeholder(Kind.TEXT, "a note where the rate is above the one in the law"),
    "claim_costs": Placeholder(Kind.TEXT, "collection costs: kind, amount, reason"),
    "claim_vat": Placeholder(Kind.TEXT, "the statement on VAT"),
    "claim_address_source": Placeholder(Kind.TEXT, "where the address comes from"),
    "claim_supervisor": Placeholder(Kind.TEXT, "the supervising authority and how to reach it"),
}  # fmt: skip
"""What the caller knows beside the decision, under these names only."""

PLACEHOLDERS: Mapping[str, Placeholder] = {**ALWAYS_KNOWN, **FROM_SENDER, **FROM_DECISION, **GIVEN}

PUBLIC = frozenset(
    {"sender", *(name for name, it in {**FROM_DECISION, **GIVEN}.items() if it.kind is Kind.DAY)}
)
"""What may stand where others read along: who writes, and days. No amount, no product, nobody's name."""


def names() -> Iterator[str]:
    """Every name a pattern may ask for; a day also as the time of an action, "on Friday 6 March"."""
    for name, it in PLACEHOLDERS.items():
        yield name
        if it.kind is Kind.DAY:
            yield f"{WHEN}{name}"


NAMES = frozenset(names())


def plain_name(name: str) -> str:
    """The placeholder behind a name: "when_promised_on" is "promised_on"."""
    return name.removeprefix(WHEN)
