"""Situations that people ask about, read from situations.yaml: each a decision with what was known."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import yaml

from tideover.engine.message import Told
from tideover.kit.days import day_of

FILE = Path(__file__).parent / "situations.yaml"
RIGA = 2 * 3600  # seconds ahead of UTC in winter


def moment(text: str) -> int:
    """Epoch seconds of a local time in Riga, such as "2026-03-06 10:00"."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) - RIGA


def day(text: str) -> int:
    return day_of(date.fromisoformat(text))


ROW = {
    "decision_id": "P1.1772784000.0a1b2c3d4e5f",
    "borrower_id": "P1",
    "at": moment("2026-03-06 10:00"),
    "treatment": "none",
    "language": "en",
    "reasons": "nothing_useful_to_say",
    "blocked_by": "",
    "next_review_at": moment("2026-03-10 02:00"),
    "cost": 0,
    "arm": "treated",
    "leaf": "spotless/current",
    "strategy_hash": "0a1b2c3d4e5f60718293",
    "rules_hash": "1b2c3d4e5f60718293a4",
    "tables_hash": "2c3d4e5f60718293a4b5",
    "content_hash": "3d4e5f60718293a4b5c6",
    "engine_version": "1",
}
SPOKEN = {
    "treatment": "contact",
    "step": "due",
    "subject": "L1",
    "channel": "email",
    "send_at": moment("2026-03-06 18:20"),
    "use_by": moment("2026-03-09 10:00"),
    "tone": "warm",
    "eligible": "1010000/1/1/110",
    "propensity": 412,
    "next_review_at": moment("2026-03-07 02:00"),
}
KNOWN = {
    "timezone": "Europe/Riga",
    "jurisdiction": "lv",
    "currency": "EUR",
    "own_holds": "",
    "past_payments": 14,
    "late_before": 0,
    "days_past_due": 0,
    "overdue": 0,
    "next_due_on": day("2026-03-09"),
    "next_due_amount": 12_050,
    "days_to_due": 3,
    "last_payment_on": day("2026-03-04"),
    "last_payment_amount": 12_050,
    "in_difficulty": False,
    "has_support_need": False,
    "hard_reasons": 0,
}
LATE = {
    "days_past_due": 12,
    "overdue": 12_050,
    "overdue_instalments": 1,
    "oldest_overdue_on": day("2026-02-22"),
    "next_due_on": day("2026-03-22"),
}


def situations() -> dict[str, Told]:
    """All of them, by name."""
    return {name: _told(written) for name, written in yaml.safe_load(FILE.read_text("utf-8")).items()}


def silence(*reasons: str, blocked: tuple[str, ...] = (), **known: object) -> Told:
    """Silence for these reasons."""
    return Told(
        {**ROW, "reasons": ",".join(reasons), "blocked_by": ",".join(blocked)}, values={**KNOWN, **known}
    )


def contact(purpose: str, *reasons: str, **row: object) -> Told:
    """A contact for these reasons."""
    given = {**ROW, **SPOKEN, "purpose": purpose, "message": purpose, "reasons": ",".join(reasons), **row}
    return Told(given, values=KNOWN)


def _told(written: dict) -> Told:
    row = {name: _plain(value) for name, value in written.get("row", {}).items()}
    blocked = tuple(written.get("blocked", ()))
    told = (
        silence(*written["silence"])
        if "silence" in written
        else contact(written["contact"], *written["because"])
    )
    told = replace(told, row={**told.row, "blocked_by": ",".join(blocked), **row}, values=_values(written))
    about = range(1, written.get("topics", 1) + 1) if "contact" in written else ()
    topics = tuple(
        {"subject": f"L{i}", "occasion": written["contact"], "is_main": int(i == 1)} for i in about
    )
    sent_at = SPOKEN["send_at"] if written.get("sent") else None
    return replace(told, topics=topics, offers=tuple(written.get("offers", ())), sent_at=sent_at)


def _values(written: dict) -> dict:
    if written.get("known") == "nothing":
        return dict.fromkeys(KNOWN)
    own = {name: _plain(value) for name, value in written.get("known", {}).items()}
    return {**KNOWN, **(LATE if written.get("late") else {}), **own}


def _plain(value: object) -> object:
    """Days and moments as the numbers that the engine keeps."""
    if isinstance(value, date):
        return day_of(value)
    is_moment = isinstance(value, str) and len(value) == 16 and value[10] == " "
    return moment(value) if is_moment else value
