"""The values of a message beside its decision: what the facts hold, what rules count, what only the lender knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

import polars as pl
from django.conf import settings

from tideover.access.sealing import opened_text
from tideover.book.applications.offered import read_offered
from tideover.book.applications.telling import News
from tideover.delivery.guards import Verdict
from tideover.delivery.models import Message
from tideover.engine.message import (
    FullTerms,
    LenderValues,
    RateMethods,
    Templates,
    Told,
    read_lender_values,
    read_rate_methods,
    terms_of,
)
from tideover.kit.calendars import local_day
from tideover.strategy import telling

Value = int | str | tuple[str, ...] | None
Values = Mapping[str, Value]
Row = dict[str, int | str | bool | None]
TERMS = "terms"
DAY = 86_400
DIRECT_DEBIT = "debit_notice"


class Known:
    """The tables of a claim, looked up by key: each is read once for all its messages."""

    def __init__(self, tables: Mapping[str, pl.DataFrame]) -> None:
        self._tables = tables
        self._by_key: dict[tuple[str, str], dict[str, list[Row]]] = {}

    def rows(self, table: str, key: str, value: str) -> list[Row]:
        """The rows of a table with that key."""
        if (table, key) not in self._by_key:
            found: dict[str, list[Row]] = {}
            for row in self._tables[table].iter_rows(named=True):
                found.setdefault(str(row[key]), []).append(row)
            self._by_key[table, key] = found
        return self._by_key[table, key].get(value, [])


IN_PERSON, NO_TALK = ("call", "visit"), ("no_answer", "wrong_person", "message")
"""Channels by which people meet, and what came of talks that were none."""

GIVERS: dict[str, Callable[[Message, Known, Told], Values]] = {}
"""What apps above know beside the facts, by the value: they add theirs in AppConfig.ready(). No queries, tables only."""


@lru_cache(maxsize=4)
def _rate_methods(overlay: Path | None) -> RateMethods:
    return read_rate_methods(overlay)


def rate_methods() -> RateMethods:
    """How the rate a year is told, country by country."""
    return _rate_methods(settings.CONTENT)


def lender_values() -> LenderValues:
    """What the lender says where no fact does."""
    return _lender_values(settings.CONTENT)


@lru_cache(maxsize=2)
def _lender_values(overlay: Path | None) -> LenderValues:
    return read_lender_values(overlay)


def given(
    verdict: Verdict, known: Known, told: Told, *, name: str | None, language: str, news: News | None = None
) -> Values:
    """What is known beside the decision; what nobody knows is left out, and the words do without.

    What whoever acted said comes first, then rules, then facts, then the lender's own words. `news`: of an application.
    """
    message, today = verdict.message, _today(verdict.message, told)
    values: dict[str, Value] = {
        **lender_values().words(message.purpose, language),
        **{it: today + days for it, days in lender_values().days(message.purpose).items()},
        **(news.values(language, read_offered(settings.CONTENT)) if news else {}),
        **(_of_loan(told, known) if _is_hers_to_know(told) else {}),
    }
    for giver in GIVERS.values():
        values |= giver(message, known, told)
    for it, days in verdict.gives.items():
        # Of two days the later one, which is the person's.
        values[it] = max(today + days, _day(values.get(it)))
    told_with_it: Mapping[str, Value | list[str]] = message.occasion.get("values", {})
    values |= {it: _opened(value) for it, value in told_with_it.items()}
    if "stopped" in values:
        values["stopped"] = _channel_named(str(values["stopped"]), language)
    if name:
        values["first_name"] = name.split()[0]
    person = known.rows("borrowers", "borrower_id", message.person_id)
    if person and person[0]["officer_name"] and (message.channel in IN_PERSON or _have_met(message, known)):
        values["officer"] = str(person[0]["officer_name"])
    return values


def _have_met(message: Message, known: Known) -> bool:
    """Did somebody of ours visit her, or talk with her? A name in a list is no relation."""
    visits = known.rows("visits", "person_id", message.person_id)
    talks = known.rows("conversations", "person_id", message.person_id)
    return any(it["state"] == "done" for it in visits) or any(
        it["channel"] in (*IN_PERSON, None) and it["outcome"] not in NO_TALK for it in talks
    )


def _today(message: Message, told: Told) -> int:
    """Her own day on which the message leaves, which days that it names count from; while it waits, the day it is planned for."""
    return max(message.local_day, local_day(told.zone, told.number("at") or 0))


def _day(value: Value) -> int:
    return value if isinstance(value, int) else 0


def _is_hers_to_know(told: Told) -> bool:
    """A loan of which she may be told all: its currency was read. Of any other loan nothing is said."""
    return told.values.get("currency") is not None


def _of_loan(told: Told, known: Known) -> dict[str, Value]:
    """What the tables say of the loan, for those who may know it."""
    loan = told.text("subject")
    values: dict[str, Value] = {"balance": told.number("outstanding")}
    for row in known.rows("loans", "loan_id", loan):
        disbursed, closed = _whole(row["disbursed_on"]), _whole(row["closed_on"])
        values |= {
            "disbursed_amount": _whole(row["principal"]),
            "disbursed_on": disbursed,
            "closed_on": closed,
        }
    steps = known.rows("instalments", "loan_id", loan)
    if steps:
        values |= {"all_count": len(steps), "paid_count": sum(it["settled_on"] is not None for it in steps)}
    if told.text("purpose") == DIRECT_DEBIT:
        values |= {"debit_amount": told.number("next_due_amount"), "debit_on": told.number("next_due_on")}
    return {
        **values,
        **_of_promise(known, loan, told.text("borrower_id")),
        **_of_plan(known, loan, steps),
    }


def _of_promise(known: Known, loan: str, person: str) -> dict[str, Value]:
    """What she herself chose to pay, of the promise that runs."""
    running = [
        it
        for it in known.rows("promises", "loan_id", loan)
        if it["ended_at"] is None and it["person_id"] == person
    ]
    latest = max(running, key=lambda it: _whole(it["made_at"]) or 0, default=None)
    return {"promised_amount": _whole(latest["amount"])} if latest else {}


def _of_plan(known: Known, loan: str, steps: list[Row]) -> dict[str, Value]:
    """The running plan and its payments in the schedule; one amount is said only where all are the same."""
    running = [it for it in known.rows("plans", "loan_id", loan) if it["ended_at"] is None]
    plan = max(running, key=lambda it: _whole(it["from_on"]) or 0, default=None)
    start = _whole(plan["from_on"]) if plan else None
    if plan is None or start is None:
        return {}
    end = _whole(plan["until_on"])
    due = [(on, it) for it in steps if (on := _whole(it["due_on"])) is not None]
    within = sorted((on, _amount(it)) for on, it in due if on >= start and (end is None or on <= end))
    if not within:
        return {}
    amounts = {amount for _, amount in within}
    return {
        "plan_payments": len(within), "plan_from_on": within[0][0], "plan_until_on": within[-1][0],
        "plan_amount": amounts.pop() if len(amounts) == 1 else None,
    }  # fmt: skip


def loan_of(message: Message, known: Known, news: News | None = None) -> str:
    """The loan a message is about; for news of an application, the loan that follows from it, where that is sure."""
    if news is not None and news.loan_id:
        return news.loan_id
    steps = known.rows("milestones", "application_id", message.subject)
    mine = [it for it in steps if it["person_id"] == message.person_id]
    if not mine:
        return message.subject
    hers = known.rows("loans", "borrower_id", message.person_id)
    if any(it["loan_id"] == message.subject for it in hers):
        return message.subject
    product, since = mine[0]["product"], _agreed_on(message.subject, known)
    new = [it for it in hers if product and it["product"] == product and _is_new(it, since)]
    return str(new[0]["loan_id"]) if len(new) == 1 else message.subject


def _is_new(loan: Row, since: int | None) -> bool:
    paid_out = _whole(loan["disbursed_on"])
    return loan["closed_on"] is None and (paid_out is None or (since is not None and paid_out >= since))


def _agreed_on(application: str, known: Known) -> int | None:
    steps = known.rows("milestones", "application_id", application)
    said = [at for it in steps if it["step"] == "approved" and (at := _whole(it["at"])) is not None]
    return divmod(min(said), DAY)[0] if said else None


def terms(
    message: Message, known: Known, told: Told, *, templates: Templates, language: str
) -> FullTerms | None:
    """The loan's full terms, where the purpose tells them and she may know them."""
    template = templates.messages.get((message.purpose, language))
    if template is None or TERMS not in template.head.needs or not _is_hers_to_know(told):
        return None
    loan = told.text("subject")
    found = known.rows("loans", "loan_id", loan)
    if not found:
        return None
    agreed_on = _agreed_on(message.subject, known)
    return terms_of(
        found[0],
        known.rows("instalments", "loan_id", loan),
        lender_values().product(str(found[0]["product"] or "")),
        agreed_on=_today(message, told) if agreed_on is None else agreed_on,
        language=language,
        words=templates.closings[language].head.terms,
        method=rate_methods().method_in(_country_of(str(found[0]["borrower_id"]), known)),
    )


def _country_of(person: str, known: Known) -> str:
    rows = known.rows("borrowers", "borrower_id", person)
    return str(rows[0]["country"] or "") if rows else ""


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _amount(step: Row) -> int:
    return sum(_whole(step[part]) or 0 for part in ("principal", "interest", "fees"))


def _channel_named(channel: str, language: str) -> str:
    """A channel as people of a language name it."""
    words = telling.words()
    return words.languages[words.tag(language)].channels[channel].name


def _opened(value: Value | list[str]) -> Value:
    """A value as it was kept with the decision: what a person wrote is sealed there."""
    if isinstance(value, str):
        return opened_text(value)
    return tuple(value) if isinstance(value, list) else value
