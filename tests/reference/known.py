"""What was known at a moment: of each row the latest version, and no end that still lay ahead.

Tables are lists of plain dicts in engine units: days since 1970, seconds since 1970 UTC, money in minor units.
"""

DAY = 86_400

KEYS = {
    "borrowers": ["borrower_id"],
    "locations": ["borrower_id", "source", "since"],
    "parties": ["loan_id", "person_id", "role"],
    "loans": ["loan_id"],
    "instalments": ["loan_id", "number"],
    "standings": ["loan_id", "on"],
    "payments": ["payment_id"],
    "contact_points": ["contact_point_id"],
    "consents": ["person_id", "channel", "purpose_class"],
    "preferences": ["person_id", "name"],
    "holds": ["hold_id"],
    "contacts": ["contact_id"],
    "contact_topics": ["contact_id", "loan_id"],
    "conversations": ["conversation_id"],
    "responses": ["contact_id", "kind", "at"],
    "promises": ["promise_id"],
    "plans": ["plan_id"],
    "milestones": ["application_id", "step"],
    "interests": ["person_id", "product", "kind", "at"],
    "lateness_reasons": ["person_id", "loan_id", "need", "told_at"],
    "lessons_done": ["person_id", "what", "at"],
    "survey_answers": ["person_id", "what", "at"],
    "complaints": ["complaint_id"],
    "visits": ["visit_id"],
    "feeds": ["name"],
}
"""Every table the decision reads, and what tells its rows apart."""

ENDS_AT = {
    "locations": ["until"],
    "parties": ["until_at"],
    "payments": ["state_at", "reversed_at"],
    "contact_points": ["verified_at", "until"],
    "consents": ["withdrawn_at"],
    "holds": ["until_at"],
    "promises": ["ended_at"],
    "plans": ["ended_at"],
    "complaints": ["closed_at"],
}
"""Moments that end something: nobody knew them before they came."""

ENDS_ON = {"loans": ["closed_on"], "instalments": ["settled_on"]}
"""Days that end something. A day is known once its UTC day has begun."""

TOLD_BY_THE_END = {"promises": ("ended_at", ["end", "kept_amount"]), "plans": ("ended_at", ["end"])}


def known_at(book, at):
    """The tables as they were known at that moment; a table that is missing reads as empty."""
    return {name: _known(name, book.get(name, []), at) for name in KEYS}


def _known(name, rows, at):
    latest = {}
    for row in rows:
        if row["recorded_at"] > at:
            continue
        key = tuple(row[part] for part in KEYS[name])
        if key not in latest or row["recorded_at"] > latest[key]["recorded_at"]:
            latest[key] = row
    return [_without_later_ends(name, dict(row), at) for row in latest.values()]


def _without_later_ends(name, row, at):
    for column in ENDS_AT.get(name, []):
        if row[column] is not None and row[column] > at:
            row[column] = None
    for column in ENDS_ON.get(name, []):
        if row[column] is not None and row[column] > at // DAY:
            row[column] = None
    if name in TOLD_BY_THE_END:
        end, told = TOLD_BY_THE_END[name]
        for column in told:
            if row[end] is None:
                row[column] = None
    return row
