"""Every insight of every person and loan has the value that the reference finds, whoever asks for it."""

import pytest

from tests import reference
from tests.generative.deciding import Case, known_to, written
from tests.generative.nasty import Nasty
from tideover.engine.insight import REGISTRY, Level

IN_OTHER_WORDS = {
    "all_lag_count": lambda person: len(person.lags),
    "all_lag_sum": lambda person: sum(person.lags),
    "all_lag_square_sum": lambda person: sum(lag * lag for lag in person.lags),
    "all_recent_lag_count": lambda person: len(person.recent_lags),
    "all_recent_lag_sum": lambda person: sum(person.recent_lags),
    "lag_count": lambda loan: len(loan.lags),
    "lag_sum": lambda loan: sum(loan.lags),
    "lag_square_sum": lambda loan: sum(lag * lag for lag in loan.lags),
    "recent_lag_count": lambda loan: len(loan.recent_lags),
    "recent_lag_sum": lambda loan: sum(loan.recent_lags),
    "refuses_study": lambda person: int(person.do_not_study) if person.rows["preferences"] else None,
    **{f"zone_{n}": lambda person, n=n: (person.other_zones[n - 1 : n] or [None])[0] for n in (1, 2, 3, 4)},
    "zones_known": lambda person: len(person.other_zones) or None,
    "last_due_number": lambda loan: max(
        (it.number for it in loan.instalments if it.has_passed), default=None
    ),
    "last_on_time_number": lambda loan: max(
        (it.number for it in loan.instalments if it.has_passed and it.was_on_time), default=None
    ),
    "first_number": lambda loan: min((it.number for it in loan.instalments), default=None),
}
"""Steps on the way to an insight, which the reference does not name."""

NAMES = {
    level: sorted(name for at, name in REGISTRY if at is level and not name.endswith("_pack"))
    for level in (Level.PERSON, Level.LOAN)
}
OR_NOTHING = {"refuses_calls", "shares_phone"}
"""Counts that are unknown for whoever has no preferences at all, which reads like 0."""


def _expected(name, about):
    value = IN_OTHER_WORDS[name](about) if name in IN_OTHER_WORDS else getattr(about, name)
    return bool(value) if name in OR_NOTHING else value


@pytest.mark.parametrize("seed", [21, 22])
def test_every_insight_has_the_value_the_reference_finds(seed, tmp_path):
    nasty = Nasty(seed, 400)
    case = Case(nasty.book, nasty.at, also=frozenset(NAMES[Level.PERSON] + NAMES[Level.LOAN]))
    facts = reference.world(
        case.book, case.at, strategy=case.as_written, rules=case.rule_tables, tables=case.tables
    )

    people, loans = known_to(case, written(nasty.book, tmp_path / "book"))

    about = [(Level.PERSON, row, facts.person(row["person_id"])) for row in people]
    about += [(Level.LOAN, row, facts.loans[row["loan_id"]]) for row in loans]
    assert len(people) == 400
    unlike = {}
    for level, row, one in about:
        for name in NAMES[level]:
            found = bool(row[name]) if name in OR_NOTHING else row[name]
            if found != _expected(name, one):
                unlike.setdefault(name, (one.id, found, _expected(name, one)))
    assert unlike == {}
