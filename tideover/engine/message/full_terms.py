"""A loan's full terms in plain words: complete, or not told at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from tideover.engine.message.composed import Block
from tideover.engine.message.telling import Telling
from tideover.engine.message.templates import TermsWords

MILLION = 1_000_000


@dataclass(frozen=True)
class Charge:
    """A fee, charge or penalty by its name, with its amount in minor units and when it is asked."""

    name: str
    amount: int
    when: str


@dataclass(frozen=True)
class Payment:
    """One payment of the schedule: a day number and an amount in minor units."""

    on: int
    amount: int


@dataclass(frozen=True)
class FullTerms:
    """Everything a borrower must be told. None is unknown; an empty tuple says that there is no such charge."""

    principal: int | None = None
    rate_ppm: int | None = None
    effective_rate_ppm: int | None = None
    total_cost: int | None = None
    total: int | None = None
    fees: tuple[Charge, ...] | None = None
    charges: tuple[Charge, ...] | None = None
    withdrawal: str | None = None
    schedule: tuple[Payment, ...] | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """What is unknown, what contradicts itself, or a schedule without payments."""
        unknown = [it.name for it in fields(self) if getattr(self, it.name) in (None, "")]
        return (*unknown, *self._odd())

    def _odd(self) -> Iterator[str]:
        if self.schedule == ():
            yield "schedule"
        if self.schedule and self.total is not None and sum(it.amount for it in self.schedule) != self.total:
            yield "schedule that adds up to the total"


def terms_blocks(terms: FullTerms, telling: Telling, words: TermsWords) -> Iterator[Block]:
    """The terms as rows of a label and its value. The terms must be complete."""
    yield Block("heading", (telling.say(words.heading),))
    yield Block(
        "rows", tuple(f"{telling.say(label)}\t{value}" for label, value in _rows(terms, telling, words))
    )
    yield from _charged(words.fees, words.no_fees, terms.fees or (), telling)
    yield from _charged(words.charges, words.no_charges, terms.charges or (), telling)
    yield Block("paragraph", (f"{telling.say(words.withdrawal)} {telling.fenced(terms.withdrawal or '')}",))
    yield Block("heading", (telling.say(words.schedule),))
    paid = (f"{telling.day(it.on)}\t{_money(telling, it.amount)}" for it in terms.schedule or ())
    yield Block("rows", tuple(paid))


def _rows(terms: FullTerms, telling: Telling, words: TermsWords) -> Iterator[tuple[str, str]]:
    yield words.principal, _money(telling, terms.principal)
    yield words.rate, _rate(telling, terms.rate_ppm)
    yield words.effective_rate, _rate(telling, terms.effective_rate_ppm)
    yield words.total_cost, _money(telling, terms.total_cost)
    yield words.total, _money(telling, terms.total)
    yield words.payments, telling.number(len(terms.schedule or ()))


def _charged(label: str, none: str, charges: tuple[Charge, ...], telling: Telling) -> Iterator[Block]:
    if not charges:
        yield Block("paragraph", (telling.say(none),))
        return
    yield Block("heading", (telling.say(label),))
    yield Block(
        "rows",
        tuple(
            f"{telling.fenced(it.name)} ({telling.fenced(it.when)})\t{_money(telling, it.amount)}"
            for it in charges
        ),
    )


def _money(telling: Telling, amount: int | None) -> str:
    """An amount; nothing to pay is written as 0, for a gap in full terms would be a hole."""
    return telling.amount(amount or 0) or telling.number(0)


def _rate(telling: Telling, ppm: int | None) -> str:
    """A rate of a year in per cent, with all its decimals and none too many."""
    return telling.per_cent(ppm or 0)
