"""The questions of the form, one a page, and which answers each takes."""

from __future__ import annotations

import json
from collections.abc import Mapping

from tideover.book.applications.models import Application
from tideover.book.applications.offered import Offered
from tideover.book.applications.refusals import BadAnswer
from tideover.kit.amounts import read_amount
from tideover.kit.cards import cover_cards
from tideover.kit.money import UnclearAmount
from tideover.kit.text import without_bidi_controls

STEPS = ("amount", "purpose", "income", "costs", "goal")
MONEY = ("amount", "income", "costs")
MAY_BE_LEFT_OUT = frozenset({"goal"})
PURPOSES = ("home", "vehicle", "learning", "business", "farm", "family", "other")
LONGEST = 500
Answers = Mapping[str, int | str]


def answers_of(application: Application) -> dict[str, int | str]:
    """What was answered so far, by question; amounts in minor units."""
    told: dict[str, int | str] = json.loads(application.answers)
    return told if application.amount is None else {"amount": application.amount, **told}


def open_question(application: Application) -> str:
    """The first question without an answer; "" where all have one."""
    told = answers_of(application)
    return next((it for it in STEPS if it not in told), "")


def read_answer(step: str, text: str, application: Application, offered: Offered, language: str) -> int | str:
    """What was typed or pressed, as it is kept. Raises BadAnswer."""
    if step in MONEY:
        return _money(step, text, application, offered, language)
    if step == "purpose":
        if text not in PURPOSES:
            raise BadAnswer("choose_one", "Choose what the money is for.")
        return text
    return cover_cards(without_bidi_controls(text)).strip()[:LONGEST]


def _money(step: str, text: str, application: Application, offered: Offered, language: str) -> int:
    try:
        minor = read_amount(text, application.currency, locale=language)
    except UnclearAmount as unclear:
        raise BadAnswer("amount_unclear", str(unclear)) from unclear
    least, most = (
        (0, 10**15)
        if step != "amount"
        else offered.products[application.product].amounts[application.currency]
    )
    if minor < least:
        raise BadAnswer("amount_too_small", "The amount is smaller than what is offered.")
    if minor > most:
        raise BadAnswer("amount_too_large", "The amount is larger than what is offered.")
    return minor
