"""The live decision about one person, now: the same function as at night, on the facts of this moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from threading import Lock

import narwhals as nw

from tideover.book.queries import known_about
from tideover.engine.decision.decide import Facts
from tideover.engine.decision.prepared import Prepared
from tideover.engine.decision.setup import Setup
from tideover.engine.facts.backends import PlannedBackend
from tideover.engine.message import KNOWN, Told, told_of
from tideover.strategy.releases import live_setup

_kept: dict[tuple[str, str, str], Prepared] = {}
_one_at_a_time = Lock()
"""A prepared plan has one set of slots."""


def told_now(person_id: str, at: datetime) -> Told | None:
    """What is decided about her as of a moment, with what was known; None where nobody of that key was. Raises NothingLive."""
    setup, moment = live_setup(at), int(at.timestamp())
    tables = known_about([person_id], at)
    with _one_at_a_time:
        made = _prepared(setup, moment).run(tables, moment)
        rows = made.decisions.filter(nw.col("borrower_id") == person_id).collect().rows(named=True)
        if not rows:
            return None
        row = dict(rows[0])
        mine = nw.col("decision_id") == str(row["decision_id"])
        topics = made.topics.filter(mine).collect().rows(named=True)
        offers = sorted(made.offers.filter(mine).collect().rows(named=True), key=lambda it: it["place"])
        facts = Facts(lambda table: nw.from_native(tables[table].lazy()), PlannedBackend(), moment)
        return told_of(facts, made, row, topics=tuple(topics), offers=tuple(it["offer"] for it in offers))


def _prepared(setup: Setup, moment: int) -> Prepared:
    """Built once for a strategy under one day's rules."""
    plan = setup.plan(moment)
    key = (plan.strategy.hash, plan.rules.hash, plan.published.hash)
    if key not in _kept:
        while len(_kept) > 1:
            _kept.pop(next(iter(_kept)))
        _kept[key] = Prepared(replace(plan, also=frozenset(KNOWN)), content_hash=setup.content_hash)
    return _kept[key]
