"""On any book, however nasty, the engine answers as the reference does: not one row differs."""

import pytest

from tests.generative.deciding import Case, by_engine, by_reference, differences, written
from tests.generative.nasty import Nasty
from tests.generative.variants import VARIANTS

BOOKS = [(11, "as shipped"), (12, "agent"), (13, "strained"), (14, "learned"), (15, "as shipped")]


@pytest.mark.parametrize(("seed", "variant"), BOOKS)
def test_engine_and_reference_decide_alike(seed, variant, tmp_path):
    nasty = Nasty(seed, 600)
    case = VARIANTS[variant](Case(nasty.book, nasty.at))

    answer = by_engine(case, written(nasty.book, tmp_path / "book"))

    assert len(answer["decisions"]) == 600
    assert differences(answer, by_reference(case)) == []
