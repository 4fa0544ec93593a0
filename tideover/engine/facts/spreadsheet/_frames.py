"""From the rows of a sheet to loans, people, instalments and payments: the frames of its mapping."""

from __future__ import annotations

from ._shape import DAYS_BETWEEN, Said, Shape
from ._vocabulary import plain, vocabulary


def frames(shape: Shape) -> Said:
    """All frames, in the order in which they build on each other."""
    again = "a further instalment of the loan" if shape.by_instalment else "the loan stands there twice"
    people = _first(["person"], ["since", "__row"], "another row of the same person")
    made: Said = {
        "rows": {"from": "loans_sheet", "steps": [{"set": _row_values(shape)}, {"set": _since(shape)}]},
        "loans": {"from": "rows", "steps": [_first(["loan_id"], ["__row"], again)]},
        "people": {"from": "rows", "steps": [people]},
    }
    if shape.by_terms:
        made |= _frames_of_terms(shape)
    if shape.by_instalment:
        made["parts"] = _frame_of_instalments(shape)
    if shape.has_payments:
        made |= _frames_of_payments(shape)
    elif shape.by_terms:
        made |= _frames_of_paid(shape)
    return made


def _row_values(shape: Shape) -> Said:
    """Amounts in the currency, whether the loan is over, days between instalments."""
    values: Said = {}
    values |= {
        field: f"{field} * {one.times}"
        for field, one in shape.confirmed.loans.columns.items()
        if one.times > 1
    }
    if shape.has("status"):
        values["is_over"] = f"coalesce(status in {[plain(word) for word in vocabulary().over]!r}, False)"
    values["step_days"] = DAYS_BETWEEN[shape.confirmed.frequency]
    if shape.has("frequency"):
        cases = [
            f"{days} if frequency in {[plain(word) for word in words]!r}"
            for days, words in vocabulary().frequencies.items()
        ]
        values["step_days"] = " else ".join([*cases, str(DAYS_BETWEEN[shape.confirmed.frequency])])
    return values


def _since(shape: Shape) -> Said:
    """A row is known since the money left, where the sheet says when; never later than the sheet itself."""
    day = "coalesce(smallest(disbursed_on, known_on), known_on)" if shape.has("disbursed_on") else "known_on"
    return {"since": f"start_of({day})"}


def _first(by: list[str], order: list[str], because: str) -> Said:
    return {"distinct": {"by": by, "first_by": order, "because": because}}


def _frame_of_instalments(shape: Shape) -> Said:
    """One row an instalment, numbered by the sheet or by due day. A day of payment alone means all of it."""
    all_of_it = " else ".join(
        [
            *(["due_amount if is_over"] if shape.has("status") else []),
            *(["due_amount if paid_on is not None"] if shape.has("paid_on") else []),
            "0",
        ]
    )
    paid = f"coalesce(paid, {all_of_it})" if shape.has("paid") else all_of_it
    at = "end_of(paid_on) if paid_on is not None and paid_on < known_on else start_of(known_on)"
    steps: list[Said] = [
        {
            "set": {
                "paid_now": paid,
                "paid_at": f"greatest({at if shape.has('paid_on') else 'start_of(known_on)'}, since)",
            }
        },
    ]
    if not shape.has("number"):
        steps.append({"number": {"by": ["loan_id"], "order": ["due_on", "__row"], "as": "number"}})
    return {"from": "rows", "steps": steps}


def _frames_of_terms(shape: Shape) -> Said:
    total = "coalesce(instalment * count, principal)" if shape.has("instalment") else "principal"
    interest = "coalesce(interest, 0)" if shape.has("interest") else f"greatest({total} - principal, 0)"
    steps: list[Said] = []
    anchor: Said = {"starts_on": "disbursed_on"}
    if shape.has("first_due_on"):
        anchor = {"first_due_on": "first_due_on"}
    if shape.has("first_due_on", "disbursed_on"):
        by_terms = "add_months(disbursed_on, 1) if step_days == 0 else disbursed_on + step_days"
        steps = [{"set": {"first_due_on": f"coalesce(first_due_on, {by_terms})"}}]
    terms: Said = {"count": "count", **anchor, "principal": "principal", "interest": interest}
    by_month: list[Said] = [{"where": "step_days == 0"}, {"schedule": {**terms, "every": {"months": 1}}}]
    by_days: list[Said] = [
        {"where": "step_days > 0"},
        {"schedule": {**terms, "every": {"days": "step_days"}}},
    ]
    return {
        "by_month": {"from": "loans", "steps": [*steps, *by_month]},
        "by_days": {"from": "loans", "steps": [*steps, *by_days]},
        "parts": {"from": ["by_month", "by_days"]},
    }


def _frames_of_payments(shape: Shape) -> Said:
    stray: Said = {
        "when": "of_loan is None",
        "because": "a payment of a loan that is not in the sheet of loans",
    }
    columns = shape.confirmed.payments.columns if shape.confirmed.payments else {}
    times = columns["paid"].times if "paid" in columns else 1
    steps: list[Said] = [
        {"join": {"with": "loans", "on": ["loan_id"], "take": {"of_loan": "loan_id"}}},
        {"set_aside": [stray]},
        {"set": {"paid": f"paid * {times}", "paid_at": "end_of(smallest(paid_on, known_on))"}},
    ]
    return {
        "payments": {"from": "payments_sheet", "steps": steps},
        "reached": {
            "from": "parts",
            "steps": [{"allocate": _allocation(shape, "payments", "paid", "paid_at")}],
        },
    }


def _frames_of_paid(shape: Shape) -> Said:
    """Of what was paid in all only the sum is known. It reaches the oldest parts; each counts as paid on its day."""
    total = "paid" if shape.has("paid") else "due_in_all - balance"
    if shape.has("status"):
        total = f"due_in_all if is_over else {total}"
    own = [
        field
        for field in ("paid", "balance", "status", "is_over")
        if shape.has(field) or (field == "is_over" and shape.has("status"))
    ]
    sums: Said = {"by": ["loan_id"], "take": {"due_in_all": {"sum": "due"}}}
    settled = "smallest(due_on, known_on) if is_settled is not None else None"
    reached: Said = {
        "with": "reached",
        "on": ["loan_id", "number"],
        "take": {"paid_now": "paid", "is_settled": "settled_on"},
    }
    return {
        "dues": {"from": "parts", "steps": [{"set": {"due": shape.due}}, {"totals": sums}]},
        "paid_in_all": {
            "from": "dues",
            "steps": [
                {"join": {"with": "loans", "on": ["loan_id"], "take": own}},
                {"set": {"paid_total": total, "paid_at": "start_of(known_on)"}},
                {"where": "paid_total is not None"},
            ],
        },
        "reached": {
            "from": "parts",
            "steps": [{"allocate": _allocation(shape, "paid_in_all", "paid_total", "paid_at")}],
        },
        "parts_now": {"from": "parts", "steps": [{"join": reached}, {"set": {"settled": settled}}]},
    }


def _allocation(shape: Shape, payments: str, amount: str, at: str) -> Said:
    order = ["due_on", "number"]
    return {
        "payments": payments,
        "by": "loan_id",
        "amount": amount,
        "at": at,
        "due": shape.due,
        "order": order,
    }
