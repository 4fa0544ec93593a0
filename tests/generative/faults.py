"""Ways to break the engine, one at a time: an insight, a limit, a table, and five mistakes that people really make.

Each takes a monkeypatch and a case, and gives the case as the broken engine sees it. The reference keeps the whole one.
"""

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace

import narwhals as nw

from tideover.engine.arithmetic import flag, holds, number
from tideover.engine.decision import candidates, flow
from tideover.engine.insight._define import REGISTRY, ROWS, Level
from tideover.kit.calendars import Window

Fault = Callable[[object, object], object]
PERSON, LOAN = Level.PERSON, Level.LOAN
DECIDE = sys.modules["tideover.engine.decision.decide"]
"""The module; the package calls its verb by the same name."""


def insight(level: Level, name: str, change: Callable) -> Fault:
    """An insight made otherwise: `change` gets its expression and what it needs."""

    def broken(patch, case):
        whole = REGISTRY[level, name]
        made = replace(whole, make=lambda *needs: change(whole.make(*needs), *needs))
        patch.setitem(REGISTRY, (level, name), made)
        patch.setitem(case.strategy.names.registry, (level, name), made)
        return case

    return broken


def on_rows(table: str, name: str, change: Callable) -> Fault:
    """A column of a table's rows made otherwise."""

    def broken(patch, case):
        whole = ROWS[table, name]
        patch.setitem(
            ROWS, (table, name), replace(whole, make=lambda *needs: change(whole.make(*needs), *needs))
        )
        return case

    return broken


def rules(change: Callable) -> Fault:
    """Other rule tables: `change` gets the whole ones and gives what is to be replaced."""
    return lambda patch, case: replace(case, rules=replace(case.rule_tables, **change(case.rule_tables)))


def caps(change: Callable) -> Fault:
    """Each cap made otherwise."""
    return rules(lambda whole: {"caps": [{**cap, **change(cap)} for cap in whole.caps]})


def cells(**known: object) -> Fault:
    """Every cell with another value."""
    return rules(lambda whole: {"cells": [{**cell, **known} for cell in whole.cells]})


def published(**more: int) -> Fault:
    """Every leaf with some weights moved."""

    def broken(patch, case):
        leaves = {
            leaf: {name: value + more.get(name, 0) for name, value in row.items()}
            for leaf, row in case.tables.leaves.items()
        }
        return replace(case, tables=replace(case.tables, leaves=leaves))

    return broken


def _earlier(window: Window) -> Window:
    return Window.of(
        {day: [(max(0, opens - 60), closes) for opens, closes in window[day]] for day in range(7)}
    )


def _windows(change: Callable) -> Fault:
    return rules(lambda whole: {"windows": {key: change(it) for key, it in whole.windows.items()}})


def _payments_stale(patch, case):
    patch.setattr(DECIDE, "payments_stale", lambda facts: True)
    return case


NOBODY = nw.lit(None, nw.String)

FAULTS: Mapping[str, Fault] = {
    # insights
    "lateness counts a day more": insight(LOAN, "days_past_due", lambda it, *_: it + 1),
    "due today is overdue": on_rows("instalments", "is_overdue", lambda it, due, today, left: holds((due <= today) & (left > 0))),
    "a second slip is a first one": insight(PERSON, "first_slip", lambda it, spotless, late: holds(spotless & (late >= 1))),
    "late once is often": insight(PERSON, "often_late", lambda it, late, past: holds((late >= 1) & (past >= 3))),
    "two payments are a history": insight(PERSON, "spotless", lambda it, late, past: holds((late == 0) & (past >= 2))),
    "the next due day is a day nearer": insight(LOAN, "days_to_due", lambda it, *_: it - 1),
    "closed loans stay open": insight(LOAN, "is_open", lambda it, *_: nw.lit(True)),
    "a payment is soon forgotten": insight(LOAN, "recently_paid", lambda it, days: holds(days <= 2)),
    "a promise never ends": on_rows("promises", "is_running", lambda it, ended, made, at: holds(made <= at)),
    "a told reason is not heard": insight(PERSON, "in_difficulty", lambda it, held, told: holds(held > 0)),
    "a support need is not seen": insight(PERSON, "has_support_need", lambda it, *_: nw.lit(False)),
    "whoever refuses is studied": insight(PERSON, "do_not_study", lambda it, *_: nw.lit(False)),
    "a talk is a day older": insight(PERSON, "days_since_conversation", lambda it, *_: it + 1),
    "a refusal is not heard": on_rows("consents", "said", lambda it, *needs: flag(needs[0] <= needs[3]) * needs[2]),
    "a bounced address works": on_rows("contact_points", "works", lambda it, *_: number(2)),
    "a lifted hold lasts": on_rows("holds", "is_active", lambda it, since, until, at: holds(since.is_null() | (since <= at))),
    "the wrong segment": insight(PERSON, "habit_segment", lambda it, *_: nw.lit("sometimes")),
    "nothing happens next": insight(PERSON, "next_event_on", lambda it, *_: it + 1),
    "a wished channel is forgotten": insight(PERSON, "wished_channels", lambda it, *_: NOBODY),
    "wished hours are forgotten": insight(PERSON, "wished_hours", lambda it, *_: NOBODY),
    "a shared phone is private": insight(PERSON, "shares_phone", lambda it, *_: it * 0),
    # limits
    "one contact more a day": caps(lambda cap: {"n": cap["n"] + 1} if cap["cap_id"] == "default_budget_day" else {}),
    "a cap lets go a second early": caps(lambda cap: {"period_seconds": cap["period_seconds"] - 1}),
    "no rest after a talk": rules(lambda whole: {"cooldowns": []}),
    "a rest ends a day early": rules(
        lambda whole: {"cooldowns": [{**it, "seconds": it["seconds"] - 86_400} for it in whole.cooldowns]}
    ),
    "hours begin an hour early": _windows(lambda it: replace(it, window=_earlier(it.window))),
    "holidays are working days": _windows(lambda it: replace(it, holidays=False)),
    "conditional bans are gone": rules(lambda whole: {"bans_when": ()}),
    "no consent is needed": cells(consent_by=None),
    "any address will do": cells(contract_by=None),
    "a ban nobody wrote": cells(banned_by="nobody"),
    "a duty is forgotten": rules(lambda whole: {"duties": tuple(it for it in whole.duties if it.id != "lv_first_notice")}),
    "a duty has a day more": rules(lambda whole: {"duties": tuple(replace(it, within_days=it.within_days + 1) for it in whole.duties)}),
    "the payments feed is stale": _payments_stale,
    "nobody is held out": lambda patch, case: replace(case, strategy=replace(case.strategy, hold_out=0)),
    "a tone weighs more": published(prior__tone__plain=2_000),
    "a slot weighs more": published(prior__slot__9=500),
    "everybody is worth a call": lambda patch, case: replace(case, tables=replace(case.tables, cutoff_otherwise=0)),
    "a region has no rules of its own": rules(lambda whole: {"places": {**whole.places, "BR-SP": "br", "LV": "_default"}}),
    "another salt": lambda patch, case: replace(case, salt="another"),
}  # fmt: skip


# --- five mistakes that people really make


def guard_dropped(patch, case):
    """Holds are not asked."""
    return on_rows("holds", "is_active", lambda it, *_: nw.lit(False))(patch, case)


def less_for_less_or_equal(patch, case):
    """A cap still holds in the very second in which it lets go."""
    whole = flow.Flow._capped
    patch.setattr(
        flow.Flow, "_capped", lambda self, people: whole(self, people).with_columns(nw.col("at") - 1)
    )
    return case


def utc_for_the_local_day(patch, case):
    """Everybody lives in Greenwich."""
    patch.setattr(DECIDE, "offset_at", lambda zone, at: 0)
    return case


def cap_per_channel(patch, case):
    """Every channel has a budget of its own."""
    whole = case.rule_tables
    channels = sorted({row["channel"] for row in whole.caps_by_cell})
    several = [{**cap, "cap_id": f"{cap['cap_id']}:{channel}"} for cap in whole.caps for channel in channels]
    by_cell = [{**row, "cap_id": f"{row['cap_id']}:{row['channel']}"} for row in whole.caps_by_cell]
    return replace(case, rules=replace(whole, caps=several, caps_by_cell=by_cell))


def tie_left_to_the_engine(patch, case):
    """Of equal candidates the engine takes one as it likes; here the one that it should not."""

    def arbitrated(rows):
        free = rows.filter(nw.col("blocked_by").is_null())
        free = free.with_columns(nw.col("rank").min().over("person_id").alias("best"))
        free = free.filter(nw.col("rank") == nw.col("best"))
        return free.filter(nw.col("subject") == nw.col("subject").max().over("person_id"))

    patch.setattr(candidates, "arbitrated", arbitrated)
    return case


MISTAKES: Mapping[str, Fault] = {
    it.__name__: it
    for it in (
        guard_dropped,
        less_for_less_or_equal,
        utc_for_the_local_day,
        cap_per_channel,
        tie_left_to_the_engine,
    )
}
