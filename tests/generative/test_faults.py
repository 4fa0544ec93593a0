"""A check that finds nothing proves nothing: whatever is broken in the engine, the cross-check sees it."""

from types import SimpleNamespace

import pytest

from tests.generative.deciding import Case, by_engine, by_reference, differences, written
from tests.generative.faults import FAULTS, MISTAKES
from tests.generative.nasty import Nasty
from tests.people import fresh_payments, moment

NEW_YEAR = moment("2027-12-31T22:59:59")
"""Already the first of January in Riga, still the last of December in New York."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A book on which engine and reference agree."""
    nasty = Nasty(41, 900, at=NEW_YEAR, missing=False)
    nasty.book |= fresh_payments(nasty.at)
    case = Case(nasty.book, nasty.at)
    folder = written(nasty.book, tmp_path_factory.mktemp("whole") / "book")
    expected = by_reference(case)
    assert differences(by_engine(case, folder), expected) == []
    return SimpleNamespace(case=case, folder=folder, expected=expected)


@pytest.mark.parametrize("name", FAULTS)
def test_the_cross_check_finds_a_broken_part(name, whole, monkeypatch):
    broken = FAULTS[name](monkeypatch, whole.case)

    answer = by_engine(broken, whole.folder)

    assert differences(answer, whole.expected) != []


@pytest.mark.parametrize("name", MISTAKES)
def test_the_cross_check_finds_a_common_mistake(name, whole, monkeypatch):
    broken = MISTAKES[name](monkeypatch, whole.case)

    answer = by_engine(broken, whole.folder)

    assert differences(answer, whole.expected) != []


def test_at_least_twenty_five_parts_are_broken_one_by_one():
    assert len(FAULTS) >= 25
    assert len(MISTAKES) == 5
