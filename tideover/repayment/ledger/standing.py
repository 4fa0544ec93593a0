"""How a loan's money stands, as a pure function of everything told about it. The order of telling does not matter."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tideover.repayment.ledger import pouring, rest_days
from tideover.repayment.ledger.accounts import account
from tideover.repayment.ledger.orders import Order, order_of
from tideover.repayment.ledger.pouring import PARTS, Step

MATCHED_TO_NOTHING: Mapping[str, object] = {"across": "instalments", "parts": list(PARTS), "early": "ahead"}


@dataclass(frozen=True)
class Said:
    """One thing told about money, apart from any database. `payment` is the number of a payment, 0 for none."""

    kind: str
    happened_at: datetime
    at: datetime
    payment: int = 0
    amount: int = 0
    way: str = ""
    because: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PaymentStands:
    """What became of one payment. `counts` is the part of it that pays for something now, in minor units."""

    payment: int
    came: int
    """What came in, or is on its way; less what was refunded."""

    counts: int
    way: str
    paid_at: datetime
    confirmed_at: datetime | None
    taken_back_at: datetime | None
    early: str
    unexplained: int

    @property
    def state(self) -> str:
        """on_its_way, booked or taken_back."""
        if self.taken_back_at is not None:
            return "taken_back"
        return "booked" if self.confirmed_at else "on_its_way"


@dataclass(frozen=True)
class Standing:
    """A loan's money: the balance of every account, its schedule, its payments."""

    balances: Mapping[str, int]
    steps: Sequence[Step]
    payments: Mapping[int, PaymentStands]
    credit: int
    order: Order
    written_off: bool = False


def stand(told: Iterable[Said], *, is_loan: bool = True) -> Standing:
    """Where everything told leads. Money told about no loan (`is_loan` False) stays in suspense."""
    every = sorted(told, key=lambda it: it.at)
    payments = {it.payment: it for it in _payments(every)}
    opened = next((it for it in reversed(every) if it.kind == "opened"), None)
    base: Mapping[str, Any] = (
        opened.detail if opened else {"steps": [], "counted": {}, "order": MATCHED_TO_NOTHING}
    )
    order = order_of(base["order"])
    steps, waived = _schedule(every, opened)
    poured = _Poured(steps, order, base, payments, counted_in(every, base))
    return _told(every, poured, waived, payments, is_loan=is_loan)


class _Poured:
    """The schedule after all money went over it."""

    def __init__(
        self, steps: list[Step], order: Order, base: Mapping[str, Any], payments: Mapping[int, PaymentStands],
        counted: Mapping[int, int],
    ) -> None:  # fmt: skip
        self.steps, self.order = steps, order
        self.rate_ppm, self.began_on = terms_of(base)
        before = {int(it["number"]): int(it["paid"]) for it in base["steps"]}
        self.paid_before = sum(before.values()) - sum(counted.values())
        beyond = pouring.fill(steps, before, order)
        self.undone = sum(
            max(amount - payments[it].counts, 0) for it, amount in counted.items() if it in payments
        )
        self.short = pouring.take_back(steps, max(self.undone - beyond, 0), order)
        self.credit = 0
        self._rest(max(beyond - self.undone, 0), payments, counted)
        for it in steps:
            it.settled_on = None if it.left else it.settled_on or it.ended_on

    def _rest(self, beyond: int, payments: Mapping[int, PaymentStands], counted: Mapping[int, int]) -> None:
        self._pour(beyond, min((it.due_on for it in self.steps), default=date.min), "")
        # Never by the order in which we heard of them: payments that are alike in all of this are alike in their effect.
        for it in sorted(payments.values(), key=lambda it: (it.paid_at, it.early, it.counts)):
            self._pour(max(it.counts - counted.get(it.payment, 0), 0), it.paid_at.date(), it.early)

    def _pour(self, amount: int, on: date, early: str) -> None:
        if amount <= 0:
            return
        self.credit += pouring.pour_as(
            self.steps, amount, early, on=on, order=self.order, rate_ppm=self.rate_ppm, began_on=self.began_on
        )


def counted_in(every: Iterable[Said], base: Mapping[str, Any]) -> dict[int, int]:
    """How much of each payment the schedule has as paid already, as its opening says or whoever took the payment up."""
    counted = {int(it): int(amount) for it, amount in base["counted"].items()}
    for it in every:
        if it.kind == "booked" and "within" in it.detail:
            counted.setdefault(it.payment, int(it.detail["within"]))
    return counted


def terms_of(opening: Mapping[str, Any]) -> tuple[int | None, date | None]:
    """The rate a year in parts per million, and the day the money was paid out, as the opening kept them."""
    rate, began = opening.get("rate_ppm"), opening.get("began_on")
    return (None if rate is None else int(rate)), (date.fromisoformat(began) if began else None)


def _payments(every: Sequence[Said]) -> Iterable[PaymentStands]:
    by_payment: defaultdict[int, list[Said]] = defaultdict(list)
    for it in every:
        if it.payment and it.kind != "matched":
            by_payment[it.payment].append(it)
    for number, told in by_payment.items():
        found = _payment(number, told)
        if found:
            yield found


def _payment(number: int, told: Sequence[Said]) -> PaymentStands | None:
    """Where the set of what was told about a payment leads; None while nobody has said that there is one."""
    first: dict[str, Said] = {}
    for it in sorted(told, key=lambda it: (it.happened_at, it.at)):
        first.setdefault(it.kind, it)
    booked, main = first.get("booked"), first.get("booked") or first.get("announced")
    if main is None:
        return None
    refunded = sum(it.amount for it in told if it.kind == "refunded")
    back = min(
        (first[kind].happened_at for kind in ("reversed", "charged_back") if kind in first), default=None
    )
    came = max(main.amount - refunded, 0)
    if booked and not came and back is None:
        came, back = main.amount, max(it.happened_at for it in told if it.kind == "refunded")
    # A payment that bounced never was: what was refunded of it went out of our own pocket.
    missing = refunded if "reversed" in first and booked else max(refunded - main.amount, 0) if booked else 0
    return PaymentStands(
        number, came, came if booked and back is None else 0, main.way, main.happened_at,
        booked.at if booked else None, max(back, main.happened_at) if back else None,
        str(main.detail.get("early", "")), missing,
    )  # fmt: skip


def _schedule(every: Sequence[Said], opened: Said | None) -> tuple[list[Step], Counter[str]]:
    """The instalments as last agreed, with what was charged and let go since; and what was let go in all, by part."""
    since = every[every.index(opened) + 1 :] if opened else list(every)
    rows, waived = list(opened.detail["steps"]) if opened else [], Counter[str]()
    for it in since:
        if it.kind == "rescheduled":
            rows = list(it.detail["steps"])
    steps = [_step(it) for it in rows]
    last = max((place for place, it in enumerate(since) if it.kind == "rescheduled"), default=-1)
    _rest(steps, since, last, opened)
    by_number = {it.number: it for it in steps}
    for place, it in enumerate(since):
        for number, part, amount in it.detail.get("parts", ()) if it.kind in ("waived", "charged") else ():
            if place <= last:
                waived[part] += amount if it.kind == "waived" else 0
            else:
                # What rests since it was let go is let go no more: nothing is owed below nothing.
                let_go = min(amount, by_number[number].due[part])
                by_number[number].due[part] += amount if it.kind == "charged" else -let_go
                waived[part] += let_go if it.kind == "waived" else 0
                if it.kind == "waived":
                    by_number[number].ended_on = by_number[number].ended_on or it.happened_at.date()
    return steps, waived


def _rest(steps: list[Step], since: Sequence[Said], last: int, opened: Said | None) -> None:
    """Days that rest, as told last. A schedule that was agreed since is what was agreed; later days of it may rest."""
    told = next((it for it in reversed(since[last + 1 :]) if it.kind == "rested"), None)
    if told is None:
        return
    ranges = rest_days.ranges_of(told.detail["days"])
    if last >= 0:
        ranges = rest_days.from_day_on(ranges, since[last].at.date())
    rest_days.let_rest(steps, ranges, began_on=terms_of(opened.detail)[1] if opened else None)


def _step(row: Mapping[str, Any]) -> Step:
    settled = row.get("settled_on")
    return Step(
        int(row["number"]), date.fromisoformat(row["due_on"]), {part: int(row[part]) for part in PARTS},
        ended_on=date.fromisoformat(settled) if settled else None,
    )  # fmt: skip


def _told(
    every: Sequence[Said],
    poured: _Poured,
    waived: Counter[str],
    payments: Mapping[int, PaymentStands],
    *,
    is_loan: bool,
) -> Standing:
    steps, balances = poured.steps, Counter[str]()
    for it in steps:
        for part in PARTS:
            balances[part] += it.open(part)
    for name, part in (("lent", "principal"), ("interest_income", "interest"), ("fee_income", "fees")):
        balances[name] = -sum(it.due[part] for it in steps) - waived[part]
        balances["waived"] += waived[part]
    balances["paid_before"] += poured.paid_before
    balances["unexplained"] += poured.short
    _money(payments.values(), balances)
    credit = _returned(every, poured.credit, balances)
    # Where no schedule is kept, as with a card, money that no instalment takes is nobody's credit.
    balances["customer_credit" if steps else "unallocated" if is_loan else "suspense"] -= credit
    is_written_off = any(it.kind == "written_off" for it in every)
    if is_written_off:
        for part in PARTS:
            balances["written_off"] += balances.pop(part, 0)
    kept = {name: amount for name, amount in balances.items() if amount}
    return Standing(kept, steps, payments, credit if steps else 0, poured.order, is_written_off)


def _money(payments: Iterable[PaymentStands], balances: Counter[str]) -> None:
    for it in payments:
        if it.state == "on_its_way":
            balances[account("in_transit", it.way)] += it.came
            balances["announced"] -= it.came
        balances[account("cash", it.way)] += it.counts - it.unexplained
        balances["unexplained"] += it.unexplained


def _returned(every: Sequence[Said], credit: int, balances: Counter[str]) -> int:
    """Credit that went back to the customer; what went back and was later missing has to be asked about."""
    asked = sum(it.amount for it in every if it.kind == "credit_returned")
    balances["unexplained"] += max(asked - credit, 0)
    balances["refunds_payable"] -= asked
    for it in every:
        if it.kind == "paid_out":
            balances["refunds_payable"] += it.amount
            balances[account("cash", it.way)] -= it.amount
    return max(credit - asked, 0)
