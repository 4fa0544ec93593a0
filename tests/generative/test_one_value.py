"""Every insight of every person and loan has the value that the reference finds, whoever asks for it."""

import pytest

from tests import reference
from tests.generative.deciding import Case, known_to, written
from tests.generative.nasty import Nasty
from tests.reference import steps
from tideover.engine.insight import REGISTRY, Level

NAMES = {
    level: sorted(name for at, name in REGISTRY if at is level and not name.endswith("_pack"))
    for level in (Level.PERSON, Level.LOAN)
}
STEPS = {Level.PERSON: steps.OF_PEOPLE, Level.LOAN: steps.OF_LOANS}


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
            expected = steps.named(one, name, STEPS[level])
            if row[name] != expected:
                unlike.setdefault(name, (one.id, row[name], expected))
    assert unlike == {}
