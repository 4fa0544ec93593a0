"""On any book, however nasty, the engine answers as the reference does: not one row differs."""

import pytest

from tests import reference
from tests.generative.deciding import Case, by_engine, by_reference, differences, written
from tests.generative.nasty import Nasty
from tests.generative.strategies import LISTS, Wild
from tests.generative.variants import VARIANTS
from tests.spec.reading import written_strategy
from tideover.engine.policy.strategy import read_strategy

BOOKS = [(11, "as shipped"), (12, "agent"), (13, "strained"), (14, "learned"), (15, "as shipped")]


@pytest.mark.parametrize(("seed", "variant"), BOOKS)
def test_engine_and_reference_decide_alike(seed, variant, tmp_path):
    nasty = Nasty(seed, 600)
    case = VARIANTS[variant](Case(nasty.book, nasty.at))

    answer = by_engine(case, written(nasty.book, tmp_path / "book"))

    assert len(answer["decisions"]) == 600
    assert differences(answer, by_reference(case)) == []


@pytest.mark.parametrize("seed", range(4))
def test_any_strategy_is_decided_alike(seed, tmp_path):
    folder = written_strategy(Wild(seed).files, tmp_path / "strategy")
    nasty = Nasty(60 + seed, 300)
    strategy, as_written = read_strategy(folder, LISTS), reference.read_strategy(folder)
    case = Case(nasty.book, nasty.at, strategy=strategy, as_written=as_written)

    answer = by_engine(case, written(nasty.book, tmp_path / "book"))

    assert differences(answer, by_reference(case)) == []
