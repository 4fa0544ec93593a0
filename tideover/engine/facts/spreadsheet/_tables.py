"""The tables of the contract that a spreadsheet fills, as its mapping says them."""

from __future__ import annotations

from ._shape import DAYS_BETWEEN, Said, Shape

_FREQUENCY = " else ".join(
    [*(f"'{name}' if step_days == {days}" for name, days in DAYS_BETWEEN.items()), "None"]
)


def tables(shape: Shape) -> Said:
    """All tables this sheet can fill."""
    people = shape.picked(
        borrower_id="person", language="language", country="country", branch="branch",
        officer_name="officer", joined_on="disbursed_on",
    )  # fmt: skip
    loans = shape.picked(
        loan_id="loan_id",
        borrower_id="person",
        product="product",
        principal="principal",
        disbursed_on="disbursed_on",
    )
    loans["kind"] = {"value": "instalment"}
    if shape.by_terms:
        loans["frequency"] = _FREQUENCY
    if shape.has("status") and not shape.by_instalment:
        loans["closed_on"] = "known_on if is_over else None"
    tables: Said = {
        "borrowers": _table("people", people, "since", "the first row of the person"),
        "loans": _table("loans", loans, "since", "the day the money was paid out, or the day of the sheet"),
    }
    if shape.by_instalment or shape.by_terms:
        tables["instalments"] = _instalments(shape)
    if shape.has_standing:
        tables["standings"] = _standings(shape)
    if shape.has_payments:
        tables["payments"] = _payments()
    if shape.has("phone") or shape.has("email"):
        tables["contact_points"] = _contact_points(shape)
    tables["feeds"] = _feeds()
    return tables


def _table(frame: str, columns: Said, recorded_at: str, because: str) -> Said:
    return {"from": frame, "columns": columns, "versions": [{"recorded_at": recorded_at, "because": because}]}


def _instalments(shape: Shape) -> list[Said]:
    columns: Said = {"loan_id": "loan_id", "number": "number", "due_on": "due_on", "paid": 0}
    columns["principal"] = "due_amount" if shape.by_instalment else "principal_due"
    if shape.by_terms:
        columns["interest"] = "interest_due"
    agreed: Said = {"recorded_at": "since", "because": "the schedule is agreed with the loan"}
    if shape.has_payments:
        paid: Said = {**columns, "paid": "paid", "settled_on": "settled_on"}
        return [
            {"from": "parts", "columns": columns, "versions": [agreed]},
            _table("reached", paid, "at", "a payment is known at the end of its day"),
        ]
    if shape.by_instalment:
        return [{"from": "parts", "columns": columns, "versions": _versions_of_rows(shape, agreed)}]
    now: Said = {**columns, "paid": "coalesce(paid_now, 0)", "settled_on": "settled"}
    return [
        _table(
            "parts_now",
            now,
            "start_of(known_on)",
            "only the sum that was paid is known, and only on the day of the sheet",
        )
    ]


def _versions_of_rows(shape: Shape, agreed: Said) -> list[Said]:
    day = (
        "coalesce(paid_on, smallest(due_on, known_on))"
        if shape.has("paid_on")
        else "smallest(due_on, known_on)"
    )
    paid: Said = {
        "recorded_at": "paid_at",
        "when": "paid_now > 0",
        "because": "a payment is known at the end of its day, or on the day of the sheet",
        "columns": {"paid": "paid_now", "settled_on": f"{day} if paid_now >= due_amount else None"},
    }
    return [{**agreed, "when": "since < paid_at or paid_now == 0"}, paid]


def _standings(shape: Shape) -> Said:
    late = "days_late" if shape.has("days_late") else "1 if overdue > 0 else 0"
    columns: Said = {"loan_id": "loan_id", "on": "known_on", "days_late_from": f"coalesce({late}, 0)"}
    columns["days_late_to"] = (
        "coalesce(days_late, 0)" if shape.has("days_late") else "36500 if overdue > 0 else 0"
    )
    columns |= {field: field for field in ("overdue", "balance") if shape.has(field)}
    return _table("loans", columns, "start_of(known_on)", "the sheet says how loans stand on its day")


def _payments() -> Said:
    columns: Said = {
        "payment_id": "concat(loan_id, '/', __row)",
        "loan_id": "loan_id",
        "paid_at": "paid_at",
        "amount": "paid",
        "state_at": "paid_at",
    }
    return _table("payments", columns, "paid_at", "a payment is known at the end of its day")


def _contact_points(shape: Shape) -> Said:
    """A telephone is one address for texts and calls."""
    ways = (("sms", "phone"), ("call", "phone"), ("email", "email"))
    rows = [{"channel": {"value": one}, "address": f"{field}_key"} for one, field in ways if shape.has(field)]
    columns: Said = {
        "contact_point_id": "concat(person, '/', channel)",
        "person_id": "person",
        "channel": "channel",
        "address_id": "address",
        "state": {"value": "ok"},
        "in_contract": True,
        "since": "since",
    }
    steps: list[Said] = [{"unpivot": {"rows": rows}}, {"where": "address is not None"}]
    return {**_table("people", columns, "since", "in the sheet with the person"), "steps": steps}


def _feeds() -> Said:
    """Whatever was paid stands with its day, so the sheet is complete for every day up to its own."""
    steps: list[Said] = [{"totals": {"by": [], "take": {"rows": {"count": "loan_id"}}}}]
    columns: Said = {"name": {"value": "payments"}, "fresh_until": "end_of(known_on)"}
    always = "start_of(day('1970-01-02'))"
    return {**_table("loans", columns, always, "the sheet holds every payment up to its day"), "steps": steps}
